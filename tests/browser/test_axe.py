"""What axe finds wrong with the pages: nothing, in any light, at any width, with the dialog open."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

STATES = ["light", "dark", "360 px", "search", "as of a level"]

# Off-screen parts are laid out as well, and what is folded is unfolded.
ALL_OF_IT = "*, ::details-content { content-visibility: visible !important; }"

# Leaves one element of each kind: what has the same names and classes all the way up looks the same.
# It takes axe half a minute to judge the colours of a page of 15,000 elements.
THIN = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  const paths = new Map([[document.body, ""]]), kept = new Set(), kinds = new Set();
  for (const one of document.querySelectorAll("body *")) {
    const state = [...one.attributes].filter((said) => said.name !== "id" && /^(aria-current|class|data-|hidden|type)/.test(said.name));
    const path = `${paths.get(one.parentElement)} > ${one.localName}${state.map((said) => `[${said.name}${said.name.startsWith("data-") ? "" : `=${said.value}`}]`).join("")}`;
    paths.set(one, path);
    if (kinds.has(path) && document.querySelector("main").contains(one)) continue;
    kinds.add(path);
    for (let at = one; at; at = at.parentElement) kept.add(at);
  }
  for (const one of paths.keys()) if (!kept.has(one)) one.remove();
}"""


@pytest.fixture(scope="module")
def axe():
    spec = find_spec("axe_playwright_python")
    if spec is None:
        pytest.skip("axe-playwright-python is not installed")
    return (Path(spec.origin).parent / "axe.min.js").read_text()


class Judge:
    """Asks axe about a page, and keeps what it says."""

    def __init__(self, axe, page):
        self.axe = axe
        self.page = page
        self.found = {state: [] for state in STATES}

    def open(self, url):
        self.page.goto(url)
        self.page.add_style_tag(content=ALL_OF_IT)
        self.page.evaluate(self.axe)

    def ask(self, state, where="html", **options):
        options = {"preload": False, "resultTypes": ["violations"], **options}
        result = self.page.evaluate(f"axe.run({json.dumps(where)}, {json.dumps(options)})")
        self.found[state] += [
            f"{Path(self.page.url).name}: {rule['id']}: {node['html'][:150]}: {node['failureSummary'].splitlines()[-1]}"
            for rule in result["violations"]
            for node in rule["nodes"]
        ]

    def look(self, url):
        page = self.page
        self.open(url)
        self.ask("light", rules={"color-contrast": {"enabled": False}})
        page.evaluate(THIN)
        self.ask("light", runOnly=["color-contrast"])
        page.emulate_media(color_scheme="dark")
        self.ask("dark", runOnly=["color-contrast"])
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 360, "height": 740})
        self.ask("360 px")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.keyboard.press("/")
        page.locator("dialog input").fill("me")
        page.locator("dialog a.here").wait_for()
        self.ask("search", "dialog")

    def look_back(self, url):
        self.open(url)
        chooser = self.page.locator(".as-of input")
        if chooser.count():
            chooser.first.fill("100")
            self.page.locator(".later").first.wait_for()
            self.page.evaluate(THIN)
            self.ask("as of a level")


@pytest.fixture(scope="module", params=["demo", "zulip", "console"])
def found(request, browser, axe):
    site = request.getfixturevalue(request.param)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    judge = Judge(axe, context.new_page())
    for name in site.looked_at:
        judge.look(site.url(name))
    judge.look_back(site.url("send-message"))
    context.close()
    return judge.found


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(found, state):
    assert found[state] == []
