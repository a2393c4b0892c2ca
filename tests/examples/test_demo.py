"""The examples of the demo: all of them run, by the clients that its pages show."""

import json
import shutil
from pathlib import Path

import pytest

CLIENTS = {"python", "javascript", "zulip-send", "curl"}
PRESENT = {
    "javascript": shutil.which("node") is not None and Path("api_spec/examples/node_modules/zulip-js").is_dir(),
    "curl": shutil.which("curl") is not None,
}


def test_every_example_of_the_demo_runs(levelbook, tmp_path):
    result = levelbook("examples", "run", "--format", "json", "-o", tmp_path / "results.json")
    rows = json.loads(result.stdout)["examples"]
    assert [row for row in rows if row["outcome"] == "failed"] == []
    assert result.exit_code == 0
    assert {row["language"] for row in rows} >= CLIENTS
    skipped = {row["language"] for row in rows if row["outcome"] == "skipped"}
    assert not {language for language in skipped if PRESENT.get(language, language in CLIENTS)}
    if skipped:
        pytest.skip(f"not installed here: what examples in {', '.join(sorted(skipped))} need")


def test_the_results_of_the_demo_hold(levelbook):
    """After a change of the demo or its examples: `levelbook examples run`."""
    rows = json.loads(levelbook("examples", "list", "--format", "json").stdout)["examples"]
    assert [row for row in rows if not row["result"].startswith("passed on ")] == []
