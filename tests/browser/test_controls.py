"""What the controls of a page do: as of a level, languages, copying, colours, the changelog; and the keyboard alone."""

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

NEWER = "(all, level) => all.map((one) => [Number(one.dataset.since ?? one.dataset.level) > level, one.classList.contains('later')])"


@pytest.fixture
def root(demo, served):
    return served(demo)


def newer_is_marked(page, level):
    rows = page.locator("[data-since], [data-level]").evaluate_all(NEWER, level)
    assert {expected for expected, _ in rows} == {True, False}  # or there is nothing to see
    return all(expected == marked for expected, marked in rows)


def test_a_release_marks_what_is_newer(page, root):
    page.goto(f"{root}send-message.html")
    page.get_by_label("As of", exact=False).get_by_role("combobox").select_option("8.0")
    assert newer_is_marked(page, 237)
    assert page.url == f"{root}send-message.html?level=237"
    expect(page.locator("#parameter-type code.later")).to_have_text(['"channel"'])


def test_a_sample_says_that_it_uses_something_newer(page, root):
    page.goto(f"{root}send-message.html")
    page.locator(".as-of select").select_option("6.0")
    needing = page.locator(".panel:visible [data-needs]")
    if not needing.count():
        page.get_by_text("curl", exact=True).click()
    expect(needing.first.locator(".newer")).to_be_visible()
    page.locator(".as-of select").select_option("9.0")
    expect(needing.first.locator(".newer")).to_be_hidden()


def test_the_level_is_remembered_on_the_next_page(page, root):
    page.goto(f"{root}send-message.html")
    page.locator(".as-of select").select_option("7.0")
    page.get_by_role("link", name="Register an event queue").first.click()
    page.wait_for_url(f"{root}register-queue.html*")
    expect(page.locator(".as-of select")).to_have_value("185")
    assert newer_is_marked(page, 185)


def test_the_level_stands_in_an_address_that_is_given_to_others(page, root):
    page.goto(f"{root}send-message.html?level=185#parameter-type")
    expect(page.locator(".as-of select")).to_have_value("185")
    assert newer_is_marked(page, 185)


def test_an_address_may_name_a_release_and_nonsense_is_no_level(page, root):
    page.goto(f"{root}send-message.html?level=6.0")
    expect(page.locator(".as-of select")).to_have_value(
        page.locator(".as-of option", has_text="6.0").get_attribute("value")
    )
    page.goto(f"{root}send-message.html?level=abc")
    expect(page.locator(".as-of input").first).to_have_value("")
    expect(page.locator(".later")).to_have_count(0)


def test_a_level_without_a_release_is_typed(page, root):
    page.goto(f"{root}send-message.html")
    page.locator(".as-of input").first.fill("200")
    assert newer_is_marked(page, 200)
    assert page.url.endswith("?level=200")
    page.reload()
    expect(page.locator(".as-of input").first).to_have_value("200")
    page.locator(".as-of input").first.fill("")
    expect(page.locator(".later")).to_have_count(0)


def test_what_is_newer_is_hidden_on_request(page, root):
    page.goto(f"{root}send-message.html")
    expect(page.get_by_label("Hide what is newer")).to_be_hidden()
    page.locator(".as-of select").select_option("8.0")
    page.get_by_label("Hide what is newer").check()
    for one in page.locator(".later").all():
        expect(one).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Hide what is newer")).to_be_checked()
    expect(page.locator(".later").first).to_be_hidden()
    page.get_by_label("Hide what is newer").uncheck()
    expect(page.locator("#parameter-type .later").first).to_be_visible()


def test_what_was_removed_comes_back_at_an_older_level_and_goes_again(page, root):
    page.goto(f"{root}send-message.html")
    removed = page.locator("[data-until]").first
    until = int(removed.get_attribute("data-until"))
    expect(removed).to_be_hidden()
    page.locator(".as-of input").first.fill(str(until - 1))
    expect(removed).to_be_visible()
    page.locator(".as-of input").first.fill(str(until))
    expect(removed).to_be_hidden()


def test_now_is_as_if_nothing_had_been_chosen(page, root):
    page.goto(f"{root}send-message.html")
    before = page.inner_text("main")
    page.locator(".as-of select").select_option("6.0")
    assert page.inner_text("main") != before
    page.locator(".as-of select").select_option("now")
    expect(page.locator(".later, .past")).to_have_count(0)
    assert page.inner_text("main") == before
    assert page.url == f"{root}send-message.html"
    page.reload()
    expect(page.locator(".later")).to_have_count(0)


def test_a_level_is_chosen_in_a_folder_too(page, demo):
    page.goto(demo.url("send-message"))
    page.locator(".as-of select").select_option("7.0")
    assert newer_is_marked(page, 185)
    page.goto(demo.url("register-queue"))
    assert newer_is_marked(page, 185)


def test_the_language_is_remembered_on_every_page(page, demo):
    page.goto(demo.url("send-message"))
    page.get_by_text("JavaScript", exact=True).click()
    page.goto(demo.url("get-events"))
    expect(page.locator('input[name="language"]:checked')).to_have_value("javascript")
    page.goto(demo.url("get-users"))
    expect(page.locator(".panel:visible")).to_have_count(1)


@pytest.fixture
def clipboard(context, page):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    return lambda: page.evaluate("navigator.clipboard.readText()")


def test_the_copy_button_copies_exactly_the_code(page, demo, clipboard):
    page.goto(demo.url("send-message"))
    blocks = page.locator(".code:has(.copy):visible").all()
    assert len(blocks) > 1
    for block in blocks:
        block.hover()
        block.locator(".copy").click()
        expect(block.locator(".copy")).not_to_have_text("Copy")
        assert clipboard() == block.locator("code").evaluate("(code) => code.textContent")


def test_the_copy_button_is_itself_again_after_it_was_pressed_twice(page, demo, clipboard):
    page.clock.install()
    page.goto(demo.url("send-message"))
    button = page.locator(".code:visible .copy").first
    for _ in range(2):
        button.click()
        expect(button).to_have_text("✓")
        page.clock.run_for(500)
    page.clock.run_for(5000)
    expect(button).to_have_text("Copy")


def test_the_page_is_copied_as_markdown(page, demo, root, clipboard):
    page.goto(f"{root}send-message.html")
    page.get_by_role("button", name="Copy page").click()
    expect(page.locator(".copy-page")).not_to_have_text("Copy page")
    assert clipboard() == (demo.folder / "send-message.md").read_text()


def test_the_text_of_a_page_is_copied_in_a_folder(page, demo, clipboard):
    page.goto(demo.url("send-message"))
    page.get_by_role("button", name="Copy page").click()
    expect(page.locator(".copy-page")).not_to_have_text("Copy page")
    assert "Send a channel message or a direct message." in clipboard()
    last = page.locator(".timeline > li .when a").last  # which is laid out when somebody scrolls there
    assert last.text_content() in clipboard().rpartition("Changes of this page")[2].split()


@pytest.mark.parametrize("preferred", ["light", "dark"])
def test_the_theme_is_switched_and_remembered(page, demo, preferred):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme=preferred)
    page.goto(demo.url("index"))
    before = page.evaluate(ground)
    page.get_by_role("button", name="Dark or light").click()
    switched = page.evaluate(ground)
    assert switched != before
    page.goto(demo.url("send-message"))
    assert page.evaluate(ground) == switched
    page.get_by_role("button", name="Dark or light").click()
    assert page.evaluate(ground) == before


def test_the_changelog_of_one_operation(site, page):
    page.goto(site.url("changelog"))
    chooser, notes = page.get_by_label("Operation"), page.locator(".entries li")
    everything = notes.locator("visible=true").count()
    names = chooser.locator("option").all_inner_texts()
    assert names[0] == "all"
    assert names[1:] == sorted(set(names[1:]))
    assert "POST /messages" in names
    chooser.select_option("POST /messages")
    shown = notes.locator("visible=true")
    assert 0 < shown.count() < everything
    assert set(shown.evaluate_all("(all) => all.map((one) => one.dataset.operation)")) == {"POST /messages"}
    headings = page.locator(".entry:visible, .release:visible")
    assert headings.count() == headings.filter(has=page.locator("li:visible")).count()
    chooser.select_option("all")
    assert shown.count() == everything


FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body) return ["", true];
  const shown = one.type === "radio" ? one.nextElementSibling : one;
  const {left, top, width, height} = shown.getClientRects()[0];
  const above = document.elementFromPoint(left + Math.min(width / 2, 20), top + Math.min(height / 2, 8));
  return [one.id === "content" ? "main" : `${one.closest(".bar, nav, main")?.localName ?? ""} ${one.localName} ${one.type ?? ""} ${one.className}`.trim(), shown.contains(above)];
}"""


@pytest.mark.parametrize("width", [360, 1280])
def test_the_tab_key_leads_to_everything(page, demo, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(demo.url("send-message"))
    seen = []
    while not seen or seen[-1]:
        page.keyboard.press("Tab")
        name, uncovered = page.evaluate(FOCUSED)
        seen.append(name)
        assert uncovered, seen[-3:]
        assert len(seen) < 500
    wanted = ["a  skip", *(["header a  menu"] if width == 360 else []), "header a  home", "header button button find js",
              "header select select-one", "header input text", "header button button theme js", "main input radio",
              "main pre", "main button button copy js", "main a  self", "nav a"]  # fmt: skip
    places = [seen.index(name) if name in seen else name for name in wanted]
    order = [place for place in places if isinstance(place, int)]
    assert [place for place in places if isinstance(place, str)] == []
    assert order[0] == 0
    assert order == sorted(order) or width == 360  # there the level stands below the other controls


def test_the_first_key_skips_to_the_content(page, demo):
    page.goto(demo.url("send-message"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_is_a_link_to_the_pages_on_a_narrow_screen(page, demo):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(demo.url("send-message"))
    page.get_by_role("link", name="Menu").press("Enter")
    expect(page.get_by_role("navigation")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_role("navigation").get_by_role("link").first).to_be_focused()


def test_arrow_keys_change_the_language(page, demo):
    page.goto(demo.url("send-message"))
    languages = page.locator(".tabs label").all_inner_texts()
    page.locator(".tabs input").first.focus()
    for language in [*languages[1:], languages[0]]:
        page.keyboard.press("ArrowRight")
        expect(page.get_by_label(language, exact=True)).to_be_checked()
        expect(page.locator(".panel:visible")).to_have_count(1)


SERVERS = """
openapi: 3.1.0
info: {title: Two, version: "1"}
servers: [{url: "https://one.test/v1", description: Production}, {url: "https://two.test/v2", description: Staging}]
paths: {"/a/{id}": {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: integer}, example: 3}], responses: {"200": {description: OK}}}}}
"""


def test_a_server_is_chosen_for_url_and_samples(page, levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(SERVERS)
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "site")
    page.goto((tmp_path / "site" / "a.html").as_uri())
    page.locator("select.server").select_option(label="Staging")
    for _ in range(2):  # it is remembered
        expect(page.locator(".request code")).to_have_text("https://two.test/v2/a/{id}")
        expect(page.locator(".samples code")).to_contain_text("curl https://two.test/v2/a/3")
        page.reload()
