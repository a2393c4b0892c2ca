"""One try at a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from levelbook.api import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Group: TypeAlias = tuple[Schema, ...]  # schemas that all judge the same value

FULL, LEAST, SOME = range(3)  # how much is made of what need not be there: all, nothing, some of it
AMOUNTS = 3


class Attempt(NamedTuple):
    """One try: its number, how much is made, by which chance (None makes the plainest value), below what, and where.

    ``ways`` are the combinations of what its schema leaves open.
    """

    nth: int
    ways: int
    amount: int
    chance: Random | None
    above: frozenset[tuple[str, ...]]
    where: str

    @property
    def may_be_known(self) -> bool:
        """Whether what the document shows may be taken: later, something else is made."""
        return self.amount == FULL and self.round < 2  # noqa: PLR2004  # rounds

    @property
    def round(self) -> int:
        """How often all amounts of all ways have been tried."""
        return self.nth // (AMOUNTS * self.ways)

    def pick(self, values: Sequence[Any]) -> Any:
        """Choose one: the first in the first tries."""
        return self.chance.choice(values) if self.chance else values[self.nth // self.ways % len(values)]
