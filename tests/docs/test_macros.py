"""Macros in braces on a project's own pages: what they place, in HTML and in Markdown, and what is wrong with them."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from levelbook.docs.expanding import Expander
from levelbook.docs.includes import Shelf
from levelbook.docs.macros import Fences, calls, read_options
from levelbook.docs.tabs import rows
from levelbook.problem import UsageError

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://x.test/api/v1"}]
paths:
  /a/{id}:
    post:
      operationId: make
      summary: Make a thing
      description: Makes *one* thing. No {{ template }} here.
      x-admin: true
      x-after: After the parameters.
      x-then: After the return values.
      parameters:
        - {name: id, in: path, required: true, description: Which., schema: {type: integer}, example: 3}
        - {name: quiet, in: query, schema: {type: boolean}, example: true}
        - {name: loud, in: query, schema: {type: boolean}, example: false}
      responses:
        "200": {description: Made., content: {application/json: {schema: {properties: {own: {type: integer, description: Its own.}}}, example: {own: 1}}}}
        "404": {description: Not there., content: {application/json: {example: {gone: true}}}}
  /none:
    get: {operationId: none, responses: {"204": {description: Nothing.}}}
"""
CONFIG = """
spec = "api.yaml"
pages = "pages"
examples = "examples"
[conventions]
parameters = ["x-after"]
response = ["x-then"]
remarks = {x-admin = "Administrators only."}
[values]
town = "Elsinore"
ship = "Rosencrantz & Guildenstern"
[tabs]
desktop-web = "Desktop/Web"
[macros]
see = "see [{}]({}.html)"
[macros.open]
bots = "1. Open **Bots** in {{ town }}."
"""
ARGUMENTS = {"first.md": [{"argument": "type", "description": "What *kind*.", "required": "required", "example": "a"}]}
KEY = "/a/{id}:post"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    (tmp_path / "levelbook.toml").write_text(CONFIG)
    for folder in ("pages/include", "examples/python"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "examples/python/make.py").write_text("# levelbook: start POST /a/{id}\nmake(3)\n# levelbook: end\n")
    (tmp_path / "pages" / "arguments.json").write_text(json.dumps(ARGUMENTS))
    (tmp_path / "pages/include/part.md").write_text("A part in {{ town }}.\n\n{!deeper.md!}\n")
    (tmp_path / "pages/include/deeper.md").write_text("Deeper.\n")
    return tmp_path


@pytest.fixture
def made(levelbook, project):
    """Build a page of this text; give the article, the Markdown and the result."""

    def build(text, *options):
        (project / "pages" / "first.md").write_text(text)
        result = levelbook("build", "-o", "out", "--api-url", "https://x.test/api", *options)
        html = (project / "out" / "first.html").read_text()
        assert "stash" not in html
        ids = re.findall(r'\sid="([^"]*)"', html)
        assert len(ids) == len(set(ids))
        markdown = (project / "out" / "first.md").read_text()
        assert "stash" not in markdown
        return html[html.index("<article") : html.index("</article>")], markdown, result

    return build


PLACED = [
    (f"{{generate_api_header({KEY})}}", ["<h1>Make a thing", "POST</span>", "Makes <em>one</em>", "No {{ template }} here", "Administrators only."], ["# Make a thing", "`POST https://x.test/api/v1/a/{id}`", "No {{ template }} here", "Administrators only."]),
    ("{generate_api_header( POST /a/{id} )}", ["<h1>Make a thing"], ["# Make a thing"]),
    ("{generate_api_header(make)}", ["<h1>Make a thing"], ["# Make a thing"]),
    (f"{{generate_api_arguments_table|api.yaml|{KEY}}}", ['id="make-parameter-quiet"', "Which."], ["* `id`: integer", "Which."]),
    ("{generate_api_arguments_table|api.yaml|/none:get}", ["takes no parameters"], ["takes no parameters"]),
    ("{generate_api_arguments_table|arguments.json|first.md}", ["<td><code>type</code></td><td><code>a</code></td><td>required</td><td>What <em>kind</em>.</td>"], ["* `type`, required: What *kind*.\n\n  Example: `a`"]),
    (f"{{generate_parameter_description({KEY})}}", ["After the parameters."], ["After the parameters."]),
    (f"{{generate_return_values_table|api.yaml|{KEY}}}", ['id="make-response-own"', "Its own."], ["* `own`: integer", "Its own."]),
    (f"{{generate_response_description({KEY})}}", ["After the return values."], ["After the return values."]),
    (f"{{generate_code_example|{KEY}|fixture}}", ["200</span> OK", "Made.", '<span class="t-nt">"own"</span>', "404</span> Not Found", "Not there.", "gone"], ["### 200 OK", "Made.", '"own": 1', "### 404 Not Found", "Not there.", '"gone": true']),
    (f"{{generate_code_example(python)|{KEY}|example}}", ["make("], ["```python\nmake(3)\n```"]),
    (f"{{generate_code_example(curl)|{KEY}|example}}", ["https://x.test/api/v1/a/3", "quiet", "loud"], ["https://x.test/api/v1/a/3", "quiet=true"]),
    (f'{{generate_code_example(curl, exclude=["quiet"])|{KEY}|example}}', ["loud"], ["loud=false"]),
    (f"{{generate_code_example(curl, include=['quiet'])|{KEY}|example}}", ["quiet"], ["quiet=true"]),
    (f"{{generate_parameter_description({KEY})}}{{generate_response_description({KEY})}}", ["After the parameters.", "After the return values."], ["After the parameters.\n\nAfter the return values."]),
    (f"{{generate_api_arguments_table|api.yaml|{KEY}}}\n{{generate_api_arguments_table|api.yaml|{KEY}}}", ['id="make-parameter-id"', 'href="#make-2-parameter-id"'], []),
    (f"{{generate_code_example|{KEY}|fixture}}\n{{generate_return_values_table|api.yaml|{KEY}}}", ['id="make-status-200"', 'id="make-response-own"'], []),
    (f"before {{generate_parameter_description({KEY})}} {{generate_response_description({KEY})}} after", ["<p>before</p>", "After the parameters.", "After the return values.", "<p>after</p>"], ["before\n\nAfter the parameters.\n\nAfter the return values.\n\nafter"]),
    (f"* {{generate_parameter_description({KEY})}}\n* two", ["After the parameters.", "<p>two</p>"], ["* After the parameters."]),
    ("Now {see|here|make} and {see|there|none}.", ['Now see <a href="make.html">here</a> and see <a href="none.html">there</a>.'], ["Now see [here](make.md) and see [there](none.md)."]),
    ("{open|bots}\n1. Click.", ["<li>Open <strong>Bots</strong> in Elsinore.</li>\n<li>Click.</li>"], ["1. Open **Bots** in Elsinore.\n1. Click."]),
    ("{{ ship }}", ["<p>Rosencrantz &amp; Guildenstern</p>"], ["Rosencrantz & Guildenstern"]),
    ("In {{ town }} at {{ api_url }}", ["In Elsinore at https://x.test/api"], ["In Elsinore at https://x.test/api"]),
    ("{!part.md!}", ["<p>A part in Elsinore.</p>\n<p>Deeper.</p>"], ["A part in Elsinore.\n\nDeeper."]),
    ("1. {!part.md!}\n\n1. two", ["<li>\n<p>A part in Elsinore.</p>\n<p>Deeper.</p>\n</li>"], ["1. A part in Elsinore.\n\n    Deeper."]),
    ("* one\n\n    {!deeper.md!}", ["<li>\n<p>one</p>\n<p>Deeper.</p>\n</li>"], ["    Deeper."]),
    ("```\n{!part.md!}\n{start_tabs}\n```", ["<code>{!part.md!}\n{start_tabs}"], ["```\n{!part.md!}\n{start_tabs}\n```"]),
    (f"```\n{{generate_parameter_description({KEY})}}\n```", ["<code>After the parameters.\n</code>"], ["```\nAfter the parameters.\n```"]),
    ("``` python\nf'{len(x)} {x|y}'\n```", ["f'{len(x)} {x|y}'"], ["f'{len(x)} {x|y}'"]),
    (f"Write `{{generate_api_header({KEY})}}` and `{{!part.md!}}`.", [f"<code>{{generate_api_header({KEY})}}</code> and <code>{{!part.md!}}</code>"], ["`{!part.md!}`"]),
    (f"{{% raw %}}{{generate_api_header({KEY})}}{{% endraw %}}", [f"{{generate_api_header({KEY})}}"], [f"{{generate_api_header({KEY})}}"]),
    ("{% raw %}\n{start_tabs}\n{!part.md!}\n{% endraw %}\n{!deeper.md!}", ["{start_tabs}\n{!part.md!}", "Deeper."], ["{start_tabs}\n{!part.md!}"]),
    ("A {version} of ${x|y}", ["A {version} of ${x|y}"], ["A {version} of ${x|y}"]),
    ("1. one\n\n    ```\n    code\n\n      more\n    ```\n\n1. two", ["<code>code\n\n  more\n</code>", "<p>two</p>"], ["    ```\n    code"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "html", "markdown"), PLACED)
def test_what_macros_place(made, text, html, markdown):
    page, twin, result = made(text)
    assert result.exit_code == 0
    assert "[macro]" not in result.stdout
    assert "[include]" not in result.stdout
    for part in html:
        assert part in page
    for part in markdown:
        assert part in twin


def test_chosen_parameters_are_the_only_ones(made):
    page, _, _ = made(f'{{generate_code_example(curl, exclude=["quiet"])|{KEY}|example}}')
    assert "quiet" not in page
    page, _, _ = made(f'{{generate_code_example(curl, include=["quiet"])|{KEY}|example}}')
    assert "loud" not in page


TABS = f"""{{start_tabs}}

{{generate_code_example(python)|{KEY}|example}}

{{tab|curl}}

{{generate_code_example(curl)|{KEY}|example}}

{{tab|desktop-web}}

* *Click*

{{end_tabs}}
after
"""
SECTION = f"""<div class="code-section" markdown="1">
<ul class="nav">
<li data-language="python">Python</li>
<li data-language="curl">curl</li>
<li data-language="desktop-web">Desktop/Web</li>
</ul>
<div class="blocks">

<div data-language="python" markdown="1">
{{generate_code_example(python)|{KEY}|example}}
</div>

<div data-language="curl" markdown="1">

{{generate_code_example(curl)|{KEY}|example}}
</div>
<div data-language="desktop-web" markdown="1"> * *Click*
</div>
</div>
</div>
after
"""


@pytest.mark.parametrize("text", [TABS, SECTION], ids=["braces", "div"])
def test_tabs(made, text):
    page, twin, result = made(text)
    assert result.exit_code == 0
    assert "[macro]" not in result.stdout
    labels = re.findall(
        r'<input type="radio" name="([^"]*)" id="([^"]*)" value="([^"]*)"([^>]*)>\s*<label for="([^"]*)">([^<]*)<', page
    )
    assert labels == [
        ("tabs-1", "tabs-1-python", "python", " checked", "tabs-1-python", "Python"),
        ("tabs-1", "tabs-1-curl", "curl", "", "tabs-1-curl", "curl"),
        ("tabs-1", "tabs-1-desktop-web", "desktop-web", "", "tabs-1-desktop-web", "Desktop/Web"),
    ]
    panels = page.split('<div class="panel">')
    assert "make(" in panels[1]
    assert "https://x.test/api/v1/a/3" in panels[2]
    assert "<li><em>Click</em></li>" in panels[3]
    assert page.index("</fieldset>") < page.index("<p>after</p>")
    assert page.count("<div") == page.count("</div")
    parts = [
        "**Python**\n\n```python\nmake(3)\n```",
        "**curl**\n\n```bash\ncurl ",
        "**Desktop/Web**\n\n* *Click*\n\nafter",
    ]
    assert [part for part in parts if part not in twin] == []
    assert "<div" not in twin


def test_a_section_without_tabs_is_text(made):
    page, twin, result = made("{start_tabs}\n\n1. one\n\n{end_tabs}\n")
    assert "fieldset" not in page
    assert "<li>one</li>" in page
    assert twin.strip() == "1. one"
    assert result.exit_code == 0


def test_the_title_of_a_page_may_come_from_a_macro(made, project):
    made(f"```\n# no title\n```\n{{generate_api_header({KEY})}}\n")
    assert 'href="first.html">Make a thing</a>' in (project / "out" / "index.html").read_text()


def test_parts_of_pages_are_not_published(made, project):
    made("{!part.md!}")
    assert not (project / "out" / "include").exists()


FAULTS = [
    ("one\n {generate_api_headr(/a/{id}:post)}", "first.md:2:2: warning: there is no macro `generate_api_headr` [macro]", "did you mean `generate_api_header`?"),
    ("a {settings_tab|bots}", "first.md:1:3: warning: there is no macro `settings_tab` [macro]", "define it in the table `[macros]`"),
    ("{start_tab}", "first.md:1:1: warning: there is no macro `start_tab` [macro]", "did you mean `start_tabs`?"),
    ("{open|bot}", "first.md:1:1: warning: the macro `open` has no `bot` [macro]", "did you mean `bots`?"),
    ("{see|one}", "first.md:1:1: warning: `see` takes 2 arguments, and is given 1 [macro]", ""),
    ("{generate_api_header(/b:get)}", "first.md:1:1: warning: the document has no operation `GET /b`", ""),
    (f"{{generate_api_arguments_table|zulip.yaml|{KEY}}}", "first.md:1:1: warning: `zulip.yaml` is not the document [macro]", "the document is `api.yaml`"),
    (f"{{generate_return_values_table|{KEY}}}", "first.md:1:1: warning: `generate_return_values_table` takes a document and an operation", ""),
    ("{generate_api_arguments_table|arguments.json|frist.md}", "first.md:1:1: warning: `arguments.json` has no `frist.md` [macro]", "did you mean `first.md`?"),
    ("{generate_api_arguments_table|other.json|first.md}", "first.md:1:1: warning: there is no file `other.json` [macro]", "it may stand in pages or pages/include"),
    (f"{{generate_code_example(ruby)|{KEY}|example}}", "POST /a/{id} has no usage example in ruby [macro]", "write a snippet into the folder `ruby` of the examples; there are python, curl"),
    (f"{{generate_code_example(curl)|{KEY}|exmple}}", "`generate_code_example` takes an operation, and `example` or `fixture` [macro]", ""),
    (f"{{generate_code_example(curl, only=3)|{KEY}|example}}", "`curl, only=3` is no language with lists of parameters to `include` or `exclude` [macro]", ""),
    (f'{{generate_code_example(curl, exclude=["quit"])|{KEY}|example}}', "POST /a/{id} has no parameter `quit` [macro]", ""),
    (f'{{generate_code_example(python, exclude=["quiet"])|{KEY}|example}}', "examples in python are not made with chosen parameters [macro]", ""),
    ("{tab|x}", "first.md:1:1: warning: `{tab|x}` has no `{start_tabs}` above it [macro]", "write `{start_tabs}` where the tabs begin"),
    ("x\n{end_tabs}", "first.md:2:1: warning: `{end_tabs}` has no `{start_tabs}` above it [macro]", ""),
    ("{start_tabs}\n{tab|x}\none", "first.md:1:1: warning: `{start_tabs}` has no `{end_tabs}` [macro]", "write `{end_tabs}` where the last tab ends"),
    ("{start_tabs}\n{tab|x}\n{start_tabs}\n{end_tabs}", "first.md:3:1: warning: tabs within tabs: those of line 1 have not ended [macro]", ""),
    ("so {start_tabs}", "first.md:1:4: warning: `{start_tabs}` does not stand alone [macro]", "put it on a line of its own"),
    ('<div class="code-section">\n<div data-language="x">', "first.md:1:1: warning: this `<div>` does not end [macro]", "write `</div>` where it ends"),
    ("{!no.md!}", "first.md:1:1: warning: there is no file `no.md` [include]", "it may stand in pages or pages/include"),
    ("so {!part.md!}", "first.md:1:4: warning: `{!part.md!}` does not stand alone [include]", "put it on a line of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message", "hint"), FAULTS)
def test_a_fault_has_its_place_and_the_page_is_made(made, levelbook, text, message, hint):
    _, _, result = made(text)
    assert message in result.stdout
    assert hint in result.stdout
    assert result.stdout.count(message) == 1
    assert result.exit_code == 0
    assert levelbook("build", "-o", "out", "--strict").exit_code == 1


UNSAFE = [
    ("{!../api.yaml!}", "`../api.yaml` lies outside the folder of the pages"),
    ("{!include/../../api.yaml!}", "`include/../../api.yaml` lies outside the folder of the pages"),
    ("{!/etc/hostname!}", "`/etc/hostname` is an absolute path"),
    ("{!C:\\x.md!}", "`C:\\x.md` is an absolute path"),
    ("{!linked.md!}", "`linked.md` leads outside the folder of the pages through a link"),
    ("{!folder/api.yaml!}", "`folder/api.yaml` leads outside the folder of the pages through a link"),
    ("{!first.md!}", "`first.md` includes itself: first.md includes first.md"),
    ("{generate_api_arguments_table|../secret.json|x}", "`../secret.json` lies outside the folder of the pages"),
]


@pytest.mark.parametrize(("text", "message"), UNSAFE)
def test_unsafe_files_are_refused(made, project, text, message):
    (project / "secret.json").write_text('{"x": [{"argument": "a", "description": "secret"}]}')
    (project / "pages" / "include" / "linked.md").symlink_to(project / "api.yaml")
    (project / "pages" / "include" / "folder").symlink_to(project)
    page, _, result = made(f"\n{text}\n")
    assert f"pages/first.md:2:1: error: {message}" in result.stdout
    assert result.exit_code == 1
    assert "openapi" not in page
    assert "secret" not in page


def test_a_cycle_and_a_depth_have_the_place_of_the_include(made, project):
    (project / "pages" / "include" / "deeper.md").write_text("x\n\n* {!part.md!}\n")
    _, _, result = made("{!part.md!}")
    assert (
        "pages/include/deeper.md:3:3: error: `part.md` includes itself: first.md includes part.md includes deeper.md includes part.md [include]"
        in result.stdout
    )
    for number in range(20):
        (project / "pages" / "include" / f"{number}.md").write_text(f"{{!{number + 1}.md!}}")
    _, _, result = made("{!0.md!}")
    assert "pages/include/15.md:1:1: error: `16.md` is included 17 files deep [include]" in result.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"first.md": [{"description": "x"}]}', "`first.md` of `arguments.json` is no list of arguments"),
        ('{"first.md": 3}', "`first.md` of `arguments.json` is no list of arguments"),
        ('{"first.md": [', "pages/arguments.json:1:15: this is not JSON"),
    ],
)
def test_a_faulty_table_of_arguments(made, project, text, message):
    (project / "pages" / "arguments.json").write_text(text)
    _, _, result = made("{generate_api_arguments_table|arguments.json|first.md}")
    assert f"pages/first.md:1:1: error: {message}" in result.stdout
    assert result.exit_code == 1


def test_every_fault_of_every_page_is_told_at_once(levelbook, project):
    (project / "pages" / "first.md").write_text("{!part.md!}\n\n{{ twon }} and {{ nobody }}\n\n{shwo|x}")
    (project / "pages/include/deeper.md").write_text("x\n\n* {{ api_ur }}")
    (project / "pages" / "second.md").write_text("\n{% if %}")
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 3
    assert [line for line in result.stdout.splitlines() if ": error: " in line or ": warning: " in line] == [
        "pages/first.md:3:1: error: 'twon' is undefined [template]",
        "pages/first.md:3:16: error: 'nobody' is undefined [template]",
        "pages/first.md:5:1: warning: there is no macro `shwo` [macro]",
        "pages/include/deeper.md:3:3: error: 'api_ur' is undefined [template]",
        "pages/second.md:2:1: error: this is not Jinja2: Expected an expression, got 'end of statement block' [template]",
    ]  # fmt: skip
    assert "did you mean `town`?" in result.stdout
    assert "give it a value in the table `[values]`" in result.stdout


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("macros = 3", "`macros` takes a table"),
        ("[macros]\na = 3", "macros: `a` takes a text, or a table of texts by argument"),
        ("[macros.a]\nb = 3", "macros: a: `b` takes a text"),
        ("[values]\na = 3", "values: `a` takes a text"),
        ("[tabs]\na = 3", "tabs: `a` takes a text"),
    ],
)
def test_a_wrong_setting_is_named(levelbook, project, setting, message):
    (project / "levelbook.toml").write_text(f'spec = "api.yaml"\n{setting}\n')
    result = levelbook("build", "-o", "out")
    assert result.exit_code == 2
    assert message in result.stderr


class Plain:
    """Speaks one macro, and nothing of documents."""

    names = ("place", "inline")

    def say(self, call):
        if call.is_bare:
            raise UsageError("nothing is named")
        return ("block", False) if call.name == "place" else ("words", True)

    def in_code(self, call):
        return "code"

    def own_tab(self, call):
        return ("own", "Own") if call.name == "place" else None

    def tab(self, key, label, *, first):
        return f"tab {first}"

    def end(self):
        return "end"


PIECES = st.sampled_from([
    "{place|x}", "{inline|x}", "{place}", "{other|x}", "{tab|a}", "{start_tabs}", "{end_tabs}", "{!first.md!}", "{!no.md!}", "text", " ", "    ",
    "\n", "\n\n", "```", "`", "* ", "1. ", "{", "}", "|", "{{ x }}", "{% raw %}", "{% endraw %}", '<div class="code-section">', "</div>", "<div>",
    '<div data-language="x" markdown="1">', '<li data-language="x">X</li>',
])  # fmt: skip


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_expanding_takes_any_text(text):
    expander = Expander(Shelf(Path("nowhere")), Plain())
    made = expander.expand(text, Path("first.md"))
    assert len(expander.places) == made.count("\n") + 1 or not made
    assert all(1 <= place.line <= text.count("\n") + 1 for place in expander.places)
    assert made.count("end") - made.count("{end_tabs}") - made.count("endraw") == made.count("tab True")
    assert "\0" not in made


@settings(deadline=None)
@given(st.text(alphabet="ab|()!`~\n \\\\$#%-1.<>}", max_size=60))
def test_text_without_macros_stays_as_it_is(text):
    assert Expander(Shelf(Path("nowhere")), Plain()).expand(text, Path("first.md")) == text


@settings(deadline=None)
@given(st.text(alphabet="{}|()!ab`~\n \\$#%-1.<div>", max_size=60))
def test_reading_any_text_loses_none_of_it(text):
    assert "\n".join(row.text for row in rows(text)) == text or "<div" in text
    for line in text.split("\n"):
        assert all(line[call.start] == "{" and line[call.end - 1] == "}" for call in calls(line))
        read_options(line)
    fences = Fences()
    assert [fences.take(line) for line in text.split("\n")].count(True) >= text.startswith("```\n")
