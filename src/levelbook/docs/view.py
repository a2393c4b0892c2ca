"""What every template may use as ``site``: titles, tags and their pages, the levels, who may call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from levelbook.api import Tag
from levelbook.docs.context import slug
from levelbook.docs.field import Docs
from levelbook.docs.types import without_notes
from levelbook.levels import is_assigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from levelbook.api import Api, ExternalDocs, Operation, SecurityScheme
    from levelbook.docs.guides import Guide
    from levelbook.docs.labels import Labels
    from levelbook.docs.page import ServerRow
    from levelbook.levels import Level

_SMALL = 60  # operations
_VERSION = re.compile(r"(?:api|v\d[\w.]*)\Z", re.IGNORECASE)
_FLOWS = {
    "implicit": ("authorizationUrl",),
    "password": ("tokenUrl",),
    "clientCredentials": ("tokenUrl",),
    "authorizationCode": ("authorizationUrl", "tokenUrl"),
    "deviceAuthorization": ("deviceAuthorizationUrl", "tokenUrl"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of an operation, as lists of pages show it."""

    file: str
    title: str
    key: str
    method: str
    path: str
    summary: str
    deprecated: bool


@dataclass(frozen=True, slots=True)
class TagPages:
    """The pages of one tag, in the document's order; ``level`` is that of its heading.

    ``name`` is what the document calls it, where that is not its title; ``is_listed`` says whether it has pages, or a
    part of it has.
    """

    title: str
    name: str
    id: str
    description: str
    docs: Docs | None
    pages: tuple[Entry, ...]
    level: int
    is_listed: bool

    @property
    def files(self) -> frozenset[str]:
        """The files of the pages."""
        return frozenset(page.file for page in self.pages)

    def near(self, file: str) -> tuple[Entry, ...]:
        """Give the pages that the navigation of one of them lists: of very many only those around it."""
        if len(self.pages) <= _SMALL:
            return self.pages
        here = next((number for number, page in enumerate(self.pages) if page.file == file), 0)
        first = min(max(0, here - _SMALL // 2), len(self.pages) - _SMALL)
        return self.pages[first : first + _SMALL]


@dataclass(frozen=True, slots=True)
class Moment:
    """A release that pages can be shown as of."""

    version: str
    folder: str
    level: Level
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of OAuth 2: its addresses in words, and its scopes with what they allow."""

    words: str
    scopes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a caller says who they are."""

    name: str
    words: str
    description: str
    deprecated: bool
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class SchemaEntry:
    """A page of a component schema, as lists of pages show it."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every template may use as ``site``."""

    title: str
    version: str
    summary: str
    description: str
    level: str
    level_name: str
    current: Level | None
    docs: Docs | None
    legal: tuple[Docs, ...]
    tags: tuple[TagPages, ...]
    guides: tuple[Guide, ...]
    moments: tuple[Moment, ...]
    security: tuple[Scheme, ...]
    servers: tuple[ServerRow, ...]
    url: str
    schemas: tuple[SchemaEntry, ...] = ()

    @property
    def is_small(self) -> bool:
        """Whether the navigation of every page can list every operation."""
        return sum(len(tag.pages) for tag in self.tags) <= _SMALL


def site_view(
    api: Api, names: dict[str, str], guides: Iterable[Guide], labels: Labels, servers: tuple[ServerRow, ...], url: str
) -> SiteView:
    """Make the view of a site; ``names`` are the files of the operations, by their pointers."""
    info = api.documents.main.data.get("info")
    info = info if isinstance(info, dict) else {}
    levels = api.levels
    return SiteView(
        title=api.title or "API",
        version=api.version,
        summary=str(info.get("summary") or ""),
        description=without_notes(api.description),
        level=levels.anchor(levels.current) if levels.current is not None else "",
        level_name=levels.name,
        current=levels.current,
        docs=_docs(api.external_docs),
        legal=tuple(_legal(info)),
        tags=tuple(_by_tag(api, names, labels)),
        guides=tuple(guides),
        moments=tuple(_moments(api)),
        security=tuple(_scheme(scheme) for scheme in api.security_schemes.values()),
        servers=servers,
        url=url if not url or url.endswith("/") else f"{url}/",
    )


def _moments(api: Api) -> Iterator[Moment]:
    table = api.levels
    for release in table.releases:
        if release.level is not None and is_assigned(release.level):
            title = f"{table.product} {release.version}".strip()
            yield Moment(
                release.version,
                slug(release.version, "release"),
                release.level,
                title,
                table.anchor(release.level, release.version),
            )


def _docs(found: ExternalDocs | None) -> Docs | None:
    return Docs(found.url, found.description) if found else None


def _legal(info: dict[str, object]) -> Iterator[Docs]:
    """Give the contact, the licence and the terms of service (OpenAPI 3.1.1, 4.8.2)."""
    for key in ("contact", "license"):
        found = info.get(key)
        if isinstance(found, dict):
            words = [str(found[name]) for name in ("name", "identifier", "email") if found.get(name)]
            yield Docs(
                str(found.get("url") or ""), f"{key.capitalize()}: {', '.join(dict.fromkeys(words))}".rstrip(": ")
            )
    if isinstance(terms := info.get("termsOfService"), str):
        yield Docs(terms, "Terms of service")


def entry(operation: Operation, file: str) -> Entry:
    """Give an operation as lists of pages show it; the summary is the first sentence of its description."""
    first = without_notes(operation.description).partition("\n\n")[0].replace("\n", " ")
    summary = first if not first or first.endswith((".", "!", "?")) else f"{first}."
    title = operation.summary or operation.id or operation.key
    return Entry(file, title, operation.key, operation.method, operation.path, summary, operation.deprecated)


def _by_tag(api: Api, names: dict[str, str], labels: Labels) -> Iterator[TagPages]:
    """Group pages by their tags: those of the document in its order, then those it does not list."""
    described = {tag.name: tag for tag in api.tags}
    groups: dict[str, list[Entry]] = {name: [] for name in described}
    of_operations = {
        operation.pointer: [name for name in dict.fromkeys(operation.tags) if _tag(described, name).is_group]
        for operation in api.operations
    }
    untagged = sum(not own for own in of_operations.values())
    for operation in api.operations:
        for name in of_operations[operation.pointer] or (_segment(operation.path) if untagged > _SMALL else "",):
            groups.setdefault(name, []).append(entry(operation, names[operation.pointer]))
    groups[""] = groups.pop("", [])
    taken: set[str] = set()
    above = _above(api.tags)
    listed = {over for name, members in groups.items() if members for over in (name, *above.get(name, ()))}
    nesting = _nesting(list(groups), above)
    for name in sorted(groups, key=lambda name: (not _tag(described, name).is_group, nesting(name))):
        tag = _tag(described, name)
        if name in listed or tag.description or tag.summary:
            yield TagPages(
                tag.title or labels("untagged"),
                name if tag.title.lower() != name.lower() else "",
                _tag_id(name or labels("untagged"), taken),
                without_notes(tag.description),
                _docs(tag.external_docs),
                tuple(groups[name]),
                min(2 + len(above.get(name, ())), 6),
                name in listed,
            )
    if api.webhooks:
        pages = tuple(entry(operation, names[operation.pointer]) for operation in api.webhooks)
        title = labels("webhooks")
        yield TagPages(title, "", _tag_id(title, taken), "", None, pages, 2, is_listed=True)


def _tag(described: dict[str, Tag], name: str) -> Tag:
    return described.get(name) or Tag(name)


def _above(tags: Iterable[Tag]) -> dict[str, tuple[str, ...]]:
    """Give for each tag the groups that it is part of, the outermost first; none for one that is part of itself."""
    parents = {tag.name: tag.parent for tag in tags}
    found = {}
    for name in parents:
        chain = [name]
        while (over := parents[chain[-1]]) in parents and over not in chain:
            chain.append(over)
        found[name] = () if over in chain else tuple(reversed(chain[1:]))
    return found


def _nesting(names: list[str], above: dict[str, tuple[str, ...]]) -> Callable[[str], list[int]]:
    """Give the order in which each group is followed by its parts, and otherwise the order of the names."""
    places = {name: place for place, name in enumerate(names)}
    return lambda name: [places[one] for one in (*above.get(name, ()), name)]


def _segment(path: str) -> str:
    """Give the first part of a path that says something, to group operations by that nobody has tagged."""
    parts = [part for part in path.split("/") if part and not part.startswith("{") and not _VERSION.match(part)]
    return f"/{parts[0]}" if parts else ""


def _tag_id(name: str, taken: set[str]) -> str:
    base = "tag-" + (re.sub(r"\W+", "-", name).strip("-").lower() or "section")
    if base in taken:
        base = f"{base}~{sha256(name.encode()).hexdigest()[:6]}"
    taken.add(base)
    return base


def _scheme(scheme: SecurityScheme) -> Scheme:
    place = f"{scheme.place} `{scheme.parameter}`" if scheme.parameter else ""
    bearer = str(scheme.raw.get("bearerFormat") or "")
    url = str(scheme.raw.get("openIdConnectUrl") or scheme.raw.get("oauth2MetadataUrl") or "")
    words = " ".join(filter(None, (scheme.type, scheme.scheme, bearer, place.replace("`", ""), url)))
    flows = scheme.raw.get("flows")
    return Scheme(
        scheme.name,
        words,
        without_notes(scheme.description),
        scheme.raw.get("deprecated") is True,
        tuple(_flow(name, flow) for name, flow in flows.items() if isinstance(flow, dict))
        if isinstance(flows, dict)
        else (),
    )


def _flow(name: str, flow: dict[str, object]) -> Flow:
    addresses = [
        f"{re.sub('Url$', '', key)}: {flow[key]}" for key in (*_FLOWS.get(name, ()), "refreshUrl") if flow.get(key)
    ]
    scopes = flow.get("scopes")
    listed = [(str(scope), str(words or "")) for scope, words in scopes.items()] if isinstance(scopes, dict) else []
    return Flow(": ".join(filter(None, (name, ", ".join(addresses)))), tuple(listed))
