"""A document with one text in every place that a page may show, and a judge of what is active in a page.

>>> active('<p title="&lt;script&gt;">&lt;script&gt;</p><script src="assets/script.js" defer></script>')
[]
>>> active('<a href="java&#10;script:alert(1)" onclick=x>x</a>')
['a href=javascript:alert(1)', 'a onclick=x']
>>> evaluated('<p>{{7*7}}</p>'), evaluated('<p>49</p>')
([], ['49'])
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml

BENIGN = "harmless"  # a page made with this text shows what the renderer itself puts there


def payloads() -> dict[str, str]:
    """Give the payloads of xss.yaml by id."""
    listed = yaml.safe_load((Path(__file__).parent.parent / "cases" / "docs" / "xss.yaml").read_text(encoding="utf-8"))[
        "payloads"
    ]
    return {item["id"]: item["text"] for item in listed}


def document(payload: str, *, valid: bool = False) -> dict[str, Any]:  # noqa: C901  # one table
    """Put ``payload`` into every text of an OpenAPI 3.1 document that a renderer may show.

    With ``valid`` the few places are spared in which the official schema allows no such text (names of security
    schemes, a release's date): `levelbook check` then finds no fault with the structure.
    """
    p = payload
    n = 0

    def unique() -> str:  # where two equal names would be one
        nonlocal n
        n += 1
        return f"{p}{n}"

    def docs() -> dict[str, Any]:
        return {"description": p, "url": p}

    def server() -> dict[str, Any]:
        return {"url": f"https://example.com/{p}/{{v}}", "description": p, **({} if valid else {"name": p}),
                "variables": {"v": {"default": p, "enum": [p, "other"], "description": p}, p: {"default": p}}}  # fmt: skip

    def changes() -> list[dict[str, Any]]:
        return [
            {"level": 3, "kind": "added", "text": f"{p} {{anchor}}"},
            {"level": 9, "kind": "changed", "text": p, "before": {"description": f"before {p}", "x-before": p}},
            {"release": p, "kind": "deprecated", "text": p},
            {"level": p if not valid else 7, "kind": p if not valid else "behavior", "text": p},
            {"level": "next", "kind": "behavior"},
        ]

    def prose() -> str:  # a description, with an old note in prose
        return f"{p}\n\n**Changes**: New in {p} 1.0 (feature level 9). {p}"

    def text(*, rich: bool = False, **more: Any) -> dict[str, Any]:
        if rich:
            more |= {"x-changes": changes()}
        return {"type": "string", "title": p, "description": prose(), "default": p, "example": p, "examples": [p, {"k": p, p: [p]}],
                "enum": [p, "other", None, {p: p}], "x-enum-descriptions": {p: p, "other": p}, "x-enum-varnames": [p, p], "pattern": p, "format": p,
                "contentMediaType": p, "contentEncoding": p, "$comment": p, "deprecated": True, "x-deprecated": p, "externalDocs": docs(),
                "xml": {"name": p, "namespace": p, "prefix": p}, "minLength": 1, "x-displayName": p, "x-other": p, **more}  # fmt: skip

    def value() -> dict[str, Any]:
        return {
            "type": "object", "title": p, "description": prose(), "required": [p, "kind"], "externalDocs": docs(), "x-changes": changes(), "example": {p: p}, "default": {p: p},
            "properties": {
                p: text(rich=True), "kind": text(), "list": {"type": "array", "description": p, "items": text(title=p)},
                "map": {"type": "object", "additionalProperties": text(), "propertyNames": text()},
                "inner": {"type": "object", "description": p, "properties": {p: {"type": "object", "properties": {p: {"type": "object", "properties": {p: text()}}}}}},
                "const": {"const": p, "description": p}, "constObject": {"const": {p: p}},
                "consts": {"oneOf": [{"const": p, "title": p, "description": p}, {"const": "other", "title": p, "description": p}]},
                "union": {"description": p, "oneOf": [{"$ref": "#/components/schemas/One"}, {"title": p, "type": "object", "description": p, "properties": {p: text()}},
                                                       {"type": "object", "properties": {"code": {"const": p}}, "description": p, "examples": [{"code": p}]}],
                          "discriminator": {"propertyName": p, "mapping": {p: "#/components/schemas/One", "two": "One"}}},
                "tuple": {"type": "array", "prefixItems": [text(), {"title": p, "type": "object", "properties": {p: text()}}], "items": text()},
                "patterned": {"type": "object", "patternProperties": {p: text()}},
                "not": {"not": text()}, "conditional": {"if": {"properties": {p: {"const": p}}}, "then": {"required": [p], "description": p}, "else": text()},
                "dependent": {"dependentRequired": {p: [p]}, "dependentSchemas": {p: {"description": p}}}, "ref": {"$ref": "#/components/schemas/One", "description": p},
            },
        }  # fmt: skip

    def examples() -> dict[str, Any]:
        return {p: {"summary": p, "description": p, "value": p}, "object": {"summary": p, "description": prose(), "value": {p: p, "list": [p]}},
                "far": {"summary": p, "externalValue": p}, "ref": {"$ref": "#/components/examples/One", "summary": p, "description": p}}  # fmt: skip

    def header() -> dict[str, Any]:
        return {
            "description": prose(),
            "schema": text(),
            "examples": examples(),
            "deprecated": True,
            "x-changes": changes(),
        }

    def link(**target: str) -> dict[str, Any]:
        return {
            **target,
            "description": p,
            "parameters": {p: p, f"path.{p}": f"$response.body#/{p}"},
            "requestBody": p,
            "server": server(),
        }

    def content() -> dict[str, Any]:
        return {p: {"schema": {"$ref": "#/components/schemas/One"}, "examples": examples()}, "application/json": {"schema": value(), "examples": examples(), "x-changes": changes()}, "text/plain": {"schema": text(), "example": p},
                "text/html": {"schema": text(), "example": f"<html>{p}</html>"}, "application/xml": {"schema": {"$ref": "#/components/schemas/One"}}}  # fmt: skip

    def responses(*, full: bool) -> dict[str, Any]:
        if not full:
            return {
                "200": {
                    "description": p,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}, "example": p}},
                },
                "4XX": {"$ref": "#/components/responses/One"},
            }
        return {
            "200": {"description": prose(), "x-summary": p, "headers": {p: header(), "X-Header": header()}, "content": content(), "x-changes": changes(),
                    "links": {p: link(operationId=p), "byRef": link(operationRef=p), "ref": {"$ref": "#/components/links/One", "description": p}}},
            "400": {"description": p, "content": {"application/json": {"schema": {"oneOf": [
                {"title": p, "description": p, "properties": {"code": {"const": p}}, "examples": [{"code": p, "msg": p}], "x-changes": changes()},
                {"title": "OTHER", "description": p, "properties": {"code": {"const": "OTHER"}}, "example": p}]}}}},
            "4XX": {"$ref": "#/components/responses/One", "description": p},
            "default": {"description": p, "content": {p: {}}},
        }  # fmt: skip

    def parameters(*, full: bool) -> list[dict[str, Any]]:
        if not full:
            return [{"name": p, "in": "query", "description": p, "schema": {"type": "string", "description": p}}]
        return [{"name": name, "in": place, "required": place == "path", "description": prose(), "deprecated": True, "x-changes": changes(), "schema": text(), "examples": examples()}
                for place in ("query", "header", "cookie") for name in (p, f"plain-{place}")] + [
            {"name": "json", "in": "query", "description": p, "content": {"application/json": {"schema": value(), "example": {p: p}}}},
            {"name": "media", "in": "query", "content": {p: {"schema": text()}}},
            {"name": "listed", "in": "query", "example": [p, p], "schema": {"type": "array", "items": text()}},
            {"$ref": "#/components/parameters/One", "description": p}]  # fmt: skip

    def sample() -> list[dict[str, Any]]:
        return [
            {"lang": p, "label": p, "source": p},
            {"lang": "Shell", "label": "curl", "source": f"curl {p}"},
            {"lang": "python", "source": f"x = 1\n{p}\n"},
            {"lang": "JavaScript", "label": p, "source": f"// {p}"},
        ]

    def operation(id_: str | None, *, full: bool = False, **more: Any) -> dict[str, Any]:
        return {**({} if id_ is None else {"operationId": id_}), "summary": p, "description": prose(), "tags": [p, "listed", f"unlisted {p}"], "deprecated": True, "x-deprecated-reason": p, "x-badges": [{"name": p, "label": p, "color": p}],
                "externalDocs": docs(), "servers": [server(), {"url": p, "description": p}], "x-changes": changes(), "x-codeSamples": sample(), "x-code-samples": sample(), "security": requirements(),
                "parameters": parameters(full=full), "responses": responses(full=full), **more}  # fmt: skip

    scheme = "odd" if valid else p

    def requirements() -> list[dict[str, list[str]]]:
        return [{scheme: [p]}, {"key": [], "oauth": [p, "read"]}, {"http": []}, {}]

    bodies = {"description": prose(), "required": True, "content": {**content(), "application/x-www-form-urlencoded": {"schema": value(), "encoding": {p: {"contentType": p, "headers": {"X-Part": header()}}}},
                                                                    "multipart/form-data": {"schema": value(), "encoding": {p: {"contentType": "application/json"}}}}}  # fmt: skip
    flows = {"authorizationUrl": p, "tokenUrl": p, "refreshUrl": p, "scopes": {p: p, "read": p}}
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": p, "version": p, "summary": p, "description": prose(), "termsOfService": p, "contact": {"name": p, "url": p, "email": p},
            "license": {"name": p, "url": p}, "x-logo": {"url": p, "href": p, "altText": p, "backgroundColor": p}, "x-other": p,
            "x-levels": {"product": p, "name": p, "current": 9, "releases": [{"version": p, "level": 9, "date": "2026-01-01" if valid else p}, {"version": f"1.0 {p}", "level": 8, "date": "2025-01-01"}], "reserved": ["10-11"], "backports": {"8": p}},
        },
        "externalDocs": docs(), "x-changes": changes(),
        "servers": [server(), {"url": p, "description": p}],
        "tags": [{"name": p, "description": prose(), "externalDocs": docs(), "x-displayName": p, "x-changes": changes()}, {"name": "listed", "description": p}, {"name": f"not used {p}", "description": p}],
        "x-tagGroups": [{"name": p, "tags": [p, "listed"]}],
        "security": requirements(),
        "paths": {
            "/plain": {"summary": p, "description": p, "get": operation("plain"),
                       "post": operation(p, full=True, requestBody=bodies, callbacks={
                           p: {p: {"summary": p, "description": p, "post": operation(f"callback {p}")}, "{$request.body#/url}": {"post": {"description": p, "responses": {"200": {"description": p}}}}},
                           "ref": {"$ref": "#/components/callbacks/One"}}),
                       "put": operation(f"a{p}b", requestBody={"$ref": "#/components/requestBodies/One", "description": p}),
                       "delete": {"operationId": "onlySummary", "summary": p, "responses": {"204": {"description": ""}}},
                       "patch": {"operationId": f"{p} ", "responses": {"204": {"description": p}}}},
            f"/{p}": {"servers": [server()], "get": operation(None), "post": {"responses": {"200": {"description": p}}}},
            f"/x/{{{p}}}": {"parameters": [{"name": p, "in": "path", "required": True, "description": p, "schema": text()}], "get": {"description": p, "responses": {"200": {"description": p}}}},
        },
        "webhooks": {p: {"summary": p, "description": p, "post": operation(f"webhook {p}", requestBody={"$ref": "#/components/requestBodies/One"})}, "ref": {"$ref": "#/components/pathItems/One"}},
        "components": {
            "schemas": {"One": value(), "Tree": {"title": p, "description": p, "properties": {p: {"$ref": "#/components/schemas/Tree"}}}},
            "examples": {"One": {"summary": p, "description": p, "value": {p: p}}},
            "links": {"One": link(operationId="plain")},
            "responses": {"One": {"description": p, "headers": {"X-One": header()}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Tree"}}}}},
            "parameters": {"One": {"name": unique(), "in": "query", "description": p, "schema": text()}},
            "requestBodies": {"One": {"description": p, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/One"}}}}},
            "callbacks": {"One": {p: {"post": {"summary": p, "description": p, "responses": {"200": {"description": p}}}}}},
            "pathItems": {"One": {"summary": p, "description": p, "put": operation(f"item {p}")}},
            "securitySchemes": {
                scheme: {"type": "http", "scheme": p, "bearerFormat": p, "description": prose(), "x-example": p, "x-changes": changes()} if not valid else {"type": "http", "scheme": p, "description": prose(), "x-example": p},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": p, "description": p}, "http": {"type": "http", "scheme": "basic", "description": p, "x-example": p},
                "key": {"type": "apiKey", "in": "header", "name": p, "description": p, "x-example": p},
                "openId": {"type": "openIdConnect", "openIdConnectUrl": p, "description": p}, "mutual": {"type": "mutualTLS", "description": p},
                "oauth": {"type": "oauth2", "description": p, "flows": {
                    "implicit": {key: flows[key] for key in ("authorizationUrl", "refreshUrl", "scopes")}, "password": {key: flows[key] for key in ("tokenUrl", "refreshUrl", "scopes")},
                    "clientCredentials": {key: flows[key] for key in ("tokenUrl", "refreshUrl", "scopes")}, "authorizationCode": dict(flows)}},
            },
        },
    }  # fmt: skip


# ---- what is active in a page

_ELEMENTS = frozenset(
    {
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "base",
        "form",
        "style",
        "math",
        "template",
        "noscript",
        "portal",
        "marquee",
        "plaintext",
        "xmp",
        "noembed",
        "noframes",
        "isindex",
        "keygen",
        "bgsound",
        "foreignobject",
        "animate",
        "set",
        "use",
        "slot",
        "dialog-script",
    }
)
_URLS = frozenset(
    {
        "href",
        "src",
        "action",
        "formaction",
        "xlink:href",
        "srcset",
        "imagesrcset",
        "poster",
        "data",
        "background",
        "cite",
        "longdesc",
        "ping",
        "manifest",
        "codebase",
        "archive",
        "dynsrc",
        "lowsrc",
        "profile",
        "usemap",
        "from",
        "to",
        "values",
    }
)
_LOADED = frozenset(
    {"src", "srcset", "imagesrcset", "poster", "data", "background", "manifest", "ping", "dynsrc", "lowsrc"}
)  # asked for without a click
_LOADING_LINKS = frozenset(
    {
        "stylesheet",
        "icon",
        "preload",
        "modulepreload",
        "prefetch",
        "prerender",
        "preconnect",
        "dns-prefetch",
        "manifest",
        "import",
        "apple-touch-icon",
        "mask-icon",
        "shortcut",
    }
)
_SCHEMES = (
    "javascript:",
    "vbscript:",
    "data:",
    "livescript:",
    "mocha:",
    "blob:",
    "filesystem:",
    "view-source:",
    "feed:",
    "jar:",
    "file:",
    "about:",
    "mhtml:",
)
_DROPPED = re.compile(
    "^[\\x00-\\x20]+|[\\t\\n\\r]+"
)  # what a browser takes out of an address before it reads the scheme (WHATWG URL, 4.4)
_INVISIBLE = re.compile("[\\x00-\\x20\\x7f-\\xa0\\u00ad\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff]+")
_NAME = re.compile(r"[A-Za-z_:][\w:.-]*\Z", re.ASCII)
_ASSET = re.compile(r"(?:\.{1,2}/)*assets/(?!.*\.\.)[\w./-]+(?:\?[\w.=-]*)?\Z", re.ASCII)
_RAW = re.compile(
    r"<\s*/?\s*(script|iframe|frame|object|embed|applet|base|form|style|svg|math|template|noscript|textarea|title|xmp|plaintext|meta|link)\b|<!--|<!\[|<\?",
    re.IGNORECASE,
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)


def active(html: str, own: tuple[str, ...] = (), *, loose: bool = False) -> list[str]:
    """Give everything active in a page, each as `element attribute=value`; ``own`` are findings to pass over.

    Addresses are read as browsers read them: with entities decoded, without spaces and control characters before, and
    tabs and line ends anywhere. With ``loose`` every space, control and invisible character goes: what some other
    reader may make of it (`java script:`, a byte order mark before `javascript:`), and no browser does.

    Nothing is active in: `<script src>` below `assets/` without content, JSON-LD that is JSON, `<svg class="icon">`,
    relative and http(s)/mailto addresses that are followed only by a click.
    """
    judge = _Judge(loose=loose)
    judge.feed(html)
    judge.close()
    judge.finish(html)
    return [finding for finding in dict.fromkeys(judge.found) if finding not in own]


def evaluated(html: str, products: tuple[str, ...] = ("49", "62615533")) -> list[str]:
    """Give what a template engine made of a payload: the product of `7*7` or `7919*7907` in a text or an attribute.

    A number within a longer one, a colour or a hash does not count.
    """
    judge = _Judge()
    judge.feed(html)
    judge.close()
    texts = "\n".join(judge.texts)
    return list(dict.fromkeys(re.findall(rf"(?<![\w.#-])(?:{'|'.join(products)})(?![\w.-])", texts)))


def malformed(html: str) -> list[str]:
    """Give what is wrong with a page and runs nothing: control characters, an id twice, an id with a space or empty."""
    judge = _Judge()
    judge.feed(html)
    judge.close()
    found = [
        f"the control character U+{ord(one):04X}"
        for one in sorted(set(re.findall("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f]", html)))
    ]
    found += [f"the id {id_!r} twice" for id_ in dict.fromkeys(judge.ids) if judge.ids.count(id_) > 1]
    return found + [f"the id {id_!r}" for id_ in dict.fromkeys(judge.ids) if not id_ or re.search(r"[\t\n\f\r ]", id_)]


def sinks(script: str) -> list[str]:
    """Give the ways in which a script may turn text into markup or code; the static half of a look at the assets."""
    pattern = r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write(?:ln)?|eval|new Function|setTimeout\(\s*['\"`]|createContextualFragment|srcdoc|DOMParser|parseFromString|setHTMLUnsafe)\b"
    return list(dict.fromkeys(match[0] for match in re.finditer(pattern, script)))


def escaped_names(names: list[str]) -> list[str]:
    """Give the file names of a site that leave its folder, or that some file system or URL cannot hold."""
    odd = re.compile(
        r"[\x00-\x1f\x7f<>:\"\\|?*#%]|(?:^|/)\.\.?(?:/|$)|^/|[. ](?:/|$)|(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)",
        re.IGNORECASE,
    )
    return [name for name in names if odd.search(name) or len(name.encode()) > 255]  # noqa: PLR2004


class _Judge(HTMLParser):
    def __init__(self, *, loose: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.dropped = _INVISIBLE if loose else _DROPPED
        self.ids: list[str] = []
        self.found: list[str] = []
        self.texts: list[str] = []
        self.script: list[str] | None = None  # the content of the script element that is open
        self.kind = ""
        self.seen: dict[str, int] = {}

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        given = {name: value or "" for name, value in attrs}
        for match in _RAW.finditer(self.get_starttag_text() or "", 1):  # within a quoted value it is text
            inner = match[0] if match[0].startswith(("<!", "<?")) else (match[1] or "").lower()
            self.seen[inner.removeprefix("<")] = self.seen.get(inner.removeprefix("<"), 0) + 1
        if not re.fullmatch(r"[a-z][a-z0-9-]*", tag) and tag != "foreignobject":
            self.say(tag, "", "a tag with an odd name")
        if tag in _ELEMENTS:
            self.say(tag, "", " ".join(f"{name}={value}" for name, value in given.items()))
        if tag == "script":
            self.start_script(given)
        if tag == "svg" and "icon" not in given.get("class", "").split():
            self.say(tag, "", 'without class="icon"')
        if tag == "meta" and "http-equiv" in given:
            self.say(tag, "http-equiv", given["http-equiv"])
        if len(given) < len(attrs):
            self.say(tag, "", "an attribute twice")
        for name, value in given.items():
            self.attribute(tag, name, value, given)

    def attribute(self, tag: str, name: str, value: str, given: dict[str, str]) -> None:
        self.texts.append(value)
        if name == "id":
            self.ids.append(value)
        if not _NAME.match(name):
            self.say(tag, name, "a name that no template wrote")
        if name.startswith("on"):
            self.say(tag, name, value)
        if name in ("style", "srcdoc", "is", "http-equiv") and not (tag == "meta" and name == "http-equiv"):
            self.say(tag, name, value)
        if name not in _URLS or (name in ("from", "to", "values") and tag not in ("animate", "set")):
            return
        for part in re.split(r"\s*,\s+", value) if name.endswith("srcset") else [value]:
            plain = self.dropped.sub("", part)
            if plain.lower().startswith(_SCHEMES):
                self.say(tag, name, plain)
                continue
            loads = name in _LOADED or (tag == "link" and _LOADING_LINKS & set(given.get("rel", "").lower().split()))
            if loads and re.match(r"[A-Za-z][\w+.-]*:|[/\\]{2}", plain):
                self.say(tag, name, f"{plain} (third party)")

    def start_script(self, given: dict[str, str]) -> None:
        self.script, self.kind = (
            [],
            "data" if given.get("type", "").strip().lower() == "application/ld+json" else "code",
        )
        if "src" in given and not _ASSET.match(given["src"]):
            self.say("script", "src", given["src"])
        if self.kind == "data" and "src" in given:
            self.say("script", "src", "on a data block")
        if self.kind == "code" and "src" not in given:
            self.say("script", "", "inline")
        if strange := sorted(given.keys() - {"src", "defer", "async", "type", "nomodule", "integrity"}):
            self.say("script", strange[0], given[strange[0]])

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self.script is not None:
            self.end_script()

    def end_script(self) -> None:
        text = "".join(self.script or [])
        if self.kind == "code" and text.strip():
            self.say("script", "", f"content {text.strip()[:60]}")
        if self.kind == "data":
            if "<!--" in text or "<script" in text.lower():
                self.say("script", "", "JSON-LD that opens a comment or a script")
            try:
                self.texts.append(json.dumps(json.loads(text), ensure_ascii=False))
            except ValueError:
                self.say("script", "", f"JSON-LD that is no JSON: {text.strip()[:60]}")
        self.script = None

    def handle_data(self, data: str) -> None:
        (self.texts if self.script is None else self.script).append(data)

    def handle_comment(self, data: str) -> None:
        self.seen["!--"] = self.seen.get("!--", 0) + 1
        self.say("!--", "", data[:60])  # our pages have none; a browser may see the end of one elsewhere

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.say("!", "", decl)

    def unknown_decl(self, data: str) -> None:
        self.say("![", "", data[:60])

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Read `<![…` as browsers do, as a comment up to the next `>`; html.parser raises AssertionError on some."""
        end = self.rawdata.find(">", i + 3)
        if end < 0:
            return -1
        self.unknown_decl(self.rawdata[i + 3 : end])
        return end + 1

    def handle_pi(self, data: str) -> None:
        self.say("?", "", data[:60])

    def finish(self, html: str) -> None:
        """Look at the raw text: what stands there as markup and was not seen as a tag is hidden somewhere."""
        if self.script is not None:
            self.say("script", "", "not closed")
        counts: dict[str, int] = {}
        for match in _RAW.finditer(html):
            if match[0].startswith(("<!", "<?")):
                name = match[0]
            elif "/" in match[0]:
                continue  # an end tag opens nothing
            else:
                name = match[1].lower()
            counts[name] = counts.get(name, 0) + 1
        for name, number in counts.items():
            if number > self.seen.get(name.removeprefix("<"), 0):
                self.say("raw", "", f"{'' if name.startswith('<') else '<'}{name} stands in the text and is no element")

    def say(self, tag: str, name: str, value: str) -> None:
        self.found.append(" ".join(filter(None, [tag, f"{name}={value}" if name else value]))[:200])


if __name__ == "__main__":
    pass
