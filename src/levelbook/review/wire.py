"""What is proved by how values are written, where their schemas alone do not: parameters and headers are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.review.facets import ALL
from levelbook.review.names import is_read_as_text, takes_lists
from levelbook.review.regular import includes
from levelbook.review.shape import shape_of

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.review.proof import Side
    from levelbook.review.shape import Shape
    from levelbook.review.spot import Found

_SCALARS = frozenset({"string", "number", "integer", "boolean"})
_IGNORING = ("GET", "HEAD", "DELETE")


def proved_by_writing(item: Found, base: Api, head: Api, sender: Side) -> str:
    """Give why a difference breaks nobody, by how its value is written and read; empty where that proves nothing."""
    site = item.spot.site
    if site.place == "request-body" and head.dialect.version == "3.0" and site.head_operation.method in _IGNORING:
        return f"the body of {site.head_operation.method} is ignored (OpenAPI 3.0.4, 4.7.10.1)"
    if item.difference.facet == "pattern":
        return _pattern(item, base, head, sender)
    if item.spot.steps:
        return ""
    old, new = shape_of(base, item.holder.base), shape_of(head, item.holder.head)
    sent, read = (old, new) if sender == "base" else (new, old)
    if site.place == "request-parameter" and item.difference.facet == "type":
        if sender == "base" and takes_lists(base, head, item.spot):
            return "proved: one value is written as a list of one is"
        if (sent.types <= _SCALARS or sent.types == ALL) and _takes_any_text(read):
            return "proved: what is sent is a text, and every text is accepted"
    if site.place == "response-header" and item.difference.facet == "type" and is_read_as_text(item.spot):
        return "proved: what is sent is a text, and every text is accepted" if _takes_any_text(read) else ""
    return ""


def _takes_any_text(shape: Shape) -> bool:
    said = shape.enum or shape.meaning.patterns or shape.counts or shape.unions or shape.meaning.formats
    return ("string" in shape.types or shape.types == ALL) and not said


def _pattern(item: Found, base: Api, head: Api, sender: Side) -> str:
    olds = [one for one in shape_of(base, item.holder.base).meaning.patterns if one]
    news = [one for one in shape_of(head, item.holder.head).meaning.patterns if one]
    sent, read = (olds, news) if sender == "base" else (news, olds)
    proved = all(any(includes(wide, narrow) for narrow in [*sent, ""]) for wide in read)
    return "proved: the expression matches wherever the other did" if proved and item.holder.is_certain else ""


def cannot_be_written(item: Found) -> str:
    """Give why a value that only one document accepts is in no exchange; empty where it may be."""
    parameter = item.spot.site.head_parameter
    if item.difference.facet == "nullable" and parameter is not None and parameter.media is None:
        return "null cannot be written here: the styles of OpenAPI have no text for it (RFC 6570, 2.3)"
    return ""
