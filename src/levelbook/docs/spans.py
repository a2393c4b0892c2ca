"""Code within words of ours: written as a code span of Markdown, and read as HTML.

>>> codespan("a`b"), spans(codespan("<a`b>"))
('``a`b``', Markup('<code>&lt;a`b&gt;</code>'))
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)")


def codespan(text: str) -> str:
    """Write a text as a code span (CommonMark 0.31, section 6.1): more backticks around than inside."""
    text = " ".join(text.split()) or " "
    ticks = "`"
    while ticks in text:
        ticks += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def spans(text: str) -> Markup:
    """Give words as HTML: what stands between backticks is code."""
    return Markup(_SPAN.sub(_code, str(escape(text))))  # noqa: S704


def _code(match: re.Match[str]) -> str:
    inner = match[2]
    if inner.startswith(" ") and inner.endswith(" ") and inner.strip():
        inner = inner[1:-1]
    return f"<code>{inner}</code>"
