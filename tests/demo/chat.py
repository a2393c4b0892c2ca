"""The demo API as two real applications, Flask and FastAPI, and the three lies they can tell."""

import json

MESSAGE = {"id": 42, "msg": "", "result": "success"}
UNKNOWN = {
    "code": "STREAM_DOES_NOT_EXIST",
    "msg": "Channel 'nonexistent' does not exist",
    "result": "error",
    "stream": "nonexistent",
}
MEMBER = {
    "user_id": 9,
    "email": "iago@example.com",
    "full_name": "Iago",
    "is_active": True,
    "is_bot": False,
    "is_admin": True,
    "is_owner": False,
    "is_guest": False,
    "role": 200,
    "timezone": "",
    "avatar_url": None,
    "date_joined": "2019-10-20T07:50:53Z",
}


def send(fields, lie=""):
    """Send a message: the status and the answer."""
    if fields.get("type") not in ("direct", "private", "stream", "channel"):
        return 400, {"code": "BAD_REQUEST", "msg": "Invalid type", "result": "error"}
    if fields.get("to") == '"nonexistent"':
        return 400, UNKNOWN if lie != "code" else UNKNOWN | {"code": "NO_SUCH_CHANNEL"}
    return 200, MESSAGE if lie != "type" else MESSAGE | {"id": "42"}


def flask_app(lie=""):
    import flask

    app = flask.Flask("chat")

    @app.post("/api/v1/messages")
    def messages():
        status, told = send(flask.request.form, lie)
        return told, status

    @app.get("/api/v1/users")
    def users():
        return {"members": [MEMBER], "msg": "", "result": "success"}, 200 if lie != "status" else 202

    return app


def fastapi_app(lie=""):
    import fastapi
    from fastapi.responses import JSONResponse

    app = fastapi.FastAPI()

    @app.post("/api/v1/messages")
    async def messages(request: fastapi.Request):
        status, told = send(await request.form(), lie)
        return JSONResponse(told, status)

    @app.get("/api/v1/users")
    def users():
        told = {"members": [MEMBER], "msg": "", "result": "success"}
        return JSONResponse(told, 200 if lie != "status" else 202)

    return app


AUTHORIZATION = {"Authorization": "Basic " + "eDp5"}


def form(**fields):
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
