"""Api -> plans: what the document says of an operation, in the form that judging works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.api import Schema
from levelbook.meaning import ALL_TYPES, judged_body, judged_parameters, members, types_of
from levelbook.pointer import join
from levelbook.sequential import is_sequence
from levelbook.validate.media import FORM, is_form, is_json, media_type
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
    from levelbook.api import Api, Media, Operation, Parameter, SecurityScheme
    from levelbook.lower import Lowering

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
        body = judged_body(self.api, operation)
        return OperationPlan(
            key=operation.key,
            pointer=operation.pointer,
            security=[
                [_credential(scheme) for name in need if (scheme := self.scheme(name)) is not None]
                for need in operation.security
            ],
            parameters=[self.parameter(item, self.requests) for item in judged_parameters(operation)],
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
            credentials=[
                _credential(scheme) for scheme in self.api.security_schemes.values() if scheme.type == "apiKey"
            ],
        )

    def scheme(self, name: str) -> SecurityScheme | None:
        """Give a security scheme by its name, or by its URI (OpenAPI 3.2.0, 4.30); unknown ones are told by `check`."""
        return self.api.security_schemes.get(name.removeprefix("#/components/securitySchemes/"))

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
            parts=self.media(media, lowering).parts if media else {},
        )

    def media(self, media: Media, lowering: Lowering) -> MediaPlan:
        """Plan a media type."""
        name = media_type(media.type)
        textual = is_form(name) or name.startswith(("text/", "multipart/")) or "*" in name or not is_json(name)
        shape = self.shape(media.schema) if media.schema and textual else Shape()
        listed = media.item_schema is not None or (name.startswith("multipart/") and not is_form(name))
        sequences = self.api.dialect.sequences
        styles = name == FORM or self.api.dialect.version != "3.0"  # OpenAPI 3.0.4, 4.7.15.1.2: else to be ignored
        encoding = {key: item for key, item in media.encoding.items() if isinstance(item, dict)}

        def part(written: dict[str, Any], at: str) -> PartPlan:
            return self.part(written, at, media, lowering, styles=styles)

        return MediaPlan(
            type=media.type,
            pointer=media.pointer,
            schema=lowering.name(media.schema) if media.schema else "",
            item_schema=lowering.name(media.item_schema) if media.item_schema else "",
            is_sequence=listed or (is_sequence(name) and sequences),
            shape=self._listed(shape, media),
            parts={key: part(item, join(media.pointer, "encoding", key)) for key, item in encoding.items()},
            prefix_parts=[
                part(item, join(media.pointer, "prefixEncoding", index))
                for index, item in enumerate(media.prefix_encoding)
            ],
            item_part=part(media.item_encoding, join(media.pointer, "itemEncoding")) if media.item_encoding else None,
        )

    def _listed(self, shape: Shape, media: Media) -> Shape:
        """Give the shape of a body that is a list of parts, whose items ``itemSchema`` describes."""
        if media.item_schema is None or not shape.is_open:
            return shape
        made = Shape(frozenset({"array"}))
        made.item = self.shape(media.item_schema)
        return made

    def part(self, encoding: dict[str, Any], at: str, media: Media, lowering: Lowering, *, styles: bool) -> PartPlan:
        """Plan a field of a form, or a part of another multipart body (OpenAPI 3.1.1, 4.8.15; 3.2.0, 4.15)."""
        style = str(encoding.get("style", "form")) if styles else "form"
        nested = [key for key in ("prefixEncoding", "itemEncoding", "encoding") if key in encoding]

        def inner(written: Any, *steps: str | int) -> PartPlan:
            return self.part(_map(written), join(at, *steps), media, lowering, styles=styles)

        prefix = encoding.get("prefixEncoding")
        return PartPlan(
            content_type=str(encoding.get("contentType", "")),
            style=style,
            explode=encoding.get("explode", style == "form") is True if styles else True,
            styled=styles and any(key in encoding for key in _STYLED),
            itemwise=self.api.dialect.sequences,
            pointer=at,
            headers=[
                self.parameter(header, lowering)
                for header in media.part_headers.get(at, ())
                if header.name.lower() != "content-type"
            ],
            inner=MediaPlan(
                "",
                at,
                parts={name: inner(item, "encoding", name) for name, item in _map(encoding.get("encoding")).items()},
                prefix_parts=[
                    inner(item, "prefixEncoding", index)
                    for index, item in enumerate(prefix if isinstance(prefix, list) else ())
                ],
                item_part=inner(encoding["itemEncoding"], "itemEncoding") if "itemEncoding" in encoding else None,
            )
            if nested
            else None,
        )

    def shape(self, *group: Schema) -> Shape:
        """Give the shape of a value that schemas describe together; a recursive one leads back to itself."""
        key = tuple(schema.pointer for schema in group)
        if key in self.shapes:
            return self.shapes[key]
        parts = self._parts(group)
        known = [types for schema in group if (types := types_of(self.api, schema)) != ALL_TYPES]
        # Where the schemas themselves do not say, those that apply under conditions may.
        known = known or [types for part in parts if (types := types_of(self.api, part)) != ALL_TYPES]
        made = self.shapes[key] = Shape(frozenset().union(*known) if known else ALL_TYPES)
        items = _below(parts, "items", dict) + _below(parts, "unevaluatedItems", dict)
        made.item = self.shape(*items) if items else None
        made.prefix = self._prefix(parts)
        for name in dict.fromkeys(name for value, _ in parts for name in _map(value.get("properties"))):
            found = [
                Schema(value["properties"][name], join(at, "properties", name))
                for value, at in parts
                if name in _map(value.get("properties"))
            ]
            made.properties[name] = self.shape(*found)
        made.patterns = [
            (pattern, self.shape(Schema(item, join(at, "patternProperties", pattern))))
            for value, at in parts
            for pattern, item in _map(value.get("patternProperties")).items()
        ]
        rest = _below(parts, "additionalProperties", dict) + _below(parts, "unevaluatedProperties", dict)
        made.rest = self.shape(*rest) if rest else None
        closed = _below(parts, "additionalProperties", bool, value=False)
        made.is_free = not closed and (
            not (made.properties or made.patterns) or bool(_below(parts, "additionalProperties", bool, value=True))
        )
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
        """Every schema that says something of the value, also under a condition; each once."""
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
                stack += [Schema(value[keyword], join(at, keyword)) for keyword in ("then", "else") if keyword in value]
                stack += [
                    Schema(item, join(at, "dependentSchemas", name))
                    for name, item in _map(value.get("dependentSchemas")).items()
                ]
                if isinstance(value.get("$dynamicRef"), str):
                    stack.append(Schema(*self.api.documents.target(value["$dynamicRef"], at)))
        return list(found.values())


def _below(parts: list[Schema], keyword: str, kind: type, *, value: bool | None = None) -> list[Schema]:
    """Give the values of a keyword that are of a kind."""
    found = [Schema(part[keyword], join(at, keyword)) for part, at in parts if isinstance(part.get(keyword), kind)]
    return [item for item in found if value is None or item.value is value]


def _credential(scheme: SecurityScheme) -> CredentialPlan:
    return CredentialPlan(scheme.type, scheme.place, scheme.parameter, scheme.scheme)


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
