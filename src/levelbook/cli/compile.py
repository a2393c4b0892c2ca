"""``levelbook compile``."""

from __future__ import annotations

import click

from levelbook.cli.edge import ends, open_api, quiet_option, write_file
from levelbook.cli.screen import Screen
from levelbook.compiling import compiled_module
from levelbook.report.people import plural


@click.command("compile")
@click.argument("spec", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The module to write.")
@click.option("--standalone", is_flag=True, help="Need nothing but the standard library.")
@click.option("--strict", is_flag=True, help="Object to what the document does not know.")
@click.option("--at", "level", metavar="LEVEL", help="The API as of this level or release.")
@quiet_option
@ends
def compile_command(spec: str, output: str, level: str | None, *, standalone: bool, strict: bool, quiet: bool) -> None:
    """Write a Python module that validates without the document.

    Example: levelbook compile api_spec/openapi.yaml -o validator.py --standalone
    """
    api, config = open_api(spec, level)
    judging = config.validate
    text = compiled_module(
        api,
        standalone=standalone,
        strict=strict or judging.strict == "error",
        ignore_formats=judging.ignore_formats,
        known_headers=judging.known_headers,
        hosts=judging.hosts,
    ).encode()
    write_file(output, text)
    Screen(quiet=quiet).print(f"wrote {output}: {plural(len(api.operations), 'operation')}, {len(text):,} bytes")
