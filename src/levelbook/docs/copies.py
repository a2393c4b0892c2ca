"""Copies of the pages that were different at earlier releases, below ``at/<release>/``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from levelbook.docs.asof import with_needs
from levelbook.docs.context import file_names
from levelbook.docs.links import Links
from levelbook.docs.operation import make_page, make_schema_page
from levelbook.docs.page import Page, SchemaPage
from levelbook.notes import notes_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.docs.context import Context
    from levelbook.docs.site import Site
    from levelbook.docs.view import Moment

_ROOT = "../../"


class Copies:
    """Makes the copies of one site; ``moments`` are the releases that there are copies of."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.moments = [moment for moment in site.view.moments if moment.level != site.api.levels.current]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Give the files of all copies with their names."""
        if not self.moments:
            return
        now = {page.file: _bare(page) for page in map(self.site.page, self.site.operations)}
        for pointer in list(self.site.context.schema_pages):
            page = make_schema_page(self.site.context, pointer)[0]
            now[page.file] = _bare(page)
        for moment in self.moments:
            yield from self._at(moment, now)

    def _at(self, moment: Moment, now: dict[str, str]) -> Iterator[tuple[str, bytes]]:
        """Give the files of one release; ``now`` are today's pages by file."""
        site = self.site
        api = site.api.at(moment.version)
        operations = (*api.operations, *api.webhooks)
        made = zip(operations, file_names(operations).values(), strict=True)
        names = {one.pointer: site.names.get(one.pointer, name) for one, name in made}
        context = site.context_of(api, notes_of(api), names)
        samples = site.samples_of(api)
        pages = [with_needs(make_page(context, one, samples=samples.get(one.key, ()))) for one in operations]
        differ = _differing(context, pages, now)
        links = Links(site.links.pages, site.design.links, root=_ROOT, beside=[page.file for page in differ])
        view = replace(site.view_of(api, names), moments=site.view.moments, current=site.view.current)
        common = site.common_at(view, links, _ROOT) | {"moment": moment}
        folder = f"at/{moment.folder}"
        for page in differ:
            kind = "operation" if isinstance(page, Page) else "schema"
            values = {"page": page, "current": page.file, "now": page.file in now, **common}
            yield f"{folder}/{page.file}.md", site.rendered(f"{kind}.md", page.ids, values)
            yield f"{folder}/{page.file}.html", site.rendered(f"at-{kind}.html", page.ids, values)
        yield f"{folder}/index.html", site.rendered("at.html", (), {"current": "index", **common})


def _differing(context: Context, pages: list[Page], now: dict[str, str]) -> list[Page | SchemaPage]:
    """Give the pages that were different once: in themselves, or because of a schema that they refer to."""
    schemas: dict[str, SchemaPage] = {}
    while waiting := [one for one, file in context.schema_pages.items() if file not in schemas]:
        schemas |= {page.file: page for page, _ in (make_schema_page(context, one) for one in waiting)}
    other = {file for file, page in schemas.items() if _bare(page) != now.get(file)}
    while more := {file for file, page in schemas.items() if file not in other and page.leads & other}:
        other |= more
    differ = [page for page in pages if _bare(page) != now.get(page.file) or page.leads & other]
    return [*differ, *(page for file, page in schemas.items() if file in other)]


def _bare(page: Page | SchemaPage) -> str:
    """Give what a page says, without its usage examples."""
    return repr(replace(page, samples=(), trial=None) if isinstance(page, Page) else page)
