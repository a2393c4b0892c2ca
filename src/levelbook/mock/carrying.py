"""Putting a message into an error of the document's own shape.

>>> carrying({"result": "error", "msg": "Invalid email", "code": "INVALID_EMAIL"}, "`to` is missing", 400)
{'result': 'error', 'msg': '`to` is missing', 'code': 'BAD_REQUEST'}
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

# What the text of an error is called in the APIs of the world (RFC 9457: `detail`; OAuth 2.0: `error_description`).
_TEXTS = (
    "detail",
    "message",
    "msg",
    "error_description",
    "errorMessage",
    "error_message",
    "description",
    "error",
    "reason",
)
_CODES = ("code", "error_code", "errorCode", "status", "statusCode", "status_code")
_SCREAMING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\Z")
_DEEP = 3  # levels in which a message is looked for


def carrying(value: Any, message: str, status: int = 0, depth: int = 0) -> Any | None:
    """Give the error with a message in the place of its own; None where it has no place for one.

    With a ``status``, its code becomes that of the status, for one of another error would mislead.
    """
    if isinstance(value, str) and not depth:
        return message
    if isinstance(value, list):
        inner = carrying(value[0], message, status, depth + 1) if value and depth < _DEEP else None
        return None if inner is None else [inner]
    if not isinstance(value, dict):
        return None
    name = next((name for name in _TEXTS if isinstance(value.get(name), str)), None)
    if name is not None:
        return {key: message if key == name else _code(key, item, status) for key, item in value.items()}
    for key, item in value.items() if depth < _DEEP else ():
        if (inner := carrying(item, message, status, depth + 1)) is not None:
            return {**value, key: inner}
    return None


def is_general(value: Any, status: int) -> bool:
    """Say whether an error tells of its status, and of nothing more special: ``BAD_REQUEST``."""
    if isinstance(value, dict):
        return any(is_general(item, status) for item in value.values())
    text = re.sub(r"[ _-]", "", value).lower() if isinstance(value, str) else ""
    return text == HTTPStatus(status).phrase.replace(" ", "").replace("-", "").lower()


def _code(name: str, value: Any, status: int) -> Any:
    """Give the code of an error."""
    if not status:
        return value
    if name in _CODES and isinstance(value, str) and _SCREAMING.match(value):
        return HTTPStatus(status).name
    if name in _CODES and type(value) is int and 400 <= value < 600:
        return status
    return value
