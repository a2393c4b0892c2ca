"""Schemas as Python functions: the short way of the engine in Python, which says yes or no and nothing else.

A function takes a value as JSON has it, and is one check after the other. Schemas with keywords that ask what other
keywords have looked at, or with resources of their own, have none: the engine judges them the long way.

>>> accepts = function_of({"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}})
>>> accepts({"a": 1}), accepts({"a": "x"}), accepts({})
(True, False, False)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from levelbook.standalone.formats import FORMATS
from levelbook.standalone.keywords import is_multiple, same
from levelbook.standalone.patterns import searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# What a function cannot say: these need annotations, or another base than the document's.
_BEYOND = frozenset({"$id", "$anchor", "$dynamicAnchor", "$dynamicRef", "unevaluatedItems", "unevaluatedProperties"})
_REF = "#/$defs/"
_TESTS = {
    "null": "v is None",
    "boolean": "t is bool",
    "integer": "(t is int or (t is float and v.is_integer()))",
    "number": "(t is int or t is float)",
    "string": "t is str",
    "array": "t is list",
    "object": "t is dict",
}
_BOUNDS = {
    "minimum": "v < {}", "maximum": "v > {}", "exclusiveMinimum": "v <= {}", "exclusiveMaximum": "v >= {}",
    "minLength": "len(v) < {}", "maxLength": "len(v) > {}", "minItems": "len(v) < {}", "maxItems": "len(v) > {}",
    "minProperties": "len(v) < {}", "maxProperties": "len(v) > {}",
}  # fmt: skip


class _Beyond(Exception):  # noqa: N818  # not an error: the long way is taken
    pass


def function_of(schema: Any) -> Callable[[Any], bool] | None:
    """Give the function of a schema whose references lead to its ``$defs``; None where it has none."""
    try:
        writer = _Writer(schema)
        name = writer.function(schema, ())
        exec(compile("\n".join(writer.lines), "<schema>", "exec"), writer.names)  # noqa: S102  # what we have written
    except (_Beyond, RecursionError, TypeError, ValueError, AttributeError):  # TypeError …: a keyword's value is none
        return None
    function: Callable[[Any], bool] = writer.names[name]
    return function


class _Writer:
    """Writes one function per schema; ``names`` is what they may use beside each other."""

    def __init__(self, schema: Any) -> None:
        self.defs = schema.get("$defs", {}) if isinstance(schema, dict) else {}
        self.lines: list[str] = []
        self.names: dict[str, Any] = {"same": same, "is_multiple": is_multiple, "M": object()}
        self.known: dict[tuple[Any, ...], str] = {}

    def constant(self, value: Any) -> str:
        """Give the name of a value."""
        name = f"K{len(self.names)}"
        self.names[name] = value
        return name

    def function(self, schema: Any, at: tuple[Any, ...]) -> str:
        """Give the name of the function of a schema, written when it is first asked for."""
        if at not in self.known:
            name = self.known[at] = f"f{len(self.known)}"
            body = [f"    {line}" for line in self.body(schema, at)]
            self.lines += [f"def {name}(v):", *body, "    return True", ""]
        return self.known[at]

    def body(self, schema: Any, at: tuple[Any, ...]) -> Iterator[str]:
        """Write the checks of a schema."""
        if isinstance(schema, bool):
            yield from ([] if schema else ["return False"])
            return
        if not isinstance(schema, dict) or not _BEYOND.isdisjoint(schema):
            raise _Beyond
        yield "t = type(v)"
        if "type" in schema:
            types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            yield f"if not ({' or '.join(_TESTS[name] for name in types if name in _TESTS) or 'False'}): return False"
        if "$ref" in schema:
            yield f"if not {self.reference(schema['$ref'])}(v): return False"
        if "enum" in schema:
            yield from self.options(schema["enum"])
        if "const" in schema:
            yield from self.options([schema["const"]])
        yield from self.branch("t is str", [*self.bounds(schema, "Length"), *self.text(schema)])
        yield from self.branch("t is int or t is float", [*self.bounds(schema, "imum"), *self.number(schema)])
        yield from self.branch("t is dict", [*self.bounds(schema, "Properties"), *self.members(schema, at)])
        yield from self.branch("t is list", [*self.bounds(schema, "Items"), *self.items(schema, at)])
        yield from self.applied(schema, at)

    def branch(self, test: str, checks: list[str]) -> Iterator[str]:
        """Write checks that are of one type alone."""
        if checks:
            yield f"if {test}:"
            yield from (f"    {line}" for line in checks)

    def reference(self, ref: str) -> str:
        """Give the function that a reference leads to."""
        name = ref.removeprefix(_REF)
        if not ref.startswith(_REF) or name not in self.defs:
            raise _Beyond
        return self.function(self.defs[name], ("$defs", name))

    def options(self, options: list[Any]) -> Iterator[str]:
        """Write an enum."""
        if all(isinstance(option, str) for option in options):
            yield f"if t is not str or v not in {self.constant(frozenset(options))}: return False"
        else:
            yield f"if not any(same(v, option) for option in {self.constant(options)}): return False"

    def bounds(self, schema: dict[str, Any], ending: str) -> Iterator[str]:
        """Write the bounds of one type."""
        for keyword, test in _BOUNDS.items():
            if keyword in schema and keyword.endswith((ending, ending.capitalize())):
                yield f"if {test.format(self.constant(schema[keyword] + 0))}: return False"

    def text(self, schema: dict[str, Any]) -> Iterator[str]:
        """Write what is asked of strings."""
        if "pattern" in schema:
            yield f"if {self.constant(searcher(schema['pattern']))}(v) is None: return False"
        if schema.get("format") in FORMATS:
            yield f"if not {self.constant(FORMATS[schema['format']])}(v): return False"

    def number(self, schema: dict[str, Any]) -> Iterator[str]:
        """Write what is asked of numbers."""
        if "multipleOf" in schema:
            yield f"if not is_multiple(v, {self.constant(schema['multipleOf'])}): return False"

    def members(self, schema: dict[str, Any], at: tuple[Any, ...]) -> Iterator[str]:
        """Write what is asked of objects."""
        for name in schema.get("required", ()):
            yield f"if {name!r} not in v: return False"
        named = schema.get("properties", {})
        for name, inner in named.items():
            yield f"x = v.get({name!r}, M)"
            yield f"if x is not M and not {self.function(inner, (*at, 'properties', name))}(x): return False"
        patterns = [
            (self.constant(searcher(pattern)), self.function(inner, (*at, "patternProperties", pattern)))
            for pattern, inner in schema.get("patternProperties", {}).items()
        ]
        if patterns or "additionalProperties" in schema:
            yield from self.others(schema, at, self.constant(frozenset(named)), patterns)
        for name, needs in schema.get("dependentRequired", {}).items():
            for need in needs:
                yield f"if {name!r} in v and {need!r} not in v: return False"
        for name, inner in schema.get("dependentSchemas", {}).items():
            yield f"if {name!r} in v and not {self.function(inner, (*at, 'dependentSchemas', name))}(v): return False"
        if "propertyNames" in schema:
            yield f"if not all(map({self.function(schema['propertyNames'], (*at, 'propertyNames'))}, v)): return False"

    def others(
        self, schema: dict[str, Any], at: tuple[Any, ...], named: str, patterns: list[tuple[str, str]]
    ) -> Iterator[str]:
        """Write what is asked of properties by patterns of their names, and of all others."""
        yield "for name, x in v.items():"
        yield f"    known = name in {named}"
        for search, function in patterns:
            yield f"    if {search}(name) is not None:"
            yield "        known = True"
            yield f"        if not {function}(x): return False"
        if "additionalProperties" in schema:
            function = self.function(schema["additionalProperties"], (*at, "additionalProperties"))
            yield f"    if not known and not {function}(x): return False"

    def items(self, schema: dict[str, Any], at: tuple[Any, ...]) -> Iterator[str]:
        """Write what is asked of lists."""
        prefix = schema.get("prefixItems", ())
        for index, inner in enumerate(prefix):
            function = self.function(inner, (*at, "prefixItems", index))
            yield f"if len(v) > {index} and not {function}(v[{index}]): return False"
        if "items" in schema:
            rest = f"v[{len(prefix)}:]" if prefix else "v"
            yield f"if not all(map({self.function(schema['items'], (*at, 'items'))}, {rest})): return False"
        if "contains" in schema:
            count = f"sum(map({self.function(schema['contains'], (*at, 'contains'))}, v))"
            yield f"n = {count}"
            yield f"if n < {self.constant(schema.get('minContains', 1) + 0)}: return False"
            if "maxContains" in schema:
                yield f"if n > {self.constant(schema['maxContains'] + 0)}: return False"
        if schema.get("uniqueItems") is True:
            yield "if any(same(v[i], v[j]) for i in range(len(v)) for j in range(i)): return False"

    def applied(self, schema: dict[str, Any], at: tuple[Any, ...]) -> Iterator[str]:
        """Write what other schemas say of the same value."""
        for index, inner in enumerate(schema.get("allOf", ())):
            yield f"if not {self.function(inner, (*at, 'allOf', index))}(v): return False"
        for keyword, test in (("anyOf", "any(c(v) for c in {})"), ("oneOf", "sum(c(v) for c in {}) == 1")):
            if keyword in schema:
                members = [self.function(inner, (*at, keyword, index)) for index, inner in enumerate(schema[keyword])]
                yield f"if not {test.format(f'({chr(44).join(members)},)' if members else '()')}: return False"
        if "not" in schema:
            yield f"if {self.function(schema['not'], (*at, 'not'))}(v): return False"
        if "if" in schema:
            chosen = self.function(schema["if"], (*at, "if"))
            for branch, negation in (("then", ""), ("else", "not ")):
                if branch in schema:
                    function = self.function(schema[branch], (*at, branch))
                    yield f"if {negation}{chosen}(v) and not {function}(v): return False"
        if "dependencies" in schema:
            raise _Beyond
