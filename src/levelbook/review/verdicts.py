"""Verdicts: proved, borne witness to, decided by a named policy or a rule, or unknown with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from levelbook.review.exchanges import Exchanges
from levelbook.review.media import is_unread
from levelbook.review.policies import on_removal, policy_on_fact, policy_on_found
from levelbook.review.proof import Proofs, Side
from levelbook.review.rules import FACTS
from levelbook.review.wire import cannot_be_written, proved_by_writing
from levelbook.review.witnesses import WRITTEN, Witnesses

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.review.change import Judge, Verdict, Witness
    from levelbook.review.fact import Fact
    from levelbook.review.policy import Policy
    from levelbook.review.spot import Found, Spot

Judgement: TypeAlias = "tuple[Verdict, str, Witness | None]"


_WRITABLE = {"minItems": 1, "minProperties": 1}  # a parameter that is empty is not there


class Verdicts:
    """Judges what was found, one difference at a time, beside everything that is the same."""

    def __init__(
        self, base: Api, head: Api, policy: Policy, judge_base: Judge | None, judge_head: Judge | None
    ) -> None:
        self.policy = policy
        self.apis = {"base": base, "head": head}
        self.proofs = Proofs(base, head, policy)
        self.exchanges = Exchanges(self.proofs)
        self.witnesses = Witnesses(base, head, self.proofs, self.exchanges, judge_base, judge_head)
        self.equivalent = self.proofs.equivalent

    def of_fact(self, fact: Fact) -> Judgement:
        """Judge what a table of rules decides; where an exchange can show it, one is looked for."""
        decided = policy_on_fact(fact, self.policy)
        if decided is not None:
            return (*decided, None)
        rule = FACTS.get(fact.rule)
        if rule is None:
            return "unknown", f"no rule says what {fact.rule} means", None
        if fact.is_outgoing and fact.direction != "none":
            rule = FACTS.get(rule.mirror, rule)
            return rule.verdict, f"the API sends it: {rule.why}", None
        if rule.verdict == "breaking":
            witness = self.witnesses.of_fact(fact)
            if witness is not None:
                return "breaking", "an exchange shows it", witness
            if fact.facet in (*WRITTEN, "encoding") and self.witnesses.judges["base"] is not None:
                return "unknown", "no value was found that is read otherwise", None
        return rule.verdict, rule.why, None

    def of_found(self, item: Found) -> Judgement:
        """Judge a difference between two schemas."""
        judged = self._judged(item)
        if judged[0] == "compatible" and item.holder.is_assumed and judged[1].startswith("proved"):
            judged = ("compatible", f"{judged[1]}; policy exclusive-unions: a value is of one member", None)
        objection = on_removal(item, self.policy) if judged[0] == "compatible" and not item.spot.is_hidden else None
        return judged if objection is None else (*objection, None)

    def _judged(self, item: Found) -> Judgement:
        decided = policy_on_found(item, self.policy)
        if decided is not None:
            return (*decided, None)
        sender, receiver = _sides(item.spot)
        demand = item.difference.head if receiver == "head" else item.difference.base
        if item.holder.is_assumed and (witness := self._of_two_members(item, sender, receiver, demand)) is not None:
            return "breaking", *witness
        if demand is True and item.holder.is_certain:
            return "compatible", "proved: nothing more is demanded", None
        if self._is_proved(item, sender, receiver, demand) and item.holder.is_certain:
            return "compatible", "proved: every value that may be sent meets it", None
        written = proved_by_writing(item, self.apis["base"], self.apis["head"], sender)
        if written:
            return "compatible", written, None
        witness = self.witnesses.of_found(item, sender, receiver, demand)
        if witness is not None:
            return "breaking", *witness
        if unwritten := cannot_be_written(item):
            return "compatible", unwritten, None
        if self._makes_up(item.holder, sender, receiver):
            return "compatible", "proved: all that may be sent here is accepted, taken together", None
        return "unknown", self._why_unknown(item, sender, receiver), None

    def _of_two_members(
        self, item: Found, sender: Side, receiver: Side, demand: object
    ) -> tuple[str, Witness | None] | None:
        """Find a value that a change of one member breaks, since another member accepts it as well."""
        if self._makes_up(replace(item.holder, is_certain=False), sender, receiver):
            return None
        return self.witnesses.of_found(item, sender, receiver, demand)

    def _is_proved(self, item: Found, sender: Side, receiver: Side, demand: object) -> bool:
        """Say whether all that a sender may send at a spot meets a demand of the receiver's document."""
        direction = item.spot.site.direction
        wanted = self.proofs.set_of(receiver, direction, demand)
        if wanted is None:
            return False
        group = item.holder.base if sender == "base" else item.holder.head
        part = item.difference.part
        if part is None:
            local = self.proofs.local_set(sender, direction, group)
            if local is not None and wanted.covers(local):
                return True
            sent = self.proofs.group_set(sender, direction, group)
            if item.spot.site.place == "request-parameter" and not item.holder.steps:
                sent = self.proofs.set_of(sender, direction, {"allOf": [group, _WRITABLE]})
        else:
            is_senders = (item.difference.action == "removed") == (sender == "base")
            sent = self.proofs.set_of(sender, direction, (*group, part) if is_senders else group)
        return sent is not None and bool(wanted.covers(sent))

    def _makes_up(self, spot: Spot, sender: Side, receiver: Side) -> bool:
        """Say whether the receiver accepts all that the sender may send, at the spot or at least at the whole site."""
        direction = spot.site.direction
        groups = [(spot.base, spot.head)] if spot.is_certain else []
        groups.append(self.witnesses.site_groups(spot))
        for base, head in groups:
            sets = {
                "base": self.proofs.group_set("base", direction, base),
                "head": self.proofs.group_set("head", direction, head),
            }
            sent, accepted = sets[sender], sets[receiver]
            if sent is not None and accepted is not None and accepted.covers(sent):
                return True
        return False

    def _why_unknown(self, item: Found, sender: Side, receiver: Side) -> str:
        if is_unread(item.spot.site.head_media):
            return "no validator reads this media type"
        if self.witnesses.unasked:
            return f"{sender} accepts no exchange that would show it: {self.witnesses.unasked}"
        direction = item.spot.site.direction
        group = item.holder.base if sender == "base" else item.holder.head
        if self.proofs.compiled(sender, direction, group) is None:
            return "a schema cannot be compiled"
        return f"neither a proof nor a value that {receiver} refuses was found"


def _sides(spot: Spot) -> tuple[Side, Side]:
    """Give which document says what is sent, and which what is accepted: what counts is who wrote the other end."""
    return ("base", "head") if spot.site.client_sends else ("head", "base")
