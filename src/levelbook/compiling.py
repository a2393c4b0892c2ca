"""A Python module that validates without the document: thin, with levelbook, or on the standard library alone.

A standalone module carries the text of the runtime, in which JSON Schema and JSON are those of
``levelbook.standalone``; nothing else differs, so that the verdicts are the same.
"""

from __future__ import annotations

import ast
import json
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from levelbook import __version__
from levelbook.marks import ListMarks, MapMarks
from levelbook.pointer import join
from levelbook.problem import Problem, SpecError
from levelbook.standalone.patterns import pattern_error
from levelbook.validate.compiled import FORMAT, Shapes, to_data
from levelbook.validate.source import ApiSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from levelbook.api import Api
    from levelbook.lower import Lowering

# The runtime begins at these; what they import comes along.
_ROOTS = ("levelbook.validate.validator", "levelbook.validate.compiled")
_IN_PLACE = {
    "levelbook.engine": "levelbook.standalone.engine",
    "levelbook.validate.source": "levelbook.standalone.source",
}
_THIN = '''"""Validates exchanges of the API “{title}” {version}: made by levelbook {levelbook}, not to be edited.

    outcome = validator.exchange(request, response)
"""

from __future__ import annotations

import json

from levelbook import Request, Response, Validator
from levelbook.validate.compiled import CompiledSource

__all__ = ["Request", "Response", "validator"]

'''
_ALONE = '''"""Validates exchanges of the API “{title}” {version}: made by levelbook {levelbook}, not to be edited.

    outcome = validator.exchange(Request("GET", "/users"), Response(200, {{}}, b""))

Needs nothing but the standard library of Python 3.11 or later.
"""

from __future__ import annotations

import json
import sys
import types

__all__ = ["Request", "Response", "validator"]

_PACKAGE = {package!r}
# The modules of the runtime, in the order in which they need each other.
_MODULES: dict[str, str] = {{
{modules}
}}


def _load() -> None:
    for name, text in _MODULES.items():
        module = types.ModuleType(f"{{_PACKAGE}}{{name}}")
        module.__path__ = []  # type: ignore[attr-defined]
        sys.modules[module.__name__] = module
        exec(compile(text, f"{{__file__}}:{{name}}", "exec"), module.__dict__)


if f"{{_PACKAGE}}.validate.compiled" not in sys.modules:  # another such module may have the same runtime
    _load()
CompiledSource = sys.modules[f"{{_PACKAGE}}.validate.compiled"].CompiledSource
Validator = sys.modules[f"{{_PACKAGE}}.validate.validator"].Validator
Request = sys.modules[f"{{_PACKAGE}}.validate.exchange"].Request
Response = sys.modules[f"{{_PACKAGE}}.validate.exchange"].Response

'''
_END = """
_DATA = json.loads({data})
_PLACES = {places}
validator = Validator(CompiledSource(_DATA, _PLACES){options})
"""


def compiled_module(
    api: Api, *, standalone: bool = False, strict: bool = False, ignore_formats: Iterable[str] = (), **options: Any
) -> str:
    """Give the text of a module whose ``validator`` judges as ours does; ``options`` are others of a Validator.

    Raises SpecError for broken references, and for patterns that a standalone module could not judge.
    """
    source = ApiSource(api, strict=strict, ignore_formats=frozenset(ignore_formats))
    data = compiled_data(api, source)
    places = json.dumps(
        {file: [document.file, _children(document.marks)] for file, document in api.documents.files.items()}
    )
    facts = {"title": _plain(api.title), "version": _plain(api.version), "levelbook": __version__}
    if standalone:
        _refuse_patterns(source)
        sources = runtime_sources()
        digest = sha256("".join(sources.values()).encode()).hexdigest()[:12]
        package = f"_levelbook_{digest}"
        modules = "\n".join(
            f"    {name.removeprefix('levelbook')!r}: {_renamed(text, package)!r}," for name, text in sources.items()
        )
        head = _ALONE.format(package=package, modules=modules, **facts)
    else:
        head = _THIN.format(**facts)
    given = "".join(f", {name}={value!r}" for name, value in {"strict": strict, **options}.items() if value)
    return head + _END.format(data=repr(json.dumps(data, ensure_ascii=True)), places=repr(places), options=given)


def _refuse_patterns(source: ApiSource) -> None:
    """Raise SpecError where a regular expression cannot be written for Python: it would refuse every text."""
    problems = []
    for lowering in source.lowerings.values():
        for name, schema in lowering.defs.items():
            for at, pattern in _patterns(schema):
                if why := pattern_error(pattern):
                    pointer = join(lowering.origins[name], *at)
                    hint = "compile without --standalone, or write the pattern otherwise"
                    where = source.locate(pointer)
                    problems.append(Problem("standalone-pattern", where, why, hint, pointer=pointer))
    if problems:
        raise SpecError(list({problem.where: problem for problem in problems}.values()))


def _patterns(schema: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(schema, ())]
    while stack:
        value, at = stack.pop()
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                yield (*at, "pattern"), value["pattern"]
            patterns = value.get("patternProperties")
            yield from (((*at, "patternProperties", name), name) for name in patterns or {})
            stack += [(item, (*at, key)) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [(item, (*at, index)) for index, item in enumerate(value)]


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def compiled_data(api: Api, source: ApiSource) -> dict[str, Any]:
    """Give all that a validator needs as plain data: every plan, and every schema that they lead to."""
    shapes = Shapes()
    keys = [*source.operations, *source.calls]
    plans = {key: to_data(source.plan(key), shapes) for key in keys}
    return {
        "format": FORMAT,
        "routes": source.routes,
        "webhooks": list(source.webhooks),
        "bases": list(source.bases),
        "origins": list(source.origins),
        "plans": plans,
        "shapes": shapes.rows,
        "requests": _lowered(source.lowerings["request"]),
        "responses": _lowered(source.lowerings["response"]),
        "remote": api.documents.remote_schemas,
        "identified": api.documents.identified_schemas,
    }


def _lowered(lowering: Lowering) -> dict[str, Any]:
    defs = lowering.closure(list(lowering.names.values()))
    return {
        "defs": defs,
        "uses": {name: sorted(uses) for name, uses in lowering.uses.items() if uses and name in defs},
        "origins": {name: lowering.origins[name] for name in defs},
    }


def _children(marks: Any) -> dict[str, Any] | None:
    """Give the place of every key and item, as a tree."""
    if isinstance(marks, MapMarks):
        return {name: [mark.line + 1, mark.column + 1, _children(below)] for name, (mark, below) in marks.items.items()}
    if isinstance(marks, ListMarks):
        found = {}
        for index, below in enumerate(marks.items):
            mark = getattr(below, "start", below)
            found[str(index)] = [mark.line + 1, mark.column + 1, _children(below)]
        return found
    return None


def runtime_sources() -> dict[str, str]:
    """Give the text of every module that the runtime consists of, in the order in which they need each other."""
    found: dict[str, str] = {}

    def visit(name: str) -> None:
        if name in found:
            return
        text = _source(_IN_PLACE.get(name, name))
        parent = name.rpartition(".")[0]
        if parent and parent not in found:
            found[parent] = '"""A package of the runtime."""\n'
        for other in _imports(ast.parse(text)):
            visit(other)
        found[name] = text

    found["levelbook"] = '"""The runtime of levelbook."""\n'
    for root in _ROOTS:
        visit(root)
    return found


def _source(name: str) -> str:
    """Give the text of a module; ``orjson`` in it is replaced where it runs alone."""
    steps = name.split(".")[1:]
    text = files("levelbook").joinpath(*steps[:-1], f"{steps[-1]}.py").read_text(encoding="utf-8")
    return text.replace("import orjson\n", "from levelbook.standalone import strict_json as orjson\n")


def _imports(tree: ast.Module) -> list[str]:
    """Name the modules of levelbook that a module imports when it runs."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("levelbook"):
            if node.module == "levelbook.standalone":
                found += [f"levelbook.standalone.{alias.name}" for alias in node.names]
            else:
                found.append(node.module)
    return found


def _renamed(text: str, package: str) -> str:
    return text.replace("from levelbook.", f"from {package}.").replace(
        "from levelbook import", f"from {package} import"
    )
