"""The walls of the house: imports only point down, and features never import each other."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "levelbook"
LAYERS = [
    ["problem", "pointer", "lenient", "cache", "openapi_formats"],
    ["marks", "tree", "json_tree", "document", "documents", "walk", "git"],
    ["levels", "table", "elements", "patch"],
    ["api", "dialect", "address", "prose", "rewind", "inference", "serialized", "servers"],
    ["loading", "engine", "standalone"],
    [
        "notes",
        "meaning",
        "lower",
        "phrases",
        "meant",
        "words",
        "bundle",
        "reach",
        "resources",
        "seen",
        "sequential",
        "styled",
        "values",
    ],
    ["check", "validate", "coverage", "docs", "examples", "history", "review"],
    ["report", "settings", "config", "reviewing_config"],
    [
        "cli",
        "serving",
        "recording",
        "listening",
        "mock",
        "compiling",
        "middleware",
        "pytest_plugin",
        "judged_session",
        "traffic",
        "exercising",
        "__main__",
        "__init__",
    ],
]
LEVEL = {name: number for number, names in enumerate(LAYERS) for name in names}
FEATURES = set(LAYERS[6])
# An import inside a function hides what it needs; each is here with its reason.
DEFERRED: dict[str, str] = {
    "review._history": "most reviews are of two documents, and need neither history nor stubs, traffic, HTML",
    "review._suggest": "the same",
    "review._with_more": "the same",
    "review._printed": "the same",
    "screen.progress": "only a terminal shows progress, and it takes as long to load as most commands do",
    "document.parse": "what comes from the cache, and JSON, needs no YAML",
    "document._marks_again": "the same, before a message needs a place",
    "engine._patient": "few schemas need it, and those only when they fail",
    "loading.from_documents": "rewinding is half of the model, and a validator starts without it",
    "loading.at": "the same",
    "pytest_plugin.pytest_configure": "the plugin is loaded by every test run, and asked for by few",
    "for_django.__init__": "asyncio is not loaded for those who have no event loop",
    "for_django._refused": "Django is there when its middleware is called, and only then",
    "structure._published": "it takes longer to load than most sites to build, which only name its rules",
    "review._pages": "what makes pages takes longer to load than most reviews, which show none",
    "history._shown": "what makes HTML takes longer to load than a changelog to print",
    "assembling._extras": "few sites show the pages of rules, and they bring all the rules",
    "for_aiohttp.aiohttp_middleware": "aiohttp is an extra",
}
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "starter" not in path.parts)  # whose files are a user's


def part(name: str) -> str:
    """Give the part of the house that a dotted name below `levelbook` belongs to."""
    return name.split(".")[1] if "." in name else "__init__"


def imports(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("levelbook"):
            yield part(node.module)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down(path):
    own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    tree = ast.parse(path.read_text())
    for other in imports(tree):
        if other == "__init__":
            continue  # the version: importing the package brings nothing else
        assert LEVEL[other] <= LEVEL[own], f"{own} may not import {other}"
        assert not ({own, other} <= FEATURES and own != other), (
            f"the features {own} and {other} may not know each other"
        )


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_import_hides_in_a_function(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            hidden = [inner for inner in ast.walk(node) if isinstance(inner, (ast.Import, ast.ImportFrom))]
            assert not hidden or f"{path.stem}.{node.name}" in DEFERRED


def test_only_one_module_knows_the_engine():
    users = [path.stem for path in MODULES if "import jsonschema_rs" in path.read_text()]
    assert users == ["engine"]


def test_only_the_edges_print_or_end():
    for path in MODULES:
        calls = {
            node.func.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert path.parts[-2] == "cli" or not calls & {"print", "input", "exit", "open"}, path
