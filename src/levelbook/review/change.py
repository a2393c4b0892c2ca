"""What a machine found by comparing two documents: changes, and the exchanges that bear witness of them.

>>> change = Change("1", "GET /a > query:b", "changed", "maximum", "request", "request-parameter-max-decreased")
>>> change.verdict, change.operation
('unknown', 'GET /a')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from levelbook.problem import Problem

Direction: TypeAlias = Literal["request", "response", "none"]
Verdict: TypeAlias = Literal["breaking", "compatible", "unknown", "policy"]


class Request(NamedTuple):
    """A request as plain data: its fields are those that the validator's record is made of, in their order."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class Response(NamedTuple):
    """A response as plain data, in the order of the validator's record."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class Outcome(Protocol):
    """What a validator says of an exchange: ``valid``, ``invalid`` or ``skipped``, and why."""

    @property
    def outcome(self) -> str:
        """``valid``, ``invalid`` or ``skipped``."""

    @property
    def problems(self) -> Sequence[Problem]:
        """What is wrong with it."""


Judge: TypeAlias = Callable[[Request, Response | None], Outcome]


@dataclass(frozen=True, slots=True)
class Witness:
    """An exchange that one document accepts and the other refuses; ``problem`` is the refusing validator's sentence.

    Where there is no ``response``, the request alone is judged.
    """

    request: Request
    response: Response | None
    accepted_by: Literal["base", "head"]
    problem: str


@dataclass(frozen=True, slots=True)
class Change:
    """One distinct fact: an element at ``address`` that is, or means, something else.

    ``id`` is a hash of address, kind, was and to (never of text or line). ``kind`` is the facet and what happened to
    it: ``added``, ``removed``, ``changed`` and narrower words. ``rule`` is the id of its page, ``verdict`` one of
    ``breaking`` (a witness or a rule of HTTP says so), ``compatible`` (proved, or a policy lets it pass), ``unknown``
    and ``policy`` (no exchange breaks, and a policy objects); ``reason`` is the proof in a phrase, the policy's name,
    or why it is unknown. ``base_pointer`` and ``head_pointer`` lead into the documents; where the element is gone, to
    what survives of its parents. ``uses`` are the operations in which the change of a component shows.
    """

    id: str
    address: str
    kind: str
    facet: str
    direction: Direction
    rule: str
    verdict: Verdict = "unknown"
    reason: str = ""
    was: Any = None
    now: Any = None
    sentence: str = ""
    witness: Witness | None = None
    base_pointer: str = ""
    head_pointer: str = ""
    uses: tuple[str, ...] = ()

    @property
    def operation(self) -> str:
        """The operation that the address begins with; empty where it is of the document or a component."""
        top = self.address.partition(" > ")[0]
        return top if " " in top and top.partition(" ")[2].startswith("/") else ""
