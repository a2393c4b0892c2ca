"""Api -> plans: what the document says of an operation, in the form that judging works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.meaning import ALL_TYPES, members, types_of
from levelbook.pointer import join
from levelbook.validate.media import is_form, is_sequence, media_type
from levelbook.validate.plan import (
    AnswerPlan,
    BodyPlan,
    CredentialPlan,
    MediaPlan,
    OperationPlan,
    ParameterPlan,
    PartPlan,
    Shape,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Media, Operation, Parameter, SecurityScheme
    from levelbook.lower import Lowering

_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})  # OpenAPI 3.1.1, 4.8.12.1: not parameters
_PLACES = frozenset({"query", "path", "header", "cookie", "querystring"})
_STYLED = ("style", "explode", "allowReserved")


class Planner:
    """Makes the plans of one API; schemas get their names from the lowering of their direction."""

    def __init__(self, api: Api, requests: Lowering, responses: Lowering) -> None:
        self.api = api
        self.requests = requests
        self.responses = responses
        self.shapes: dict[tuple[str, ...], Shape] = {}

    def operation(self, operation: Operation) -> OperationPlan:
        """Plan one operation. Raises SpecError where a reference leads nowhere."""
        schemes = self.api.security_schemes
        body = operation.body
        return OperationPlan(
            key=operation.key,
            method=operation.method,
            path=operation.path,
            pointer=operation.pointer,
            id=operation.id,
            security=[[_credential(schemes[name]) for name in need if name in schemes] for need in operation.security],
            parameters=[
                self.parameter(item, self.requests)
                for item in operation.parameters
                if item.place in _PLACES and not (item.place == "header" and item.name.lower() in _IGNORED_HEADERS)
            ],
            body=BodyPlan(body.pointer, body.required, [self.media(media, self.requests) for media in body.content])
            if body
            else None,
            answers=[
                AnswerPlan(
                    answer.status.upper(),
                    answer.pointer,
                    [self.parameter(header, self.responses) for header in answer.headers],
                    [self.media(media, self.responses) for media in answer.content],
                )
                for answer in operation.responses
            ],
            credentials=[_credential(scheme) for scheme in schemes.values() if scheme.type == "apiKey"],
        )

    def parameter(self, parameter: Parameter, lowering: Lowering) -> ParameterPlan:
        """Plan a parameter or header."""
        media = parameter.media
        schema = parameter.schema or (media.schema if media else None)
        return ParameterPlan(
            name=parameter.name,
            place=parameter.place,
            pointer=parameter.pointer,
            style=parameter.style,
            explode=parameter.explode,
            required=parameter.required,
            allow_empty=parameter.allow_empty,
            schema=lowering.name(schema) if schema else "",
            content=media.type if media else "",
            shape=self.shape(schema) if schema else Shape(),
        )

    def media(self, media: Media, lowering: Lowering) -> MediaPlan:
        """Plan a media type."""
        name = media_type(media.type)
        textual = is_form(name) or name.startswith(("text/", "multipart/")) or "*" in name
        encoding = {key: item for key, item in media.encoding.items() if isinstance(item, dict)}
        return MediaPlan(
            type=media.type,
            pointer=media.pointer,
            schema=lowering.name(media.schema) if media.schema else "",
            item_schema=lowering.name(media.item_schema) if media.item_schema else "",
            is_sequence=media.item_schema is not None or (is_sequence(name) and self.api.dialect.sequences),
            shape=self.shape(media.schema) if media.schema and textual else Shape(),
            parts={key: self.part(item, media.part_headers.get(key, ()), lowering) for key, item in encoding.items()},
            prefix_parts=[self.part(item, (), lowering) for item in media.prefix_encoding],
            item_part=self.part(media.item_encoding, (), lowering) if media.item_encoding else None,
        )

    def part(self, encoding: dict[str, Any], headers: Iterable[Parameter], lowering: Lowering) -> PartPlan:
        """Plan a field of a form (OpenAPI 3.1.1, 4.8.15)."""
        style = str(encoding.get("style", "form"))
        return PartPlan(
            content_type=str(encoding.get("contentType", "")),
            style=style,
            explode=encoding.get("explode", style == "form") is True,
            styled=any(key in encoding for key in _STYLED),
            headers=[self.parameter(header, lowering) for header in headers if header.name.lower() != "content-type"],
        )

    def shape(self, *group: Schema) -> Shape:
        """Give the shape of a value that schemas describe together; a recursive one leads back to itself."""
        key = tuple(schema.pointer for schema in group)
        if key in self.shapes:
            return self.shapes[key]
        known = [types for schema in group if (types := types_of(self.api, schema)) != ALL_TYPES]
        made = self.shapes[key] = Shape(frozenset().union(*known) if known else ALL_TYPES)
        if made.is_open:
            return made
        parts = self._parts(group)
        if "array" in made.types:
            items = [Schema(value["items"], join(at, "items")) for value, at in parts if "items" in value]
            made.item = self.shape(*items) if items else None
            made.prefix = self._prefix(parts)
        if "object" in made.types:
            for name in dict.fromkeys(name for value, _ in parts for name in _map(value.get("properties"))):
                found = [
                    Schema(value["properties"][name], join(at, "properties", name))
                    for value, at in parts
                    if name in _map(value.get("properties"))
                ]
                made.properties[name] = self.shape(*found)
            rest = [
                Schema(value["additionalProperties"], join(at, "additionalProperties"))
                for value, at in parts
                if isinstance(value.get("additionalProperties"), dict)
            ]
            made.rest = self.shape(*rest) if rest else None
        return made

    def _prefix(self, parts: list[Schema]) -> list[Shape]:
        tuples = [(value["prefixItems"], at) for value, at in parts if isinstance(value.get("prefixItems"), list)]
        return [
            self.shape(
                *(Schema(items[index], join(at, "prefixItems", index)) for items, at in tuples if index < len(items))
            )
            for index in range(max((len(items) for items, _ in tuples), default=0))
        ]

    def _parts(self, group: tuple[Schema, ...]) -> list[Schema]:
        """Every schema that says something of the value, through references, groups and unions, each once."""
        found: dict[str, Schema] = {}
        stack = list(reversed(group))
        while stack:
            for value, at in members(self.api, stack.pop()):
                if at in found:
                    continue
                found[at] = Schema(value, at)
                for keyword in ("oneOf", "anyOf"):
                    union = value.get(keyword)
                    stack += [
                        Schema(item, join(at, keyword, index))
                        for index, item in enumerate(union if isinstance(union, list) else ())
                    ]
        return list(found.values())


def _credential(scheme: SecurityScheme) -> CredentialPlan:
    return CredentialPlan(scheme.type, scheme.place, scheme.parameter, scheme.scheme)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
