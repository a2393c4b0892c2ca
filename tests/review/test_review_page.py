"""The page about reviews: what its workflow and its hook run is run here."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

PAGE = (Path(__file__).parents[2] / "site" / "review.md").read_text()
WORKFLOW, HOOKS = (
    yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
TOP = "openapi: 3.1.0\ninfo: {title: T, version: '1', x-levels: {current: 5}}\npaths:\n"
BASE = TOP + "  /a: {get: {responses: {'200': {description: OK}}}}\n"
BARE = BASE + "  /b: {get: {responses: {'200': {description: OK}}}}\n"
NOTED = BASE + "  /b: {get: {x-changes: [{level: next, kind: added}], responses: {'200': {description: OK}}}}\n"
STATES = [("bare", BARE, 1), ("noted", NOTED, 0)]


def run(command, folder):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-ec", command], cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": path, "BASE": "main"},
    )  # fmt: skip


@pytest.mark.parametrize(("head", "code"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_the_workflow(project, clone, head, code):
    project.commit(api__openapi_yaml=BASE, pyproject_toml="[tool.levelbook]\nspec = 'api/openapi.yaml'\n")
    project.git("checkout", "-q", "-b", "topic")
    project.commit(api__openapi_yaml=head)
    made = clone()
    steps = [step["run"] for step in WORKFLOW["jobs"]["review"]["steps"] if "levelbook review" in step.get("run", "")]
    lines = ["\n".join(line for line in step.splitlines() if line.startswith("levelbook")) for step in steps]
    assert len(lines) == 2
    comment, annotations = (run(line, made.folder) for line in lines)
    assert comment.returncode == 0
    assert "the page get-b" in (made.folder / "review.md").read_text()
    assert annotations.returncode == code
    assert ("::error file=api/openapi.yaml,line=5," in annotations.stdout) == bool(code)


@pytest.mark.parametrize(("head", "code"), [row[1:] for row in STATES], ids=[row[0] for row in STATES])
def test_the_hook(project, head, code):
    (hook,) = HOOKS["repos"][0]["hooks"]
    project.commit(api__openapi_yaml=BASE)
    script = project.folder / ".git" / "hooks" / "pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nexec {hook['entry']}\n")
    script.chmod(0o755)
    project.write(api__openapi_yaml=head)
    assert re.match(hook["files"], "api/openapi.yaml")
    done = run("git add -A && git commit -q -m x", project.folder)
    assert done.returncode == code
    assert ("undeclared" in done.stdout + done.stderr or "note:     missing" in done.stdout + done.stderr) == bool(code)


def test_it_has_a_section_on_limits():
    assert "\n## Limits\n" in PAGE
