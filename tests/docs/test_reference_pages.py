"""The demo's page of one operation, now and at an earlier level, held against the facts of two published pages of it."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
import yaml

CASES = yaml.load((Path(__file__).parent.parent / "cases/docs/reference.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506  # texts alone: it builds nothing
LEVEL = re.compile(r"Zulip (\d[\d.]*\d)(?: \(feature level (\d+)\))?")


def plain(value):
    """Give a value of the table, which is read as texts, with what JSON has for them."""
    return {name: int(text) if text.isdecimal() else text for name, text in value.items()}


def text_of(html):
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def levels_of(html):
    return [[part for part in match if part] for match in LEVEL.findall(text_of(html))]


class Page:
    """A page of ours, taken apart by what readers see."""

    def __init__(self, folder):
        html = (folder / "send-message.html").read_text()
        self.html = html[html.index("<article") : html.index("</article>")]
        self.markdown = (folder / "send-message.md").read_text()

    def found(self, pattern, text=None):
        return [text_of(part) for part in re.findall(pattern, text or self.html, re.DOTALL)]

    @property
    def title(self):
        return self.found(r"<h1>(.*?)(?:<span|</h1>)")[0]

    @property
    def request(self):
        return self.found(r'<p class="request">(.*?)</p>')[0]

    @property
    def sections(self):
        return [re.sub(r" application/json.*", "", text) for text in self.found(r"<h([2-4][^>]*>.*?)</h[2-4]>")]

    @property
    def tabs(self):
        return self.found(r'<label for="language-[^"]*">(.*?)</label>')

    def fields(self, kind):
        """Give the fields of the first level, each with what stands below it up to the next."""
        return re.findall(
            rf'<li id="{kind}-([^".]+)"[^>]*>(.*?)(?=<li id="{kind}-|</ul>\s*(?:</section>|<details|<div))',
            self.html,
            re.DOTALL,
        )

    @property
    def parameters(self):
        return [
            {
                "name": name,
                "type": self.found(r'<span class="type">(.*?)</span>', html)[0],
                "presence": self.found(r'<span class="presence[^"]*">(.*?)</span>', html)[0],
                "example": self.found(r"Example: <code>(.*?)</code>", html)[0],
                "enum": [self.bare(value) for part in re.findall(r"One of: (.*?)</p>", html) for value in part.split(", ")],
                "changes": levels_of("".join(re.findall(r'<div class="changes">(.*)', html, re.DOTALL))),
            }
            for name, html in self.fields("parameter")
        ]  # fmt: skip

    def bare(self, html):
        return self.found(r"<code[^>]*>(.*?)</code>", html)[0]

    @property
    def returns(self):
        return [
            {
                "name": name,
                "type": self.found(r'<span class="type">(.*?)</span>', html)[0],
                "changes": levels_of("".join(re.findall(r'<div class="changes">(.*)', html, re.DOTALL))),
            }
            for name, html in self.fields("response")
        ]

    @property
    def response(self):
        return self.html[self.html.index('id="response-section"') : self.html.index('id="changes"')]

    @property
    def responses(self):
        codes = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", self.response, re.DOTALL)
        return [json.loads(unescape(re.sub(r"<[^>]*>", "", code))) for code in codes]

    @property
    def response_changes(self):
        """Give the changes of responses and of errors, but not those of return values."""
        parts = re.findall(r'<h3>.*?(?=<div class="body")', self.response, re.DOTALL)
        parts += re.findall(r'<section class="member".*?(?=<ul)', self.response, re.DOTALL)
        return [
            level
            for part in parts
            for level in levels_of("".join(re.findall(r'<div class="changes">(.*)', part, re.DOTALL)))
        ]


@pytest.fixture(scope="module", params=CASES)
def built(request, tmp_path_factory):
    from click.testing import CliRunner

    from levelbook.cli import main

    folder = tmp_path_factory.mktemp("reference")
    case = CASES[request.param]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path(__file__).parent.parent.parent)
        result = CliRunner().invoke(main, ["build", "-o", str(folder), "--only", "send-message", *case["options"]])
    assert result.exit_code == 0, result.output
    return Page(folder), case


def is_within(wanted, found):
    """Say whether all that is wanted is found, in the same order; more may stand between."""
    rest = iter(found)
    return all(any(one == other for other in rest) for one in wanted)


def test_sections_and_tabs(built):
    page, case = built
    assert page.title == case["title"]
    assert page.request == case["request"]
    assert is_within(case["sections"], [re.sub(r"^[^>]*>", "", text) for text in page.sections])
    assert page.tabs[: len(case["tabs"])] == case["tabs"]  # what else is made from the document comes after


def test_parameters(built):
    page, case = built
    assert page.parameters == case["parameters"]


def test_return_values(built):
    page, case = built
    assert is_within(case["returns"], page.returns)


def test_examples_and_changes_of_responses(built):
    page, case = built
    assert page.responses == [plain(one) for one in case["responses"]]
    assert page.response_changes == case["response_changes"]


def test_words(built):
    page, case = built
    assert [word for word in case["words"] if word not in page.html] == []


def test_the_markdown_has_the_same_facts(built):
    page, case = built
    text = re.sub(r"\\(?=[_*])", "", page.markdown)
    names = re.findall(
        r"^\* `(\w+)`: (.+?)(?:, (?:JSON in a )?form field)?, (required|optional|always)", text, re.MULTILINE
    )
    assert is_within([(one["name"], one["type"], one["presence"]) for one in case["parameters"]], names)
    assert is_within([one["name"] for one in case["returns"]], [name for name, *_ in names])
    assert is_within(case["tabs"], re.findall(r"^### ([^:\n]+)", text, re.MULTILINE))
    assert [one["example"] for one in case["parameters"] if f"Example: `{one['example']}`" not in text] == []
    blocks = re.findall(r"^ *```json\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert is_within([plain(one) for one in case["responses"]], map(json.loads, blocks))


# The published pages themselves, where they are beside this checkout: the table is not to say anything else than they do.
_TYPES = {"string | integer | (string)[] | (integer)[]": "string, integer, list of strings, or list of integers"}
_PARAMETER = re.compile(r"^(\w+) (\S.*?) (required|optional)$", re.MULTILINE)


@pytest.mark.parametrize("name", CASES)
def test_the_table_is_what_the_published_page_says(name, corpus):
    case = CASES[name]
    text = (corpus.parent / "reference-pages" / case["source"]).read_text()
    assert case["request"] in text
    usage, rest = text.split("\nParameters\n")
    parameters, rest = rest.split("\nResponse\n")
    returns, rest = re.split(r"\nExample response\(s\)\n", rest)
    heads = list(_PARAMETER.finditer(parameters))
    bodies = [
        " ".join(parameters[one.end() : two.start() if two else None].split())
        for one, two in zip(heads, [*heads[1:], None], strict=True)
    ]
    assert case["parameters"] == [
        {
            "name": head[1],
            "type": _TYPES.get(head[2], head[2]),
            "presence": head[3],
            "example": re.search(r"Example: (\[.*?\]|\S+)", body)[1],
            "enum": re.findall(r'"\w+"', "".join(re.findall(r"Must be one of: (.*)", body))),
            "changes": levels_of("".join(re.findall(r"Changes: (.*)", body))),
        }
        for head, body in zip(heads, bodies, strict=True)
    ]  # fmt: skip
    assert [(one["name"], one["type"]) for one in case["returns"]] == re.findall(r"(\w+)\s*: (integer|string)", returns)
    assert [plain(one) for one in case["responses"]] == [
        json.loads(block) for block in re.findall(r"^\{$.*?^\}$|^\{.*\Z", rest, re.MULTILINE | re.DOTALL)
    ]
    assert case["response_changes"] == levels_of("".join(re.findall(r"^Changes: .*", rest, re.MULTILINE)))
    listed = re.findall(r"^- (\S+)$", usage, re.MULTILINE)
    assert listed in ([], case["tabs"])
