"""What servers hand to applications, as targets and headers: a WSGI environ (PEP 3333) and an ASGI scope (ASGI 3.0).

Both give the path decoded; where the raw target is there as well, it is taken, for ``%2F`` in a path is lost otherwise.

>>> wsgi_target({"SCRIPT_NAME": "/api", "PATH_INFO": "/a b", "QUERY_STRING": "x=1"})
'/api/a%20b?x=1'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_KEPT = "%/?:@!$&'()*+,;=-._~[]|"  # of a raw target, in which test clients may leave blanks and other letters
_PATH = "/:@!$&'()*+,;=-._~"


def octets(text: str) -> bytes:
    """Give the bytes behind a native string: UTF-8 read as Latin-1 (PEP 3333), or text as some test clients have it."""
    try:
        raw = text.encode("latin-1")
        raw.decode("utf-8")
    except UnicodeError:
        return text.encode("utf-8", "surrogateescape")
    return raw


def _ascii(target: str) -> str:
    return target if target.isascii() and " " not in target else quote(octets(target), safe=_KEPT)


def wsgi_target(environ: Mapping[str, Any]) -> str:
    """Give the path and query of a request, percent-encoded."""
    path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    query = environ.get("QUERY_STRING", "")
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if raw.startswith(("http://", "https://")):
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    if raw and unquote_to_bytes(_ascii(raw.partition("?")[0])).lstrip(b"/") != octets(path).lstrip(b"/"):
        raw = ""  # something between the server and us has rewritten the path
    raw = raw or quote(octets(path), safe=_PATH)
    return _ascii(raw if "?" in raw or not query else f"{raw}?{query}")


def wsgi_headers(environ: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give the header pairs of a request; servers have joined those of one name."""
    pairs = [
        (name[5:].replace("_", "-").lower(), value)
        for name, value in environ.items()
        if name.startswith("HTTP_") and (value or name != "HTTP_COOKIE")  # Django's test client sends an empty one
    ]
    length, content_type = environ.get("CONTENT_LENGTH") or "", environ.get("CONTENT_TYPE")
    pairs += [("content-length", length)] if length else []
    # wsgiref says text/plain where the client said nothing; without a body that would be a lie.
    if content_type and (length or "HTTP_TRANSFER_ENCODING" in environ or environ.get("wsgi.input_terminated")):
        pairs.append(("content-type", content_type))
    return pairs


def wsgi_origin(environ: Mapping[str, Any]) -> str:
    """Give scheme and host of a request."""
    host = environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', '')}:{environ.get('SERVER_PORT', '')}"
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}"


def wsgi_url(environ: Mapping[str, Any]) -> str:
    """Give the whole URL of a request."""
    return wsgi_origin(environ) + wsgi_target(environ)


def asgi_pairs(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Give ASGI's header pairs as texts."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def asgi_target(scope: Mapping[str, Any]) -> str:
    """Give the path and query of a request, percent-encoded."""
    written = (scope.get("raw_path") or b"").partition(b"?")[0]
    if written.startswith((b"http://", b"https://")):
        written = b"/" + written.partition(b"://")[2].partition(b"/")[2]
    raw = quote(written, safe=_KEPT) if written else quote(octets(scope["path"]), safe=_PATH)
    root = scope.get("app_root_path", scope.get("root_path")) or ""  # Starlette's Mount moves the outer one
    if root and not scope["path"].startswith(root):
        raw = quote(root) + raw
    query = scope.get("query_string") or b""
    query = octets(query) if isinstance(query, str) else query  # Django's AsyncClient
    return f"{raw}?{quote(query, safe=_KEPT)}" if query else raw


def asgi_url(scope: Mapping[str, Any], pairs: Iterable[tuple[str, str]]) -> str:
    """Give the whole URL of a request whose header pairs are known."""
    host = next((value for name, value in pairs if name.lower() == "host"), None)
    if host is None and scope.get("server"):
        host = ":".join(str(part) for part in scope["server"] if part is not None)
    return f"{scope.get('scheme') or 'http'}://{host or ''}{asgi_target(scope)}"
