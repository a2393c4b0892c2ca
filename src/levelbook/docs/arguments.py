"""Tables of arguments that a project keeps by hand: a JSON file beside its pages, a list of arguments for each page."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import orjson
from markupsafe import Markup

from levelbook.docs.includes import Refused
from levelbook.docs.markdown import own_pages
from levelbook.problem import Severity

if TYPE_CHECKING:
    from levelbook.docs.includes import Shelf

_SHAPE = "an argument is an object: argument, description, required, example; all of them texts"


@dataclass(frozen=True, slots=True)
class Argument:
    """A row of such a table; ``presence`` is what its file says: required or optional, for instance."""

    name: str
    description: str
    presence: str
    example: str

    @property
    def html(self) -> Markup:
        """The description as HTML; these are the project's own words."""
        made = own_pages().convert(self.description)
        one = made.startswith("<p>") and made.count("<p>") == 1 and made.endswith("</p>")
        return Markup(made[3:-4] if one else made)  # noqa: S704


def read_arguments(shelf: Shelf, file: str, section: str) -> list[Argument]:
    """Read the arguments that a file has for a page. Raises Refused."""
    path = shelf.find(file)
    try:
        data = orjson.loads(shelf.text(path))
    except orjson.JSONDecodeError as error:
        raise Refused(f"{path}:{error.lineno}:{error.colno}: this is not JSON: {error.msg}", "") from None
    found = data.get(section) if isinstance(data, dict) else None
    if found is None:
        names = list(data) if isinstance(data, dict) else []
        near = get_close_matches(section, names, 1)
        hint = f"did you mean `{near[0]}`?" if near else f"it has {', '.join(names) or 'nothing'}"
        raise Refused(f"`{file}` has no `{section}`", hint, Severity.WARNING)
    if not isinstance(found, list) or not all(map(_is_argument, found)):
        raise Refused(f"`{section}` of `{file}` is no list of arguments", _SHAPE)
    return [
        Argument(one["argument"], one.get("description", ""), one.get("required", ""), one.get("example", ""))
        for one in found
    ]


def _is_argument(value: Any) -> bool:
    return isinstance(value, dict) and "argument" in value and all(isinstance(one, str) for one in value.values())
