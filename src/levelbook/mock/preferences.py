"""What a client prefers: the ``Prefer`` header (RFC 7240), with the names that mock servers have agreed on.

>>> preferences('code=404, example="not found"; dynamic=true')
Preferences(code='404', example='not found', dynamic=True)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# RFC 7240, 2: a token, and a value that is a token or a quoted string. Prism writes `;` where the RFC writes `,`.
_PREFERENCE = re.compile(r"""[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^,;"]*)))?""")
_ESCAPED = re.compile(r"\\(.)")
_YES = frozenset({"", "true", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Preferences:
    """Which status, which named example, and whether a value is made for each request; empty means no preference."""

    code: str = ""
    example: str = ""
    dynamic: bool = False

    @property
    def applied(self) -> str:
        """What ``Preference-Applied`` says (RFC 7240, 3)."""
        written = [
            f"code={self.code}" if self.code else "",
            f"example={_word(self.example)}" if self.example else "",
            "dynamic=true" if self.dynamic else "",
        ]
        return ", ".join(filter(None, written))


def preferences(header: str | None) -> Preferences:
    """Read a ``Prefer`` header; of a preference that stands twice, the first counts, unknown ones are ignored."""
    found: dict[str, str] = {}
    for name, quoted, token in _PREFERENCE.findall(header or ""):
        found.setdefault(name.lower(), _ESCAPED.sub(r"\1", quoted) if quoted else token.strip())
    dynamic = found.get("dynamic", "no").lower() in _YES
    return Preferences(found.get("code", ""), found.get("example", ""), dynamic)


def _word(text: str) -> str:
    if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
