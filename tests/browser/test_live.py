"""`levelbook serve`: what somebody who writes sees in the browser."""

import os
import re
import signal
import subprocess
import sys

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

DOCUMENT = """\
openapi: 3.1.0
info: {title: Live, version: "1"}
paths:
  /a:
    get:
      operationId: a
      summary: First title
      parameters:
""" + "".join(
    f"      - {{name: p{n}, in: query, description: Number {n}., schema: {{type: string}}}}\n" for n in range(60)
)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text(DOCUMENT)
    return path


# Asked for before the page, so that the page is closed before the server ends.
@pytest.fixture
def address(document):
    with subprocess.Popen(
        [sys.executable, "-m", "levelbook", "serve", "api.yaml", "--port", "0"], cwd=document.parent,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            said = ""
            while not (found := re.search(r"Serving on (\S+)", said)):
                line = process.stderr.readline()
                assert line, said
                said += line
            yield found[1]
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=20)[1]
        assert process.returncode == 0, said + rest


def write(path, text):
    path.write_text(text)


def replace(path, text):
    other = path.with_suffix(".new")
    other.write_text(text)
    os.replace(other, path)  # noqa: PTH105  # as editors do it


@pytest.mark.parametrize("save", [write, replace])
def test_a_change_shows_at_once_and_the_page_stays_where_it_was(address, page, document, save):
    page.goto(f"{address}a.html")
    page.evaluate("scrollTo({top: 1500, behavior: 'instant'})")
    for title in ("Second title", "Third title"):
        save(document, DOCUMENT.replace("First title", title))
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.wait_for_function("scrollY === 1500")


BROKEN = [
    ("info: {title", "info: [title", r"api\.yaml:2:\d+"),
    ("schema: {type: string}}\n", "schema: {type: string\n", r"api\.yaml:\d+:\d+"),
    ("schema: {type: string}", "schema: {$ref: '#/nowhere'}", r"api\.yaml:9:\d+"),
]


@pytest.mark.parametrize(("good", "bad", "place"), BROKEN)
def test_an_error_stands_over_the_last_good_page_until_it_is_mended(address, page, document, good, bad, place):
    page.goto(f"{address}a.html")
    box = page.get_by_role("alert")
    document.write_text(DOCUMENT.replace(good, bad, 1).replace("First", "Wrong"))
    expect(box).to_contain_text(re.compile(place))
    expect(page.get_by_role("heading", level=1)).to_have_text("First title")
    page.goto(f"{address}index.html")
    expect(box).to_be_visible()
    page.goto(f"{address}a.html")
    expect(box).to_be_visible()
    document.write_text(DOCUMENT.replace("First", "Mended"))
    expect(box).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mended title")


def test_a_new_operation_gets_its_page(address, page, document):
    page.goto(f"{address}index.html")
    document.write_text(DOCUMENT + "  /b: {get: {operationId: b, summary: Another}}\n")
    page.get_by_role("main").get_by_role("link", name="Another").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Another")
