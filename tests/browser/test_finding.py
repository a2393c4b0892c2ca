"""Search: how it is opened and left, and that what one types is found."""

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

KEYS = ["/", "Control+k", "Meta+k"]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_opens_search_and_escape_goes_back(page, demo, key):
    page.goto(demo.url("send-message"))
    link = page.locator("#parameter-to .self").first
    link.focus()
    for typed in ("", "topic"):
        page.keyboard.press(key)
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(typed)
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_be_hidden()
        expect(link).to_be_focused()


def test_the_button_opens_search_and_close_goes_back(page, demo):
    page.goto(demo.url("index"))
    page.get_by_role("button", name="Search").press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_role("button", name="Close").press("Enter")
    expect(page.get_by_role("button", name="Search")).to_be_focused()


def test_a_slash_that_is_typed_is_a_slash(page, demo):
    page.goto(demo.url("index"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("/messages")
    expect(page.get_by_role("searchbox")).to_have_value("/messages")
    expect(page.locator("dialog h2").first).to_have_text("Operations")


def test_arrows_choose_and_enter_lands_on_the_anchor(page, demo):
    page.goto(demo.url("index"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("type")
    links = page.locator("dialog a")
    expect(links.first).to_have_class("here")
    page.keyboard.press("ArrowUp")
    expect(links.last).to_have_class("here")
    page.keyboard.press("ArrowDown")
    wanted = page.locator("dialog a[href$='send-message.html#parameter-type']")
    for _ in range(links.count()):
        if wanted.get_attribute("class") == "here":
            break
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("searchbox")).to_have_attribute("aria-activedescendant", wanted.get_attribute("id"))
    page.keyboard.press("Enter")
    page.wait_for_url(demo.url("send-message", "#parameter-type"))
    expect(page.locator("#parameter-type > .name")).to_be_in_viewport()


def test_a_result_on_the_same_page_closes_search(page, demo):
    page.goto(demo.url("send-message"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("topic")
    page.locator("dialog a[href$='send-message.html#parameter-topic']").click()
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#parameter-topic > .name")).to_be_in_viewport()


def test_what_is_not_there_is_not_found(page, demo):
    page.goto(demo.url("index"))
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("zzzz")
    expect(page.locator("dialog .results")).to_have_text("Nothing is called that.")


def test_every_result_can_be_seen_where_it_leads(page, demo):
    """Also what was removed, which stands on the page, but is hidden."""
    page.goto(demo.url("index"))
    page.keyboard.press("/")
    leads = set()
    for query in ("message", "type", "queue"):
        page.get_by_role("searchbox").fill(query)
        for href in page.locator("dialog a").evaluate_all("(all) => all.map((one) => one.href)"):
            if "#" in href:
                leads.add(href)
    for href in sorted(leads):
        page.goto(href)
        expect(page.locator(":target"), href).to_be_in_viewport()


FIND = """async (queries) => {
  const input = document.querySelector("dialog input");
  return queries.map((query) => {
    input.value = query;
    input.dispatchEvent(new Event("input"));
    return [...document.querySelectorAll("dialog a")].slice(0, 10).map((one) => [one.firstChild.data, one.pathname.split("/").pop() + decodeURIComponent(one.hash)]);
  });
}"""
TITLES = """(names) => names.map((text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const badge of page.querySelectorAll("h1 .badge, h1 a:empty")) badge.remove();
  return [page.querySelector("h1").textContent.trim(), [...page.querySelectorAll("[id^=parameter-] > .name .self:has(code)")].map((one) => [one.textContent, decodeURIComponent(one.hash)])];
})"""


@pytest.fixture
def asked(page, site):
    page.goto(site.url("index"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    names = [path.stem for path in site.folder.glob("*.html") if path.stem != "404"]
    rows = page.evaluate(TITLES, [site.html(name) for name in names])
    parameters = {}
    for name, (_, found) in zip(names, rows, strict=True):
        for parameter, anchor in found:
            parameters.setdefault(parameter, set()).add(f"{name}.html{anchor}")
    return {name: title for name, (title, _) in zip(names, rows, strict=True)}, parameters


def test_every_page_is_the_first_result_for_its_title(page, asked):
    titles, _ = asked
    found = page.evaluate(FIND, list(titles.values()))
    wrong = {
        title: rows[:1]
        for title, rows in zip(titles.values(), found, strict=True)
        if not rows or titles.get(rows[0][1].removesuffix(".html")) != title
    }
    assert wrong == {}


def test_parameters_are_among_the_first_ten_results_for_their_names(page, asked):
    _, parameters = asked
    assert len(parameters) > 10
    found = page.evaluate(FIND, list(parameters))
    missed = [
        name
        for (name, places), rows in zip(parameters.items(), found, strict=True)
        if not places & {address for _, address in rows}
    ]
    assert len(missed) <= len(parameters) / 100, missed
