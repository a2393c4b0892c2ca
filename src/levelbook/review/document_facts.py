"""What is different about the documents as a whole: servers, schemas that are gone, the version."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice, product
from typing import TYPE_CHECKING

from levelbook.api import Server
from levelbook.review.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.review.fact import Pair
    from levelbook.review.policy import Policy

_HERE = (Server("/", "/servers"),)  # what is meant where none is named (OpenAPI 3.1.1, 4.8.1)
_MOST = 1000  # combinations of the values of a server's variables that are looked at
_OPEN = re.compile(r"\{[^{}]*\}")
_VERSION = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z")


def servers(base: Api, head: Api, pairs: list[Pair]) -> Iterator[Fact]:
    """Tell of servers of the document, and of operations that have their own."""
    yield from _servers(base.servers, head.servers, "servers", ("/servers", "/servers"))
    for pair in pairs:
        if pair.base.servers or pair.head.servers:
            olds, news = pair.base.servers or base.servers, pair.head.servers or head.servers
            yield from _servers(olds, news, pair.name, (pair.base.pointer, pair.head.pointer))


def _servers(olds: tuple[Server, ...], news: tuple[Server, ...], address: str, at: tuple[str, str]) -> Iterator[Fact]:
    olds, news = olds or _HERE, news or _HERE
    for url in _only_in(olds, news):
        yield Fact("server-removed", address, "server", "removed", "none", url, None, *at)
    for url in _only_in(news, olds):
        yield Fact("server-added", address, "server", "added", "none", None, url, *at)


def _only_in(these: tuple[Server, ...], others: tuple[Server, ...]) -> Iterator[str]:
    """Give the URLs of ``these`` that ``others`` lack: with a value filled in where only that value is lacking."""
    known = {_key(url) for server in others for url in _addresses(server)}
    for server in these:
        addresses = _addresses(server)
        lacking = [url for url in addresses if _key(url) not in known]
        if len(lacking) == len(addresses):
            yield server.url
            continue
        for name, values in server.variables.items():
            for value in values:
                found = set(_addresses(replace(server, variables=server.variables | {name: (value,)}), name))
                if len(values) > 1 and found <= set(lacking):
                    yield _filled(server.url, name, value)
                    lacking = [url for url in lacking if url not in found]
        yield from lacking


def _addresses(server: Server, fixed: str = "") -> list[str]:
    """Give the URLs that the listed values of a server's variables make; what may have any value stays open."""
    names = [name for name, values in server.variables.items() if len(values) > 1 or name == fixed]
    urls = []
    for values in islice(product(*(server.variables[name] for name in names)), _MOST):
        url = server.url
        for name, value in zip(names, values, strict=True):
            url = _filled(url, name, value)
        urls.append(url)
    return urls


def _filled(url: str, name: str, value: str) -> str:
    return url.replace("{" + name + "}", value)


def _key(url: str) -> str:
    """Give what two URLs have in common that say the same: no slash at the end, any name for what is open."""
    return _OPEN.sub("{}", url).rstrip("/")


def schemas(base: Api, head: Api, policy: Policy) -> Iterator[Fact]:
    """Tell of schemas that are gone from the components, where other documents may refer to them."""
    if not policy.components:
        return
    olds, news = ((api.documents.main.data.get("components") or {}).get("schemas") or {} for api in (base, head))
    for name in olds:
        if name not in news:
            at = f"/components/schemas/{name}"
            yield Fact(
                "api-schema-removed",
                f"schemas/{name}",
                "schema",
                "removed",
                "none",
                name,
                None,
                at,
                "/components/schemas",
            )


def version(base: Api, head: Api, policy: Policy) -> Iterator[Fact]:
    """Tell of a version that was not raised though something breaks (semver.org, 8; 4 for versions below 1)."""
    old, new = _VERSION.match(base.version), _VERSION.match(head.version)
    if not policy.versions or old is None or new is None:
        return
    was, now = (tuple(int(part) for part in match.groups()[:3]) for match in (old, new))
    if base.version == head.version:
        rule = "api-version-not-bumped"
    elif now < was or (now == was and _is_earlier(old[4], new[4])):
        rule = "api-version-decreased"
    elif now[0] > was[0] or (was[0] == now[0] == 0 and now[1] > was[1]):
        return
    else:
        rule = "api-major-version-not-bumped"
    yield Fact(rule, "info", "version", "changed", "none", base.version, head.version, "/info/version", "/info/version")


def _is_earlier(old: str | None, new: str | None) -> bool:
    """Say whether a version is a draft of the one before (semver.org, 11)."""
    return bool(new) and (not old or new < old)  # type: ignore[operator]  # `new` is there
