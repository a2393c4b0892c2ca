"""Entrances: what passes is told of before it is answered to its end, whatever the answer is like."""

import http.client

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from levelbook.recording import entrances
from levelbook.validate.validator import Validator


async def empty(_):
    return Response(status_code=200)


async def nothing(_):
    return Response(status_code=204)


async def sized(_):
    return JSONResponse({"a": 1})


async def pieces():
    yield b'{"a":'
    yield b"1}"


async def stream(_):
    return StreamingResponse(pieces())


async def known(_):
    return StreamingResponse(pieces(), headers={"Content-Length": "7"})


ANSWERS = {"empty": empty, "nothing": nothing, "sized": sized, "stream": stream, "known": known}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_exchange_is_told_of_before_its_answer_ends(name, api):
    heard = []
    app = Starlette(routes=[Route("/{name}", ANSWERS[name])])
    with entrances(app, Validator(api("paths: {}")), 1) as (port,):
        port.tell(heard.append)
        for method in ("GET", "HEAD"):
            connection = http.client.HTTPConnection("127.0.0.1", port.number, timeout=10)
            connection.request(method, f"/{name}?q=1")
            connection.getresponse().read()
            assert [exchange.asked for exchange in heard] == [f"{method} /{name}"]
            connection.close()
            heard.clear()


def test_each_entrance_hears_of_its_own(api):
    first, second = [], []
    with entrances(Starlette(routes=[Route("/", sized)]), Validator(api("paths: {}")), 2) as (one, other):
        one.tell(first.append)
        other.tell(second.append)
        for port in (one, one, other):
            connection = http.client.HTTPConnection("127.0.0.1", port.number, timeout=10)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
    assert (len(first), len(second)) == (2, 1)
