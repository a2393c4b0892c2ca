"""The HTML report of a review: what is asked for is shown, and nothing is wrong with it for those who listen."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner

from levelbook.cli import main

TOP = "openapi: 3.1.0\ninfo: {title: Shop, version: '1', x-levels: {current: %s}}\npaths:\n  /a:\n    get:\n"
BASE = TOP % 5 + (
    "      parameters: [{name: size, in: query, schema: {type: integer, minimum: 0}}]\n"
    "      responses: {'200': {description: OK}}\n"
)
HEAD = TOP % 7 + (
    "      x-changes: [{level: 7, kind: behavior, text: Faster.}]\n"
    "      parameters:\n"
    "        - {name: size, in: query, schema: {type: integer, minimum: 1}}\n"
    "        - {name: kind, in: query, schema: {type: string}, x-changes: [{level: 6, kind: added}]}\n"
    "        - {name: late, in: query, schema: {type: string}, x-changes: [{level: 5, kind: added}]}\n"
    "      responses: {'200': {description: '<b>OK</b>'}}\n"
)


@pytest.fixture
def report(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("base.yaml").write_text(BASE)
    Path("head.yaml").write_text(HEAD)
    result = CliRunner().invoke(main, ["review", "base.yaml", "head.yaml", "--format", "html", "--pages"])
    Path("review.html").write_text(result.stdout)
    return (tmp_path / "review.html").as_uri()


def shown(page):
    return [row.split("\n")[0] for row in page.locator("details.change:visible > summary").all_inner_texts()]


def test_what_is_asked_for_is_shown(page, report):
    page.goto(report)
    assert len(shown(page)) == 3
    page.get_by_label("missing 2").uncheck()
    assert [text for text in shown(page) if "kind" in text] == shown(page)
    assert page.locator("output").inner_text() == "1 of 3 shown"
    page.get_by_label("missing 2").check()
    page.get_by_label("Search the changes").fill("MIN was")
    assert len(shown(page)) == 1
    page.get_by_label("Search the changes").fill("")
    page.get_by_role("button", name="6", exact=True).click()
    assert len(shown(page)) == 1
    page.get_by_role("button", name="6", exact=True).click()
    assert len(shown(page)) == 3


def test_a_change_shows_both_sides_and_a_request_one_can_copy(page, report):
    page.goto(report)
    row = page.locator("details.breaking")
    row.locator("summary").click()
    assert "minimum: 0" in row.locator(".sides > div").first.inner_text()
    assert "minimum: 1" in row.locator(".sides > div").last.inner_text()
    assert row.locator(".copy code").inner_text().startswith('curl -sS \\\n  "$SERVER"')
    row.get_by_role("button").click()
    assert row.get_by_role("button").inner_text() in {"Copied", "Selected"}


def test_a_link_to_a_change_opens_it(page, report):
    page.goto(report)
    name = page.locator("details.breaking").get_attribute("id")
    page.goto("about:blank")
    page.goto(f"{report}#{name}")
    assert page.locator("details.breaking").get_attribute("open") is not None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_finds_nothing(page, report, scheme, width):
    spec = find_spec("axe_playwright_python")
    if spec is None:
        pytest.skip("axe-playwright-python is not installed")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(report)
    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.evaluate((Path(spec.origin).parent / "axe.min.js").read_text())
    found = page.evaluate("axe.run('html', {resultTypes: ['violations']})")
    assert [f"{rule['id']}: {node['html'][:150]}" for rule in found["violations"] for node in rule["nodes"]] == []
