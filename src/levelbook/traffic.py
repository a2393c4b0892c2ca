"""Judging recorded traffic in batches: plain functions, which any engine for large data can call.

A batch is a list of NDJSON lines, or a frame with a column of them. Nothing here starts processes or reads clusters:
that is what Dask, Ray and their like are for.

>>> line = b'{"request": {"method": "GET", "url": "/api/v1/users", "headers": {"Authorization": "Basic eDp5"}}}'
>>> judged = judge_lines(validator_for("api_spec/openapi.yaml"), [line, b"{"])
>>> [row["outcome"] for row in judged]
['valid', 'invalid']
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from levelbook.config import find_config
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.loading import from_documents
from levelbook.problem import Location
from levelbook.report import record
from levelbook.validate.exchange import Outcome
from levelbook.validate.traffic import Recorded, recorded
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from collections.abc import Iterable


class Engine(Protocol):
    """What judges: our validator, or openapi-core's."""

    def exchange(self, request: Any, response: Any = None) -> Outcome:
        """Judge a request and its response."""


def validator_for(spec: str, level: str | None = None) -> Validator:
    """Give the validator of a document, as of a level where one is given, with the project's own configuration.

    It is made once per process for the same content, so that a worker may ask for it with every batch.
    """
    return _validator(spec, level, sha256(Path(spec).read_bytes()).hexdigest())


@cache
def _validator(spec: str, level: str | None, _: str) -> Validator:
    config = find_config(spec)
    api = from_documents(Documents(read(Path(spec), spec), remote=config.remote), levels=config.level_table)
    return Validator(api if level is None else api.at(level), **config.validate.options())


def judge_entry(engine: Engine, entry: Recorded) -> Outcome:
    """Judge one recorded exchange; a damaged one is invalid."""
    if entry.request is None:
        return Outcome("invalid", None, (entry.problem,) if entry.problem else ())
    if entry.webhook is not None and isinstance(engine, Validator):
        return engine.webhook(entry.webhook, entry.request, entry.response)
    return engine.exchange(entry.request, entry.response)


def row(index: int, outcome: Outcome) -> dict[str, Any]:
    """Give an outcome as ``validate --format ndjson`` prints it."""
    found: dict[str, Any] = {"index": index, "outcome": outcome.outcome, "operation": outcome.operation}
    if outcome.reason:
        found["reason"] = outcome.reason
    found["problems"] = [record(problem) for problem in outcome.problems]
    return found


def judge_lines(
    engine: Engine, lines: Iterable[bytes], *, file: str = "-", first_line: int = 1, first_index: int = 0
) -> list[dict[str, Any]]:
    """Judge lines of NDJSON, an exchange each; empty ones are passed over. Gives a row per exchange."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, first_line):
        if line.strip():
            outcome = judge_entry(engine, recorded(line, Location(file, number, 1)))
            found.append(row(first_index + len(found), outcome))
    return found


def judge_frame(frame: Any, spec: str, *, column: str = "exchange", level: str | None = None) -> Any:
    """Judge a pandas frame with a column of NDJSON lines: for ``map_partitions`` of Dask, ``map_batches`` of Ray.

    Gives the frame with three more columns of text: ``outcome``, ``operation``, and ``problems`` as JSON.
    """
    validator = validator_for(spec, level)
    lines = (text if isinstance(text, bytes) else str(text).encode() for text in frame[column])
    outcomes = [judge_entry(validator, recorded(line, Location(column, 0, 0))) for line in lines]
    return frame.assign(
        outcome=[outcome.outcome for outcome in outcomes],
        operation=[outcome.operation or "" for outcome in outcomes],
        problems=[orjson.dumps([record(item) for item in outcome.problems]).decode() for outcome in outcomes],
    )
