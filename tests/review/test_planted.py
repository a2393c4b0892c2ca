"""Ten edits in the document of a real API: each is found, named and placed, and nothing else is."""

import json

import pytest
from planting import plant

TYPING, HISTORY = "POST /typing > form:", "GET /messages/{message_id}/history > "
# What was planted: the element, what the review calls it, and a word of the line that it points at.
CHANGES = {
    "undeclared parameter": ("POST /messages > form:planted_flag", "missing", "planted_flag:"),
    "removed response field": (".message_history[].timestamp", "missing", "items:"),
    "narrowed enum": (f"{TYPING}op=enum:'stop'", "missing", "enum:"),
    "level not raised": (f"{TYPING}planted_late", "missing", "planted_late:"),
    "correction": (f"{TYPING}stream_id", "correction", "type: number"),
    "rename, old": (".message_history[].content_html_diff", "proved", "items:"),
    "rename, new": (".message_history[].content_diff", "proved", "content_diff:"),
    "tightened bound": ("GET /messages > query:num_before", "missing", "minimum: 1"),
}
PROBLEMS = {
    ("empty-note", "**Changes**: New in Zulip 11.0"),
    ("rewritten-history", "**Changes**: New in Zulip 10.0 (feature level 333)."),
    ("level-not-raised", "**Changes**: New in Zulip 10.0 (feature level 372)."),
    ("undeclared-change", "planted_flag:"),
    ("undeclared-change", "items:"),
    ("undeclared-change", "enum:"),
    ("undeclared-change", "minimum: 1"),
}


@pytest.fixture
def planted(corpus, tmp_path):
    base, head = tmp_path / "base.yaml", tmp_path / "head.yaml"
    text = (corpus / "zulip-10.2" / "zulip.yaml").read_text()
    base.write_text(text)
    head.write_text(plant(text))
    return base, head


def test_each_is_found_named_and_placed_and_nothing_else(levelbook, planted):
    base, head = planted
    result = levelbook("review", base, head, "--format", "json", "-q")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["base"]["level"], found["head"]["level"]) == (372, 400)
    lines = head.read_text().split("\n")
    changes = [
        (change["address"], change["note"]["status"], lines[change["where"]["head"]["line"] - 1].strip())
        for change in found["changes"]
    ]
    assert len(changes) == len(CHANGES)
    for address, status, line in CHANGES.values():
        assert any(one[0].endswith(address) and one[1] == status and one[2].startswith(line) for one in changes), (
            address
        )
    problems = {(item["rule"], lines[item["where"]["line"] - 1].strip()) for item in found["problems"]}
    assert len(found["problems"]) == len(PROBLEMS)
    for rule, line in PROBLEMS:
        assert any(one[0] == rule and one[1].startswith(line) for one in problems), rule
    roles = [(note["role"], note["address"]) for note in found["notes"]]
    assert ("behavior", "POST /mark_all_as_read") in roles


@pytest.mark.parametrize("spelling", ["prose", "structured"])
def test_stubs_declare_what_was_not(levelbook, planted, spelling):
    base, head = planted
    assert levelbook("review", base, head, "--suggest", "--spelling", spelling).exit_code == 0
    found = json.loads(levelbook("review", base, head, "--format", "json", "-q").stdout)
    assert {item["rule"] for item in found["problems"]} == {"empty-note", "rewritten-history", "level-not-raised"}
    before = head.read_text()
    levelbook("review", base, head, "--suggest", "--spelling", spelling)
    assert head.read_text() == before


def test_the_document_against_itself(levelbook, planted):
    base, _ = planted
    result = levelbook("review", base, base, "--format", "json", "--fail-on", "undeclared", "--fail-on", "breaking")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["changes"], found["problems"], found["notes"]) == ([], [], [])
