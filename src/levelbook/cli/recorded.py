"""Recorded traffic for a review: read from files, judged by both documents, with its size and age."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from levelbook.problem import UsageError
from levelbook.review.reviewed import Sample
from levelbook.validate.traffic import read_traffic

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.exercising import Exercise
    from levelbook.validate.exchange import Response


def sample_of(files: Iterable[str], exercise: Exercise, *, today: datetime | None = None) -> Sample:
    """Let an exercise judge every exchange of the files; give how many there were, and how old they are.

    Answers say when they were given, in `Date` (RFC 9110, section 6.6.1), and HAR files when requests were sent;
    without either, it is the day of the file.
    """
    days: set[str] = set()
    damaged = 0
    for name in files:
        path = Path(name)
        own: set[str] = set()
        try:
            with path.open("rb") as stream:
                for entry in read_traffic(stream, name):
                    if entry.request is None or entry.webhook is not None:
                        damaged += 1
                        continue
                    exercise.note(entry.request, entry.response)
                    own |= {day for day in [_day(entry.response) or _began(entry.began)] if day}
            days |= own or {_iso(datetime.fromtimestamp(path.stat().st_mtime, UTC))}
        except OSError as error:
            raise UsageError(f"the traffic {name} cannot be read: {error.strerror}") from None
    newest = max(days, default="")
    age = (today or datetime.now(UTC)).date() - datetime.fromisoformat(newest).date() if newest else None
    return Sample(
        size=exercise.size + damaged,
        skipped=exercise.skipped + damaged,
        oldest=min(days, default=""),
        newest=newest,
        age_in_days=max(age.days, 0) if age is not None else None,
    )


def _day(response: Response | None) -> str:
    """Give the day that an answer names; empty where it names none."""
    if response is None:
        return ""
    written = next((value for name, value in response.headers if name.lower() == "date"), None)
    try:
        return _iso(parsedate_to_datetime(written)) if written else ""
    except ValueError:
        return ""


def _began(written: str) -> str:
    """Give the day that HAR's `startedDateTime` names (ISO 8601); empty where it is none."""
    try:
        return _iso(datetime.fromisoformat(written)) if written else ""
    except ValueError:
        return ""


def _iso(moment: datetime) -> str:
    return moment.date().isoformat()
