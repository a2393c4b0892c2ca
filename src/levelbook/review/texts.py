"""Texts that a format or a regular expression asks for: candidates, to be judged by the engine afterwards.

>>> next(texts_of(r"^[a-c]{2}-\\d+$"))
'aa-0'
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = {
    "date": "2024-02-29", "date-time": "2024-02-29T12:00:00Z", "time": "12:00:00Z", "duration": "P1D",
    "email": "a@example.com", "idn-email": "a@example.com", "hostname": "example.com", "idn-hostname": "example.com",
    "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://example.com/a", "iri": "https://example.com/a",
    "uri-reference": "/a", "iri-reference": "/a", "uri-template": "/{a}", "json-pointer": "/a",
    "relative-json-pointer": "0/a", "regex": "a", "uuid": "123e4567-e89b-42d3-a456-426614174000", "byte": "YQ==",
    "binary": "a", "password": "a",
}  # fmt: skip
POOL = (
    "a", "", "0", "A", "z", "1", "-", "_", " ", "a b", "!", "é", "ab", "abc",
    "a1", "1a", "true", "1.5", "-1", "2024-02-29", "x" * 20,
)  # fmt: skip
_ESCAPES = {"d": "0", "w": "a", "s": " ", "D": "a", "W": "-", "S": "a", "n": "\n", "t": "\t", "b": "", "B": ""}
_MAX = 64  # characters of a repetition; what asks for more is not tried


def texts_of(pattern: str) -> Iterator[str]:
    """Give a few texts that a regular expression may match, the plainest first; none for what is too clever."""
    for pick in range(4):
        try:
            made, rest = _Reader(pattern, pick).alternatives(0)
        except (IndexError, ValueError):
            return
        if rest == len(pattern):
            yield made


class _Reader:
    """Reads an expression and writes a text that fits; ``pick`` chooses among alternatives and repetitions."""

    def __init__(self, pattern: str, pick: int) -> None:
        self.pattern = pattern
        self.pick = pick

    def alternatives(self, at: int) -> tuple[str, int]:
        branches = []
        while True:
            made, at = self.sequence(at)
            branches.append(made)
            if at >= len(self.pattern) or self.pattern[at] != "|":
                return branches[self.pick % len(branches)], at
            at += 1

    def sequence(self, at: int) -> tuple[str, int]:
        made = ""
        while at < len(self.pattern) and self.pattern[at] not in "|)":
            piece, at = self.atom(at)
            count, at = self.count(at)
            made += piece * count
        return made, at

    def atom(self, at: int) -> tuple[str, int]:
        sign = self.pattern[at]
        if sign in "^$":
            return "", at + 1
        if sign == ".":
            return "a", at + 1
        if sign == "(":
            return self.group(at + 1)
        if sign == "[":
            return self.choice(at + 1)
        if sign == "\\":
            return self.escape(at + 1)
        return sign, at + 1

    def group(self, at: int) -> tuple[str, int]:
        silent = self.pattern.startswith(("?=", "?!", "?<=", "?<!"), at)
        if self.pattern.startswith("?", at):
            named = self.pattern.startswith("?<", at) and not silent
            at = self.pattern.index(">", at) + 1 if named else at + (3 if self.pattern.startswith("?<", at) else 2)
        made, at = self.alternatives(at)
        return ("" if silent else made), at + 1

    def choice(self, at: int) -> tuple[str, int]:
        negated = self.pattern[at] == "^"
        at += negated
        members: list[str] = []
        first = True
        while self.pattern[at] != "]" or first:
            first = False
            sign, at = self.escape(at + 1) if self.pattern[at] == "\\" else (self.pattern[at], at + 1)
            if self.pattern[at] == "-" and self.pattern[at + 1] != "]":
                end = self.pattern[at + 1]
                members += [chr(code) for code in range(ord(sign), min(ord(end), ord(sign) + 60) + 1)]
                at += 2
            else:
                members.append(sign)
        if negated:
            members = [sign for sign in string.ascii_letters + string.digits + "-_ !" if sign not in members]
        return members[0 if self.pick == 0 else -1 if self.pick == 1 else len(members) // 2], at + 1

    def escape(self, at: int) -> tuple[str, int]:
        sign = self.pattern[at]
        if sign == "u":
            return chr(int(self.pattern[at + 1 : at + 5], 16)), at + 5
        if sign == "p":
            return "a", self.pattern.index("}", at) + 1
        return _ESCAPES.get(sign, sign), at + 1

    def count(self, at: int) -> tuple[int, int]:
        if at >= len(self.pattern):
            return 1, at
        sign, least = self.pattern[at], 1
        if sign in "*+?":
            least = {"*": (0, 1, 2, 3), "+": (1, 2, 3, 9), "?": (0, 1, 1, 0)}[sign][self.pick]
            at += 1
        elif sign == "{" and self.pattern[at + 1].isdecimal():
            end = self.pattern.index("}", at)
            low, _, high = self.pattern[at + 1 : end].partition(",")
            least = int(high or low) if self.pick in (1, 3) else int(low)
            at = end + 1
        else:
            return 1, at
        if at < len(self.pattern) and self.pattern[at] == "?":
            at += 1
        if least > _MAX:
            raise ValueError(least)
        return least, at
