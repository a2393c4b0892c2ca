"""Requests and responses of clients and test clients, judged as they are."""

import asyncio
import json
from io import BytesIO

import pytest

from levelbook import request_behind

from .conftest import answer, body_of

BASE = "http://api.example.com"


def places(outcome):
    return tuple(problem.place for problem in outcome.problems)


def with_requests(target, number):
    requests = pytest.importorskip("requests")

    class Fake(requests.adapters.BaseAdapter):
        def send(self, request, **_):
            response = requests.Response()
            response.status_code, response.request, response.url = 201, request, request.url
            response._content = json.dumps(answer(json.loads(request.body)["k"])).encode()
            response.headers["Content-Type"] = "application/json"
            return response

        def close(self):
            pass

    session = requests.Session()
    session.mount(BASE, Fake())
    response = session.post(BASE + target, json={"k": number})
    return response.request, response


def with_httpx(target, number):
    httpx = pytest.importorskip("httpx")
    transport = httpx.MockTransport(lambda request: httpx.Response(201, json=answer(json.loads(request.content)["k"])))
    with httpx.Client(base_url=BASE, transport=transport) as client:
        response = client.post(target, json={"k": number})
    return response.request, response


def with_flask(target, number):
    flask = pytest.importorskip("flask")
    app = flask.Flask(__name__)

    @app.post("/things/<path:name>")
    def make(name):
        return answer(flask.request.get_json()["k"]), 201

    response = app.test_client().post(target, json={"k": number})
    return request_behind(response), response


def with_werkzeug(target, number):
    pytest.importorskip("werkzeug")
    from werkzeug.test import Client
    from werkzeug.wrappers import Request, Response

    @Request.application
    def app(request):
        return Response(json.dumps(answer(request.get_json()["k"])), 201, content_type="application/json")

    response = Client(app).post(target, json={"k": number})
    return request_behind(response), response


def with_starlette(target, number):
    pytest.importorskip("starlette")
    pytest.importorskip("httpx")
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    async def make(request):
        return JSONResponse(answer((await request.json())["k"]), 201)

    response = starlette_client(Starlette(routes=[Route("/things/{name:path}", make, methods=["POST"])])).post(
        target, json={"k": number}
    )
    return response.request, response


def starlette_client(app):
    import warnings

    with warnings.catch_warnings():  # it asks for another HTTP client than the one that is there
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient
    return TestClient(app)


def with_fastapi(target, number):
    fastapi = pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    app = fastapi.FastAPI()

    @app.post("/things/{name:path}", status_code=201)
    def make(name: str, body: dict):
        return answer(body["k"])

    response = starlette_client(app).post(target, json={"k": number})
    return response.request, response


def with_aiohttp(target, number):
    pytest.importorskip("aiohttp")
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer
    from yarl import URL

    async def make(request):
        return web.json_response(answer((await request.json())["k"]), status=201)

    async def go():
        app = web.Application()
        app.router.add_post("/things/{name:.*}", make)
        async with TestClient(TestServer(app)) as client:
            response = await client.post(URL(target, encoded=True), json={"k": number})
            await response.read()
            return response

    response = asyncio.run(go())
    return request_behind(response), response


def with_falcon(target, number):
    pytest.importorskip("falcon")
    from falcon.testing import TestClient

    path, _, query = target.partition("?")
    sent = {}

    class Things:
        def on_post(self, req, resp, name):
            resp.status = 201
            resp.media = answer(req.get_media()["k"])

    import falcon

    class Notes:
        def process_response(self, req, resp, resource, req_succeeded):
            sent["request"], sent["response"] = req, resp

    app = falcon.App(middleware=[Notes()])
    app.add_route("/things/{name:path}", Things())
    result = TestClient(app).simulate_post(path, query_string=query, json={"k": number})
    return sent["request"], result


def with_openapi_core(target, number):
    from openapi_core.testing import MockRequest, MockResponse

    path, _, query = target.partition("?")
    from werkzeug.datastructures import MultiDict

    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    args = MultiDict([(name, value.replace("%20", " ")) for name, value in pairs])
    request = MockRequest("http://api.example.com", "post", path, args=args, data=body_of(number))
    return request, MockResponse(json.dumps(answer(number)).encode(), 201)


CLIENTS = [
    with_requests,
    with_httpx,
    with_flask,
    with_werkzeug,
    with_starlette,
    with_fastapi,
    with_openapi_core,
]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_exchanges_are_judged_as_they_are(things, case, client):
    target, number, wrong = case
    request, response = client(target, number)
    outcome = things.exchange(request, response)
    assert places(outcome) == wrong
    assert outcome.outcome == ("invalid" if wrong else "valid")


@pytest.mark.parametrize("client", [with_aiohttp, with_falcon], ids=lambda client: client.__name__)
def test_a_body_that_is_not_kept_is_said_to_be_not_judged(things, case, client):
    target, number, wrong = case
    outcome = things.exchange(*client(target, number))
    assert places(outcome) == tuple(place for place in wrong if not place.startswith("body"))
    assert "the body was not judged" in outcome.reason


def test_a_stream_that_nobody_read(things):
    httpx = pytest.importorskip("httpx")
    request = httpx.Request(
        "POST", BASE + "/things/a", content=iter([b'{"k": 1}']), headers={"content-type": "application/json"}
    )
    outcome = things.exchange(
        request, httpx.Response(201, stream=httpx.ByteStream(b"{}"), headers={"content-type": "application/json"})
    )
    assert outcome.outcome == "skipped"
    assert "a stream that the application has not read" in outcome.reason


def test_a_file_that_requests_sent(things):
    requests = pytest.importorskip("requests")
    request = requests.Request(
        "POST", BASE + "/things/a", data=BytesIO(b"{}"), headers={"content-type": "application/json"}
    )
    assert things.request(request).outcome == "skipped"


@pytest.mark.parametrize("thing", [object(), "GET /", None])
def test_what_is_no_request(things, thing):
    with pytest.raises(TypeError, match="is no request that levelbook knows"):
        things.request(thing)
    with pytest.raises(TypeError, match="is no response that levelbook knows"):
        things.response(with_openapi_core("/things/a", 1)[0], object())


def test_a_large_upload_can_be_read_again(things):
    flask = pytest.importorskip("flask")
    app = flask.Flask(__name__)

    @app.post("/things/<path:name>")
    def make(name):
        flask.request.files["f"].read()
        return answer(1), 201

    response = app.test_client().post("/things/a", data={"f": (BytesIO(b"z" * 700_000), "f")})
    request = request_behind(response)
    response.request.environ["wsgi.input"].close()
    response.close()
    assert request.unread or b"z" * 1000 in request.body


def test_a_response_that_nobody_asked_for():
    httpx = pytest.importorskip("httpx")
    with pytest.raises(TypeError, match="does not know which request it answers"):
        request_behind(httpx.Response(200))


def test_the_classes_that_openapi_core_has_for_frameworks(things, case):
    flask = pytest.importorskip("flask")
    from openapi_core.contrib.flask import FlaskOpenAPIRequest, FlaskOpenAPIResponse

    target, number, wrong = case
    app, outcomes = flask.Flask(__name__), []

    @app.post("/things/<path:name>")
    def make(name):
        return answer(flask.request.get_json()["k"]), 201

    @app.after_request
    def judge(response):
        outcomes.append(things.exchange(FlaskOpenAPIRequest(flask.request), FlaskOpenAPIResponse(response)))
        return response

    app.test_client().post(target, json={"k": number})
    assert [places(outcome) for outcome in outcomes] == [wrong]
