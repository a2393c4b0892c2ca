"""Witnesses: exchanges that one document accepts and the other refuses, found at the boundaries of both schemas."""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from levelbook.engine import is_deeper
from levelbook.phrases import cut
from levelbook.review.change import Witness
from levelbook.review.media import is_unread
from levelbook.review.perturbed import perturbed
from levelbook.review.regular import missed
from levelbook.review.samples import Samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Api, Media, Schema
    from levelbook.engine import CompiledSchema
    from levelbook.review.change import Judge, Outcome
    from levelbook.review.exchanges import Draft, Exchanges, Probe
    from levelbook.review.fact import Fact
    from levelbook.review.proof import Proofs, Side
    from levelbook.review.spot import Found, Site, Spot

WRITTEN = frozenset({"style", "explode", "content"})  # facets of how a parameter is written
_TRIED = 8  # values that the validators are asked about, for one difference
_BATCH = 6  # values that are put into order before they are asked about
_NESTED = 10  # levels of a value; what is nested deeper shows little, and takes long to describe
_VALUES = 900  # values that the schemas are asked about
_LIKELY = 150  # the same, where a value is looked for that two members of a union accept: the first are the likeliest
_INSIDE = frozenset({"oneOf", "anyOf", "not", "if", "contains", "propertyNames", "oneOfNotValid", "oneOfMultipleValid"})


class Witnesses:
    """Looks for exchanges that show a difference, and asks the validators of both documents about them."""

    def __init__(  # noqa: PLR0913, PLR0917  # both documents, what is made of them, and who judges
        self, base: Api, head: Api, proofs: Proofs, exchanges: Exchanges, judge_base: Judge | None, judge_head: Judge
        | None,
    ) -> None:  # fmt: skip
        self.apis: dict[Side, Api] = {"base": base, "head": head}
        self.judges: dict[Side, Judge | None] = {"base": judge_base, "head": judge_head}
        self.proofs = proofs
        self.exchanges = exchanges
        self.unasked = ""  # why the sender's document refused the last exchange that was asked about

    # -- schemas ---------------------------------------------------------------------------------------------------

    def of_found(self, item: Found, sender: Side, receiver: Side, demand: Any) -> tuple[str, Witness | None] | None:
        """Give the reason and the witness of a difference; None where no value shows it."""
        last = None
        self.unasked = ""
        for value in islice(self._site_values(item, sender, receiver, demand), _TRIED):
            last = value
            asks = self.judges["base"] is not None and not item.spot.site.is_outgoing
            witness = self._asked(item.spot.site, sender, receiver, value) if asks else None
            if witness is not None or not asks:
                return f"{receiver} refuses {cut(_text(value))}, which {sender} accepts", witness
        if last is None:
            return None
        if is_unread(item.spot.site.head_media) and item.difference.facet != "type":
            return f"{receiver}'s schema refuses {cut(_text(last))}; no validator reads this media type", None
        return None

    def _site_values(self, item: Found, sender: Side, receiver: Side, demand: Any) -> Iterator[Any]:
        """Give values of the whole site that the sender's schema accepts and the receiver's refuses for this."""
        spot, site = item.holder, item.spot.site
        groups: dict[str, tuple[Schema, ...]] = dict(zip(("base", "head"), self.site_groups(spot), strict=True))
        sent = self.proofs.compiled(sender, site.direction, groups[sender])
        accepted = self.proofs.compiled(receiver, site.direction, groups[receiver])
        document = self.proofs.document(sender, site.direction, groups[sender])
        if sent is None or accepted is None or document is None:
            return
        settings = Samples(document.get("$defs", {}), sender).settings(document, spot.steps, 12)
        own = self.proofs.compiled(receiver, site.direction, spot.head if receiver == "head" else spot.base)
        seen: set[str] = set()

        def fitting() -> Iterator[Any]:
            most = _LIKELY if spot.is_assumed else _VALUES
            for value in islice(self._spot_values(item, sender, receiver, demand), most):
                is_refused = spot.is_certain and own is not None and not own.is_valid(value)
                for whole in settings(value):
                    text = _text(whole)
                    if text in seen or is_deeper(whole, _NESTED + len(spot.steps)):
                        continue
                    seen.add(text)
                    refuses = sent.is_valid(whole) and not accepted.is_valid(whole)
                    if refuses and (is_refused or _is_blamed(item, accepted, whole)):
                        yield whole

        order = _plainness if site.place in ("request-parameter", "response-header") else _size
        found = fitting()
        while batch := list(islice(found, _BATCH)):
            yield from sorted(batch, key=order)

    def _spot_values(self, item: Found, sender: Side, receiver: Side, demand: Any) -> Iterator[Any]:
        """Give values at a spot: what the sender's set has and the receiver's lacks, then the boundaries of both."""
        direction = item.spot.site.direction
        sides: dict[Side, tuple[Schema, ...]] = {"base": item.holder.base, "head": item.holder.head}
        if item.difference.facet == "pattern":
            yield from _missed(item, sender)
        order: list[tuple[Side, Side]] = [(sender, receiver)]
        if not item.holder.is_certain or item.holder.is_assumed:
            order.append((receiver, sender))
        for one, other in order:
            wanted = demand if other == receiver else item.difference.base if other == "base" else item.difference.head
            part = item.difference.part
            mine = part is not None and (item.difference.action == "removed") == (one == "base")
            group: Any = (*sides[one], part) if mine else sides[one]
            sent = self.proofs.set_of(one, direction, group)
            for target in (wanted, sides[other]):
                lacking = self.proofs.set_of(other, direction, target)
                left = sent.without(lacking) if sent is not None and lacking is not None else None
                if isinstance(left, dict):
                    yield from islice(Samples(left.get("$defs", {})).of(left), 24)
            yield from islice(_negated(wanted), 12)
            for document in (
                self.proofs.document(one, direction, group),
                self.proofs.document(other, direction, sides[other]),
            ):
                if document is not None:
                    found = list(islice(Samples(document.get("$defs", {})).of(document), 30))
                    yield from found
                    for value in found[:6]:
                        yield from islice(perturbed(value), 60)

    def site_groups(self, spot: Spot) -> tuple[tuple[Schema, ...], tuple[Schema, ...]]:
        """Give the schemas of the whole site that a spot is in."""
        site = spot.site
        if site.base_parameter is not None and site.head_parameter is not None:
            return _schemas(site.base_parameter), _schemas(site.head_parameter)
        return _schema_of(site.base_media, is_item=site.is_item), _schema_of(site.head_media, is_item=site.is_item)

    # -- exchanges -------------------------------------------------------------------------------------------------

    def _asked(self, site: Site, sender: Side, receiver: Side, value: Any) -> Witness | None:
        """Put a value of a site into a whole exchange, and ask both validators."""
        draft = self.exchanges.draft(site.base_operation, site.head_operation)
        value = [value] if site.is_item else value
        if site.direction == "request":
            _place(draft, site, value)
            return self._judged(draft, None, site.base_operation, site.head_operation, sender, receiver)
        answer = self.exchanges.answer(site.base_operation, site.head_operation, site.status)
        if site.place == "response-header":
            answer.headers[site.name.lower()] = (site.head_parameter, value)  # type: ignore[assignment]
        else:
            answer.media, answer.body = site.head_media, value
        return self._judged(draft, answer, site.base_operation, site.head_operation, sender, receiver)

    def _judged(  # noqa: PLR0913, PLR0917  # an exchange, and who says what of it
        self, draft: Draft, answer: Draft | None, base: Any, head: Any, sender: Side, receiver: Side,
        *, as_sent: bool = False,
    ) -> Witness | None:  # fmt: skip
        response = None if answer is None else self.exchanges.response(answer)
        operations: dict[Side, Any] = {"base": base or head, "head": head or base}
        requests = {side: self.exchanges.request(self.apis[side], operations[side], draft) for side in operations}
        if as_sent:  # with the credentials of the sender's document, which the other's knows nothing of
            requests[receiver] = requests[sender]
        outcomes: dict[Side, Outcome] = {}
        for side, judge in self.judges.items():
            if judge is None:
                return None
            outcomes[side] = judge(requests[side], response)
        if outcomes[sender].outcome == "invalid" and outcomes[sender].problems:
            self.unasked = outcomes[sender].problems[0].message
        if outcomes[sender].outcome != "valid" or outcomes[receiver].outcome != "invalid":
            return None
        problem = outcomes[receiver].problems[0].message if outcomes[receiver].problems else ""
        return Witness(requests[sender], response, sender, problem)

    def of_fact(self, fact: Fact) -> Witness | None:
        """Give an exchange that shows a fact; None where there is none, or nobody to ask."""
        probe = fact.probe
        if probe is None or self.judges["base"] is None:
            return None
        draft = self.exchanges.draft(probe.base, probe.head)
        draft.need = probe.need
        if fact.facet == "encoding":
            return self._encoded_otherwise(draft, probe)
        if fact.facet in WRITTEN:
            return self._written_otherwise(draft, probe)
        if probe.direction == "request":
            _probe_request(self.exchanges, draft, probe)
            as_sent = probe.with_ == "credentials"
            return self._judged(draft, None, probe.base, probe.head, "base", "head", as_sent=as_sent)
        if probe.base is None or probe.head is None:
            return None
        answer = self.exchanges.answer(probe.base, probe.head, probe.status)
        answer.headers.pop(probe.without.lower(), None)
        return self._judged(draft, answer, probe.base, probe.head, "head", "base")

    def _encoded_otherwise(self, draft: Draft, probe: Probe) -> Witness | None:
        """Give a request whose body is written as BASE says, and read by HEAD as something that it refuses."""
        body = probe.base.body if probe.base is not None else None
        media = next((item for item in body.content if item.type == probe.media), None) if body else None
        document = self.proofs.document("base", "request", _schema_of(media, is_item=False)) if media else None
        if document is None or probe.direction != "request":
            return None
        for value in islice(Samples(document.get("$defs", {})).of(document), 40):
            draft.media, draft.body = media, value
            witness = self._judged(draft, None, probe.base, probe.head, "base", "head")
            if witness is not None:
                return witness
        return None

    def _written_otherwise(self, draft: Draft, probe: Probe) -> Witness | None:
        """Give a request whose parameter is written as BASE says, and read by HEAD as something that it refuses."""
        known = probe.base.parameters if probe.base is not None else ()
        parameter = next((item for item in known if item.name == probe.with_), None)
        document = self.proofs.document("base", "request", _schemas(parameter)) if parameter is not None else None
        if parameter is None or document is None:
            return None
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        for value in islice(Samples(document.get("$defs", {})).of(document), 20):
            draft.parameters[parameter.place, name] = (parameter, value)
            witness = self._judged(draft, None, probe.base, probe.head, "base", "head")
            if witness is not None:
                return witness
        return None


def _schema_of(media: Media | None, *, is_item: bool) -> tuple[Schema, ...]:
    schema = None if media is None else media.item_schema if is_item else media.schema
    return () if schema is None else (schema,)


def _probe_request(exchanges: Exchanges, draft: Draft, probe: Probe) -> None:
    if probe.without == "body":
        draft.media = None
    elif probe.without:
        for key in [key for key in draft.parameters if draft.parameters[key][0].name == probe.without]:
            del draft.parameters[key]
    elif probe.media or probe.with_ == "body":
        exchanges.fill_body(draft, probe.base, probe.head, probe.media)


def _place(draft: Draft, site: Site, value: Any) -> None:
    if site.place == "request-body":
        draft.media, draft.body = site.head_media, value
        return
    parameter = site.head_parameter or site.base_parameter
    if parameter is not None:
        name = parameter.name.lower() if parameter.place == "header" else parameter.name
        old = site.base_parameter
        if old is not None and old.name != parameter.name:
            draft.parameters.pop((old.place, old.name), None)
        draft.parameters[parameter.place, name] = (parameter, value)


def _is_blamed(item: Found, judge: CompiledSchema, value: Any) -> bool:
    """Say whether the refusal is about the spot of a difference, and not of another one."""
    path = []
    for step in item.holder.steps:
        if step.kind == ".":
            path.append(step.name)
        elif step.kind not in ("<>", "then", "else", "if", "not", "dependentSchemas"):
            break
    wanted = tuple(path)
    for violation in judge.violations(value):
        if violation.path[: len(wanted)] == wanted or (
            violation.keyword in _INSIDE and wanted[: len(violation.path)] == violation.path
        ):
            return True
    return False


def _missed(item: Found, sender: Side) -> Iterator[str]:
    """Give texts that the sender's patterns match and one of the receiver's does not."""
    demands = {"base": item.difference.base, "head": item.difference.head}
    patterns = {
        side: [one["pattern"] for one in demand["allOf"]] if isinstance(demand, dict) else [""]
        for side, demand in demands.items()
    }
    for wide in patterns["head" if sender == "base" else "base"]:
        for narrow in patterns[sender]:
            yield from missed(wide, narrow) or ()


def _size(value: Any) -> int:
    return len(_text(value))


def _plainness(value: Any) -> tuple[int, int]:
    """Say how much a value is itself where everything is written as a text: words, then numbers, then the rest."""
    if isinstance(value, str):
        return (0 if value[:1].isalpha() and value not in ("true", "false", "null") else 3, len(value))
    return (
        1 if isinstance(value, (int, float)) else 2 if isinstance(value, (list, dict)) and value else 3,
        _size(value),
    )


def _negated(demand: Any) -> Iterator[Any]:
    """Give values that a plain demand names: those it lists, and those just beyond its bounds."""
    if not isinstance(demand, dict):
        return
    for key, value in demand.items():
        if key == "not" and isinstance(value, dict):
            if "const" in value:
                yield value["const"]
            elif value.get("type") == "null":
                yield None
        elif key in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf"):
            yield from (value, value - 1, value + 1, value - 0.5, value + 0.5, value / 2, value / 3, value * 1.5)
        elif key == "maxLength" and value < 5000:
            yield "a" * (value + 1)
        elif key == "minLength" and value:
            yield "a" * (value - 1)
    yield from ("a", 1, 1.5, True, None, [], {}, "", [1, 1], ["a", "a"])


def _schemas(parameter: Any) -> tuple[Schema, ...]:
    schema = parameter.schema or (parameter.media.schema if parameter.media else None)
    return (schema,) if schema is not None else ()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
