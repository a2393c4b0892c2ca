"""A client that the plugin has wrapped: it is what it was, and its exchanges are judged."""

import asyncio
import json

import pytest

from levelbook.judged_session import Judged, exchange_record
from levelbook.validate.exchange import Request, Response

from .conftest import answer
from .test_clients import BASE


@pytest.fixture
def seen():
    return []


def test_what_is_set_is_set_on_the_client(seen):
    requests = pytest.importorskip("requests")

    class Fake(requests.adapters.BaseAdapter):
        def send(self, request, **_):
            response = requests.Response()
            response.status_code, response.request, response._content = (
                200,
                request,
                request.headers["Authorization"].encode(),
            )
            return response

        def close(self):
            pass

    client = Judged(requests.Session(), seen.append)
    client.auth = ("user", "key")
    client.mount(BASE, Fake())
    with client:
        response = client.get(BASE + "/things/a")
    assert response.content.startswith(b"Basic ")
    assert seen == [response]


@pytest.mark.parametrize("way", ["await", "async with"])
def test_a_response_that_comes_later(seen, way):
    pytest.importorskip("aiohttp")
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer

    async def make(request):
        return web.json_response(answer(1), status=201)

    async def go():
        app = web.Application()
        app.router.add_post("/things/a", make)
        async with Judged(TestClient(TestServer(app)), seen.append) as client:
            if way == "await":
                return await (await client.post("/things/a")).json()
            async with client.post("/things/a") as response:
                return await response.json()

    assert asyncio.run(go()) == {"id": 1}
    assert [response.status for response in seen] == [201]


def test_all_else_is_the_clients_own(seen):
    class Client:
        name = "x"

        def get(self, url):
            return url

        def count(self):
            return 5

    client = Judged(Client(), seen.append)
    assert (client.name, client.count(), client.get("/a")) == ("x", 5, "/a")
    assert seen == ["/a"]
    with pytest.raises(AttributeError):
        client.nothing  # noqa: B018


@pytest.mark.parametrize(
    ("body", "written"), [(None, {"body": None}), (b"x", {"body": "x"}), (b"\xff", {"body_base64": "/w=="})]
)
def test_an_exchange_as_ndjson_has_it(body, written):
    record = exchange_record(Request("GET", "/a", {"A": "b"}, body), Response(200, {}, body))
    assert record["request"] == {"method": "GET", "url": "/a", "headers": [["a", "b"]], **written}
    assert json.loads(json.dumps(record["response"])) == {"status": 200, "headers": [], **written}
