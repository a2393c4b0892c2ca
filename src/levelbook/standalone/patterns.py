r"""Regular expressions of ECMA-262, written for Python's ``re``: for validators that have no other engine.

The package itself never runs a document's pattern so: ``re`` backtracks without bound.

>>> import re
>>> bool(re.search(translated(r"^\d+$"), "12")), bool(re.search(translated(r"^\d+$"), "\u0661"))
(True, False)
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SPACE = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": _SPACE}
_PROPERTY = re.compile(r"\\([pP])\{(?:\^?)(?:[A-Za-z_]+=)?([A-Za-z_]+)\}")
_PYTHON = re.compile(r"(?<!\\)\(\?(?:P[<=>]|#|[aiLmsux]+[):-])")  # what ``re`` knows and ECMA-262 does not
_LONG = {
    "Letter": "L", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Number": "N", "Decimal_Number": "Nd",
    "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Mark": "M", "Other": "C", "digit": "Nd", "punct": "P",
}  # fmt: skip


def translated(pattern: str) -> str:  # noqa: C901  # one branch a construct of the syntax
    """Give a pattern for Python's ``re``. Raises ValueError where there is none."""
    if _PYTHON.search(pattern):
        raise ValueError(f"the pattern {pattern} is not ECMA-262")
    found: list[str] = []
    inside = False
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            text, at = _escape(pattern, at, inside=inside)
            found.append(text)
            continue
        if inside:
            inside = character != "]"
            found.append("\\[" if character == "[" else character)
        elif character == "[":
            inside = True
            if pattern.startswith(("[]", "[^]"), at):
                nothing = pattern.startswith("[]", at)
                found.append("(?!)" if nothing else r"[\s\S]")
                at += 2 if nothing else 3
                inside = False
                continue
            found.append(character)
            if pattern.startswith("^", at + 1):
                found.append("^")
                at += 1
        elif character == "$":
            found.append(r"\Z")
        elif pattern.startswith("(?<", at) and not pattern.startswith(("(?<=", "(?<!"), at):
            found.append("(?P<")
            at += 2
        else:
            found.append(character)
        at += 1
    text = "".join(found)
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"the pattern {pattern} cannot be written for Python: {error}") from None
    return text


def _escape(pattern: str, at: int, *, inside: bool) -> tuple[str, int]:  # noqa: C901  # one branch an escape
    """Translate one escape; give it, and where it ends."""
    if at + 1 >= len(pattern):
        raise ValueError(f"the pattern {pattern} ends in a backslash")
    letter = pattern[at + 1]
    match = _PROPERTY.match(pattern, at)
    if match is not None:
        members = _category(match[2])
        negated = match[1] == "P"
        if inside and negated:
            raise ValueError(f"\\P inside a class cannot be written for Python: {pattern}")
        return (members if inside else f"[{'^' if negated else ''}{members}]"), match.end()
    if letter.lower() in _CLASSES:
        members = _CLASSES[letter.lower()]
        if letter.isupper():
            if inside:
                return f"\\{letter}", at + 2
            return f"[^{members}]", at + 2
        return (members if inside else f"[{members}]"), at + 2
    if letter == "u" and pattern.startswith("{", at + 2):
        end = pattern.index("}", at)
        return re.escape(chr(int(pattern[at + 3 : end], 16))), end + 1
    if letter == "c" and at + 2 < len(pattern):
        return re.escape(chr(ord(pattern[at + 2]) % 32)), at + 3
    if letter == "k" and pattern.startswith("<", at + 2):
        end = pattern.index(">", at)
        return f"(?P={pattern[at + 3 : end]})", end + 1
    if letter in "bBnrtfvxu0123456789":
        return ("\\x00" if letter == "0" else f"\\{letter}"), at + 2
    return re.escape(letter), at + 2


@cache
def _category(name: str) -> str:
    """Give the members of a Unicode category as ranges of a class."""
    wanted = _LONG.get(name, name)
    if len(wanted) > 2:  # noqa: PLR2004
        raise ValueError(f"the Unicode property {name} is not known to Python")
    ranges: list[tuple[int, int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)).startswith(wanted):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


@cache
def pattern_error(pattern: str) -> str:
    """Say why a regular expression cannot be compiled; empty when it can."""
    try:
        translated(pattern)
    except ValueError as error:
        return str(error)
    return ""


@cache
def searcher(pattern: str) -> Callable[[str], Any]:
    """Give the function that looks for a pattern in a text; one that cannot be written is nowhere."""
    try:
        return re.compile(translated(pattern)).search
    except ValueError:
        return lambda _: None


def matches(pattern: str, text: str) -> bool:
    """Say whether a regular expression matches somewhere in a text."""
    return searcher(pattern)(text) is not None
