"""The pytest plugin, on the demo server: alone, with workers, and with the other engine."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

for _name in ("flask", "fastapi", "httpx"):
    pytest.importorskip(_name)
SUITE = Path(__file__).parent / "demo"
DEMO = Path(__file__).parent.parent / "api_spec" / "openapi.yaml"


@pytest.fixture
def run(tmp_path):
    """Run the suite of the demo server in a process of its own."""

    def runs(*arguments, lie="", spec=DEMO):
        options = [] if spec is None else ["--levelbook", str(spec)]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-c",
            "/dev/null",
            "--rootdir",
            str(SUITE),
        ]
        return subprocess.run(
            [*command, str(SUITE / "suite.py"), *options, *arguments],
            cwd=tmp_path,
            env={"CHAT_LIE": lie, "PATH": "/usr/bin:/bin", "PYTHONPATH": str(SUITE)},
            capture_output=True,
            text=True,
            check=False,
        )

    return runs


def test_a_server_that_tells_the_truth(run):
    result = run()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "8 exchanges: 6 valid, 2 invalid, 0 skipped" in result.stdout  # two that the server refused, rightly
    assert "operations                        2 of 5" in result.stdout


LIES = [
    ("type", "test_a_channel_message", '`id` is "42", but the document says integer', "openapi.yaml"),
    ("code", "test_a_channel_that_is_not_there", "NO_SUCH_CHANNEL", 'allows only "STREAM_DOES_NOT_EXIST"'),
    ("status", "test_users", "GET /users 202: the document does not know this status", "it knows 200"),
]


@pytest.mark.parametrize(("lie", "test", "message", "more"), LIES, ids=[row[0] for row in LIES])
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_each_lie_of_the_server_is_caught(run, lie, test, message, more, workers):
    if workers:
        pytest.importorskip("xdist")
    result = run(*workers, lie=lie)
    assert result.returncode == 1
    failed = set(re.findall(r"^FAILED \S*::(\w+)", result.stdout, re.MULTILINE))
    assert failed == {test}
    assert message in result.stdout
    assert more in result.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "two workers"])
def test_what_was_exercised_and_what_not(run, tmp_path, workers):
    if workers:
        pytest.importorskip("xdist")
    files = ("--levelbook-coverage", "c.json", "--levelbook-html", "c.html", "--levelbook-report", "r.ndjson")
    result = run(*workers, *files)
    assert result.returncode == 0, result.stdout + result.stderr
    data = json.loads((tmp_path / "c.json").read_text())
    rows = {tuple(row[:3]): row[3:] for row in data["operations"]["POST /messages"]}
    assert rows["status", "response", "400"][0] == 4
    assert rows["value", "body/type", '"channel"'][0] == 4
    assert rows["value", "body/type", '"direct"'] == [0, {}]
    assert any("test_a_channel_message[flask]" in name for name in rows["property", "body/topic", ""][1])
    for operation in ("GET /messages", "POST /register", "GET /events"):
        assert f"    {operation}\n" in result.stdout
    page = (tmp_path / "c.html").read_text()
    assert "test_a_channel_message[flask]" in page
    assert page.count("<details") == 5
    exchanges = [json.loads(line) for line in (tmp_path / "r.ndjson").read_text().splitlines()]
    assert len(exchanges) == 8
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.html", "c.json", "r.ndjson"]


def test_the_report_is_what_validate_reads(run, tmp_path, levelbook):
    run("--levelbook-report", "r.ndjson")
    result = levelbook("validate", DEMO, str(tmp_path / "r.ndjson"), "--format", "ndjson")
    told = [json.loads(line)["outcome"] for line in result.stdout.splitlines()]
    assert sorted(told) == ["invalid"] * 2 + ["valid"] * 6


def test_a_threshold_fails_the_run(run):
    result = run("--levelbook-fail-under", "90")
    assert result.returncode == 1
    assert re.search(r"coverage is \d+\.\d %, less than 90 %", result.stdout)
    assert "8 passed" in result.stdout


def test_the_other_engine(run):
    result = run("--levelbook-engine", "openapi-core", lie="type")
    assert result.returncode == 1
    assert "'42' is not of type 'integer'" in result.stdout


def test_an_older_level(run):
    result = run("--levelbook-at", "5.0")
    assert 'is "channel", but the document allows only' in result.stdout


def test_without_the_option_nothing_happens(run):
    result = run(spec=None)
    assert result.returncode == 0
    assert "exchanges" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--levelbook", "nowhere.yaml"), "there is no such file"),
        (("--levelbook", str(DEMO), "--levelbook-at", "x"), "--levelbook"),
        (("--levelbook", str(DEMO), "--levelbook-strict", "very"), "invalid choice: 'very'"),
    ],
)
def test_what_was_asked_for_wrongly(run, arguments, message):
    result = run(*arguments, spec=None)
    assert result.returncode == 4
    assert message in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr


def test_it_needs_no_workers_and_collects_without_a_threshold(run):
    assert run("-p", "no:xdist").returncode == 0
    result = run("--collect-only", "--levelbook-fail-under", "90")
    assert result.returncode == 0, result.stdout
