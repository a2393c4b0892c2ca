"""What became of examples: judged by the exchanges that were heard, and by how the program ended.

An example has passed when its program ended well, the operation it stands for answered with success, and every
exchange with an operation of the document was valid. What a program asks for besides, of which the document does not
tell, is listed and no fault: clients of whole products do so.
"""

from __future__ import annotations

import signal
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from levelbook.examples.toolchains import missing
from levelbook.phrases import listing
from levelbook.problem import Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from levelbook.examples.programs import Program, Shown

RULE = "example"
_LINES = 12  # of what a program wrote, at most


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that a program sent, and what the validator says of it and of the answer.

    ``asked`` is the request in a line (``GET /api/v1/users``); ``operation`` that of the document, or None;
    ``status`` is None where there was no answer; ``answer`` is the beginning of its body. ``only_refused`` says that
    the document tells of no success of this operation: errors are what it is there for.
    """

    asked: str
    operation: str | None
    outcome: Literal["valid", "invalid", "skipped"]
    status: int | None = None
    problems: tuple[Problem, ...] = ()
    answer: str = ""
    only_refused: bool = False

    @property
    def succeeded(self) -> bool:
        """Whether this is how the document says that a call goes well."""
        return self.outcome != "invalid" and self.status is not None and (self.status < 400 or self.only_refused)  # noqa: PLR2004

    @property
    def faults(self) -> tuple[Problem, ...]:
        """What is wrong with it; how a faulty request was refused is not what has to be mended."""
        if self.outcome != "invalid":
            return ()
        asked = tuple(problem for problem in self.problems if not problem.place.startswith("response"))
        return asked if asked and (self.status or 0) >= 400 else self.problems  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Process:
    """How a program ended: its exit code, or None where it had to be stopped; the end of what it wrote."""

    code: int | None
    timeout: float
    output: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an example: why it was skipped, or what is wrong with it, and what its program wrote last.

    ``exchanges`` are those of its operation, ``besides`` the requests of which the document
    does not tell, with the status of their answers.
    """

    shown: Shown
    outcome: Literal["passed", "failed", "skipped"]
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    output: str = ""
    exchanges: tuple[Exchange, ...] = ()
    besides: tuple[str, ...] = ()
    generated: bool = False


def skipped(program: Program, reason: str) -> list[Result]:
    """Give the results of a program that cannot be run."""
    return [Result(one, "skipped", reason, generated=program.generated) for one in program.shown]


def succeeded(program: Program, heard: Iterable[Exchange]) -> bool:
    """Say whether every operation that a program stands for has been called with success as often as it is shown."""
    done = Counter(exchange.operation for exchange in heard if exchange.succeeded)
    return all(done[operation] >= times for operation, times in program.wanted.items())


def judge(program: Program, heard: Sequence[Exchange], process: Process) -> list[Result]:
    """Judge each example of a program that was run."""
    if process.code and (reason := missing(program.name, process.code, process.output)):
        return skipped(program, reason)
    ending = _ending(program, process)
    common = [*ending, *_around(program, heard)]
    others = (exchange for exchange in heard if exchange.operation is None)
    besides = tuple(dict.fromkeys(f"{exchange.asked} {exchange.status or ''}".rstrip() for exchange in others))
    output = "\n".join(process.output.splitlines()[-_LINES:])
    results = []
    for shown in program.shown:
        called = _called(program, shown, heard)
        if ending and not any(exchange.operation == shown.operation for exchange in heard):
            called = []  # it did not get that far
        problems = tuple(_placed(one, shown) for one in (*called, *common))
        outcome: Literal["passed", "failed"] = "failed" if problems else "passed"
        told = output if problems else ""
        mine = tuple(exchange for exchange in heard if exchange.operation == shown.operation)
        results.append(Result(shown, outcome, "", problems, told, mine, besides, program.generated))
    return results


def _placed(problem: Problem, shown: Shown) -> Problem:
    """Tell of a problem at the place of the example, which is where it can be mended."""
    return replace(problem, where=shown.where)


def _problem(message: str, hint: str = "") -> Problem:
    return Problem(RULE, Location(""), message, hint)


def _ending(program: Program, process: Process) -> list[Problem]:
    if process.code is None:
        if program.endless:
            return []
        hint = "give it more with `--timeout`; an example that never ends says so: `start METHOD /path [endless]`"
        return [_problem(f"its program did not end within {process.timeout:g} s", hint)]
    if process.code < 0:
        name = signal.Signals(-process.code).name if -process.code in set(signal.Signals) else str(-process.code)
        return [_problem(f"its program was ended by the signal {name}")]
    if process.code:
        return [_problem(f"its program ended with exit code {process.code}")]
    return []


def _called(program: Program, shown: Shown, heard: Sequence[Exchange]) -> list[Problem]:
    """Tell what is wrong with the calls of the operation that an example stands for."""
    mine = [exchange for exchange in heard if exchange.operation == shown.operation]
    problems = [problem for exchange in mine for problem in exchange.faults]
    good = [exchange for exchange in mine if exchange.succeeded]
    wanted = program.wanted[shown.operation]
    refused = [exchange for exchange in mine if exchange.outcome != "invalid" and not exchange.succeeded]
    if problems or len(good) >= wanted:
        return problems
    if refused:
        return [_problem(_answered(exchange)) for exchange in refused]
    if mine:
        return [_problem(f"{shown.operation} was called {_times(len(mine))}, and {wanted} examples stand for it")]
    others = list(dict.fromkeys(exchange.asked for exchange in heard))
    called = f"it called {listing(others, 'and')}" if others else "it called nothing"
    hint = "the mark names the operation that the region calls" if others else "does it use the address it is given?"
    return [_problem(f"it never called {shown.operation}: {called}", hint)]


def _answered(exchange: Exchange) -> str:
    if exchange.status is None:
        return f"{exchange.operation} was not answered"
    return f"{exchange.operation} was answered {exchange.status}: {exchange.answer or 'nothing'}"


def _around(program: Program, heard: Sequence[Exchange]) -> list[Problem]:
    """Tell what is wrong with calls of operations that no example of the program stands for: its set-up."""
    return [
        replace(problem, message=f"beside it, {problem.message}")
        for exchange in heard
        if exchange.operation is not None and exchange.operation not in program.wanted
        for problem in exchange.faults
    ]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
