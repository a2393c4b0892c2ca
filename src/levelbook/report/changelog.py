"""The changelog of an API as one HTML file that needs nothing else."""

from __future__ import annotations

from levelbook.docs.markdown import Descriptions
from levelbook.report.pages import PAGES


def page(title: str, markdown: str, api_url: str) -> str:
    """Give the page of a changelog that is written in Markdown; ``api_url`` stands in place of ``{{ api_url }}``."""
    content = Descriptions("commonmark", api_url).html(markdown, 1)
    return PAGES.get_template("changelog.html.j2").render(title=title, content=content)
