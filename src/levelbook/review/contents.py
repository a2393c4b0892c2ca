"""What an operation takes and gives, compared: parameters, bodies, statuses, media types, headers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.meaning import judged_parameters
from levelbook.review.encodings import encodings
from levelbook.review.exchanges import Probe
from levelbook.review.facets import Difference
from levelbook.review.fact import Fact, Pair, value_at
from levelbook.review.lifecycle import deprecation, removal
from levelbook.review.media import covering, is_octets, is_sole, is_unread, media_address, plainly, renamed
from levelbook.review.shape import shape_of
from levelbook.review.sides import sides
from levelbook.review.spot import Site, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Media, Operation, Parameter, Response, Schema
    from levelbook.review.policy import Policy

_SCALARS = frozenset({"string", "number", "integer", "boolean"})
_NAME = re.compile(r"\{([^{}]*)\}")
_ANNOUNCED = {
    "reactivated": "request-parameter-reactivated",
    "deprecated": "request-parameter-deprecated",
    "deprecated-with-sunset": "request-parameter-deprecated",
    "sunset-missing": "request-parameter-deprecated-sunset-missing",
    "sunset-invalid": "request-parameter-sunset-parse",
    "sunset-unreadable": "request-parameter-sunset-parse",
    "sunset-too-small": "request-parameter-sunset-date-too-small",
    "sunset-deleted": "request-parameter-sunset-deleted",
    "sunset-changed": "request-parameter-sunset-date-changed",
    "sunset-changed-too-small": "request-parameter-sunset-date-changed-too-small",
}


class Contents:
    """Compares what two versions of an operation take and give: facts for the table, spots for the schemas."""

    def __init__(self, base: Api, head: Api, policy: Policy) -> None:
        self.base = base
        self.head = head
        self.policy = policy
        self.stability = "stable"
        self.spots: list[Spot] = []
        self.schemaless: list[tuple[Spot, Difference, str, str]] = []

    def of(self, pair: Pair, stability: str) -> Iterator[Fact]:
        """Give the facts of an operation; the spots to walk from are kept in ``spots``."""
        self.stability = stability
        yield from self._parameters(pair)
        yield from self._body(pair)
        yield from self._responses(pair)

    # -- parameters ------------------------------------------------------------------------------------------------

    def _parameters(self, pair: Pair) -> Iterator[Fact]:
        olds, news = _named(pair.base), _named(pair.head)
        for key, old in olds.items():
            new = news.get(key)
            if new is None:
                yield self._parameter_gone(pair, old)
            else:
                yield from self._parameter(pair, old, new)
        for key, new in news.items():
            if key not in olds:
                yield self._parameter_new(pair, new)

    def _parameter_gone(self, pair: Pair, old: Parameter) -> Fact:
        how = removal(value_at(self.base, old.pointer), self.policy)
        rule = {
            "without-deprecation": "request-parameter-removed",
            "with-deprecation": "request-parameter-removed-with-deprecation",
            "sunset-parse": "request-parameter-sunset-parse",
            "before-sunset": "request-parameter-removed-before-sunset",
        }[how]
        probe = Probe(pair.base, pair.head, "request", with_=old.name)
        return Fact(
            rule, _place(pair, old), "parameter", "removed", "request", old.name, None, old.pointer,
            pair.head.pointer, (pair.name,), probe,
        )  # fmt: skip

    def _parameter_new(self, pair: Pair, new: Parameter) -> Fact:
        needed = "required" if new.required else "optional"
        rule = f"new-{needed}-request-parameter"
        address = _place(pair, new)
        if new.place == "path":
            rule = "new-request-path-parameter"
        elif _is_of_path(pair.head, new):
            rule = f"new-{needed}-request-default-parameter-to-existing-path"
            address = f"{pair.head.path} > {new.place}:{new.name}"
        probe = Probe(pair.base, pair.head, "request", without=new.name)
        return Fact(
            rule, address, "parameter", f"added {needed}", "request", None, new.name, pair.base.pointer,
            new.pointer, (pair.name,), probe,
        )  # fmt: skip

    def _parameter(self, pair: Pair, old: Parameter, new: Parameter) -> Iterator[Fact]:
        address = _place(pair, new)
        at = (old.pointer, new.pointer)

        def fact(rule: str, facet: str, action: str, was: Any, now: Any, probe: Probe | None = None) -> Fact:
            return Fact(rule, address, facet, action, "request", was, now, *sides(at), (pair.name,), probe)

        if old.required != new.required:
            word = "became-required" if new.required else "became-optional"
            probe = Probe(pair.base, pair.head, "request", without=new.name)
            yield fact(f"request-parameter-{word}", "required", word, old.required, new.required, probe)
        probe = Probe(pair.base, pair.head, "request", with_=old.name)
        for facet in ("style", "explode", "allow_reserved"):
            was, now = getattr(old, facet), getattr(new, facet)
            if was != now and (facet != "explode" or old.style == new.style):
                said = fact(f"request-parameter-{facet.replace('_', '-')}-changed", facet, "changed", was, now, probe)
                yield replace(said, is_harmless=self._is_written_alike(old, new))
        marks = [value_at(api, item.pointer) for api, item in ((self.base, old), (self.head, new))]
        word = deprecation(*sides(marks), self.stability, self.policy)
        if word:
            dates = [item.get("x-sunset") if isinstance(item, dict) else None for item in marks]
            yield fact(_ANNOUNCED[word], "deprecated", word, *sides(dates))
        if (old.media and plainly(old.media.type)) != (new.media and plainly(new.media.type)):
            yield from self._wrapped(fact, old, new, probe)
            return
        site = Site(
            "request-parameter", "request", pair.base, pair.head, new.name, base_parameter=old, head_parameter=new
        )
        self._compare(
            replace(site, is_outgoing=pair.is_outgoing, name_of_operation=pair.name, stability=self.stability),
            address,
            _schema(old),
            _schema(new),
        )

    def _is_written_alike(self, old: Parameter, new: Parameter) -> bool:
        """Say whether single values are all there is, which the styles of a query or a header write alike."""
        groups = ((self.base, _schema(old)), (self.head, _schema(new)))
        plain = all(schema is not None and shape_of(api, (schema,)).types <= _SCALARS for api, schema in groups)
        return plain and not {old.style, new.style} & {"label", "matrix", "deepObject"}

    def _wrapped(self, fact: Any, old: Parameter, new: Parameter, probe: Probe) -> Iterator[Fact]:
        was, now = (item.media.type if item.media else None for item in (old, new))
        if was != now:
            yield fact("request-parameter-media-type-changed", "content", "changed", was, now, probe)

    def _compare(self, site: Site, address: str, base: Any, head: Any) -> None:
        if base is not None and head is not None:
            self.spots.append(Spot(site, (base,), (head,), address))

    # -- bodies ----------------------------------------------------------------------------------------------------

    def _body(self, pair: Pair) -> Iterator[Fact]:
        old, new = pair.base.body, pair.head.body
        address = f"{pair.name} > body"

        def fact(  # noqa: PLR0913, PLR0917  # all that differs between the facts of a body
            rule: str, facet: str, action: str, was: Any, now: Any, at: tuple[str, str], probe: Probe | None
        ) -> Fact:
            return Fact(rule, address, facet, action, "request", was, now, *sides(at), (pair.name,), probe)

        probe = Probe(pair.base, pair.head, "request", without="body")
        if old is None and new is not None:
            needed = "required" if new.required else "optional"
            yield fact(
                f"request-body-added-{needed}",
                "body",
                f"added {needed}",
                None,
                needed,
                (pair.base.pointer, new.pointer),
                probe,
            )
        elif old is not None and new is None:
            yield fact(
                "request-body-removed",
                "body",
                "removed",
                True,
                None,
                (old.pointer, pair.head.pointer),
                Probe(pair.base, pair.head, "request", with_="body"),
            )
        elif old is not None and new is not None:
            at = (old.pointer, new.pointer)
            if old.required != new.required:
                word = "became-required" if new.required else "became-optional"
                yield fact(f"request-body-{word}", "required", word, old.required, new.required, at, probe)
            yield from self._contents(pair, "request-body", old.content, new.content, at, "")

    def _contents(  # noqa: PLR0913, PLR0917  # where the media types are, in both documents
        self, pair: Pair, place: str, olds: tuple[Media, ...], news: tuple[Media, ...], at: tuple[str, str], status:
        str,
        responses: tuple[Response | None, Response | None] = (None, None),
    ) -> Iterator[Fact]:  # fmt: skip
        direction: Any = place.partition("-")[0]
        stem = "request-body-media-type" if direction == "request" else "response-media-type"
        was, now = ({plainly(item.type): item for item in side} for side in (olds, news))
        top = f"{pair.name} > {status or 'body'}"
        other_name = renamed(was, now) if direction == "response" else None
        covered: set[str] = set()

        def gone_or_new(action: str, name: str, values: tuple[Any, Any], ends: tuple[str, str]) -> Fact:
            probe = Probe(pair.base, pair.head, direction, status=status, media=name)
            return Fact(
                f"{stem}-{action}",
                f"{top} {name}",
                "media type",
                action,
                direction,
                *values,
                *ends,
                (pair.name,),
                probe,
            )

        for name, old in was.items():
            if other_name and name == other_name[0]:
                yield Fact(
                    f"response-media-type-name-{other_name[2]}", top, "media type", f"name-{other_name[2]}", direction,
                    name,
                    other_name[1], old.pointer, now[other_name[1]].pointer, (pair.name,),
                )  # fmt: skip
                new: Media | None = now[other_name[1]]
            else:
                new = now.get(name)
            if new is None and (wide := covering(name, now)):
                covered.add(wide)
                new = replace(now[wide], type=old.type)
            if new is None:
                yield gone_or_new("removed", name, (name, None), (old.pointer, at[1]))
                continue
            self._schemas(pair, place, old, new, status, responses)
            yield from encodings(pair, place, old, new, media_address(pair, new, status, sole=is_sole(pair, status)))
        for name, new in now.items():
            if name in was or (other_name and name == other_name[1]):
                continue
            yield gone_or_new("added", name, (None, name), (at[0], new.pointer))
            if name not in covered and (wide := covering(name, was)):
                self._schemas(pair, place, replace(was[wide], type=new.type), new, status, responses)

    def _schemas(  # noqa: PLR0913, PLR0917  # where the schemas are, in both documents
        self,
        pair: Pair,
        place: str,
        old: Media,
        new: Media,
        status: str,
        responses: tuple[Response | None, Response | None],
    ) -> None:
        direction: Any = place.partition("-")[0]
        address = media_address(pair, new, status, sole=is_sole(pair, status))
        site = Site(
            place, direction, pair.base, pair.head, status=status, base_media=old, head_media=new,
            base_response=responses[0], head_response=responses[1], is_outgoing=pair.is_outgoing,
            name_of_operation=pair.name, stability=self.stability,
        )  # fmt: skip
        items = replace(site, is_item=True)
        if not (is_unread(new) and is_octets(self.base, old) and is_octets(self.head, new)):
            self._schema(site, address, old.schema, new.schema, "schema")
        self._schema(items, f"{address}[]", old.item_schema, new.item_schema, "itemSchema")

    def _schema(self, site: Site, address: str, old: Schema | None, new: Schema | None, keyword: str) -> None:
        """Compare the schemas of a media type, of which there may be only one."""
        assert site.base_media is not None and site.head_media is not None  # noqa: S101, PT018  # a body's site
        if (old is None) == (new is None):
            self._compare(site, address, old, new)
            return
        groups = [(schema,) if schema is not None else () for schema in (old, new)]
        action = "added" if old is None else "removed"
        said = Difference("media-type-schema", action, None, None, *sides(side or True for side in groups), keyword)
        ends = site.base_media.pointer, site.head_media.pointer
        self.schemaless.append((Spot(site, *sides(groups), address), said, *ends))

    # -- responses -------------------------------------------------------------------------------------------------

    def _responses(self, pair: Pair) -> Iterator[Fact]:
        olds = {item.status: item for item in pair.base.responses}
        news = {item.status: item for item in pair.head.responses}
        for status, old in olds.items():
            if status in news:
                continue
            instead = _instead(news, status)
            if instead is None or instead.status == "default":
                yield _status_fact(pair, status, "removed", old.pointer, pair.head.pointer)
            if instead is not None:
                yield from self._response(pair, old, replace(instead, status=status))
        for status, new in news.items():
            if status in olds:
                yield from self._response(pair, olds[status], new)
                continue
            yield _status_fact(pair, status, "added", pair.base.pointer, new.pointer)
            if (was := _instead(olds, status)) is not None:
                yield from self._response(pair, replace(was, status=status), new)

    def _response(self, pair: Pair, old: Response, new: Response) -> Iterator[Fact]:
        yield from self._headers(pair, old, new)
        at = (old.pointer, new.pointer)
        yield from self._contents(pair, "response-body", old.content, new.content, at, new.status, (old, new))

    def _headers(self, pair: Pair, old: Response, new: Response) -> Iterator[Fact]:
        olds = {item.name.lower(): item for item in old.headers}
        news = {item.name.lower(): item for item in new.headers}
        for key in [*olds, *(name for name in news if name not in olds)]:
            was, now = olds.get(key), news.get(key)
            there = now or was
            assert there is not None  # noqa: S101  # one of both has it
            address = f"{pair.name} > {new.status} header:{there.name}"
            probe = Probe(pair.base, pair.head, "response", status=new.status, without=there.name)
            if was is None or now is None:
                needed = "required" if there.required else "optional"
                rule = "response-header-added" if was is None else f"{needed}-response-header-removed"
                action = "added" if was is None else "removed"
                at = (was.pointer if was else old.pointer, now.pointer if now else new.pointer)
                pair_of = (None, there.name) if was is None else (there.name, None)
                yield Fact(
                    rule,
                    address,
                    "header",
                    f"{action} {needed}",
                    "response",
                    *sides(pair_of),
                    *sides(at),
                    (pair.name,),
                    probe,
                )
                continue
            if was.required != now.required:
                word = "became-required" if now.required else "became-optional"
                yield Fact(
                    f"response-header-{word}", address, "required", word, "response", was.required, now.required,
                    was.pointer, now.pointer, (pair.name,), probe,
                )  # fmt: skip
            site = Site(
                "response-header", "response", pair.base, pair.head, now.name, new.status, base_parameter=was,
                head_parameter=now, base_response=old, head_response=new, is_outgoing=pair.is_outgoing,
                name_of_operation=pair.name, stability=self.stability,
            )  # fmt: skip
            self._compare(site, address, _schema(was), _schema(now))


def _instead(responses: dict[str, Response], status: str) -> Response | None:
    """Give what tells of a status that has no response of its own: that of its class, else the default one."""
    found = responses.get(f"{status[:1]}XX") if status.isdecimal() else None
    return found or (responses.get("default") if status != "default" else None)


def _status_fact(pair: Pair, status: str, action: str, base_pointer: str, head_pointer: str) -> Fact:
    kind = "success" if status[:1] == "2" else "default" if status == "default" else "non-success"
    pair_of = (status, None) if action == "removed" else (None, status)
    probe = Probe(pair.base, pair.head, "response", status=status)
    return Fact(
        f"response-{kind}-status-{action}", f"{pair.name} > {status}", "status", action, "response", *sides(pair_of),
        base_pointer, head_pointer, (pair.name,), probe,
    )  # fmt: skip


def _named(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """Give the parameters by what they are the same by: name and place, and position in the path."""
    order = {name: str(index) for index, name in enumerate(_NAME.findall(operation.path))}
    found = {}
    for item in judged_parameters(operation):
        name = item.name.lower() if item.place == "header" else item.name
        found[item.place, f"{{{order[item.name]}}}" if item.place == "path" and item.name in order else name] = item
    return found


def _is_of_path(operation: Operation, parameter: Parameter) -> bool:
    """Say whether a parameter is its path's: the operation itself does not list it."""
    written = operation.raw.get("parameters")
    if not isinstance(written, list):
        return True
    return not any(
        isinstance(item, dict)
        and ("$ref" in item or (item.get("name") == parameter.name and item.get("in") == parameter.place))
        for item in written
    )


def _place(pair: Pair, parameter: Parameter) -> str:
    return f"{pair.name} > {parameter.place}:{parameter.name}"


def _schema(parameter: Parameter) -> Any:
    return parameter.schema or (parameter.media.schema if parameter.media else None)
