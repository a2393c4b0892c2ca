"""What a named policy decides, before anything is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from levelbook.review.change import Verdict
    from levelbook.review.fact import Fact
    from levelbook.review.policy import Policy
    from levelbook.review.spot import Found

_SILENT = {
    "readOnly": "it says who may set the property, and refuses nothing",
    "writeOnly": "it says who may read the property, and refuses nothing",
    "deprecated": "an announcement refuses nothing",
    "discriminator": "it chooses among the members of a union, and refuses nothing (OpenAPI 3.1.1, 4.8.25)",
    "contentSchema": "it describes what a text holds, and refuses nothing (JSON Schema validation, 8.2)",
    "contentEncoding": "it describes what a text holds, and refuses nothing (JSON Schema validation, 8.2)",
    "contentMediaType": "it describes what a text holds, and refuses nothing (JSON Schema validation, 8.2)",
    "x-extensible-enum": "an extensible enumeration refuses nothing",
    "x-stability-level": "a stability level refuses nothing",
    "x-sunset": "a date refuses nothing",
}  # fmt: skip


_OBJECTED = {
    "deprecated-sunset-missing": "a deprecation needs a day",
    "deprecated-sunset-invalid": "nobody can tell when it goes",
    "sunset-date-too-small": "clients need more time",
    "sunset-date-changed-too-small": "a promise was broken",
    "sunset-deleted": "a promise was withdrawn",
    "decreased": "what was promised is withdrawn",
    "invalid": "what it promises cannot be told",
}


def policy_on_found(item: Found, policy: Policy) -> tuple[Verdict, str] | None:
    """Give what a policy or a plain reason says of a difference between schemas; None where schemas decide."""
    difference = item.difference
    client_sends = item.spot.site.client_sends
    if difference.facet in ("deprecated", "stability"):
        objection = _OBJECTED.get(difference.action)
        name = "stability" if difference.facet == "stability" else "sunset"
        return (
            ("policy", f"policy {name}: {objection}")
            if objection
            else ("compatible", "an announcement refuses nothing")
        )
    if difference.facet == "default":
        if client_sends:
            return "policy", "policy defaults: a request that leaves it out means something else now"
        return "compatible", "a default refuses nothing"
    if difference.base is None and difference.head is None:
        if difference.facet == "x-extensible-enum" and difference.action == "value-removed" and client_sends:
            return "policy", "policy growable-enums: a value that was offered is gone"
        return "compatible", _SILENT.get(difference.keyword, "it refuses nothing")
    if difference.facet == "format" and policy.formats == "annotation":
        return "compatible", "policy formats: a format is an annotation"
    if difference.facet == "enum" and difference.action == "value-added" and not client_sends:
        grows = policy.growable_enums == "always" or (policy.growable_enums == "extensible" and difference.detail)
        if grows:
            return "compatible", "policy growable-enums: further values may come at any time"
    if difference.facet == "property" and policy.open_world:
        return _open_world(item, client_sends=client_sends)
    return None


def _open_world(item: Found, *, client_sends: bool) -> tuple[Verdict, str] | None:
    difference = item.difference
    is_optional = not difference.detail.startswith("required")
    if difference.action == "removed" and item.spot.is_hidden and not client_sends:
        return "compatible", "a write-only property is not sent"
    if client_sends and difference.action == "added" and is_optional:
        return "compatible", "policy open-world: what was not declared was not sent"
    if not client_sends and difference.action == "removed" and is_optional:
        return "compatible", "policy open-world: what is not declared is not sent"
    return None


def on_removal(item: Found, policy: Policy) -> tuple[Verdict, str] | None:
    """Give what the policy says of a property that is gone, and whose absence breaks nobody."""
    if item.difference.facet != "property" or item.difference.action != "removed" or not policy.deprecation_first:
        return None
    if item.was_deprecated:
        return "compatible", "policy deprecation-first: it was announced"
    return "policy", "policy deprecation-first: nobody was told"


def policy_on_fact(fact: Fact, policy: Policy) -> tuple[Verdict, str] | None:
    """Give what a policy says of a fact; None where the table of rules decides."""
    if fact.rule in ("request-parameter-removed", "request-body-removed") and not policy.deprecation_first:
        return "compatible", "what it says is ignored"
    if fact.is_harmless:
        return "compatible", "whoever met a requirement before meets one still"
    if (
        policy.open_world
        and fact.facet in ("status", "media type")
        and fact.action == "added"
        and fact.direction == "response"
    ):
        return (
            "compatible",
            "policy open-world: clients tell what they do not know by its class, and ask for what they read",
        )
    return None
