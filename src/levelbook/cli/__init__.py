"""The command line: the edge that reads arguments and configuration, prints, and exits.

Exit codes: 0 nothing to object to, 1 problems found, 2 wrong usage, 3 the document cannot be read.
"""

from __future__ import annotations

import click

from levelbook import __version__
from levelbook.cli.edge import Commands

# Each command and where it stands: only the one that is called is loaded, for some need what takes long to load.
COMMANDS = {
    "at": "at:at",
    "audit": "audit:audit",
    "build": "build:build",
    "changes": "history:changes",
    "check": "check:check",
    "compile": "compile:compile_command",
    "coverage": "coverage:coverage",
    "examples": "examples:examples",
    "levels": "history:levels",
    "mock": "mock:mock_command",
    "new": "new:new",
    "notes": "notes:notes",
    "release": "release:release",
    "review": "review:review_command",
    "serve": "serve:serve_command",
    "validate": "validate:validate",
}


@click.group(cls=Commands, commands_at=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="levelbook")
def main() -> None:
    """Work with one OpenAPI document: SPEC, or by default the configured one.

    Example: levelbook build api_spec/openapi.yaml -o site/_build
    """
