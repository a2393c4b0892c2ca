"""Edits of one keyword, judged by brute force over a universe of values: no verdict may be wrong."""

from collections import Counter
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from one_schema import COMPONENTS, api_of, compared, document, universe

CASES = Path(__file__).parent.parent / "cases" / "review"
ROWS = yaml.safe_load((CASES / "keywords.yaml").read_text())
SAME = yaml.safe_load((CASES / "same.yaml").read_text())
PLACES = [
    ("request", "body"),
    ("request", "property"),
    ("request", "parameter"),
    ("response", "body"),
    ("response", "property"),
]
EDITS = [
    (row["keyword"], base, head, direction, place)
    for row in ROWS
    for base, head in ((row["one"], row["other"]), (row["other"], row["one"]))
    for direction, place in PLACES
    if place in row.get("places", ["body", "property", "parameter"])
]


VALUES = universe()


def accepts(schema):
    """Say of values whether a schema accepts them, by an engine that the comparison does not ask here."""
    return jsonschema_rs.validator_for({**schema, "components": {"schemas": COMPONENTS}}).is_valid


def texts(value):
    """Give the ways to write a value in a query, or none."""
    if isinstance(value, bool) or value is None:
        return ["null" if value is None else str(value).lower()]
    if isinstance(value, (str, int, float)):
        return [str(value)]
    return []


def readings(schema, text):
    """Give what a text of a query may be read as, by the types that a schema has."""
    types = schema.get("type", ["string", "integer", "number", "boolean"])
    types = [types] if isinstance(types, str) else types
    if "string" in types:
        yield text
    if {"integer", "number"} & set(types):
        try:
            number = float(text)
        except ValueError:
            pass
        else:
            yield int(number) if number == int(number) else number
    if "null" in types and text == "null":
        yield None
    if "boolean" in types and text in ("true", "false"):
        yield text == "true"


def truth(base, head, direction, place):
    """Say by brute force whether an edit breaks anybody; None where the universe cannot tell."""
    sent, accepted = (base, head) if direction == "request" else (head, base)
    fits, takes = accepts(sent), accepts(accepted)
    if place != "parameter":
        return any(fits(value) and not takes(value) for value in VALUES)
    if any(schema.get("type") in ("array", "object") or "allOf" in schema for schema in (base, head)):
        types = {schema.get("type") for schema in (base, head)}
        if len(types) > 1:
            return None
        return any(fits(value) and not takes(value) for value in VALUES if _can_be_written(value, sent))
    written = {text for value in VALUES for text in texts(value) if any(map(fits, readings(sent, text)))}
    return any(not any(map(takes, readings(accepted, text))) for text in written)


def _can_be_written(value, schema):
    """Say whether a list of a query reads as itself: not the empty one, and no texts that look like numbers."""
    return bool(value) and isinstance(value, (list, str, dict))


def verdict(changes):
    """Give the worst verdict of a comparison."""
    kinds = {change.verdict for change in changes}
    return next((kind for kind in ("breaking", "unknown") if kind in kinds), "compatible")


@pytest.mark.parametrize(("keyword", "base", "head", "direction", "place"), EDITS)
def test_the_verdict_is_the_truth(keyword, base, head, direction, place):
    broken = truth(base, head, direction, place)
    changes = compared(*(api_of(document(side, direction, place)) for side in (base, head)))
    found = verdict(changes)
    if broken is None:
        pytest.skip("how such a parameter is written changes with its type")
    assert found in (("breaking", "unknown") if broken else ("compatible", "unknown")), changes
    assert all(change.witness for change in changes if change.verdict == "breaking"), changes


def test_hardly_anything_is_unknown():
    found = Counter(
        verdict(compared(*(api_of(document(side, direction, place)) for side in (base, head))))
        for _, base, head, direction, place in EDITS
    )
    assert found["unknown"] < 0.02 * found.total(), found


@pytest.mark.parametrize(("direction", "place"), PLACES)
@pytest.mark.parametrize("row", SAME, ids=lambda row: row["what"])
def test_what_means_the_same_is_silent(row, direction, place):
    one, other = (api_of(document(row[side], direction, place)) for side in ("one", "other"))
    assert compared(one, other) == []
    assert compared(other, one) == []
