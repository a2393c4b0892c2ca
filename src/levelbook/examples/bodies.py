"""What a request carries, as its media type has it: a form, parts, JSON, a text, or a file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.examples.record import FORM, ExampleRequest, File, Part
from levelbook.examples.xml import is_xml, xml_text
from levelbook.meaning import meaning_of
from levelbook.sequential import is_lines
from levelbook.styled import as_json, encoding_of, field_pairs, plain

if TYPE_CHECKING:
    from levelbook.api import Api, Media

_RANGES = {"application/*": "application/json", "text/*": "text/plain", "image/*": "image/png"}
# A few of our own: `mimetypes` reads files of the system, and the same document shall give the same sample anywhere.
_ENDINGS = {
    "application/gzip": ".gz", "application/json": ".json", "application/pdf": ".pdf", "application/xml": ".xml",
    "application/zip": ".zip", "audio/mpeg": ".mp3", "image/gif": ".gif", "image/jpeg": ".jpg", "image/png": ".png",
    "image/svg+xml": ".svg", "image/webp": ".webp", "text/calendar": ".ics", "text/csv": ".csv", "text/html": ".html",
    "text/plain": ".txt", "video/mp4": ".mp4",
}  # fmt: skip
_TEXTS = ("/x-www-form-urlencoded", "yaml", "javascript", "/graphql", "/sql", "/toml")  # ends of media types
_FILE_NAME = re.compile(r"(?:.*[/\\])?([\w .-]*\w\.\w{1,8})")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def with_body(api: Api, plain_one: ExampleRequest, media: Media, title: str, value: Any) -> ExampleRequest:
    """Give a request that carries an example of a media type."""
    name = _concrete(media.type, value)
    request = replace(plain_one, title=title, media_type=name)
    essence = name.partition(";")[0].strip().lower()
    if essence == FORM and isinstance(value, dict):
        form = [
            one
            for field, whole in value.items()
            for item in (whole if isinstance(whole, list) and _is_itemwise(api, media, field) else [whole])
            for one in field_pairs(media, field, item)
        ]
        return replace(request, form=tuple(form))
    if essence.startswith("multipart/") and isinstance(value, dict):
        parts = [part for field, item in value.items() for part in _parts(api, media, field, item)]
        return replace(request, parts=tuple(parts))
    if essence == "application/json" or essence.endswith(("+json", "/json")):
        return replace(request, body=value)
    return _with_text(api, request, media, essence, value)


def _is_itemwise(api: Api, media: Media, name: str) -> bool:
    """Say whether each item of a list is written as its encoding says (OpenAPI 3.2.0, 4.15.1.1), not the list."""
    return api.dialect.sequences and "json" in str(encoding_of(media, name).get("contentType", ""))


def _with_text(api: Api, request: ExampleRequest, media: Media, essence: str, value: Any) -> ExampleRequest:
    text = value if isinstance(value, str) else None
    if text is None and is_xml(essence):
        text = xml_text(api, media.schema, value)
    elif text is None and is_lines(essence):
        text = "".join(f"{as_json(item)}\n" for item in (value if isinstance(value, list) else [value]))
    elif text is None and value is not None:
        text = as_json(value)
    is_text = essence.startswith("text/") or is_xml(essence) or is_lines(essence) or essence.endswith(_TEXTS)
    if text is not None and is_text and not _UNSEEN.search(text):
        return replace(request, text=text)
    return replace(request, file=_file("body", essence, text))


def _concrete(media_type: str, value: Any) -> str:
    """Give a media type that can be sent for a range of them."""
    if media_type == "*/*":
        return "text/plain" if isinstance(value, str) else "application/json"
    return _RANGES.get(media_type, media_type)


def _parts(api: Api, media: Media, name: str, value: Any) -> list[Part]:
    """Write a field of a multipart body: an item of a list a part, binary ones as files, objects as JSON."""
    if isinstance(value, list):
        return [part for item in value for part in _parts(api, media, name, item)]
    said = _concrete(str(encoding_of(media, name).get("contentType", "")).partition(",")[0].strip(), value)
    if isinstance(value, (dict, list)) or "json" in said:
        text = value if isinstance(value, str) and "json" not in said else as_json(value)
        return [Part(name, text, media_type=said or "application/json")]
    if _is_binary(api, media, name, said):
        kind = said or "application/octet-stream"
        return [Part(name, file=_file(name, kind, plain(value)), media_type=kind)]
    return [Part(name, plain(value), media_type=said)]


def _is_binary(api: Api, media: Media, name: str, said: str) -> bool:
    """Say whether a part is a file: by its content type, or by its schema (OpenAPI 3.0.4, 4.7.14.2)."""
    if said and not said.startswith("text/") and not is_xml(said) and said != FORM:
        return True
    if media.schema is None:
        return False
    group = meaning_of(api, media.schema).properties.get(name, [])
    meaning = meaning_of(api, *group)
    inner = meaning_of(api, *meaning.items) if meaning.items else meaning
    return any(
        "binary" in one.formats or ("contentMediaType" in one.constraints and "contentEncoding" not in one.constraints)
        for one in (meaning, inner)
    )


def _file(field: str, media_type: str, example: str | None) -> File:
    """Name a file after the example, where that is the name of one, else after the field."""
    named = _FILE_NAME.fullmatch(example or "")
    if named:
        return File(named[1], b"example\n")
    stem = re.sub(r"\W+", "-", field).strip("-") or "file"
    return File(stem + _ENDINGS.get(media_type.partition(";")[0], ".bin"), (example or "example\n").encode())
