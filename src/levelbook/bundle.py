"""A document in several files as one, and plain data as YAML.

>>> print(to_yaml({"a": "no", "b": "1_000", "c": "2024-01-01", "d": 1}), end="")
a: 'no'
b: '1_000'
c: '2024-01-01'
d: 1
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import yaml

from levelbook.pointer import escape, file_of
from levelbook.walk import walk

if TYPE_CHECKING:
    from levelbook.documents import Documents

_FILES = "x-files"  # where the other files stand in the one document; an extension may hold anything


class _Dumper(yaml.CSafeDumper):
    """Writes no aliases, and texts of several lines as blocks: what a person would have written."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Write a value out wherever it stands."""
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value and not any(line.endswith(" ") for line in value.split("\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def to_yaml(data: Any) -> str:
    """Write plain data as YAML in which every reader sees the same scalars."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def bundled(documents: Documents) -> Any:
    """Give a document and the files it refers to as one: the others stand below ``x-files``, references lead there."""
    data = deepcopy(documents.main.data)
    others = {name: deepcopy(document.data) for name, document in documents.complete().files.items() if name}
    for name, value in {"": data, **others}.items():
        top = f"{name}#" if name else ""
        for pointer, element in walk(value, top):
            ref = element.get("$ref")
            if isinstance(ref, str) and (others and not (ref.startswith("#") and not name)):
                target = documents.target(ref, pointer).pointer
                file = file_of(target)
                prefix = f"#/{_FILES}/{escape(file)}" if file else "#"
                element["$ref"] = prefix + (target.partition("#")[2] if file else target)
    if others:
        data[_FILES] = others
    return data
