"""The API as it stood at an earlier level, from the document as it is and its notes alone.

Notes are taken back newest first, one at a time; what a note's `before` brings to light may hold older notes, which
are then taken back as well. So rewinding composes: first to 200 and then to 120 is the same as to 120 at once.

>>> from levelbook.document import parse
>>> from levelbook.documents import Documents
>>> text = "components: {schemas: {S: {enum: [a, b], x-changes: [{level: 7, before: {enum: [a]}}]}}}"
>>> rewind(Documents(parse(text, "x.yaml")), LevelTable(), (1, (6,))).main.data["components"]["schemas"]["S"]
{'enum': ['a']}
"""

from __future__ import annotations

import heapq
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from levelbook.elements import ABSENT, Tree, forget_property, prune_examples, remove, unshared
from levelbook.levels import LevelTable, as_level, is_assigned, order, position, read_table, write_table
from levelbook.patch import PatchError, apply_before
from levelbook.pointer import file_of, join, parent, split, within
from levelbook.problem import UsageError
from levelbook.prose import added_value, anchors_in, grammar_of, is_new, rewound_text, split_prose
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from levelbook.documents import Documents
    from levelbook.levels import Level
    from levelbook.prose import Anchor, Grammar

Bound: TypeAlias = tuple[int, tuple[int, ...]]  # what levels.position gives

# What a correction takes back: the words of that time, never the API, which it says did not change.
_PRESENTATION = frozenset({"description", "summary", "title", "example", "examples"})


class _Step(NamedTuple):
    """One note to take back: where its element stands, and what has to be undone."""

    at: str
    key: str  # the key of the text that a prose note stands in; empty for a structured note
    note: Any  # the mapping under `x-changes`, or the anchor of a prose note


def rewind(documents: Documents, table: LevelTable, bound: Bound, level: Level | None = None) -> Documents:
    """Give the documents as of a level or release, as :func:`levelbook.levels.position` orders them.

    ``level`` is what the rewound document calls its current level. Nothing is changed when the bound is not below the
    table's current level. A `before` that does not apply is left out; :func:`faults` names it.
    """
    if table.current is not None and bound >= position(table.current, None):
        return documents
    work = _Work(documents, bound, table)
    work.run()
    return work.result(level)


def noted_bound(documents: Documents, table: LevelTable, level: Level | str) -> Bound | None:
    """Give the last level that notes name together with a release, for a table that tells of no releases.

    None for what is no release, and for one that is named without levels. Raises UsageError for one that no note names.
    """
    if table.releases or not isinstance(level, str) or "." not in level or not is_assigned(level):
        return None
    named: dict[str, list[int]] = {}
    for file, document in documents.complete().files.items():
        for _, element in walk(document.data, f"{file}#" if file else ""):
            for release, at in _anchors(element, table):
                named.setdefault(release, []).extend([at] if isinstance(at, int) else [])
    if level not in named and any(named.values()):
        known = ", ".join(sorted(named, key=order))
        raise UsageError(f"`{level}` is neither a level nor a release; the notes name the releases {known}")
    return position(max(named[level]), None) if named.get(level) else None


def _anchors(element: dict[str, Any], table: LevelTable) -> Iterator[tuple[str, Level | None]]:
    for change in _changes(element):
        if isinstance(change, dict) and "release" in change:
            yield str(change["release"]), as_level(change.get("level"))
    for key, text in element.items():
        if isinstance(text, str) and "hange" in text and key.endswith(("description", "summary")):
            notes = (piece.text for piece in split_prose(text, grammar_of(table)) if piece.is_note)
            anchors = (anchor for note in notes for anchor in anchors_in(note, grammar_of(table)))
            yield from ((anchor.release, anchor.level) for anchor in anchors if anchor.release)


def rewound(
    documents: Documents, table: LevelTable, bound: Bound, kept: Collection[tuple[str, Any]] = ()
) -> tuple[Documents, list[tuple[str, str]]]:
    """Give the documents without any note above a bound, assigned or not, and what :func:`faults` says of these.

    ``kept`` are notes that are not taken back: a structured one by its own pointer and level, prose by its element's.
    They are for comparing: nobody may ask them for places.
    """
    work = _Work(documents, bound, table, frozenset(kept))
    work.run()
    level = bound[1][0] if bound[0] == 1 and isinstance(table.current, int) else None
    return work.result(level, is_placed=False), work.faults


def faults(documents: Documents, table: LevelTable) -> list[tuple[str, str]]:
    """Give the pointer of every structured note whose `before` does not apply or changes nothing, and why."""
    work = _Work(documents, (-1, ()), table)
    work.run()
    return work.faults


class _Work:
    def __init__(
        self, documents: Documents, bound: Bound, table: LevelTable, kept: frozenset[tuple[str, Any]] = frozenset()
    ) -> None:
        self.documents = documents
        self.bound = bound
        self.kept = kept
        self.table = table
        self.grammar = grammar_of(table)
        self.trees = {
            file: Tree(unshared(document.data), f"{file}#" if file else "")
            for file, document in documents.complete().files.items()
        }
        self.heap: list[tuple[Any, int, _Step]] = []
        self.count = 0
        self.faults: list[tuple[str, str]] = []
        self.gone: dict[str, set[str]] = {}
        self.references: dict[str, list[tuple[str, str]]] = {}  # component -> (what is referred to, from where)

    def run(self) -> None:
        """Take back every note above the bound, newest first."""
        for tree in self.trees.values():
            self.collect(tree.data, tree.top)
        while self.heap:
            _, _, step = heapq.heappop(self.heap)
            tree = self.tree(step.at)
            element = tree.get(step.at)
            if isinstance(element, dict):
                self.take_back(element, step)

    def tree(self, pointer: str) -> Tree:
        """Give the file that a pointer leads to."""
        file = "" if pointer[:1] in ("", "/") else pointer.partition("#")[0]
        return self.trees[file]

    def collect(self, value: Any, at: str) -> None:
        """Find the notes at and below an element that are above the bound."""
        for pointer, element in walk(value, at):
            for index, change in enumerate(_changes(element)):
                if isinstance(change, dict) and (place := _place(change)) > self.bound:
                    if self.kept and (join(pointer, "x-changes", index), as_level(change.get("level"))) in self.kept:
                        continue
                    self.push(place, _Step(pointer, "", change))
            if isinstance(ref := element.get("$ref"), str):
                target = _target(ref, pointer)
                self.references.setdefault(_component(target), []).append((target, pointer))
            for key, text in element.items():
                if isinstance(text, str) and "hange" in text and key.endswith(("description", "summary")):
                    for anchor in _rewindable(element, text, self.grammar):
                        place = position(anchor.level, anchor.release)
                        if place > self.bound and (pointer, anchor.level) not in self.kept:
                            self.push(place, _Step(pointer, key, anchor))

    def push(self, place: Bound, step: _Step) -> None:
        """Queue a note: the newest first, and of one level the innermost, in the order of the file."""
        self.count += 1
        depth = step.at.count("/")
        heapq.heappush(self.heap, ((-place[0], tuple(-number for number in place[1]), -depth), self.count, step))

    def take_back(self, element: dict[str, Any], step: _Step) -> None:
        """Undo one note."""
        if step.key:
            self.take_back_prose(element, step)
            return
        change = step.note
        changes = element.get("x-changes")
        if not isinstance(changes, list) or not any(other is change for other in changes):
            return  # an older state that a `before` brought back has other notes
        element["x-changes"] = [other for other in changes if other is not change]
        if not element["x-changes"]:
            del element["x-changes"]
        before = change.get("before")
        if before is None:
            if change.get("kind") == "added":
                if _in_path(element):
                    self.faults.append((step.at, "it says `added`, but a path parameter is as old as its path"))
                else:
                    self.remove(_described(step.at))
            return
        if change.get("kind") == "correction" and isinstance(before, dict):
            before = {key: value for key, value in before.items() if key in _PRESENTATION}
        old = deepcopy(element)
        try:
            changed = apply_before(element, before)
        except PatchError as error:
            self.faults.append((step.at, f"its `before` does not apply: {error}"))
            return
        if changed == old and before:
            self.faults.append((step.at, "its `before` changes nothing"))
        element.clear()
        element.update(changed)
        self.collect(element, step.at)

    def take_back_prose(self, element: dict[str, Any], step: _Step) -> None:
        """Undo a prose note where it is evident what it says: the element is new, or one value of its enum is."""
        text = element.get(step.key)
        if not isinstance(text, str):
            return
        rewound = rewound_text(text, step.note, self.grammar)
        if rewound is None:
            return
        remaining, said = rewound
        if is_new(said):
            self.remove(_described(step.at))
            return
        value = added_value(said, element.get("enum"))
        if value is not ABSENT:
            element["enum"] = [item for item in element["enum"] if item is not value]
            element[step.key] = remaining

    def remove(self, at: str) -> None:
        """Take an element out of what holds it, and everything that refers to it."""
        waiting = [at]
        while waiting:
            at = waiting.pop()
            removed = remove(self.tree(at), at, self.gone)
            if removed is not None and ("/components/" in removed or file_of(removed)):
                waiting += self.references_to(removed)
                self.forget_name(str(removed))
            tokens = split(removed or "")
            if len(tokens) > 1 and tokens[-2] == "properties":
                self.forget_in_groups(parent(parent(str(removed))), tokens[-1])

    def forget_name(self, removed: str) -> None:
        """Take a component that is gone out of what names it without a reference: `security`, and `mapping`."""
        tokens = split(removed)
        if len(tokens) != 3:  # noqa: PLR2004
            return
        for tree in self.trees.values():
            for _, element in walk(tree.data, tree.top):
                if tokens[1] == "securitySchemes" and isinstance(element.get("security"), list):
                    needs = element["security"]
                    element["security"] = [need for need in needs if not (isinstance(need, dict) and tokens[2] in need)]
                mapping = element.get("mapping")
                if tokens[1] == "schemas" and isinstance(mapping, dict) and "propertyName" in element:
                    names = (tokens[2], f"#{removed}")
                    element["mapping"] = {key: value for key, value in mapping.items() if value not in names}

    def forget_in_groups(self, schema_at: str, name: str) -> None:
        """Take a property that is gone out of the other members of its `allOf` groups: they may still require it."""
        waiting, seen = [schema_at], {schema_at}
        while waiting:
            at = waiting.pop()
            uses = [where for target, where in self.references.get(_component(at), ()) if target == at]
            for use in (at, *uses):
                holder_at = parent(parent(use)) if split(use)[-2:-1] == ["allOf"] else use
                holder = self.tree(holder_at).get(holder_at)
                if holder_at in seen or not isinstance(holder, dict):
                    continue
                seen.add(holder_at)
                waiting.append(holder_at)
                for member in (holder, *(holder["allOf"] if isinstance(holder.get("allOf"), list) else ())):
                    forget_property(member, name)

    def references_to(self, pointer: str) -> list[str]:
        """Give every element that is a reference to a component which is gone, or to something in it."""
        return [
            at
            for target, at in self.references.get(_component(pointer), ())
            if within(target, pointer) and isinstance(element := self.tree(at).get(at), dict) and "$ref" in element
        ]

    def drop_dangling(self) -> None:
        """Remove references to what is gone that a `before` has brought back after it went."""
        tried: set[str] = set()  # some stand where nothing can be taken away
        while dangling := [
            at
            for known in self.references.values()
            for target, at in known
            if at not in tried
            and isinstance(element := self.tree(at).get(at), dict)
            and _target(str(element.get("$ref")), at) == target
            and self.leads_nowhere(target)
        ]:
            tried.add(dangling[0])
            self.remove(dangling[0])

    def leads_nowhere(self, target: str) -> bool:
        """Whether a pointer into a file that was read has nothing at its end."""
        file = file_of(target)
        path = target.partition("#")[2] if file else target
        return path.startswith("/") and file in self.trees and self.trees[file].get(target) is ABSENT

    def result(self, level: Level | None, *, is_placed: bool = True) -> Documents:
        """Give what is left as documents of their own; places, where there are any, are still those of the files."""
        self.drop_dangling()
        files = {}
        for file, tree in self.trees.items():
            prune_examples(tree.data, tree.top, self.gone, self.tree)
            document = self.documents.files[file]
            data, marks = tree.purged(document.marks if is_placed else None)  # marks may cost reading it again
            files[file] = replace(document, data=data, _marks=marks)
        _rewind_table(files[""].data, self.bound, level)
        return self.documents.with_files(files)


def _changes(element: dict[str, Any]) -> list[Any]:
    changes = element.get("x-changes")
    return changes if isinstance(changes, list) else []


def _place(change: dict[str, Any]) -> Bound:
    release = change.get("release")
    return position(as_level(change.get("level")), str(release) if release is not None else None)


def _rewindable(element: dict[str, Any], text: str, grammar: Grammar) -> Iterator[Anchor]:
    """Give the anchors of the prose notes in a text that can be taken back by themselves."""
    for piece in split_prose(text, grammar):
        if piece.is_note and not piece.in_list:
            for part in piece.parts():
                new = is_new(part.text) and not _in_path(element)
                if part.anchors and (new or added_value(part.text, element.get("enum")) is not ABSENT):
                    yield part.anchors[0]


def _described(at: str) -> str:
    """Give what a member of an `allOf` describes: the schema that is all of them, and no part of it."""
    while split(at)[-2:-1] == ["allOf"]:
        at = parent(parent(at))
    return at


def _in_path(element: dict[str, Any]) -> bool:
    """Whether an element is a path parameter; without it the path that names it would be no OpenAPI any more."""
    return element.get("in") == "path"


def _target(ref: str, at: str) -> str:
    """Give the pointer that a reference leads to; files are named as they are from the main document."""
    file, _, path = ref.partition("#")
    own = "" if at[:1] in ("", "/") else at.partition("#")[0]
    name = file or own
    return f"{name}#{path}" if name else path


def _component(pointer: str) -> str:
    """Give the component that a pointer leads into: its file and first three steps."""
    file, mark, path = ("", "", pointer) if pointer[:1] in ("", "/") else pointer.partition("#")
    return file + mark + "/".join(path.split("/")[:4])


def _rewind_table(data: Any, bound: Bound, level: Level | None) -> None:
    """Let the document say that it stands at the earlier level."""
    info = data.get("info") if isinstance(data, dict) else None
    if not isinstance(info, dict) or not isinstance(info.get("x-levels"), dict):
        return
    own = read_table(info["x-levels"])
    releases = tuple(release for release in own.releases if position(release.level, release.version) <= bound)
    current = level if level is not None else bound[1][0] if bound[0] == 1 and isinstance(own.current, int) else None
    written = write_table(replace(own, current=current, releases=releases))
    kept = {key: value for key, value in info["x-levels"].items() if key not in ("current", "releases")}
    head = {} if own.current is None else {"head": own.head if own.head is not None else own.current}
    info["x-levels"] = kept | {key: written[key] for key in ("current", "releases") if key in written} | head
