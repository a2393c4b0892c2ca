"""Every case of oasdiff's own tests: the same ids, or a witness or proof that the case is wrong."""

from functools import cache

import pytest
import yaml
from oasdiff import CORPUS, LISTED, changes_of, corpus, expected, found, measured

from levelbook.review.rules import FACTS, mirror_of, rule

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the cases of oasdiff lie beside the checkout")
FLOOR = 0.97  # of the cases that are not in the list; nine tenths are asked for


@cache
def run():
    return measured()


def test_nine_tenths_have_the_same_ids(capsys):
    agreeing, rows = run()
    wrong = {row["case"] for row in rows if "missing" in row or "further" in row}
    asked = [case for case in corpus()[0]["cases"] if case["id"] not in wrong]
    missed = [case for case in asked if case["id"] not in agreeing]
    with capsys.disabled():
        print(f"\noasdiff: {len(asked) - len(missed)} of {len(asked)}, {len(wrong)} held to be wrong")  # noqa: T201
        for case in missed:
            ours = found(case, changes_of(case))
            print(f"  {case['id']}: missing {expected(case) - ours}, further {ours - expected(case)}")  # noqa: T201
    assert len(asked) - len(missed) >= FLOOR * len(asked)
    assert len(agreeing) >= 0.9 * len(corpus()[0]["cases"])


def test_the_list_of_disagreements_is_what_a_run_finds():
    assert yaml.safe_load(LISTED.read_text()) == run()[1], "write it anew: python tests/review/oasdiff.py"


def test_every_disagreement_rests_on_something():
    for row in yaml.safe_load(LISTED.read_text()):
        for item in [*row.get("missing", ()), *row.get("further", ())]:
            assert item["evidence"], row
            assert "unknown" not in item["evidence"], row
        for item in row.get("otherwise", ()):
            assert item["evidence"] != "unknown", row
            assert item["verdict"] != "breaking" or item["evidence"] in ("witness", "rule", "breaking"), row


def test_no_fact_is_told_twice():
    for case in corpus()[0]["cases"]:
        changes = changes_of(case)
        assert len({change.id for change in changes}) == len(changes), case["id"]
        facts = [
            (item.address, item.direction, item.facet, item.kind, repr(item.was), repr(item.now)) for item in changes
        ]
        assert len(set(facts)) == len(facts), case["id"]


def test_every_id_of_theirs_that_we_use_has_a_page():
    for case in corpus()[0]["cases"]:
        for change in changes_of(case):
            assert rule(change.rule) is not None, change.rule
            known = rule(change.rule)
            assert known.mirror or known.alone, change.rule


def test_mirrors_are_rules():
    for name in FACTS:
        assert mirror_of(name) in FACTS or FACTS[name].alone, name


def test_the_page_tells_the_figures_of_a_run():
    agreeing, rows = run()
    text = (LISTED.parent.parent.parent.parent / "site" / "oasdiff.md").read_text()
    assert f"exactly those ids in {len(agreeing)} of {len(corpus()[0]['cases'])}." in text
    assert f"are {len(rows)} cases in" in text
