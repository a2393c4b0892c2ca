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
from levelbook.validate.compiled import Shapes, to_data
from levelbook.validate.source import ApiSource

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.document import Document
    from levelbook.lower import Lowering

_FORMAT = 1
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


def compiled_module(api: Api, *, standalone: bool = False, strict: bool = False) -> str:
    """Give the text of a module whose ``validator`` judges as ours does. Raises SpecError for broken references."""
    source = ApiSource(api, strict=strict)
    data = compiled_data(api, source)
    places = json.dumps({file: [document.file, _places(document)] for file, document in _read(api).items()})
    facts = {"title": _plain(api.title), "version": _plain(api.version), "levelbook": __version__}
    if standalone:
        sources = runtime_sources()
        digest = sha256("".join(sources.values()).encode()).hexdigest()[:12]
        package = f"_levelbook_{digest}"
        modules = "\n".join(
            f"    {name.removeprefix('levelbook')!r}: {_renamed(text, package)!r}," for name, text in sources.items()
        )
        head = _ALONE.format(package=package, modules=modules, **facts)
    else:
        head = _THIN.format(**facts)
    options = ", strict=True" if strict else ""
    return head + _END.format(data=repr(json.dumps(data, ensure_ascii=True)), places=repr(places), options=options)


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _read(api: Api) -> dict[str, Document]:
    return api.documents.files


def compiled_data(api: Api, source: ApiSource) -> dict[str, Any]:
    """Give all that a validator needs as plain data: every plan, and every schema that they lead to."""
    shapes = Shapes()
    keys = [*source.operations, *source.calls]
    plans = {key: to_data(source.plan(key), shapes) for key in keys}
    return {
        "format": _FORMAT,
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


def _places(document: Document) -> dict[str, Any] | None:
    """Give the place of every key and item of a file, as a tree."""
    return _children(document.marks)


def _children(marks: Any) -> dict[str, Any] | None:
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
