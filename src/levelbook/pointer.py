"""JSON Pointers (RFC 6901), and the references to other files that are built on them.

A pointer into the document that was named is written plain; one into another file has the file's
name, relative to the document's folder, before a ``#``.

>>> join("/paths", "/messages", "post")
'/paths/~1messages/post'
>>> split("/paths/~1messages/post")
['paths', '/messages', 'post']
>>> parent("common.yaml#/components/schemas")
'common.yaml#/components'
"""

from __future__ import annotations


def escape(token: str) -> str:
    """Write one reference token so that it can stand in a pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1") if "/" in token or "~" in token else token


def unescape(token: str) -> str:
    """Read one reference token back (RFC 6901, section 4: ``~1`` first)."""
    return token.replace("~1", "/").replace("~0", "~") if "~" in token else token


def join(pointer: str, *tokens: str | int) -> str:
    """Give the pointer of something below ``pointer``."""
    for token in tokens:
        pointer += f"/{escape(str(token))}"
    return pointer


def split(pointer: str) -> list[str]:
    """Give the reference tokens of a pointer, without its file."""
    tokens = _path(pointer).split("/")[1:]
    return [unescape(token) for token in tokens] if "~" in pointer else tokens


def file_of(pointer: str) -> str:
    """Give the file a pointer leads to: empty for the document that was named."""
    return "" if pointer[:1] in ("", "/") else pointer.partition("#")[0]


def parent(pointer: str) -> str:
    """Give the pointer one step up; the top of a file is its own parent."""
    path = _path(pointer)
    return pointer[: len(pointer) - len(path)] + path.rpartition("/")[0]


def _path(pointer: str) -> str:
    """Leave out the file; a key of a document may hold a ``#``, so only the first one after a name counts."""
    return pointer if pointer[:1] in ("", "/") else pointer.partition("#")[2]


def within(pointer: str, ancestor: str) -> bool:
    """Say whether ``pointer`` is ``ancestor`` or stands below it."""
    return pointer == ancestor or pointer.startswith(ancestor + "/")
