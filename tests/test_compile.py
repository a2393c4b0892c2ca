"""Compiled validators: the same verdicts as the library, on every row of the table."""

import os
import subprocess
import sys
import types
from collections import defaultdict

import pytest

from levelbook import Validator
from levelbook.compiling import compiled_module
from test_validate import GROUPS, api_of, exchange_of

# What the standard library reads less of: JSON nested more than some 990 deep is refused.
TOO_DEEP = 990


def made(api, *, standalone, strict):
    """Run the text of a compiled module."""
    module = types.ModuleType("compiled")
    module.__file__ = "compiled.py"
    exec(compile(compiled_module(api, standalone=standalone, strict=strict), "compiled.py", "exec"), module.__dict__)  # noqa: S102
    return module


def told(outcome):
    return (
        outcome.outcome,
        outcome.operation,
        [(item.rule, item.place, item.pointer, item.where) for item in outcome.problems],
    )


@pytest.mark.parametrize("standalone", [False, True], ids=["thin", "standalone"])
@pytest.mark.parametrize("index", range(len(GROUPS)), ids=lambda index: GROUPS[index]["section"].partition(" (")[0])
def test_every_row_has_the_verdict_of_the_library(index, standalone):
    by_strictness = defaultdict(list)
    for row in GROUPS[index]["rows"]:
        by_strictness[bool(row.get("strict", False))].append(row)
    for strict, rows in by_strictness.items():
        api = api_of(index)
        ours = Validator(api, strict=strict)
        module = made(api, standalone=standalone, strict=strict)
        for row in rows:
            request, response = exchange_of(row)
            theirs = module.Request(request.method, request.url, request.headers, request.body)
            answer = response and module.Response(response.status, response.headers, response.body)
            expected, found = ours.exchange(request, response), module.validator.exchange(theirs, answer)
            if standalone and (request.body or b"").count(b"[") > TOO_DEEP:
                assert found.outcome == "invalid"
            elif standalone:
                assert (found.outcome, found.operation) == (expected.outcome, expected.operation), row
            else:
                assert told(found) == told(expected), row


def test_a_standalone_module_needs_nothing_else(levelbook, tmp_path):
    path = tmp_path / "alone.py"
    assert levelbook("compile", "api_spec/openapi.yaml", "-o", path, "--standalone").exit_code == 0
    code = """
import sys
from alone import Request, Response, validator
request = Request("GET", "/api/v1/users?client_gravatar=maybe", {"Authorization": "Basic eDp5"})
problem = validator.request(request).problems[0]
print(problem.message, "|", problem.where)
print([name for name in sys.modules if name.partition(".")[0] in ("levelbook", "orjson", "jsonschema_rs", "yaml")])
"""
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    message, modules = result.stdout.splitlines()
    assert '`client_gravatar` is "maybe", but the document says boolean | api_spec/openapi.yaml:' in message
    assert modules == "[]"


@pytest.mark.parametrize("options", [(), ("--standalone",)])
def test_the_same_document_gives_the_same_bytes(levelbook, tmp_path, options):
    for name in ("a.py", "b.py"):
        levelbook("compile", "api_spec/openapi.yaml", "-o", tmp_path / name, *options)
    assert (tmp_path / "a.py").read_bytes() == (tmp_path / "b.py").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("api_spec/openapi.yaml",), 2, "Missing option '-o'"),
        (("api_spec/openapi.yaml", "-o", "README.md/x.py"), 2, "cannot write README.md/x.py"),
        (("api_spec/nowhere.yaml", "-o", "x.py"), 3, "there is no such file"),
    ],
)
def test_what_was_asked_for_wrongly(levelbook, arguments, code, message):
    result = levelbook("compile", *arguments)
    assert result.exit_code == code
    assert message in result.output
