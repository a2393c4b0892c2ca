"""The cases of oasdiff's own tests beside our comparison: who says what, and on which evidence.

`python tests/review/oasdiff.py` writes the list of disagreements anew, from a run.
"""

import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from one_schema import judge_of

from levelbook.loading import load
from levelbook.review.compare import compare
from levelbook.review.contents import Contents
from levelbook.review.operations import pairs_of
from levelbook.review.policy import Policy
from levelbook.review.proof import Proofs

HERE = Path(__file__).parent
CORPUS = HERE.parent.parent.parent / "shared" / "corpus" / "oasdiff"
LISTED = HERE.parent / "cases" / "review" / "disagreements.yaml"
LEVELS = {"info": 0, "warning": 1, "error": 2}
STABILITY = {"1": "draft", "2": "alpha", "3": "beta", "4": "stable"}
# What the edits of a case have in common that both sides look at; a case's configuration that is not in the data.
UNKNOWN_CONFIGURATION = {
    "TestIgnoreComponent": "it is run with a list of findings to ignore, which is not in the corpus"
}


@cache
def corpus():
    """Give the cases, and the level of every check."""
    rows = [line.split("\t") for line in (CORPUS / "checks.tsv").read_text().splitlines()[1:]]
    return json.loads((CORPUS / "cases.json").read_text()), {row[0]: row[1] for row in rows}


@cache
def api(path):
    return load(CORPUS / "data" / path)


@cache
def judge(path):
    return judge_of(api(path))


def policy_of(case):
    """Give the policy that a case is run with."""
    asks = "Version" in case["id"] or any(
        item["id"].startswith(("api-version", "api-major")) for item in case["expected"]
    )
    return Policy(
        today=date.fromisoformat(corpus()[0]["as_of"]),
        sunset_days=case["min_sunset_days"],
        stability=STABILITY[case["stability_level"]],
        versions=asks,
        components=True,
    )


def changes_of(case):
    """Give what we find in the pair of a case."""
    judges = {"judge_base": judge(case["base"]), "judge_head": judge(case["revision"])}
    found = compare(api(case["base"]), api(case["revision"]), policy=policy_of(case), **judges)
    return [item for item in found if not item.reason.endswith("may change")]  # below the level that the case asks for


def _plain(name):
    return re.sub(r"\{[^}]*\}", "{}", name).replace("webhook:", "").removeprefix("webhook ")


def places(change):
    """Give the operations that oasdiff would name for a change."""
    if change.rule.startswith(("api-global", "api-schema", "api-security-component", "api-version", "api-major")):
        return [""]
    return [_plain(name) for name in change.uses or (change.operation,)]


def expected(case):
    """Give the ids that a case expects, each with its operation."""
    return {
        (item["id"], _plain(f"{item['operation']} {item['path']}") if item.get("operation") else "")
        for item in case["expected"]
    }


def found(case, changes):
    """Give the ids that we find of those that the case asks for, each with its operation."""
    levels = corpus()[1]
    asked = {*case["check_ids"], *(item["id"] for item in case["expected"])} if case["check_ids"] else set(levels)
    return {
        (change.rule, place)
        for change in changes
        if change.rule in asked and LEVELS[levels[change.rule]] >= LEVELS[case["min_level"]]
        for place in places(change)
    }


def is_same(case, operation):
    """Say whether it is proved that an operation accepts and answers the same values in both documents."""
    base, head = api(case["base"]), api(case["revision"])
    policy = policy_of(case)
    contents, proofs = Contents(base, head, policy), Proofs(base, head, policy)
    for pair in pairs_of(base, head)[0]:
        if _plain(pair.name) == operation:
            list(contents.of(pair, "stable"))
    return bool(contents.spots) and all(map(proofs.equivalent, contents.spots))


def evidence(change):
    """Say what a change rests on: a witness, a proof, a policy or a rule of the table."""
    if change.witness:
        return "witness"
    if change.verdict == "unknown":
        return "unknown"
    kind = change.reason.partition(":")[0]
    return "proof" if kind == "proved" else kind if kind.startswith("policy") else "rule"


def disagreement(case, changes):
    """Give a row of the list for a case that we hold to be wrong, with what says so; None where there is nothing."""
    wanted, ours = expected(case), found(case, changes)
    row = {"case": case["id"]}
    for name, ids in (("missing", wanted - ours), ("further", ours - wanted)):
        rows = []
        for rule_id, place in sorted(ids):
            there = [item for item in changes if place in places(item)]
            own = [item for item in there if item.rule == rule_id] if name == "further" else there
            kinds = sorted({evidence(item) for item in own})
            if name == "missing" and is_same(case, place):
                kinds = ["the same values, proved both ways"]
            rows.append(
                {
                    "id": rule_id,
                    "evidence": kinds,
                    **({"instead": sorted({item.rule for item in own})} if name == "missing" and own else {}),
                }
            )
        if rows:
            row[name] = rows
    otherwise = [
        {"id": item.rule, "level": corpus()[1][item.rule], "verdict": item.verdict, "evidence": evidence(item)}
        for item in changes
        if (item.rule in {rule_id for rule_id, _ in wanted & ours})
        and _is_opposite(corpus()[1][item.rule], item.verdict)
    ]
    if otherwise:
        row["otherwise"] = [dict(pair) for pair in sorted({tuple(sorted(one.items())) for one in otherwise})]
    shown = [item["evidence"] for name in ("missing", "further") for item in row.get(name, ())]
    if not all(kinds and "unknown" not in kinds for kinds in shown):
        return None  # a miss of ours: nothing says that we are right
    return row if len(row) > 1 else None


def _is_opposite(level, verdict):
    return (level, verdict) in {("error", "compatible"), ("info", "breaking"), ("info", "policy")}


def measured():
    """Run every case: give those that agree in their ids, and a row for each that does not or is judged otherwise."""
    agreeing, rows = [], []
    for case in corpus()[0]["cases"]:
        changes = changes_of(case)
        if expected(case) == found(case, changes):
            agreeing.append(case["id"])
        if case["id"] not in UNKNOWN_CONFIGURATION and (row := disagreement(case, changes)):
            rows.append(row)
    return agreeing, rows


if __name__ == "__main__":
    same, listed = measured()
    top = "# Cases of oasdiff that we hold to be wrong, and what says so: written by tests/review/oasdiff.py.\n"
    LISTED.write_text(top + yaml.safe_dump(listed, sort_keys=False, width=160))
    print(len(same), len(corpus()[0]["cases"]), len(listed))  # noqa: T201  # for the person who runs it
