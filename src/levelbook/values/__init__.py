"""Values made from schemas: seeded, always the same, and judged by the JSON Schema engine before they are given.

>>> from levelbook.loading import load
>>> api = load("api_spec/openapi.yaml")
>>> schema = api.operation("GET /users").responses[0].content[0].schema
>>> Values(api).make(schema)["result"]
'success'
"""

from __future__ import annotations

from levelbook.values.impossible import Impossible
from levelbook.values.values import Values

__all__ = ["Impossible", "Values"]
