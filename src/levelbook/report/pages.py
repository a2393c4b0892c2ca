"""The templates of reports that are one HTML file."""

from __future__ import annotations

import jinja2

PAGES = jinja2.Environment(
    loader=jinja2.PackageLoader("levelbook", "report"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
