"""Rules on change notes: do they name levels that exist, in the right order, in the right place?"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from levelbook.inference import infer_table
from levelbook.levels import is_assigned, order
from levelbook.notes import IS_TEXT, KINDS
from levelbook.pointer import join
from levelbook.problem import Location, Problem, Severity
from levelbook.prose import LIST_MARK, Piece, anchors_in, kind_of, split_prose
from levelbook.rewind import faults
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from levelbook.api import Api
    from levelbook.levels import LevelTable
    from levelbook.prose import Anchor

_PLACEHOLDER = re.compile(r"\blevels?\s+(ZF-\w+|next\b|TBD\b|XXX?\b|\?+)|\b(ZF-[0-9a-f]{6})\b")
_MENTION = re.compile(r"\((?:\w+\s+)?levels?\s+\d+[^)]*\)")
_OTHER_MARK = re.compile(r"<b>Changes</b>|^#{1,6}\s.*\b[Cc]hanges\b", re.MULTILINE)
_BREAK = re.compile(r"^(?:#{1,6}\s|`{3}|<!--|<[a-z])", re.MULTILINE)  # on a page, what ends the notes above it
_NO_LEVEL = re.compile(r"\A[^.]{0,40}?\([^)]*\blevel", re.IGNORECASE)
_SEE = re.compile(r"\bsee\b.*\]\(|\bsee\b.*\]\[", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A description, or a page of the project: where its characters stand, and what it is cut into."""

    text: str
    where: Callable[[int], Location]
    pointer: str = ""
    element: dict[str, Any] = field(default_factory=dict)
    pieces: tuple[Piece, ...] = ()

    def notes(self) -> Iterator[Piece]:
        """Give the notes in the text."""
        return (piece for piece in self.pieces if piece.is_note)


class NoteTexts:
    """Every text that may hold notes, and the level table they are judged by: the document's, else an inferred one."""

    def __init__(self, api: Api, pages: Iterable[Path] = ()) -> None:
        self.api = api
        self.described = list(_descriptions(api))
        self.pages = [page for path in pages if (page := read_page(path)) is not None]

    @cached_property
    def table(self) -> LevelTable:
        """The table that says which release holds which level."""
        if any(release.level is not None for release in self.api.levels.releases):
            return self.api.levels
        return infer_table(
            anchor for text in self.described for piece in text.notes() for anchor in anchors_in(piece.text)
        )

    def structured(self) -> Iterator[tuple[Any, str, dict[str, Any], str]]:
        """Give each structured note with its pointer, its element, and the element's pointer."""
        for file, document in self.api.documents.files.items():
            for pointer, element in walk(document.data, f"{file}#" if file else ""):
                if "x-changes" in element:
                    changes = element["x-changes"]
                    for index, change in enumerate(changes if isinstance(changes, list) else [changes]):
                        at = (
                            join(pointer, "x-changes", index)
                            if isinstance(changes, list)
                            else join(pointer, "x-changes")
                        )
                        yield change, at, element, pointer


def read_page(path: Path) -> Text | None:
    """Read a page of the project; None where it cannot be read, which the build says."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None

    def where(offset: int) -> Location:
        return Location(str(path), text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    return Text(text, where, pieces=tuple(split_prose(text)))


def _descriptions(api: Api) -> Iterator[Text]:
    for file, document in api.documents.files.items():
        for pointer, element in walk(document.data, f"{file}#" if file else ""):
            for key, text in element.items():
                if isinstance(text, str) and IS_TEXT.search(key):
                    yield Text(text, _place_in(api, join(pointer, key)), pointer, element, tuple(split_prose(text)))


def _place_in(api: Api, at: str) -> Callable[[int], Location]:
    return lambda offset: api.documents.locate_text(at, offset)


def note_release(texts: NoteTexts) -> Iterator[Problem]:
    """A note names a release that holds the level it names.

    **What it means.** `Zulip 7.0 (feature level 219)`, where level 219 came with 8.0. Readers of the page look at the
    wrong one of the two. Without a level table, what most notes say is taken as right.

    **What to do.** Correct the release or the level.
    """
    for text, anchor, at in _anchors(texts):
        holder = texts.table.release_of(anchor.level)
        if anchor.release is None or holder is None or _same(anchor.release, holder.version):
            continue
        named = next((release for release in texts.table.releases if _same(release.version, anchor.release)), None)
        if named is not None and not _backported(texts.table, anchor):
            yield Problem(
                "note-release",
                text.where(at),
                f"the note says level {anchor.level} came with {anchor.release}, but it came with {holder.version}",
                "correct the release or the level",
                pointer=text.pointer,
            )


def note_level(texts: NoteTexts) -> Iterator[Problem]:
    """A note names a level that the table knows.

    **What it means.** The level is above the current one, or kept for maintenance releases.

    **What to do.** Correct the level; for a change without one yet, write `level: next`; raise `current`.
    """
    table = texts.table
    highest = table.head if table.head is not None else table.current
    if highest is None:
        return
    shipped = {release.level for release in table.releases}
    found = [(anchor.level, text.where(at), text.pointer) for text, anchor, at in _anchors(texts)]
    found += [
        (change["level"], texts.api.documents.locate(at), at)
        for change, at, _, _ in texts.structured()
        if isinstance(change, dict) and isinstance(change.get("level"), (int, str)) and is_assigned(change["level"])
    ]
    for level, where, pointer in found:
        if level is None or not isinstance(level, type(highest)):
            continue
        if order(level) > order(highest):
            yield Problem(
                "note-level",
                where,
                f"the level {level} is above the current one, {highest}",
                "correct it, write `level: next`, or raise `current` in the table",
                pointer=pointer,
            )
        elif level not in shipped and any(
            order(first) <= order(level) <= order(last) for first, last in table.reserved
        ):
            yield Problem(
                "note-level",
                where,
                f"the level {level} is kept for maintenance releases",
                "correct it, or take it out of `reserved`",
                pointer=pointer,
            )


def note_missing_level(texts: NoteTexts) -> Iterator[Problem]:
    """A note that names a release with levels also names the level.

    **What it means.** "New in Zulip 7.0." leaves it to the reader which of the levels between 6.0 and 7.0 is meant.

    **What to do.** Add the level; where there is none, say so: `Zulip 3.0 (no feature level; unstable)`.
    """
    levelled = [release for release in texts.table.releases if release.level is not None]
    for text in texts.described:
        for piece in text.notes():
            for part in piece.parts():
                for anchor in part.anchors[:1]:
                    release = anchor.release
                    if release is None or anchor.level is not None or release.endswith("x"):
                        continue
                    after = part.text[part.text.find(release) + len(release) :]
                    if any(_same(item.version, release) for item in levelled) and not _NO_LEVEL.match(after):
                        yield Problem(
                            "note-missing-level",
                            text.where(part.offset),
                            f"the note names {release} and no level",
                            "add the level",
                            Severity.WARNING,
                            text.pointer,
                        )


def note_order(texts: NoteTexts) -> Iterator[Problem]:
    """Within a note, the newest change comes first.

    **What it means.** A level in the note is higher than one that stands before it.

    **What to do.** Put the paragraphs in order, newest first.
    """
    for text in texts.described:
        for piece in text.notes():
            levels = [anchor.level for anchor in anchors_in(piece.text) if anchor.release and anchor.level is not None]
            wrong = next((pair for pair in pairwise(levels) if order(pair[1]) > order(pair[0])), None)
            if wrong is not None:
                yield Problem(
                    "note-order",
                    text.where(piece.offset),
                    f"the note names level {wrong[0]} before level {wrong[1]}",
                    "put the newest change first",
                    pointer=text.pointer,
                )


def note_bold(texts: NoteTexts) -> Iterator[Problem]:
    """Only the newest change of an element carries the bold word.

    **What it means.** A description has several notes, each with its own **Changes**. They read as one.

    **What to do.** Leave the first bold word, and let the older changes follow as paragraphs.
    """
    for text in texts.described:
        bold = [piece for piece in text.notes() if not piece.in_list]
        for piece in bold[1:]:
            yield Problem(
                "note-bold",
                text.where(piece.offset),
                "the description has a second **Changes**",
                "let the older changes follow the first as paragraphs",
                Severity.WARNING,
                text.pointer,
            )


def note_outside(texts: NoteTexts) -> Iterator[Problem]:
    """Levels are named in notes.

    **What it means.** A level is mentioned outside a note: no changelog lists it, and rewinding does not see it.

    **What to do.** Begin the sentence with **Changes**: in a paragraph of its own, or write it beside the element.
    """
    for text in [*texts.described, *texts.pages]:
        marks = sorted(
            [piece.offset for piece in text.notes()] + [mark.start() for mark in _OTHER_MARK.finditer(text.text)]
        )
        for match in _MENTION.finditer(text.text):
            mark = max((offset for offset in marks if offset <= match.start()), default=None)
            if mark is not None and (text.element or not _BREAK.search(text.text, mark + 1, match.start())):
                continue
            if not _PLACEHOLDER.search(match[0]):
                yield Problem(
                    "note-outside",
                    text.where(match.start()),
                    f"`{' '.join(match[0].split())}` stands outside a note",
                    "begin its paragraph with **Changes**:",
                    pointer=text.pointer,
                )


def note_placeholder(texts: NoteTexts) -> Iterator[Problem]:
    """No placeholder of a level is left in what people read.

    **What it means.** A change was written down before its level was known, and the placeholder was never replaced.

    **What to do.** Write the level; `levelbook release` does that for all of them.
    """
    for text in [*texts.described, *texts.pages]:
        for match in _PLACEHOLDER.finditer(text.text):
            yield Problem(
                "note-placeholder",
                text.where(match.start()),
                f"`{' '.join(match[0].split())}` is a placeholder, not a level",
                "write the level",
                pointer=text.pointer,
            )


def note_deprecated(texts: NoteTexts) -> Iterator[Problem]:
    """What a note calls deprecated has the flag, and what has the flag has a note.

    **What it means.** The newest note of an element begins with "Deprecated", but `deprecated: true` is missing; or the
    flag is there, and nothing says since when.

    **What to do.** Add the flag, or the note.
    """
    flagged: dict[str, bool] = {}
    for text in texts.described:
        notes = [piece for piece in text.notes() if not piece.in_list]
        says = any(piece.parts() and kind_of(piece.parts()[0].text) == "deprecated" for piece in notes)
        flagged[text.pointer] = flagged.get(text.pointer, False) or "eprecat" in text.text
        begins = bool(notes) and bool(parts := notes[0].parts()) and parts[0].text.lower().startswith("deprecated")
        if says and begins and _can_be_deprecated(text.element) and text.element.get("deprecated") is not True:
            yield Problem(
                "note-deprecated",
                text.where(notes[0].offset),
                "the note says deprecated, but `deprecated: true` is missing",
                "add the flag",
                pointer=text.pointer,
            )
    for file, document in texts.api.documents.files.items():
        for pointer, element in walk(document.data, f"{file}#" if file else ""):
            told = any(
                isinstance(change, dict) and change.get("kind") == "deprecated"
                for change in element.get("x-changes") or []
            )
            if element.get("deprecated") is True and not told and not flagged.get(pointer):
                at = join(pointer, "deprecated")
                yield Problem(
                    "note-deprecated",
                    texts.api.documents.locate(at),
                    "this is deprecated, and no note says since when",
                    "add a note",
                    Severity.WARNING,
                    at,
                )


def note_parent(texts: NoteTexts) -> Iterator[Problem]:
    """Nothing is older than what it is part of.

    **What it means.** A note says that an element came at an earlier level than the element around it.

    **What to do.** Correct one of the two, or leave the inner note out: what came with its parent needs none.
    """
    added: dict[str, Any] = {}
    notes: list[tuple[str, Any, Location]] = []
    for change, at, _, pointer in texts.structured():
        if isinstance(change, dict) and change.get("kind") == "added" and isinstance(change.get("level"), int):
            notes.append((pointer, change["level"], texts.api.documents.locate(at)))
    for text in texts.described:
        for piece in text.notes():
            part = next(iter(piece.parts()), None)
            if (
                part
                and not piece.in_list
                and part.anchors
                and kind_of(part.text) == "added"
                and isinstance(part.anchors[0].level, int)
            ):
                notes.append((text.pointer, part.anchors[0].level, text.where(piece.offset)))
    added = {pointer: level for pointer, level, _ in notes}
    for pointer, level, where in notes:
        steps = pointer.split("/")
        above = next(
            (added[at] for end in range(len(steps) - 1, 0, -1) if (at := "/".join(steps[:end])) in added), None
        )
        if above is not None and above > level:
            yield Problem(
                "note-parent",
                where,
                f"this came at level {level}, but what it is part of at level {above}",
                "correct one of them",
                Severity.WARNING,
                pointer,
            )


def note_impossible(texts: NoteTexts) -> Iterator[Problem]:
    """A note tells of a time when its element existed.

    **What it means.** A structured note stands at a level below the one at which its element was added.

    **What to do.** Correct the level, or write what was there before as `before` of the parent.
    """
    for change, at, element, _ in texts.structured():
        changes = element["x-changes"] if isinstance(element["x-changes"], list) else []
        born = [
            other["level"]
            for other in changes
            if isinstance(other, dict) and other.get("kind") == "added" and isinstance(other.get("level"), int)
        ]
        level = change.get("level") if isinstance(change, dict) else None
        if born and isinstance(level, int) and level < min(born):
            yield Problem(
                "note-impossible",
                texts.api.documents.locate(at),
                f"this changed at level {level}, but came only at level {min(born)}",
                "correct the level",
                pointer=at,
            )


def note_anchor(texts: NoteTexts) -> Iterator[Problem]:
    """Levels are written as the table calls them.

    **What it means.** "feature level80", "Feature Level 80" or "feature-level 80": tools and readers that look for the
    right spelling miss it.

    **What to do.** Write it as all the others.
    """
    name = texts.api.levels.name if texts.api.levels.name != "level" else "feature level"
    words = name.split()
    loose = re.compile(r"[\s_-]*".join(re.escape(word) for word in words) + r"s?[\s:#_-]*\d+", re.IGNORECASE)
    right = re.compile(r"\s+".join(re.escape(word) for word in words) + r"s?\s+\d+")
    capital = re.compile(r"\s+".join([re.escape(words[0].capitalize()), *map(re.escape, words[1:])]) + r"s?\s+\d+")
    for text in [*texts.described, *texts.pages]:
        for match in loose.finditer(text.text):
            begins = not text.text[: match.start()].strip() or text.text[: match.start()].rstrip()[-1] in ".!?:*#>-"
            if not right.fullmatch(match[0]) and not (begins and capital.fullmatch(match[0])):
                yield Problem(
                    "note-anchor",
                    text.where(match.start()),
                    f"`{' '.join(match[0].split())}` is written otherwise than `{name} N`",
                    f"write `{name} {re.findall(r'[0-9]+', match[0])[-1]}`",
                    pointer=text.pointer,
                )


def note_before(texts: NoteTexts) -> Iterator[Problem]:
    """A structured note is complete, and its `before` turns the element back.

    **What it means.** The note lacks its level, its kind is unknown, or its `before` does not apply or changes nothing.

    **What to do.** Complete it; `before` is what was otherwise, as a merge patch on the element.
    """
    locate = texts.api.documents.locate
    for change, at, _, _ in texts.structured():
        if not isinstance(change, dict):
            yield Problem(
                "note-before",
                locate(at),
                "`x-changes` is a list of notes, each a mapping",
                "write `- {level: 7, kind: added}`",
                pointer=at,
            )
            continue
        if change.get("kind", "changed") not in KINDS:
            yield Problem(
                "note-before",
                locate(join(at, "kind")),
                f"there is no kind of note `{change['kind']}`",
                f"there are {', '.join(KINDS)}",
                pointer=at,
            )
        if not isinstance(change.get("level"), (int, str)) and "release" not in change:
            yield Problem(
                "note-before", locate(at), "the note names neither a level nor a release", "add `level`", pointer=at
            )
    for at, why in faults(texts.api.documents, texts.api.levels):
        yield Problem("note-before", locate(join(at, "x-changes")), why, "`before` says what was otherwise", pointer=at)


def note_unread(texts: NoteTexts) -> Iterator[Problem]:
    """Every note can be understood.

    **What it means.** A note names neither a level nor a release, or the word *Changes* stands in bold in a way
    that does not begin a note. It is kept and shown; the changelog lists it under no level.

    **What to do.** Name the level, or leave it: this is said for information.
    """
    for text in texts.described:
        for piece in text.notes():
            if not any(anchors_in(piece.text)) and not _SEE.search(piece.text):
                yield Problem(
                    "note-unread",
                    text.where(piece.offset),
                    "the note names neither a level nor a release",
                    "",
                    Severity.INFO,
                    text.pointer,
                )
        for match in LIST_MARK.finditer(text.text):
            yield Problem(
                "note-unread",
                text.where(match.start()),
                f"`{match[0]}` is not read as a note",
                "",
                Severity.INFO,
                text.pointer,
            )


def _anchors(texts: NoteTexts) -> Iterator[tuple[Text, Anchor, int]]:
    """Give every release and level that a note names together, and where the change stands that names them."""
    for text in texts.described:
        for piece in text.notes():
            for part in piece.parts():
                for anchor in part.anchors:
                    if anchor.level is not None and anchor.release is not None:
                        yield text, anchor, part.offset


def _same(left: str, right: str) -> bool:
    """Say whether two versions are the same: 2.0 is 2.0.0."""
    return _padded(left) == _padded(right)


def _padded(version: str) -> tuple[int, ...]:
    numbers = order(version)
    return numbers + (0,) * (4 - len(numbers))


def _backported(table: LevelTable, anchor: Anchor) -> bool:
    return anchor.level is not None and any(
        _same(version, anchor.release or "") and order(first) <= order(anchor.level) <= order(last)
        for first, last, version in table.backports
    )


def _can_be_deprecated(element: dict[str, Any]) -> bool:
    """Say whether an element may have the flag: an operation, a parameter, a header or a schema."""
    return any(
        key in element
        for key in ("responses", "in", "schema", "type", "properties", "allOf", "oneOf", "anyOf", "items", "enum")
    )
