"""Reading the pages: without JavaScript, from a folder and below a path, on narrow screens and on paper."""

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

# What is laid out when it is scrolled to has no `innerText` before: all of it is laid out, as it is to be printed.
WORDS = """() => {
  document.documentElement.classList.add("whole");
  for (const one of document.querySelectorAll(".js, button")) one.remove();
  return document.querySelector("main").innerText.split("\\n").map((line) => line.trim()).filter(Boolean);
}"""
SHOWN = "(all) => all.filter((one) => one.checkVisibility({contentVisibilityAuto: true})).length"


def test_everything_can_be_read_without_javascript(site, page, no_script):
    for name in site.looked_at:
        page.goto(site.url(name))
        no_script.goto(site.url(name))
        lines = set(no_script.evaluate(WORDS))
        assert lines, name
        assert [line for line in page.evaluate(WORDS) if line not in lines] == [], name


def test_what_needs_javascript_is_not_shown_without_it(site, no_script):
    for name in site.looked_at[:5]:
        no_script.goto(site.url(name))
        buttons = no_script.locator(".js, button")
        assert buttons.count() > 1
        assert buttons.evaluate_all(SHOWN) == 0, name


def test_what_was_removed_is_shown_with_its_badge_without_javascript(demo, page, no_script):
    no_script.goto(demo.url("send-message"))
    page.goto(demo.url("send-message"))
    expect(no_script.locator("[data-until]")).not_to_have_count(0)
    for one in no_script.locator("[data-until]").all():
        expect(one).to_be_visible()
    for one in page.locator("[data-until]").all():
        expect(one).to_be_hidden()


def test_language_tabs_work_without_javascript(demo, no_script):
    no_script.goto(demo.url("send-message"))
    no_script.get_by_text("JavaScript", exact=True).click()
    expect(no_script.locator(".panel:visible")).to_have_count(1)
    expect(no_script.locator(".panel:visible")).to_contain_text("client.messages.send(params)")
    no_script.keyboard.press("ArrowRight")
    expect(no_script.locator(".panel:visible")).to_contain_text("curl")


@pytest.mark.parametrize("where", ["folder", "sub-path"])
def test_a_page_works_from_a_folder_and_below_a_path(site, page, served, where):
    root = served(site) if where == "sub-path" else f"{site.folder.as_uri()}/"
    for name in ("index", "send-message", "at/8.0/send-message"):
        if not (site.folder / f"{name}.html").is_file():
            continue
        page.goto(f"{root}{name}.html")
        assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
        page.get_by_role("button", name="Dark or light").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark" if name != "send-message" else "light")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("get events")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{root}get-events.html")
        page.get_by_role("link", name="Changelog", exact=True).click()
        page.wait_for_url(f"{root}changelog.html")


def test_the_page_for_wrong_addresses_leads_back(demo, page, served):
    root = served(demo)
    page.goto(f"{root}404.html")
    page.get_by_role("link", name="All pages").click()
    expect(page).to_have_url(f"{root}index.html")


# With every fold open and every part laid out: what is too wide may lie in one of them.
OPEN = """() => {
  const style = document.createElement("style");
  style.textContent = "* { content-visibility: visible !important; }";
  document.head.append(style);
  for (const details of document.querySelectorAll("details")) details.open = true;
}"""
TOO_WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > most + 1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth);
}"""


def test_no_page_is_wider_than_the_screen(site, page):
    found = {}
    for name in site.looked_at:
        page.goto(site.url(name))
        page.evaluate(OPEN)
        for width in (360, 768, 1024, 1400):
            page.set_viewport_size({"width": width, "height": 800})
            found[name, width] = page.evaluate(TOO_WIDE)
    assert {place: elements for place, elements in found.items() if elements} == {}


@pytest.mark.parametrize("name", ["send-message", "get-events", "changelog"])
def test_on_paper_there_is_all_of_the_text_and_nothing_to_press(site, page, name):
    page.goto(site.url(name))
    page.emulate_media(media="print")
    assert page.locator("button, nav, .bar, .skip, select").evaluate_all(SHOWN) == 0
    panels = page.locator(".panel")
    assert panels.evaluate_all(SHOWN) == panels.count()
    folded = page.locator("details > :not(summary)")
    assert folded.evaluate_all(SHOWN) == folded.locator("visible=true").count() == folded.count()
    fields = page.locator("main .fields > li:not(.past, [data-until])")
    assert fields.evaluate_all(SHOWN) == fields.count()
    made = page.pdf()
    assert made.startswith(b"%PDF")
    assert len(made) > 20_000


def test_a_link_to_what_is_folded_unfolds_it(site, page):
    page.goto(site.url("get-events"))
    ids = page.locator("details [id]").evaluate_all("(all) => all.map((one) => one.id)")
    for at, id_ in enumerate((ids[0], ids[len(ids) // 2], ids[-1])):
        anchor = f"#{id_}"
        if at == 0:
            page.goto(site.url("index"))
            page.goto(site.url("get-events", anchor))
        else:
            page.evaluate("(anchor) => { location.hash = anchor; }", anchor)
        expect(page.locator(":target")).to_have_attribute("id", id_)
        expect(page.locator(":target")).to_be_in_viewport()
