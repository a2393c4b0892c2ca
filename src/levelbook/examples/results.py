"""Results of a run, kept in a file beside the examples, so that pages can say when an example last worked.

A result is kept with a digest of what was run and of the part of the document that it stands for: when either
changes, the result is *stale*, and no longer shown.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.problem import SpecError, UsageError
from levelbook.reach import reachable, roots, value_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from levelbook.api import Api, Operation
    from levelbook.examples.programs import Program, SetupFile

Key: TypeAlias = "tuple[str, str, str]"
_WORDS = frozenset({"description", "summary", "title", "x-changes"})  # what a document says to readers alone


@dataclass(frozen=True, slots=True)
class Kept:
    """The last result of an example: ``on`` is a date (2026-11-20), ``against`` a level or version, ``server`` where.

    ``outcome`` is ``passed`` or ``failed``, with the first ``reason`` for the latter.
    """

    operation: str
    language: str
    title: str
    outcome: str
    on: str
    against: str
    server: str
    digest: str
    reason: str = ""

    @property
    def key(self) -> Key:
        """Which example it is of."""
        return self.operation, self.language, self.title


def read_results(path: Path) -> dict[Key, Kept]:
    """Read what was kept; nothing where there is no file yet. Raises UsageError for a file that is something else."""
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["examples"]
        found = [Kept(**{name: str(value) for name, value in row.items()}) for row in rows]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise UsageError(f"{path} holds no results of examples; delete it, and run `levelbook examples run`") from None
    return {kept.key: kept for kept in found}


def results_text(results: Iterable[Kept]) -> str:
    """Write results as a file has them: the same results give the same text."""
    rows = sorted((asdict(kept) for kept in results), key=lambda row: (row["operation"], row["language"], row["title"]))
    return json.dumps({"examples": rows}, ensure_ascii=False, indent=1) + "\n"


class Digests:
    """Digests of examples: of what is run, and of what the document says of the operation."""

    def __init__(self, api: Api, setup: tuple[SetupFile, ...]) -> None:
        self.api = api
        self.setup = _hash([[item.name, item.content if isinstance(item.content, str) else item.content.hex()]
                            for item in setup])  # fmt: skip
        self.reached: dict[str, list[str]] = {}
        self.slices: dict[str, str] = {}

    def of(self, program: Program, operation: str) -> str:
        """Give the digest of an example of an operation; its program is taken as it is before values are filled in."""
        return _hash([program.text({}), self.setup, self._slice(operation)])

    def _slice(self, key: str) -> str:
        if key not in self.slices:
            found = self.api.operation(key)
            try:
                self.slices[key] = _hash(self._said(found)) if found is not None else ""
            except SpecError:  # a reference leads nowhere, which is told elsewhere
                self.slices[key] = ""
        return self.slices[key]

    def _said(self, operation: Operation) -> Any:
        documents = self.api.documents
        pointers = sorted(reachable(documents, roots(operation), self.reached))
        schemes = [value_at(documents, "/components/securitySchemes"), documents.main.data.get("security")]
        return [[pointer, _without_words(value_at(documents, pointer))] for pointer in pointers] + schemes


def _without_words(value: Any) -> Any:
    """Leave out what a document says to readers alone: an example is as good as before when that changes."""
    if isinstance(value, dict):
        return {
            name: _without_words(item)
            for name, item in value.items()
            if not (name in _WORDS and isinstance(item, (str, list)))
        }
    return [_without_words(item) for item in value] if isinstance(value, list) else value


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:16]
