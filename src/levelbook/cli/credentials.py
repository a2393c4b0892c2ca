"""Credentials of a run: where they are read from, and how they are kept out of what is printed."""

from __future__ import annotations

import json
import re
import tomllib
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from levelbook.problem import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from levelbook.examples.programs import Values

_MASK = "[secret]"
_TRIPLE = re.compile(r"%[0-9A-F]{2}")
_SHORT = 4  # characters below which a value would be found in every text


def read_credentials(path: str | None) -> dict[str, str]:
    """Read a TOML file of credentials, texts by name. Raises UsageError, which shows nothing of the file."""
    if path is None:
        return {}
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:  # a message of the parser might show what is written there
        raise UsageError(f'{path} is not TOML; it holds lines like `username = "…"`') from None
    if not all(isinstance(value, str) for value in table.values()):
        raise UsageError(f'{path} holds lines like `username = "…"`, and some of its values are no texts')
    return table


def hiding(own: Values) -> Callable[[str], str]:
    """Give a function that takes credentials out of a text, as they are and as they travel."""
    secrets = {value for name, value in own.items() if name != "username" and len(value) >= _SHORT}
    pairs = {f"{own['username']}:{secret}" for secret in secrets} if "username" in own else set()
    forms = {form for secret in secrets for form in _written(secret)}
    forms |= {b64encode(text.encode()).decode() for text in (*pairs, *secrets)}
    ordered = sorted(forms, key=len, reverse=True)

    def hide(written: str) -> str:
        for form in ordered:
            written = written.replace(form, _MASK)
        return written

    return hide


def _written(secret: str) -> Iterator[str]:
    """Give a secret as it is written in addresses, forms and JSON."""
    yield secret
    for coded in (quote(secret), quote(secret, safe=""), quote_plus(secret), quote_plus(secret, safe="/")):
        yield coded
        yield _TRIPLE.sub(lambda triple: triple[0].lower(), coded)
    for text in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield from (text, text.replace("/", "\\/"))
