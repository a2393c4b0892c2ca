"""Judging the exchanges of an aiohttp server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.middleware.reporting import LIMIT, log, refusal_of
from levelbook.validate.foreign import as_request, as_response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from levelbook.middleware.reporting import Report
    from levelbook.validate.validator import Validator


def aiohttp_middleware(
    validator: Validator, *, report: Report = log, refuse: bool = False, limit: int = LIMIT
) -> Callable[..., Awaitable[Any]]:
    """Make a middleware for ``aiohttp.web.Application(middlewares=[…])``.

    The body of a request is judged where the handler has read it whole (``read``, ``json``, ``post``); a stream is left
    to the handler. With ``refuse``, bodies up to ``limit`` bytes whose length is announced are read before the handler,
    which then has to take them by one of these calls; multipart bodies are never read.
    """
    from aiohttp import web  # noqa: PLC0415  # an extra

    @web.middleware
    async def middleware(request: Any, handler: Callable[..., Awaitable[Any]]) -> Any:
        if refuse:
            length = request.content_length
            if length is not None and length <= limit and not request.content_type.startswith("multipart/"):
                await request.read()
            sent = as_request(request)
            if (outcome := validator.refusal(sent)) is not None:
                report(outcome, sent, None)
                return web.Response(body=refusal_of(outcome), status=400, content_type="application/problem+json")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            _report(request, error)
            raise
        _report(request, response)
        return response

    def _report(request: Any, response: Any) -> None:
        sent, answer = as_request(request), as_response(response)
        report(validator.exchange(sent, answer), sent, answer)

    return middleware
