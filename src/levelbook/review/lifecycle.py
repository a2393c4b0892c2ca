"""Deprecation, sunset and stability: what was announced, and whether it was announced in time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from levelbook.review.policy import STABILITY

if TYPE_CHECKING:
    from levelbook.review.policy import Policy

MISSING = object()


def sunset_of(marks: Any) -> Any:
    """Give the day in ``x-sunset``; None where it has none, MISSING where it is no date (RFC 3339, full-date)."""
    written = marks.get("x-sunset") if isinstance(marks, dict) else None
    if written is None:
        return None
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return MISSING


def stability_of(marks: Any) -> str | None:
    """Give the level in ``x-stability-level``: empty where there is none, None where it is no level."""
    written = marks.get("x-stability-level") if isinstance(marks, dict) else None
    if written is None:
        return ""
    return written if written in STABILITY else None


def deprecation(was: Any, now: Any, stability: str, policy: Policy) -> str:
    """Say in a word what became of a deprecation; empty for nothing. ``was`` and ``now`` are the elements' own data."""
    old, new = _flag(was), _flag(now)
    if old and not new:
        return "reactivated"
    if not new:
        return ""
    if old:
        return _moved(was, now, stability, policy)
    day = sunset_of(now)
    if day is None:
        return "deprecated" if policy.days(stability) == 0 else "sunset-missing"
    if day is MISSING:
        return "sunset-invalid"
    if (day - policy.today).days < policy.days(stability):
        return "sunset-too-small"
    return "deprecated-with-sunset"


def _moved(was: Any, now: Any, stability: str, policy: Policy) -> str:
    """Judge the sunset of what is deprecated in both documents."""
    old, new = sunset_of(was), sunset_of(now)
    if old is None or (old == new and old is not MISSING):
        return ""
    if new is None:
        return "sunset-deleted"
    if MISSING in (old, new):
        return "sunset-unreadable"
    early = new < old and (new - policy.today).days < policy.days(stability)
    return "sunset-changed-too-small" if early else "sunset-changed"


def removal(was: Any, policy: Policy) -> str:
    """Say how something that is gone had been announced."""
    if not _flag(was):
        return "without-deprecation"
    day = sunset_of(was)
    if day is MISSING:
        return "sunset-parse"
    return "before-sunset" if day is not None and policy.today < day else "with-deprecation"


def _flag(marks: Any) -> bool:
    return isinstance(marks, dict) and marks.get("deprecated") is True
