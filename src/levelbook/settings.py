"""What every table of the configuration is held to: names that there are, and entries with texts and dates."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def known(name: str, names: Iterable[str], where: str) -> None:
    """Raise UsageError for a setting that there is not."""
    if name not in names:
        near = get_close_matches(name, list(names), 1)
        hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(names)}"
        raise UsageError(f"{where}: there is no setting `{name}`; {hint}")


def entry(table: Any, kind: type[Any], where: str) -> dict[str, Any]:
    """Give an entry of a list as the dataclass ``kind`` takes it: texts, and ``until`` a date. Raises UsageError."""
    if not isinstance(table, dict):
        raise UsageError(f"{where}: this is {table!r}, not a table")
    for name, value in table.items():
        known(name, [item.name for item in fields(kind)], where)
        wanted = date if name == "until" else str
        if not isinstance(value, wanted):
            words = "a date (2027-01-31)" if wanted is date else "a text"
            raise UsageError(f"{where}: `{name}` takes {words}, and this is {value!r}")
    return table
