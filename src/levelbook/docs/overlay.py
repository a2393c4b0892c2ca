"""The usage examples as an overlay of the document (OpenAPI Overlay 1.0.0), for other tools to show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from levelbook.api import Api, Operation
    from levelbook.docs.sample import Sample


def overlay(api: Api, samples: dict[str, tuple[Sample, ...]]) -> dict[str, Any]:
    """Give an overlay that adds ``x-codeSamples`` to each operation; ``samples`` are by operation key."""
    actions = [
        {
            "target": f"$.paths[{json.dumps(operation.path)}]{_method(operation)}",
            "update": {"x-codeSamples": [_sample(one) for one in shown]},
        }
        for operation in api.operations
        if (shown := samples.get(operation.key))
    ]
    info = {"title": f"Usage examples of {api.title or 'an API'}", "version": api.version or "1"}
    return {"overlay": "1.0.0", "info": info, "actions": actions}


def _method(operation: Operation) -> str:
    """Give where an operation stands in its path item; other methods have a place of their own (OpenAPI 3.2)."""
    if operation.pointer.endswith(f"/additionalOperations/{operation.method}"):
        return f".additionalOperations[{json.dumps(operation.method)}]"
    return f".{operation.method.lower()}"


def _sample(sample: Sample) -> dict[str, str]:
    return {"lang": sample.label, "label": sample.title or sample.label, "source": sample.code}
