"""A server that keeps what it is sent, and what a request was meant to say, both in the same words."""

import json
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from levelbook.validate.media import parameters_of
from levelbook.validate.multipart import parts_of


class Sent(NamedTuple):
    """A request as it arrived: the target raw, headers by name in lower case, the body's bytes."""

    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def path(self):
        return [unquote(step) for step in self.target.partition("?")[0].split("/")]

    @property
    def query(self):
        return parse_qsl(self.target.partition("?")[2], keep_blank_values=True)

    @property
    def cookies(self):
        parts = self.headers.get("cookie", "").split("; ")
        return [tuple(unquote(side) for side in part.split("=", 1)) for part in parts if part]

    @property
    def form(self):
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def media_type(self):
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def parts(self):
        """The parts of a multipart body: name, file name, type, content."""
        parts = parts_of(self.body, parameters_of(self.headers["content-type"]).get("boundary"))
        return [(one.name, _file(one.headers), one.content_type.partition(";")[0], one.body) for one in parts]


def _file(headers):
    return parameters_of(headers["content-disposition"]).get("filename")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self):
        # Python reads headers as Latin-1; they were sent as UTF-8.
        headers = {
            key.lower(): value.encode("latin-1").decode("utf-8", "replace") for key, value in self.headers.items()
        }
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(iter(self._chunk, b""))
        else:
            body = self.rfile.read(int(headers.get("content-length", 0)))
        self.server.sent.append(Sent(self.command, self.path, headers, body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _chunk(self):
        chunk = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return chunk

    def log_message(self, *_):
        pass


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"):
    setattr(_Handler, f"do_{_method}", _Handler.answer)


class Echo(socketserver.ThreadingTCPServer):
    """An HTTP server on a free port; ``sent`` is what arrived, in order."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self):
        """Give what arrived, and forget it."""
        taken, self.sent = self.sent, []
        return taken
