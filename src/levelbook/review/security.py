"""Who may call: security requirements of operations and of the document, and the schemes they name."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from levelbook.pointer import join
from levelbook.review.exchanges import Probe
from levelbook.review.fact import Fact, Pair
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from levelbook.api import Api

_Needs = list[tuple[frozenset[str], dict[str, tuple[str, ...]]]]
_SCHEMES = {
    "type": "type", "authorizationUrl": "oauth-url", "tokenUrl": "oauth-token-url",
}  # fmt: skip


def requirements(base: Api, head: Api, pairs: list[Pair]) -> Iterator[Fact]:
    """Tell what is different about requirements: those of the document once, and operations that have their own."""
    names = _new_names(base, head)
    own = _needs(base.documents.main.data.get("security")), _needs(head.documents.main.data.get("security"), names)
    inheriting = [pair for pair in pairs if "security" not in pair.head.raw and "security" not in pair.base.raw]
    users = tuple(sorted(pair.name for pair in inheriting))
    if inheriting or not pairs:
        first = inheriting[0] if inheriting else None
        yield from _between(*own, _Place("api-global-security", "security", ("/security", "/security"), users, first))
    for pair in pairs:
        if "security" in pair.base.raw or "security" in pair.head.raw:
            needed = [_needs(pair.base.raw["security"]) if "security" in pair.base.raw else own[0]]
            needed.append(_needs(pair.head.raw["security"], names) if "security" in pair.head.raw else own[1])
            at = (pair.base.pointer, pair.head.pointer)
            yield from _between(*sides(needed), _Place("api-security", pair.name, at, (pair.name,), pair))


class _Place(NamedTuple):
    """Whose requirements are compared: ``stem`` begins the ids of the rules, ``pair`` is an operation that shows it."""

    stem: str
    address: str
    at: tuple[str, str]
    uses: tuple[str, ...]
    pair: Pair | None

    def fact(  # noqa: PLR0913  # what is told, and how it is shown
        self, what: str, facet: str, was: str | None, now: str | None, *, is_harmless: bool = False,
        need: Iterable[str] = (),
    ) -> Fact:  # fmt: skip
        of = (self.pair.base, self.pair.head) if self.pair else None
        probe = Probe(*of, "request", with_="credentials", need=tuple(sorted(need))) if of else None
        action = what.rpartition("-")[2]
        return Fact(
            f"{self.stem}-{what}", self.address, facet, action, "request", was, now, *self.at, self.uses, probe,
            is_harmless,
        )  # fmt: skip


def refuses_more(was: _Needs, now: _Needs) -> bool:
    """Say whether a caller who met a requirement before may meet none now."""
    if any(not names for names, _ in now) or not now:
        return False
    callers = [names for names, _ in was] or [frozenset()]
    return any(not any(names <= caller for names, _ in now) for caller in callers)


def _needs(written: Any, names: Mapping[str, str] = MappingProxyType({})) -> _Needs:
    """Give the alternatives of a requirement; ``names`` are what BASE calls schemes that are called otherwise now."""
    found = []
    for item in written if isinstance(written, list) else ():
        if isinstance(item, dict):
            scopes = {names.get(name, name): tuple(str(one) for one in value or ()) for name, value in item.items()}
            found.append((frozenset(scopes), scopes))
    return found


def _new_names(base: Api, head: Api) -> dict[str, str]:
    """Give what BASE calls the schemes that HEAD has under another name: on the wire nothing is different."""
    gone = [name for name in base.security_schemes if name not in head.security_schemes]
    found: dict[str, str] = {}
    for name, scheme in head.security_schemes.items():
        alike = [old for old in gone if _meant(base.security_schemes[old].raw) == _meant(scheme.raw)]
        if name not in base.security_schemes and len(alike) == 1 and alike[0] not in found.values():
            found[name] = alike[0]
    return found


def _meant(scheme: dict[str, Any]) -> dict[str, Any]:
    return {key: _said(scheme, key) for key in scheme if key != "description" and not key.startswith("x-")}


def _between(was: _Needs, now: _Needs, place: _Place) -> Iterator[Fact]:
    olds, news = dict(was), dict(now)
    is_harmless = not refuses_more(was, now)
    for names in olds.keys() - news.keys():
        yield place.fact("removed", "security", _written(names), None, is_harmless=is_harmless, need=names)
    for names in news.keys() - olds.keys():
        yield place.fact("added", "security", None, _written(names), is_harmless=is_harmless)
    for names in olds.keys() & news.keys():
        for scheme in sorted(names):
            left, right = set(olds[names].get(scheme, ())), set(news[names].get(scheme, ()))
            for scope in sorted(left - right):
                yield place.fact("scope-removed", f"scope of {scheme}", scope, None)
            for scope in sorted(right - left):
                yield place.fact("scope-added", f"scope of {scheme}", None, scope)


def _written(names: frozenset[str]) -> str:
    return " and ".join(sorted(names)) or "nothing"


def schemes(base: Api, head: Api) -> Iterator[Fact]:
    """Tell what is different about the security schemes themselves."""
    names = _new_names(base, head)
    olds = {name: one for name, one in base.security_schemes.items() if name not in names.values()}
    news = {name: one for name, one in head.security_schemes.items() if name not in names}
    for name in [*olds, *(item for item in news if item not in olds)]:
        at = f"/components/securitySchemes/{name}"
        address = f"securitySchemes/{name}"
        if name not in news:
            yield Fact(
                "api-security-component-removed",
                address,
                "security scheme",
                "removed",
                "none",
                name,
                None,
                at,
                "/components",
            )
        elif name not in olds:
            yield Fact(
                "api-security-component-added",
                address,
                "security scheme",
                "added",
                "none",
                None,
                name,
                "/components",
                at,
            )
        else:
            yield from _scheme(olds[name].raw, news[name].raw, address, at)


def _said(scheme: dict[str, Any], key: str) -> Any:
    """Give what a scheme says; names of headers and of schemes are the same in any case (RFC 9110, 5.1 and 11.1)."""
    value = scheme.get(key)
    is_any_case = key == "scheme" or (key == "name" and scheme.get("in") == "header")
    return value.lower() if is_any_case and isinstance(value, str) else value


def _scheme(was: dict[str, Any], now: dict[str, Any], address: str, at: str) -> Iterator[Fact]:
    for key in ("type", "scheme", "in", "name", "openIdConnectUrl"):
        if _said(was, key) != _said(now, key):
            stem = f"api-security-component-{_kebab(key)}-changed"
            yield Fact(stem, address, key, "changed", "none", was.get(key), now.get(key), join(at, key), join(at, key))
    flows = [_map(side.get("flows")) for side in (was, now)]
    for flow in sorted(flows[0].keys() | flows[1].keys()):
        yield from _flow(*sides(_map(side.get(flow)) for side in flows), f"{address} {flow}", join(at, "flows", flow))


def _flow(was: dict[str, Any], now: dict[str, Any], address: str, at: str) -> Iterator[Fact]:
    for key in ("authorizationUrl", "tokenUrl", "refreshUrl"):
        if was.get(key) != now.get(key):
            stem = f"api-security-component-{_SCHEMES.get(key, 'oauth-refresh-url')}-changed"
            yield Fact(stem, address, key, "changed", "none", was.get(key), now.get(key), join(at, key), join(at, key))
    scopes = [_map(side.get("scopes")) for side in (was, now)]
    for scope in sorted(scopes[0].keys() | scopes[1].keys()):
        old, new = scopes[0].get(scope), scopes[1].get(scope)
        if old != new:
            action = "added" if scope not in scopes[0] else "removed" if scope not in scopes[1] else "changed"
            pair = (scope, None) if action == "removed" else (None, scope) if action == "added" else (old, new)
            yield Fact(
                f"api-security-component-oauth-scope-{action}",
                f"{address} {scope}",
                "scope",
                action,
                "none",
                *sides(pair),
                at,
                at,
            )


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _kebab(key: str) -> str:
    return {"openIdConnectUrl": "open-id-connect-url", "in": "place"}.get(key, key)
