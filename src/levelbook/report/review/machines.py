"""A review as other programs read it: GitHub annotations, SARIF and JUnit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from levelbook.problem import Problem, Severity
from levelbook.report import machines
from levelbook.report.review.words import knows_levels, note_words, ordered, side_of, summary, uses_words, witness_words
from levelbook.review.objecting import objects
from levelbook.review.reviewing import sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from levelbook.review.reviewed import Reviewed, Row


def findings(reviewed: Reviewed, fail_on: Collection[str]) -> list[Problem]:
    """Give changes and problems of notes as problems at their places in HEAD; what fails the policy is an error.

    A change that no note tells of is one finding with its verdict; what the baseline accepts is left out.
    """
    found = [_of_row(row, reviewed, fail_on) for row in ordered(reviewed.rows) if row.accepted is None]
    severity = Severity.ERROR if "undeclared" in fail_on else Severity.WARNING
    found += [
        replace(problem, severity=severity, where=replace(problem.where, file=side_of(problem.where)))
        for problem in reviewed.problems
        if problem.rule != "undeclared-change"  # its change is there
    ]
    return found + [replace(one, where=replace(one.where, file=side_of(one.where))) for one in reviewed.questions]


def github(reviewed: Reviewed, fail_on: Collection[str]) -> str:
    """Give a review as workflow commands, which GitHub shows beside the lines of a pull request."""
    return machines.github(findings(reviewed, fail_on))


def sarif(reviewed: Reviewed, fail_on: Collection[str]) -> str:
    """Give a review as SARIF 2.1.0 (OASIS)."""
    return machines.sarif(findings(reviewed, fail_on))


def junit(reviewed: Reviewed, fail_on: Collection[str]) -> str:
    """Give a review as JUnit's XML: a test case per change and per problem of a note; what fails the policy fails."""
    problems = findings(reviewed, fail_on)
    failures = sum(problem.severity is Severity.ERROR for problem in problems)
    counts = {"tests": str(len(problems)), "failures": str(failures), "errors": "0"}
    root = ET.Element("testsuites", {"name": "levelbook review"} | counts)
    suite = ET.SubElement(root, "testsuite", {"name": f"{reviewed.base.name} to {reviewed.head.name}"} | counts)
    for problem in problems:
        where = problem.where
        case = ET.SubElement(
            suite, "testcase", classname=problem.rule, name=_printable(problem.message.partition("\n")[0]),
            file=where.file, line=str(where.line),
        )  # fmt: skip
        if problem.severity is Severity.ERROR:
            failure = ET.SubElement(case, "failure", message=_printable(problem.message), type=problem.rule)
            failure.text = _printable(f"{where}: {problem.message}" + (f"\n{problem.hint}" if problem.hint else ""))
    if problems:
        ET.SubElement(suite, "system-out").text = summary(reviewed)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _of_row(row: Row, reviewed: Reviewed, fail_on: Collection[str]) -> Problem:
    change = row.change
    missing = (
        knows_levels(reviewed) and not row.standing.is_declared and not row.standing.why
    )  # else the note is told of
    is_error = objects(row, fail_on) or (missing and "undeclared" in fail_on)
    is_notable = missing or change.verdict != "compatible"
    lines = [f"{change.verdict}: {sentence(change)}"]
    if change.witness is not None:
        lines.append(witness_words(change.witness, reviewed))
    if knows_levels(reviewed):
        lines.append(f"note: {note_words(row.standing, reviewed.level_name)}")
    if said := uses_words(change):
        lines.append(f"shows in {said}")
    return Problem(
        change.rule if change.verdict != "compatible" or not missing else "undeclared-change",
        replace(row.head, file=side_of(row.head)),
        "\n".join(lines),
        severity=Severity.ERROR if is_error else Severity.WARNING if is_notable else Severity.INFO,
        pointer=change.head_pointer,
    )


def _printable(text: str) -> str:
    """Leave out what XML 1.0 cannot hold (section 2.2)."""
    return "".join(char if char in "\t\n" or char >= " " else "\N{REPLACEMENT CHARACTER}" for char in text)
