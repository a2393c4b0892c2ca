"""Which of its documented responses an operation gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from levelbook.mock.unanswerable import Unanswerable
from levelbook.phrases import listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Operation, Response

_LAST = 599


class Chosen(NamedTuple):
    """A documented response, and the status that it is given with."""

    status: int
    response: Response


def usual(operation: Operation) -> Chosen:
    """Give the lowest 2xx, else 3xx, else what ``default`` describes, else the lowest of the others.

    Raises Unanswerable where an operation describes no final response.
    """
    found = sorted(_statuses(operation), key=lambda item: item.status)
    fallback = [Chosen(200, item) for item in operation.responses if item.status.lower() == "default"]
    fine = [item for item in found if 200 <= item.status < 400]
    for item in (*fine, *fallback, *(item for item in found if item.status >= 400)):
        return item
    raise Unanswerable(501, f"{operation.key}: the document describes no response", "describe one under `responses`")


def asked_for(operation: Operation, code: str) -> Chosen:
    """Give the response with a status that a client prefers. Raises Unanswerable where it is not documented."""
    known = listing([item.status for item in operation.responses], "and")
    if re.fullmatch(r"[2-5][0-9][0-9]", code) and (found := with_status(operation, int(code))) is not None:
        return found
    if not code.isdecimal():
        raise Unanswerable(400, f"{operation.key}: the header `Prefer` asks for the status {code}", "name a number")
    message = f"{operation.key}: the header `Prefer` asks for the status {code}, which the document does not know here"
    raise Unanswerable(400, message, f"it knows {known}" if known else "")


def with_status(operation: Operation, status: int, *, exactly: bool = False) -> Chosen | None:
    """Give the response for a status: exact, by range, or by ``default`` (OpenAPI 3.1.1, 4.8.16)."""
    keys = (str(status),) if exactly else (str(status), f"{status // 100}XX", "DEFAULT")
    named = {item.status.upper(): item for item in operation.responses}
    return next((Chosen(status, named[key]) for key in keys if key in named), None)


def _statuses(operation: Operation) -> Iterable[Chosen]:
    """Give the final statuses; a range counts as its first status that has a name."""
    for item in operation.responses:
        if re.fullmatch(r"[2-5][0-9][0-9]", item.status):
            yield Chosen(int(item.status), item)
        elif re.fullmatch(r"[2-5]XX", item.status.upper()):
            yield Chosen(int(item.status[0]) * 100, item)
