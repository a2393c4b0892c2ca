"""Counting what exchanges show, in a form that files hold and that adds up over processes and machines.

>>> from levelbook.loading import load
>>> from levelbook.seen import Seen
>>> coverage = Coverage.of(load("api_spec/openapi.yaml"))
>>> counter = Counter(load("api_spec/openapi.yaml"), coverage)
>>> counter.note(Seen("GET /users", "valid", {("query", "client_gravatar"): True}, status="200"), "test_users")
>>> coverage.count("GET /users", Element("status", "response", "200")).times
1
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from levelbook.coverage.targets import Element, Targets
from levelbook.meaning import judged_body, judged_parameters
from levelbook.problem import SpecError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from levelbook.api import Api, Media, Operation
    from levelbook.seen import Seen

KINDS = ("operation", "status", "media", "present", "absent", "property", "value", "member")
NAMES = {
    "operation": "operations",
    "status": "statuses",
    "media": "media types",
    "present": "parameters sent",
    "absent": "optional parameters left out",
    "property": "properties",
    "value": "enum values",
    "member": "union members",
}
_FORMAT = 1
_TESTS = 20  # names of tests that are kept for one element


@dataclass(slots=True)
class Count:
    """How often an element was seen, and by which tests."""

    times: int = 0
    tests: dict[str, int] = field(default_factory=dict)

    def add(self, times: int, tests: Mapping[str, int]) -> None:
        """Add what somebody else has counted."""
        self.times += times
        for test, number in tests.items():
            if test in self.tests or len(self.tests) < _TESTS:
                self.tests[test] = self.tests.get(test, 0) + number


class Coverage:
    """The elements of an API by operation, each with its count.

    ``outcomes`` counts the exchanges by what became of them.
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self.counts: dict[str, dict[Element, Count]] = {}
        self.outcomes: dict[str, int] = {}

    @classmethod
    def of(cls, api: Api) -> Coverage:
        """Give everything that an API describes, never seen."""
        coverage = cls(api.title)
        requests, responses = Targets(api, "request"), Targets(api, "response")
        for operation in api.operations:
            try:
                elements = list(_elements(operation, requests, responses))
            except SpecError:  # said by every exchange that needs what is broken
                elements = [Element("operation", operation.key)]
            coverage.counts[operation.key] = {element: Count() for element in elements}
        return coverage

    def count(self, operation: str, element: Element) -> Count:
        """Give the count of an element. Raises KeyError."""
        return self.counts[operation][element]

    def add(self, other: Coverage) -> None:
        """Add the counts of another run: of the same document, or of one that knows more or less."""
        self.title = self.title or other.title
        for operation, counts in other.counts.items():
            mine = self.counts.setdefault(operation, {})
            for element, count in counts.items():
                mine.setdefault(element, Count()).add(count.times, count.tests)
        for outcome, times in other.outcomes.items():
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + times

    def totals(self) -> dict[str, tuple[int, int]]:
        """Give for each kind how many elements were seen, and how many there are."""
        found = dict.fromkeys(KINDS, (0, 0))
        for counts in self.counts.values():
            for element, count in counts.items():
                seen, known = found[element.kind]
                found[element.kind] = (seen + (count.times > 0), known + 1)
        return found

    def percent(self) -> float:
        """Give the share of all elements that were seen, in percent; 100 for an API that describes nothing."""
        seen, known = map(sum, zip(*self.totals().values(), strict=True))
        return 100 * seen / known if known else 100.0

    def unseen(self) -> Iterator[tuple[str, Element]]:
        """Give what was never seen."""
        for operation, counts in self.counts.items():
            yield from ((operation, element) for element, count in counts.items() if not count.times)

    def to_data(self) -> dict[str, Any]:
        """Give plain data, for a file."""
        return {
            "levelbook-coverage": _FORMAT,
            "title": self.title,
            "outcomes": self.outcomes,
            "operations": {
                operation: [[*element, count.times, count.tests] for element, count in counts.items()]
                for operation, counts in self.counts.items()
            },
        }

    @classmethod
    def from_data(cls, data: Any, file: str) -> Coverage:
        """Read plain data. Raises UsageError if that is no coverage."""
        if not isinstance(data, dict) or data.get("levelbook-coverage") != _FORMAT:
            raise UsageError(f"{file} is no coverage file of this version; write it anew with `validate --coverage`")
        coverage = cls(str(data.get("title", "")))
        try:
            coverage.outcomes = {str(name): int(times) for name, times in data["outcomes"].items()}
            for operation, rows in data["operations"].items():
                coverage.counts[operation] = {
                    Element(str(kind), str(place), str(label)): Count(int(times), {**tests})
                    for kind, place, label, times, tests in rows
                    if kind in KINDS
                }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"{file} is a damaged coverage file: {error!r}") from None
        return coverage


class Counter:
    """Counts what exchanges show into a coverage; the observer of a validator."""

    def __init__(self, api: Api, coverage: Coverage) -> None:
        self.api = api
        self.coverage = coverage
        self.operations = {operation.key: operation for operation in api.operations}
        self.requests, self.responses = Targets(api, "request"), Targets(api, "response")
        self.test = ""

    def __call__(self, seen: Seen) -> None:
        """Count an exchange for the test that is running."""
        self.note(seen, self.test)

    def note(self, seen: Seen, test: str = "") -> None:
        """Count an exchange for a test; an exchange with a webhook counts for none of the operations."""
        self.coverage.outcomes[seen.outcome] = self.coverage.outcomes.get(seen.outcome, 0) + 1
        operation = self.operations.get(seen.operation)
        if operation is None:
            return
        counts = self.coverage.counts[seen.operation]
        try:
            shown = self._shown(operation, seen)
        except SpecError:
            shown = {Element("operation", operation.key)}
        for element in shown:
            if element in counts:
                counts[element].add(1, {test: 1} if test else {})

    def _shown(self, operation: Operation, seen: Seen) -> set[Element]:
        found = {Element("operation", operation.key)}
        for parameter in judged_parameters(operation):
            place = f"{parameter.place}.{parameter.name}"
            if (parameter.place, parameter.name) not in seen.parameters:
                found.add(Element("absent", place))
                continue
            found.add(Element("present", place))
            if parameter.schema is not None:
                value = seen.parameters[parameter.place, parameter.name]
                found |= self.requests.shown(value, parameter.schema, place)
        body = judged_body(self.api, operation)
        if seen.media and body is not None:
            found.add(Element("media", "body", seen.media))
            found |= _of_body(body.content, seen.media, seen.body, self.requests, "body")
        if seen.status:
            found.add(Element("status", "response", seen.status))
            answer = next(item for item in operation.responses if item.status.upper() == seen.status)
            place = f"response.{seen.status}"
            for header in answer.headers:
                if ("header", header.name) in seen.headers:
                    found.add(Element("present", f"{place}.header.{header.name}"))
            if seen.response_media:
                found.add(Element("media", f"{place}.body", seen.response_media))
                found |= _of_body(
                    answer.content, seen.response_media, seen.response_body, self.responses, f"{place}.body"
                )
        return found


def _of_body(
    content: tuple[Media, ...], media: str, body: tuple[Any, ...], targets: Targets, place: str
) -> set[Element]:
    schema = next(item for item in content if item.type == media).schema
    return targets.shown(body[0], schema, place) if schema is not None and body else set()


def _elements(operation: Operation, requests: Targets, responses: Targets) -> Iterator[Element]:
    yield Element("operation", operation.key)
    for parameter in judged_parameters(operation):
        place = f"{parameter.place}.{parameter.name}"
        yield Element("present", place)
        if not parameter.required:
            yield Element("absent", place)
        if parameter.schema is not None:
            yield from requests.elements(parameter.schema, place)
    body = judged_body(requests.api, operation)
    for media in body.content if body is not None else ():
        yield Element("media", "body", media.type)
        if media.schema is not None:
            yield from requests.elements(media.schema, "body")
    for answer in operation.responses:
        status = answer.status.upper()
        yield Element("status", "response", status)
        for header in answer.headers:
            yield Element("present", f"response.{status}.header.{header.name}")
        for media in answer.content:
            yield Element("media", f"response.{status}.body", media.type)
            if media.schema is not None:
                yield from responses.elements(media.schema, f"response.{status}.body")
