"""Markdown to HTML: two engines for two kinds of text.

Descriptions come from a document, and may be anybody's: they are CommonMark (OpenAPI 3.1.1, 4.4) without raw HTML. A
project's own pages and templates are trusted: they are Python-Markdown with its extensions. A document that was
written for Python-Markdown says so in the configuration, and what comes out of it is cleaned.

>>> print(Descriptions("commonmark", "").html("*a* <script>"), end="")
<p><em>a</em> &lt;script&gt;</p>
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import nh3
from markdown import Markdown
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from levelbook.docs.highlighted import code_html
from levelbook.docs.plain import plain_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

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
_CODE = frozenset({"fence", "code_block"})
_ACTIVE = r"(?:javascript|vbscript|data|file):"  # what no link of a description may lead to
_HTML = re.compile(rf"<[A-Za-z/!?]|{_ACTIVE}", re.IGNORECASE)
_MARKED = re.compile(  # what stays as it is, and at last what begins a tag, or such a link
    r"\\.|(`+)(?!`).+?(?<!`)\1(?!`)"
    rf"|<(?!{_ACTIVE})[A-Z][A-Z0-9+.-]+:[^\s<>]*>|<[\w.!#$%&'*+/=?^`{{|}}~-]+@[\w.-]+>"
    rf"|<(?=[A-Z/!?])|\](?=[(:]\s*<?{_ACTIVE})",
    re.DOTALL | re.IGNORECASE,
)
_API_URL = "{{ api_url }}"
_CLASSES = {
    "div": {"admonition", "note", "tip", "warn", "warning", "danger", "important", "hint", "caution", "attention"},
    "p": {"admonition-title"},
}
_LOCAL = re.compile(r"(?![A-Za-z][\w+.-]*:|//)")  # an address without a scheme and without a host
_HEADING = re.compile(r"<h([1-6])([^>]*)>(.*?)</h\1>", re.DOTALL)
_ALIGNED = re.compile(r'style="text-align:\s*(left|right|center);?"')
_HREF = re.compile(r'(<a [^>]*?href=")([^"]*)(")')
_TAG = re.compile(r"<[^>]*>")


def plain_text(html: str) -> str:
    """Give the words of HTML without its tags, on one line."""
    return " ".join(unescape(_TAG.sub("", html)).split())


def relinked(html: str, resolve: Callable[[str], str]) -> str:
    """Give HTML whose links lead where ``resolve`` says that they do."""
    return _HREF.sub(lambda match: f"{match[1]}{escape(resolve(unescape(match[2])))}{match[3]}", html)


class Descriptions:
    """Renders the descriptions of one document; ``api_url`` stands in place of ``{{ api_url }}``.

    The placeholder is replaced as text: no template engine ever runs on what a document says. ``resolve`` gives the
    address that a link of a description really leads to. ``ids`` are those that the page at hand has already.
    """

    def __init__(self, engine: str, api_url: str, resolve: Callable[[str], str] = str) -> None:
        self.api_url = api_url
        self.resolve = resolve
        self.ids: set[str] = set()
        self._own = own_pages() if engine == "python-markdown" else None
        self._commonmark = MarkdownIt("commonmark", {"html": False, "highlight": _fence}).enable(
            ["table", "strikethrough"]
        )
        self._commonmark.add_render_rule("image", _image)
        self._made: dict[str, str] = {}

    def html(self, text: str, level: int = 0) -> Markup:
        """Give a text as HTML blocks, safe to put into a page; its first heading is one of ``level``.

        At level 0, which is deep inside a page, headings are bold paragraphs.
        """
        made = self._made.get(text)
        if made is None:
            made = self._made[text] = self._rendered(self.fill(text))
        return Markup(self._with_headings(made, level) if "<h" in made else made)  # noqa: S704

    def _rendered(self, text: str) -> str:
        made = plain_html(text)
        if made is not None:
            pass
        elif self._own is not None:
            made = nh3.clean(
                self._own.reset().convert(text), allowed_classes=_CLASSES, attribute_filter=_attribute, link_rel=None
            )
        else:
            made = self._commonmark.render(text)
        if "<table" in made:
            made = made.replace("<table", '<div class="table"><table').replace("</table>", "</table></div>")
            made = _ALIGNED.sub(r'class="\1"', made)  # a strict Content-Security-Policy refuses style attributes
        if "<pre>" in made:
            made = made.replace("<pre>", '<pre tabindex="0">')  # what scrolls has to be reached by keyboard
        return relinked(made, self.resolve)

    def _with_headings(self, html: str, level: int) -> str:
        found = sorted({int(match[1]) for match in _HEADING.finditer(html)})

        def put(match: re.Match[str]) -> str:
            id_ = self._id(re.sub(r"[^\w]+", "-", plain_text(match[3]).lower()).strip("-") or "section")
            if level == 0:
                return f'<p class="heading" id="{escape(id_)}">{match[3]}</p>'
            tag = f"h{min(6, level + found.index(int(match[1])))}"
            return f'<{tag} id="{escape(id_)}">{match[3]}</{tag}>'

        return _HEADING.sub(put, html)

    def _id(self, base: str) -> str:
        id_, number = base, 2
        while id_ in self.ids:
            id_, number = f"{base}-{number}", number + 1
        self.ids.add(id_)
        return id_

    def inline(self, text: str) -> Markup:
        """Give a text as HTML without the paragraph around it, where it is one paragraph."""
        html = str(self.html(text)).strip()
        if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
            html = html[3:-4]
        return Markup(html)  # noqa: S704

    def text(self, text: str) -> str:
        """Give the words of a text, without its markup, on one line."""
        return plain_text(str(self.html(text)))

    def fill(self, text: str) -> str:
        """Fill in the address of the API."""
        return text.replace(_API_URL, self.api_url)

    def markdown(self, text: str) -> str:
        """Give a text as Markdown that says everywhere what it says here, where HTML is text."""
        filled = self.fill(text)
        if self._own is not None or not _HTML.search(filled):
            return filled
        return _literal(filled, [one.map for one in self._commonmark.parse(filled) if one.type in _CODE and one.map])


def _literal(text: str, code: Iterable[Sequence[int]]) -> str:
    """Escape what begins a tag, or leads to a script, but in code (CommonMark 0.31, 2.4); ``code`` are lines of it."""
    lines = text.split("\n")
    found: list[str] = []
    done = 0
    for first, last in [*code, (len(lines), len(lines))]:
        if first > done:
            found += _MARKED.sub(_escaped, "\n".join(lines[done:first])).split("\n")
        found += lines[first:last]
        done = last
    return "\n".join(found)


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}" if match[0] in ("<", "]") else match[0]


def _image(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Show an image of the site itself; one from another host becomes a link: pages ask nobody else."""
    source = str(tokens[index].attrs.get("src", ""))
    if _LOCAL.match(source):
        return renderer.image(tokens, index, options, env)
    return f'<a href="{escape(source)}">{escape(tokens[index].content or source)}</a>'


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Keep an attribute of what a document wrote: no picture of another host, for pages ask nobody else."""
    return None if tag == "img" and name == "src" and not _LOCAL.match(value.replace("\\", "/").strip()) else value


def own_pages() -> Markdown:
    """Give the converter of a project's own pages, with a table of contents after each conversion."""
    return Markdown(extensions=_EXTENSIONS, extension_configs={"toc": {"permalink": False}})


def _fence(code: str, language: str, _: str) -> str:
    return str(code_html(code, language)) if language else ""
