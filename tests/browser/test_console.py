"""The console of a page: it asks nobody before somebody names a server and sends, and sends what its form says."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import pytest

DOCUMENT = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: "https://x.test/v1"}]
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    user: {type: http, scheme: basic}
    token: {type: oauth2, flows: {}}
    part: {type: apiKey, in: query, name: key}
paths:
  /form/{id}:
    post:
      operationId: form
      security: [{user: []}]
      parameters: [{name: id, in: path, required: true, schema: {type: string}, example: a/b}]
      requestBody: {content: {application/x-www-form-urlencoded: {example: {text: "a & b", more: c}}}}
      responses: {"200": {description: ok}}
  /json:
    put:
      operationId: json
      security: [{key: [], part: []}]
      parameters: [{name: q, in: query, schema: {type: string}, example: "x y"}]
      requestBody: {content: {application/merge-patch+json: {example: {a: 1}}}}
      responses: {"200": {description: ok}}
  /plain:
    get:
      operationId: plain
      security: [{token: []}]
      responses: {"200": {description: ok}}
"""


class Echo(BaseHTTPRequestHandler):
    """Answers with what was asked; to every site."""

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, query = urlsplit(self.path).path, parse_qsl(urlsplit(self.path).query)
        heard = {
            "method": self.command,
            "path": path,
            "query": query,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": body.decode(),
        }
        content = json.dumps(heard).encode()
        self.send_response(200)
        for name in ("Origin", "Methods", "Headers"):
            self.send_header(
                f"Access-Control-Allow-{name}", {"Methods": "PUT", "Headers": "*, Authorization"}.get(name, "*")
            )
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_OPTIONS = answer  # noqa: N815  # what http.server calls them

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/base"
        server.shutdown()


@pytest.fixture
def opened(page, levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(DOCUMENT)
    (tmp_path / "levelbook.toml").write_text('spec = "api.yaml"\nconsole = true\n')
    assert levelbook("build", "-o", "out").exit_code == 0

    def open_page(name):
        page.goto((tmp_path / "out" / f"{name}.html").as_uri())
        page.get_by_text("Try it", exact=True).click()
        return page

    return open_page


def sent(page, server):
    page.get_by_label("Server").fill(server)
    page.get_by_role("button", name="Send").click()
    page.locator(".status-line").wait_for()
    assert page.locator(".status-line").inner_text() == "200 OK"
    assert "content-type: application/json" in page.locator(".result pre").first.inner_text()
    return json.loads(page.locator(".result pre").last.inner_text())


def test_a_form_is_sent(opened, server):
    page = opened("form")
    page.get_by_label("User name").fill("jürgen")
    page.get_by_label("Password or key").fill("s:1")
    page.get_by_label("Value text").fill("ü=%&+")
    page.get_by_role("button", name="Remove more").click()
    heard = sent(page, server)
    assert (heard["method"], heard["path"], heard["body"]) == ("POST", "/base/form/a%2Fb", "text=%C3%BC%3D%25%26%2B")
    assert heard["headers"]["authorization"] == "Basic asO8cmdlbjpzOjE="


def test_a_text_is_sent_with_keys(opened, server):
    page = opened("json")
    page.get_by_label("Value X-Key").fill("k")
    page.get_by_label("Value key").last.fill("p")
    page.get_by_role("group", name="Query parameters").get_by_role("button", name="Add").press("Enter")
    page.keyboard.type("more")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    heard = sent(page, server)
    assert heard["query"] == [["q", "x y"], ["key", "p"], ["more", "1"]]
    assert json.loads(heard["body"]) == {"a": 1}
    assert heard["headers"]["x-key"] == "k"
    assert heard["headers"]["content-type"] == "application/merge-patch+json"


def test_a_server_is_remembered_on_the_next_page(opened, server):
    page = opened("plain")
    page.get_by_label("Value Authorization").fill("Bearer t")
    assert sent(page, server)["headers"]["authorization"] == "Bearer t"
    opened("json")
    assert page.get_by_label("Server").input_value() == server


def test_no_server_is_asked_before_one_is_named(opened):
    page = opened("plain")
    page.get_by_role("button", name="Send").click()
    assert page.evaluate("document.activeElement.name") == "server"
    assert page.locator(".result").inner_text() == ""


def test_what_cannot_be_sent_is_told(opened, server):
    page = opened("plain")
    page.get_by_label("Server").fill(server)
    page.evaluate("document.querySelector('.try [data-part=headers] .try-name').value = 'no header'")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("This cannot be sent:").wait_for()
    assert "Invalid name" in page.locator(".result").inner_text()


def test_a_server_that_does_not_answer_is_told(opened, page):
    opened("plain")
    page.get_by_label("Server").fill("http://127.0.0.1:9")
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('Failed to fetch')); }")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("There was no answer that this page may read").wait_for()
    assert "Failed to fetch" in page.locator(".result").inner_text()


def test_sites_have_none_unless_they_ask_for_it(demo):
    assert 'class="try' not in demo.html("send-message")
    assert not (demo.folder / "assets" / "try.js").exists()
