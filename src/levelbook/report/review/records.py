"""A review as plain data, for ``--format json``."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from levelbook.report.machines import record as problem_record
from levelbook.review.reviewing import sentence

if TYPE_CHECKING:
    from levelbook.problem import Location
    from levelbook.review.change import Request, Response, Witness
    from levelbook.review.reviewed import Exercised, Reviewed, Row, Side, Standing, Told


def json_text(reviewed: Reviewed) -> str:
    """Give a review as one JSON object."""
    return json.dumps(record(reviewed), indent=2, ensure_ascii=False) + "\n"


def record(reviewed: Reviewed) -> dict[str, Any]:
    """Give a review as a record; ``traffic`` and ``pages`` are there where they were asked for."""
    found: dict[str, Any] = {
        "base": _side(reviewed.base),
        "head": _side(reviewed.head),
        "changes": [_row(row) for row in reviewed.rows],
        "notes": [_told(one) for one in reviewed.told],
        "problems": [problem_record(problem) for problem in reviewed.problems],
        "questions": [problem_record(problem) for problem in reviewed.questions],
    }
    if reviewed.sample is not None:
        sample = reviewed.sample
        found["traffic"] = {
            "exchanges": sample.size, "skipped": sample.skipped, "oldest": sample.oldest, "newest": sample.newest,
            "age_in_days": sample.age_in_days,
        }  # fmt: skip
    if reviewed.pages:
        found["pages"] = [{"name": page.name, "diff": page.diff} for page in reviewed.pages]
    return found


def _side(side: Side) -> dict[str, Any]:
    return {"level": side.level, "name": side.name}


def _row(row: Row) -> dict[str, Any]:
    change = row.change
    found: dict[str, Any] = {
        "id": change.id, "address": change.address, "kind": change.kind, "direction": change.direction,
        "verdict": change.verdict, "rule": change.rule, "sentence": sentence(change),
    }  # fmt: skip
    if change.reason:
        found["reason"] = change.reason
    if change.witness is not None:
        found["witness"] = _witness(change.witness)
    found["note"] = _standing(row.standing)
    found["uses"] = list(change.uses)
    found["where"] = {"base": _place(row.base), "head": _place(row.head)}
    if row.traffic is not None:
        found["traffic"] = _traffic(row.traffic)
    if row.accepted is not None:
        found["accepted"] = row.accepted
    return found


def _standing(standing: Standing) -> dict[str, Any]:
    found: dict[str, Any] = {"status": standing.status}
    if standing.level is not None:
        found["level"] = standing.level
    if standing.note is not None:
        found["where"] = _place(standing.note.where)
    return found


def _told(one: Told) -> dict[str, Any]:
    note = one.note
    return {
        "level": note.level, "release": note.release, "kind": note.kind, "address": note.address, "text": note.text,
        "role": one.role, "changes": list(one.changes), "where": _place(note.where),
    }  # fmt: skip


def _place(where: Location) -> dict[str, Any]:
    return {"file": where.file, "line": where.line, "column": where.column}


def _traffic(traffic: Exercised) -> dict[str, Any]:
    return {"summary": traffic.summary, "requests": traffic.requests, "answers": traffic.answers}


def _witness(witness: Witness) -> dict[str, Any]:
    exchange: dict[str, Any] = {"request": _message(witness.request)}
    exchange["request"] = {"method": witness.request.method, "url": witness.request.url} | exchange["request"]
    if witness.response is not None:
        exchange["response"] = {"status": witness.response.status} | _message(witness.response)
    return {"accepted_by": witness.accepted_by, "problem": witness.problem, "exchange": exchange}


def _message(message: Request | Response) -> dict[str, Any]:
    """Give headers and body as exchanges have them: a body that is no text stands in base64."""
    found: dict[str, Any] = {"headers": [list(pair) for pair in message.headers]}
    if message.body is None:
        return found
    try:
        return found | {"body": message.body.decode()}
    except UnicodeDecodeError:
        return found | {"body_base64": base64.b64encode(message.body).decode()}
