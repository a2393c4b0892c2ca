"""What stands in the place of ``levelbook.validate.source`` where there are no documents to read."""

from __future__ import annotations

from typing import Any, TypeAlias

PlanSource: TypeAlias = Any


class ApiSource:
    """Nothing: a standalone validator has its plans."""

    def __init__(self, *_: Any, **__: Any) -> None:
        raise TypeError("a standalone validator has its plans with it, and reads no documents")
