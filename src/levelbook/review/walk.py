"""Two schemas, compared facet by facet, down to where they are alike; each pair of schemas once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.address import label
from levelbook.api import Schema
from levelbook.meaning import component_name, meaning_of, members
from levelbook.pointer import join
from levelbook.review.facets import Difference, differences, without_spellings
from levelbook.review.inside import (
    additional,
    applied_difference,
    closedness,
    contained,
    items_difference,
    kebab,
    place_difference,
    property_difference,
    required_difference,
    undeclared_required,
)
from levelbook.review.lifecycle import stability_of
from levelbook.review.marks import mark_differences
from levelbook.review.members import all_of_changes, are_disjoint, exact_pairs, pairs_of
from levelbook.review.shape import Shape, shape_of
from levelbook.review.sides import sides
from levelbook.review.spot import Found, Spot, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.api import Api
    from levelbook.review.policy import Policy
    from levelbook.review.sameness import Sameness

_Union = tuple[str, list[Schema]]
_NO_UNION: _Union = ("", [])
_FLIPS = frozenset({"not", "if", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties"})
_RESPELT = frozenset({"type", "nullable", "enum", "const", "one-of", "any-of", "not"})
_UNITED = frozenset({"union", "wrapped", "one-of", "any-of"})
_ALONE = frozenset({"type", "nullable", "enum", "const", "items"})  # where the others say as much without them
_DEEP = 60  # steps into a value; what recurs is met again long before


class Walk:
    """Compares schemas of two documents; what was compared before is only used once more.

    ``equivalent`` decides whether two groups accept the same values, however they are written.
    """

    def __init__(
        self, base: Api, head: Api, policy: Policy, sameness: Sameness, equivalent: Callable[[Spot], bool]
    ) -> None:
        self.base = base
        self.head = head
        self.policy = policy
        self.sameness = sameness
        self.equivalent = equivalent
        self.found: list[Found] = []
        self.seen: set[tuple[Any, ...]] = set()
        self.uses: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
        self.users: dict[tuple[Any, ...], set[str]] = {}
        self.within: list[tuple[Any, ...]] = []

    def compare(self, spot: Spot) -> None:
        """Compare what stands at a spot, and all that is inside of it."""
        if self._same(spot.base, spot.head):
            return
        spot, component = self._entered(spot)
        key = (
            spot.site.place,
            spot.site.is_outgoing,
            bool(spot.steps),
            _pointers(spot.base),
            _pointers(spot.head),
            component,
        )
        if self.within:
            self.uses.setdefault(self.within[-1], set()).add(key)
        self.users.setdefault(key, set()).add(spot.site.name_of_operation)
        if key in self.seen or len(spot.steps) > _DEEP:
            return
        self.seen.add(key)
        self.within.append(key)
        self._facets(spot)
        self.within.pop()

    def _same(self, base: tuple[Schema, ...], head: tuple[Schema, ...]) -> bool:
        return len(base) == len(head) and all(map(self.sameness.of, base, head))

    def _entered(self, spot: Spot) -> tuple[Spot, str]:
        """Begin a new root where both documents go to a component of one name."""
        names = [_component(api, group) for api, group in ((self.base, spot.base), (self.head, spot.head))]
        if names[0] and names[0] == names[1]:
            return spot.below_component(names[0]), names[0]
        return spot, ""

    def _facets(self, spot: Spot) -> None:
        base, head = self._shapes(spot)
        start = len(self.found)
        is_wrapped = self._unions(spot, base, head)
        found = () if is_wrapped else differences(base, head)
        for difference in without_spellings(found) if self.policy.formats == "annotation" else found:
            self._add(spot, difference, base, head)
        self._applied(spot, base, head)
        self._respelt(spot, start)
        for difference in mark_differences(base, head, self.policy, spot.site.stability):
            self._add(spot, difference, base, head)
        start = len(self.found)
        if not is_wrapped:
            self._properties(spot, base, head)
            self._others(spot, base, head)
            self._items(spot, base, head)
        self._respelt(spot, start)

    def _respelt(self, spot: Spot, start: int) -> None:
        """Forget what was found of a spot since then, if it is one thing said with other keywords.

        A keyword that does nothing where it stands, and is gone or new, is something to tell of even so.
        """
        key = self.within[-1]
        facets = {item.difference.facet for item in self.found[start:] if item.key == key}
        is_respelt = facets & {"union", "wrapped"} or len(facets & _RESPELT) > 1 or (facets and facets <= _ALONE)
        if is_respelt and self.equivalent(spot):  # members of a union were compared with what they are not
            kept = () if facets & _UNITED else (item for item in self.found[start:] if item.key != key)
            self.found[start:] = [*kept]

    def _shapes(self, spot: Spot) -> tuple[Shape, Shape]:
        """Give what to compare: without the members of ``allOf`` that are gone or new, which are facts of their own."""
        gone, come = all_of_changes(self.base, self.head, spot)
        whole = shape_of(self.base, spot.base), shape_of(self.head, spot.head)
        if not gone and not come:
            return whole
        base = shape_of(self.base, spot.base, frozenset(item.pointer for item in gone))
        head = shape_of(self.head, spot.head, frozenset(item.pointer for item in come))
        if not _differ(*whole) and _differ(base, head):
            return whole  # a member is written in its place, or the other way round
        for item in gone:
            said = Difference("all-of", "removed", label(item.value), None, {"allOf": [item]}, True, "allOf")
            self.note(spot, said, item.pointer, spot.head[0].pointer)
        for item in come:
            said = Difference("all-of", "added", None, label(item.value), True, {"allOf": [item]}, "allOf")
            self.note(spot, said, spot.base[0].pointer, item.pointer)
        return base, head

    def _add(self, spot: Spot, difference: Difference, base: Shape, head: Shape) -> None:
        ends = _at(base, difference.keyword), _at(head, difference.keyword)
        if difference.facet == "nullable" and (union := head.null_at or base.null_at):
            ends = base.null_at or base.beside(union), head.null_at or head.beside(union)
        self.note(spot, difference, *ends)

    def note(  # noqa: PLR0913, PLR0917  # a difference, and where it is in both documents
        self, spot: Spot, difference: Difference, base_at: str, head_at: str, holder: Spot | None = None,
        *, was_deprecated: bool = False,
    ) -> None:  # fmt: skip
        """Keep a difference; ``holder`` is the spot that its demands are of."""
        key = self.within[-1]
        self.found.append(Found(spot, difference, base_at, head_at, key, holder or spot, was_deprecated))

    # -- objects and arrays ----------------------------------------------------------------------------------------

    def _properties(self, spot: Spot, base: Shape, head: Shape) -> None:
        olds, news = base.properties, head.properties
        for name in [*olds, *(name for name in news if name not in olds)]:
            self._property(spot, name, (tuple(olds.get(name, ())), tuple(news.get(name, ()))), base, head)
        for difference in undeclared_required(base, head, {*olds, *news}):
            self._add(spot, difference, base, head)

    def _property(
        self, spot: Spot, name: str, groups: tuple[tuple[Schema, ...], tuple[Schema, ...]], base: Shape, head: Shape
    ) -> None:
        was, now = groups
        needed = (name in base.meaning.required, name in head.meaning.required)
        if needed[0] == needed[1] and was and self._same(was, now):
            return
        demanded = (
            needed[0] and not self._is_hidden(self.base, was, spot),
            needed[1] and not self._is_hidden(self.head, now, spot),
        )
        there = shape_of(self.head, now) if now else shape_of(self.base, was)
        hidden = self._is_hidden(self.head if now else self.base, now or was, spot)
        level = stability_of(shape_of(self.base, was).marks) if was else ""
        below = spot.below(
            Step(".", name), was, now, f".{name}", is_hidden=spot.is_hidden or hidden, is_required=needed[1],
            level=level or spot.level,
        )  # fmt: skip
        at = (
            was[0].pointer if was else base.holder(now[0].pointer),
            now[0].pointer if now else head.holder(was[0].pointer),
        )
        has_default = "default" in there.marks
        if not was or not now:
            said = property_difference(
                name, was or now, needed, base, head, is_new=not was, has_default=has_default, demanded=any(demanded)
            )
            self.note(below, said, *at, spot, was_deprecated=there.meaning.deprecated)
            return
        more = (False, True) if spot.site.client_sends else (True, False)
        if demanded[0] != demanded[1] and (needed[0] != needed[1] or demanded == more):
            self.note(below, required_difference(name, demanded, has_default=has_default), *at, spot)
        self.compare(below)

    @staticmethod
    def _is_hidden(api: Api, group: tuple[Schema, ...], spot: Spot) -> bool:
        """Say whether a property does not stand in this direction: then nobody requires it (OpenAPI 3.1.1, 4.8.24)."""
        if not group:
            return False
        meaning = meaning_of(api, *group)
        return meaning.read_only if spot.site.direction == "request" else meaning.write_only

    def _others(self, spot: Spot, base: Shape, head: Shape) -> None:
        was, now = additional(base), additional(head)
        if was and now and was[0].value is not False and now[0].value is not False:
            self.compare(spot.below(Step("{}"), was, now, "{}"))
        elif difference := closedness(base, head):
            self._add(spot, difference, base, head)

    def _items(self, spot: Spot, base: Shape, head: Shape) -> None:
        olds, news = base.meaning.prefix_items, head.meaning.prefix_items
        for index in range(max(len(olds), len(news))):
            was = tuple(olds[index]) if index < len(olds) else ()
            now = tuple(news[index]) if index < len(news) else ()
            if was and now:
                self.compare(spot.below(Step("[]", str(index)), was, now, f"[{index}]"))
            else:
                self._add(spot, place_difference(index, was, now, base, head), base, head)
        was, now = tuple(base.meaning.items), tuple(head.meaning.items)
        if was and now:
            self.compare(spot.below(Step("[]"), was, now, "[]"))
        elif was or now:
            self._add(spot, items_difference(was, now, max(len(olds), len(news))), base, head)

    # -- unions and the rest ---------------------------------------------------------------------------------------

    def _unions(self, spot: Spot, base: Shape, head: Shape) -> bool:
        """Compare unions; say whether one document has a union where the other says all of it in one schema."""
        if bool(base.unions) != bool(head.unions):
            return self._wrapped(spot, base, head)
        for index in range(max(len(base.unions), len(head.unions))):
            was = base.unions[index] if index < len(base.unions) else _NO_UNION
            now = head.unions[index] if index < len(head.unions) else _NO_UNION
            self._union(spot, was, now, base, head)
        return False

    def _wrapped(self, spot: Spot, base: Shape, head: Shape) -> bool:
        """Compare a schema with a union: what was there alone may be a member of it."""
        is_new = bool(head.unions)
        keyword, union = (head if is_new else base).unions[0]
        plain = base if is_new else head
        alone = list(plain.group)
        pairs = exact_pairs(self.base, alone if is_new else union, self.head, union if is_new else alone)[0]
        if len(alone) == 1 and len(pairs) == 1 and _is_of_union(head if is_new else base):
            both = ((keyword, alone), (keyword, union)) if is_new else ((keyword, union), (keyword, alone))
            self._union(spot, *both, base, head)
            return True
        if not plain.properties:
            both = (_NO_UNION, (keyword, union)) if is_new else ((keyword, union), _NO_UNION)
            self._union(spot, *both, base, head)
            return False
        action = f"wrapped-in-{kebab(keyword)}" if is_new else f"unwrapped-from-{kebab(keyword)}"
        self._add(spot, Difference("wrapped", action, None, None, spot.base, spot.head, keyword), base, head)
        return True

    def _union(self, spot: Spot, was: _Union, now: _Union, base: Shape, head: Shape) -> None:
        pairs, gone, come = pairs_of(self.base, was[1], self.head, now[1])
        keyword = now[0] or was[0]
        whole = sides({side[0]: side[1]} if side[0] else True for side in (was, now))
        if was[0] and now[0] and was[0] != now[0]:
            self._add(spot, Difference("union", "changed", was[0], now[0], *whole, keyword), base, head)
        before = len(self.found)
        told_apart = self._are_told_apart(was, now)
        certain = spot.is_certain and (told_apart or not self.policy.exclusive_unions)
        assumed = spot.is_assumed or not told_apart
        for old, new in pairs:
            name = label(new.value)
            step = Step("<>", name, old, new)
            self.compare(spot.below(step, (old,), (new,), f"<{name}>", is_certain=certain, is_assumed=assumed))
        is_alone = len(self.found) == before
        for item in gone:  # what the member accepted, the others may accept; that only one does may matter to oneOf
            alone = was[0] == "oneOf" and is_alone and not come
            demands = (whole[0] if alone or not now[0] else True, whole[1])
            said = Difference(kebab(keyword), "removed", label(item.value), None, *sides(demands), keyword, part=item)
            self.note(spot, said, item.pointer, head.pointer)
        for item in come:
            demands = (whole[0], whole[1] if now[0] == "oneOf" and is_alone and not gone else True)
            if not was[0]:
                demands = (True, whole[1])
            said = Difference(kebab(keyword), "added", None, label(item.value), *sides(demands), keyword, part=item)
            self.note(spot, said, base.pointer, item.pointer)

    def _are_told_apart(self, was: _Union, now: _Union) -> bool:
        """Say whether a wider member makes a wider union: in ``oneOf``, only if no value meets two of them."""
        unions = ((self.base, was), (self.head, now))
        return all(keyword != "oneOf" or are_disjoint(api, members) for api, (keyword, members) in unions)

    def _applied(self, spot: Spot, base: Shape, head: Shape) -> None:
        olds, news = _effective(base), _effective(head)
        for keyword, name in [*olds, *(key for key in news if key not in olds)]:
            was, now = olds.get((keyword, name)), news.get((keyword, name))
            if was is None or now is None:
                self._add(spot, applied_difference(keyword, name, was, now, base, head), base, head)
                continue
            path = f"{{{name}}}" if keyword == "patternProperties" else f" {keyword}" + (f" {name}" if name else "")
            certain = spot.is_certain and keyword not in _FLIPS
            self.compare(spot.below(Step(keyword, name), (was,), (now,), path, is_certain=certain))
            if keyword == "contains":
                for difference in contained(base, head, was, now):
                    self._add(spot, difference, base, head)

    def keep(self, spot: Spot, difference: Difference, base_at: str, head_at: str) -> None:
        """Keep a difference that was found elsewhere, as one of a spot's."""
        key = ("extra", len(self.found))
        self.users[key] = {spot.site.name_of_operation}
        self.within.append(key)
        self.note(spot, difference, base_at, head_at)
        self.within.pop()

    def results(self) -> Iterator[tuple[Found, tuple[str, ...]]]:
        """Give what was found, each with the operations in which it shows: those that lead to its place."""
        todo = list(self.users)
        while todo:
            key = todo.pop()
            for below in self.uses.get(key, ()):
                if not self.users[key] <= self.users[below]:
                    self.users[below] |= self.users[key]
                    todo.append(below)
        for item in self.found:
            yield item, tuple(sorted(self.users[item.key]))


def _effective(shape: Shape) -> dict[tuple[str, str], Schema]:
    """Give the schemas of keywords that do something: a condition and what follows from it do nothing alone."""
    found = {(keyword, name): schema for keyword, name, schema in shape.meaning.applied}
    alone = (
        ("then", "else")
        if ("if", "") not in found
        else ("if",)
        if not {("then", ""), ("else", "")} & found.keys()
        else ()
    )
    return {key: schema for key, schema in found.items() if key[0] not in alone}


def _differ(base: Shape, head: Shape) -> bool:
    """Say whether two shapes differ in what they say of the value, or in what they name."""
    if base.properties.keys() != head.properties.keys():
        return True
    if base.meaning.required != head.meaning.required or len(base.unions) != len(head.unions):
        return True
    return next(differences(base, head), None) is not None


def _is_of_union(shape: Shape) -> bool:
    """Say whether a shape is nothing but a union."""
    return not shape.properties and len(shape.unions) == 1


def _pointers(group: tuple[Schema, ...]) -> tuple[str, ...]:
    return tuple(schema.pointer for schema in group)


def _component(api: Api, group: tuple[Schema, ...]) -> str:
    """Give the component that a group is a plain reference to."""
    if len(group) != 1 or not isinstance(group[0].value, dict) or "$ref" not in group[0].value:
        return ""
    if len(group[0].value) > 1 and api.dialect.ref_siblings:
        return ""
    first = next(iter(members(api, group[0])), None)
    return component_name(first.pointer) if first is not None else ""


def _at(shape: Shape, keyword: str) -> str:
    """Give the pointer of a keyword where a shape has it, else of the shape."""
    for value, pointer in shape.meaning.sources:
        if keyword and keyword in value:
            return join(pointer, keyword)
    return shape.pointer
