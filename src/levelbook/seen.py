"""What one exchange showed: handed from who judges to who counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Seen:
    """One exchange of ``operation``: values by place and name, media types as documented, statuses.

    ``status`` is the documented one that applied (``4XX``). A body or value that could not be read is not there:
    ``body`` and ``response_body`` hold one value or none.
    """

    operation: str
    outcome: str
    parameters: dict[tuple[str, str], Any] = field(default_factory=dict)
    media: str = ""
    body: tuple[Any, ...] = ()
    status: str = ""
    response_media: str = ""
    response_body: tuple[Any, ...] = ()
    headers: dict[tuple[str, str], Any] = field(default_factory=dict)
