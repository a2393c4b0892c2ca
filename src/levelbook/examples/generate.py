"""Requests as code: a template per language, with the filters that quote what it is given.

>>> from levelbook.examples.languages import LANGUAGES
>>> request = ExampleRequest("", "GET", "/users", query=(Pair("full name", "King Hamlet"),))
>>> print(generated(request, "https://x.test", (), LANGUAGES["curl"], SampleTemplates()), end="")
curl -G https://x.test/users \\
    --data-urlencode 'full%20name=King Hamlet'
"""

from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote, urlsplit

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from levelbook.examples import literals, quoting
from levelbook.examples.multipart import BOUNDARY, disposition, pieces
from levelbook.examples.quoting import NotWritten
from levelbook.examples.record import FORM, ExampleRequest
from levelbook.problem import Location, Problem, SpecError
from levelbook.styled import Pair, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.examples.credentials import Credential
    from levelbook.examples.languages import Language

__all__ = ["NotWritten", "SampleTemplates", "generated"]

_FORMS = ("multipart/form-data", "multipart/*")  # kinds of multipart whose parts are fields
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2: what is none is no name of a header
THEME = Path(__file__).parent.parent / "theme"


class SampleTemplates:
    """The theme's templates of samples, with those of a project's ``templates`` folder in their place or besides.

    Each is compiled once; ``cache`` keeps that for the next time.
    """

    def __init__(self, templates: Path | None = None, cache: BytecodeCache | None = None) -> None:
        theme = FileSystemLoader(THEME)
        own = [FileSystemLoader(templates)] if templates and templates.is_dir() else []
        self.environment = Environment(
            loader=ChoiceLoader([*own, PrefixLoader({"theme": theme}), theme]),
            autoescape=False,  # noqa: S701  # what is made is code: every value goes through a filter that quotes it
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=cache,
            auto_reload=False,
        )
        self.environment.filters.update(_FILTERS)
        self.environment.tests["httpie_says"] = lambda pairs: all(
            quoting.httpie_names(pair.name) and quoting.httpie_says(pair.value) for pair in pairs
        )
        self.environment.tests["curl_says"] = quoting.curl_says
        self.environment.tests["exact"] = literals.exact
        self.environment.globals |= {"refuse": _refuse, "boundary": BOUNDARY}

    def render(self, language: str, values: dict[str, Any]) -> str:
        """Print one sample. Raises NotWritten, and SpecError for a template that is faulty."""
        name = f"samples/{language}.j2"
        try:
            text = self.environment.get_template(name).render(values)
        except TemplateSyntaxError as error:
            where = Location(error.filename or name, error.lineno, 1)
            raise SpecError([Problem("template", where, f"this is not Jinja2: {error.message}", "")]) from None
        except NotWritten:
            raise
        except (TemplateError, AttributeError, TypeError, ValueError) as error:  # also what a filter cannot quote
            hint = "the values of a sample are listed on the page about examples"
            raise SpecError([Problem("template", _place(error, name), str(error), hint)]) from None
        return text.strip("\n") + "\n"


def generated(
    request: ExampleRequest,
    server: str,
    credentials: Iterable[Credential],
    language: Language,
    templates: SampleTemplates,
) -> str:
    """Write a request in a language: the text that is shown, and that is run with another server and credentials.

    Raises NotWritten where the language cannot say it, and SpecError for a faulty template.
    """
    return templates.render(language.name, _values(request, server, tuple(credentials)))


def _values(request: ExampleRequest, server: str, credentials: tuple[Credential, ...]) -> dict[str, Any]:
    """Give what a template may use."""
    query = (*(Pair(one.name, one.value) for one in credentials if one.kind == "query"), *request.query)
    if request.parts and request.media_type.partition(";")[0].strip().lower() not in _FORMS:
        raise NotWritten("a multipart body whose parts are no fields of a form")
    bare = server + request.path
    address = bare + _query(bare, query)
    any_encoding = not any(pair.encoded for pair in query) and "?" not in bare
    of_kind = {one.kind: one for one in credentials}
    parts = urlsplit(address)
    return {
        "title": request.title,
        "method": request.method,
        "host": parts.netloc,
        "target": address[address.find(parts.netloc) + len(parts.netloc) :] if parts.netloc else address,
        "bare": bare,
        "address": address,
        "pairs": query,
        "query": query if any_encoding else (),
        "url": bare if any_encoding else address,
        "has_dots": any(step in (".", "..") for step in request.path.split("/")),
        "headers": _headers(request, credentials),
        "basic": tuple(of_kind["basic"].value.split(":", 1)) if "basic" in of_kind else (),
        "certificate": of_kind["certificate"].value if "certificate" in of_kind else "",
        **_body(request),
    }


def _body(request: ExampleRequest) -> dict[str, Any]:
    kind, text = request.kind, request.text
    if kind == "json":
        text = as_json(request.body, indent=2)
    encoded = "&".join(pair.text for pair in request.form)
    if kind == "form" and any(pair.encoded for pair in request.form):
        kind, text = "text", encoded
    return {
        "kind": kind,
        "form": request.form,
        "form_text": encoded,
        "form_type": FORM,
        "parts": request.parts,
        "pieces": pieces(request.parts),
        "json": request.body,
        "text": text,
        "file": request.file,
        "media_type": request.media_type,
    }


def _headers(request: ExampleRequest, credentials: tuple[Credential, ...]) -> tuple[tuple[str, str], ...]:
    """Give all headers but those that belong to basic authentication, a form or parts: clients write these."""
    found = [(one.name, one.value) for one in credentials if one.kind == "header"]
    cookies = [f"{one.name}={quote(one.value, safe='')}" for one in credentials if one.kind == "cookie"]
    found += request.headers
    if cookies or request.cookies:
        found.append(("Cookie", "; ".join([*cookies, *request.cookies])))
    if any(pair.encoded for pair in request.form):
        found.append(("Content-Type", FORM))
    elif request.kind in ("json", "text", "file") and request.media_type:
        found.append(("Content-Type", request.media_type))
    return tuple((name, value) for name, value in found if _TOKEN.fullmatch(name))


def _query(bare: str, query: tuple[Pair, ...]) -> str:
    return ("&" if "?" in bare else "?") + "&".join(pair.text for pair in query) if query else ""


def _latin(text: str) -> str:
    """Give a character for each byte of a text in UTF-8, which is how JavaScript holds bytes (WHATWG Infra, 4.7)."""
    return text.encode().decode("latin-1")


def _place(error: BaseException, name: str) -> Location:
    """Give the line of a template that an error came from: Jinja2 puts it into the traceback."""
    found, trace = Location(name), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            found = Location(trace.tb_frame.f_code.co_filename, trace.tb_lineno, 1)
        trace = trace.tb_next
    return found


def _refuse(reason: str) -> NoReturn:
    """Say that the language has no way to send a request: no sample is shown."""
    raise NotWritten(reason)


_FILTERS: dict[str, Any] = {
    "sh": quoting.shell,
    "curl_form": quoting.curl_form,
    "curl_file": quoting.curl_file,
    "httpie_name": quoting.httpie_name,
    "httpie_value": quoting.httpie_value,
    "py": literals.python,
    "js": literals.javascript,
    "go": quoting.go,
    "go_text": quoting.go_text,
    "java": quoting.java,
    "java_text": quoting.java_text,
    "ruby": quoting.ruby,
    "ruby_text": quoting.ruby_text,
    "php": quoting.php,
    "csharp": quoting.csharp,
    "csharp_text": quoting.csharp_text,
    "rust": quoting.rust,
    "rust_text": quoting.rust_text,
    "js_name": literals.javascript_name,
    "js_bytes": lambda text: quoting.javascript(_latin(text)),
    "mapping": literals.mapping,
    "grouped": literals.grouped,
    "grouped_lists": literals.grouped_lists,
    "disposition": disposition,
    "percent": lambda text: quote(text, safe=""),
    "oneline": lambda text: " ".join(text.split()),
    "compact": as_json,
    "quoted": lambda text: quote(text, safe="[]"),
    "is_ascii": str.isascii,
    # Python's clients take bytes for what is not ASCII; JavaScript takes a character for each byte.
    "as_bytes": lambda pairs: [(name, value if value.isascii() else value.encode()) for name, value in pairs],
    "as_latin": lambda pairs: [(name, _latin(value)) for name, value in pairs],
    "base64": lambda text: b64encode(text.encode()).decode(),
    "octets": lambda text: len(text.encode()),
}
