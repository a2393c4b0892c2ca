"""One OpenAPI document in; a validator for real traffic, documentation and a history of the API out.

>>> import levelbook
>>> validator = levelbook.Validator(levelbook.load("api_spec/openapi.yaml"))
>>> request = levelbook.Request("GET", "/api/v1/users?client_gravatar=maybe", {"Authorization": "Basic eDp5"})
>>> validator.request(request).problems[0].message
'GET /users: the query parameter `client_gravatar` is "maybe", but the document says boolean'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from levelbook.api import Api
    from levelbook.loading import load
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

# Each name is imported when it is first used (PEP 562): a test run that only has the plugin installed pays for nothing.
_HOMES = {
    "levelbook.api": ("Api",),
    "levelbook.loading": ("load",),
    "levelbook.middleware": ("asgi", "wsgi"),
    "levelbook.problem": ("Location", "Problem", "Severity", "SpecError", "UsageError"),
    "levelbook.validate.exchange": ("Outcome", "Request", "Response"),
    "levelbook.validate.exemptions": ("Exemption",),
    "levelbook.validate.foreign": ("request_behind",),
    "levelbook.validate.validator": ("Validator",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


_MODULES = frozenset({"middleware", "mock", "traffic"})  # public ones, which `import levelbook` is enough for


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"levelbook.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'levelbook' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOME[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
