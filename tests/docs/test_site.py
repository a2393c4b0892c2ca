"""Pages and the site: what is in the document is on the page, in Markdown and in HTML."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from levelbook.cli import main
from levelbook.docs.context import file_names
from levelbook.docs.operation import server_url

HEAD = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n'


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    result = CliRunner().invoke(main, ["build", "-o", str(folder)])
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    return folder


class Text(HTMLParser):
    """The text of a page, its ids and its links."""

    def __init__(self, source):
        super().__init__()
        self.words, self.ids, self.links = [], [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if tag == "a" and attributes.get("href") else []

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


def test_the_files_of_a_site(demo):
    names = {str(path.relative_to(demo)) for path in demo.rglob("*") if path.is_file()}
    pages = ["send-message", "get-messages", "register-queue", "get-events", "get-users", "index", "changelog"]
    guides = [
        "guide",
        "pages",
        "examples",
        "openapi-core",
        "traffic",
        "running",
        "mock",
        "review",
        "compatibility",
        "oasdiff",
        "validation",
        "words",
        "rules",
    ]
    copies = {name for name in names if name.startswith("at/")}
    assert names - copies == {f"{page}.{form}" for page in (*pages, *guides) for form in ("html", "md")} | {
        "changelog.atom", "404.html", "llms.txt", "llms-full.txt", "openapi.json", "overlay.json", "links.json",
        "nav.yml", "sitemap.xml", "assets/style.css", "assets/script.js", "assets/find.js", "assets/search.js",
        "assets/icon.svg", ".levelbook-files", "images/operation.png", "images/search.png", "images/as-of.png", "images/phone.png",
    }  # fmt: skip
    assert {"at/8.0/index.html", "at/8.0/send-message.html", "at/8.0/send-message.md"} <= copies


ON_THE_PAGE = [
    "Send a message",
    "https://chat.example.com/api/v1/messages",
    "Send a channel message or a direct message.",
    "Usage examples",
    "client.send_message(request)",
    "console.log(await client.messages.send(params));",
    "--data-urlencode 'to=[9]'",
    "zulip-send --stream Denmark",
    "string, integer, list of strings, or list of integers",
    "JSON in a form field",
    'In Zulip 9.0 (feature level 248), "channel" was added as a further value that asks for a channel message.',
    'In Zulip 7.0 (feature level 174), "direct" was added',
    "User and channel IDs are understood since Zulip 2.0.0.",
    "New in Zulip 8.0 (feature level 236).",
    '"stream", "private"',
    "automatic_new_visibility_policy",
    "200 OK",
    "400 Bad Request",
    "STREAM_WILDCARD_MENTION_NOT_ALLOWED",
    "As of Zulip 7.0 (feature level 167)",
    "The message mentions everybody in a topic that many people take part in",
    "Channel 'nonexistent' does not exist",
]  # fmt: skip


@pytest.mark.parametrize("expected", ON_THE_PAGE)
@pytest.mark.parametrize("form", ["html", "md"])
def test_the_demo_page_says(demo, form, expected):
    text = (demo / f"send-message.{form}").read_text()
    text = Text(text).text if form == "html" else " ".join(re.sub(r"(?<!\\)[`*]", "", text).split())
    assert expected in text


def test_what_is_corrected_in_the_document_is_no_change_of_the_api(demo):
    assert "the documentation says" not in (demo / "send-message.html").read_text()
    assert "the documentation says" not in (demo / "changelog.md").read_text()


def test_every_id_stands_once(demo):
    for path in demo.rglob("*.html"):
        page = Text(path.read_text())
        assert len(page.ids) == len(set(page.ids)), path


def test_the_changelog_and_the_pages_link_each_other(demo):
    changelog, page = Text((demo / "changelog.html").read_text()), Text((demo / "send-message.html").read_text())
    assert "send-message.html#parameter-type" in changelog.links
    assert "register-queue.html#response-max_topic_length" in changelog.links
    assert "changelog.html#level-248" in page.links
    assert "level-248" in changelog.ids


def test_the_feed_is_atom(demo):
    feed = ET.parse(demo / "changelog.atom").getroot()
    space = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{space}feed"
    entry = feed.findall(f"{space}entry")[1]
    assert entry.find(f"{space}title").text == "Feature level 248 (Zulip 9.0)"
    assert entry.find(f"{space}updated").text == "2024-07-25T00:00:00Z"
    assert (
        "<p>POST /messages form:type: In Zulip 9.0 (feature level 248), <code>&quot;channel&quot;</code>"
        in entry.find(f"{space}content").text
    )


def test_the_project_s_own_template_and_pages_are_used(demo):
    assert 'href="guide.html">Getting started</a> says who may call' in (demo / "send-message.html").read_text()
    guide = (demo / "guide.html").read_text()
    assert "curl https://chat.example.com/api/v1/users" in guide
    assert 'class="admonition note"' in guide


def test_the_rules_have_a_page(demo):
    page = (demo / "rules.html").read_text()
    assert "<title>Rules of levelbook check" in page
    assert "<code>remote = {&quot;https" in page or '<code>remote = {"https' in page


def test_the_same_input_gives_the_same_bytes(demo, tmp_path):
    """In another process too, where sets have another order, also what the next build compares with."""
    command = [sys.executable, "-c", "from levelbook.cli import main; main()", "build", "-q", "-o", tmp_path]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "7"})
    for path in demo.rglob("*"):
        if path.is_file():
            assert (tmp_path / path.relative_to(demo)).read_bytes() == path.read_bytes()


def test_a_second_build_writes_only_what_changed(levelbook, tmp_path):
    levelbook("build", "-o", tmp_path)
    (tmp_path / "index.html").write_text("spoilt")
    (tmp_path / "mine.txt").write_text("stays")
    names = (tmp_path / ".levelbook-files").read_text()
    (tmp_path / ".levelbook-files").write_text(names + "gone.html\n")
    (tmp_path / "gone.html").write_text("of an earlier build")
    result = levelbook("build", "-o", tmp_path)
    assert re.search(r"1 file written, \d+ as they were, 1 removed", result.stderr)
    assert not (tmp_path / "gone.html").exists()
    assert (tmp_path / "mine.txt").read_text() == "stays"


def test_only_one_page(levelbook, tmp_path):
    result = levelbook("build", "-o", tmp_path, "--only", "POST /messages")
    assert "1 operation" in result.stderr
    assert result.stderr.rstrip().endswith(f"open {tmp_path / 'send-message.html'}")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".levelbook-files",
        "assets",
        "send-message.html",
        "send-message.md",
    ]


def test_a_build_that_fails_on_the_way_leaves_the_site_as_it_was(levelbook, tmp_path):
    spec, out = tmp_path / "api.yaml", tmp_path / "out"
    spec.write_text(HEAD + "paths: {/a: {get: {operationId: a, summary: First, responses: {}}}}")
    levelbook("build", spec, "-o", out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (tmp_path / "levelbook.toml").write_text('spec = "api.yaml"\npages = "own"\n')
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "page.md").write_text("{{ nothing }}")
    spec.write_text(spec.read_text().replace("First", "Second"))
    assert levelbook("build", spec, "-o", out).exit_code == 3
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
    (tmp_path / "own" / "page.md").write_text("# Page")
    assert levelbook("build", spec, "-o", out).exit_code == 0
    assert "Second" in (out / "a.html").read_text()
    assert not (out / ".levelbook-new").exists()


def test_the_other_pages_stay_when_one_is_built(levelbook, tmp_path):
    levelbook("build", "-o", tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    levelbook("build", "-o", tmp_path, "--only", "POST /messages")
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(("options", "written"), [((), True), (("--strict",), False)])
def test_a_faulty_example_stops_a_strict_build(levelbook, tmp_path, monkeypatch, options, written):
    (tmp_path / "levelbook.toml").write_text("spec = 'api.yaml'\nexamples = 'examples'")
    (tmp_path / "api.yaml").write_text(HEAD + "paths: {/a: {get: {responses: {'200': {description: d}}}}}")
    (tmp_path / "examples" / "python").mkdir(parents=True)
    (tmp_path / "examples" / "python" / "a.py").write_text("# levelbook: start GET /b\nx\n# levelbook: end\n")
    monkeypatch.chdir(tmp_path)
    result = levelbook("build", "-o", "out", *options)
    assert result.exit_code == 1
    assert "the document has no operation GET /b" in result.stdout
    assert (tmp_path / "out" / "index.html").exists() is written


URLS = [
    ("https://chat.example.com/api/v1", "https://chat.zulip.org/api", "https://chat.zulip.org/api/v1"),
    ("https://chat.example.com/api/v1", "https://x.test", "https://x.test/api/v1"),
    ("https://chat.example.com/api/v1", "https://x.test/other/", "https://x.test/other"),
    ("https://chat.example.com/api/v1/", "", "https://chat.example.com/api/v1"),
    ("/v1", "https://x.test/v1", "https://x.test/v1"),
    ("/", "", ""),
]


@pytest.mark.parametrize(("server", "api_url", "expected"), URLS)
def test_the_address_of_the_api(api, server, api_url, expected):
    made = api(f"servers: [{{url: '{server}'}}]\npaths: {{/a: {{get: {{}}}}}}")
    assert server_url(made, made.operations[0], api_url) == expected


def test_names_of_files(api):
    made = api("""
paths:
  /a: {get: {operationId: List}, put: {operationId: list}, post: {operationId: "../../x"}}
  "/b/{id}": {get: {}, delete: {operationId: index}}
""")
    assert list(file_names(made.operations).values()) == ["List", "list-2", "x", "get-b-id", "index-2"]


KINDS = """
paths:
  /a:
    get:
      responses:
        "200":
          description: The answer.
          headers: {X-Rate: {description: How many., schema: {type: integer}}}
          content:
            application/json:
              schema:
                type: object
                required: [always]
                properties:
                  always: {type: string, format: date-time, description: Then.}
                  nullable: {type: [integer, "null"], minimum: 3, maximum: 5}
                  map: {type: object, additionalProperties: {type: integer}}
                  maps: {type: object, additionalProperties: {type: object, properties: {deep: {description: Deep down.}}}}
                  list: {type: array, items: {enum: [a, b]}, minItems: 1, uniqueItems: true}
                  mixed: {type: array, items: {type: [string, integer]}}
                  anything: {}
                  tree: {$ref: "#/components/schemas/Tree"}
                  either: {oneOf: [{title: One, description: The one., type: string}, {title: Two, type: object, properties: {x: {default: null}}}]}
                  merged: {allOf: [{$ref: "#/components/schemas/Base"}, {properties: {own: {description: Own., deprecated: true}}}]}
        default: {description: Anything else.}
components:
  schemas:
    Base: {type: object, description: The base., properties: {base: {description: In the base.}}}
    Tree: {type: object, properties: {children: {type: array, description: Below., items: {$ref: "#/components/schemas/Tree"}}}}
"""
KINDS_SAY = [
    "* `always`: string (date-time), always\n\n  Then.",
    "* `nullable`: integer or null, optional, may be null\n\n  At least 3, at most 5.",
    "* `map`: map of integers, optional",
    "* `maps`: map of objects, optional\n\n  * `{key}`: object\n\n    * `deep`: any value, optional\n\n      Deep down.",
    '* `list`: list of strings, optional\n\n  Each one of: `"a"`, `"b"`\n\n  At least 1 item, all different.',
    "* `mixed`: list of (string or integer), optional",
    "* `anything`: any value, optional",
    "  * `children`: list of objects, optional\n\n    Below.\n\n    Its fields are those of `Tree` (`response-tree`).",
    "* `either`: string or object, optional\n\n  Exactly one of these:\n\n  * **One** string\n\n    The one.\n\n  * **Two** object\n\n    * `x`: any value, optional\n\n      Default: `null`",
    "* `merged`: object, optional\n\n  The base.\n\n  * `base`: any value, optional\n\n    In the base.\n\n  * `own`: any value, optional, deprecated",
    "#### Headers\n\n* `X-Rate`: integer, optional\n\n  How many.",
    "### default Any other status\n\nAnything else.\n\nThe answer has no body.",
]  # fmt: skip


def test_all_kinds_of_schemas(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(HEAD + KINDS)
    assert levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "site").exit_code == 0
    text = (tmp_path / "site" / "get-a.md").read_text()
    for expected in KINDS_SAY:
        assert expected in text
    page = Text((tmp_path / "site" / "get-a.html").read_text())
    assert "response-merged.own" in page.ids
    assert "#response-tree" in page.links


FAULTY = [
    ("operation.html", "{% if %}", ":1:1: error: this is not Jinja2"),
    ("operation.md", "{{ page.nothing }}", "has no attribute 'nothing'"),
]


@pytest.mark.parametrize(("name", "text", "message"), FAULTY)
def test_a_faulty_template_is_named(levelbook, tmp_path, monkeypatch, name, text, message):
    (tmp_path / "levelbook.toml").write_text("spec = 'api.yaml'\ntemplates = 'mine'")
    (tmp_path / "api.yaml").write_text(HEAD + "paths: {/a: {get: {responses: {'200': {description: d}}}}}")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    result = levelbook("build")
    assert result.exit_code == 3
    assert message in result.stdout
    assert name in result.stdout


def test_output_that_cannot_be_written(levelbook, tmp_path):
    (tmp_path / "file").write_text("x")
    result = levelbook("build", "-o", tmp_path / "file")
    assert result.exit_code == 2
    assert "cannot write to" in result.stderr
