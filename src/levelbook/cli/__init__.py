"""The command line: the edge that reads arguments and configuration, prints, and exits.

Exit codes: 0 nothing to object to, 1 problems found, 2 wrong usage, 3 the document cannot be read.
"""

from __future__ import annotations

import click

from levelbook import __version__
from levelbook.cli.at import at
from levelbook.cli.audit import audit
from levelbook.cli.build import build
from levelbook.cli.check import check
from levelbook.cli.compile import compile_command
from levelbook.cli.coverage import coverage
from levelbook.cli.edge import Commands
from levelbook.cli.history import changes, levels
from levelbook.cli.notes import notes
from levelbook.cli.release import release
from levelbook.cli.validate import validate


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="levelbook")
def main() -> None:
    """One OpenAPI document in: site, validator and changelog out.

    SPEC, the OpenAPI document, is the configured one by default.

    Example: levelbook build api_spec/openapi.yaml -o site/_build
    """


for command in (at, audit, build, changes, check, compile_command, coverage, levels, notes, release, validate):
    main.add_command(command)
