"""Two documents, compared: every distinct fact once, with its verdict.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> compare(api, api)
[]
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from levelbook.review.change import Change
from levelbook.review.contents import Contents
from levelbook.review.document_facts import schemas, servers, version
from levelbook.review.names import rule_of
from levelbook.review.operations import about, existence, outgoing_pairs, pairs_of, stability
from levelbook.review.policy import Policy
from levelbook.review.roots import home_of, home_of_found
from levelbook.review.sameness import Sameness
from levelbook.review.security import requirements, schemes
from levelbook.review.sentences import sentence
from levelbook.review.verdicts import Verdicts
from levelbook.review.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from levelbook.api import Api, Operation
    from levelbook.review.change import Judge
    from levelbook.review.fact import Fact, Pair
    from levelbook.review.spot import Found

_DEFAULTS = Policy()
_WORSE = ("compatible", "unknown", "policy", "breaking")


def compare(
    base: Api,
    head: Api,
    *,
    policy: Policy = _DEFAULTS,
    judge_base: Judge | None = None,
    judge_head: Judge | None = None,
) -> list[Change]:
    """Give every distinct fact that is different between two documents, each with a verdict.

    The judges are validators of either document, which assert formats only where the policy does: they judge a request,
    or where there is a response, that alone. Without them a breaking verdict rests on the schemas, and has no witness.
    Raises SpecError for a broken reference.
    """
    comparison = _Comparison(base, head, policy, Verdicts(base, head, policy, judge_base, judge_head))
    comparison.run()
    rows = map(comparison.passed, comparison.rows.values())
    changes = [replace(change, sentence=sentence(change)) for change in rows]
    return sorted(changes, key=lambda change: (change.address, change.direction, change.rule, change.id))


class _Comparison:
    """The rows of one comparison, by their ids."""

    def __init__(self, base: Api, head: Api, policy: Policy, verdicts: Verdicts) -> None:
        self.base = base
        self.head = head
        self.policy = policy
        self.verdicts = verdicts
        self.rows: dict[str, Change] = {}
        self.unstable: dict[str, str] = {}  # operations whose level does not count, and the level

    def run(self) -> None:
        pairs, gone, come = pairs_of(self.base, self.head)
        self._note_stability(pairs, gone)
        self._facts(existence(self.base, self.head, gone, come, self.policy))
        self._facts(requirements(self.base, self.head, pairs))
        self._facts(schemes(self.base, self.head))
        self._facts(servers(self.base, self.head, pairs))
        self._facts(schemas(self.base, self.head, self.policy))
        self._walked([*pairs, *outgoing_pairs(self.base, self.head)])
        if any(self.passed(change).verdict == "breaking" for change in self.rows.values()):
            self._facts(version(self.base, self.head, self.policy))

    def _walked(self, pairs: list[Pair]) -> None:
        """Compare what both documents have, down to the schemas."""
        contents = Contents(self.base, self.head, self.policy)
        for pair in pairs:
            self._facts(about(self.base, self.head, pair, self.policy))
            facts = contents.of(pair, stability(self.head, pair.head) or "stable")
            self._facts(replace(fact, is_outgoing=True) for fact in facts) if pair.is_outgoing else self._facts(facts)
        walk = Walk(self.base, self.head, self.policy, Sameness(self.base, self.head), self.verdicts.equivalent)
        for spot in contents.spots:
            walk.compare(spot)
        for spot, difference, base_at, head_at in contents.schemaless:
            walk.keep(spot, difference, base_at, head_at)
        for item, uses in walk.results():
            self._found(item, uses)

    def _note_stability(self, pairs: list[Pair], gone: list[Operation]) -> None:
        for name, operation in [*((pair.name, pair.base) for pair in pairs), *((item.key, item) for item in gone)]:
            level = stability(self.base, operation)
            if level and not self.policy.counts(level):
                self.unstable[name] = level

    def _facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            address = home_of(self.head, fact.base_pointer, fact.head_pointer) or fact.address
            sent = "outgoing " if fact.is_outgoing and fact.direction != "none" else ""
            change_id = _hash(address, f"{sent}{fact.rule} {fact.facet}", fact.was, fact.now)
            if self._is_broken(change_id, fact.uses):
                continue
            verdict, reason, witness = self.verdicts.of_fact(fact)
            change = Change(
                    change_id,
                    address,
                    fact.action,
                    fact.facet,
                    fact.direction,
                    fact.rule,
                    verdict,
                    reason,
                    fact.was,
                    fact.now,
                    "",
                    witness,
                    fact.base_pointer,
                    fact.head_pointer,
                    fact.uses,
            )  # fmt: skip
            self._add(change)

    def _found(self, item: Found, uses: tuple[str, ...]) -> None:
        spot, difference = item.spot, item.difference
        if difference.facet == "default" and _is_always_there(item):
            return
        sent = "outgoing " if spot.site.is_outgoing else ""
        kind = f"{sent}{spot.site.direction} {difference.facet} {difference.action} {difference.detail_id}"
        address = (home_of_found(self.base, self.head, item) or spot.address) + _of_value(item)
        change_id = _hash(address, kind, difference.was, difference.now)
        if self._is_broken(change_id, uses):
            return
        verdict, reason, witness = self.verdicts.of_found(item)
        if spot.level and not self.policy.counts(spot.level):
            verdict, reason, witness = "compatible", f"policy stability: what is {spot.level} may change", None
        rule = rule_of(self.base, self.head, spot, difference)
        change = Change(
                change_id,
                address,
                difference.action,
                difference.facet,
                spot.site.direction,
                rule,
                verdict,
                reason,
                difference.was,
                difference.now,
                "",
                witness,
                item.base_pointer,
                item.head_pointer,
                uses,
        )  # fmt: skip
        self._add(change)

    def _is_broken(self, change_id: str, uses: tuple[str, ...]) -> bool:
        """Say whether a row breaks clients already, so that further uses of the same component need no judge."""
        known = self.rows.get(change_id)
        if known is None or known.verdict != "breaking":
            return False
        self.rows[change_id] = replace(known, uses=tuple(sorted({*known.uses, *uses})))
        return True

    def _add(self, change: Change) -> None:
        """Keep a row; of a fact that is a row already, the worse verdict and the uses of both."""
        known = self.rows.get(change.id)
        if known is not None:
            worse = max(known, change, key=lambda row: _WORSE.index(row.verdict))
            change = replace(worse, uses=tuple(sorted({*known.uses, *change.uses})))
        self.rows[change.id] = change

    def passed(self, change: Change) -> Change:
        """Give a row as a waiver, or the stability of all its operations, lets it pass."""
        levels = {self.unstable.get(name, "") for name in change.uses or (change.operation,)}
        waiver = self.policy.waiver(change.id)
        if waiver is not None:
            return replace(change, verdict="compatible", reason=f"waived: {waiver.reason}")
        if "" not in levels:
            reason = f"policy stability: what is {min(levels)} may change"
            return replace(change, verdict="compatible", reason=reason)
        return change


def _is_always_there(item: Found) -> bool:
    """Say whether a parameter must be sent in any case, so that its default means nothing."""
    site = item.spot.site
    sides = (site.base_parameter, site.head_parameter)
    return not item.spot.steps and all(side is not None and side.required for side in sides)


def _of_value(item: Found) -> str:
    """Give what the address of a single value of an enumeration ends in."""
    difference = item.difference
    if difference.facet != "enum" or not difference.action.startswith("value-"):
        return ""
    value = difference.was if difference.action == "value-removed" else difference.now
    return f"=enum:'{value}'" if isinstance(value, str) else f"=enum:{json.dumps(value, default=str)}"


def _hash(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
