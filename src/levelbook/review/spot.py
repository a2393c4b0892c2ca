"""Where in an exchange two schemas are compared, and what was found there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from levelbook.api import Media, Operation, Parameter, Response, Schema
    from levelbook.review.change import Direction
    from levelbook.review.facets import Difference


@dataclass(frozen=True, slots=True)
class Site:
    """A place of an exchange that has a schema: a parameter, a body, a header; as either document has it.

    ``place`` is how rules call it: ``request-body``, ``request-parameter``, ``response-body``, ``response-header``.
    ``name`` is that of the parameter or header, ``media`` the media type of a body.
    """

    place: str
    direction: Direction
    base_operation: Operation
    head_operation: Operation
    name: str = ""
    status: str = ""
    base_media: Media | None = None
    head_media: Media | None = None
    base_parameter: Parameter | None = None
    head_parameter: Parameter | None = None
    base_response: Response | None = None
    head_response: Response | None = None
    is_outgoing: bool = False  # a webhook or a callback: the API sends, and the client answers
    is_item: bool = False  # an item of a sequence: `itemSchema` describes it, not `schema`

    name_of_operation: str = ""
    stability: str = "stable"

    @property
    def client_sends(self) -> bool:
        """Whether the client makes what stands here, and the API has to accept it."""
        return (self.direction == "request") != self.is_outgoing


class Step(NamedTuple):
    """One step into a value: a property, an item, any other key, or a member of a union (``kind`` as in addresses)."""

    kind: str
    name: str = ""
    base: Schema | None = None
    head: Schema | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a comparison has come to: the schemas of both documents, and the way there.

    ``root`` is the address of the operation or component that ``path`` begins at; ``is_certain`` says that a wider
    schema here makes the whole wider, and a narrower one narrower.
    """

    site: Site
    base: tuple[Schema, ...]
    head: tuple[Schema, ...]
    root: str
    path: str = ""
    steps: tuple[Step, ...] = ()
    is_certain: bool = True
    is_assumed: bool = False  # certain only because a value is taken to be of one member of a union
    is_hidden: bool = False  # readOnly in a request, writeOnly in a response: it is not sent
    is_required: bool = False
    level: str = ""  # of stability, that the innermost property on the way has

    @property
    def address(self) -> str:
        """The semantic address of the spot, as ``levelbook.address`` writes it."""
        path, root = self.path, self.root
        if not path:
            return root.rstrip(": ")
        if root.endswith(":"):
            return root + path.removeprefix(".")
        if " > " not in root:
            return f"{root} > {path.strip()}"
        answer = self.site.place == "response-body" and not path.startswith(" ")
        return f"{root} {path}" if answer else root + path

    def below_component(self, name: str) -> Spot:
        """Give the same spot as the beginning of a component, which both documents call ``name``."""
        return replace(self, root=f"schemas/{name}", path="")

    def below(self, step: Step, base: tuple[Schema, ...], head: tuple[Schema, ...], path: str, **said: Any) -> Spot:
        """Give the spot one step further in."""
        said = {"is_hidden": self.is_hidden, "is_required": False, **said}
        return replace(self, base=base, head=head, path=self.path + path, steps=(*self.steps, step), **said)


@dataclass(slots=True)
class Found:
    """A difference, where it is, and the comparison that found it; ``holder`` is the spot that its demands are of."""

    spot: Spot
    difference: Difference
    base_pointer: str
    head_pointer: str
    key: tuple[Any, ...]
    holder: Spot
    was_deprecated: bool = False
