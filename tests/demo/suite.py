"""The test suite of whoever writes the demo server: it knows nothing of levelbook but a fixture."""

import os
import warnings

import pytest
from chat import AUTHORIZATION, fastapi_app, flask_app, form

LIE = os.environ.get("CHAT_LIE", "")


@pytest.fixture(params=["flask", "fastapi"])
def client(request, levelbook_client):
    if request.param == "flask":
        return levelbook_client(flask_app(LIE).test_client())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fastapi.testclient import TestClient
    return levelbook_client(TestClient(fastapi_app(LIE)))


def test_a_channel_message(client):
    data = form(type="channel", to=9, topic="Castle", content="Hello")
    assert client.post("/api/v1/messages", data=data, headers=AUTHORIZATION).status_code == 200


def test_a_channel_that_is_not_there(client):
    data = form(type="channel", to="nonexistent", topic="Castle", content="Hello") | {"to": '"nonexistent"'}
    assert client.post("/api/v1/messages", data=data, headers=AUTHORIZATION).status_code == 400


def test_a_type_that_is_none(client):
    data = form(type="shout", to=9, content="Hello")
    assert client.post("/api/v1/messages", data=data, headers=AUTHORIZATION).status_code == 400


def test_users(client):
    assert client.get("/api/v1/users?client_gravatar=true", headers=AUTHORIZATION).status_code in (200, 202)
