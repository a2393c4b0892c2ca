"""A usage example as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.levels import Level


@dataclass(frozen=True, slots=True)
class Sample:
    """A usage example in one language; ``lexer`` is its Pygments name, ``origin`` where it comes from.

    ``needs`` is the newest level of what it uses, where that is known; ``ran_on`` the date on which it was last run
    and found right, ``ran_against`` the level or the version that it was run against.
    """

    language: str
    label: str
    lexer: str
    title: str
    code: str
    origin: str
    needs: Level | None = None
    ran_on: str = ""
    ran_against: str = ""
