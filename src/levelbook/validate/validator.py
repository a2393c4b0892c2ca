"""The validator: every exchange gets an outcome, and a reason where it is not plainly valid.

>>> from levelbook.loading import load
>>> from levelbook.validate.exchange import Request
>>> validator = Validator(load("api_spec/openapi.yaml"))
>>> validator.request(Request("GET", "/api/v1/nowhere")).outcome
'invalid'
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from levelbook.phrases import cut, listing
from levelbook.problem import Problem, Severity, SpecError
from levelbook.seen import Seen
from levelbook.validate.bodies import NotJudged
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.exemptions import Exemption, Exemptions
from levelbook.validate.foreign import as_request, as_response
from levelbook.validate.parameters import Source
from levelbook.validate.routes import Routes
from levelbook.validate.rules import OperationRules
from levelbook.validate.source import ApiSource
from levelbook.validate.strict import KNOWN_HEADERS, Strictness
from levelbook.validate.texts import NotDecoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from levelbook.api import Api
    from levelbook.validate.body_rules import BodyRules
    from levelbook.validate.routes import Match
    from levelbook.validate.source import PlanSource

_ORIGIN = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
Strict: TypeAlias = "bool | Literal['error', 'warn', 'off']"


class Validator:
    """Judges requests and responses by one API; plans are made per operation, when first needed.

    ``strict`` objects to what the document does not know: query parameters, headers other than the common ones and
    ``known_headers``, bodies, properties of objects; as problems, or with ``"warn"`` as warnings. ``ignore_formats``
    are formats that are not asserted (``*`` for all). ``exemptions`` let pass what is known. ``hosts`` asks for the
    host of a server too, where a URL names one. ``observer`` is told what each exchange showed.

    May be shared between threads. Nothing about an exchange raises; neither does a broken schema, which is a problem
    of the exchanges that need it.
    """

    def __init__(  # noqa: PLR0913  # each a choice of its own, by keyword
        self,
        api: Api | PlanSource,
        *,
        strict: Strict = False,
        known_headers: Iterable[str] = (),
        ignore_formats: Iterable[str] = (),
        exemptions: Iterable[Exemption] = (),
        hosts: bool = False,
        observer: Callable[[Seen], None] | None = None,
    ) -> None:
        if strict not in (True, False, "error", "warn", "off"):
            raise ValueError(f"strict is {strict!r}; it may be True, False, 'error', 'warn' or 'off'")
        closed = strict in (True, "error")
        formats = frozenset(ignore_formats)
        self.source: PlanSource
        if hasattr(api, "routes"):
            self.source = cast("PlanSource", api)
        else:
            self.source = ApiSource(api, strict=closed, ignore_formats=formats)
        self.observer = observer
        self.exemptions = Exemptions(exemptions, datetime.now().astimezone().date())
        self.hosts = hosts
        headers = (*KNOWN_HEADERS, *(name.lower() for name in known_headers))
        self._strictness = Strictness(headers) if closed else None
        self._rules: dict[str, OperationRules] = {}
        # Concrete paths, which go before templated ones (OpenAPI 3.1.1, 4.8.8.2), are found without taking them apart.
        self._direct: dict[tuple[str, str], str] = {}
        self._keys: dict[tuple[str, str], str] = {}
        for key, method, path, bases in self.source.routes:
            self._keys[method, path] = key
            if "{" not in path:
                for base in bases:
                    if "{" not in base:
                        self._direct.setdefault((method, base + path), key)
        self._routes = Routes((method, path, bases) for _, method, path, bases in self.source.routes)
        self._warner: Validator | None = None
        self._is_simple = not closed and strict != "warn" and not self.exemptions.all and observer is None
        if strict == "warn":
            self._warner = Validator(api, strict=True, known_headers=known_headers, ignore_formats=formats)

    @property
    def operations(self) -> list[str]:
        """The operations of the document: ``POST /messages``."""
        return [key for key, *_ in self.source.routes]

    def exchange(self, request: Any, response: Any = None) -> Outcome:
        """Judge a request and, where there is one, its response.

        Each is a record of ours, or what a library of HTTP has for it: those that ``validate/foreign.py`` lists, and
        openapi-core's protocols. Raises TypeError for anything else.
        """
        request = request if type(request) is Request else as_request(request)
        if response is not None and type(response) is not Response:
            response = as_response(response)
        return self._judge(request, response)

    def request(self, request: Any) -> Outcome:
        """Judge a request alone."""
        return self._judge(request if type(request) is Request else as_request(request), None)

    def refusal(self, request: Any) -> Outcome | None:
        """Judge a request that is only just coming in: give its outcome when it is invalid, and tell no observer."""
        outcome = self._judge(as_request(request), None, observed=False)
        return outcome if outcome.outcome == "invalid" else None

    def response(self, request: Any, response: Any) -> Outcome:
        """Judge a response to ``request``, which only says which operation was called."""
        return self._judge(as_request(request), as_response(response), with_request=False)

    def webhook(self, name: str, request: Any, response: Any = None) -> Outcome:
        """Judge an exchange in which the API calls: of a webhook, or of a callback by its name.

        Such a request goes to a URL of the subscriber's choice, which is not looked at (OpenAPI 3.1.1, 4.8.18).
        """
        request, response = as_request(request), None if response is None else as_response(response)
        key = f"{request.method} {name}"
        if key not in self.source.webhooks:
            known = listing([f"`{item}`" for item in self.source.webhooks], "and")
            near = get_close_matches(key, self.source.webhooks, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"it knows {known}" if known else ""
            message = f"{key}: the document has no such webhook or callback"
            where = self.source.locate("/webhooks")
            problem = Problem("unknown-webhook", where, message, hint, pointer="/webhooks", place="method")
            return self._finished(Outcome("invalid", None, (problem,)), request, response, "")
        query = request.url.partition("#")[0].partition("?")[2]
        return self._judged(key, Source(request, query), request, response, with_request=True)

    def _judge(
        self, request: Request, response: Response | None, *, with_request: bool = True, observed: bool = True
    ) -> Outcome:
        path, _, query = request.url.partition("?")
        key = self._direct.get((request.method, path))
        raw = None
        if key is None and path[:1] == "/" and "%" not in path:
            quick = self._routes.quick(request.method, path)
            if quick is not None:
                key, raw = self._keys[request.method, quick[0]], quick[1]
        if key is None or "#" in request.url:
            found = self._find(request)
            if isinstance(found, Outcome):
                return self._finished(found, request, response, _path_of(request.url), observed=observed)
            key, source = found
        else:
            source = Source(request, query, raw)
        return self._judged(key, source, request, response, with_request=with_request, observed=observed)

    def _judged(  # noqa: C901, PLR0913  # what an exchange is, and how it is to be judged
        self,
        key: str,
        source: Source,
        request: Request,
        response: Response | None,
        *,
        with_request: bool,
        observed: bool = True,
    ) -> Outcome:
        try:
            rules = self._rules.get(key) or self.rules(key)
            if (
                self._is_simple
                and (not with_request or rules.fits(request, source))
                and (response is None or rules.fits_response(request, response))
            ):
                return rules.valid
            if with_request:
                problems, reason = rules.request(request, source)
                if response is not None:
                    more, why = rules.response(request, response)
                    problems = [*problems, *more] if problems else more
                    reason = f"{reason}; {why}" if reason and why else reason or why
            elif response is not None:
                problems, reason = rules.response(request, response)
        except RecursionError:
            problem = Problem("depth", self.source.locate(""), f"{key}: this is nested too deeply to be judged")
            return self._finished(Outcome("invalid", key, (problem,)), request, response, key, observed=observed)
        except SpecError as error:  # the document is broken where this exchange leads
            outcome = Outcome("invalid", key, error.problems)
            return self._finished(outcome, request, response, key, observed=observed)
        if problems:
            sent, answered = request.decoded(), None if response is None else response.decoded()
            if sent is not request or answered is not response:
                source = Source(sent, source.querystring, source.path)
                return self._judged(key, source, sent, answered, with_request=with_request, observed=observed)
            outcome = Outcome("invalid", key, tuple(problems), reason)
        elif reason:
            outcome = Outcome("skipped", key, (), reason)
        else:
            outcome = rules.valid
        if self._is_simple:
            return outcome
        if self._warner is not None and outcome.outcome != "invalid":
            warned = self._warner._judged(key, source, request, response, with_request=with_request)  # noqa: SLF001
            warnings = tuple(replace(problem, severity=Severity.WARNING) for problem in warned.problems)
            outcome = replace(outcome, problems=warnings) if warnings else outcome
        return self._finished(outcome, request, response, key, source, observed=observed)

    def _finished(  # noqa: PLR0913  # what an exchange is, and what became of it
        self,
        outcome: Outcome,
        request: Request,
        response: Response | None,
        subject: str,
        source: Source | None = None,
        *,
        observed: bool = True,
    ) -> Outcome:
        """Do to an outcome what not every validator asks for: exemptions, telling the observer."""
        if self.exemptions.used and outcome.problems:
            operation = outcome.operation or f"{request.method} {subject}"
            outcome = self.exemptions.applied(outcome, operation, str(response.status) if response else "")
        if self.observer is not None and observed:
            seen = Seen(outcome.operation or "", outcome.outcome)
            if source is not None and outcome.operation:
                with suppress(SpecError, RecursionError):  # the document is broken there: the outcome is all there is
                    seen = self._seen(outcome, self.rules(outcome.operation), source, response)
            self.observer(seen)
        return outcome

    def _seen(self, outcome: Outcome, rules: OperationRules, source: Source, response: Response | None) -> Seen:
        seen = Seen(rules.plan.key, outcome.outcome, rules.parameters.values(source))
        if rules.body is not None and source.message.body:
            seen.media, seen.body = _read(rules.body, source.message)
        if response is not None and (answer := rules.answer(response.status)) is not None:
            seen.status = answer.plan.status
            seen.headers = answer.header_values(response)
            if response.body and answer.plan.media:
                seen.response_media, seen.response_body = _read(answer.body, response)
        return seen

    def rules(self, key: str) -> OperationRules:
        """Give the rules of an operation, made when first asked for. Raises SpecError where its references break."""
        found = self._rules.get(key)
        if found is None:
            source = self.source
            found = OperationRules(source.plan(key), source.requests, source.responses, self._strictness)
            self._rules[key] = found
        return found

    def _find(self, request: Request) -> tuple[str, Source] | Outcome:
        method, url = request.method, request.url
        origin = _ORIGIN.match(url)
        path, _, query = (url[origin.end() :] if origin else url).partition("#")[0].partition("?")
        path = path or "/"
        if self.hosts and origin and not self._knows(origin[0]):
            return self._refused(
                "unknown-host",
                "/servers",
                f"{method} {url}: no server of the document has this host",
                f"it knows {listing(self.source.origins, 'and')}" if self.source.origins else "",
                "path",
            )
        matches = self._routes.match(path)
        if not matches:
            return self._unknown_path(method, path)
        if len(matches) == 1 and method in matches[0].methods:
            match = matches[0]
            return self._keys[method, match.path], Source(request, query, match.raw)
        fitting = [match for match in matches if method in match.methods]
        if not fitting:  # the same path, whose operation answers under another server
            paths = {match.path for match in matches}
            others = (match for found in self._routes.matches(path) for match in found if match.path in paths)
            fitting = [match for match in others if method in match.methods][:1]
        if not fitting and method == "HEAD":  # RFC 9110, 9.3.2: what GET is, without the content
            fitting = [match for match in matches if "GET" in match.methods]
            method = "GET" if fitting else method
        if fitting:
            try:
                return self._typed(method, fitting, request, query)
            except SpecError as error:
                return Outcome("invalid", self._keys[method, fitting[0].path], error.problems)
        if method == "OPTIONS" and "access-control-request-method" in request.fields:
            return Outcome("skipped", None, (), "a CORS preflight, which is no operation of the API (Fetch, 3.3)")
        known = sorted(frozenset().union(*(match.methods for match in matches)))
        pointer = self.source.path_pointer(matches[0].path)
        message = f"{method} {matches[0].path}: the document does not know this method here"
        return self._refused("unknown-method", pointer, message, f"it knows {listing(known, 'and')}", "method")

    def _typed(self, method: str, fitting: Sequence[Match], request: Request, query: str) -> tuple[str, Source]:
        """Choose among templates of the same shape by what their parameters accept: numbers before texts."""
        found = [(self._keys[method, match.path], Source(request, query, match.raw)) for match in fitting]
        if len(found) == 1:
            return found[0]
        found.sort(key=lambda pair: self.rules(pair[0]).parameters.takes_text)
        return next((pair for pair in found if self.rules(pair[0]).parameters.takes_path(pair[1])), found[0])

    def _knows(self, origin: str) -> bool:
        scheme, _, host = origin.lower().partition("//")
        port = {"http:": ":80", "https:": ":443"}.get(scheme, "")
        known = self.source.origins
        return not known or any(fnmatchcase(host.removesuffix(port) if port else host, pattern) for pattern in known)

    def _unknown_path(self, method: str, path: str) -> Outcome:
        bases = self.source.bases
        paths = [
            base + known for base in bases for known in dict.fromkeys(path for _, _, path, _ in self.source.routes)
        ]
        base = next((known for known in sorted(bases, key=len, reverse=True) if path.startswith(known)), "")
        near = get_close_matches(path[len(base) :], [known[len(base) :] for known in paths], 1, 0.6)
        hint = f"did you mean {base}{near[0]}?" if near else ""
        other = path.removesuffix("/") if path.endswith("/") else path + "/"
        if self._routes.match(other):
            hint = f"`{other}` is another path, which the document knows"
        elif bases != ("",) and not any(path.startswith(base) for base in bases):
            hint = f"the servers of the document answer under {listing(list(bases))}"
        return self._refused(
            "unknown-path", "/paths", f"{cut(method)} {cut(path)}: no path of the document matches", hint, "path"
        )

    def _refused(self, rule: str, pointer: str, message: str, hint: str, place: str) -> Outcome:
        where = self.source.locate(pointer)
        return Outcome("invalid", None, (Problem(rule, where, message, hint, pointer=pointer, place=place),))


def _path_of(url: str) -> str:
    return _ORIGIN.sub("", url).partition("#")[0].partition("?")[0]


def _read(rules: BodyRules, message: Request | Response) -> tuple[str, tuple[Any, ...]]:
    """Give the documented media type of a body and its value, as far as it can be read."""
    media = rules.rules(message.header("content-type"))
    if media is None or media.is_opaque:
        return (media.media.type if media else ""), ()
    try:
        return media.media.type, (media.value(message.body or b""),)
    except (NotDecoded, NotJudged):
        return media.media.type, ()
