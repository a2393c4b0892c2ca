"""Is this document right? One function per rule; its name is the rule's id, its docstring the rule's page.

>>> from levelbook.document import parse
>>> from levelbook.documents import Documents
>>> [problem.rule for problem in check(Documents(parse("openapi: 3.1.0\\ninfo: {title: Demo}", "x.yaml")))]
['openapi-schema', 'openapi-schema', 'unchecked']
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from levelbook.check.notes import (
    level_table,
    note_before,
    note_impossible,
    note_level,
    note_missing_level,
    note_order,
    note_parent,
    note_release,
)
from levelbook.check.paths import (
    ambiguous_paths,
    duplicate_operation_id,
    path_parameters,
    unknown_security_scheme,
)
from levelbook.check.schemas import example_schema, pattern
from levelbook.check.spelling import (
    note_anchor,
    note_bold,
    note_deprecated,
    note_outside,
    note_placeholder,
    note_unread,
)
from levelbook.check.structure import openapi_schema, unresolved_ref
from levelbook.check.texts import NoteTexts
from levelbook.loading import from_documents
from levelbook.problem import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from levelbook.documents import Documents
    from levelbook.levels import LevelTable

DOCUMENT_RULES = (openapi_schema, unresolved_ref)
API_RULES = (
    ambiguous_paths,
    duplicate_operation_id,
    path_parameters,
    unknown_security_scheme,
    pattern,
    example_schema,
)


NOTE_RULES = (
    level_table,
    note_anchor,
    note_before,
    note_bold,
    note_deprecated,
    note_impossible,
    note_level,
    note_missing_level,
    note_order,
    note_outside,
    note_parent,
    note_placeholder,
    note_release,
    note_unread,
)


def check(documents: Documents, *, levels: LevelTable | None = None, pages: Iterable[Path] = ()) -> list[Problem]:
    """Run every rule, in the order of the file; ``pages`` are Markdown pages whose mentions of levels are looked at.

    Rules on the API need a document that is OpenAPI: where it is not, they wait until that is mended, and an
    ``unchecked`` row says so. Raises SpecError for a file that is no OpenAPI 3 at all.
    """
    problems = [problem for rule in DOCUMENT_RULES for problem in rule(documents)]
    if any(problem.severity is Severity.ERROR for problem in problems):
        names = ", ".join(rule_id(rule) for rule in (*API_RULES, *NOTE_RULES))
        problems.append(
            Problem(
                "unchecked",
                documents.locate(""),
                f"not checked until the above is mended: {names}",
                severity=Severity.INFO,
            )
        )
    else:
        api = from_documents(documents.with_remote_unknown(), levels=levels)
        texts = NoteTexts(api, pages)
        problems += [problem for rule in API_RULES for problem in rule(api)]
        problems += [problem for rule in NOTE_RULES for problem in rule(texts)]
    return sorted(problems, key=lambda problem: (problem.severity is Severity.INFO, problem.where, problem.rule))


RULES: tuple[Callable[..., Iterator[Problem]], ...] = (*DOCUMENT_RULES, *API_RULES, *NOTE_RULES)


def rule_id(rule: Callable[..., object]) -> str:
    """Give the id of a rule: its function's name, with dashes."""
    return rule.__name__.replace("_", "-")


def rule_pages() -> dict[str, str]:
    """Give the page of every rule, by id."""
    return {rule_id(rule): inspect.cleandoc(rule.__doc__ or "") for rule in RULES}
