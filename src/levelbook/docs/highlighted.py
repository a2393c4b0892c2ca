"""Code as HTML, with the words of its language told apart.

>>> code_html("curl -X GET", "nothing known")
Markup('curl -X GET')
"""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True, classprefix="t-")
_UNCOLOURED = re.compile(r'<span class="t-(?:w|p|n|o)">([^<]*)</span>')  # spaces and brackets: half of the bytes


@lru_cache(maxsize=4096)
def code_html(code: str, lexer: str) -> Markup:
    """Give code as highlighted HTML, to be put into ``<pre><code>``; plain where the language is unknown."""
    try:
        found = get_lexer_by_name(lexer, stripall=False)
    except ClassNotFound:
        return Markup.escape(code)
    return Markup(_UNCOLOURED.sub(r"\1", highlight(code, found, _FORMATTER)))  # noqa: S704
