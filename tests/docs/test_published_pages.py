"""Pages that other projects have written, as they are: those of Zulip 10.2, and a template of 2018."""

import json
import re
import shutil
from pathlib import Path

import pytest

from levelbook.docs.guides import headings

CONFIG = """
spec = "zulip.yaml"
pages = "pages"
markdown = "python-markdown"
[links]
"/api/" = ""
"/help/" = "https://zulip.com/help/"
[conventions]
parameters = ["x-parameter-description"]
response = ["x-response-description"]
standard_fields = ["result", "msg", "ignored_parameters_unsupported"]
sample_parameters = "x-curl-examples-parameters"
remarks = {x-requires-administrator = "Administrators only."}
[macros]
settings_tab = "1. Open **{}** in the settings."
"""
PLACEHOLDERS = "pages/api-doc-template.md:{}:1: warning: the document has no operation `API_ENDPOINT_NAME`"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Build all the pages; give the folder they are in and what was told."""
    from click.testing import CliRunner

    from levelbook.cli import main

    source = Path(__file__).parent.parent.parent.parent / "shared" / "corpus" / "zulip-10.2"
    if not source.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    folder = tmp_path_factory.mktemp("published")
    shutil.copy(source / "zulip.yaml", folder)
    shutil.copytree(source / "api_docs", folder / "pages")
    (folder / "levelbook.toml").write_text(CONFIG)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = CliRunner().invoke(main, ["build", "-o", "out", "--api-url", "https://chat.zulip.org/api"])
        assert result.exit_code == 0, result.output
        (folder / "alone").mkdir()
        shutil.copy(folder / "zulip.yaml", folder / "alone")
        patch.chdir(folder / "alone")
        (folder / "alone" / "levelbook.toml").write_text('spec = "zulip.yaml"')
        assert CliRunner().invoke(main, ["build", "-o", "out", "--only", "send-message"]).exit_code == 0
    return folder, result.stdout


def article(folder, name):
    html = (folder / "out" / f"{name}.html").read_text()
    return html[html.index("<article") : html.index("</article>")]


def test_every_page_is_there_in_both_forms(published):
    folder, _ = published
    names = sorted(path.stem for path in (folder / "pages").glob("*.md"))
    assert len(names) > 20
    assert "API changelog" in (folder / "out" / "changelog.md").read_text()
    assert "{generate_api_header(API_ENDPOINT_NAME)}" in article(folder, "api-doc-template")
    for name in names:
        page = "own-changelog" if name == "changelog" else name
        html, markdown = article(folder, page), (folder / "out" / f"{page}.md").read_text()
        source = (folder / "pages" / f"{name}.md").read_text()
        for text in (html, markdown):
            assert "stash" not in text
            assert name == "api-doc-template" or not re.search(
                r"\{(?:generate_|start_tabs|end_tabs|tab\||settings_tab)|\{\{ api_url", text
            ), name
        assert len(html) > len(source) * 0.9, name
        written = re.findall(
            r"^#{1,6} (.+)$", re.sub(r"^```.*?^```", "", source, flags=re.MULTILINE | re.DOTALL), re.MULTILINE
        )
        assert len([text for _, text in headings(html)]) >= len([text for text in written if "{" not in text]), name


def test_what_is_told_of_them(published):
    _, told = published
    faults = [line for line in told.splitlines() if re.search(r"\[(macro|include|template|page)\]", line)]
    beginnings = [PLACEHOLDERS.format(line) for line in (1, 7, 9, 13, 19, 21, 25, 27, 31)]
    for page, key in (("send-message", "/messages"), ("create-scheduled-message", "/scheduled_messages")):
        for line, language in ((7, "python"), (9, "javascript")):
            beginnings.append(f"pages/{page}.md:{line}:1: warning: POST {key} has no usage example in {language}")
    beginnings.append(
        "pages/changelog.md: warning: `changelog.html` is a page of the reference; this one is `own-changelog.html`"
    )
    told_of = [[one for one in beginnings if line.startswith(one)] for line in faults]
    assert [line for line, found in zip(faults, told_of, strict=True) if not found] == []
    assert {one for found in told_of for one in found} >= set(beginnings[:9])


def test_a_page_of_an_operation_shows_all_of_it(published):
    folder, _ = published
    html, ours = article(folder, "send-message"), article(folder / "alone", "send-message")
    ids = set(re.findall(r'\sid="((?:parameter|response|error|status)-[^"]*)"', ours))
    assert len(ids) > 20
    ids.remove("response-section")  # the section has a heading of the page's own
    assert ids - set(re.findall(r'\sid="([^"]*)"', html)) == set()
    assert re.findall(r'<label for="tabs-1-[^"]*">([^<]*)<', html)[-2:] == ["curl", "zulip-send"]
    assert "curl -X POST https://chat.zulip.org/api/v1/messages" in html
    assert html.index("Usage examples") < html.index('id="parameter-type"') < html.index("Example response")


def test_macros_of_the_project_s_own(published):
    folder, _ = published
    assert "Open <strong>your-bots</strong> in the settings." in article(folder, "api-keys")


def test_code_keeps_what_looks_like_a_macro(published):
    folder, _ = published
    html = article(folder, "incoming-webhooks-walkthrough")
    assert "1. {!create-an-incoming-webhook.md!}" in html
    assert "<code>{!congrats.md!}</code>" in html
    assert '<a href="send-message.html">Send a message</a>' in article(folder, "sidebar_index")


def test_a_template_of_2018(levelbook, corpus, tmp_path, monkeypatch):
    source = corpus.parent / "reference-pages" / "private-message-template.md"
    shutil.copy("api_spec/openapi.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages" / "include").mkdir(parents=True)
    shutil.copy(source, tmp_path / "pages" / "private-message.md")
    (tmp_path / "levelbook.toml").write_text('spec = "openapi.yaml"\npages = "pages"\n')
    rows = [{"argument": "to", "description": "Who *gets* it.", "required": "required", "example": "[9]"}]
    (tmp_path / "pages" / "arguments.json").write_text(json.dumps({"private-message.md": rows}))
    for name in ("successful-api-send-message", "invalid-api-key"):
        (tmp_path / "pages" / "include" / f"{name}-json-response.md").write_text(f"It is {name}.\n\n```\n{{}}\n```\n")
    result = levelbook("build", "-o", "out", "--api-url", "https://chat.zulip.org/api", "--strict")
    assert (result.exit_code, result.stdout) == (0, "")
    html, markdown = article(tmp_path, "private-message"), (tmp_path / "out" / "private-message.md").read_text()
    tabs = re.findall(r'value="([^"]*)"(?: checked)?>\s*<label for="[^"]*">([^<]*)<', html)
    assert tabs == [("curl", "curl"), ("python", "Python"), ("zulip-send", "zulip-send"), ("javascript", "JavaScript")]
    facts = [
        "<h1", "POST https://chat.zulip.org/api/v1/messages", ">Arguments<", "<code>to</code>", "Who <em>gets</em> it.",
        ">Usage examples<", "curl https://chat.zulip.org/api/v1/messages \\", "import zulip", "You can use <code>zulip-send</code>",
        "zulip-send hamlet@example.com", 'href="/api/endpoints"', "More examples", "realm: 'https://chat.zulip.org/api'",
        ">Response<", ">Return values<", ">Example response<", "It is successful-api-send-message.", "A typical failed",
        "'BAD_REQUEST'", "It is invalid-api-key.",
    ]  # fmt: skip
    places = [html.replace("&quot;", '"').index(fact) for fact in facts]
    assert places == sorted(places)
    assert "<div" not in markdown
    assert [
        label for label in ("**curl**", "**Python**", "**zulip-send**", "**JavaScript**") if label not in markdown
    ] == []
