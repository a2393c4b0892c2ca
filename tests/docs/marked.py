"""Texts of a document that are marked ("Desc of …"), and which of them a page shows."""

import re
from html.parser import HTMLParser

_MARK = re.compile(r"\b(?:Desc|Sum|Title|Note|Enumdesc|Ext) of [^\n.,*`\"'(){}\[\]<>|&]*")
# Nobody has to show these: what a `before` says, what stands beside a reference and says it better, what is overridden.
_OPTIONAL = re.compile(
    r"as it was|of removed |beneath its|^(Desc|Sum) of component |no operation has|^Title of a (link|picture|reference)"
    r"|^Desc of schema Xml|^Note of getTree correction|^Desc of server path tree"
)


def marked(text):
    """Give the marked texts of a document, each once, but for those that nobody has to show."""
    plain = re.sub(r"^#.*", "", text, flags=re.MULTILINE)
    found = dict.fromkeys(" ".join(match.group().split()) for match in _MARK.finditer(plain))
    return [text for text in found if not _OPTIONAL.search(text)]


def missing(texts, pages):
    """Give those that no page shows; the longest text that begins at a place is the one that stands there."""
    longest_first = sorted(texts, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + ")")
    seen = {one for page in pages for one in pattern.findall(" ".join(re.sub(r"\s*\n\s*", " ¶ ", page).split()))}
    return [text for text in texts if text not in seen]


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style", "title")
        self.parts.append("\n")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style", "title")
        self.parts.append("\n")

    def handle_data(self, data):
        self.parts.append("" if self.hidden else data)


def text_of(html):
    """Give the text of a page, with a gap where an element begins or ends."""
    parser = _Text()
    parser.feed(html)
    return "".join(parser.parts)
