"""The tables of rules have no gaps: every rule has a page and its mirror, or says why it stands alone."""

import csv

import pytest
from oasdiff import CORPUS, corpus

from levelbook.review.rules import FACTS, known_stems, mirror_of, rule

PLACES = [
    "request-body",
    "request-property",
    "request-parameter",
    "response-body",
    "response-property",
    "response-header",
]


@pytest.mark.parametrize("name", FACTS)
def test_a_rule_of_the_table_has_its_mirror_or_a_reason(name):
    found = FACTS[name]
    assert bool(found.mirror) != bool(found.alone)
    assert not found.mirror or found.mirror in FACTS
    assert found.verdict in ("breaking", "compatible", "policy")


@pytest.mark.parametrize("stem", known_stems())
def test_a_facet_has_its_mirror(stem):
    assert known_stems()[stem]["mirror"] in known_stems()


@pytest.mark.parametrize("place", PLACES)
def test_every_facet_has_a_page_at_every_place(place):
    for stem in known_stems():
        found = rule(stem if stem.startswith(("request-", "response-", "new-")) else f"{place}-{stem}")
        assert found is not None, stem
        assert found.page.startswith(f"# {found.id}\n\n")
        assert "{" not in found.means
        assert all(part in found.page for part in ("**Why.**", "**For example.**", "**What to do.**"))


def test_what_is_no_rule_has_no_page():
    assert rule("request-body-went-away") is None
    assert mirror_of("request-body-went-away") == ""


@pytest.mark.skipif(not CORPUS.exists(), reason="the checks of oasdiff lie beside the checkout")
def test_the_checks_of_oasdiff_have_pages():
    missing = [name for name in corpus()[1] if rule(name) is None]
    assert len(missing) == 8
    assert all(name.endswith("-annotation-only") for name in missing)  # what refuses nothing is no change


@pytest.mark.skipif(not CORPUS.exists(), reason="the checks of oasdiff lie beside the checkout")
def test_an_id_of_theirs_speaks_of_the_same_side():
    with (CORPUS / "checks.tsv").open() as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    for row in rows:
        if row["id"].endswith("-annotation-only"):
            continue
        text = rule(row["id"]).page
        other = {"request": "of an answer", "response": "of a request"}.get(row["direction"])
        assert not other or other not in text.partition("**Why.**")[0], row["id"]
