"""The templates that print pages, and the filters they have.

A project's templates replace the theme's file by file; under ``theme/`` the theme's own are always there to be
extended: ``{% extends "theme/operation.html" %}``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    select_autoescape,
)
from jinja2 import TemplateSyntaxError as SyntaxProblem

from levelbook.docs.markdown import Descriptions, code_html
from levelbook.problem import Location, Problem, SpecError

THEME = Path(__file__).parent.parent / "theme"


class Templates:
    """The theme with a project's overrides. Raises SpecError, with file and line, for a template that is faulty."""

    def __init__(self, overrides: Path | None, descriptions: Descriptions) -> None:
        theme = FileSystemLoader(THEME)
        own = [FileSystemLoader(overrides)] if overrides and overrides.is_dir() else []
        self.environment = Environment(
            loader=ChoiceLoader([*own, PrefixLoader({"theme": theme}), theme]),
            autoescape=select_autoescape(("html", "xml")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.environment.filters.update(
            {
                "md": descriptions.html,
                "inline": descriptions.inline,
                "fill": descriptions.fill,
                "code": code_html,
                "capfirst": lambda text: text[:1].upper() + text[1:],
                "under": lambda text, indent: text.replace("\n", "\n" + indent),
                "codespan": codespan,
                "fence": fence,
                "slug": lambda text: re.sub(r"\W+", "-", text).strip("-").lower(),
                "oneline": lambda text: " ".join(text.split()),
            }
        )

    def render(self, name: str, **values: Any) -> str:
        """Print one template."""
        try:
            text = self.environment.get_template(name).render(**values)
        except SyntaxProblem as error:
            where = Location(error.filename or name, error.lineno, 1)
            raise SpecError([Problem("template", where, f"this is not Jinja2: {error.message}", "")]) from None
        except TemplateError as error:
            raise SpecError(
                [
                    Problem(
                        "template",
                        Location(name),
                        str(error),
                        "the values of a page are those of docs.page.Page",
                    )
                ]
            ) from None
        return tidy(text) if name.endswith((".md", ".txt")) else text

    def render_text(self, text: str, file: str, **values: Any) -> str:
        """Print a text that is a template itself: a project's own page."""
        try:
            return self.environment.from_string(text).render(**values)
        except SyntaxProblem as error:
            raise SpecError(
                [
                    Problem(
                        "template",
                        Location(file, error.lineno, 1),
                        f"this is not Jinja2: {error.message}",
                        "write {% raw %} around braces that are meant as text",
                    )
                ]
            ) from None
        except TemplateError as error:
            raise SpecError([Problem("template", Location(file), str(error), "")]) from None


def codespan(text: str) -> str:
    """Write a text as a code span (CommonMark 0.31, section 6.1): more backticks around than inside."""
    text = " ".join(text.split())
    ticks = "`"
    while ticks in text:
        ticks += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fence(code: str, lexer: str) -> str:
    """Write code as a fenced block (CommonMark 0.31, section 4.5): more backticks than the code has in a row."""
    ticks = max([len(run) for run in re.findall(r"`{3,}", code)], default=2) + 1
    return f"{'`' * ticks}{lexer}\n{code.rstrip()}\n{'`' * ticks}"


def tidy(text: str) -> str:
    """Leave one blank line between paragraphs, as Markdown is written by hand; code blocks stay as they are."""
    lines: list[str] = []
    fence = ""
    for line in text.strip().split("\n"):
        mark = re.match(r"\s*(`{3,})", line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        stripped = line if fence else line.rstrip()
        if stripped or fence or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines) + "\n"
