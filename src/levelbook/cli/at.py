"""``levelbook at``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from levelbook.bundle import bundled, to_yaml
from levelbook.cli.edge import api_at, ends, open_api, quiet_option, spec_argument
from levelbook.cli.screen import Screen
from levelbook.docs.output import write_whole
from levelbook.report.people import plural


@click.command()
@click.argument("level")
@spec_argument
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Where the document goes; .json for JSON.")
@quiet_option
@ends
def at(level: str, spec: str | None, output: str | None, *, quiet: bool) -> None:
    """Print the document as of a level or release, from its notes alone.

    Example: levelbook at 120 api_spec/openapi.yaml -o at-120.yaml
    """
    api, _ = open_api(spec)
    earlier = api_at(api, level)
    data = bundled(earlier.documents)
    is_json = (output or api.documents.main.file).endswith(".json")
    text = json.dumps(data, indent=2, ensure_ascii=False) + "\n" if is_json else to_yaml(data)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_whole(Path(output), text.encode())
    was, now = len(api.operations), len(earlier.operations)
    Screen(quiet=quiet).print(f"{plural(now, 'operation')} at {level}; {was} today")
