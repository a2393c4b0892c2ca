"""openapi-core as the second engine: its verdicts, through our records and problems.

It is asked as it is, apart from what would make it break off before it has looked at anything: servers become base
paths, ``type`` lists become ``anyOf``, ``deepObject`` is exploded, and every ``+json`` type is read as JSON.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urljoin

from jsonschema.exceptions import best_match
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.deserializing.exceptions import DeserializeError
from openapi_core.deserializing.media_types import media_type_deserializers
from openapi_core.deserializing.media_types.exceptions import MediaTypeDeserializeError
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.paths.exceptions import OperationNotFound, PathError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.validation.request import exceptions as asked
from openapi_core.validation.response import exceptions as answered
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from werkzeug.datastructures import Headers, ImmutableMultiDict

from levelbook.bundle import bundled
from levelbook.pointer import file_of, join, split
from levelbook.problem import Problem
from levelbook.validate.exchange import Outcome
from levelbook.validate.foreign import as_request, as_response
from levelbook.validate.media import is_json, media_type
from levelbook.validate.routes import base_paths
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Api, Media, Operation
    from levelbook.validate.exchange import Request, Response

_ORIGIN = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_HOST = "http://h"  # any: the servers of the document become their base paths


class _Parameters(RequestParameters):
    """What openapi-core cuts out of the raw path, decoded when it is set: after routing, not before."""

    def __setattr__(self, name: str, value: Any) -> None:
        decoded = {key: unquote(text) for key, text in value.items()} if name == "path" else value
        super().__setattr__(name, decoded)


class _Asked:
    """Our request as openapi-core's protocol has it."""

    host_url = _HOST

    def __init__(self, request: Request) -> None:
        path, _, query = _ORIGIN.sub("", request.url).partition("#")[0].partition("?")
        self.path = path or "/"
        self.method = request.method.lower()
        self.body = request.body or None
        self.content_type = _content_type(request)
        parts = [part.strip().partition("=") for part in (request.header("cookie") or "").split(";")]
        self.parameters = _Parameters(
            query=ImmutableMultiDict(parse_qsl(query, keep_blank_values=True)),
            header=_headers(request),
            cookie=ImmutableMultiDict([(unquote(name), unquote(value)) for name, equals, value in parts if equals]),
        )


class _Answered:
    """Our response as openapi-core's protocol has it."""

    def __init__(self, response: Response) -> None:
        self.status_code = response.status
        self.headers = _headers(response)
        self.content_type = _content_type(response)
        self.data = response.body or None


def _headers(message: Request | Response) -> Headers:
    return Headers({name: message.header(name) for name in message.fields})


def _content_type(message: Request | Response) -> str:
    kind, semicolon, parameters = (message.header("content-type") or "").partition(";")
    return kind.strip().lower() + semicolon + parameters  # a boundary is case-sensitive


class Oracle:
    """A validator whose verdicts are openapi-core's; for :class:`levelbook.Validator` where that is asked for."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.data = bundled(api.documents)
        self.operations = {operation.key: operation for operation in api.operations}
        self._rebase()
        _spread(self.data)
        self.places: dict[int, str] = {}
        self._index(self.data, "")
        kinds = {media.type for operation in api.operations for media in _media(operation)}
        extra: dict[str, Any] = {
            kind: _read_json for kind in kinds if is_json(media_type(kind)) and kind not in media_type_deserializers
        }
        spec = SchemaPath.from_dict(self.data, handlers={}, resolved_cache_maxsize=4096)
        config = Config(spec_validator_cls=None, extra_media_type_deserializers=extra)  # `check` judges documents
        self.openapi = OpenAPI(spec, config)
        logging.getLogger("openapi_core").setLevel(logging.CRITICAL)  # what it logs, its verdict says as well

    def exchange(self, request: Any, response: Any = None) -> Outcome:
        """Judge a request and, where there is one, its response; see :meth:`levelbook.Validator.exchange`."""
        request = as_request(request)
        sent: Any = _Asked(request)
        try:
            path_finder: Any = self.openapi.request_validator.path_finder  # type: ignore[attr-defined]
            found = path_finder.find(sent.method, urljoin(sent.host_url, sent.path))
        except PathError as error:
            return Outcome("invalid", None, tuple(self._problems(error, None, f"{request.method} {sent.path}")))
        except Exception as error:  # noqa: BLE001  # whatever breaks there is an outcome here
            return Outcome("skipped", None, (), _broke(error))
        operation = f"{request.method} {found.path_result.pattern}"
        streams = [self.openapi.iter_request_errors(sent)]
        if response is not None:
            streams.append(self.openapi.iter_response_errors(sent, _Answered(as_response(response))))
        problems: list[Problem] = []
        reasons: list[str] = []
        for stream in streams:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    for found_error in stream:
                        known = self.operations.get(operation)
                        problems += self._problems(found_error, known, operation)
            except Exception as error:  # noqa: BLE001
                reasons.append(_broke(error))
        reason = "; ".join(reasons)
        if problems:
            return Outcome("invalid", operation, tuple(problems), reason)
        return Outcome("skipped" if reason else "valid", operation, (), reason)

    def _rebase(self) -> None:
        """Give each operation the base paths of its servers; openapi-core prefers those of the path, wrongly."""
        for operation in self.api.operations:
            bases = base_paths(operation.servers or self.api.servers)
            self._at(operation.pointer)["servers"] = [{"url": base or "/"} for base in bases]
        for operation in self.api.operations:
            above = operation.pointer.rpartition("/")[0].removesuffix("/additionalOperations")
            self._at(above).pop("servers", None)
        self.data.pop("servers", None)

    def _at(self, pointer: str) -> Any:
        file = file_of(pointer)
        value = self.data["x-files"][file] if file else self.data
        for token in split(pointer.removeprefix(f"{file}#") if file else pointer):
            value = value[int(token)] if isinstance(value, list) else value[token]
        return value

    def _index(self, data: Any, top: str) -> None:
        """Note the pointer of every mapping: openapi-core's errors hold the very mappings of the document."""
        stack = [(data, top)]
        while stack:
            value, at = stack.pop()
            if isinstance(value, dict):
                self.places.setdefault(id(value), at)
                stack += [(item, join(at, key)) for key, item in value.items()]
            elif isinstance(value, list):
                stack += [(item, join(at, index)) for index, item in enumerate(value)]

    def _problems(self, error: Exception, operation: Operation | None, subject: str) -> Iterator[Problem]:
        cause = error.__cause__
        rule, place, at = _kind(error, cause, operation)
        if not isinstance(cause, InvalidSchemaValue):
            yield self._problem(rule, at, f"{subject}: {_told(cause or error)}", place)
            return
        for outer in cause.schema_errors:
            inner: Any = outer
            inner = (best_match([inner]) if inner.context else None) or inner
            pointer = self.places.get(id(inner.schema), at)
            if inner.validator and id(inner.schema) in self.places:
                pointer = join(pointer, inner.validator)
            yield self._problem(rule, pointer, f"{subject}: {inner.message}", join(place, *inner.absolute_path))

    def _problem(self, rule: str, pointer: str, message: str, place: str) -> Problem:
        if pointer.startswith("/x-files/"):
            file, _, rest = pointer.removeprefix("/x-files/").partition("/")
            pointer = f"{split('/' + file)[0]}#{'/' + rest if rest else ''}"
        return Problem(rule, self.api.documents.locate(pointer), message, pointer=pointer, place=place)


def _media(operation: Operation) -> Iterable[Media]:
    yield from (parameter.media for parameter in operation.parameters if parameter.media)
    yield from operation.body.content if operation.body else ()
    for response in operation.responses:
        yield from response.content


def _read_json(value: bytes, **_: str) -> Any:
    return json.loads(value)


def _spread(data: Any) -> None:
    """Write what openapi-core breaks off at in a way that it reads.

    It takes the first member of a union that accepts a text, so that those which accept every text go last.
    """
    for _, schema in list(walk(data)):
        if schema.get("style") == "deepObject":
            schema.setdefault("explode", True)
        types = schema.get("type")
        if isinstance(types, list):
            del schema["type"]
            items = {"items": schema["items"]} if "items" in schema else {}
            union = [
                {"type": name, **(items if name == "array" else {})}
                for name in sorted(types, key=lambda name: name in ("string", "null"))
            ]
            if "anyOf" in schema:
                schema["allOf"] = [*schema.get("allOf", []), {"anyOf": union}]
            else:
                schema["anyOf"] = union


def _broke(error: Exception) -> str:
    return f"openapi-core broke off: {type(error).__name__}: {error}"


def _told(error: BaseException) -> str:
    """Give openapi-core's own words, except where saying them breaks off, or is a bare tuple."""
    if isinstance(error, MediaTypeDeserializeError):
        return f"it cannot be read as {error.mimetype}"
    if type(error) is DeserializeError:
        return "its text does not have the form of its style"
    return str(error)


def _kind(  # noqa: C901  # one branch a class of theirs
    error: Exception, cause: BaseException | None, operation: Operation | None
) -> tuple[str, str, str]:
    """Give rule, place in the exchange, and pointer of what openapi-core raised."""
    at = operation.pointer if operation else "/paths"
    body = operation.body.pointer if operation and operation.body else at
    answers = join(at, "responses")
    what = "media-type" if isinstance(cause, MediaTypeNotFound) else "schema"
    what = "body" if isinstance(cause, (MediaTypeDeserializeError, DeserializeError)) else what
    match error:
        case OperationNotFound():
            return "unknown-method", "method", at
        case PathError():
            return "unknown-path", "path", at
        case ResponseNotFound():
            return "unknown-status", "response.status", answers
        case asked.SecurityValidationError():
            return "request-security", "security", join(at, "security")
        case asked.ParameterValidationError(name=name, location=location):
            known = operation.parameters if operation else ()
            found = next((item.pointer for item in known if (item.name, item.place) == (name, location)), at)
            return "request-parameter", f"{location}.{name}", found
        case asked.MissingRequestBodyError():
            return "request-body", "body", body
        case asked.RequestBodyValidationError():
            return f"request-{what}", "body", body
        case answered.HeaderValidationError(name=name):
            return "response-header", f"response.header.{name}", answers
        case answered.MissingData():
            return "response-body", "response.body", answers
        case answered.DataValidationError():
            return f"response-{what}", "response.body", answers
    return "openapi-core", "", at


def compared(ours: Outcome, theirs: Outcome) -> str:
    """Say how two verdicts on one exchange differ; empty where they do not."""
    if ours.outcome == theirs.outcome:
        return ""
    reasons = [f"{name}: {_reason(outcome)}" for name, outcome in (("levelbook", ours), ("openapi-core", theirs))]
    return "; ".join(reasons)


def _reason(outcome: Outcome) -> str:
    why = outcome.problems[0].message if outcome.problems else outcome.reason
    return f"{outcome.outcome} ({why})" if why else outcome.outcome
