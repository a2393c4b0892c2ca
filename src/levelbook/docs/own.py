"""A project's own pages as part of a site: which files they are, and how they are written.

A page that is called like that of an operation is the page of this operation; ``index`` stands above the overview.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from levelbook.docs.braces import Braces
from levelbook.docs.context import FIXED, unused
from levelbook.docs.guides import headings, other_files, read_guides, render_guide
from levelbook.docs.includes import Shelf
from levelbook.docs.placing import Macros
from levelbook.problem import Location, Problem, Severity, SpecError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from levelbook.docs.guides import Guide
    from levelbook.docs.site import Site
    from levelbook.docs.view import SiteView

HOME = "index"
_KEPT = frozenset({"changelog", "404"})  # pages of the site that nobody writes


class OwnPages:
    """The own pages of a site: ``guides`` in their order, ``problems`` what was found on the way.

    Raises SpecError for a file that would take the place of one of the site's.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.folder = site.design.pages
        self.problems: dict[Problem, None] = {}
        self.shelf = Shelf(self.folder or Path())
        read = read_guides(self.folder, site.design.navigation, self._title) if self.folder else []
        self.guides = list(self._named(read))
        self._refuse_clashes()

    @property
    def files(self) -> frozenset[str]:
        """The names of the pages, without their endings."""
        return frozenset(guide.file for guide in self.guides)

    @property
    def beside(self) -> list[Guide]:
        """The pages that stand beside the reference, and are no part of it."""
        return [guide for guide in self.guides if guide.file not in {HOME, *self.site.names.values()}]

    @property
    def sources(self) -> dict[str, str]:
        """The texts that links are looked for in, by their files."""
        found = {str(path): text for path, text in self.shelf.read.items() if path.suffix == ".md"}
        return found | {str(guide.path): guide.source for guide in self.guides}

    def written(self, view: SiteView, only: Collection[str] | None = None) -> Iterator[tuple[str, bytes]]:
        """Give the files of all pages, and what else is in their folder; or of ``only`` some pages.

        Raises SpecError with the faults of all.
        """
        common = self.site.common | {"site": view}
        faults: dict[Problem, None] = {}
        for guide in self.guides if only is None else [one for one in self.guides if one.file in only]:
            try:
                yield from self._page(guide, common)
            except SpecError as error:
                faults |= dict.fromkeys(error.problems)
        if faults:
            raise SpecError(sorted(self.problems | faults, key=lambda one: one.where))
        for name, path in other_files(self.folder) if self.folder and only is None else ():
            yield name, path.read_bytes()

    def _page(self, guide: Guide, common: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
        """Give a page in both forms. Raises SpecError."""
        site = self.site
        html, markdown = (self._form(guide, form, common) for form in ("html", "md"))
        shown = {"title": guide.title, "html": site.templates.environment.filters["safe"](html)}
        markdown = site.links.in_markdown(markdown)
        site.index.add_text(guide.file, guide.title, headings(html))
        if guide.file == HOME:
            ids = [id_ for id_, _ in headings(html)]
            values = {"current": HOME, "guide": shown | {"markdown": markdown}, **common}
            yield "index.html", site.rendered("index.html", ids, values)
            yield "index.md", site.rendered("index.md", (), values)
            return
        yield f"{guide.file}.html", site.rendered("guide.html", (), {"current": guide.file, "guide": shown, **common})
        yield f"{guide.file}.md", markdown.encode()

    def _form(self, guide: Guide, form: str, common: dict[str, Any]) -> str:
        site = self.site
        vocabulary, document = site.design.vocabulary, Path(site.api.documents.main.file).name
        values = {**vocabulary.values, "site": common["site"], "api_url": site.api_url, **site.design.extras()}
        macros = Macros(site.templates, site.page_of, form, common, home=guide.file)
        braces = Braces(macros, self.shelf, vocabulary, document, partial(site.design.chosen, site.api))
        made = render_guide(guide, site.templates, braces, values, site.links.resolve)
        self.problems |= dict.fromkeys(made.problems)
        return made.text

    def _title(self, key: str) -> str:
        """Give the title of an operation; nothing where there is none."""
        operation = self.site.api.operation(key)
        return operation.summary or operation.key if operation else ""

    def _named(self, guides: list[Guide]) -> Iterator[Guide]:
        """Give pages names that are no others': what the site has itself keeps its own."""
        taken = {
            *(guide.file.lower() for guide in guides),
            *(name.lower() for name in self.site.names.values()),
            *_KEPT,
        }
        for guide in guides:
            if guide.file.lower() not in _KEPT:
                yield guide
                continue
            name = unused(f"own-{guide.file}", taken)
            taken.add(name)
            message = f"`{guide.file}.html` is a page of the reference; this one is `{name}.html`"
            hint = "give this file another name"
            self.problems[Problem("page", Location(str(guide.path)), message, hint, Severity.WARNING)] = None
            yield replace(guide, file=name)

    def _refuse_clashes(self) -> None:
        fixed = {f"assets/{path.name}" for path in self.site.assets()}
        pages = {f"{name}.{form}" for name in self.site.names.values() for form in ("html", "md")}
        faults = [
            Problem("page", Location(str(path)), f"`{name}` is a file of the reference", "give this file another name")
            for name, path in (other_files(self.folder) if self.folder else ())
            if name in fixed | pages or name.startswith(("at/", "assets/search")) or name.partition(".")[0] in FIXED
        ]
        if faults:
            raise SpecError(faults)
