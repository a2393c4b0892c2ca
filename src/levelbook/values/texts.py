"""Texts: by format, by pattern, by length.

>>> next(texts(["date"], [], 0, None, None))
'2024-05-17'
"""

from __future__ import annotations

import base64
import random
import re
import uuid
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from rstr import Rstr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PLAIN = "string"
_LONGEST = 1 << 20  # characters: no example is longer
_SHORT = {  # where there is no room for what is plain
    "email": "a@b.co", "idn-email": "a@b.co", "hostname": "a.co", "idn-hostname": "a.co", "uri": "urn:a:b",
    "iri": "urn:a:b", "url": "http://a.co", "uri-reference": "/", "iri-reference": "/", "uri-template": "/{a}",
    "json-pointer": "/a", "relative-json-pointer": "0", "ipv6": "::1", "ipv4": "1.1.1.1",
}  # fmt: skip
_START = datetime(2024, 5, 17, 12, 30, tzinfo=UTC)
_PATTERN_TRIES = 12
_REPEATS = 20_000  # of all parts of a pattern together
_WORDS = ("amber", "brook", "cedar", "delta", "ember", "fjord", "grove", "heath")
# ECMA-262 has these, and Python's reader of patterns, of which rstr makes texts, has not.
_TRANSLATED = (
    (re.compile(r"\\p\{(?:L|Letter|Alphabetic|Lu|Uppercase_Letter)\}|\\p\{Script(?:_Extensions)?=[^}]*\}"), "A-Z"),
    (re.compile(r"\\p\{(?:Ll|Lowercase_Letter)\}"), "a-z"),
    (re.compile(r"\\p\{(?:N|Nd|Number|Decimal_Number)\}"), "0-9"),
    (re.compile(r"\(\?<(?![=!])"), "(?P<"),
    (re.compile(r"\\k<(\w+)>"), r"(?P=\1)"),
    (re.compile(r"\\/"), "/"),
    (re.compile(r"\\u\{([0-9A-Fa-f]{1,4})\}"), lambda match: f"\\u{match[1]:0>4}"),
)


def texts(
    formats: Sequence[str], patterns: Sequence[str], least: int, most: int | None, chance: random.Random | None
) -> Iterator[str]:
    """Give texts that may fit, the plainest first; ``chance`` chooses, None gives always the same."""
    if len(patterns) > 1:
        yield "".join(filter(None, (text_of(pattern, pattern, plain=True) for pattern in patterns)))
    for pattern in patterns:
        for number in range(_PATTERN_TRIES):
            seed = f"{pattern} {number} {chance.random() if chance else ''}"
            if (found := text_of(pattern, seed, least, plain=number == 0 and chance is None)) is not None:
                yield found
    for format_ in formats:
        if format_ in _FORMATS:
            yield _long(_FORMATS[format_](chance), format_, least)
        if format_ in _SHORT and most is not None:
            yield _SHORT[format_]
    yield from _by_length(least, most, chance)


def _by_length(least: int, most: int | None, chance: random.Random | None) -> Iterator[str]:
    word = chance.choice(_WORDS) if chance else _PLAIN
    least = min(least, _LONGEST)
    long = (word * (least // len(word) + 1))[: max(least, len(word))] if least > len(word) else word
    yield long if most is None else long[: max(most, 0)]


def _long(text: str, format_: str, least: int) -> str:
    """Make a text of a format longer, where that can be done."""
    lacking = min(least, _LONGEST) - len(text)
    if lacking <= 0:
        return text
    if "email" in format_:
        return "a" * lacking + text
    if format_ in ("date-time", "time"):
        return f"{text[:-1]}.{'0' * max(1, lacking - 1)}Z"  # RFC 3339, 5.6: seconds have any number of digits
    if format_ in ("byte", "base64"):
        return "AAAA" * -(-lacking // 4) + text
    return text + "a" * lacking


def text_of(pattern: str, seed: str, least: int = 0, *, plain: bool = False) -> str | None:
    """Make a text that a regular expression matches, or probably does; None where it cannot be read."""
    return _text_of(pattern, _Steady(seed, 0 if plain else least + 5)) if _is_readable(pattern) else None


@cache
def _is_readable(pattern: str) -> bool:
    """Say whether texts can be made for a pattern: what is too long at its shortest always is."""
    return _text_of(pattern, _Steady(pattern, 0)) is not None


def _text_of(pattern: str, chance: _Steady) -> str | None:
    for written, other in _TRANSLATED:
        pattern = written.sub(other, pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Python's reader, on what ECMA-262 means otherwise
            return Rstr(chance).xeger(pattern)
    except (re.error, KeyError, IndexError, OverflowError, RecursionError, TypeError, ValueError, AttributeError):
        return None  # lookbehind, back references before their group, and the like


class _Steady(random.Random):
    """Chance as rstr asks for it: short texts of letters and digits, the same in every process."""

    def __new__(cls, *_: Any) -> Self:
        return super().__new__(cls)

    def __init__(self, seed: str, more: int) -> None:
        super().__init__(seed)
        self.more = more
        self.left = _REPEATS

    def randint(self, a: int, b: int) -> int:
        """Give the number of repeats."""
        times = super().randint(a, max(a, min(b, a + self.more)))
        self.left -= times
        if self.left < 0:
            raise OverflowError("it repeats too much")
        return times

    def choice(self, seq: Any) -> Any:
        """Choose among characters, letters and digits first; among branches any."""
        if all(isinstance(item, str) for item in seq):
            seq = sorted(seq)
            seq = [item for item in seq if item.isascii() and item.isalnum()] or seq
        return super().choice(seq)


def _moment(chance: random.Random | None) -> datetime:
    return _START + timedelta(minutes=chance.randrange(500_000)) if chance else _START


def _word(chance: random.Random | None) -> str:
    return chance.choice(_WORDS) if chance else "user"


def _number(chance: random.Random | None) -> int:
    return chance.randrange(1, 255) if chance else 1


def _uuid(chance: random.Random | None) -> str:
    return str(uuid.UUID(int=(chance or random.Random(0)).getrandbits(128), version=4))  # noqa: S311  # no secret


def _base64(chance: random.Random | None) -> str:
    return base64.b64encode(_word(chance).encode()).decode()


_FORMATS: dict[str, Callable[[random.Random | None], str]] = {
    "date": lambda chance: f"{_moment(chance):%Y-%m-%d}",
    "date-time": lambda chance: f"{_moment(chance):%Y-%m-%dT%H:%M:%SZ}",
    "time": lambda chance: f"{_moment(chance):%H:%M:%SZ}",
    "duration": lambda chance: f"P{_number(chance)}D",
    "http-date": lambda chance: f"{_moment(chance):%a, %d %b %Y %H:%M:%S GMT}",
    "email": lambda chance: f"{_word(chance)}@example.com",
    "idn-email": lambda chance: f"{_word(chance)}@example.com",
    "hostname": lambda chance: f"{_word(chance)}.example.com",
    "idn-hostname": lambda chance: f"{_word(chance)}.example.com",
    "ipv4": lambda chance: f"192.0.2.{_number(chance)}",  # RFC 5737
    "ipv6": lambda chance: f"2001:db8::{_number(chance):x}",  # RFC 3849
    "uri": lambda chance: f"https://example.com/{_word(chance)}",
    "iri": lambda chance: f"https://example.com/{_word(chance)}",
    "url": lambda chance: f"https://example.com/{_word(chance)}",
    "uri-reference": lambda chance: f"/{_word(chance)}",
    "iri-reference": lambda chance: f"/{_word(chance)}",
    "uri-template": lambda chance: f"/{_word(chance)}/{{id}}",
    "uuid": _uuid,
    "json-pointer": lambda chance: f"/{_word(chance)}",
    "relative-json-pointer": lambda chance: f"{_number(chance)}/{_word(chance)}",
    "regex": lambda chance: f"^{_word(chance)}$",
    "byte": _base64,
    "base64": _base64,
    "base64url": _base64,
    "char": lambda chance: _word(chance)[0],
    "media-range": lambda _: "text/plain",
    **dict.fromkeys(
        ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "decimal", "decimal128"],
        lambda chance: str(_number(chance) % 100),
    ),
}
