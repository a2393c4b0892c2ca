"""One compiled schema, and the way back from what it refuses to the place in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.engine import CompiledSchema, SchemaError, compile_schema
from levelbook.pointer import join
from levelbook.problem import Problem, SpecError
from levelbook.words import findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from levelbook.api import Schema
    from levelbook.lower import Lowering


class Judge:
    """A schema, ready: ``accepts`` is the fast path, ``problems`` says why not."""

    __slots__ = ("_lowering", "accepts", "compiled", "pointer")

    def __init__(self, lowering: Lowering, pointer: str, make: Callable[[], dict[str, Any]]) -> None:
        """Compile what ``make`` gives: a schema whose references come from ``lowering``."""
        self._lowering = lowering
        self.pointer = pointer
        try:
            with lowering.lock:
                self.compiled: CompiledSchema = compile_schema(
                    lowering.closed_over(make()), resources=lowering.documents.remote_schemas
                )
        except SchemaError as error:
            raise SpecError(
                [
                    Problem(
                        "impossible-schema",
                        lowering.documents.locate(pointer),
                        f"the schema cannot be compiled: {error}",
                        "`levelbook check` says more",
                        pointer=pointer,
                    )
                ]
            ) from None
        self.accepts = self.compiled.is_valid

    @classmethod
    def of(cls, lowering: Lowering, schema: Schema) -> Judge:
        """Compile one schema of the document."""
        return cls(lowering, schema.pointer, lambda: dict(lowering.reference(schema)))

    def problems(  # noqa: PLR0913  # what a problem consists of
        self,
        value: Any,
        rule: str,
        subject: str,
        place: str,
        root: str = "the body",
        *,
        inside: str = "",
        texts: bool = False,
    ) -> list[Problem]:
        """Say what is wrong with ``value``; ``place`` is where in the exchange it stands.

        ``inside`` and ``texts`` are those of :func:`levelbook.words.findings`.
        """
        found = []
        for finding in findings(self.compiled.violations(value), root=root, inside=inside, texts=texts):
            pointer = self._lowering.origin(finding.schema_path) or self.pointer
            found.append(
                Problem(
                    rule,
                    self._lowering.documents.locate(pointer),
                    f"{subject}: {finding.message}",
                    finding.hint,
                    pointer=pointer,
                    place=join(place, *finding.path),
                )
            )
        return found
