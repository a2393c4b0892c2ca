"""Edits of a large document by its own structure: nothing of its words is needed to find the lines."""

from __future__ import annotations

from levelbook.document import parse
from levelbook.pointer import join


class Garden:
    """A document in which edits are planted; positions are those of the text as it was."""

    def __init__(self, text: str) -> None:
        self.document = parse(text, "base.yaml")
        self.lines = text.split("\n")
        self.edits: list[tuple[int, int, list[str]]] = []

    def line(self, pointer: str) -> int:
        """Give the line of a key or item, from 0."""
        return self.document.locate(pointer).line - 1

    def before(self, pointer: str, text: str, *, deeper: int = 0) -> None:
        """Insert lines before a key, as far in as it is."""
        at = self.line(pointer)
        pad = " " * (self.document.locate(pointer).column - 1 + deeper)
        self.edits.append((at, at, [pad + line if line else "" for line in text.split("\n")]))

    def drop(self, pointer: str) -> None:
        """Take out a key with its value."""
        at = self.line(pointer)
        self.edits.append((at, self._end(at), []))

    def replace(self, pointer: str, old: str, new: str) -> None:
        """Replace what stands in the lines of a key, once."""
        at = self.line(pointer)
        (found,) = (index for index in range(at, self._end(at)) if old in self.lines[index])
        self.edits.append((found, found + 1, [self.lines[found].replace(old, new)]))

    def _end(self, at: int) -> int:
        indent = len(self.lines[at]) - len(self.lines[at].lstrip())
        end = at + 1
        while not self.lines[end].strip() or len(self.lines[end]) - len(self.lines[end].lstrip()) > indent:
            end += 1
        return end

    def text(self) -> str:
        """Give the text with all edits made, from the last to the first."""
        lines = list(self.lines)
        for first, end, new in sorted(self.edits, key=lambda edit: edit[0], reverse=True):
            lines[first:end] = new
        return "\n".join(lines)

    def parameter(self, operation: str, name: str) -> str:
        """Give the pointer of a parameter by its name."""
        value = self.document.data
        for token in operation.split("/")[1:]:
            value = value[token.replace("~1", "/")]
        index = next(index for index, item in enumerate(value["parameters"]) if item.get("name") == name)
        return join(operation, "parameters", index)


FORM = "/requestBody/content/application~1x-www-form-urlencoded/schema/properties"
BODY = "/responses/200/content/application~1json/schema/allOf/1/properties"
SEND, TYPING = "/paths/~1messages/post", "/paths/~1typing/post"
HISTORY = "/paths/~1messages~1{message_id}~1history/get"
LEVEL = 400


def plant(text: str) -> str:
    """Make ten edits, one of each kind, in the document of a real API."""
    garden = Garden(text)
    items = f"{HISTORY}{BODY}/message_history/items"
    garden.before(f"{SEND}{FORM}/type", "planted_flag:\n  type: boolean")
    garden.drop(f"{items}/properties/timestamp")
    garden.drop(f"{TYPING}{FORM}/op/enum/1")
    garden.before(
        f"{TYPING}{FORM}/type",
        "planted_late:\n  type: boolean\n  description: |\n    Late.\n\n    **Changes**: New in Zulip 10.0 (feature level 372).",
    )
    garden.before(
        f"/paths/~1drafts/get{BODY}/count/example",
        f"\n**Changes**: New in Zulip 11.0 (feature level {LEVEL}).",
        deeper=2,
    )
    garden.replace(garden.parameter(HISTORY, "allow_empty_topic_name"), "feature level 334", "feature level 333")
    garden.replace(f"{TYPING}{FORM}/stream_id", "type: integer", "type: number")
    garden.before(f"{TYPING}{FORM}/stream_id/description", f"x-changes:\n  - level: {LEVEL}\n    kind: correction")
    garden.before(
        "/paths/~1mark_all_as_read/post/operationId",
        f"x-changes:\n  - level: {LEVEL}\n    kind: behavior\n    text: Since {{anchor}}, it is faster.",
    )
    garden.before(
        f"{items}/properties",
        f"x-changes:\n  - level: {LEVEL}\n    kind: renamed\n    text: Renamed in {{anchor}}.\n"
        "    before: {properties: {content_diff: null, content_html_diff: {type: string}}}",
    )
    garden.replace(f"{items}/properties/content_html_diff", "content_html_diff:", "content_diff:")
    garden.replace(garden.parameter("/paths/~1messages/get", "num_before") + "/schema", "minimum: 0", "minimum: 1")
    return garden.text()
