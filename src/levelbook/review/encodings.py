"""How the fields of a form are written, compared (OpenAPI 3.1.1, 4.8.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.pointer import join
from levelbook.review.exchanges import Probe
from levelbook.review.fact import Fact
from levelbook.review.media import is_form, plainly
from levelbook.review.sides import sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.api import Media
    from levelbook.review.fact import Pair


def encodings(pair: Pair, place: str, old: Media, new: Media, address: str) -> Iterator[Fact]:
    """Tell of fields of a body that are written otherwise (OpenAPI 3.1.1, 4.8.15)."""
    direction: Any = place.partition("-")[0]
    if (old.schema is None and new.schema is None) or not is_form(essence := plainly(new.type).partition(";")[0]):
        return
    for name in sorted(old.encoding.keys() | new.encoding.keys()):
        was, now = (_written(side.encoding.get(name), essence) for side in (old, new))
        if was != now:
            ends = [join(side.pointer, "encoding", name) for side in (old, new)]
            probe = Probe(pair.base, pair.head, direction, media=old.type, with_="body")
            yield Fact(
                f"{place}-encoding-changed", f"{address}{'' if address.endswith(':') else '.'}{name}", "encoding",
                "changed", direction, was or None, now or None, *sides(ends), (pair.name,), probe,
            )  # fmt: skip


def _written(encoding: Any, essence: str) -> dict[str, Any]:
    """Give what of an encoding is not as it would be without it."""
    said = encoding if isinstance(encoding, dict) else {}
    style = said.get("style", "form")
    usual = {"style": "form", "explode": style == "form", "allowReserved": False}
    is_url = essence == "application/x-www-form-urlencoded"
    keys = ("contentType", *(("style", "explode", "allowReserved") if is_url else ()))
    return {key: said[key] for key in keys if key in said and said[key] != usual.get(key)}
