"""What an operation takes: parameters, headers, and what its body may be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from levelbook.docs.page import AnswerExample, Content
from levelbook.docs.types import value_text, without_notes
from levelbook.meaning import judged_parameters, meaning_of, types_of
from levelbook.pointer import parent, within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from levelbook.api import Media, Operation, Parameter, Schema
    from levelbook.docs.field import Field
    from levelbook.docs.fields import Fields
    from levelbook.docs.labels import Labels

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def parameters(fields: Fields, operation: Operation, prefix: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """Give the parameters of an operation by the place they travel in, each place with its title."""
    judged = judged_parameters(operation)
    for place in ("path", "query", "querystring", "header", "cookie"):
        made = tuple(
            made if item in judged else replace(made, constraints=(*made.constraints, fields.labels("ignored_header")))
            for item in operation.parameters
            if item.place == place
            for made in [parameter_field(fields, item, f"{prefix}parameter", asked=True)]
        )
        yield fields.labels(f"in_{place}"), made


def parameter_field(fields: Fields, parameter: Parameter, prefix: str, *, asked: bool) -> Field:
    """Make the field of a parameter or a header."""
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    place = fields.labels.get(f"place_{parameter.place}") or parameter.place
    if parameter.media is not None and "json" in parameter.media.type:
        place = fields.labels("place_json", place)
    made = fields.field(
        parameter.name,
        [schema] if schema else [],
        f"{prefix}-{parameter.name}",
        presence=fields.labels(("required" if asked else "always") if parameter.required else "optional"),
        otherwise=f"{prefix}-{parameter.place}-{parameter.name}",
        place=place if asked else "",
        asked=asked,
    )
    fields.places[parameter.pointer] = made.id
    shown = parameter.examples or (parameter.media.examples if parameter.media else ())
    elsewhere = parameter.elsewhere or (parameter.media.elsewhere if parameter.media else ())
    fields.places |= {parent(one.pointer): made.id for one in (*shown, *elsewhere)}
    if parameter.media is not None:
        fields.places[parameter.media.pointer] = made.id
    own = without_notes(parameter.description)
    said = [_example_words(one.name, one.summary, one.description, value_text(one.value)) for one in shown]
    said += [_example_words(one.name, one.summary, one.description, f"<{one.value}>") for one in elsewhere]
    return replace(
        made,
        description="\n\n".join(
            dict.fromkeys(text for text in (own, made.description, "\n".join(filter(None, said))) if text)
        ),
        constraints=(*_sent(fields, parameter, schema), *made.constraints),
        changes=tuple(dict.fromkeys((*fields.changes([parameter.pointer]), *made.changes))),
        examples=tuple(value_text(example.value) for example in shown) or made.examples,
        deprecated=parameter.deprecated or made.deprecated,
    )


def _example_words(name: str, summary: str, description: str, value: str) -> str:
    """Say of an example what its value does not."""
    words = [text for text in (summary, without_notes(description)) if text]
    if not name or not (words or value.startswith("<")):
        return ""
    return f"* {' '.join(words) or name}" + (f": {value}" if value.startswith("<") else "")


def _sent(fields: Fields, parameter: Parameter, schema: Schema | None) -> Iterator[str]:
    """Say how a parameter is sent, where it is not as everybody would."""
    if style := _style(fields, parameter, schema):
        yield style
    if parameter.allow_reserved:
        yield fields.labels("reserved")
    if parameter.allow_empty:
        yield fields.labels("may_be_empty")


def _style(fields: Fields, parameter: Parameter, schema: Schema | None) -> str:
    """Say how a list or an object is sent, where it is not as everybody would (OpenAPI 3.1.1, 4.8.12.2)."""
    if schema is None or parameter.media is not None:
        return ""
    usual = parameter.style == "form" and parameter.explode
    always = parameter.style in ("label", "matrix")  # also of a single value
    if usual or (not always and types_of(fields.api, schema).isdisjoint({"array", "object"})):
        return ""
    return fields.labels.get(f"style_{parameter.style}").replace("{}", parameter.name)


def body(fields: Fields, operation: Operation, prefix: str) -> tuple[list[Content], tuple[Field, ...]]:
    """Give what the body may be, and the fields in the first of it: form fields, or the properties of an object."""
    found: list[Content] = []
    made: list[Field] = []
    presence = fields.labels("required" if operation.body and operation.body.required else "optional")
    fields.begin_part()
    groups = by_schema(operation.body.content if operation.body else ())
    for media in groups:
        schema, names = media[0].schema, tuple(item.type for item in media)
        content = Content(
            media=names,
            presence=presence,
            parts=tuple(part_headers(fields, media[0], f"{prefix}part", asked=True)),
            items=_items(fields, media[0], f"{prefix}body-item"),
            description=media_words(media),
            examples=tuple(media_examples(media)),
        )
        for item in media:
            fields.places |= {parent(one.pointer): "parameters" for one in (*item.examples, *item.elsewhere)}
            fields.places[item.pointer] = "parameters"
        if schema is None:
            found.append(content)
            continue
        meaning = meaning_of(fields.api, schema)
        id_ = f"{prefix}body-{media_slug(media[0].type)}" if found else f"{prefix}body"
        several = len(groups) > 1
        if found or not meaning.properties:
            value = fields.field("", [schema], id_, presence=presence, asked=True)
            placed = tuple(replace(one, place=_place(fields.labels, media[0], one.name)) for one in value.fields)
            found.append(replace(content, value=replace(value, fields=placed)))
            continue
        value, inside = fields.shallow(schema, fields.unique(id_))
        kind = "form" if media[0].type in _FORMS else "body"
        for name, group in meaning.properties.items():
            own = meaning_of(fields.api, *group)
            made.append(
                fields.field(
                    name,
                    group,
                    f"{prefix}parameter-{name}",
                    place=_place(fields.labels, media[0], name),
                    presence=fields.required_words(own, required=name in meaning.required, asked=True),
                    inside=inside,
                    otherwise=f"{prefix}parameter-{kind}-{name}",
                )
            )
        if several:  # they are told apart by where they stand
            value, made = replace(value, fields=(*made, *value.fields)), []
        found.append(replace(content, value=value))
    for media in groups:
        mirror(fields, media)
    return found, tuple(made)


def mirror(fields: Fields, media: list[Media]) -> None:
    """Learn that media types say the same: what is written out of the first is shown of the others too."""
    first = media[0].pointer
    for other in media[1:]:
        shown = [(pointer, id_) for pointer, id_ in fields.places.items() if within(pointer, first)]
        for pointer, id_ in shown:
            fields.places.setdefault(other.pointer + pointer[len(first) :], id_)


def media_slug(media_type: str) -> str:
    """Give a media type as a part of an id."""
    return re.sub(r"[^\w.+]+", "-", media_type.replace("*", "any")).strip("-")


def _items(fields: Fields, media: Media, id_: str) -> Field | None:
    """Make the field of each item of a sequence (OpenAPI 3.2.0, 4.14)."""
    if media.item_schema is None:
        return None
    return fields.field("", [media.item_schema], id_, asked=True)


def part_headers(fields: Fields, media: Media, prefix: str, *, asked: bool) -> Iterator[Field]:
    """Make the headers that the parts of a multipart body have."""
    for at, headers in media.part_headers.items():
        name = at.rpartition("/")[2]
        for header in headers:
            made = parameter_field(fields, header, f"{prefix}-{name}", asked=asked)
            yield replace(made, place=f"{fields.labels('place_part')} `{name}`")


_LEXERS = {"json": "json", "xml": "xml", "html": "html", "yaml": "yaml"}  # by the end of a media type


def _place(labels: Labels, media: Media, name: str) -> str:
    """Say where a field of the body goes, and as what."""
    encoding = media.encoding.get(name)
    content_type = str(encoding.get("contentType", "")) if isinstance(encoding, dict) else ""
    if media.type not in _FORMS:
        return labels("place_body")
    if "json" in content_type:
        return labels("place_json_in", labels("place_form"))
    return ", ".join(filter(None, (labels("place_form"), content_type)))


def value_block(value: object, media_type: str) -> str:
    """Write a value as a body; a text is one of JSON where the media type is, unless it holds an object or a list."""
    if isinstance(value, str) and (not media_type.endswith("json") or value.lstrip()[:1] in ("{", "[")):
        return value
    return json.dumps(value, ensure_ascii=False, indent=4)


def media_words(media: list[Media]) -> str:
    """Give what is said of media types themselves."""
    return "\n\n".join(dict.fromkeys(without_notes(item.description) for item in media if item.description))


def media_examples(content: Collection[Media]) -> list[AnswerExample]:
    """Give the examples of media types, in the document's order; of each those that stand elsewhere come last."""
    several = len({media.type for media in content if media.examples or media.elsewhere}) > 1
    return [
        AnswerExample(
            "",
            one.summary or one.name,
            "" if one in media.elsewhere else value_block(one.value, essence(media.type)),
            str(one.value) if one in media.elsewhere else "",
            without_notes(one.description),
            lexer=_lexer(media.type, one.value),
            media=media.type if several else "",
        )
        for media in content
        for one in (*media.examples, *media.elsewhere)
    ]


def essence(media_type: str) -> str:
    """Give a media type without its parameters (RFC 9110, 8.3.1)."""
    return media_type.partition(";")[0].strip().lower()


def _lexer(media_type: str, value: object) -> str:
    """Give what Pygments calls the language of an example: what is no text is shown as JSON."""
    found = next((lexer for ending, lexer in _LEXERS.items() if essence(media_type).endswith(ending)), "text")
    return found if isinstance(value, str) else "json"


def by_schema(content: Iterable[Media]) -> list[list[Media]]:
    """Group media types that have the same schema, so that it is described once."""
    groups: dict[str, list[Media]] = {}
    for media in content:
        said = [schema and schema.value for schema in (media.schema, media.item_schema)]
        said += [media.encoding, media.prefix_encoding, media.item_encoding]
        groups.setdefault(json.dumps(said, sort_keys=True), []).append(media)
    return list(groups.values())
