"""The document that was named and the files it refers to: the one place where a ``$ref`` is followed.

>>> from levelbook.document import parse
>>> documents = Documents(parse("a: {$ref: '#/b~1c'}\\nb/c: 1", "x.yaml"))
>>> documents.resolve(documents.main.data["a"], "/a")
Resolved(value=1, pointer='/b~1c')
"""

from __future__ import annotations

import re
from contextlib import suppress
from copy import copy
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from levelbook.document import Document, read
from levelbook.pointer import file_of, join, split, within
from levelbook.problem import Location, Problem, SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


_DIGITS = 10  # of an index into a list
_FOREIGN = re.compile(
    r"""\$ref["']?\s*:(?![\s"']*#(?!\s))|\\(?:u00|x)24ref"""
)  # a reference that may lead to another file
_LINE = 160  # characters of a line that an excerpt shows


class Resolved(NamedTuple):
    """What a reference leads to, and where that stands."""

    value: Any
    pointer: str


class Files(Protocol):
    """The files beside a document; ``name`` is that of the document itself, without its folder."""

    @property
    def name(self) -> str:
        """What references from other files call the document."""

    def path(self, name: str) -> str:
        """Give what messages call a file, by its path from the document's folder; an empty name means the folder."""

    def is_below(self, name: str) -> bool:
        """Say whether a file stays within the folder of the document, wherever links lead."""

    def read(self, name: str) -> Document | None:
        """Read a file; None where there is none. Raises SpecError if it cannot be read."""


class Folder:
    """The files beside a document on disk."""

    def __init__(self, file: str) -> None:
        self.name = PurePosixPath(file).name
        self.folder = Path(file).parent

    def path(self, name: str) -> str:
        """Give what messages call a file."""
        return str(self.folder / name)

    def is_below(self, name: str) -> bool:
        """Say whether a file stays within the folder, wherever links lead."""
        return _below(self.folder / name, self.folder)

    def read(self, name: str) -> Document | None:
        """Read a file; None where there is none."""
        return read(self.folder / name) if _is_file(self.folder / name) else None


class Documents:
    """An OpenAPI description in one or more files.

    Files are read when first referred to, only from the folder of the main document or below; ``remote`` maps a
    URL that may be referred to onto the local file that stands for it; ``beside`` is where files are read from, the
    disk unless told otherwise. Nothing is ever fetched.
    """

    def __init__(self, main: Document, *, remote: Mapping[str, str] | None = None, beside: Files | None = None) -> None:
        self.main = main
        self.beside = Folder(main.file) if beside is None else beside
        self.files: dict[str, Document] = {"": main}
        self.remote = dict(remote or {})
        self._followed: set[str] = set()
        self._anchors: dict[str, dict[str, str]] = {}
        self._remote_is_unknown = False
        self._targets: dict[str, Resolved] = {}  # of references within the main document, which many may write

    def with_remote_unknown(self) -> Documents:
        """Give the same documents, where a remote reference leads to an empty value instead of a SpecError."""
        other = copy(self)
        other._remote_is_unknown = True  # noqa: SLF001
        other._targets = {}  # noqa: SLF001  # some lead elsewhere now
        return other

    def with_files(self, files: dict[str, Document]) -> Documents:
        """Give other data at the same places."""
        other = Documents(files[""], remote=self.remote, beside=self.beside)
        other.files = files
        other._followed = set(self._followed)  # noqa: SLF001
        other._remote_is_unknown = self._remote_is_unknown  # noqa: SLF001
        return other

    def complete(self) -> Documents:
        """Read every file that is referred to, however far away; what cannot be followed is for checks to tell."""
        while waiting := [name for name in self.files if name not in self._followed]:
            for name in waiting:
                self._followed.add(name)
                document = self.files[name]
                if document.text and not _FOREIGN.search(document.text):
                    continue  # most documents are of one file, and large ones take long to walk
                for at, value in _mappings(document.data):
                    if isinstance(ref := value.get("$ref"), str) and not ref.startswith("#"):
                        with suppress(SpecError):
                            self.target(ref, f"{name}#{at}" if name else at)
        return self

    def document(self, pointer: str) -> Document:
        """Give the file that a pointer leads to."""
        return self.files[file_of(pointer)]

    def locate(self, pointer: str) -> Location:
        """Give the place of what stands at ``pointer``, or of the nearest thing above it."""
        return self.document(pointer).locate(pointer)

    def excerpt(self, where: Location) -> str:
        """Give the line of a place with those around it, numbered, and a mark below its column; empty without one."""
        found = next((document for document in self.files.values() if document.file == where.file), None)
        if found is None or not found.text or not where.line:
            return ""
        lines = found.text.split("\n")
        width = len(str(where.line + 1))
        shown = []
        for number in range(max(1, where.line - 1), min(len(lines), where.line + 1) + 1):
            shown.append(f"    {number:>{width}} | {lines[number - 1][:_LINE]}\n")
            if number == where.line:
                shown.append(f"    {'':>{width}} | {' ' * (min(where.column, _LINE) - 1)}^\n")
        return "".join(shown)

    def locate_text(self, pointer: str, offset: int) -> Location:
        """Give the place of the character at ``offset`` of the string at ``pointer``."""
        return self.document(pointer).locate_text(pointer, offset)

    def resolve(self, value: Any, pointer: str, above: tuple[str, ...] = ()) -> Resolved:
        """Follow ``$ref`` from ``value``, which stands at ``pointer``, until something else is there.

        Raises SpecError if it leads nowhere, outside the folder, to a remote place, or in a circle. ``above`` are the
        references that are being followed already.
        """
        seen = [*above]
        while isinstance(value, dict) and isinstance(ref := value.get("$ref"), str):
            if pointer in seen:
                raise self._refusal(pointer, ref, "it leads back to itself", "let one of them hold the value")
            seen.append(pointer)
            value, pointer = self.target(ref, pointer, (*seen,))
        return Resolved(value, pointer)

    def at(self, pointer: str) -> Resolved:
        """Give what stands at a pointer. Raises SpecError where there is nothing."""
        file = file_of(pointer)
        return self._descend(self.files[file].data, f"{file}#" if file else "", split(pointer), pointer, pointer)

    def target(self, ref: str, pointer: str, above: tuple[str, ...] = ()) -> Resolved:
        """Give what the reference ``ref``, written in the mapping at ``pointer``, leads to in one step."""
        is_inside = ref[:1] == "#" and pointer[:1] in ("", "/") and not self._resources
        if is_inside and ref in self._targets:
            return self._targets[ref]
        found = self._found(ref, pointer, above)
        if is_inside:
            self._targets[ref] = found
        return found

    def _found(self, ref: str, pointer: str, above: tuple[str, ...]) -> Resolved:
        address, _, fragment = ref.partition("#")
        if (found := self._in_resource(address, fragment, pointer)) is not None:
            return self._descend(*found, pointer, ref, above)
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
        return self._descend(self.files[file].data, top, split(fragment), pointer, ref, above)

    def _descend(  # noqa: PLR0913, PLR0917  # where it begins, where it goes, and for whom
        self, value: Any, at: str, tokens: list[str], pointer: str, ref: str, above: tuple[str, ...] = ()
    ) -> Resolved:
        for token in tokens:
            if isinstance(value, dict) and token not in value and isinstance(value.get("$ref"), str):
                value, at = self.resolve(value, at, above)
            if isinstance(value, dict) and token in value:
                value = value[token]
            elif isinstance(value, list) and token.isdecimal() and len(token) < _DIGITS and int(token) < len(value):
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
        if name == self.beside.name:
            return ""
        if name not in self.files:
            if name.startswith(("/", "..")) or not self.beside.is_below(name):
                raise self._refusal(
                    pointer,
                    ref,
                    f"it leads outside the folder {self.beside.path('')}",
                    "move the file below the folder of the document",
                )
            document = self.beside.read(name)
            if document is None:
                raise self._refusal(pointer, ref, f"there is no file {self.beside.path(name)}", "")
            self.files[name] = document
        return name

    def _in_resource(self, address: str, fragment: str, pointer: str) -> tuple[Any, str, list[str]] | None:
        """Find what a reference means to a schema resource: one with an `$id` (JSON Schema core, 8.2.1 and 9.2).

        Gives the resource, its pointer, and the way from there; None for a reference to a file.
        """
        if not self._resources or address in self.remote:
            return None
        base = max((at for _, at in self._resources.values() if within(pointer, at)), key=len, default=None)
        if base is None:
            uri = address
        else:
            uri = _joined(next(name for name, (_, at) in self._resources.items() if at == base), address)
        if uri not in self._resources:
            return None
        value, at = self._resources[uri]
        fragment = unquote(fragment)
        if not fragment or fragment.startswith("/"):
            return value, at, split(fragment)
        places = (
            inner for inner, item in _mappings(value) if fragment in (item.get("$anchor"), item.get("$dynamicAnchor"))
        )
        place = next(places, None)
        return None if place is None else (value, at, split(place))

    @cached_property
    def remote_schemas(self) -> dict[str, Any]:
        """The local copies of remote files, by URL: what a schema resource may refer to."""
        return {url: self.files[self._file(url, "", url)].data for url in self.remote}

    @property
    def identified_schemas(self) -> dict[str, Any]:
        """The schemas of the main document that have an `$id`, by the URI that it makes."""
        return {uri: value for uri, (value, _) in self._resources.items() if _is_remote(uri)}

    @cached_property
    def _resources(self) -> dict[str, tuple[Any, str]]:
        """The schemas of the main document that have an `$id`, by the URI that it makes."""
        found: dict[str, tuple[Any, str]] = {}
        if self.main.text and "$id" not in self.main.text:
            return found
        bases: list[tuple[str, str]] = []
        for at, value in _mappings(self.main.data):
            if isinstance(name := value.get("$id"), str):
                base = max(
                    (pair for pair in bases if within(at, pair[0])), key=lambda pair: len(pair[0]), default=("", "")
                )[1]
                uri = _joined(base, name).removesuffix("#")
                bases.append((at, uri))
                found.setdefault(uri, (value, at))
        return found

    def _anchors_of(self, file: str) -> dict[str, str]:
        if file not in self._anchors:
            found: dict[str, str] = {}
            self._anchors[file] = found
            for at, value in _mappings(self.files[file].data):
                if isinstance(name := value.get("$anchor", value.get("$dynamicAnchor")), str):
                    found.setdefault(name, at)
        return self._anchors[file]

    def _refusal(self, pointer: str, ref: str, why: str, hint: str, *, rule: str = "unresolved-ref") -> SpecError:
        at = join(pointer, "$ref")
        message = f"the reference `{ref}` cannot be followed: {why}"
        return SpecError([Problem(rule, self.locate(at), message, hint, pointer=at)])


def _mappings(data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every mapping of plain data with its pointer."""
    stack: list[tuple[Any, str]] = [(data, "")]
    while stack:
        value, at = stack.pop()
        if isinstance(value, dict):
            yield at, value
            stack += [(item, join(at, key)) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [(item, join(at, index)) for index, item in enumerate(value)]


def _joined(base: str, address: str) -> str:
    """Resolve a URI reference; one that is none stays what it is."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _is_remote(address: str) -> bool:
    try:
        return bool(urlsplit(address).scheme) or address.startswith("//")
    except ValueError:  # `http://[`
        return True


def _normal(path: PurePosixPath) -> str:
    """Take ``.`` and ``..`` out of a relative path, without asking the file system."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _below(path: Path, folder: Path) -> bool:
    """Say whether a path, with links followed, stays below a folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        return False
