"""`levelbook mock`, as it is run; and the application inside of a test."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from levelbook import Request, Validator, load
from levelbook.mock import Beside, Mock, application, running

DEMO = "api_spec/openapi.yaml"
BASIC = {"Authorization": "Basic eDp5"}
ROOT = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /index.html: {get: {responses: {'200': {description: d}}}}\n  /a: {get: {responses: {'200': {description: d}}}}\n"


def call(method, url, headers=(), body=None):
    request = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310  # our own server
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


@pytest.fixture
def started():
    """Start the command as a user does; its first line holds the address."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "levelbook", *arguments, "--port", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "60"},
        )  # fmt: skip
        processes.append(process)
        line = ""
        while "until Ctrl-C" not in line:
            line = process.stderr.readline()
            assert line, process.stdout.read()
        return process, line, re.search(r"http://\S+", line)[0]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_tells_and_ends(started, number):
    process, line, url = started("mock", DEMO)
    assert line.startswith("Chat REST API: 5 operations on http://127.0.0.1:")
    assert url.endswith("/api/v1")
    status, headers, body = call("GET", f"{url}/users", BASIC)
    assert (status, headers["content-type"], json.loads(body)["result"]) == (200, "application/json", "success")
    assert call("GET", f"{url}/users?client_gravatar=x", BASIC)[0] == 400
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert err.splitlines() == [
        "GET /api/v1/users 200 valid",
        'GET /api/v1/users?client_gravatar=x 400 invalid: GET /users: the query parameter `client_gravatar` is "x", but the document says boolean',
        "Stopped.",
    ]
    with socket.socket() as again:  # the port is free
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", int(url.split(":")[2].split("/")[0])))


def test_an_earlier_level(started):
    _, line, url = started("mock", DEMO, "--at", "8.0", "--seed", "3")
    assert line.startswith("Chat REST API as of 8.0: 5 operations on ")
    form = {**BASIC, "Content-Type": "application/x-www-form-urlencoded"}
    body = b"type=channel&to=%5B9%5D&content=x"
    assert call("POST", f"{url}/messages", form, body)[0] == 400  # `channel` came later
    assert call("POST", f"{url}/messages", form, body.replace(b"channel", b"direct"))[0] == 200


def test_the_site_and_a_mock_on_one_port(started):
    process, line, url = started("serve", DEMO, "--mock")
    assert line == f"Serving on {url} with a mock of the API until Ctrl-C\n"
    assert json.loads(call("GET", f"{url}api/v1/users", BASIC)[2])["result"] == "success"
    assert call("GET", f"{url}api/v1/nowhere")[0] == 404
    page = call("GET", f"{url}get-users.html")[2].decode()
    assert f"{url}api/v1/users" in page  # samples call the mock
    assert f'data-address="{url}api/v1"' in page  # and so does the console
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "GET /api/v1/nowhere 404 invalid: " in err


def test_a_port_in_use(levelbook):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = levelbook("mock", DEMO, "--port", port)
    assert result.exit_code == 2
    assert (
        f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another port with `--port`" in result.stderr
    )


def test_a_document_that_cannot_be_read(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text("openapi: [")
    result = levelbook("mock", tmp_path / "api.yaml", "--port", "0")
    assert result.exit_code == 3
    assert "api.yaml:2:" in result.stdout


def test_an_unknown_level(levelbook):
    result = levelbook("mock", DEMO, "--at", "x", "--port", "0")
    assert result.exit_code == 2
    assert "`x` is neither a level nor a release" in result.stderr


@pytest.fixture(scope="module")
def demo():
    reported = []
    mock = Mock(load(DEMO))
    app = application(mock, report=lambda request, answered: reported.append((request, answered)), limit=1000)
    with running(app) as url:
        yield url + "/api/v1", reported


def test_pages_of_any_origin_may_call(demo):
    url, _ = demo
    asked = {"Origin": "http://docs.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization, prefer"}  # fmt: skip
    status, headers, _ = call("OPTIONS", f"{url}/messages", asked)
    assert (status, headers["access-control-allow-origin"]) == (200, "*")
    assert "POST" in headers["access-control-allow-methods"]
    assert headers["access-control-allow-headers"] == "authorization, prefer"
    _, headers, _ = call("GET", f"{url}/users", {**BASIC, "Origin": "http://docs.example"})
    assert (headers["access-control-allow-origin"], headers["access-control-expose-headers"]) == ("*", "*")


@pytest.mark.parametrize(("length", "status"), [(900, 200), (1000, 413)])
def test_a_body_may_be_so_long(demo, length, status):
    url, reported = demo
    body = b"type=direct&to=%5B9%5D&content=" + b"x" * length
    form = {**BASIC, "Content-Type": "application/x-www-form-urlencoded"}
    found, headers, content = call("POST", f"{url}/messages", form, body)
    assert found == status
    _, answered = reported[-1]
    assert answered.response.status == status
    if status == 413:
        assert headers["content-type"] == "application/problem+json"
        assert (
            json.loads(content)["detail"]
            == "POST /api/v1/messages: the body is longer than 1,000 bytes, which is all that is read"
        )


def test_head_has_no_body_but_its_length(demo):
    url, _ = demo
    status, headers, body = call("HEAD", f"{url}/users", BASIC)
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) == len(call("GET", f"{url}/users", BASIC)[2])


def test_the_answers_over_http_are_those_of_the_function(demo):
    url, reported = demo
    status, _, body = call("GET", f"{url}/users", {**BASIC, "Prefer": "dynamic=true"})
    request, answered = reported[-1]
    assert (answered.response.status, answered.response.body) == (status, body)
    assert Mock(load(DEMO)).answer(request).body == body
    assert Mock(load(DEMO), seed=1).answer(request).body != body
    assert answered.outcome.operation == "GET /users"


def test_a_validator_of_ones_own_judges():
    api = load(DEMO)
    request = Request("GET", "/api/v1/users?nobody=1", BASIC)
    assert Mock(api).answer(request).status == 200
    assert Mock(api, validator=Validator(api, strict=True)).answer(request).status == 400


@pytest.mark.parametrize(("path", "is_api"), [("/a", True), ("/", False), ("/b", False), ("/index.html", True)])
def test_an_api_without_a_base_path_beside_a_site(api, path, is_api):
    assert Mock(api(ROOT)).has(path) is is_api


def test_before_there_is_a_mock_the_site_answers():
    async def site(scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body"})

    with running(Beside().around(site)) as url:
        assert call("GET", f"{url}/api/v1/users")[0] == 299
