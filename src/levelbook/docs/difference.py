"""The pages that read otherwise in two sites of the same API: before and after a change of its document."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from levelbook.docs.operation import make_schema_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.docs.site import Site


def differing(base: Site, head: Site) -> Iterator[tuple[str, str]]:
    """Give the name of each page whose Markdown is another one, and the difference as a unified diff."""
    before, after = _pages(base), _pages(head)
    for name in dict.fromkeys([*after, *before]):
        if repr(before.get(name)) == repr(after.get(name)):
            continue
        old, new = _text(base, before.get(name)), _text(head, after.get(name))
        lines = unified_diff(old, new, f"{name}.md (before)", f"{name}.md (after)", lineterm="")
        if text := "\n".join(lines):
            yield name, f"{text}\n"


def _pages(site: Site) -> dict[str, tuple[str, Any]]:
    """Give the pages of operations and schemas by their names, with their templates."""
    found: dict[str, tuple[str, Any]] = {}
    for operation in site.operations:
        page = site.page(operation)
        found[page.file] = ("operation.md", page)
    done: set[str] = set()
    while waiting := [pointer for pointer in site.context.schema_pages if pointer not in done]:
        done.update(waiting)
        for pointer in waiting:
            schema_page = make_schema_page(site.context, pointer)[0]
            found[schema_page.file] = ("schema.md", schema_page)
    return found


def _text(site: Site, made: tuple[str, Any] | None) -> list[str]:
    if made is None:
        return []
    template, page = made
    values = {"page": page, "current": page.file, **site.common}
    return site.rendered(template, page.ids, values).decode().splitlines()
