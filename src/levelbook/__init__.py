"""One OpenAPI document in; a validator for real traffic, documentation and a history of the API out.

>>> import levelbook
>>> validator = levelbook.Validator(levelbook.load("api_spec/openapi.yaml"))
>>> request = levelbook.Request("GET", "/api/v1/users?client_gravatar=maybe", {"Authorization": "Basic eDp5"})
>>> validator.request(request).problems[0].message
'GET /users: the query parameter `client_gravatar` is "maybe", but the document says boolean'
"""

from __future__ import annotations

from levelbook.api import Api
from levelbook.load import load
from levelbook.middleware import asgi, wsgi
from levelbook.problem import Location, Problem, Severity, SpecError, UsageError
from levelbook.validate.exchange import Outcome, Request, Response
from levelbook.validate.exemptions import Exemption
from levelbook.validate.foreign import request_behind
from levelbook.validate.validator import Validator

__all__ = [
    "Api",
    "Exemption",
    "Location",
    "Outcome",
    "Problem",
    "Request",
    "Response",
    "Severity",
    "SpecError",
    "UsageError",
    "Validator",
    "__version__",
    "asgi",
    "load",
    "request_behind",
    "wsgi",
]

__version__ = "0.1.0"
