"""JSON values as literals of Python and JavaScript, laid out as one would write them.

>>> print(python({"to": [9, None], "pi": 3.0}), javascript({"to": [9], "a b": True}))
{"to": [9, None], "pi": 3.0} { to: [9], "a b": true }
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from levelbook.examples import quoting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_NARROW = 72  # columns that a list or mapping may fill before its items get lines of their own
_SAFE = 2**53 - 1  # ECMA-262, 21.1.2.8: larger integers are not exact
_NAME = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_PYTHON = {True: "True", False: "False", None: "None"}
_JAVASCRIPT = {True: "true", False: "false", None: "null"}


def python(value: Any, indent: int = 0) -> str:
    """Write a JSON value, or bytes, as a Python expression; ``indent`` is the column of the line it begins on."""
    if isinstance(value, bytes):
        return repr(value)
    if isinstance(value, str):
        return quoting.python(value)
    return _written(value, indent, ("{", "}"), quoting.python, python)


def javascript(value: Any, indent: int = 0) -> str:
    """Write a JSON value as an ECMAScript expression. See :func:`exact` for what this cannot hold."""
    if isinstance(value, str):
        return quoting.javascript(value)
    return _written(value, indent, ("{ ", " }"), quoting.javascript, javascript)


def exact(value: Any) -> bool:
    """Say whether JavaScript writes the same value: ``__proto__`` is no property, and numbers are doubles.

    A double beyond the safe integers is written with digits that are not all its own (ECMA-262, 6.1.6.1.20).
    """
    if isinstance(value, dict):
        return "__proto__" not in value and all(exact(item) for item in value.values())
    if isinstance(value, list):
        return all(exact(item) for item in value)
    return isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) <= _SAFE


def mapping(pairs: Iterable[Sequence[Any]]) -> Any:
    """Give pairs as a mapping, or as a list where that would lose some: a name twice, or one that objects reorder."""
    given = [(pair[0], pair[1]) for pair in pairs]
    names = [name for name, _ in given]
    kept = len(set(names)) == len(names) and not any(name == "__proto__" or name.isdecimal() for name in names)
    return dict(given) if kept else given


def grouped_lists(pairs: Iterable[Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Give the values of each name, in the order of the names' first appearance."""
    found: dict[str, list[str]] = {}
    for pair in pairs:
        found.setdefault(pair[0], []).append(pair[1])
    return list(found.items())


def grouped(pairs: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Give the value of each name, or a list of them where the name stands several times."""
    return {name: values if len(values) > 1 else values[0] for name, values in grouped_lists(pairs)}


def javascript_name(name: str) -> str:
    """Write the name of a property (ECMA-262, 13.2.5); ``__proto__`` would be none."""
    quoted = quoting.javascript(name)
    return name if _NAME.fullmatch(name) and name != "__proto__" else f"[{quoted}]" if name == "__proto__" else quoted


def _written(
    value: Any,
    indent: int,
    braces: tuple[str, str],
    text: Callable[[str], str],
    again: Callable[[Any, int], str],
) -> str:
    """Write a value; a list or a mapping on one line where that is short."""
    is_python = braces[0] == "{"
    if value is None or isinstance(value, bool):
        return (_PYTHON if is_python else _JAVASCRIPT)[value]
    if isinstance(value, (int, float)):
        return json.dumps(value)
    if isinstance(value, dict):
        opening, closing = braces if value else ("{", "}")
        items = [
            f"{text(name) if is_python else javascript_name(name)}: {again(item, indent + 4)}"
            for name, item in value.items()
        ]
    else:
        opening, closing = ("(", ")") if isinstance(value, tuple) and is_python else ("[", "]")
        items = [again(item, indent + 4) for item in value]
    line = opening + ", ".join(items) + closing
    if len(line) + indent <= _NARROW and "\n" not in line:
        return line
    inner = " " * (indent + 4)
    lines = "".join(f"{inner}{item},\n" for item in items)
    return f"{opening.strip()}\n{lines}{' ' * indent}{closing.strip()}"
