"""Servers, judged from inside: every framework with the middleware that fits it."""

import asyncio
import json
import sys
import types
from wsgiref.validate import validator as wsgi_police

import pytest

from levelbook import asgi, wsgi
from levelbook.middleware import Asgi, DjangoMiddleware, aiohttp_middleware

from .conftest import answer, body_of
from .test_clients import starlette_client

JSON = [("Content-Type", "application/json")]


def wsgi_app(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("201 Created", list(JSON))
    return [json.dumps(answer(json.loads(body)["k"])).encode()]


def generator_app(environ, start_response):
    yield from wsgi_app(environ, start_response)


def writing_app(environ, start_response):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    write = start_response("201 Created", list(JSON))
    write(json.dumps(answer(json.loads(body)["k"])).encode())
    return []


def flask_app():
    flask = pytest.importorskip("flask")
    app = flask.Flask(__name__)

    @app.post("/things/<path:name>")
    def make(name):
        return answer(flask.request.get_json()["k"]), 201

    return app


def falcon_app():
    falcon = pytest.importorskip("falcon")

    class Things:
        def on_post(self, req, resp, name):
            resp.status = 201
            resp.media = answer(req.get_media()["k"])

    app = falcon.App()
    app.add_route("/things/{name:path}", Things())
    return app


WSGI_APPS = {
    "a list": lambda: wsgi_app,
    "a generator": lambda: generator_app,
    "write()": lambda: writing_app,
    "flask": flask_app,
    "falcon": falcon_app,
}


@pytest.mark.parametrize("make", WSGI_APPS.values(), ids=WSGI_APPS)
def test_wsgi(things, case, reports, make):
    werkzeug = pytest.importorskip("werkzeug.test")
    target, number, wrong = case
    response = werkzeug.Client(wsgi(make(), things, report=reports)).post(target, json={"k": number})
    assert json.loads(response.data) == answer(number)
    assert reports.places == [wrong]
    response.close()


def test_wsgi_keeps_to_the_rules(things, reports):
    def app(environ, start_response):
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        start_response("201 Created", list(JSON))
        return [b'{"id": 1}']

    httpx = pytest.importorskip("httpx")
    policed = wsgi_police(wsgi(wsgi_police(app), things, report=reports))
    with httpx.Client(transport=httpx.WSGITransport(policed), base_url="http://h") as client:
        assert client.post("/things/a", json={"k": 1}).status_code == 201
    assert reports.places == [()]


def test_a_bad_request_is_refused_before_the_application_sees_it(things, case, reports):
    werkzeug = pytest.importorskip("werkzeug.test")
    target, number, wrong = case
    response = werkzeug.Client(wsgi(wsgi_app, things, report=reports, refuse=True)).post(target, json={"k": number})
    refused = bool(wrong) and not wrong[0].startswith("response")
    assert response.status_code == (400 if refused else 201)
    assert reports.places == [wrong]
    if refused:
        assert response.content_type == "application/problem+json"
        told = json.loads(response.data)
        assert (told["status"], told["errors"][0]["in"]) == (400, wrong[0])


@pytest.mark.parametrize(("limit", "outcome"), [(1 << 20, "invalid"), (4, "skipped")])
def test_what_is_too_long_passes_unjudged(things, reports, limit, outcome):
    werkzeug = pytest.importorskip("werkzeug.test")
    client = werkzeug.Client(wsgi(wsgi_app, things, report=reports, limit=limit))
    assert client.post("/things/a", json={"k": 13}).json == {"id": "thirteen"}
    assert [found.outcome for found, _, _ in reports] == [outcome]
    if outcome == "skipped":
        assert "longer than 4 bytes" in reports[0][0].reason


def test_a_stream_arrives_chunk_by_chunk(things, reports):
    made = []

    def app(environ, start_response):
        start_response("201 Created", [("Content-Type", "text/plain")])
        for number in range(3):
            made.append(number)
            yield b"%d" % number

    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/things/a", "CONTENT_TYPE": "application/json"}
    import io

    environ |= {"CONTENT_LENGTH": "8", "wsgi.input": io.BytesIO(body_of(1))}
    chunks = wsgi(app, things, report=reports)(environ, lambda *_: None)
    assert next(chunks) == b"0"
    assert made == [0]  # nothing was read ahead
    chunks.close()
    assert "it was not sent to its end" in reports[0][0].reason


def test_an_application_that_fails(things, reports):
    def app(environ, start_response):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        wsgi(app, things, report=reports)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None)
    assert reports == []


async def asgi_app(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message.get("more_body"):
            break
    told = json.dumps(answer(json.loads(body)["k"])).encode()
    await send({"type": "http.response.start", "status": 201, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": told[:3], "more_body": True})
    await send({"type": "http.response.body", "body": told[3:]})


def starlette_app():
    pytest.importorskip("starlette")
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse, StreamingResponse
    from starlette.routing import Mount, Route

    async def make(request):
        told = answer((await request.json())["k"])
        if told["id"] == 1:
            return JSONResponse(told, 201)
        return StreamingResponse(iter([json.dumps(told)]), 201, media_type="application/json")

    route = Route("/{name:path}", make, methods=["POST"])
    return Starlette(routes=[Mount("/things", routes=[route])])


def fastapi_app():
    fastapi = pytest.importorskip("fastapi")
    app = fastapi.FastAPI()

    @app.post("/things/{name:path}", status_code=201)
    def make(name: str, body: dict):
        return answer(body["k"])

    return app


ASGI_APPS = {"plain": lambda: asgi_app, "starlette": starlette_app, "fastapi": fastapi_app}


@pytest.mark.parametrize("make", ASGI_APPS.values(), ids=ASGI_APPS)
def test_asgi(things, case, reports, make):
    httpx = pytest.importorskip("httpx")
    target, number, wrong = case

    async def go():
        transport = httpx.ASGITransport(asgi(make(), things, report=reports))
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            return await client.post(target, json={"k": number})

    assert asyncio.run(go()).json() == answer(number)
    assert reports.places == [wrong]


@pytest.mark.parametrize("make", [starlette_app, fastapi_app], ids=["starlette", "fastapi"])
def test_asgi_as_middleware_that_refuses(things, case, reports, make):
    target, number, wrong = case
    app = make()
    app.add_middleware(Asgi, validator=things, report=reports, refuse=True)
    response = starlette_client(app).post(target, json={"k": number})
    refused = bool(wrong) and not wrong[0].startswith("response")
    assert response.status_code == (400 if refused else 201)
    assert reports.places == [wrong]


def test_web_sockets_and_lifespan_pass_through(things, reports):
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    async def go():
        for kind in ("websocket", "lifespan"):
            await asgi(app, things, report=reports)({"type": kind}, None, None)

    asyncio.run(go())
    assert seen == ["websocket", "lifespan"]
    assert reports == []


@pytest.fixture(scope="module")
def django_urls():
    django = pytest.importorskip("django")
    from django.conf import settings
    from django.http import JsonResponse, StreamingHttpResponse
    from django.urls import path

    urls = types.ModuleType("things_urls")
    sys.modules["things_urls"] = urls
    settings.configure(
        SECRET_KEY="x",  # noqa: S106  # of nothing
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="things_urls",
        MIDDLEWARE=[f"{__name__}.ThingsMiddleware"],
    )
    django.setup()

    def make(request, name):
        return JsonResponse(answer(json.loads(request.body)["k"]), status=201)

    def stream(request):
        return StreamingHttpResponse(iter([b"{}"]), status=201, content_type="application/json")

    def taken(request):
        return JsonResponse({"id": len(request.read())}, status=201)

    urls.urlpatterns = [
        path("things/stream", stream),
        path("things/taken", taken),
        path("things/<path:name>", make),
    ]
    return urls


class ThingsMiddleware(DjangoMiddleware):
    """What a project of Django would write, with the validator of this test."""

    reports = None

    def report(self, outcome, request, response):
        type(self).reports(outcome, request, response)


@pytest.mark.parametrize("kind", ["Client", "AsyncClient"])
@pytest.mark.parametrize("refuse", [False, True])
def test_django(things, case, reports, django_urls, kind, refuse):
    import django.test

    target, number, wrong = case
    target = target.replace("%2F", "-")  # Django's clients decode it for good
    ThingsMiddleware.reports, ThingsMiddleware.validator, ThingsMiddleware.refuse = reports, things, refuse
    client = getattr(django.test, kind)()
    response = client.post(target, json.dumps({"k": number}), content_type="application/json")
    response = asyncio.run(response) if asyncio.iscoroutine(response) else response
    assert reports.places == [wrong]
    refused = refuse and bool(wrong) and not wrong[0].startswith("response")
    assert response.status_code == (400 if refused else 201)
    if not refused:
        from levelbook import request_behind

        assert tuple(problem.place for problem in things.exchange(request_behind(response), response).problems) == wrong


def test_what_djangos_client_sent_can_be_read_again(things, reports, django_urls):
    from django.test import Client as DjangoClient
    from django.test import override_settings

    from levelbook import request_behind

    with override_settings(MIDDLEWARE=[]):
        response = DjangoClient().post("/things/taken", '{"k": "x"}', content_type="application/json")
    outcome = things.exchange(request_behind(response), response)
    assert [problem.place for problem in outcome.problems] == ["body/k"]


def test_a_stream_of_django(things, reports, django_urls):
    import django.test

    ThingsMiddleware.reports, ThingsMiddleware.validator, ThingsMiddleware.refuse = reports, things, False
    response = django.test.Client().post("/things/stream", "{}", content_type="application/json")
    assert b"".join(response.streaming_content) == b"{}"
    assert "the body of the response was not judged" in reports[0][0].reason


@pytest.mark.parametrize("refuse", [False, True])
def test_aiohttp(things, case, reports, refuse):
    pytest.importorskip("aiohttp")
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer
    from yarl import URL

    target, number, wrong = case

    async def make(request):
        return web.json_response(answer((await request.json())["k"]), status=201)

    async def go():
        app = web.Application(middlewares=[aiohttp_middleware(things, report=reports, refuse=refuse)])
        app.router.add_post("/things/{name:.*}", make)
        async with TestClient(TestServer(app)) as client:
            response = await client.post(URL(target, encoded=True), json={"k": number})
            return response.status

    refused = refuse and bool(wrong) and not wrong[0].startswith("response")
    assert asyncio.run(go()) == (400 if refused else 201)
    assert reports.places == [wrong]


def test_the_log_is_what_reports_where_nobody_else_does(things, caplog):
    werkzeug = pytest.importorskip("werkzeug.test")
    werkzeug.Client(wsgi(wsgi_app, things)).post("/things/a", json={"k": 13})
    assert "response.body" not in caplog.text
    assert 'POST /things/{name} 201: `id` is "thirteen"' in caplog.text


@pytest.mark.parametrize("how", ["content", "read"])
def test_aiohttp_streams_are_the_handlers(things, reports, how):
    pytest.importorskip("aiohttp")
    from aiohttp import web
    from aiohttp.test_utils import TestClient, TestServer

    async def make(request):
        body = b"".join([chunk async for chunk in request.content]) if how == "content" else await request.read()
        return web.json_response({"id": len(body)}, status=201)

    async def go():
        app = web.Application(middlewares=[aiohttp_middleware(things, report=reports)], client_max_size=10)
        app.router.add_post("/things/{name:.*}", make)
        async with TestClient(TestServer(app)) as client:
            response = await client.post("/things/a", json={"k": 1})
            return await response.json()

    assert asyncio.run(go()) == {"id": 8}
    assert reports[0][0].outcome == ("skipped" if how == "content" else "valid")


def test_who_refuses_counts_once(things):
    werkzeug = pytest.importorskip("werkzeug.test")
    seen = []
    watched = type(things)(things.source, observer=lambda one: seen.append(one.outcome))
    client = werkzeug.Client(wsgi(wsgi_app, watched, report=lambda *_: None, refuse=True))
    client.post("/things/a", json={"k": 1})
    client.post("/things/a", json={"k": "x"})
    assert seen == ["valid"]  # what is refused has no response, and is no exchange


def test_headers_that_can_be_read_once(things, reports):
    httpx = pytest.importorskip("httpx")

    async def app(scope, receive, send):
        await receive()
        headers = ((name, value) for name, value in [(b"content-type", b"application/json")])
        await send({"type": "http.response.start", "status": 201, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"id": 1}'})

    async def go():
        transport = httpx.ASGITransport(asgi(app, things, report=reports))
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:
            return await client.post("/things/a", json={"k": 1})

    assert asyncio.run(go()).headers["content-type"] == "application/json"
    assert reports.places == [()]


def test_a_compressed_answer_is_not_judged_as_json(things, reports):
    import gzip

    werkzeug = pytest.importorskip("werkzeug.test")

    def app(environ, start_response):
        start_response("201 Created", [*JSON, ("Content-Encoding", "gzip")])
        return [gzip.compress(b'{"id": 1}')]

    werkzeug.Client(wsgi(app, things, report=reports)).post("/things/a", json={"k": 1})
    assert reports[0][0].outcome == "skipped"
    assert "it is encoded (gzip)" in reports[0][0].reason


def test_an_asgi_application_that_answers_and_fails_is_reported(things, reports):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "http.response.start", "status": 500, "headers": []})
        raise ValueError("broken")

    async def receive():
        return {"type": "http.request", "body": body_of(1)}

    async def send(message):
        pass

    scope = {"type": "http", "method": "POST", "path": "/things/a", "headers": [(b"content-type", b"application/json")]}
    with pytest.raises(ValueError, match="broken"):
        asyncio.run(asgi(app, things, report=reports)(scope, receive, send))
    assert [problem.rule for problem in reports[0][0].problems] == ["unknown-status"]
