"""`levelbook serve`: the site over HTTP, built anew at each change; errors over the last good page."""

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

DOCUMENT = "openapi: 3.1.0\ninfo: {title: %s, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'200': {description: d}}}}}\n"


@pytest.fixture
def served(tmp_path):
    (tmp_path / "api.yaml").write_text(DOCUMENT % "First")
    process = subprocess.Popen(
        [sys.executable, "-m", "levelbook", "serve", "api.yaml", "--port", "0"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    address = None
    while address is None:
        line = process.stderr.readline()
        assert line, process.stdout.read()
        address = re.search(r"http://\S+/", line)
    yield tmp_path, address[0], process
    process.kill()
    process.communicate()


def get(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  # our own server
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def states(address):
    with urllib.request.urlopen(f"{address}-/events", timeout=20) as answer:  # noqa: S310
        for line in answer:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


def test_a_change_is_shown_and_an_error_leaves_the_last_good_page(served):
    folder, address, process = served
    status, page = get(f"{address}a.html")
    assert status == 200
    assert '<script src="/-/live.js" defer></script></head>' in page
    heard = states(address)
    assert next(heard) == {"version": 0, "problems": []}
    (folder / "api.yaml").write_text(DOCUMENT % "Second")
    assert next(heard)["problems"] == []
    assert "Second" in get(address)[1]
    (folder / "api.yaml").write_text(DOCUMENT % "Third" + "\tx: 1\n")
    [problem] = next(heard)["problems"]
    assert problem["where"] == "api.yaml:4:1"
    assert "tab" in problem["message"]
    assert "Second" in get(f"{address}index.html")[1]
    (folder / "api.yaml").write_text(DOCUMENT % "Fourth")
    assert next(heard)["problems"] == []
    assert "Fourth" in get(address)[1]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert err.endswith("Stopped.\n")
    assert "api.yaml:4:1: error: a tab is used for indentation" in out


PATHS = [("", 200), ("a.html", 200), ("assets/style.css", 200), ("no.html", 404), ("no.css", 404), ("..%2f..%2fapi.yaml", 404), ("assets", 404)]  # fmt: skip


def test_misspelt_paths_leave_the_last_good_page(served):
    folder, address, _ = served
    heard = states(address)
    next(heard)
    (folder / "api.yaml").write_text((DOCUMENT % "Second").replace("paths:", "path:"))
    [problem] = next(heard)["problems"]
    assert (problem["where"], problem["hint"]) == ("api.yaml:3:1", "did you mean `paths`?")
    assert get(f"{address}a.html")[0] == 200


def test_a_folder_is_named_with_a_slash(served):
    _, address, _ = served
    with pytest.raises(urllib.error.HTTPError) as raised:  # there is no index
        urllib.request.urlopen(f"{address}assets", timeout=10)  # noqa: S310  # our own server
    with raised.value as answer:
        assert (answer.code, answer.geturl()) == (404, f"{address}assets/")


def test_a_document_that_was_gone_and_came_back(served):
    folder, address, _ = served
    heard = states(address)
    next(heard)
    (folder / "api.yaml").rename(folder / "away.yaml")
    [problem] = next(heard)["problems"]
    assert "there is no such file" in problem["message"]
    (folder / "away.yaml").rename(folder / "api.yaml")
    assert next(heard)["problems"] == []
    (folder / "api.yaml").write_text(DOCUMENT % "Later")
    assert next(heard)["problems"] == []
    assert "Later" in get(address)[1]
    assert get(f"{address}%00")[0] == 404


def test_what_is_there_is_served_and_nothing_else(served):
    _, address, _ = served
    assert [(path, get(f"{address}{path}")[0]) for path, _ in PATHS] == PATHS


def test_a_document_that_is_broken_from_the_start(tmp_path):
    (tmp_path / "api.yaml").write_text("openapi: [")
    process = subprocess.Popen(
        [sys.executable, "-m", "levelbook", "serve", "api.yaml", "--port", "0"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    address = re.search(r"http://\S+/", process.stderr.readline())[0]
    assert "There is no page yet." in get(address)[1]
    assert "api.yaml:2:" in next(states(address))["problems"][0]["where"]
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_port_in_use(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(DOCUMENT % "T")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = levelbook("serve", tmp_path / "api.yaml", "--port", port)
    assert result.exit_code == 2
    assert (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another port with `--port`" in result.stderr
    )
