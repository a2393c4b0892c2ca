"""Files that a page names: fragments to include, tables of arguments; all of them within the folder of the pages."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from levelbook.problem import Severity

if TYPE_CHECKING:
    from pathlib import Path

FRAGMENTS = "include"  # the folder, below that of the pages, whose files are parts of pages and no pages
_DEEPEST = 16  # includes within includes
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:")


class Refused(Exception):  # noqa: N818  # what happened, not how it failed
    """A file that a page names and does not get; ``severity`` is an error where it lies out of bounds."""

    def __init__(self, message: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.severity = severity


@dataclass(slots=True)
class Shelf:
    """The folder of a project's pages; ``read`` are the texts of the files that pages have asked for."""

    folder: Path
    read: dict[Path, str] = field(default_factory=dict)

    def find(self, name: str) -> Path:
        """Give the file of a name, in the folder or in ``include/`` within it. Raises Refused."""
        if _ABSOLUTE.match(name) or "\0" in name:
            raise Refused(f"`{name}` is an absolute path", f"name a file below {self.folder}")
        if os.path.normpath(name).startswith(".."):
            raise Refused(f"`{name}` lies outside the folder of the pages", f"name a file below {self.folder}")
        for path in (self.folder / name, self.folder / FRAGMENTS / name):
            if path.is_file():
                if not path.resolve().is_relative_to(self.folder.resolve()):
                    raise Refused(
                        f"`{name}` leads outside the folder of the pages through a link",
                        f"put the file itself below {self.folder}",
                    )
                return path
        raise Refused(
            f"there is no file `{name}`",
            f"it may stand in {self.folder} or {self.folder / FRAGMENTS}",
            Severity.WARNING,
        )

    def text(self, path: Path) -> str:
        """Give the text of a file. Raises Refused."""
        if path not in self.read:
            try:
                self.read[path] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                raise Refused(f"{path} is not UTF-8", "save it as UTF-8") from None
            except OSError as error:
                raise Refused(f"{path} cannot be read: {error.strerror}", "") from None
        return self.read[path]

    def include(self, name: str, chain: tuple[Path, ...]) -> Path:
        """Give the fragment of a name that the last file of ``chain`` includes. Raises Refused."""
        path = self.find(name)
        if path.resolve() in {one.resolve() for one in chain}:
            files = " includes ".join(one.name for one in (*chain, path))
            raise Refused(f"`{name}` includes itself: {files}", "take one of these includes away")
        if len(chain) > _DEEPEST:
            raise Refused(f"`{name}` is included {len(chain)} files deep", f"at most {_DEEPEST} are")
        return path
