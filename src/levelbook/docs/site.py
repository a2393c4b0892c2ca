"""The site: from an Api, its notes and a project's own pages to files.

The same input gives the same bytes: nothing of the machine, the day or the order of a set gets in. Pages are made one
at a time and let go, so that memory does not grow with the API.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.bundle import bundled
from levelbook.docs.asof import Gone, with_needs
from levelbook.docs.context import Context, file_names
from levelbook.docs.conventions import Conventions
from levelbook.docs.copies import Copies
from levelbook.docs.history import feed_date, releases
from levelbook.docs.labels import Labels
from levelbook.docs.links import Found, Links, broken_links
from levelbook.docs.macros import Vocabulary
from levelbook.docs.markdown import Descriptions
from levelbook.docs.operation import make_page, make_schema_page, server_rows
from levelbook.docs.overlay import overlay
from levelbook.docs.own import HOME, OwnPages
from levelbook.docs.search import Index
from levelbook.docs.templates import THEME, Templates
from levelbook.docs.told import Told
from levelbook.docs.view import SchemaEntry, SiteView, site_view
from levelbook.meaning import component_name
from levelbook.notes import by_element
from levelbook.pointer import join
from levelbook.problem import UsageError

if TYPE_CHECKING:
    from levelbook.api import Api, Operation
    from levelbook.docs.output import Store
    from levelbook.docs.page import Page
    from levelbook.docs.sample import Sample
    from levelbook.docs.trial import Trial
    from levelbook.notes import LevelNotes, Note
    from levelbook.problem import Problem

_MANY = 5000  # schemas whose meaning is kept between pages: more would take more memory than time


def _never(_api: Api, _key: str, _language: str, _lists: dict[str, tuple[str, ...]]) -> Sample | None:
    return None


@dataclass(frozen=True, slots=True)
class Design:
    """What a project says of its site, from the configuration.

    ``templates`` and ``pages`` are folders, ``navigation`` the order of the project's own pages; ``links`` maps the
    beginnings of addresses, ``url`` is where the site will stand; ``extras`` gives further values for own pages,
    ``vocabulary`` is what they may say in braces; ``chosen`` makes a usage example of an operation, by its key, in a
    language, with lists of parameters to include or exclude; ``trial`` gives what the console of a page is filled with,
    where pages have one.
    """

    api_url: str = ""
    url: str = ""
    templates: Path | None = None
    pages: Path | None = None
    navigation: tuple[str, ...] = ()
    markdown: str = "commonmark"
    links: dict[str, str] = field(default_factory=dict)
    conventions: Conventions = field(default_factory=Conventions)
    extras: Callable[[], dict[str, Any]] = field(default=dict, repr=False)
    trial: Callable[[Api, Operation], Trial] | None = field(default=None, repr=False)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    chosen: Callable[[Api, str, str, dict[str, tuple[str, ...]]], Sample | None] = field(default=_never, repr=False)


class Site:
    """Everything of one site; ``samples`` gives the usage examples of an Api by operation key.

    ``changelog`` are the notes by level, ``markdown_changelog`` the same as Markdown.
    """

    def __init__(  # noqa: PLR0913, PLR0917  # all that a site is made of
        self, api: Api, notes: tuple[Note, ...], changelog: list[LevelNotes], markdown_changelog: str,
        samples: Callable[[Api], dict[str, tuple[Sample, ...]]], design: Design,
    ) -> None:  # fmt: skip
        self.api = api
        self.notes = notes
        self.changelog = changelog
        self.markdown_changelog = markdown_changelog
        self.samples_of = samples
        self.samples = samples(api)
        self.design = design
        self.labels = Labels(design.templates)
        self.operations = (*api.operations, *api.webhooks)
        self.names = file_names(self.operations)
        self.own = OwnPages(self)
        self.context = self.context_of(api, notes, self.names)
        self.view = self.view_of(api, self.names)
        self.links = Links([*self.names.values(), *self.own.files, "index", "changelog"], design.links)
        self.templates = Templates(design.templates, self.labels)
        self.common = self.common_at(self.view, self.links)
        self.gone = Gone(api, notes, self._page_of_older)
        self.copies = Copies(self)
        self.told = Told(api)
        self.index = Index(self.labels)
        self.found = Found(self.view.url)
        self.shown: dict[str, dict[str, str]] = {}  # of operations whose pages the project writes, what they may show

    def build(self, store: Store, only: tuple[str, ...] = ()) -> Iterator[str]:
        """Write every file of the site, or the pages of some operations; give the name of each as it is done."""
        chosen = [one for one in self.operations if not only or {one.key, one.id} & set(only)]
        full = []
        for operation in chosen:
            for name, content in self._operation(store, operation):
                if name.endswith(".md"):
                    full.append(content)
                yield name
        if only:
            assets = ((f"assets/{path.name}", path.read_bytes()) for path in self.assets())
            own = self.own.written(self.view, {self.names[one.pointer] for one in chosen})
            yield from self._put_all(store, chain(assets, own))
            return
        for name, content in self._schemas(store):
            if name.endswith(".md"):
                full.append(content)
            yield name
        view = replace(self.view, schemas=self._schema_entries())
        yield from self._put_all(store, chain(self.own.written(view), self._fixed(view, full), self.copies.files()))
        self._judge_own()
        listed = {
            "described": self.told.nodes,
            "not_shown": sorted(self.told.missing),
            "external": self.found.external(),
            "broken": sorted(f"{name}: {href}" for name, href in self.found.broken()),
        }
        self._put(store, "links.json", orjson.dumps(listed, option=orjson.OPT_INDENT_2))
        yield "links.json"

    def entry(self, only: tuple[str, ...] = ()) -> str:
        """Give the file to begin with, of the whole site or of the pages of some operations."""
        operation = self.api.operation(only[0]) if only else None
        return f"{self.names[operation.pointer]}.html" if operation else "index.html"

    def problems(self) -> list[Problem]:
        """Give what the build found: what no page shows, and links that lead nowhere."""
        paths = {guide.file: guide.path for guide in self.own.guides}
        written = {one.key: paths[file] for one in self.operations if (file := self.names[one.pointer]) in paths}
        broken = broken_links(self.found, self.api.documents, self.links, self.own.sources)
        return [*self.own.problems, *self.told.problems(written), *broken]

    @property
    def api_url(self) -> str:
        """The address of the API that the pages show: the configured one, else that of the first server."""
        server = self.api.servers[0].default_url.rstrip("/") if self.api.servers else ""
        return self.design.api_url or server

    def page(self, operation: Operation) -> Page:
        """Give the Page of an operation, with what it had once."""
        trial = self.design.trial(self.api, operation) if self.design.trial and not operation.is_webhook else None
        made = make_page(self.context, operation, samples=self.samples.get(operation.key, ()), trial=trial)
        return with_needs(self.gone.graft(made, operation))

    def page_of(self, key: str) -> Page:
        """Give the Page of the operation with this key or id. Raises UsageError where there is none."""
        operation = self.api.operation(key)
        if operation is None:
            raise UsageError(self.api.no_operation(key))
        return self.page(operation)

    def common_at(self, view: SiteView, links: Links, root: str = "") -> dict[str, Any]:
        """Give what every template takes that is printed at one place of the site."""
        writer = Descriptions(self.design.markdown, self.api_url, links.resolve)
        return {"site": view, "root": root, "links": links, "writer": writer}

    def view_of(self, api: Api, names: dict[str, str]) -> SiteView:
        """Give what templates may use of a whole site, of this Api or an older one."""
        servers = tuple(server_rows(self.context.fields(), api.servers))
        return site_view(api, names, self.own.beside, self.labels, servers, self.design.url)

    def context_of(self, api: Api, notes: tuple[Note, ...], names: dict[str, str]) -> Context:
        """Give what pages of an Api are made with."""
        own = frozenset(name.lower() for name in self.own.files)
        return Context(api, by_element(notes), self.labels, names, self.design.api_url, self.design.conventions, own)

    @cached_property
    def _key(self) -> str:
        """What the pages of all operations depend on besides their own values."""
        made = sha256(repr((self.view, self.labels.words, self.design)).encode())  # functions are not part of it
        folders = [THEME, Path(__file__).parent, *([self.design.templates] if self.design.templates else [])]
        for folder in folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.suffix in (".html", ".md", ".py", ".toml"):
                    made.update(path.read_bytes())
        return made.hexdigest()

    def _put_all(self, store: Store, files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
        for name, content in files:
            self._put(store, name, content)
            yield name

    def _put(self, store: Store, name: str, content: bytes) -> None:
        store.put(name, lambda: content)
        self.found.read(name, content)

    def _operation(self, store: Store, operation: Operation) -> Iterator[tuple[str, bytes]]:
        page = self.page(operation)
        if len(self.api.meanings) > _MANY:
            self.api.meanings.clear()
        self.index.add(page)
        if page.file in self.own.files:
            self.shown[operation.key] = self.context.shown
            return
        self.told.page(operation, self.context.shown)
        yield from self._pages(store, "operation", page, page.file, page.ids)

    def _judge_own(self) -> None:
        """Hold operations against the pages that the project wrote of them: what has an id there, they show."""
        for operation in self.operations:
            if (places := self.shown.get(operation.key)) is not None:
                ids = self.found.ids[f"{self.names[operation.pointer]}.html"]
                self.told.page(operation, {pointer for pointer, id_ in places.items() if not id_ or id_ in ids})

    def _schemas(self, store: Store) -> Iterator[tuple[str, bytes]]:
        components = self.api.documents.main.data.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        for name in schemas if isinstance(schemas, dict) else ():
            if (pointer := join("/components/schemas", name)) not in self.context.places:
                self.context.schema_page(pointer)  # nothing refers to it, so nothing else would show it
        done: set[str] = set()
        while waiting := [pointer for pointer in self.context.schema_pages if pointer not in done]:
            for pointer in waiting:
                done.add(pointer)
                page, shown = make_schema_page(self.context, pointer)
                self.told.schema_page(shown)
                self.index.add_schema(page)
                yield from self._pages(store, "schema", page, page.file, page.ids)

    def _pages(
        self, store: Store, template: str, page: Any, file: str, ids: Collection[str]
    ) -> Iterator[tuple[str, bytes]]:
        """Write a page in both forms, unless it is as it was."""
        key = sha256(f"{self._key}{page!r}".encode()).hexdigest()[:32]
        values = {"page": page, "current": file, **self.common}
        for form in ("md", "html"):
            name = f"{file}.{form}"
            content = store.put(name, partial(self.rendered, f"{template}.{form}", ids, values), key)
            self.found.read(name, content)
            yield name, content

    def rendered(self, template: str, ids: Collection[str], values: dict[str, Any]) -> bytes:
        """Print a template; ``ids`` are those that the page has."""
        return self.templates.render(template, ids=ids, **values).encode()

    def _schema_entries(self) -> tuple[SchemaEntry, ...]:
        pages = self.context.schema_pages
        return tuple(SchemaEntry(file, component_name(pointer)) for pointer, file in sorted(pages.items()))

    def _fixed(self, view: SiteView, full: list[bytes]) -> Iterator[tuple[str, bytes]]:
        """Give the files that every site has."""
        common = self.common | {"site": view}
        render = self.templates.render
        if HOME not in self.own.files:
            self.index.add_text("index", view.title, [])
        self.index.add_text("changelog", self.labels("changelog"), [])
        if HOME not in self.own.files:
            yield "index.html", render("index.html", current="index", **common).encode()
            yield "index.md", render("index.md", **common).encode()
        listed = releases(self.changelog, self.api, self.names, self.context.places, self.labels)
        for release in listed:
            moment = next((one for one in self.copies.moments if one.version == release["version"]), None)
            release["at"] = f"at/{moment.folder}/index.html" if moment else ""
        yield "changelog.html", render("changelog.html", current="changelog", releases=listed, **common).encode()
        yield "changelog.md", self.links.in_markdown(common["writer"].fill(self.markdown_changelog)).encode()
        yield "changelog.atom", render("feed.xml", releases=listed, updated=feed_date(listed), **common).encode()
        # It is shown at whatever address was wrong: once it is known where the site stands, its links say so.
        absolute = self.common_at(view, Links(self.links.pages, self.design.links, root=view.url), view.url)
        yield "404.html", render("404.html", current="404", **absolute).encode()
        yield "llms.txt", render("llms.txt", **common).encode()
        yield "llms-full.txt", b"\n".join(full)
        yield "openapi.json", self._document()
        if (added := overlay(self.api, self.samples))["actions"]:
            yield "overlay.json", orjson.dumps(added, option=orjson.OPT_INDENT_2)
        yield "nav.yml", render("nav.yml", **common).encode()
        guides = [guide.file for guide in self.own.beside]
        files = [*self.names.values(), *guides, *self.context.schema_pages.values()]
        yield "sitemap.xml", render("sitemap.xml", files=["index", "changelog", *files], **common).encode()
        for path in self.assets():
            yield f"assets/{path.name}", path.read_bytes()
        yield from self.index.files()
        yield from self._redirects()

    def assets(self) -> list[Path]:
        """Give the theme's files that pages load, or those of the same name in the project's templates."""
        folders = [THEME / "assets", *([self.design.templates / "assets"] if self.design.templates else [])]
        found = {path.name: path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())}
        unused = () if self.design.trial else ("try.css", "try.js")
        return [path for name, path in sorted(found.items()) if path.is_file() and name not in unused]

    def _document(self) -> bytes:
        """Give the document as one file of JSON, whatever it was."""
        documents = self.api.documents
        data = bundled(documents) if len(documents.files) > 1 else documents.main.data
        try:
            return orjson.dumps(data, option=orjson.OPT_INDENT_2)
        except TypeError:  # a number above 64 bits
            return json.dumps(data, indent=2, ensure_ascii=False).encode()

    def _redirects(self) -> Iterator[tuple[str, bytes]]:
        """Give a page under each name that an operation had before a note says that it was renamed."""
        taken = {*self.names.values(), *self.own.files}
        for operation in self.operations:
            for note in self.context.notes.get(operation.pointer, ()):
                before = note.before.get("operationId") if isinstance(note.before, dict) else None
                file = next(iter(file_names([replace(operation, id=str(before or ""))]).values()))
                if before is not None and file not in taken:
                    taken.add(file)
                    page = {"title": operation.summary or operation.key, "file": self.names[operation.pointer]}
                    yield f"{file}.html", self.rendered("redirect.html", (), {"page": page, **self.common})

    def _page_of_older(self, api: Api, operation: Operation) -> Page:
        names = file_names((*api.operations, *api.webhooks))
        return make_page(self.context_of(api, (), names), operation)
