"""Laws of a comparison: nothing differs from itself, edits have mirrors, refactorings are silent, witnesses are true."""

import copy
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from one_schema import api_of, compared, document, judge_of, universe

from levelbook.review.policy import Policy, Waiver
from levelbook.review.rules import mirror_of, rule

NAMES = some.sampled_from(["a", "b", "c"])
LEAVES = some.one_of(
    some.builds(
        lambda low, span: {"type": "integer", "minimum": low, "maximum": low + span},
        some.integers(-2, 3),
        some.integers(0, 4),
    ),
    some.builds(
        lambda low, span: {"type": "string", "minLength": low, "maxLength": low + span},
        some.integers(0, 2),
        some.integers(0, 3),
    ),
    some.builds(lambda items: {"enum": sorted(items)}, some.sets(some.sampled_from(["x", "y", "z"]), min_size=1)),
    some.just({"type": ["string", "null"]}),
    some.just({"type": "boolean"}),
    some.just({}),
)


def _object(properties, required, *, closed):
    held = {"type": "object", "properties": properties, "required": sorted(required & properties.keys())}
    return held | ({"additionalProperties": False} if closed else {})


def composed(inner):
    """Give schemas that hold others."""
    return some.one_of(
        some.builds(_object, some.dictionaries(NAMES, inner, max_size=3), some.sets(NAMES), closed=some.booleans()),
        some.builds(
            lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, some.integers(0, 2)
        ),
        some.builds(lambda one, other: {"anyOf": [one, other]}, inner, inner),
    )


def odd(inner):
    """Give schemas of the keywords that refuse in roundabout ways."""
    return some.one_of(
        some.builds(lambda one, other: {"oneOf": [one, other]}, inner, inner),
        some.builds(lambda one, other: {"allOf": [one, other]}, inner, inner),
        some.builds(lambda items: {"type": "array", "prefixItems": items}, some.lists(inner, min_size=1, max_size=2)),
        some.builds(lambda item: {"type": "object", "patternProperties": {"^x": item}}, inner),
        some.builds(
            lambda item, rest: {"type": "object", "properties": {"a": item}, "additionalProperties": rest}, inner, inner
        ),
        some.builds(lambda item: {"not": item}, inner),
        some.builds(lambda item: {"type": "array", "contains": item}, inner),
    )


SCHEMAS = some.one_of(LEAVES, composed(LEAVES), composed(some.one_of(LEAVES, composed(LEAVES))))
ODD = some.one_of(SCHEMAS, odd(SCHEMAS))
DIRECTIONS = some.sampled_from(["request", "response"])
PLACES = some.sampled_from(["body", "property"])
calmly = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
_SWAPPED = {"breaking", "compatible"}


def turned(value):
    """Write a value with its keys, enumerations and requirements the other way round."""
    if isinstance(value, dict):
        return {
            key: (
                list(reversed(item))
                if key in ("enum", "required", "anyOf", "type") and isinstance(item, list)
                else turned(item)
            )
            for key, item in reversed(value.items())
        }
    return [turned(item) for item in value] if isinstance(value, list) else value


def wrapped(value):
    """Write every schema inside as the one member of an ``allOf``."""
    if not isinstance(value, dict):
        return value
    inner = {
        key: {name: wrapped(item) for name, item in part.items()} if key == "properties" else part
        for key, part in value.items()
    }
    inner |= {"items": wrapped(value["items"])} if "items" in value else {}
    return {"allOf": [inner], "description": "wrapped"}


@calmly
@given(SCHEMAS, DIRECTIONS, PLACES)
def test_nothing_differs_from_itself(schema, direction, place):
    data = document(schema, direction, place)
    assert compared(api_of(data), api_of(copy.deepcopy(data))) == []


@calmly
@given(SCHEMAS, DIRECTIONS, PLACES, some.sampled_from([turned, wrapped]))
def test_refactorings_are_silent(schema, direction, place, rewritten):
    one, other = (api_of(document(side, direction, place)) for side in (schema, rewritten(schema)))
    assert compared(one, other) == []
    assert compared(other, one) == []


@calmly
@given(SCHEMAS, DIRECTIONS, PLACES)
def test_a_schema_may_move_into_a_component(schema, direction, place):
    named = document({"$ref": "#/components/schemas/Named"}, direction, place, components={"Named": schema})
    assert compared(api_of(document(schema, direction, place)), api_of(named)) == []


def _family(name):
    """Leave out what one id of oasdiff tells of several opposites: which way a type went, and what was required."""
    name = name.replace("new-required-", "new-optional-").removesuffix("-with-default")
    return name.partition("-type-")[0] + "-type" if "-type-" in name else name


@calmly
@given(SCHEMAS, SCHEMAS, DIRECTIONS, PLACES)
def test_an_edit_and_its_opposite_mirror_each_other(base, head, direction, place):
    one, other = (api_of(document(side, direction, place)) for side in (base, head))
    there, back = compared(one, other), compared(other, one)
    assert sorted(_family(mirror_of(item.rule)) for item in there) == sorted(_family(item.rule) for item in back)
    assert {
        (item.facet, json.dumps(item.was, sort_keys=True), json.dumps(item.now, sort_keys=True)) for item in there
    } == {(item.facet, json.dumps(item.now, sort_keys=True), json.dumps(item.was, sort_keys=True)) for item in back}


@calmly
@given(SCHEMAS, SCHEMAS, DIRECTIONS, PLACES)
def test_a_witness_is_accepted_by_one_and_refused_by_the_other(base, head, direction, place):
    sides = {"base": api_of(document(base, direction, place)), "head": api_of(document(head, direction, place))}
    judges = {name: judge_of(api) for name, api in sides.items()}
    for change in compared(sides["base"], sides["head"]):
        assert change.verdict != "breaking" or change.witness
        if change.witness:
            other = "head" if change.witness.accepted_by == "base" else "base"
            exchange = (change.witness.request, change.witness.response)
            assert judges[change.witness.accepted_by](*exchange).outcome == "valid"
            refusal = judges[other](*exchange)
            assert refusal.outcome == "invalid"
            assert refusal.problems[0].message == change.witness.problem


@calmly
@given(SCHEMAS, SCHEMAS, DIRECTIONS, PLACES)
def test_every_row_is_one_fact(base, head, direction, place):
    found = compared(*(api_of(document(side, direction, place)) for side in (base, head)))
    assert len({change.id for change in found}) == len(found)
    assert all(rule(change.rule) is not None for change in found), [change.rule for change in found]
    assert all(change.sentence.startswith(change.address) for change in found)


def test_ids_survive_texts_lines_and_references():
    short, long = {"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 3}
    plain = compared(*(api_of(document(side, "request", "property")) for side in (short, long)))
    told = {**long, "description": "Shorter now.", "title": "T"}
    again = compared(*(api_of(document(side, "request", "property")) for side in ({**short, "example": "x"}, told)))
    assert [change.id for change in plain] == [change.id for change in again]
    assert len(plain) == 1


@pytest.mark.parametrize("until", [None, "2030-01-01"])
def test_a_waiver_lets_one_change_pass_until_its_day(until):
    from datetime import date

    sides = [api_of(document(side, "request", "body")) for side in ({"type": "string"}, {"type": "integer"})]
    (change,) = compared(*sides)
    day = date.fromisoformat(until) if until else None
    waiver = Waiver(change.id, "nobody calls it", day)
    (passed,) = compared(*sides, policy=Policy(waivers=(waiver,), today=date(2029, 12, 31)))
    assert (change.verdict, passed.verdict, passed.reason) == ("breaking", "compatible", "waived: nobody calls it")
    (late,) = compared(*sides, policy=Policy(waivers=(waiver,), today=date(2030, 1, 2)))
    assert late.verdict == ("breaking" if until else "compatible")


@pytest.mark.parametrize("versions", [("3.0.3", "3.1.0"), ("3.1.0", "3.0.3"), ("3.0.3", "3.2.0"), ("3.1.0", "3.2.0")])
@pytest.mark.parametrize("direction", ["request", "response"])
def test_documents_of_different_versions_of_openapi(versions, direction):
    spelled = {"3.0.3": {"type": "string", "nullable": True, "maxLength": 3}}
    other = {"type": ["string", "null"], "maxLength": 3}
    sides = [
        api_of(document(spelled.get(version, other), direction, "property", version=version)) for version in versions
    ]
    assert compared(*sides) == []
    bounds = {"3.0.3": {"type": "number", "maximum": 5, "exclusiveMaximum": True}}
    sides = [
        api_of(
            document(
                bounds.get(version, {"type": "number", "exclusiveMaximum": 5}), direction, "property", version=version
            )
        )
        for version in versions
    ]
    assert compared(*sides) == []


def test_recursion_ends():
    def tree(leaf):
        node = {
            "type": "object",
            "properties": {"leaf": leaf, "below": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}},
        }
        return api_of(document({"$ref": "#/components/schemas/Node"}, "request", "body", components={"Node": node}))

    (change,) = compared(tree({"type": "string"}), tree({"type": "string", "maxLength": 3}))
    assert (change.address, change.verdict, change.uses) == ("schemas/Node > .leaf", "breaking", ("POST /things",))


def test_a_union_of_sixty_members_is_compared_member_by_member():
    def union(length):
        return {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {
                        "kind": {"const": f"k{index}"},
                        "text": {"type": "string", "maxLength": length if index == 33 else 9},
                    },
                }
                for index in range(60)
            ]
        }

    (change,) = compared(*(api_of(document(union(length), "request", "body")) for length in (5, 4)))
    assert (change.address, change.verdict) == (
        "POST /things > body:<kind=k33>.text",
        "breaking",
    )


VALUES = universe()
STRICTLY = Policy(open_world=False, deprecation_first=False, exclusive_unions=True)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(ODD, ODD, DIRECTIONS)
def test_no_break_is_missed(base, head, direction):
    sent, accepted = (base, head) if direction == "request" else (head, base)
    fits, takes = (jsonschema_rs.validator_for(schema).is_valid for schema in (sent, accepted))
    sides = [api_of(document(side, direction, "body")) for side in (base, head)]
    found = compared(*sides, policy=STRICTLY)
    verdicts = {change.verdict for change in found}
    if any(fits(value) and not takes(value) for value in VALUES):
        assert verdicts & {"breaking", "unknown"}, found
