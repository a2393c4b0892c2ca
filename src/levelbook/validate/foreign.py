"""Requests and responses of other libraries, as our records.

They are told by the names of their classes, so that nothing is imported. Where an object cannot give its body without
taking it from the application, the record says so (``unread``), and the body is not judged.

>>> from types import SimpleNamespace
>>> as_request(SimpleNamespace())
Traceback (most recent call last):
TypeError: SimpleNamespace is no request that levelbook knows
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from levelbook.validate.exchange import Request, Response
from levelbook.validate.gateway import asgi_pairs, asgi_url, wsgi_headers, wsgi_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_STREAM = "it is a stream that the application has not read"
_TAKEN = "the application has taken it from its stream"
_NOT_KEPT = "its library does not keep what it sent"
_PATH = "%/:@!$&'()*+,;=-._~"


def as_request(message: Any) -> Request:
    """Give any known kind of request as our record. Raises TypeError for anything else."""
    if isinstance(message, Request):
        return message
    for name in _names(message):
        if name in _REQUESTS:
            return _REQUESTS[name](message)
    if all(hasattr(message, name) for name in ("method", "parameters", "content_type", "host_url", "path")):
        return _of_protocol_request(message)
    raise TypeError(f"{type(message).__name__} is no request that levelbook knows")


def as_response(message: Any) -> Response:
    """Give any known kind of response as our record. Raises TypeError for anything else."""
    if isinstance(message, Response):
        return message
    for name in _names(message):
        if name in _RESPONSES:
            return _RESPONSES[name](message)
    if all(hasattr(message, name) for name in ("status_code", "headers", "content_type", "data")):
        return _of_protocol_response(message)
    raise TypeError(f"{type(message).__name__} is no response that levelbook knows")


def request_behind(response: Any) -> Request:
    """Give the request that a test client's response answers. Raises TypeError where it does not know."""
    names = _names(response)
    if "django.HttpResponseBase" in names:
        return _of_django_sent(response)
    if "aiohttp.ClientResponse" in names:
        return _of_aiohttp_sent(response)
    request = _asked(response)
    if "werkzeug.TestResponse" in names and request is not None:
        return _of_werkzeug(request, rewind=True)
    if request is None:
        raise TypeError(f"this {type(response).__name__} does not know which request it answers")
    return as_request(request)


def _asked(response: Any) -> Any:
    try:
        return getattr(response, "request", None)
    except RuntimeError:  # httpx, of a response that was made by hand
        return None


def _names(message: Any) -> list[str]:
    """Give ``package.Class`` of an object and its bases; ``__class__`` sees through Flask's proxies."""
    return [f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in message.__class__.__mro__]


def _texts(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[str, str]]:
    return [
        tuple(part.decode("latin-1") if isinstance(part, bytes) else str(part) for part in pair)  # type: ignore[misc]
        for pair in pairs
    ]


def _of_requests(message: Any) -> Request:
    prepared = message if hasattr(message, "path_url") else message.prepare()
    body, unread = prepared.body, ""
    if isinstance(body, str):
        body = body.encode()
    elif body is not None and not isinstance(body, (bytes, bytearray)):
        body, unread = None, _STREAM  # a file or a generator
    return Request(prepared.method, prepared.url, _texts((prepared.headers or {}).items()), body, unread=unread)


def _to_requests(message: Any) -> Response:
    raw = getattr(message.raw, "headers", None)  # urllib3's keep repeated ones apart
    headers = raw if raw is not None and hasattr(raw, "getlist") else message.headers
    unread = _STREAM if getattr(message, "_content", None) is False else ""
    return Response(
        message.status_code, _texts(headers.items()), None if unread else message.content or b"", unread=unread
    )


def _of_httpx(message: Any) -> Request:
    body, unread = getattr(message, "_content", None), ""
    if body is None and type(message.stream).__name__ == "MultipartStream":  # may be read again, if its files may
        try:
            body = b"".join(message.stream)
        except Exception:  # noqa: BLE001  # whatever the application's own stream raises
            body = b""
        if message.headers.get("content-length") != str(len(body)):
            body = None
    unread = _STREAM if body is None else ""
    url = message.url
    target = f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
    return Request(message.method, target, message.headers.multi_items(), body, unread=unread)


def _to_httpx(message: Any) -> Response:
    body = getattr(message, "_content", None)
    return Response(message.status_code, message.headers.multi_items(), body, unread=_STREAM if body is None else "")


def _of_werkzeug(message: Any, *, rewind: bool = False) -> Request:
    """``rewind`` is for the request of a test response, whose input belongs to the test client."""
    environ, known = message.environ, message.__dict__
    body, unread = None, ""
    if rewind:
        body = _again(environ.get("wsgi.input"))
        unread = _TAKEN if body is None and message.content_length else ""
    elif known.get("_cached_data"):
        body = known["_cached_data"]
    elif "stream" not in known and "form" not in known:
        body = message.get_data()  # which keeps it for the view
    elif message.content_length:
        unread = _TAKEN
    return Request(message.method, wsgi_url(environ), list(message.headers), body, unread=unread)


def _again(stream: Any) -> bytes | None:
    """Read from its beginning what a test client has sent; None where it is gone."""
    if stream is None or getattr(stream, "closed", False) or not hasattr(stream, "seek"):
        return None
    try:
        at = stream.tell()
        stream.seek(0)
        body: bytes = stream.read()
        stream.seek(at)
    except (OSError, ValueError):
        return None
    return body


def _to_werkzeug(message: Any) -> Response:
    whole = message.is_sequence or "werkzeug.TestResponse" in _names(message)
    body = message.get_data() if whole else None
    return Response(message.status_code, list(message.headers), body, unread="" if whole else _STREAM)


def _of_starlette(message: Any) -> Request:
    pairs = asgi_pairs(message.scope["headers"])
    body = getattr(message, "_body", None)
    unread = "" if body is not None else _TAKEN if getattr(message, "_stream_consumed", False) else _STREAM
    return Request(message.scope["method"], asgi_url(message.scope, pairs), pairs, body, unread=unread)


def _to_starlette(message: Any) -> Response:
    body = getattr(message, "body", None)
    return Response(message.status_code, asgi_pairs(message.raw_headers), body, unread=_STREAM if body is None else "")


def _of_django(message: Any) -> Request:
    try:
        body, unread = message.body, ""
    except Exception as error:  # noqa: BLE001  # RawPostDataException and others; their classes are Django's
        body, unread = None, f"Django does not give it ({type(error).__name__})"
    if hasattr(message, "scope"):
        pairs = asgi_pairs(message.scope["headers"])
        url = asgi_url(message.scope, pairs)
        pairs = [(name, value) for name, value in pairs if value or name.lower() != "cookie"]
    elif hasattr(message, "environ"):
        pairs, url = wsgi_headers(message.META), wsgi_url(message.META)
    else:
        pairs, url = list(message.headers.items()), message.get_full_path()
    return Request(message.method or "", url, pairs, body, unread=unread)


def _to_django(message: Any) -> Response:
    pairs = [*message.items(), *(("Set-Cookie", item.OutputString()) for item in message.cookies.values())]
    body = None if message.streaming else message.content
    return Response(message.status_code, pairs, body, unread=_STREAM if message.streaming else "")


def _of_django_sent(response: Any) -> Request:
    """Give what Django's test client sent: its payload can be read again."""
    request = getattr(response, "wsgi_request", None) or response.asgi_request
    sent = _of_django(request)
    payload = response.request.get("wsgi.input", response.request.get("_body_file"))
    content = getattr(payload, "_FakePayload__content", None)
    if sent.unread and content is not None:
        return Request(sent.method, sent.url, sent.headers, content.getvalue())
    return sent


def _of_aiohttp(message: Any) -> Request:
    body = getattr(message, "_read_bytes", None)
    empty = not message.body_exists or message.headers.get("Content-Length", "0") == "0"
    unread = "" if body or empty else _TAKEN if body is not None else _STREAM
    url = f"{message.scheme}://{message.host}{message.raw_path}"
    return Request(message.method, url, list(message.headers.items()), body or None, unread=unread)


def _of_aiohttp_sent(response: Any) -> Request:
    sent = response.request_info
    empty = "Transfer-Encoding" not in sent.headers and sent.headers.get("Content-Length", "0") == "0"
    headers = [pair for pair in sent.headers.items() if not (empty and pair[0].lower() == "content-type")]
    return Request(sent.method, str(sent.url), headers, None, unread="" if empty else _NOT_KEPT)


def _to_aiohttp_client(message: Any) -> Response:
    body = getattr(message, "_body", None)
    return Response(message.status, list(message.headers.items()), body, unread=_STREAM if body is None else "")


def _to_aiohttp(message: Any) -> Response:
    pairs = list(message.headers.items())
    if not message.prepared:
        pairs += [("Set-Cookie", item.OutputString()) for item in message.cookies.values()]
    body = getattr(message, "body", False)
    whole = body is None or isinstance(body, (bytes, bytearray))
    return Response(message.status, pairs, bytes(body or b"") if whole else None, unread="" if whole else _STREAM)


def _of_falcon(message: Any) -> Request:
    empty = not message.content_length and not message.get_header("Transfer-Encoding")
    if hasattr(message, "scope"):
        pairs = list(message.headers.items())
        url = asgi_url(message.scope, pairs)
    else:
        pairs, url = wsgi_headers(message.env), wsgi_url(message.env)
    return Request(message.method, url, pairs, None, unread="" if empty else _STREAM)


def _to_falcon(message: Any) -> Response:
    waits = message.__class__.__module__.startswith("falcon.asgi")  # there, only a coroutine renders
    whole = message.stream is None and not waits
    body = message.render_body() or b"" if whole else None  # before the headers: it sets the type of ``media``
    cookies = (getattr(message, "_cookies", None) or {}).values()
    pairs = [
        *message.headers.items(),
        *(getattr(message, "_extra_headers", None) or ()),
        *(("set-cookie", item.OutputString()) for item in cookies),
    ]
    if "content-type" not in message.headers:
        pairs.append(("content-type", message.options.default_media_type))
    return Response(message.status_code, pairs, body, unread="" if whole else _STREAM)


def _to_falcon_result(message: Any) -> Response:
    pairs = [(name, value) for name, value in message.headers.items() if name.lower() != "set-cookie"]
    pairs += [("set-cookie", f"{name}={cookie.value}") for name, cookie in message.cookies.items()]
    return Response(message.status_code, pairs, message.content)


def _of_protocol_request(message: Any) -> Request:
    """Read openapi-core's protocol; the object behind its classes is better, for it has the raw query."""
    inner = getattr(message, "request", None)
    names = _names(inner) if inner is not None else []
    if any(name in _REQUESTS for name in names):
        found = as_request(inner)
        body = getattr(message, "_body", None)
        if found.unread and isinstance(body, bytes) and not any(name.startswith("falcon.") for name in names):
            return Request(found.method, found.url, found.headers, body)
        return found
    parameters = message.parameters
    query = parameters.query
    pairs = [
        (name, value)
        for name in dict(query)
        for value in (query.getlist(name) if hasattr(query, "getlist") else [query[name]])
    ]
    url = message.host_url.rstrip("/") + quote(message.path, safe=_PATH)
    url += f"?{urlencode(pairs, doseq=True)}" if pairs else ""
    headers = _texts(parameters.header.items())
    given = {name.lower() for name, _ in headers}
    if message.content_type and "content-type" not in given:
        headers.append(("content-type", message.content_type))
    if parameters.cookie and "cookie" not in given:
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in parameters.cookie.items())))
    return Request(message.method, url, headers, message.body)


def _of_protocol_response(message: Any) -> Response:
    inner = getattr(message, "response", None)
    if inner is not None and any(name in _RESPONSES for name in _names(inner)):
        found = as_response(inner)
        if not found.unread:
            return found
    headers = _texts(message.headers.items())
    if message.content_type and "content-type" not in {name.lower() for name, _ in headers}:
        headers.append(("content-type", message.content_type))
    return Response(int(message.status_code), headers, message.data)


_REQUESTS: dict[str, Callable[[Any], Request]] = {
    "requests.PreparedRequest": _of_requests,
    "requests.Request": _of_requests,
    "httpx.Request": _of_httpx,
    "httpx2.Request": _of_httpx,
    "werkzeug.Request": _of_werkzeug,
    "django.HttpRequest": _of_django,
    "starlette.Request": _of_starlette,
    "aiohttp.BaseRequest": _of_aiohttp,
    "falcon.Request": _of_falcon,
}
_RESPONSES: dict[str, Callable[[Any], Response]] = {
    "requests.Response": _to_requests,
    "httpx.Response": _to_httpx,
    "httpx2.Response": _to_httpx,
    "werkzeug.Response": _to_werkzeug,
    "django.HttpResponseBase": _to_django,
    "starlette.Response": _to_starlette,
    "aiohttp.ClientResponse": _to_aiohttp_client,
    "aiohttp.StreamResponse": _to_aiohttp,
    "falcon.Response": _to_falcon,
    "falcon._ResultBase": _to_falcon_result,
}
