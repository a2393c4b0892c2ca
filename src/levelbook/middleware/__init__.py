"""Judging what a server gets and answers, from inside: wrappers for WSGI and ASGI, middleware for Django and aiohttp.

With WSGI and ASGI, bodies pass through as they come, also streams: at most ``limit`` bytes of each are kept to be
judged; of a longer or a compressed one the outcome says that it was not. What a server answers is never changed. With
``refuse``, a request that does not match is answered with 400 and ``application/problem+json`` (RFC 9457), and the
application does not see it.

>>> from levelbook import Validator, load
>>> def application(environ, start_response):
...     start_response("204 No Content", [])
...     return []
>>> wrapped = wsgi(application, Validator(load("api_spec/openapi.yaml")), refuse=True)
"""

from __future__ import annotations

from levelbook.middleware.for_aiohttp import aiohttp_middleware
from levelbook.middleware.for_asgi import Asgi
from levelbook.middleware.for_django import DjangoMiddleware
from levelbook.middleware.for_wsgi import Wsgi
from levelbook.middleware.reporting import LIMIT, Report, log

__all__ = ["LIMIT", "Asgi", "DjangoMiddleware", "Report", "Wsgi", "aiohttp_middleware", "asgi", "log", "wsgi"]

asgi = Asgi
wsgi = Wsgi
