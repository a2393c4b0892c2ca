"""The templates that print pages, and the filters they have.

A project's templates replace the theme's file by file; under ``theme/`` the theme's own are always there to be
extended: ``{% extends "theme/operation.html" %}``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    pass_context,
    select_autoescape,
)
from jinja2 import TemplateSyntaxError as SyntaxProblem
from markupsafe import Markup, escape

from levelbook import cache
from levelbook.docs.highlighted import code_html
from levelbook.docs.spans import codespan, spans
from levelbook.problem import Location, Problem, SpecError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from jinja2.runtime import Context

    from levelbook.docs.markdown import Descriptions

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")  # neither HTML nor XML has them (HTML, 13.2.3.5)
_ANY_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_FENCE = re.compile(r"\s*(`{3,})")
_SHELL = ("content", "nav")  # ids that every page has
THEME = Path(__file__).parent.parent / "theme"


class Templates:
    """The theme with a project's overrides. Raises SpecError, with file and line, for a template that is faulty.

    ``label`` gives the theme's words. What depends on where the page at hand stands is given with each page: the
    ``writer`` that renders descriptions, and the ``links`` that know where other pages are from there.
    """

    def __init__(self, overrides: Path | None, label: Callable[..., str]) -> None:
        theme = FileSystemLoader(THEME)
        own = [FileSystemLoader(overrides)] if overrides and overrides.is_dir() else []
        self.environment = Environment(
            loader=ChoiceLoader([*own, PrefixLoader({"theme": theme}), theme]),
            autoescape=select_autoescape(("html", "xml")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            bytecode_cache=compiled_templates(),
        )
        self.environment.filters.update(
            {
                "md": _writes(lambda writer, text: writer.html(text)),
                "md_page": _writes(lambda writer, text: writer.html(text, 2)),
                "md_section": _writes(lambda writer, text: writer.html(text, 3)),
                "inline": _writes(lambda writer, text: writer.inline(text)),
                "text": _writes(lambda writer, text: writer.text(text)),
                "fill": pass_context(
                    lambda context, text: closed(context["links"].in_markdown(context["writer"].markdown(text)))
                ),
                "code": code_html,
                "capfirst": lambda text: text[:1].upper() + text[1:],
                "under": lambda text, indent: text.replace("\n", "\n" + indent),
                "codespan": codespan,
                "spans": spans,
                "fence": fence,
                "address": address,
                "escaped": escaped,
                "wbr": wbr,
                "first_sentence": first_sentence,
                "slug": lambda text: re.sub(r"\W+", "-", text).strip("-").lower() or "section",
                "id": lambda text: "-".join(str(text).split()),
                "oneline": lambda text: " ".join(text.split()),
                "local": pass_context(lambda context, href: context["links"].local(href)),
                "page_href": pass_context(lambda context, file: context["links"].local(f"{file}.html")),
                "md_href": pass_context(lambda context, href: context["links"].local(href).replace(".html", ".md")),
            }
        )
        self.environment.tests["is_web"] = self.environment.filters["is_web"] = is_web
        self.environment.globals["label"] = label

    def render(self, name: str, *, ids: Collection[str] = (), **values: Any) -> str:
        """Print one template; ``ids`` are those that the page has, so that no heading of a description takes one."""
        if "writer" in values:
            values["writer"].ids = {*ids, *_SHELL}
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
        text = _CONTROL.sub("\ufffd", text)
        return tidy(text) if name.endswith((".md", ".txt")) else text

    def render_part(self, source: str, form: str, **values: Any) -> str:
        """Print a piece of a template, as ``html`` (escaped) or as ``md``."""
        environment = self.environment.overlay(autoescape=form == "html")
        text = environment.from_string(source).render(**values)
        return tidy(text) if form == "md" else text

    def render_text(self, text: str, file: str, *, escape: bool = True, **values: Any) -> str:
        """Print a text that is a template itself: a project's own page; ``escape`` is for what becomes HTML."""
        try:
            return self.environment.overlay(autoescape=escape).from_string(text).render(**values)
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
        except (TemplateError, UsageError) as error:
            where = Location(file, _line(error), 1)
            raise SpecError([Problem("template", where, str(error), "")]) from None


def _line(error: BaseException) -> int:
    """Give the line of a template that an error came from; Jinja2 calls a text without a file ``<template>``."""
    found, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = trace.tb_lineno
            break
        trace = trace.tb_next
    return found


def _writes(call: Callable[[Descriptions, str], Any]) -> Callable[[Context, str], Any]:
    return pass_context(lambda context, text: call(context["writer"], text))


def compiled_templates() -> FileSystemBytecodeCache | None:
    """Give the place of compiled templates, beside the documents that have been read before."""
    folder = cache.folder() / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return FileSystemBytecodeCache(str(folder)) if os.access(folder, os.W_OK) else None
    except OSError:
        return None


def is_web(url: str) -> bool:
    """Say whether an address is one that a page may link to."""
    return bool(re.match(r"(?:https?://|mailto:)[^\s\\]", url, re.IGNORECASE))


def address(url: str) -> str:
    """Write an address in Markdown: as a link where it is one that a page may link to (CommonMark 0.31, 6.5)."""
    return f"<{url}>" if is_web(url) and not re.search(r"[\s<>]", url) else codespan(url)


def wbr(text: str) -> Markup:
    """Give a path as HTML that may be broken after each slash."""
    return Markup("/<wbr>".join(map(str, map(escape, text.split("/")))))  # noqa: S704


def escaped(text: str) -> str:
    """Write a text so that Markdown takes nothing of it as markup (CommonMark 0.31, section 2.4)."""
    return re.sub(r"([\\`*_\[\]<>#|~!])", r"\\\1", text)


def first_sentence(text: str) -> str:
    """Give the first sentence of a note, in Markdown, with the definitions that its links need."""
    definitions = re.findall(r"^ {0,3}\[[^\]]+\]:.*$", text, re.MULTILINE)
    first = re.split(r"(?<=[.!?])\s+(?=[A-Z`*\[])|\n\n", text.strip(), maxsplit=1)[0]
    if first.count("`") % 2 or first.count("[") != first.count("]"):
        first = text.strip().partition("\n\n")[0]
    return "\n\n".join([first, *definitions])


def fence(code: str, lexer: str) -> str:
    """Write code as a fenced block (CommonMark 0.31, section 4.5): more backticks than the code has in a row."""
    ticks = max([len(run) for run in re.findall(r"`{3,}", code)], default=2) + 1
    return f"{'`' * ticks}{lexer}\n{code.rstrip()}\n{'`' * ticks}"


def closed(text: str) -> str:
    """Close the code block that a description leaves open, so that it does not swallow the rest of the page."""
    if "```" not in text and "~~~" not in text:
        return text
    opened = ""
    for line in text.split("\n"):
        mark = _ANY_FENCE.match(line)
        if mark and not opened:
            opened = mark[1]
        elif mark and mark[1].startswith(opened) and not line.strip(" " + opened[0]):
            opened = ""
    return f"{text.rstrip()}\n{opened}" if opened else text


def tidy(text: str) -> str:
    """Leave one blank line between paragraphs, as Markdown is written by hand; code blocks stay as they are."""
    lines: list[str] = []
    fence = ""
    for line in text.strip().split("\n"):
        mark = _FENCE.match(line) if "```" in line else None
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip() == fence:
            fence = ""
        broken = line.endswith("  ") and line.strip()  # a hard line break (CommonMark 0.31, section 6.7)
        stripped = line if fence else f"{line.rstrip()}  " if broken else line.rstrip()
        if stripped or fence or (lines and lines[-1]):
            lines.append(stripped)
    return "\n".join(lines) + "\n"
