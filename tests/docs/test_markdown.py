"""Markdown to HTML: what is short cut is what the parser makes; headings, links and pictures are the site's."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from levelbook.docs.links import Links
from levelbook.docs.markdown import Descriptions, own_pages
from levelbook.docs.plain import plain_html
from levelbook.docs.templates import codespan, escaped, fence, first_sentence, tidy, wbr

PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
PIECES = ["word", "two words", "`code`", "`a<b>&`", "(see", "it's", '"quoted"', "1. one", "- item", "# title", "    code", "> said", "=",
          "a_b_c", "*x*", "\n", "\n\n", " ", "  \n", "\t", "`", "``", "&amp;", "<b>", "[x](y)", "\\", "http://x.test", "---", "===", "+", "!", ":", "é", "\u2028", "\x00", "~", "|", "1)",
          "**", "**bold**", "[`x`](/a_b#c)", "[x][y]", "[x][Y]", "[y]: /z", "\n\n[y]: /z", "\n\n[y]: /z\n[y]: /q", "[**b**](/c)", "**[b](#c)**", "{a}", "[x](https://h.test/a?b=c_d)", ".", "(", ")", "!["]  # fmt: skip


def written_alike(html):
    return unescape(html).replace("</p>\n", "</p>").strip() if html is not None else None


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_short_cut_is_what_the_parser_makes(text):
    assert plain_html(text) in {None, PARSER.render(text)}


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_is_short_cut_is_what_python_markdown_makes(text):
    made = plain_html(text)
    assert made is None or written_alike(made) == written_alike(own_pages().convert(text))


@given(st.text(max_size=60))
def test_any_text_is_short_cut_rightly(text):
    assert plain_html(text) in {None, PARSER.render(text)}


SHORT = [
    "The ID of the message.",
    'Says "this" in `code` (always).\nAnd more.\n\nA second `a<b`.\n',
    "See [the page](/api/page#part_2), or [`GET /x`](https://h.test/x?y=z).",
    "**Changes**: New in **8.0** (**really**).\n\n[A\npage][the-page], [that][The-Page].\n\n[the-page]: /p#q\n[other]: /o",
    "**[bold link](/x)** and [**link** `bold`](/y)",
]


@pytest.mark.parametrize("text", SHORT)
def test_most_texts_take_the_short_cut(text):
    assert plain_html(text) == PARSER.render(text)
    assert written_alike(plain_html(text)) == written_alike(own_pages().convert(text))


LONG = [
    "[x][y]\n\n[y]: /z\n[y]: /q",
    "[x](javascript:alert)",
    "![x](/y)",
    "`a`{b}",
    "a*b*",
    "[x][y]",
    "- a",
    "a\n    b\t",
    "\x01",
]


@pytest.mark.parametrize("text", LONG)
def test_what_the_engines_read_apart_is_left_to_them(text):
    assert plain_html(text) is None


HTML = [
    ("# A\n\n### B", 0, '<p class="heading" id="a">A</p>\n<p class="heading" id="b">B</p>\n'),
    ("# A\n\n### B\n\n# A", 2, '<h2 id="a">A</h2>\n<h3 id="b">B</h3>\n<h2 id="a-2">A</h2>\n'),
    ("# Parameters", 2, '<h2 id="parameters-2">Parameters</h2>\n'),
    ("[x](/api/send#a)", 0, '<p><a href="send.html#a">x</a></p>\n'),
    ("[x](/help/mute)", 0, '<p><a href="https://help.test/mute">x</a></p>\n'),
    ("[x](send.html)", 0, '<p><a href="send.html">x</a></p>\n'),
    ("![x](https://other.test/a.png)", 0, '<p><a href="https://other.test/a.png">x</a></p>\n'),
    ("![x](a.png)", 0, '<p><img src="a.png" alt="x" /></p>\n'),
    ("```\nx\n```", 0, '<pre tabindex="0"><code>x\n</code></pre>\n'),
    ("|a|\n|-:|\n|1|", 0, '<div class="table"><table>\n<thead>\n<tr>\n<th class="right">a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td class="right">1</td>\n</tr>\n</tbody>\n</table></div>\n'),
    ("at {{ api_url }}/x", 0, "<p>at https://api.test/x</p>\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "level", "expected"), HTML)
def test_descriptions(text, level, expected):
    links = Links({"send"}, {"/api/": "", "/help/": "https://help.test/"})
    writer = Descriptions("commonmark", "https://api.test", links.resolve)
    writer.ids = {"parameters"}
    assert writer.html(text, level) == expected


def test_descriptions_for_python_markdown_are_cleaned():
    engine = Descriptions("python-markdown", "https://x.test")
    made = engine.html(
        '!!! warn "Look"\n    Out {{ api_url }}\n\n<script>x</script><p onclick="x" id="nav" class="bar">y</p>'
    )
    assert 'class="admonition warn"' in made
    assert "https://x.test" in made
    for gone in ("script", "onclick", "nav", "bar"):
        assert gone not in made


SPANS = [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a\n b", "`a b`"), ("", "` `")]


@pytest.mark.parametrize(("text", "span"), SPANS)
def test_code_spans(text, span):
    assert codespan(text) == span


def test_fences_are_longer_than_what_they_hold():
    assert fence("a\n```\nb", "text") == "````text\na\n```\nb\n````"


def test_tidy_leaves_code_alone():
    assert tidy("\n\na\n\n\n\nb\n```\nc\n\n\nd\n```\n") == "a\n\nb\n```\nc\n\n\nd\n```\n"


@given(st.text(alphabet="ab *_`[]<>#|~!\\", max_size=20))
def test_escaped_text_is_no_markup(text):
    line = f"x{text}".rstrip()
    assert PARSER.render(escaped(line)) == f"<p>{MarkdownIt('zero').render(line).strip()[3:-4]}</p>\n"


FIRST = [
    ("One. Two.", "One."),
    ("New in `1.0`. Old.", "New in `1.0`."),
    ("In `a. B` it is. So.", "In `a. B` it is. So."),
    ("One\n\nTwo", "One"),
    ("See [x]. More.\n\n[x]: y", "See [x].\n\n[x]: y"),
]


@pytest.mark.parametrize(("text", "first"), FIRST)
def test_the_first_sentence(text, first):
    assert first_sentence(text) == first


def test_a_path_may_be_broken_after_each_slash():
    assert wbr("/a/{b<}") == "/<wbr>a/<wbr>{b&lt;}"
