"""Where links lead: addresses of a document's own world turned into this site's, and every link checked.

>>> links = Links({"send-message", "changelog"}, {"/api/": "", "/help/": "https://help.test/"})
>>> links.resolve("/api/send-message#parameter-to"), links.resolve("/help/mute")
('send-message.html#parameter-to', 'https://help.test/mute')
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from levelbook.notes import IS_TEXT
from levelbook.pointer import join
from levelbook.problem import Location, Problem, Severity
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from levelbook.documents import Documents

_TAGS = re.compile(rb'<[a-zA-Z][^>]*?\s(?:id|href|src)="[^>]*>')
_ATTRIBUTE = re.compile(rb'\s(id|href|src)="([^"]*)"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class Links:
    """Turns the addresses that descriptions use into those of the site.

    ``pages`` are the pages there are, without ``.html``; ``prefixes`` maps the beginning of an address onto what
    stands in its place, where nothing means a page of this site. ``root`` leads to the folder of the site, and
    ``beside`` are the pages that stand in the same folder as those being printed.
    """

    def __init__(
        self,
        pages: Iterable[str],
        prefixes: dict[str, str] | None = None,
        *,
        root: str = "",
        beside: Iterable[str] = (),
    ) -> None:
        self.pages = set(pages)
        self.prefixes = sorted((prefixes or {}).items(), key=lambda item: -len(item[0]))
        self.root = root
        self.beside = set(beside)
        patterns = "|".join([r"[\w.~-]+\.html\b", *(re.escape(prefix) for prefix, _ in self.prefixes)])
        self._markdown = re.compile(rf"(\]\(|\]:[ \t]*)((?:{patterns})[^\s)]*)")

    def resolve(self, href: str) -> str:
        """Give the address that a link of a description leads to."""
        for prefix, stead in self.prefixes:
            if href.startswith(prefix):
                rest = href[len(prefix) :]
                if stead:
                    return stead + rest
                page, sign, anchor = rest.partition("#")
                return self.local(f"{page.strip('/') or 'index'}.html{sign}{anchor}")
        return href if _SCHEME.match(href) or href.startswith(("/", "#")) else self.local(href)

    def local(self, href: str) -> str:
        """Give the address of something of this site as the pages being printed have to write it."""
        page = href.partition("#")[0]
        return href if not page or page.partition(".")[0] in self.beside else self.root + href

    def in_markdown(self, text: str) -> str:
        """Turn the addresses of a Markdown text; pages of this site are its Markdown ones."""
        return self._markdown.sub(self._turned, text)

    def _turned(self, match: re.Match[str]) -> str:
        href = match[2]
        is_ours = href.partition(".")[0] in self.pages or any(href.startswith(prefix) for prefix, _ in self.prefixes)
        return match[1] + _as_markdown(self.resolve(href)) if is_ours else match[0]


def _as_markdown(href: str) -> str:
    return href if _SCHEME.match(href) else href.replace(".html", ".md", 1)


@dataclass(slots=True)
class Found:
    """What the pages of a site have and lead to: the ids and the addresses of each file.

    ``url`` is where the site will stand: what begins with it is a link inside.
    """

    url: str = ""
    ids: dict[str, set[str]] = field(default_factory=dict)
    hrefs: dict[str, set[str]] = field(default_factory=dict)

    def read(self, name: str, content: bytes) -> None:
        """Take note of a file."""
        self.ids[name], self.hrefs[name] = set(), set()
        if not name.endswith(".html"):
            return
        for tag in _TAGS.findall(content):
            for key, value in _ATTRIBUTE.findall(tag):
                text = unescape(value.decode())
                if self.url and text.startswith(self.url):
                    text = "../" * name.count("/") + (text[len(self.url) :] or "index.html")
                (self.ids if key == b"id" else self.hrefs)[name].add(text)

    def broken(self) -> Iterator[tuple[str, str]]:
        """Give each address that leads nowhere, with the file it stands in.

        What begins with a slash leads to something of the host, which nobody here can know.
        """
        for name, hrefs in self.hrefs.items():
            for href in sorted(hrefs):
                if not _SCHEME.match(href) and not href.startswith("/") and not self._leads(name, href):
                    yield name, href

    def _leads(self, name: str, href: str) -> bool:
        page, _, anchor = href.partition("#")
        target = _joined(name, unquote(page)) if page else name
        if target not in self.ids:
            return False
        return (
            not anchor
            or not target.endswith(".html")
            or anchor in self.ids[target]
            or unquote(anchor) in self.ids[target]
        )

    def external(self) -> dict[str, list[str]]:
        """Give each address outside the site, with the files that link to it."""
        found: dict[str, list[str]] = {}
        for name, hrefs in self.hrefs.items():
            for href in hrefs:
                if href.startswith("/") or urlsplit(href).scheme in ("http", "https"):
                    found.setdefault(href, []).append(name)
        return {href: sorted(found[href]) for href in sorted(found)}


def _joined(name: str, page: str) -> str:
    """Give the file that a relative address leads to; an absolute one leads out of the site."""
    if page.startswith("/"):
        return page
    parts = name.split("/")[:-1]
    for part in page.split("/"):
        if part == "..":
            if not parts:
                return f"../{page}"
            parts.pop()
        elif part not in (".", ""):
            parts.append(part)
    return "/".join(parts) + ("/" if page.endswith("/") else "")


def broken_links(found: Found, documents: Documents, links: Links, own: dict[str, str]) -> list[Problem]:
    """Give a problem for each link of a description or of a project's own page that leads nowhere.

    ``own`` are the texts of the project's own pages, by file.
    """
    wanted: dict[str, list[str]] = {}
    for name, href in found.broken():
        wanted.setdefault(href, []).append(name)
    if not wanted:
        return []
    known = {unquote(href): href for href in wanted}
    places: dict[str, list[tuple[Location, str]]] = {}
    for written, where in _places(documents, own):
        for href in {unquote(links.resolve(written)), unquote(written)} & known.keys():
            places.setdefault(known[href], []).append((where(), written))
    problems = []
    for href, names in wanted.items():
        page, _, anchor = href.partition("#")
        target = _joined(names[0], page) if page else names[0]
        more = f" and on {len(names) - 1} more" if len(names) > 1 else ""
        if target in found.ids:
            message = (
                f"leads to no anchor on {target}"
                if page
                else f"leads to no anchor on {names[0]}{more}, where it is shown"
            )
            hint = f"nothing there has the id `{anchor}`"
        else:
            message = f"leads to no page (shown on {names[0]}{more})"
            hint = "write the name of a page, as `llms.txt` lists them, or set `links` in the configuration"
        for location, text in places.get(href, [(Location(names[0]), href)]):
            problems.append(Problem("link", location, f"`{text}` {message}", hint, severity=Severity.WARNING))
    return problems


def _places(documents: Documents, own: dict[str, str]) -> Iterator[tuple[str, Callable[[], Location]]]:
    """Give every address that a description or an own page links to, with what tells its place."""
    for file, document in documents.files.items():
        for pointer, value in walk(document.data, f"{file}#" if file else ""):
            for key, text in value.items():
                if isinstance(text, str) and IS_TEXT.search(key) and ("](" in text or "]:" in text or "href" in text):
                    for written, offset in _written(text):
                        yield written, partial(documents.locate_text, join(pointer, key), offset)
    for path, text in own.items():
        for written, offset in _written(text):
            column = offset - text.rfind("\n", 0, offset)
            yield written, partial(Location, path, text.count("\n", 0, offset) + 1, column)


def _written(text: str) -> Iterator[tuple[str, int]]:
    """Give each address that a Markdown text links to, and where it stands."""
    for match in re.finditer(
        r"\]\(\s*<?([^)\s>]+)|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)|href=\"([^\"]*)\"", text, re.MULTILINE
    ):
        index = next(number for number in (1, 2, 3) if match[number] is not None)
        yield match[index], match.start(index)
