"""What is different about the documents as a whole: servers, schemas that are gone, the version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from levelbook.review.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api
    from levelbook.review.fact import Pair
    from levelbook.review.policy import Policy

_VERSION = re.compile(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?\Z")


def servers(base: Api, head: Api, pairs: list[Pair]) -> Iterator[Fact]:
    """Tell of servers of the document, and of operations that have their own."""
    yield from _servers(
        [item.url for item in base.servers], [item.url for item in head.servers], "servers", ("/servers", "/servers")
    )
    for pair in pairs:
        if pair.base.servers or pair.head.servers:
            olds = [item.url for item in pair.base.servers or base.servers]
            newer = [item.url for item in pair.head.servers or head.servers]
            yield from _servers(olds, newer, pair.name, (pair.base.pointer, pair.head.pointer))


def _servers(olds: list[str], news: list[str], address: str, at: tuple[str, str]) -> Iterator[Fact]:
    was, now = (
        {url.rstrip("/") for url in urls} or {""} for urls in (olds, news)
    )  # none is `/` (OpenAPI 3.1.1, 4.8.1)
    for url in olds:
        if url.rstrip("/") not in now:
            yield Fact("server-removed", address, "server", "removed", "none", url, None, *at)
    for url in news:
        if url.rstrip("/") not in was:
            yield Fact("server-added", address, "server", "added", "none", None, url, *at)


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
