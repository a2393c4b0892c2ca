"""A server that judges what it gets, and answers with the documented examples.

>>> from levelbook import Request, load
>>> mock = Mock(load("api_spec/openapi.yaml"))
>>> answer = mock.answer(Request("GET", "/api/v1/users", {"Authorization": "Basic eDp5"}))
>>> answer.status, answer.header("content-type")
(200, 'application/json')
"""

from __future__ import annotations

from levelbook.listening import running
from levelbook.mock.mock import Answered, Mock
from levelbook.mock.server import Beside, application

__all__ = ["Answered", "Beside", "Mock", "application", "running"]
