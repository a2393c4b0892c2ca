"""What levelbook finds: a place, a finding, what was expected, and a hint.

>>> where = Location("api_spec/openapi.yaml", 212, 15)
>>> str(Problem("response-schema", where, "`id` is \\"42\\", but the document says integer"))
'api_spec/openapi.yaml:212:15: error: `id` is "42", but the document says integer [response-schema]'
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Severity(StrEnum):
    """How much a problem weighs: only errors fail a command."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; ``line`` and ``column`` count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Print as compilers do, so that editors can jump there."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: the only kind there is in the package.

    ``rule`` names the rule, its page and its test case; ``pointer`` is the JSON Pointer (RFC 6901) of the
    element in the document; ``place`` says where in an exchange (``query.to``, ``response.body/id``).
    """

    rule: str
    where: Location
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    pointer: str = ""
    place: str = ""

    def __str__(self) -> str:
        """Give the finding in one line."""
        return f"{self.where}: {self.severity}: {self.message} [{self.rule}]"


class SpecError(Exception):
    """The document cannot be read; ``problems`` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class UsageError(Exception):
    """Levelbook was asked for something that it cannot do; the message says what would work."""
