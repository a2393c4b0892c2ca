"""Judging the exchanges of a Django project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.middleware.reporting import log, refusal_of
from levelbook.validate.foreign import as_request, as_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.validate.exchange import Outcome, Request, Response
    from levelbook.validate.validator import Validator


class DjangoMiddleware:
    """Middleware of Django, for sync and async chains. A project makes its own by naming the validator:

    class ApiMiddleware(DjangoMiddleware):
        validator = Validator(levelbook.load("openapi.yaml"))
    """  # noqa: D415  # what follows is the example

    sync_capable = async_capable = True
    validator: Validator
    refuse = False

    def __init__(self, get_response: Callable[..., Any]) -> None:
        import asyncio  # noqa: PLC0415  # only where Django is

        self.get_response = get_response
        self.is_async = asyncio.iscoroutinefunction(get_response)
        if self.is_async:  # how asgiref and asyncio mark what has to be awaited
            self._is_coroutine = asyncio.coroutines._is_coroutine  # type: ignore[attr-defined] # noqa: SLF001

    def report(self, outcome: Outcome, request: Request, response: Response | None) -> None:
        """Tell of an exchange; to be overridden."""
        log(outcome, request, response)

    def __call__(self, request: Any) -> Any:
        """Answer as the rest of the chain does, and report the exchange."""
        if self.is_async:
            return self._later(request)
        sent = as_request(request)  # before the view takes the body
        return self._refused(sent) or self._reported(sent, self.get_response(request))

    async def _later(self, request: Any) -> Any:
        sent = as_request(request)
        return self._refused(sent) or self._reported(sent, await self.get_response(request))

    def _refused(self, sent: Request) -> Any:
        if not self.refuse or (outcome := self.validator.refusal(sent)) is None:
            return None
        from django.http import HttpResponse  # noqa: PLC0415  # it is there, or nobody had called us

        self.report(outcome, sent, None)
        return HttpResponse(refusal_of(outcome), status=400, content_type="application/problem+json")

    def _reported(self, sent: Request, response: Any) -> Any:
        answer = as_response(response)
        self.report(self.validator.exchange(sent, answer), sent, answer)
        return response
