"""What all reports of a review say in the same words."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import TYPE_CHECKING

from levelbook.report.people import plural

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.problem import Location
    from levelbook.review.change import Change, Request, Witness
    from levelbook.review.reviewed import Exercised, Reviewed, Row, Sample, Standing

VERDICTS = ("breaking", "policy", "unknown", "compatible")
_FEW = 3  # operations that a line names


def ordered(rows: Iterable[Row]) -> list[Row]:
    """Give changes with the weightiest first, and otherwise in their order."""
    return sorted(
        rows, key=lambda row: (row.accepted is not None, VERDICTS.index(row.change.verdict), row.standing.is_declared)
    )


def summary(reviewed: Reviewed) -> str:
    """Count what was found: ``4 changes: 1 breaking, 3 compatible; 1 without a note``."""
    counts: Counter[str] = Counter(row.change.verdict for row in reviewed.rows)
    parts = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    missing = sum(not row.standing.is_declared and row.accepted is None for row in reviewed.rows)
    text = plural(len(reviewed.rows), "change") + (f": {', '.join(parts)}" if parts else "")
    return text + (f"; {missing} without a note" if missing and knows_levels(reviewed) else "")


def knows_levels(reviewed: Reviewed) -> bool:
    """Say whether notes are to be expected at all."""
    return reviewed.base.level is not None or reviewed.head.level is not None


def span(reviewed: Reviewed) -> str:
    """Say which levels lie between the two documents: ``level 247 to 248``."""
    base, head = reviewed.base, reviewed.head
    if not knows_levels(reviewed):
        return "no levels"
    told = "" if base.is_stated or head.is_stated else ", as the notes say"
    if base.level == head.level:
        return f"both at {reviewed.level_name} {head.level}{told}"
    return f"{reviewed.level_name} {base.level if base.level is not None else '-'} to {head.level}{told}"


def note_words(standing: Standing, level_name: str) -> str:
    """Say what a change rests on."""
    note = standing.note
    release = f"release {note.release}" if note is not None and note.release else "a note"
    level = f"{level_name} {standing.level}" if standing.level is not None else release
    place = f" ({note.where})" if note is not None else ""
    if standing.status == "proved":
        return f"proved by rewinding {level}{place}"
    if standing.status == "covered":
        return f"covered by the note of {level}{place}"
    if standing.status == "correction":
        return f"a correction: the document was wrong{place}"
    return f"missing: {standing.why}{place}" if standing.why else "missing"


def uses_words(change: Change) -> str:
    """Say where a change of a component shows; empty where its address says so."""
    uses = change.uses
    if not uses or uses == (change.operation,):
        return ""
    if len(uses) <= _FEW:
        return ", ".join(uses)
    return f"{plural(len(uses), 'operation')}: {', '.join(uses[:_FEW])}, …"


def traffic_words(traffic: Exercised) -> str:
    """Say what exchanges showed of a change, in both readings."""
    if traffic.summary == "unexercised":
        return "unexercised: no exchange touches it"
    readings = (("old clients at the new server", traffic.requests), ("new answers at old clients", traffic.answers))
    parts = []
    for name, counts in readings:
        said = [f"{counts[word]:,} {word}" for word in ("broken", "affected", "unaffected") if counts.get(word)]
        if said:
            parts.append(f"{', '.join(said)} ({name})")
    return "; ".join(parts)


def sample_words(sample: Sample) -> str:
    """Say how much traffic was judged, and how old it is."""
    text = plural(sample.size, "exchange")
    if sample.skipped:
        text += f", {sample.skipped:,} not judged"
    if sample.newest:
        days = f", {plural(sample.age_in_days, 'day')} old" if sample.age_in_days is not None else ""
        begin = f"from {sample.oldest} to {sample.newest}" if sample.oldest != sample.newest else f"on {sample.newest}"
        text += f", recorded {begin}{days}"
    return text


def witness_words(witness: Witness, reviewed: Reviewed) -> str:
    """Say what a witness shows, in a sentence."""
    what = "this request" if witness.response is None else "this exchange"
    names = {"base": reviewed.base, "head": reviewed.head}
    other = "head" if witness.accepted_by == "base" else "base"
    return f"{what} is valid in {names[witness.accepted_by].name}, and not in {names[other].name}: {witness.problem}"


def command(request: Request) -> str:
    """Give a request as a curl command; an address without a host is one of ``$SERVER``."""
    parts = ["curl -sS"]
    if request.method not in ("GET", "POST") or (request.method == "POST" and request.body is None):
        parts.append(f"-X {shlex.quote(request.method)}")
    parts.append(f'"$SERVER"{shlex.quote(request.url)}' if request.url.startswith("/") else shlex.quote(request.url))
    parts += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    if request.body is not None:
        parts.append(f"--data-binary {shlex.quote(request.body.decode('utf-8', 'backslashreplace'))}")
    return " \\\n  ".join(parts)


def side_of(where: Location) -> str:
    """Give a place without its revision: as files are called in the repository."""
    return where.file.partition(":")[2] if ":" in where.file else where.file
