"""Compiled schemas, and the way back from what they refuse to the place in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.engine import SchemaError
from levelbook.phrases import quote
from levelbook.pointer import join
from levelbook.problem import Problem, SpecError
from levelbook.resources import compiled_with
from levelbook.words import findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from levelbook.engine import CompiledSchema, Path
    from levelbook.problem import Location


class Schemas:
    """The lowered schemas of one direction, by name; each is compiled when it is first needed.

    ``closure`` gives lowered schemas with all that they lead to, ``origin`` the pointer of a keyword of theirs,
    ``locate`` the place of a pointer in the document; ``resources`` the schemas that have a URL:
    remote ones, and those of the document, which are only taken where the others do not do.
    """

    def __init__(
        self,
        closure: Callable[[Iterable[str]], dict[str, Any]],
        origin: Callable[[Path], str],
        locate: Callable[[str], Location],
        resources: Callable[[], Sequence[Mapping[str, Any]]],
    ) -> None:
        self.closure = closure
        self.origin = origin
        self.locate = locate
        self.resources = resources
        self._judges: dict[str, Judge] = {}

    def judge(self, name: str, pointer: str) -> Judge:
        """Give the judge of one schema; ``pointer`` is where it is used. Raises SpecError if it cannot be compiled."""
        found = self._judges.get(name)
        if found is None:
            found = self._judges[name] = self.judge_of({"$ref": f"#/$defs/{name}"}, [name], pointer)
        return found

    def judge_of(self, schema: dict[str, Any], names: Iterable[str], pointer: str) -> Judge:
        """Give the judge of a schema that refers to lowered ones."""
        whole = schema | {"$defs": self.closure(names)}
        remote, own = self.resources()
        try:
            return Judge(self, pointer, compiled_with(whole, remote, own), whole)
        except SchemaError as error:
            message = f"the schema cannot be compiled: {error}"
            hint = "`levelbook check` says more"
            raise SpecError(
                [Problem("impossible-schema", self.locate(pointer), message, hint, pointer=pointer)]
            ) from None


class Judge:
    """A schema, ready: ``accepts`` is the fast path, ``problems`` says why not."""

    __slots__ = ("_schemas", "accepts", "compiled", "pointer", "whole")

    def __init__(self, schemas: Schemas, pointer: str, compiled: CompiledSchema, whole: Any) -> None:
        self._schemas = schemas
        self.whole = whole
        self.pointer = pointer
        self.compiled = compiled
        self.accepts = compiled.is_valid

    def faults(self, value: Any) -> int:
        """Count what is wrong with a value: 0 when it is accepted."""
        return 0 if self.accepts(value) else max(1, len(self.compiled.violations(value)))

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
        for finding in findings(
            self.compiled.violations(value), root=root, inside=inside, texts=texts, schema=self.whole
        ):
            pointer = self._schemas.origin(finding.schema_path) or self.pointer
            found.append(
                Problem(
                    rule,
                    self._schemas.locate(pointer),
                    f"{subject}: {finding.message}",
                    finding.hint,
                    pointer=pointer,
                    place=join(place, *finding.path),
                )
            )
        if not found and not self.accepts(value):  # what the engine refuses is never let pass for want of words
            message = f"{subject}: {root} is {quote(value)}, which the schema does not accept"
            found.append(Problem(rule, self._schemas.locate(self.pointer), message, pointer=self.pointer, place=place))
        return found
