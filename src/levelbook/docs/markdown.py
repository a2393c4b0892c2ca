"""Markdown to HTML: two engines for two kinds of text.

Descriptions come from a document, and may be anybody's: they are CommonMark (OpenAPI 3.1.1, 4.4) without raw HTML. A
project's own pages and templates are trusted: they are Python-Markdown with its extensions. A document that was
written for Python-Markdown says so in the configuration, and what comes out of it is cleaned.

>>> print(Descriptions("commonmark", "").html("*a* <script>"), end="")
<p><em>a</em> &lt;script&gt;</p>
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3
from markdown import Markdown
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_EXTENSIONS = [
    "md_in_html",
    "tables",
    "admonition",
    "fenced_code",
    "toc",
    "sane_lists",
    "attr_list",
    "def_list",
]
_API_URL = "{{ api_url }}"
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="t-")
_CLEAN_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "*": {"class", "id"}}


class Descriptions:
    """Renders the descriptions of one document; ``api_url`` stands in place of ``{{ api_url }}``.

    The placeholder is replaced as text: no template engine ever runs on what a document says.
    """

    def __init__(self, engine: str, api_url: str) -> None:
        self.api_url = api_url
        self._own = own_pages() if engine == "python-markdown" else None
        self._commonmark = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(
            ["table", "strikethrough"]
        )
        self._commonmark.add_render_rule("image", _image)

    def html(self, text: str) -> Markup:
        """Give a text as HTML blocks, safe to put into a page."""
        text = self.fill(text)
        if self._own is not None:
            return Markup(nh3.clean(self._own.reset().convert(text), attributes=_CLEAN_ATTRIBUTES))  # noqa: S704
        return Markup(self._commonmark.render(text))  # noqa: S704

    def inline(self, text: str) -> Markup:
        """Give a text as HTML without the paragraph around it, where it is one paragraph."""
        html = str(self.html(text)).strip()
        if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
            html = html[3:-4]
        return Markup(html)  # noqa: S704

    def fill(self, text: str) -> str:
        """Fill in the address of the API."""
        return text.replace(_API_URL, self.api_url)


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Show an image of the site itself; one from another host becomes a link: pages ask nobody else."""
    source = str(tokens[index].attrs.get("src", ""))
    if not re.match(r"[A-Za-z][\w+.-]*:|//", source):
        return renderer.image(tokens, index, options, env)
    return f'<a href="{escape(source)}">{escape(tokens[index].content or source)}</a>'


def own_pages() -> Markdown:
    """Give the converter of a project's own pages, with a table of contents after each conversion."""
    return Markdown(extensions=_EXTENSIONS, extension_configs={"toc": {"permalink": False}})


def code_html(code: str, lexer: str) -> Markup:
    """Give code as highlighted HTML, to be put into ``<pre><code>``; plain where the language is unknown."""
    try:
        found = get_lexer_by_name(lexer, stripall=False)
    except ClassNotFound:
        return Markup.escape(code)
    return Markup(highlight(code, found, _FORMATTER))  # noqa: S704


def _fence(code: str, language: str, _: str) -> str:
    return str(code_html(code, language)) if language else ""
