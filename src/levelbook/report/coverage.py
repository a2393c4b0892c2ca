"""Coverage as people read it: a table for the terminal, a page for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from levelbook.coverage.record import KINDS, NAMES
from levelbook.report.pages import PAGES
from levelbook.report.people import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from levelbook.coverage.record import Coverage
    from levelbook.coverage.targets import Element

_WORDS = {
    "operation": "never called",
    "status": "never answered",
    "media": "never sent as",
    "present": "never sent",
    "absent": "never left out",
    "property": "never there",
    "value": "never had the value",
    "member": "never was",
}


def table(coverage: Coverage, added: Mapping[str, str] | None = None) -> str:
    """Give the totals, a line a kind, and the operations that nothing called.

    ``added`` names operations that are new, with the level at which each was added: those that nothing called are
    listed by themselves.
    """
    lines = [f"coverage of {coverage.title}: {coverage.percent():.1f} %"]
    for kind in KINDS:
        seen, known = coverage.totals()[kind]
        if known:
            lines.append(f"  {NAMES[kind]:<29}{seen:>6} of {known:<6}{100 * seen / known:>6.1f} %")
    never = [operation for operation, element in coverage.unseen() if element.kind == "operation"]
    if added is not None:
        fresh = [operation for operation in never if operation in added]
        lines.append(f"  {plural(len(added), 'operation')} added; of these nothing called {len(fresh)}")
        lines += [f"    {operation} (level {added[operation]})" for operation in fresh]
    elif never:
        lines.append("  nothing called:")
        lines += [f"    {operation}" for operation in never]
    return "\n".join(lines) + "\n"


def unseen(coverage: Coverage) -> str:
    """Give everything that was never seen, a line each; of an operation that nothing called, only that."""
    found = list(coverage.unseen())
    never = {operation for operation, element in found if element.kind == "operation"}
    return "".join(
        f"{operation}: {line(element)}\n"
        for operation, element in found
        if element.kind == "operation" or operation not in never
    )


def line(element: Element) -> str:
    """Say in words that an element was never seen."""
    what = "" if element.kind == "operation" else f"{element.place} "
    return f"{what}{_WORDS[element.kind]}{f' {element.label}' if element.label else ''}"


def page(coverage: Coverage) -> str:
    """Give one HTML file with every element: how often it was seen, and by which tests."""
    operations = []
    for operation, counts in coverage.counts.items():
        called = next((count.times for element, count in counts.items() if element.kind == "operation"), 0)
        rows = [
            (element, count.times, sorted(count.tests, key=count.tests.__getitem__, reverse=True))
            for element, count in counts.items()
            if element.kind != "operation"
        ]
        seen = sum(times > 0 for _, times, _ in rows)
        operations.append((operation, called, seen, len(rows), rows))
    totals = [(NAMES[kind], *numbers) for kind, numbers in coverage.totals().items() if numbers[1]]
    template = PAGES.get_template("coverage.html.j2")
    return template.render(
        title=coverage.title,
        percent=coverage.percent(),
        totals=totals,
        operations=operations,
        outcomes=coverage.outcomes,
        names=_KIND_NAMES,
    )


_KIND_NAMES = {
    "status": "status",
    "media": "media type",
    "present": "sent",
    "absent": "left out",
    "property": "property",
    "value": "value",
    "member": "member",
}


def outcomes(numbers: Mapping[str, int]) -> str:
    """Count outcomes: ``5 exchanges: 3 valid, 1 invalid, 1 skipped``."""
    words: Iterable[str] = (f"{numbers.get(name, 0):,} {name}" for name in ("valid", "invalid", "skipped"))
    return f"{plural(sum(numbers.values()), 'exchange')}: {', '.join(words)}"
