"""A project's own words: pages with macros, labels, conventions, navigation, templates."""

import json
import re

import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://x.test/v1"}]
paths:
  /a/{id}:
    post:
      operationId: make
      summary: Make a thing
      description: Makes *one* thing.
      x-admin: true
      x-after: After the parameters.
      x-shown: {oneOf: [{type: exclude, parameters: {enum: [quiet]}}]}
      x-changes: [{level: 7, kind: behavior, text: Faster.}]
      parameters:
        - {name: id, in: path, required: true, description: Which., schema: {type: integer}, example: 3}
        - {name: quiet, in: query, schema: {type: boolean}, example: true}
      callbacks:
        done: {"{$request.query.url}": {post: {summary: It is done, description: Tells so., responses: {"204": {description: Heard.}}}}}
      responses:
        "200": {description: Made., content: {application/json: {schema: {properties: {result: {type: string, description: Always there.}, own: {type: integer}}}, example: {own: 1}}}}
        "404": {description: Not there.}
"""
MACROS = [
    ('{{ operation("make") }}', '<a href="make.html">Make a thing</a>'),
    ('{{ request("make") }}', '<span class="method m-post">POST</span>'),
    ('{{ description("make") }}', "Makes <em>one</em> thing."),
    ('{{ parameter("make", "id") }}', '<li id="make-parameter-id">'),
    ('{{ parameter("make", "parameter-quiet") }}', '<a class="self" href="#make-parameter-quiet">'),
    ('{{ parameters("POST /a/{id}") }}', "Which."),
    ('{{ answer("make", 404) }}', '<section class="answer" id="make-status-404">'),
    ('{{ response("make") }}', "Not there."),
    ('{{ errors("make") }}', "<td>404</td>"),
    ('{{ example("make", "200") }}', '<span class="t-nt">"own"</span>'),
    ('{{ samples("make") }}', "https://x.test/v1/a/3"),
    ('{{ access("make") }}', "Administrators only."),
    ('{{ changes("make") }}', "Faster."),
    ('{{ callbacks("make") }}', "Tells so."),
    ("at {{ api_url }}", "<p>at https://x.test/v1</p>"),
]
CONFIG = """
spec = "api.yaml"
pages = "pages"
navigation = ["second", "first"]
[conventions]
parameters = ["x-after"]
standard_fields = ["result"]
sample_parameters = "x-shown"
remarks = {x-admin = "Administrators only."}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    (tmp_path / "levelbook.toml").write_text(CONFIG)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "first.md").write_text("# First\n")
    (tmp_path / "pages" / "second.md").write_text("# Second `page`\n")
    return tmp_path


@pytest.mark.parametrize(("macro", "expected"), MACROS)
def test_macros_place_any_part_of_an_operation(levelbook, project, macro, expected):
    (project / "pages" / "first.md").write_text(f"# First\n\n* one\n\n{macro}\n\n* two\n")
    assert levelbook("build", "-o", "out").exit_code == 0
    page = (project / "out" / "first.html").read_text()
    assert expected in page
    assert "stash" not in page
    assert len(ids := re.findall(r'\sid="([^"]*)"', page)) == len(set(ids))


def test_macros_give_markdown_on_markdown_pages(levelbook, project):
    (project / "pages" / "first.md").write_text('# First\n\n{{ parameter("make", "id") }}\n\n{{ operation("make") }}\n')
    levelbook("build", "-o", "out")
    page = (project / "out" / "first.md").read_text()
    assert "* `id`: integer, in the path, required\n\n  Which." in page
    assert "[Make a thing](make.md)" in page


IN_MARKDOWN = [
    ('{{ request("make") }}', "`POST https://x.test/v1/a/{id}`"),
    ('{{ description("make") }}', "Makes *one* thing."),
    ('{{ access("make") }}', "Administrators only."),
    ('{{ samples("make") }}', "curl:\n\n```bash\ncurl -X POST https://x.test/v1/a/3"),
    ('{{ parameters("make") }}', "* `id`: integer"),
    ('{{ answer("make", 404) }}', "### 404 Not Found\n\nNot there."),
    ('{{ response("make") }}', "### 404 Not Found"),
    ('{{ errors("make") }}', "* 404 : Not there."),
    ('{{ example("make", "200") }}', '"own": 1'),
    ('{{ callbacks("make") }}', "### It is done\n\n`POST` sent to `{$request.query.url}`: `done`\n\nTells so.\n"),
    ('{{ changes("make") }}', "Faster."),
]


@pytest.mark.parametrize(("macro", "expected"), IN_MARKDOWN)
def test_macros_give_their_markdown(levelbook, project, macro, expected):
    (project / "pages" / "first.md").write_text(macro)
    assert levelbook("build", "-o", "out").exit_code == 0
    assert expected in (project / "out" / "first.md").read_text()


FAULTY = [
    ('\n{{ request("no") }}', "pages/first.md:2:1: error: the document has no operation `no`"),
    ('{{ parameter("make", "no") }}', "pages/first.md:1:1: error: make has no `no`; it has id, quiet"),
    ('{{ answer("make", 500) }}', "pages/first.md:1:1: error: make has no status 500; it has 200, 404"),
    ('{{ example("make", 200, 2) }}', "make has 1 examples for 200, and number 2 is asked for"),
    ("{% if %}", "pages/first.md:1:1: error: this is not Jinja2"),
    ("{{ nothing }}", "pages/first.md:1:1: error: 'nothing' is undefined"),
]


@pytest.mark.parametrize(("text", "message"), FAULTY)
def test_a_fault_of_a_page_has_its_place(levelbook, project, text, message):
    (project / "pages" / "first.md").write_text(text)
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 3
    assert message in result.stdout


def test_navigation_has_the_order_of_the_project(levelbook, project):
    levelbook("build", "-o", "out")
    page = (project / "out" / "index.html").read_text()
    assert page.index("Second page") < page.index(">First<")


def test_navigation_names_pages_that_are_there(levelbook, project):
    (project / "pages" / "second.md").unlink()
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 2
    assert "`navigation` names `second`, and there is no" in result.stderr


TAKEN = [
    "make.html",
    "openapi.json",
    "assets/style.css",
    "assets/search-3.js",
    "at/1/index.html",
    "llms.txt",
]


@pytest.mark.parametrize("name", TAKEN)
def test_an_own_file_takes_no_other_s_place(levelbook, project, name):
    (project / "pages" / name).parent.mkdir(parents=True, exist_ok=True)
    (project / "pages" / name).write_text("# Mine")
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 3
    assert f"pages/{name}: error: `{name}` is a file of the reference [page]\n" in result.stdout
    assert not (project / "out" / "index.html").exists()


def test_an_own_page_of_an_operation_is_its_page(levelbook, project):
    (project / "pages" / "make.md").write_text('# My words\n\n{{ parameters("make") }}\n')
    result = levelbook("build", "-o", "out", "--strict")
    page = (project / "out" / "make.html").read_text()
    assert "My words" in page
    assert '<li id="parameter-id">' in page
    assert (project / "out" / "make.md").read_text().startswith("# My words")
    assert page.count('href="make.html"') == 1
    assert result.exit_code == 1
    assert (
        "POST /a/{id}: what is said here stands on no page [not-shown]\n    hint: pages/make.md is the page of this operation, and leaves it out\n"
        in result.stdout
    )


def test_an_own_page_of_an_operation_alone(levelbook, project):
    (project / "pages" / "make.md").write_text("# My words\n")
    assert levelbook("build", "-o", "out", "--only", "make").exit_code == 0
    assert {path.name for path in (project / "out").iterdir()} == {"make.html", "make.md", "assets", ".levelbook-files"}


def test_an_own_index_stands_above_the_overview(levelbook, project):
    (project / "pages" / "index.md").write_text("# Welcome\n\nTo *this*.\n")
    assert levelbook("build", "-o", "out", "--strict").exit_code == 0
    for form, facts in {
        "html": ["Welcome</h1>", "To <em>this</em>", "<h2>T <span", "make.html"],
        "md": ["# Welcome", "To *this*", "## T", "make.md"],
    }.items():
        page = (project / "out" / f"index.{form}").read_text()
        page = page[max(0, page.find("<main")) :]
        assert [page.index(fact) for fact in facts] == sorted(page.index(fact) for fact in facts)


def test_an_own_page_that_only_the_site_may_write_gets_another_name(levelbook, project):
    (project / "pages" / "changelog.md").write_text("# Mine\n")
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 0
    assert (
        "pages/changelog.md: warning: `changelog.html` is a page of the reference; this one is `own-changelog.html` [page]"
        in result.stdout
    )
    assert "Mine" in (project / "out" / "own-changelog.html").read_text()


def test_an_own_page_comes_before_the_page_of_a_schema(levelbook, project):
    (project / "api.yaml").write_text(DOCUMENT + "components: {schemas: {A: {type: object, description: Of A.}}}\n")
    (project / "pages" / "schema-a.md").write_text("# Mine")
    (project / "pages" / "assets").mkdir()
    (project / "pages" / "assets" / "own.css").write_text("p {}")
    assert levelbook("build", "-o", "out", "--strict").exit_code == 0
    assert "Mine" in (project / "out" / "schema-a.html").read_text()
    assert "Of A." in (project / "out" / "schema-A-2.html").read_text()
    assert (project / "out" / "assets" / "own.css").is_file()


def test_templates_hold_what_pages_load_too(levelbook, project):
    (project / "templates" / "assets").mkdir(parents=True)
    (project / "templates" / "assets" / "style.css").write_text("p {}")
    (project / "templates" / "assets" / "more.css").write_text("h1 {}")
    (project / "levelbook.toml").write_text('spec = "api.yaml"\ntemplates = "templates"\n')
    levelbook("build", "-o", "out")
    texts = {path.name: path.read_text() for path in (project / "out" / "assets").glob("*.css")}
    assert texts == {"style.css": "p {}", "more.css": "h1 {}"}


def test_conventions(levelbook, project):
    levelbook("build", "-o", "out")
    page = (project / "out" / "make.html").read_text()
    assert '<p class="remark">Administrators only.</p>' in page
    assert "After the parameters." in page
    assert "1 standard field: <code>result</code>" in page
    assert "quiet=true" not in page


WRONG = [
    ("links = 3", "`links` takes a table"),
    ("navigation = [3]", "navigation takes a list of texts"),
    ("[links]\na = 3", "links: `a` takes a text"),
    ("[conventions]\nremark = 3", "there is no setting `remark`; did you mean `remarks`?"),
    ("[conventions]\nremarks = 3", "`remarks` takes a table"),
    ("[conventions]\nstandard_fields = 3", "`standard_fields` takes a list of texts"),
    ("[conventions]\nsample_parameters = 3", "`sample_parameters` takes a text"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_wrong_setting_is_named(levelbook, project, text, message):
    (project / "levelbook.toml").write_text(f'spec = "api.yaml"\n{text}\n')
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 2
    assert message in result.stderr


LABELS = [
    ('parameters = "Parameter"\nlang = "de"\ndir = "rtl"', 0, ""),
    ("nothing = 'x'", 3, "`nothing`: there is no label of this name"),
    ("parameters = 3", 3, "`parameters`: a label is a text"),
    ("minimum = 'mindestens'", 3, "`minimum` has 0 places for values, and 1 are filled in"),
    ("parameters =", 3, "this is not TOML"),
]


@pytest.mark.parametrize(("text", "code", "message"), LABELS)
def test_labels_of_a_project(levelbook, project, text, code, message):
    (project / "templates").mkdir()
    (project / "templates" / "labels.toml").write_text(text)
    (project / "levelbook.toml").write_text('spec = "api.yaml"\ntemplates = "templates"\n')
    result = levelbook("build", "-o", "out")
    assert result.exit_code == code
    assert message in result.stdout
    if not code:
        page = (project / "out" / "make.html").read_text()
        assert '<html lang="de" dir="rtl">' in page
        assert '<h2 id="parameters">Parameter</h2>' in page


def test_every_word_of_the_theme_is_in_the_catalogue(levelbook, project):
    """With a catalogue of nonsense, no English word of ours is left on a page."""
    from levelbook.docs.labels import Labels

    (project / "templates").mkdir()
    words = {key: f"ž{'{}' * text.count('{}')}" for key, text in Labels().words.items() if key not in ("lang", "dir")}
    (project / "templates" / "labels.toml").write_text(
        "\n".join(f"{key} = {json.dumps(text)}" for key, text in words.items())
    )
    (project / "levelbook.toml").write_text('spec = "api.yaml"\ntemplates = "templates"\n')
    assert levelbook("build", "-o", "out").exit_code == 0
    page = re.sub(
        r"<script.*?</script>|<style.*?</style>|<[^>]*>|POST|HTTP|OK|Not Found|curl",
        " ",
        (project / "out" / "make.html").read_text(),
        flags=re.DOTALL,
    )
    known = "Make a thing T Makes one Which Made Always there own result id quiet Not https x test v a After the parameters application json true Faster behavior X Changelog url query It is done Tells so Heard No Content request"
    assert set(re.findall(r"[A-Za-z]{2,}", page)) - set(known.split()) == set()


MADE = re.compile(
    r"(in|place|style|status|union|condition|search)_|(min|max)\w+_1|lang|dir|\w+s\Z"
)  # put together from parts


def test_every_word_of_the_catalogue_is_used():
    from levelbook.docs.labels import Labels
    from levelbook.docs.templates import THEME

    files = [*THEME.glob("*.*"), *(THEME.parent / "docs").glob("*.py")]
    text = "\n".join(path.read_text() for path in files if path.suffix not in (".toml", ".js"))
    assert [
        key
        for key in Labels().words
        if not MADE.match(key) and not {f'"{key}"', f"'{key}'"} & set(re.findall(r"[\"'][\w]+[\"']", text))
    ] == []
