"""The changelog of an API as one HTML file that needs nothing else."""

from __future__ import annotations

import jinja2

from levelbook.docs.markdown import Descriptions

_PAGES = jinja2.Environment(
    loader=jinja2.PackageLoader("levelbook", "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def page(title: str, markdown: str, api_url: str) -> str:
    """Give the page of a changelog that is written in Markdown; ``api_url`` stands in place of ``{{ api_url }}``."""
    content = Descriptions("commonmark", api_url).html(markdown, 1)
    return _PAGES.get_template("changelog.html.j2").render(title=title, content=content)
