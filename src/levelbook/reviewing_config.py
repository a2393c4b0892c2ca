"""The table ``[review]`` of a configuration: what fails a review, its baseline, and the policy.

>>> read_reviewing({"growable_enums": "always"}, "x.toml", Path()).policy.growable_enums
'always'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from levelbook.problem import UsageError
from levelbook.review.objecting import FAIL_ON
from levelbook.review.policy import STABILITY, Policy, Waiver
from levelbook.settings import entry, known

_CHOICES = {
    "growable_enums": ("extensible", "always", "never"),
    "formats": ("annotation", "assertion"),
    "stability": STABILITY,
}
_FLAGS = ("open_world", "exclusive_unions", "deprecation_first", "versions", "components")
_KNOWN = ("fail_on", "baseline", "sunset_days", "waivers", *_FLAGS, *_CHOICES)


@dataclass(frozen=True, slots=True)
class Reviewing:
    """How documents are reviewed; without ``fail_on``, what fails depends on whether there are levels."""

    fail_on: tuple[str, ...] = ()
    baseline: Path | None = None
    policy: Policy = Policy()  # noqa: RUF009  # frozen


def read_reviewing(table: dict[str, Any], where: str, folder: Path) -> Reviewing:
    """Read the table; ``folder`` is where its paths begin. Raises UsageError."""
    for name in table:
        known(name, _KNOWN, where)
    policy = Policy(**{name: _policy(name, table[name], where) for name in table if name in _CHOICES or name in _FLAGS})
    if "sunset_days" in table:
        policy = replace(policy, sunset_days=_days(table["sunset_days"], where))
    waivers = table.get("waivers", [])
    if not isinstance(waivers, list):
        raise UsageError(f"{where}: `waivers` takes a list of tables: [[review.waivers]]")
    policy = replace(
        policy, waivers=tuple(_waiver(item, f"{where}: waivers {at}") for at, item in enumerate(waivers, 1))
    )
    fail_on = table.get("fail_on", [])
    if not isinstance(fail_on, list) or not set(map(str, fail_on)) <= set(FAIL_ON):
        raise UsageError(f"{where}: `fail_on` takes a list of {', '.join(FAIL_ON)}, and this is {fail_on!r}")
    baseline = table.get("baseline")
    if not isinstance(baseline, str | None):
        raise UsageError(f"{where}: `baseline` takes a text, and this is {baseline!r}")
    return Reviewing(tuple(fail_on), folder / baseline if baseline else None, policy)


def _policy(name: str, value: Any, where: str) -> Any:
    if name in _FLAGS and not isinstance(value, bool):
        raise UsageError(f"{where}: `{name}` is true or false, and this is {value!r}")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise UsageError(f"{where}: `{name}` is {value!r}; it may be {', '.join(_CHOICES[name])}")
    return value


def _days(value: Any, where: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise UsageError(f"{where}: `sunset_days` takes a table, as in {{stable = 90}}")
    for name, days in value.items():
        known(name, STABILITY, f"{where}: sunset_days")
        if not isinstance(days, int) or isinstance(days, bool) or days < 0:
            raise UsageError(f"{where}: sunset_days: `{name}` takes a number of days, and this is {days!r}")
    return value


def _waiver(table: Any, where: str) -> Waiver:
    found = entry(table, Waiver, where)
    if not found.get("id") or not found.get("reason", "").strip():
        raise UsageError(f"{where}: a waiver has the `id` of a change, and a `reason`")
    return Waiver(**found)
