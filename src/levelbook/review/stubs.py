"""Notes that a review misses, as stubs: at which element each would stand, and what would turn it back.

>>> differing = patch_to({"type": "string", "maxLength": 5}, {"type": "string"}, ["maxLength"])
>>> differing
{'maxLength': None}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from levelbook.elements import ABSENT
from levelbook.levels import is_assigned, position
from levelbook.patch import merge
from levelbook.pointer import join, parent, split, within
from levelbook.reach import value_at
from levelbook.review.comings import came, is_value, went
from levelbook.walk import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api
    from levelbook.levels import Level
    from levelbook.review.change import Change
    from levelbook.review.reviewed import Reviewed

_LISTS = frozenset(
    {"parameters", "enum", "required", "oneOf", "anyOf", "allOf", "prefixItems", "servers", "security", "tags"}
)
_PRESENTATION = frozenset({"description", "summary", "title", "example", "examples", "tags", "x-changes"})
_KINDS = {"deprecated": "deprecated", "reactivated": "undeprecated"}
_WIDTH = 60  # of a value in a sentence
NEXT = "next"


@dataclass(frozen=True, slots=True)
class Stub:
    """A note to write beside the element at ``pointer`` of HEAD: ``before`` is a merge patch, or None.

    ``value`` is the enum value that is new, where that is all there is; ``changes`` are the ids of what it tells of.
    """

    pointer: str
    kind: str
    level: Level
    text: str
    before: dict[str, Any] | None = None
    value: Any = ABSENT
    changes: tuple[str, ...] = ()


def level_of_stubs(reviewed: Reviewed) -> Level:
    """Give the level that changes have: HEAD's, if it was raised, else the one that a release assigns."""
    base, head = reviewed.base.level, reviewed.head.level
    if head is None or not is_assigned(head) or (base is not None and position(head, None) <= position(base, None)):
        return NEXT
    return head


def stubs(reviewed: Reviewed, base: Api, head: Api, covering: frozenset[str] = frozenset()) -> list[Stub]:
    """Give a stub for every change that no note tells of, those of one element together.

    The changes whose ids are in ``covering`` get one that covers, for none that turns back was found.
    """
    level = level_of_stubs(reviewed)
    missing = [row.change for row in reviewed.rows if row.problem is not None and not row.standing.why]
    made = [_stub(change, base, head, level, covers=change.id in covering) for change in missing]
    whole = [stub for stub in made if stub.kind == "added"]
    kept = [stub for stub in made if not any(_inside(stub, other) for other in whole)]
    return _together(kept)


def _stub(change: Change, base: Api, head: Api, level: Level, *, covers: bool) -> Stub:
    element = value_at(head.documents, change.head_pointer) if change.head_pointer else head.documents.main.data
    ids = (change.id,)
    if came(change) and isinstance(element, dict) and not covers and element.get("in") != "path":
        return Stub(change.head_pointer, "added", level, "", changes=ids)
    host, way = _host(head, change.head_pointer)
    kind = "removed" if went(change) else _KINDS.get(change.kind, "changed")
    if covers:
        return Stub(host, "changed", level, _facts(change), changes=ids)
    base_host, base_way = _host(base, change.base_pointer)
    if kind == "removed" and len(split(change.base_pointer)) > len(split(change.head_pointer)):
        host, base_host, base_way = _above_what_went(change, host)
    if change.facet == "required" and split(host)[-2:-1] == ["properties"]:  # a name in a list of what holds it
        host, base_host, base_way = parent(parent(host)), parent(parent(base_host)), ["required"]
    then, now = value_at(base.documents, base_host), value_at(head.documents, host)
    if not isinstance(then, dict) or not isinstance(now, dict):
        return Stub(host, "changed", level, _facts(change), changes=ids)
    before = patch_of(now, then, base_way or way, change.facet)
    value = ABSENT
    if set(before) == {"enum"} and isinstance(before["enum"], list) and isinstance(now.get("enum"), list):
        new = [item for item in now["enum"] if item not in before["enum"]]
        value = new[0] if len(new) == 1 and len(now["enum"]) == len(before["enum"]) + 1 else ABSENT
    return Stub(host, kind, level, _facts(change), before or None, value, ids)


def patch_of(now: dict[str, Any], then: dict[str, Any], way: list[str], facet: str) -> dict[str, Any]:
    """Give the merge patch for what changed below an element, or in all of it where there is no way to it."""
    if way:
        return patch_to(now, then, way)
    keys = [facet] if now.get(facet) != then.get(facet) else [*now, *then]
    patch: dict[str, Any] = {}
    for key in dict.fromkeys(keys):
        if key not in _PRESENTATION and now.get(key) != then.get(key):
            patch |= patch_to(now, then, [key])
    return patch


def patch_to(now: dict[str, Any], then: dict[str, Any], way: list[str]) -> dict[str, Any]:
    """Give the merge patch that turns what stands on a way below an element into what it was; lists as a whole."""
    key, *rest = way
    if key not in then:
        return {key: None}
    below, after = then[key], now.get(key)
    if key == "parameters":
        return {key: [item for item in below if item not in (after or [])]}
    if not rest or not isinstance(below, dict) or not isinstance(after, dict):
        patch: dict[str, Any] = {key: below if not isinstance(below, dict) else _replacing(after, below)}
    else:
        patch = {key: patch_to(after, below, rest)}
    required = then.get("required")
    if key == "properties" and rest and isinstance(required, list) and required != now.get("required"):
        patch["required"] = required
    return patch


def _replacing(after: Any, below: dict[str, Any]) -> dict[str, Any]:
    """Give a merge patch that leaves nothing of what is there now."""
    gone = dict.fromkeys(after, None) if isinstance(after, dict) else {}
    return gone | below


def _host(api: Api, pointer: str) -> tuple[str, list[str]]:
    """Give the nearest element at or above a pointer that a note can stand beside, and the way from there."""
    tokens, way = split(pointer), list[str]()
    while tokens:
        at = join(pointer[: len(pointer) - len(join("", *split(pointer)))], *tokens)
        above = tokens[-2] if len(tokens) > 1 else ""
        holder_is_named = tokens[-1] in NAMED and not (len(tokens) > 1 and above in NAMED)
        if isinstance(value_at(api.documents, at), dict) and not holder_is_named:
            return at, way
        way.insert(0, tokens.pop())
    return "", way


def _above_what_went(change: Change, host: str) -> tuple[str, str, list[str]]:
    """Give the element of HEAD that lost something, the same in BASE, and the way to it."""
    tokens = split(change.base_pointer)
    if within(change.base_pointer, host):  # what is gone with all around it comes back whole
        return host, host, tokens[len(split(host)) :]
    steps = 2 if len(tokens) > 1 and (tokens[-2] in NAMED or tokens[-2] in _LISTS) else 1
    at = change.base_pointer
    for _ in range(steps):
        at = parent(at)
    return host, at, tokens[-steps:]


def _inside(stub: Stub, whole: Stub) -> bool:
    return stub is not whole and stub.pointer != whole.pointer and within(stub.pointer, whole.pointer)


def _turns_back_alike(one: Stub, other: Stub) -> bool:
    """Say whether two stubs say the same of what was, so that one of them would find nothing left to turn back."""
    return one.pointer == other.pointer and one.before is not None and one.before == other.before


def _together(made: Iterable[Stub]) -> list[Stub]:
    """Make one stub of those that stand beside one element and are of one kind."""
    groups: dict[tuple[str, str, bool], Stub] = {}
    for stub in made:
        key = (stub.pointer, stub.kind, stub.before is None)
        alike = next((one for one in groups.items() if _turns_back_alike(one[1], stub)), None)
        key, known = alike or (key, groups.get(key))
        if known is None:
            groups[key] = stub
            continue
        texts = dict.fromkeys([*filter(None, [known.text, stub.text])])
        groups[key] = Stub(
            stub.pointer,
            stub.kind,
            stub.level,
            "; ".join(texts),
            merge(known.before, stub.before) if stub.before is not None else None,
            ABSENT,
            (*known.changes, *stub.changes),
        )
    return list(groups.values())


def _facts(change: Change) -> str:
    """Say what changed, as the beginning of a sentence that somebody will make better."""
    name = (split(change.base_pointer or change.head_pointer) or ["it"])[-1]
    if is_value(change):
        value, what = (change.was, "removed") if change.now is None else (change.now, "added")
        return f"{_value(value)} was {what}"
    if went(change):
        return f"`{change.was if isinstance(change.was, str) else name}` was removed"
    name = (split(change.head_pointer) or [name])[-1]
    if came(change):
        return f"`{change.now if isinstance(change.now, str) else name}` was added"
    if change.facet == "nullable":
        return "it may be null" if change.now else "it may no longer be null"
    if change.facet == "required":
        return f"`{name}` became {'required' if change.now else 'optional'}"
    if change.was is None and change.now is None:
        return f"`{change.facet}` changed"
    return f"`{name}` was {_value(change.was)} and is {_value(change.now)}"


def _value(value: Any) -> str:
    if value is None:
        return "not there"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return f"`{text if len(text) <= _WIDTH else text[: _WIDTH - 1] + '…'}`"
