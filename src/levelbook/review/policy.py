"""What convention decides, by name: policies of a project, and waivers of single changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

STABILITY = ("draft", "alpha", "beta", "stable")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A change that is let pass: by its structural ``id``, for a ``reason``, ``until`` a day (the last that counts)."""

    id: str
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What a project holds of changes that no schema decides.

    ``open_world``: clients ignore properties, statuses and media types they do not know, and send none that were not
    declared. ``growable_enums``: further values of a response may come at any time; ``"extensible"`` says so where
    ``x-extensible-enum`` does. ``exclusive_unions``: a change of one
    member of a ``oneOf`` counts where a value meets two of them; otherwise a value is taken to be of one member.
    ``formats``: whether a format refuses values. ``stability``: the lowest level whose
    changes count. ``sunset_days``: days between the announcement of a deprecation and its sunset, by stability
    level. ``deprecation_first``: what is removed must have been deprecated before. ``versions``: a breaking change
    raises ``info.version``. ``components``: other documents refer to the schemas of this one. ``today`` is the day
    that dates are measured by.
    """

    open_world: bool = True
    growable_enums: Literal["extensible", "always", "never"] = "extensible"
    formats: Literal["annotation", "assertion"] = "annotation"
    exclusive_unions: bool = False
    stability: str = "beta"
    sunset_days: dict[str, int] = field(default_factory=dict)
    deprecation_first: bool = True
    versions: bool = False
    components: bool = False
    today: date = date.min
    waivers: tuple[Waiver, ...] = ()

    def waiver(self, change: str) -> Waiver | None:
        """Give the waiver of a change that counts today."""
        return next(
            (item for item in self.waivers if item.id == change and (item.until is None or self.today <= item.until)),
            None,
        )

    def days(self, stability: str) -> int:
        """Give the days that a deprecation of this stability level must last."""
        return self.sunset_days.get(stability, 0)

    def counts(self, stability: str) -> bool:
        """Say whether changes at this stability level count; what says nothing is stable."""
        level = stability if stability in STABILITY else "stable"
        return STABILITY.index(level) >= STABILITY.index(self.stability)
