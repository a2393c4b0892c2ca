"""Data that may be anything: what is not of the kind that is looked for, is not there.

>>> mapping([1]), listed("x"), text({"title": 3}, "title")
({}, [], '')
"""

from __future__ import annotations

from typing import Any


def mapping(value: Any) -> dict[str, Any]:
    """Give a mapping, which is empty where something else stands."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Give a list, which is empty where something else stands."""
    return value if isinstance(value, list) else []


def text(data: Any, key: str) -> str:
    """Give the text under a key, which is empty where there is none."""
    value = data.get(key) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""
