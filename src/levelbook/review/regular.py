"""Regular expressions as sets of texts: whether one matches wherever another does, by derivatives (Brzozowski, 1964).

Only what is regular is read: no look-around, no references, anchors at the ends alone. Nothing is matched here.

>>> includes("^a", "^ab"), includes("^ab", "^a"), includes("a(?=b)", "a")
(True, False, None)
>>> missed("^ab", "^a")
['a']
"""

from __future__ import annotations

import string
from collections import deque
from functools import cache
from typing import Any, TypeAlias

Expr: TypeAlias = tuple[Any, ...]
Chars: TypeAlias = tuple[bool, frozenset[str]]  # whether it is all but these, and these

_NOTHING: Expr = ("none",)
_EMPTY: Expr = ("empty",)
_ANY: Expr = ("chars", (True, frozenset()))
_ALL: Expr = ("star", _ANY)
_DIGITS = frozenset(string.digits)
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_SPACE = frozenset(
    " \t\n\v\f\r\u00a0\ufeff\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
)
_LINES = frozenset("\n\r\u2028\u2029")
_CLASSES = {
    "d": (False, _DIGITS),
    "D": (True, _DIGITS),
    "w": (False, _WORD),
    "W": (True, _WORD),
    "s": (False, _SPACE),
    "S": (True, _SPACE),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_MANY = 3000  # pairs of states; more are not looked at
_WIDE = 1200  # characters of a range
_COUNTED = 60  # repetitions that are written out


def includes(wide: str, narrow: str) -> bool | None:
    """Say whether ``wide`` matches every text that ``narrow`` does; None where that is not known."""
    found = missed(wide, narrow)
    return None if found is None else not found


def missed(wide: str, narrow: str) -> list[str] | None:
    """Give a shortest text that ``narrow`` matches and ``wide`` does not, if there is one; None if nobody knows."""
    try:
        pair = (_read(narrow), _read(wide))
    except (_TooClever, IndexError, ValueError, RecursionError):
        return None
    letters = _letters(*pair)
    seen, todo = {pair}, deque([(pair, "")])
    while todo:
        (few, many), text = todo.popleft()
        if _nullable(few) and not _nullable(many):
            return [text]
        for letter in letters:
            following = (_derived(few, letter), _derived(many, letter))
            if following[0] != _NOTHING and following[1] != _ALL and following not in seen:
                seen.add(following)
                todo.append((following, text + letter))
        if len(seen) > _MANY:
            return None
    return []


class _TooClever(Exception):  # noqa: N818  # not an error: the expression is not regular, or not read
    pass


def _letters(*expressions: Expr) -> list[str]:
    """Give one character of every kind that the expressions tell apart."""
    classes: set[Chars] = set()
    for expression in expressions:
        _collect(expression, classes)
    named = frozenset().union(*(chars for _, chars in classes)) if classes else frozenset()
    other = next(chr(code) for code in range(0x4E00, 0x9FFF) if chr(code) not in named)
    kinds = {
        tuple((letter in chars) != negated for negated, chars in sorted(classes, key=repr)): letter
        for letter in sorted(named, reverse=True)  # the first of a kind stays: engines differ in the last ends of lines
    }
    return [*kinds.values(), other]


def _collect(expression: Expr, classes: set[Chars]) -> None:
    if expression[0] == "chars":
        classes.add(expression[1])
    for part in expression[1:]:
        if isinstance(part, tuple) and part and isinstance(part[0], str):
            _collect(part, classes)
        elif isinstance(part, frozenset):
            for one in part:
                _collect(one, classes)


@cache
def _nullable(expression: Expr) -> bool:
    match expression:
        case ("empty",) | ("star", _):
            return True
        case ("then", left, right):
            return _nullable(left) and _nullable(right)
        case ("or", parts):
            return any(map(_nullable, parts))
    return False


@cache
def _derived(expression: Expr, letter: str) -> Expr:
    match expression:
        case ("chars", (negated, chars)):
            return _EMPTY if (letter in chars) != negated else _NOTHING
        case ("star", inner):
            return _then(_derived(inner, letter), expression)
        case ("then", left, right):
            first = _then(_derived(left, letter), right)
            return _or(first, _derived(right, letter)) if _nullable(left) else first
        case ("or", parts):
            return _or(*(_derived(part, letter) for part in parts))
    return _NOTHING


def _then(left: Expr, right: Expr) -> Expr:
    if _NOTHING in (left, right):
        return _NOTHING
    if left == _EMPTY:
        return right
    if right == _EMPTY:
        return left
    if left[0] == "then":
        return _then(left[1], _then(left[2], right))
    return ("then", left, right)


def _or(*parts: Expr) -> Expr:
    flat: set[Expr] = set()
    for part in parts:
        flat |= part[1] if part[0] == "or" else {part}
    flat.discard(_NOTHING)
    if _ALL in flat:
        return _ALL
    if not flat:
        return _NOTHING
    return next(iter(flat)) if len(flat) == 1 else ("or", frozenset(flat))


def _star(inner: Expr) -> Expr:
    return inner if inner[0] == "star" else _EMPTY if inner in (_EMPTY, _NOTHING) else ("star", inner)


def _read(pattern: str) -> Expr:
    """Read an expression as the set of texts that it matches somewhere in (ECMA-262, without flags but ``u``)."""
    reader = _Reader(pattern)
    branches = []
    while True:
        branches.append(reader.anchored())
        if reader.at >= len(pattern):
            return _or(*branches)
        reader.take("|")


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self) -> str:
        return self.pattern[self.at] if self.at < len(self.pattern) else ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise _TooClever(sign)
        self.at += 1

    def anchored(self) -> Expr:
        begins = self.peek() == "^"
        self.at += begins
        body = self.sequence()
        ends = self.peek() == "$"
        self.at += ends
        if self.peek() not in ("", "|"):
            raise _TooClever(self.pattern)
        return _then(_EMPTY if begins else _ALL, _then(body, _EMPTY if ends else _ALL))

    def sequence(self) -> Expr:
        found = _EMPTY
        while self.peek() not in ("", "|", ")", "$"):
            found = _then(found, self.repeated(self.atom()))
        return found

    def atom(self) -> Expr:
        sign = self.peek()
        self.at += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return ("chars", self.choice())
        if sign == ".":
            return ("chars", (True, _LINES))
        if sign == "\\":
            return ("chars", self.escape())
        if sign in "^*+?{":
            raise _TooClever(sign)
        return ("chars", (False, frozenset(sign)))

    def group(self) -> Expr:
        if self.peek() == "?":
            if self.pattern.startswith("?:", self.at):
                self.at += 2
            elif self.pattern.startswith("?<", self.at) and self.pattern[self.at + 2] not in "=!":
                self.at = self.pattern.index(">", self.at) + 1
            else:
                raise _TooClever("look-around")
        branches = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            branches.append(self.sequence())
        self.take(")")
        return _or(*branches)

    def escape(self) -> Chars:
        sign = self.peek()
        self.at += 1
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return False, frozenset(_CONTROLS[sign])
        if sign == "u" and self.peek() != "{":
            self.at += 4
            return False, frozenset(chr(int(self.pattern[self.at - 4 : self.at], 16)))
        if sign.isalnum():
            raise _TooClever(sign)
        return False, frozenset(sign)

    def choice(self) -> Chars:
        negated = self.peek() == "^"
        self.at += negated
        found: frozenset[str] = frozenset()
        while self.peek() != "]":
            one = self._one()
            if self.peek() == "-" and self.pattern[self.at + 1] != "]" and len(one) == 1:
                self.at += 1
                low, high = ord(next(iter(one))), ord(next(iter(self._one())))
                if high - low > _WIDE:
                    raise _TooClever("a wide range")
                one = frozenset(map(chr, range(low, high + 1)))
            found |= one
        self.at += 1
        return negated, found

    def _one(self) -> frozenset[str]:
        sign = self.peek()
        if not sign:
            raise _TooClever("]")
        self.at += 1
        if sign != "\\":
            return frozenset(sign)
        if self.peek() == "b":
            raise _TooClever("b")
        excludes, chars = self.escape()
        if excludes:
            raise _TooClever("a negated class in a class")
        return chars

    def repeated(self, inner: Expr) -> Expr:
        sign = self.peek()
        if sign in ("*", "+", "?") and sign:
            self.at += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif sign == "{":
            end = self.pattern.index("}", self.at)
            low, comma, high = self.pattern[self.at + 1 : end].partition(",")
            least, most = int(low), int(high) if high else None if comma else int(low)
            self.at = end + 1
        else:
            return inner
        if self.peek() == "?":
            self.at += 1
        if max(least, most or 0) > _COUNTED:
            raise _TooClever("many repetitions")
        found = _star(inner) if most is None else _EMPTY
        for _ in range((most or least) - least):
            found = _or(_EMPTY, _then(inner, found))
        for _ in range(least):
            found = _then(inner, found)
        return found
