"""Making one value: try after try, each judged, until one is accepted."""

from __future__ import annotations

from math import prod
from random import Random
from typing import TYPE_CHECKING, Any

from levelbook.lower import INTEGER_BOUNDS
from levelbook.meaning import meaning_of
from levelbook.values.attempt import AMOUNTS, LEAST, Attempt
from levelbook.values.choices import choices_of, discriminated
from levelbook.values.impossible import Endless, Exhausted, Impossible
from levelbook.values.inside import array, object_
from levelbook.values.numbers import number
from levelbook.values.texts import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Schema
    from levelbook.meaning import Meaning
    from levelbook.values.attempt import Group
    from levelbook.values.values import Values

_ROUNDS = 8  # in which all ways are tried, for each choice
_MOST = 40  # choices that are tried
_STEPS = 6000  # values that are tried in all, before the search ends
_WIDE = 1500  # values after which only what must be there is made
_TEXTS = 40  # texts that are looked at in one try
_ORDER = ("object", "array", "string", "integer", "number", "boolean", "null")


class Making:
    """The making of one value; counts what has been tried, so that it ends."""

    def __init__(self, values: Values, salt: str) -> None:
        self.values = values
        self.salt = salt
        self.steps = 0
        self.failed: dict[tuple[str, ...], str] = {}

    def whole(self, group: Group) -> Any:
        """Give a value that is accepted. Raises Impossible."""
        value = self.value(group, "", frozenset())
        if not self.values.accepts(group)(value):
            keyword = self.values.refused_by(group, value)
            raise Impossible(f"the last value that was tried fails `{keyword}`")
        return value

    def value(
        self, group: Group, where: str, above: frozenset[tuple[str, ...]], before: int = 0, *, plainly: bool = False
    ) -> Any:
        """Give the first accepted value, or the last that was tried: whoever asked may have use for it.

        ``before`` counts the tries of what it is made for; ``plainly`` leaves nothing to chance. Raises Impossible
        where there is not even one that was tried.
        """
        key = tuple(schema.pointer for schema in group)
        if key in above:
            raise Endless("its schema needs itself")
        if key in self.failed:
            raise Impossible(self.failed[key])
        accepts = self.values.accepts(group)
        tried: list[Any] = []
        endless, reason = False, "no value that its schema accepts was found"
        for attempt in self._attempts(group, where, above | {key}, before, plainly=plainly):
            try:
                made = self._made(group, attempt)
            except Exhausted:
                raise
            except Impossible as error:
                endless |= isinstance(error, Endless)
                reason = str(error)
                continue
            if accepts(made):
                return made
            tried.append(made)
        if tried:
            return tried[-1]
        if endless:
            raise Endless(reason)
        self.failed[key] = reason
        raise Impossible(reason)

    def _attempts(
        self, group: Group, where: str, above: frozenset[tuple[str, ...]], before: int, *, plainly: bool
    ) -> Iterator[Attempt]:
        """Give the tries: every way with all that may be there, then with the least, then with some of it.

        A few more rounds are left to chance. What begins with chance ends without: some values are found plainly only.
        """
        meaning = meaning_of(self.values.api, *group)
        ways = min(prod(len(choice.options) for choice in choices_of(meaning)) * max(1, len(meaning.types)), _MOST)
        last = (ways + _ROUNDS) * AMOUNTS
        begins_plainly = not (self.salt or self.values.seed)
        for count in range(before, before + last):
            self.steps += 1
            if self.steps > _STEPS:
                raise Exhausted("too many values were tried")
            ends = count >= before + last - ways
            is_plain = plainly or (count < ways * AMOUNTS if begins_plainly else ends)
            seed = f"{self.values.seed} {self.salt} {where} {count}"
            amount = LEAST if self.steps > _WIDE and count == 0 else count // ways % AMOUNTS
            chance = None if is_plain else Random(seed)  # noqa: S311  # no secret
            yield Attempt(count, ways, amount, chance, above, where)

    def _made(self, group: Group, attempt: Attempt) -> Any:
        group, meaning = self._chosen(group, attempt)
        accepts = self.values.accepts(group)
        is_asked_to_differ = self.salt and not attempt.where  # a salt asks for another value than the documented one
        if attempt.may_be_known and not is_asked_to_differ:
            known = [value for value in _known(meaning) if accepts(value)]
            if known:
                return attempt.pick(known)
        if meaning.enum is not None:
            allowed = [value for value in meaning.enum if accepts(value)]
            if not allowed:
                raise Impossible("no value of its `enum` is accepted")
            return attempt.pick(allowed)
        value = self._of_type(group, meaning, attempt)
        if isinstance(value, dict) and meaning.discriminators:
            return next(filter(accepts, discriminated(self.values.api, meaning, value)), value)
        return value

    def _chosen(self, group: Group, attempt: Attempt) -> tuple[Group, Meaning]:
        """Take an option of each choice, the first ones in the first tries."""
        api = self.values.api
        rest, taken = attempt.nth, set[str]()
        while True:
            meaning = meaning_of(api, *group)
            choice = next((item for item in choices_of(meaning) if item.pointer not in taken), None)
            if choice is None:
                return group, meaning
            taken.add(choice.pointer)
            rest, index = divmod(rest, len(choice.options))
            if attempt.chance is not None:
                index = attempt.chance.randrange(len(choice.options))
            known = {schema.pointer for schema in group}
            group = (*group, *(item for item in choice.options[index] if item.pointer not in known))

    def _of_type(self, group: Group, meaning: Meaning, attempt: Attempt) -> Any:
        types = [name for name in _ORDER if name in meaning.types]
        if not types:
            raise Impossible("its schema allows no type")
        likely = _likely(meaning)
        types.sort(key=lambda name: name not in likely)
        kind = types[attempt.nth * len(types) // attempt.ways % len(types)]
        if kind == "object":
            return object_(self, meaning, attempt)
        if kind == "array":
            return array(self, meaning, attempt)
        if kind == "string":
            return self._text(group, meaning, attempt)
        if kind in ("integer", "number"):
            return number(list(_bounding(meaning, kind)), whole=kind == "integer", chance=attempt.chance)
        return attempt.pick([True, False]) if kind == "boolean" else None

    def _text(self, group: Group, meaning: Meaning, attempt: Attempt) -> str:
        bounds = meaning.constraints
        least, most = bounds.get("minLength", 0), bounds.get("maxLength")
        patterns = list(meaning.patterns)
        found = texts(
            meaning.formats,
            patterns,
            least if isinstance(least, int) else 0,
            most if isinstance(most, int) else None,
            attempt.chance,
        )
        accepts = self.values.accepts(group)
        tried = [text for _, text in zip(range(_TEXTS), found, strict=False)]
        return next(filter(accepts, tried), tried[-1])

    def below(self, group: Group, step: str, attempt: Attempt, extra: int = 0) -> Any:
        """Make a value that lies inside of another; ``extra`` counts its tries beside those of the outer one."""
        if not group:
            return "string"
        before = max(0, attempt.nth - AMOUNTS * attempt.ways + 1) + extra
        plainly = attempt.chance is None and not extra
        return self.value(group, f"{attempt.where}/{step}", attempt.above, before, plainly=plainly)

    def is_hidden(self, group: tuple[Schema, ...]) -> bool:
        """Say whether a property does not stand in this direction."""
        meaning = meaning_of(self.values.api, *group)
        return meaning.write_only if self.values.hidden == "writeOnly" else meaning.read_only


def _known(meaning: Meaning) -> list[Any]:
    """Give the values that the document shows; an empty default shows little."""
    return [*meaning.examples, *(value for value in meaning.default if value not in ([], {}))]


def _bounding(meaning: Meaning, kind: str) -> Iterator[dict[str, Any]]:
    """Give the schemas that bound a number, with the bounds of its formats."""
    yield from (source.value for source in meaning.sources)
    for name in meaning.formats if kind == "integer" else ():
        if name in INTEGER_BOUNDS:
            yield dict(zip(("minimum", "maximum"), INTEGER_BOUNDS[name], strict=True))


def _likely(meaning: Meaning) -> set[str]:
    """Guess the type that is meant where several are possible: the one that most is said of."""
    found = set()
    if meaning.properties or meaning.required or meaning.additional:
        found.add("object")
    if meaning.items or meaning.prefix_items:
        found.add("array")
    if meaning.formats or meaning.patterns or {"minLength", "maxLength"} & meaning.constraints.keys():
        found.add("string")
    if {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"} & meaning.constraints.keys():
        found |= {"integer", "number"}
    return found or {"string"}
