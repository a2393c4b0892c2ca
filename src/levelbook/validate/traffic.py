"""Recorded exchanges: NDJSON, an exchange a line, or HAR.

>>> from io import BytesIO
>>> line = b'{"request": {"method": "GET", "url": "/users", "headers": {}}}'
>>> [entry.request for entry in read_traffic(BytesIO(line), "traffic.ndjson")]
[Request('GET', '/users')]
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import ijson
import orjson

from levelbook.problem import Location, Problem
from levelbook.validate.exchange import Request, Response
from levelbook.validate.media import FORM, media_type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a file, or the problem with what stands in its place; ``began`` says when, where a file does."""

    request: Request | None = None
    response: Response | None = None
    problem: Problem | None = None
    webhook: str | None = None
    began: str = ""


_SMALL = 64 << 10  # bytes: a HAR file without entries is shorter
_HAR = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*(?:\"log\"|\Z)")  # how it begins, on one line or on many


_NOT_HELD = "the file does not hold it"


class _Damaged(ValueError):  # noqa: N818  # caught here, becomes a Problem
    pass


def read_traffic(stream: BinaryIO, file: str) -> Iterator[Recorded]:
    """Read recorded exchanges, a line at a time, or an entry at a time of a HAR file.

    A damaged line is given as its problem, and the rest goes on.
    """
    lines = enumerate(stream, 1)
    for number, line in lines:
        if not line.strip():
            continue
        if number == 1 and is_har(line):
            yield from _har(_Joined(line, stream), file)
            return
        yield recorded(line, Location(file, number, 1))


def recorded(line: bytes, where: Location) -> Recorded:
    """Read one line of NDJSON."""
    record = _loads(line)
    if isinstance(record, dict):
        return from_record(record, where)
    return _damaged(where, _why(line))


def is_har(line: bytes) -> bool:
    """Say whether a file whose first line this is may be an HTTP Archive, and not NDJSON."""
    record = _loads(line)
    if isinstance(record, dict):
        return "log" in record and "request" not in record
    return record is None and _HAR.match(line) is not None


class _Joined:
    """A stream of which the first line has been read."""

    def __init__(self, first: bytes, rest: BinaryIO) -> None:
        self.first = first.removeprefix(b"\xef\xbb\xbf")
        self.rest = rest
        self.begun = b""  # the beginning of what was read

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        if size == 0:
            return b""
        first, self.first = self.first, b""
        read = first or self.rest.read(size)
        self.begun += read[: _SMALL - len(self.begun)]
        return read


def _har(stream: _Joined, file: str) -> Iterator[Recorded]:
    """Read an HTTP Archive 1.2, an entry at a time."""
    index = -1
    try:
        for index, entry in enumerate(ijson.items(stream, "log.entries.item", use_float=True)):  # noqa: B007
            yield _har_entry(entry, Location(file, 1, 1), index)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        why = str(error).partition("\n")[0].strip()
        done = f"after {index + 1} entries this HAR file breaks off: {why}"
        if index < 0:
            done = f"this is neither NDJSON with an exchange a line nor a HAR file: {why}"
        yield _damaged(Location(file, 1, 1), done)
        return
    if index < 0 and not _has_no_entries(stream.begun):
        yield _damaged(
            Location(file, 1, 1), "this is neither NDJSON with an exchange a line nor a HAR file with entries"
        )


def _has_no_entries(text: bytes) -> bool:
    """Say whether a whole file is an archive of nothing, as browsers write one before anything was recorded."""
    record = _loads(text)
    log = record.get("log") if isinstance(record, dict) else None
    return isinstance(log, dict) and log.get("entries") == []


def _har_entry(entry: Any, where: Location, index: int) -> Recorded:
    try:
        record = {"request": _har_request(entry["request"]), "response": _har_response(entry.get("response"))}
    except (KeyError, TypeError, AttributeError):
        return _damaged(where, f"entry {index} of this HAR file has no request as HAR 1.2 describes it")
    return replace(from_record(record, where), began=str(entry.get("startedDateTime") or ""))


def _har_request(request: dict[str, Any]) -> dict[str, Any]:
    posted = request.get("postData") or {}
    return {
        "method": request["method"],
        "url": request["url"],
        "headers": _har_headers(request),
        **_posted(posted),
    }


def _posted(posted: dict[str, Any]) -> dict[str, Any]:
    """Give a body: browsers write a form as its parameters, which are decoded (HAR 1.2, postData)."""
    text = posted.get("text")
    if not text and posted.get("params"):
        if media_type(str(posted.get("mimeType", ""))) not in ("", FORM):
            return {"body": None, "unread": _NOT_HELD}
        return {"body": urlencode([(item["name"], item.get("value", "")) for item in posted["params"]])}
    return {"body": text if text is None else str(text)}


def _har_response(response: dict[str, Any] | None) -> dict[str, Any] | None:
    if not response or not response.get("status"):  # 0: the browser got no answer
        return None
    content = response.get("content") or {}
    body = "body_base64" if content.get("encoding") == "base64" else "body"
    found = {"status": response["status"], "headers": _har_headers(response), body: content.get("text")}
    size = content.get("size")
    if content.get("text") is None and isinstance(size, (int, float)) and size > 0:
        found["unread"] = _NOT_HELD
    return found


def _har_headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["name"], item["value"]) for item in message.get("headers", []) if not item["name"].startswith(":")]


def from_record(record: dict[str, Any], where: Location) -> Recorded:
    """Read one exchange as `validate` and the NDJSON files have it; ``webhook`` names one in which the API calls."""
    try:
        written = record["request"]
        request = Request(
            _text(written, "method"), _text(written, "url"), _headers(written), _body(written), unread=_unread(written)
        )
        answer = record.get("response")
        if not isinstance(answer, dict | None):
            raise _Damaged(f"`response` is {answer!r}, not an object with `status`")  # noqa: TRY301  # as the others here
        response = (
            Response(_status(answer), _headers(answer), _body(answer), unread=_unread(answer))
            if answer is not None
            else None
        )
    except _Damaged as error:
        return _damaged(where, str(error))
    except (KeyError, TypeError):
        return _damaged(where, "there is no `request` with `method` and `url` in this line")
    webhook = record.get("webhook")
    if webhook is not None and not isinstance(webhook, str):
        return _damaged(where, f"`webhook` is {webhook!r}, not the name of one")
    return Recorded(request, response, webhook=webhook)


def _text(message: dict[str, Any], key: str) -> str:
    value = message[key]
    if not isinstance(value, str):
        raise _Damaged(f"`{key}` is {value!r}, not a text")
    return value


def _status(message: dict[str, Any]) -> int:
    status = message.get("status")
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:  # noqa: PLR2004
        raise _Damaged(f"`status` is {status!r}, not a number from 100 to 599")
    return status


def _headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    headers = message.get("headers") or []
    pairs = headers.items() if isinstance(headers, dict) else headers
    try:
        found = [(name, value) for name, value in pairs]
    except (ValueError, TypeError):
        raise _Damaged("`headers` is neither an object nor a list of pairs") from None
    if not all(isinstance(part, str) for pair in found for part in pair):
        raise _Damaged("`headers` holds something that is not a text")
    return found


def _body(message: dict[str, Any]) -> bytes | None:
    if (encoded := message.get("body_base64")) is not None:
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError, TypeError):
            raise _Damaged("`body_base64` is not base64") from None
    body = message.get("body")
    if body is not None and not isinstance(body, str):
        raise _Damaged("`body` is neither a text nor null; write a JSON body as a text")
    return None if body is None else body.encode()


def _unread(message: dict[str, Any]) -> str:
    """Give why a body was not recorded: what adapters say, and HAR files without content."""
    why = message.get("unread")
    return why if isinstance(why, str) else ""


def _loads(line: bytes) -> Any:
    try:
        return orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def _why(line: bytes) -> str:
    try:
        orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"this line is not JSON: {error.msg} at column {error.colno}"
    return "this line is JSON, but no exchange: there is no `request` in it"


def _damaged(where: Location, message: str) -> Recorded:
    return Recorded(problem=Problem("traffic", where, message, 'an exchange is {"request": {…}, "response": {…}}'))
