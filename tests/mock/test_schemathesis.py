"""schemathesis against a running mock: it has no part in how the mock is made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from levelbook import load
from levelbook.mock import Mock, application, running

DEMO = "api_spec/openapi.yaml"
CONFORMANCE = "not_a_server_error,content_type_conformance,response_headers_conformance,response_schema_conformance"


def run(spec, folder, *options):
    """Run it as a program; give how it ended, what it printed, and the exchanges."""
    seen = []
    app = application(Mock(load(spec)), report=lambda request, answered: seen.append((request, answered)))
    with running(app) as url:
        command = ["run", str(Path(spec).absolute()), "--url", f"{url}/api/v1", "-H", "Authorization: Basic eDp5"]
        fixed = ["--generation-deterministic", "--continue-on-failure", "--no-color", "--suppress-health-check=all"]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.absolute()), "SCHEMATHESIS_HOOKS": "hooks"}
        result = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", *command, *fixed, *options],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    return result, seen


@pytest.mark.parametrize(
    "options",
    [
        ["--mode=positive", f"--checks={CONFORMANCE},status_code_conformance,positive_data_acceptance"],
        ["--mode=all", f"--checks={CONFORMANCE},unsupported_method"],
    ],
    ids=["good requests", "all requests"],
)
def test_the_demo(tmp_path, options):
    result, seen = run(DEMO, tmp_path, "--max-examples=10", "--phases=examples,coverage,fuzzing", *options)
    assert result.returncode == 0, result.stdout
    assert re.search(r"Tested: 5\n", result.stdout)
    assert len(seen) > 100
    assert {answered.response.status for _, answered in seen} <= {200, 400, 401, 404, 405, 415}


def test_zulip(corpus, tmp_path):
    """Good requests to each operation: every answer has a documented status, type and schema."""
    options = ["--phases=examples,fuzzing", "--max-examples=1", "--mode=positive"]
    result, seen = run(
        corpus / "zulip-10.2" / "zulip.yaml", tmp_path, *options, f"--checks={CONFORMANCE},status_code_conformance"
    )
    assert result.returncode == 0, result.stdout
    assert re.search(r"Tested: 121\n", result.stdout)
    assert len(seen) > 200
