"""``levelbook check``."""

from __future__ import annotations

from difflib import get_close_matches

import click

from levelbook.check import check as check_documents
from levelbook.check import rule_pages
from levelbook.cli.edge import (
    FOUND,
    ends,
    fails,
    finish,
    format_option,
    open_documents,
    print_problems,
    quiet_option,
    spec_argument,
)
from levelbook.cli.screen import Screen
from levelbook.problem import UsageError
from levelbook.report.people import count
from levelbook.review.rules import rule as review_rule


@click.command()
@spec_argument
@format_option("text", "json", "github", "sarif")
@click.option("--explain", metavar="RULE", help="Print the page of a rule, and end.")
@quiet_option
@ends
def check(spec: str | None, form: str, explain: str | None, *, quiet: bool) -> None:
    """Check the document itself: valid OpenAPI, examples that match, paths, references.

    Example: levelbook check api_spec/openapi.yaml --format github
    """
    if explain is not None:
        click.echo(_page(explain))
        return
    documents, config = open_documents(spec)
    problems = check_documents(
        documents, levels=config.level_table, pages=sorted(config.pages.glob("*.md")) if config.pages else ()
    )
    print_problems(problems, form)
    Screen(quiet=quiet).print(f"{documents.main.file}: {count(problems)}")
    if fails(problems):
        finish(FOUND)


def _page(rule: str) -> str:
    pages = rule_pages()
    if rule not in pages and (found := review_rule(rule)) is not None:
        return found.page
    if rule not in pages:
        near = get_close_matches(rule, list(pages), 1)
        raise UsageError(
            f"there is no rule `{rule}`; "
            + (f"did you mean `{near[0]}`?" if near else f"there are {', '.join(sorted(pages))}")
        )
    return f"# {rule}\n\n{pages[rule]}"
