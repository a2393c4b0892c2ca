"""One try at a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from levelbook.api import Schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

Group: TypeAlias = tuple[Schema, ...]  # schemas that all judge the same value

FULL, LEAST, SOME = range(3)  # how much is made of what need not be there: all, nothing, some of it
WAYS = 3


class Attempt(NamedTuple):
    """One try: its number, how much is made, by which chance (None makes the plainest value), below what, and where."""

    nth: int
    amount: int
    chance: Random | None
    above: frozenset[tuple[str, ...]]
    where: str

    @property
    def may_be_known(self) -> bool:
        """Whether what the document shows may be taken: in every other try something else is made."""
        return self.nth % WAYS == FULL and self.nth < 2 * WAYS

    def pick(self, values: Sequence[Any]) -> Any:
        """Choose one: the first in the first tries."""
        return self.chance.choice(values) if self.chance else values[self.nth // WAYS % len(values)]
