"""Requests and responses of other libraries, as our records."""

from __future__ import annotations

from typing import Any

from levelbook.validate.exchange import Request, Response


def as_request(message: Any) -> Request:
    """Give any known kind of request as our record. Raises TypeError for anything else."""
    if isinstance(message, Request):
        return message
    raise TypeError(f"{type(message).__name__} is no request that levelbook knows")


def as_response(message: Any) -> Response:
    """Give any known kind of response as our record. Raises TypeError for anything else."""
    if isinstance(message, Response):
        return message
    raise TypeError(f"{type(message).__name__} is no response that levelbook knows")
