"""What all middleware shares: telling of exchanges, keeping bodies as they pass, refusing."""

from __future__ import annotations

import json
import logging
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from levelbook.report import problem_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from levelbook.validate.exchange import Outcome, Request, Response
    from levelbook.validate.validator import Validator

Report: TypeAlias = "Callable[[Outcome, Request, Response | None], None]"
LIMIT = 1 << 20  # bytes of a body that are kept
UNFINISHED = "it was not sent to its end"

_log = logging.getLogger("levelbook")


def log(outcome: Outcome, request: Request, _: Response | None) -> None:
    """Report an outcome as warnings of the logger ``levelbook``: what is done where nothing else is asked for."""
    for problem in outcome.problems:
        _log.warning("%s %s: %s", request.method, request.url, problem)


@dataclass
class Wrapping:
    """What an application is wrapped with.

    ``report`` is told of every exchange; ``refuse`` says that bad requests are answered here; ``limit`` is the number
    of bytes of a body that are kept.
    """

    app: Callable[..., Any]
    validator: Validator
    _: KW_ONLY
    report: Report = log
    refuse: bool = False
    limit: int = LIMIT


def too_long(limit: int) -> str:
    """Say why a body was not kept."""
    return f"it is longer than {limit:,} bytes"


def as_kept(body: bytes | None, unread: str, pairs: Iterable[tuple[str, str]]) -> tuple[bytes | None, str]:
    """Give a body, or why it cannot be judged: what is compressed is not what the document describes."""
    coding = next((value for name, value in pairs if name.lower() == "content-encoding"), "identity")
    if coding.strip().lower() in ("", "identity") or not body:
        return body, unread
    return None, f"it is encoded ({coding})"


def refusal_of(outcome: Outcome) -> bytes:
    """Give the answer to a request that does not match (RFC 9457)."""
    return json.dumps(problem_json(outcome.problems), ensure_ascii=False).encode()


class Kept:
    """The bytes of a body that passes by, as many of them as may be kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.clear()

    def clear(self) -> None:
        """Forget what passed: the application begins its answer again."""
        self.chunks: list[bytes] = []
        self.size = 0

    def add(self, chunk: bytes) -> None:
        """Take note of some bytes."""
        self.size += len(chunk)
        if self.size <= self.limit:
            self.chunks.append(bytes(chunk))

    def body(self) -> tuple[bytes | None, str]:
        """Give the body, or why it is not there."""
        return (b"".join(self.chunks), "") if self.size <= self.limit else (None, too_long(self.limit))
