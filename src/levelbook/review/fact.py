"""A fact that a table of rules judges: what no schema says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from levelbook.pointer import split

if TYPE_CHECKING:
    from levelbook.api import Api, Operation
    from levelbook.review.change import Direction
    from levelbook.review.exchanges import Probe


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is different and stands in the table of rules by its id; ``probe`` asks the validators too.

    ``is_harmless`` says that by its circumstances it breaks nobody, whatever its rule says; ``is_outgoing`` that
    the API sends the request, so that what its rule says holds of the opposite edit.
    """

    rule: str
    address: str
    facet: str
    action: str
    direction: Direction = "none"
    was: Any = None
    now: Any = None
    base_pointer: str = ""
    head_pointer: str = ""
    uses: tuple[str, ...] = ()
    probe: Probe | None = None
    is_harmless: bool = False
    is_outgoing: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """One operation as either document has it, and what it is called: webhooks and callbacks by their names."""

    name: str
    base: Operation
    head: Operation
    is_outgoing: bool = False


def value_at(api: Api, pointer: str) -> Any:
    """Give what stands at a pointer; None where nothing does."""
    value: Any = api.documents.document(pointer).data
    for step in split(pointer):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value
