"""Traffic in batches, judged here or in several processes, in the order it was read and in bounded memory."""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from levelbook.cli.edge import colours, open_api
from levelbook.coverage.record import Counter as Counting
from levelbook.coverage.record import Coverage
from levelbook.notes import notes_of
from levelbook.problem import Location
from levelbook.report import long, record, text
from levelbook.traffic import judge_entry, row
from levelbook.validate.exchange import Outcome
from levelbook.validate.needs import Needs, Range
from levelbook.validate.oracle import Oracle, compared
from levelbook.validate.traffic import Recorded, is_har, read_traffic, recorded
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from typing import BinaryIO

    from levelbook.api import Api
    from levelbook.validate.exemptions import Exemption, Exemptions

_BYTES = 1 << 20  # of NDJSON in one batch
_ENTRIES = 200  # of a HAR file in one batch


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process has to know to judge as the others do."""

    spec: str
    level: str | None
    form: str
    strict: str | None
    engine: str
    needs: bool
    coverage: bool


@dataclass(slots=True)
class Batch:
    """Some exchanges of a file: lines of NDJSON with the number of the first, or what was read of a HAR file."""

    file: str
    first_index: int
    count: int
    size: int
    first_line: int = 1
    lines: list[bytes] = field(default_factory=list)
    entries: list[Recorded] = field(default_factory=list)


@dataclass(slots=True)
class Done:
    """What became of batches: what is to be printed, and what adds up."""

    size: int = 0
    output: bytes = b""
    totals: Counter[str] = field(default_factory=Counter)
    ranges: list[tuple[str, Range]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    used: set[Exemption] = field(default_factory=set)
    differences: int = 0

    def add(self, other: Done) -> None:
        """Add up what a batch gave, without its output."""
        self.totals.update(other.totals)
        self.ranges += other.ranges
        self.problems += other.problems
        self.used |= other.used
        self.differences += other.differences
        for coverage in other.coverage:
            if self.coverage:
                self.coverage[0].add(coverage)
            else:
                self.coverage.append(coverage)


class Work:
    """The validator of one process, and all that it prints."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.api: Api
        self.api, config = open_api(settings.spec, settings.level)
        options = config.validate.options()
        if settings.strict is not None:
            options["strict"] = settings.strict
        self.coverage = Coverage.of(self.api) if settings.coverage else None
        self.counting = Counting(self.api, self.coverage) if self.coverage is not None else None
        self.validator = Validator(self.api, **options, observer=self.counting)
        self.oracle = Oracle(self.api) if settings.engine != "levelbook" else None
        known = {name: value for name, value in options.items() if name != "exemptions"}
        self.needs = Needs(self.api, notes_of(self.api), **known) if settings.needs else None

    @property
    def exemptions(self) -> Exemptions:
        """The exemptions of the project."""
        return self.validator.exemptions

    def done(self, batch: Batch) -> Done:
        """Judge a batch."""
        result = Done(size=batch.size)
        used = dict(self.exemptions.used)
        written = bytearray()
        entries: Iterable[Recorded] = batch.entries
        if not batch.entries:
            numbered = enumerate(batch.lines, batch.first_line)
            entries = (recorded(line, Location(batch.file, number, 1)) for number, line in numbered if line.strip())
        for index, entry in enumerate(entries, batch.first_index):
            outcome, difference = self._outcome(entry)
            result.totals[outcome.outcome] += 1
            result.differences += bool(difference)
            found = None
            if self.needs is not None and entry.request is not None and entry.webhook is None:
                found = self.needs.of(entry.request, entry.response, outcome.operation)
                if self.settings.form in ("text", "long"):  # the others say it line by line, and keep nothing
                    result.ranges.append((outcome.operation or "no operation", found))
            written += self._written(index, outcome, found, difference, result)
        result.output = bytes(written)
        result.used = {item for item, times in self.exemptions.used.items() if times > used[item]}
        if self.counting is not None:
            result.coverage = [self.counting.coverage]
            self.counting.coverage = Coverage.of(self.api)
        return result

    def _outcome(self, entry: Recorded) -> tuple[Outcome, str]:
        """Judge by the engine that was asked for; give also where two engines differ."""
        ours = judge_entry(self.validator, entry)
        if self.oracle is None or entry.request is None:
            return ours, ""
        if entry.webhook is not None:
            why = "openapi-core is not asked about webhooks"
            return (ours if self.settings.engine == "both" else Outcome("skipped", ours.operation, (), why)), ""
        theirs = self.oracle.exchange(entry.request, entry.response)
        if self.settings.engine == "openapi-core":
            return theirs, ""
        return ours, compared(ours, theirs)

    def _written(self, index: int, outcome: Outcome, found: Range | None, difference: str, result: Done) -> bytes:
        form = self.settings.form
        if form in ("json", "ndjson"):
            line = row(index, outcome)
            line |= {"levels": _levels(found)} if found is not None else {}
            line |= {"difference": difference} if difference else {}
            if form == "ndjson":
                return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
            result.problems += [record(problem) for problem in outcome.problems]
            return (b",\n" if result.totals.total() > 1 else b"") + orjson.dumps(line)
        if form == "long":
            lines = long(outcome.problems, self.api.documents.excerpt, colour=colours())
        else:
            lines = text(outcome.problems, colour=colours())
        if outcome.problems:
            lines = f"exchange {index}: {outcome.outcome}: {outcome.operation or 'no operation'}\n{lines}"
        if outcome.outcome == "skipped":
            lines += f"exchange {index}: skipped: {outcome.operation or 'no operation'}: {outcome.reason}\n"
        if difference:
            lines += f"exchange {index}: the engines differ: {difference}\n"
        return lines.encode()


def _levels(found: Range) -> dict[str, Any]:
    reasons = (*found.why_least, *found.why_most)
    return {
        "min": found.least,
        "max": found.most,
        "valid": found.valid,
        "why": [{"level": note.level, "address": note.address, "text": note.text} for note in reasons],
        "advice": [{"level": note.level, "address": note.address, "text": note.text} for note in found.advice],
    }


def batches(stream: BinaryIO, file: str, first_index: int) -> Iterator[Batch]:
    """Read a file in batches: NDJSON by its bytes, HAR by its entries."""
    first = stream.readline()
    if is_har(first):
        yield from _har(first, stream, file, first_index)
        return
    number, index = 1, first_index
    lines, size = [first], len(first)
    for line in chain(stream, [None]):
        if line is None or size >= _BYTES:
            count = sum(1 for item in lines if item.strip())
            yield Batch(file, index, count, size, number, lines)
            number, index, lines, size = number + len(lines), index + count, [], 0
        if line is not None:
            lines.append(line)
            size += len(line)


class _Unread:
    """A stream of which a line has been read, as an iterator of lines and something to read from."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        self.lines = chain([first], stream)
        self.read = stream.read

    def __iter__(self) -> Iterator[bytes]:
        return self.lines


def _har(first: bytes, stream: BinaryIO, file: str, first_index: int) -> Iterator[Batch]:
    entries: list[Recorded] = []
    for entry in read_traffic(_Unread(first, stream), file):  # type: ignore[arg-type]  # what it needs of a stream
        entries.append(entry)
        if len(entries) == _ENTRIES:
            yield Batch(file, first_index, len(entries), 0, entries=entries)
            first_index, entries = first_index + len(entries), []
    if entries:
        yield Batch(file, first_index, len(entries), 0, entries=entries)


_work: list[Work] = []  # of a process that judges for another one


def _start(settings: Settings) -> None:
    _work.append(Work(settings))


def _judge(batch: Batch) -> Done:
    return _work[0].done(batch)


def run(settings: Settings, work: Work, given: Iterable[Batch], processes: int) -> Iterator[Done]:
    """Judge batches in the order they come; with several processes, two batches wait for each of them at most."""
    if processes == 1:
        yield from map(work.done, given)
        return
    with ProcessPoolExecutor(processes, initializer=_start, initargs=(settings,)) as pool:
        waiting: deque[Future[Done]] = deque()
        for batch in given:
            waiting.append(pool.submit(_judge, batch))
            if len(waiting) >= 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
