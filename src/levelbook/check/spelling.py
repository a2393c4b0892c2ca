"""Rules on change notes: are they where they are looked for, and written so that they are found?"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from levelbook.pointer import join
from levelbook.problem import Problem, Severity
from levelbook.prose import LIST_MARK, anchors_in, kind_of
from levelbook.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from levelbook.check.texts import NoteTexts

_PLACEHOLDER = re.compile(r"\blevels?\s+(ZF-\w+|next\b|TBD\b|XXX?\b|\?+)|\b(ZF-[0-9a-f]{6})\b")
_MENTION = re.compile(r"\((?:\w+\s+)?levels?\s+\d+[^)]*\)")
_OTHER_MARK = re.compile(r"<b>Changes</b>|^#{1,6}\s.*\b[Cc]hanges\b", re.MULTILINE)
_BREAK = re.compile(r"^(?:#{1,6}\s|`{3}|<!--|<[a-z])", re.MULTILINE)  # on a page, what ends the notes above it
_SEE = re.compile(r"\bsee\b.*\]\(|\bsee\b.*\]\[", re.IGNORECASE | re.DOTALL)


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

    **What to do.** Add the flag, or the note. A document without any notes or levels is not asked for one.
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
    if not texts.keeps_notes:
        return  # a document that says nothing of levels is not asked since when
    for file, document in texts.api.documents.files.items():
        for pointer, element in walk(document.data, f"{file}#" if file else ""):
            told = any(
                isinstance(change, dict) and change.get("kind") == "deprecated"
                for change in (element["x-changes"] if isinstance(element.get("x-changes"), list) else ())
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


def note_unread(texts: NoteTexts) -> Iterator[Problem]:
    """Every note can be understood.

    **What it means.** A note names neither a level nor a release, or the word *Changes* stands in bold in a way
    that does not begin a note. It is kept and shown; the changelog lists it under no level.

    **What to do.** Name the level, or leave it: this is said for information.
    """
    for text in texts.described:
        for piece in text.notes():
            if not any(anchors_in(piece.text, texts.grammar)) and not _SEE.search(piece.text):
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


def _can_be_deprecated(element: dict[str, Any]) -> bool:
    """Say whether an element may have the flag: an operation, a parameter, a header or a schema."""
    return any(
        key in element
        for key in ("responses", "in", "schema", "type", "properties", "allOf", "oneOf", "anyOf", "items", "enum")
    )
