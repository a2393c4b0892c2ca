"""The document that was named and the files it refers to: the one place where a ``$ref`` is followed.

>>> from levelbook.document import parse
>>> documents = Documents(parse("a: {$ref: '#/b~1c'}\\nb/c: 1", "x.yaml"))
>>> documents.resolve(documents.main.data["a"], "/a")
Resolved(value=1, pointer='/b~1c')
"""

from __future__ import annotations

from copy import copy
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

from levelbook.document import Document, read
from levelbook.pointer import file_of, join, split
from levelbook.problem import Location, Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Resolved(NamedTuple):
    """What a reference leads to, and where that stands."""

    value: Any
    pointer: str


class Documents:
    """An OpenAPI description in one or more files.

    Files are read when first referred to, only from the folder of the main document or below; ``remote`` maps a
    URL that may be referred to onto the local file that stands for it. Nothing is ever fetched.
    """

    def __init__(self, main: Document, *, remote: Mapping[str, str] | None = None) -> None:
        self.main = main
        self.folder = Path(main.file).parent
        self.files: dict[str, Document] = {"": main}
        self.remote = dict(remote or {})
        self._anchors: dict[str, dict[str, str]] = {}
        self._remote_is_unknown = False

    def with_remote_unknown(self) -> Documents:
        """Give the same documents, where a remote reference leads to an empty value instead of a SpecError."""
        other = copy(self)
        other._remote_is_unknown = True  # noqa: SLF001
        return other

    def document(self, pointer: str) -> Document:
        """Give the file that a pointer leads to."""
        return self.files[file_of(pointer)]

    def locate(self, pointer: str) -> Location:
        """Give the place of what stands at ``pointer``, or of the nearest thing above it."""
        return self.document(pointer).locate(pointer)

    def locate_text(self, pointer: str, offset: int) -> Location:
        """Give the place of the character at ``offset`` of the string at ``pointer``."""
        return self.document(pointer).locate_text(pointer, offset)

    def resolve(self, value: Any, pointer: str) -> Resolved:
        """Follow ``$ref`` from ``value``, which stands at ``pointer``, until something else is there.

        Raises SpecError if it leads nowhere, outside the folder, to a remote place, or in a circle.
        """
        seen: list[str] = []
        while isinstance(value, dict) and isinstance(ref := value.get("$ref"), str):
            if pointer in seen:
                raise self._refusal(pointer, ref, "it leads back to itself", "let one of them hold the value")
            seen.append(pointer)
            value, pointer = self.target(ref, pointer)
        return Resolved(value, pointer)

    def target(self, ref: str, pointer: str) -> Resolved:
        """Give what the reference ``ref``, written in the mapping at ``pointer``, leads to in one step."""
        address, _, fragment = ref.partition("#")
        if self._remote_is_unknown and _is_remote(address) and address not in self.remote:
            return Resolved({}, pointer)
        file = self._file(address, pointer, ref) if address else file_of(pointer)
        top = f"{file}#" if file else ""
        fragment = unquote(fragment)
        if fragment and not fragment.startswith("/"):
            place = self._anchors_of(file).get(fragment)
            if place is None:
                raise self._refusal(
                    pointer,
                    ref,
                    f"no schema there has `$anchor: {fragment}`",
                    "a reference inside the file begins with #/",
                )
            fragment = place
        return self._descend(self.files[file].data, top, split(fragment), pointer, ref)

    def _descend(self, value: Any, at: str, tokens: list[str], pointer: str, ref: str) -> Resolved:
        for token in tokens:
            if isinstance(value, dict) and token not in value and isinstance(value.get("$ref"), str):
                value, at = self.resolve(value, at)
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
                value = value[int(token)]
            else:
                near = get_close_matches(token, list(value), 1, 0.6) if isinstance(value, dict) else []
                hint = f"did you mean `{near[0]}`?" if near else ""
                raise self._refusal(pointer, ref, f"there is no `{token}` at `{at or '/'}`", hint)
            at = join(at, token)
        return Resolved(value, at)

    def _file(self, address: str, pointer: str, ref: str) -> str:
        """Give the name of the file that the URI reference ``address`` means, and read it."""
        if address in self.remote:
            name = self.remote[address]
        elif _is_remote(address):
            raise self._refusal(
                pointer,
                ref,
                "remote references are not followed",
                f'put a copy beside the document and name it: remote = {{"{address}" = "FILE"}}',
                rule="remote-ref",
            )
        else:
            name = _normal(PurePosixPath(file_of(pointer)).parent / unquote(address))
        if name == PurePosixPath(self.main.file).name:
            return ""
        if name not in self.files:
            path = self.folder / name
            if name.startswith(("/", "..")) or not _below(path, self.folder):
                raise self._refusal(
                    pointer,
                    ref,
                    f"it leads outside the folder {self.folder}",
                    "move the file below the folder of the document",
                )
            if not path.is_file():
                raise self._refusal(pointer, ref, f"there is no file {path}", "")
            self.files[name] = read(path)
        return name

    def _anchors_of(self, file: str) -> dict[str, str]:
        if file not in self._anchors:
            found: dict[str, str] = {}
            self._anchors[file] = found
            stack: list[tuple[Any, str]] = [(self.files[file].data, "")]
            while stack:
                value, at = stack.pop()
                if isinstance(value, dict):
                    if isinstance(name := value.get("$anchor", value.get("$dynamicAnchor")), str):
                        found.setdefault(name, at)
                    stack += [(item, join(at, key)) for key, item in value.items()]
                elif isinstance(value, list):
                    stack += [(item, join(at, index)) for index, item in enumerate(value)]
        return self._anchors[file]

    def _refusal(self, pointer: str, ref: str, why: str, hint: str, *, rule: str = "unresolved-ref") -> SpecError:
        at = join(pointer, "$ref")
        message = f"the reference `{ref}` cannot be followed: {why}"
        return SpecError([Problem(rule, self.locate(at), message, hint, pointer=at)])


def _is_remote(address: str) -> bool:
    return bool(urlsplit(address).scheme) or address.startswith("//")


def _normal(path: PurePosixPath) -> str:
    """Take ``.`` and ``..`` out of a relative path, without asking the file system."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _below(path: Path, folder: Path) -> bool:
    """Say whether a path, with links followed, stays below a folder."""
    return path.resolve().is_relative_to(folder.resolve())
