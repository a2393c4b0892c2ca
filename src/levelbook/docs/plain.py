"""Plain paragraphs to HTML, without a parser: most descriptions have nothing but code, links and bold words.

A parser takes fifty times as long. Property tests hold this to what markdown-it and Python-Markdown make of every text
that is taken here; whatever it does not know for certain is left to them.

>>> print(plain_html("The `id` of [a **thing**](/things)."), end="")
<p>The <code>id</code> of <a href="/things">a <strong>thing</strong></a>.</p>
"""

from __future__ import annotations

import re
from functools import partial

# While a text is looked at, a control character stands for each piece of markup.
_CODE, _LINK, _LINK_END, _BOLD, _BOLD_END = "\x00\x01\x02\x03\x04"
_MARKS = {_LINK_END: "</a>", _BOLD: "<strong>", _BOLD_END: "</strong>"}
_MARK = re.compile("[\x00-\x04]")
_SPAN = re.compile(r"`([^`\n]+)`")
_URL = r"(?:https?://[a-z0-9]|/(?=[A-Za-z0-9])|#(?=[A-Za-z]))[A-Za-z0-9/#?=.:+,;_-]*"
_LINKED = re.compile(rf"(?<!!)\[((?:[^\[\]\\`<>&|~!\n]|\n(?!\n))+)\](?:\(({_URL})\)|\[([A-Za-z0-9 -]+)\])")
_DEFINED = re.compile(rf"\[([A-Za-z0-9 -]+)\]: ({_URL})\Z")
_STRONG = re.compile(
    r"(?<![^\s(\x01])\*\*(?=[A-Za-z0-9\x00\x01])"
    r"((?:[^*\x01\x02]|\x01[^*\x02]*\x02)*)"
    r"(?<=[A-Za-z0-9\x00\x02.:])\*\*(?=[\s.,:;)\x02]|\Z)"
)
_OTHER_SPACE = re.compile(r"[^\S \n]")
# A line that begins with a letter, a quote or a bracket begins no list, heading, quotation, table or fence; without
# these characters nothing in it is markup. A brace behind markup is an attribute list to Python-Markdown.
_LINES = re.compile(r"(?:[A-Za-z\"'(\x00\x01\x03][^\\`*_\[\]<>&|~\t\n\r]*(?<! )(?:\n{1,2}|\Z))+\Z")
_ATTRIBUTES = re.compile(r"[\x00\x02\x04]\{")


def plain_html(text: str) -> str | None:
    """Give paragraphs with nothing but code spans, links and bold words as HTML; None for anything else."""
    spans = _SPAN.findall(text)
    if "``" in text or _MARK.search(text) or _OTHER_SPACE.search(text):
        return None
    if any(span[0] == " " or span[-1] == " " for span in spans):
        return None
    bare, targets = _SPAN.sub(_CODE, text), list[str]()
    if "[" in bare:
        bare, known = _definitions(bare)
        bare = _LINKED.sub(partial(_linked, known, targets), bare)
    if "**" in bare:
        bare = _STRONG.sub(rf"{_BOLD}\1{_BOLD_END}", bare)
    if not _LINES.match(bare) or _ATTRIBUTES.search(bare):
        return None
    made = {
        _CODE: (f"<code>{_escaped(span)}</code>" for span in spans),
        _LINK: (f'<a href="{url}">' for url in targets),
    }
    html = _MARK.sub(lambda mark: _MARKS.get(mark[0]) or next(made[mark[0]]), bare.replace('"', "&quot;").strip("\n"))
    return "".join(f"<p>{paragraph}</p>\n" for paragraph in html.split("\n\n"))


def _definitions(text: str) -> tuple[str, dict[str, str]]:
    """Take the definitions of links off the end of a text (CommonMark 0.31, section 4.7), if no name has two."""
    body, gap, last = text.rstrip("\n").rpartition("\n\n")
    found = [_DEFINED.match(line) for line in last.split("\n")]
    known = {match[1].lower(): match[2] for match in found if match}
    return (body, known) if gap and len(known) == len(found) else (text, {})


def _linked(known: dict[str, str], targets: list[str], match: re.Match[str]) -> str:
    url = match[2] or known.get(match[3].lower())
    if url is None:
        return match[0]
    targets.append(url)
    return f"{_LINK}{match[1]}{_LINK_END}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
