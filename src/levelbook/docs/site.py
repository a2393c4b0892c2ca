"""The site: from Pages, notes and a project's own pages to files, as bytes by name.

The same input gives the same bytes: nothing of the machine, the day or the order of a set gets in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.docs.fields import notes_by_element
from levelbook.docs.markdown import Descriptions, own_pages
from levelbook.docs.operation import file_names, make_page
from levelbook.docs.templates import THEME, Templates
from levelbook.notes import by_release
from levelbook.problem import Location, Problem, SpecError

if TYPE_CHECKING:
    from markupsafe import Markup

    from levelbook.api import Api, Operation
    from levelbook.docs.page import Page, Sample
    from levelbook.notes import LevelNotes, Note

_SMALL = 60  # operations
_HEADING = re.compile(r"^#\s+(.+?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TagPages:
    """The pages of one tag, in the document's order."""

    name: str
    description: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the project's own: Markdown with Jinja2, as it came from a file."""

    file: str
    title: str
    source: str
    path: Path
    html: Markup | str = ""


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every template may use as ``site``."""

    title: str
    description: str
    level: str
    level_name: str
    tags: tuple[TagPages, ...]
    guides: tuple[Guide, ...]

    @property
    def is_small(self) -> bool:
        """Whether the navigation of every page can list every operation."""
        return sum(len(tag.pages) for tag in self.tags) <= _SMALL


@dataclass(frozen=True, slots=True)
class Site:
    """All that a site is made of; ``samples`` are the usage examples by operation key.

    ``changelog`` are the notes by level, ``markdown_changelog`` the same as Markdown; ``extras`` are further
    values that the project's own pages may use.
    """

    api: Api
    notes: tuple[Note, ...]
    changelog: list[LevelNotes]
    markdown_changelog: str
    samples: dict[str, tuple[Sample, ...]] = field(default_factory=dict)
    api_url: str = ""
    templates: Path | None = None
    pages: Path | None = None
    markdown: str = "commonmark"
    only: tuple[str, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give every file of the site with its name; operations first. Raises SpecError."""
        operations = self._chosen()
        names = file_names((*self.api.operations, *self.api.webhooks))
        notes = notes_by_element(self.notes)
        places: dict[str, str] = {}
        pages = [
            make_page(
                self.api,
                operation,
                notes,
                file=names[operation.pointer],
                api_url=self.api_url,
                samples=self.samples.get(operation.key, ()),
                places=places,
            )
            for operation in operations
        ]
        templates = Templates(self.templates, Descriptions(self.markdown, self.api_url or _first_server(self.api)))
        view = self._view(pages)
        full = []
        for page in pages:
            text = templates.render("operation.md", page=page, site=view)
            full.append(text)
            yield f"{page.file}.md", text.encode()
            html = templates.render("operation.html", page=page, site=view, root="", current=page.file)
            yield f"{page.file}.html", html.encode()
        if self.only:
            return
        yield from self._fixed(templates, view, names, places, full)

    def _fixed(
        self, templates: Templates, view: SiteView, names: dict[str, str], places: dict[str, str], full: list[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Give the files that every site has."""
        common: dict[str, Any] = {"site": view, "root": ""}
        yield "index.html", templates.render("index.html", current="index", **common).encode()
        yield "index.md", templates.render("index.md", **common).encode()
        releases = _releases(self.changelog, self.api, names, places)
        yield (
            "changelog.html",
            templates.render("changelog.html", current="changelog", releases=releases, **common).encode(),
        )
        yield "changelog.md", self.markdown_changelog.encode()
        feed = templates.render("feed.xml", releases=releases, updated=_newest(releases), **common)
        yield "changelog.atom", feed.encode()
        for guide in view.guides:
            values = {"site": view, "api_url": self.api_url or _first_server(self.api), **self.extras}
            made = _rendered(guide, templates, values)
            yield (
                f"{guide.file}.html",
                templates.render("guide.html", current=guide.file, guide=made, **common).encode(),
            )
        yield "404.html", templates.render("404.html", current="404", **common).encode()
        yield "llms.txt", templates.render("llms.txt", **common).encode()
        yield "llms-full.txt", "\n".join(full).encode()
        yield "openapi.json", orjson.dumps(self.api.documents.main.data, option=orjson.OPT_INDENT_2)
        yield (
            "sitemap.xml",
            _sitemap(
                [f"{page.file}.html" for tag in view.tags for page in tag.pages]
                + [f"{guide.file}.html" for guide in view.guides]
            ).encode(),
        )
        for path in sorted((THEME / "assets").iterdir()):
            yield f"assets/{path.name}", path.read_bytes()

    def _chosen(self) -> list[Operation]:
        every = [*self.api.operations, *self.api.webhooks]
        if not self.only:
            return every
        return [operation for operation in every if {operation.key, operation.id} & set(self.only)]

    def _view(self, pages: list[Page]) -> SiteView:
        levels = self.api.levels
        return SiteView(
            title=self.api.title or "API",
            description=self.api.description,
            level=levels.anchor(levels.current) if levels.current is not None else "",
            level_name=levels.name,
            tags=tuple(_by_tag(self.api, pages)),
            guides=tuple(_guides(self.pages)) if self.pages else (),
        )


def _first_server(api: Api) -> str:
    return api.servers[0].default_url.rstrip("/") if api.servers else ""


def _by_tag(api: Api, pages: list[Page]) -> Iterator[TagPages]:
    """Group pages by their first tag: tags in the order of the document, then those it does not list."""
    described = {tag.name: tag.description for tag in api.tags}
    for name in dict.fromkeys([*described, *(page.tags[0] for page in pages if page.tags), ""]):
        members = tuple(page for page in pages if (page.tags[0] if page.tags else "") == name)
        if members:
            yield TagPages(name or "Operations", described.get(name, ""), members)


def _guides(folder: Path) -> Iterator[Guide]:
    """Read the project's own pages; the title is the first heading."""
    for path in sorted(folder.glob("*.md")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SpecError(
                [Problem("page", Location(str(path)), "this page is not UTF-8", "save it as UTF-8")]
            ) from None
        heading = _HEADING.search(text)
        title = re.sub(r"[`*_]", "", heading[1]) if heading else path.stem  # a title is no place for code
        yield Guide(path.stem, title, text, path)


def _rendered(guide: Guide, templates: Templates, values: dict[str, Any]) -> dict[str, Any]:
    text = templates.render_text(guide.source, str(guide.path), **values)
    return {"title": guide.title, "html": templates.environment.filters["safe"](own_pages().convert(text))}


def _releases(
    changelog: list[LevelNotes], api: Api, names: dict[str, str], places: dict[str, str]
) -> list[dict[str, Any]]:
    """Give the changelog as its page shows it: each note with a link to its element, or to its operation's page."""
    pages = {operation.key: names[operation.pointer] + ".html" for operation in api.operations}
    return [
        {
            "id": f"release-{release.version or release.title.lower().replace(' ', '-')}",
            "title": release.title,
            "date": release.date,
            "entries": [
                {
                    "level": entry.level,
                    "notes": [
                        {
                            "operation": note.operation or "",
                            "subject": note.operation or note.address.partition(" > ")[0],
                            "element": note.address.partition(" > ")[2],
                            "text": note.text,
                            "link": places.get(note.pointer) or pages.get(note.operation or "", ""),
                        }
                        for note in entry.notes
                    ],
                }
                for entry in release.levels
            ],
        }
        for release in by_release(changelog, api.levels)
    ]


def _newest(releases: list[dict[str, Any]]) -> str:
    return max((release["date"] for release in releases), default="") or "1970-01-01"


def _sitemap(files: list[str]) -> str:
    rows = "".join(f"<url><loc>{file}</loc></url>\n" for file in ["index.html", "changelog.html", *files])
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</urlset>\n'
