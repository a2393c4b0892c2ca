"""Recorded exchanges: NDJSON, an exchange a line, or HAR.

>>> from io import BytesIO
>>> line = b'{"request": {"method": "GET", "url": "/users", "headers": {}}}'
>>> [entry.request for entry in read_traffic(BytesIO(line), "traffic.ndjson")]
[Request('GET', '/users')]
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.problem import Location, Problem
from levelbook.validate.exchange import Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange of a file, or the problem with what stands in its place."""

    request: Request | None = None
    response: Response | None = None
    problem: Problem | None = None


class _Damaged(ValueError):  # noqa: N818  # caught here, becomes a Problem
    pass


def read_traffic(stream: BinaryIO, file: str) -> Iterator[Recorded]:
    """Read recorded exchanges, a line at a time; a HAR file is one JSON value and is read whole.

    A damaged line is given as its problem, and the rest goes on.
    """
    lines = enumerate(stream, 1)
    for number, line in lines:
        if not line.strip():
            continue
        record = _loads(line)
        if isinstance(record, dict) and "request" in record:
            yield _recorded(record, Location(file, number, 1))
            yield from _lines(lines, file)
            return
        if number == 1 and _could_be_har(line):
            yield from _har(b"".join(chain([line], (rest for _, rest in lines))), file)
            return
        yield _damaged(Location(file, number, 1), _why(line))


def _lines(lines: Iterable[tuple[int, bytes]], file: str) -> Iterator[Recorded]:
    for number, line in lines:
        if line.strip():
            where = Location(file, number, 1)
            record = _loads(line)
            yield _recorded(record, where) if isinstance(record, dict) else _damaged(where, _why(line))


def _could_be_har(line: bytes) -> bool:
    return (line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") and not isinstance(_loads(line), dict)) or b'"log"' in line


def _har(data: bytes, file: str) -> Iterator[Recorded]:
    """Read an HTTP Archive 1.2."""
    try:
        entries = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))["log"]["entries"]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        line = getattr(error, "lineno", 1)
        yield _damaged(
            Location(file, line, getattr(error, "colno", 1)),
            "this is neither NDJSON with an exchange a line nor a HAR file",
        )
        return
    for index, entry in enumerate(entries):
        where = Location(file, 1, 1)
        try:
            yield _recorded(
                {"request": _har_request(entry["request"]), "response": _har_response(entry.get("response"))},
                where,
            )
        except (KeyError, TypeError, AttributeError):
            yield _damaged(where, f"entry {index} of this HAR file has no request as HAR 1.2 describes it")


def _har_request(request: dict[str, Any]) -> dict[str, Any]:
    posted = request.get("postData") or {}
    return {
        "method": request["method"],
        "url": request["url"],
        "headers": _har_headers(request),
        "body": posted.get("text"),
    }


def _har_response(response: dict[str, Any] | None) -> dict[str, Any] | None:
    if not response or not response.get("status"):  # 0: the browser got no answer
        return None
    content = response.get("content") or {}
    body = "body_base64" if content.get("encoding") == "base64" else "body"
    return {"status": response["status"], "headers": _har_headers(response), body: content.get("text")}


def _har_headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item["name"], item["value"]) for item in message.get("headers", []) if not item["name"].startswith(":")]


def _recorded(record: dict[str, Any], where: Location) -> Recorded:
    try:
        written = record["request"]
        request = Request(_text(written, "method"), _text(written, "url"), _headers(written), _body(written))
        answer = record.get("response")
        response = Response(_status(answer), _headers(answer), _body(answer)) if answer is not None else None
    except _Damaged as error:
        return _damaged(where, str(error))
    except (KeyError, TypeError):
        return _damaged(where, "there is no `request` with `method` and `url` in this line")
    return Recorded(request, response)


def _text(message: dict[str, Any], key: str) -> str:
    value = message[key]
    if not isinstance(value, str):
        raise _Damaged(f"`{key}` is {value!r}, not a text")
    return value


def _status(message: dict[str, Any]) -> int:
    status = message["status"]
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:  # noqa: PLR2004
        raise _Damaged(f"`status` is {status!r}, not a number from 100 to 599")
    return status


def _headers(message: dict[str, Any]) -> list[tuple[str, str]]:
    headers = message.get("headers") or []
    pairs = headers.items() if isinstance(headers, dict) else headers
    try:
        found = [(name, value) for name, value in pairs]
    except ValueError:
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
