"""Schemas that may refer to schemas with a URL: remote ones first, then those of their own document.

>>> compiled_with({"$ref": "https://a.example/s"}, {"https://a.example/s": {"type": "null"}}, {}).is_valid(None)
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.engine import SchemaError, compile_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from levelbook.engine import CompiledSchema


def compiled_with(schema: Any, remote: Mapping[str, Any], own: Mapping[str, Any]) -> CompiledSchema:
    """Compile a schema; what its document holds is only offered where the remote schemas do not do.

    Raises SchemaError.
    """
    try:
        return compile_schema(schema, resources=remote)
    except SchemaError:
        if not own:
            raise
        return compile_schema(schema, resources={**own, **remote})
