"""``levelbook mock``: a server that answers with the documented examples."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from levelbook.cli.edge import address_options, ends, open_api, quiet_option, spec_argument
from levelbook.cli.screen import Screen
from levelbook.listening import Server, address_of, listening
from levelbook.mock import Mock, application
from levelbook.validate.validator import Validator

if TYPE_CHECKING:
    from levelbook.mock.mock import Answered
    from levelbook.mock.server import Report
    from levelbook.validate.exchange import Request


@click.command("mock")
@spec_argument
@address_options(port=4010)
@click.option("--at", "level", metavar="LEVEL", help="Serve the API as of a level or release.")
@click.option("--seed", metavar="N", type=int, default=0, show_default=True, help="Make other values than with 0.")
@quiet_option
@ends
def mock_command(  # noqa: PLR0913  # its options
    spec: str | None, host: str, port: int, level: str | None, seed: int, *, quiet: bool
) -> None:
    """Judge requests, and answer with documented examples, or values made from schemas.

    `Prefer: code=404, example=NAME, dynamic=true` in a request chooses its answer.

    Example: levelbook mock api_spec/openapi.yaml --port 4010
    """
    screen = Screen(quiet=quiet)
    api, config = open_api(spec, level)
    mock = Mock(api, seed=seed, validator=Validator(api, **config.validate.options()))
    listener = listening(host, port)
    count = len(api.operations)
    base = mock.bases[0] if mock.bases else ""
    as_of = f" as of {level}" if level is not None else ""
    told = f"{api.title}{as_of}: {count} {'operation' if count == 1 else 'operations'}"

    def began() -> None:
        screen.print(f"{told} on {address_of(listener)}{base} until Ctrl-C")

    server = Server(application(mock, report=reporting(screen)), began=began)
    asyncio.run(server.serve(sockets=[listener]))
    screen.print("Stopped.")


def reporting(screen: Screen) -> Report:
    """Make the function that prints a line of each exchange: method, path, status, outcome, the first problem."""

    def report(request: Request, answered: Answered) -> None:
        outcome = answered.outcome
        why = outcome.problems[0].message if outcome.problems else outcome.reason
        words = [request.method, request.url, str(answered.response.status), outcome.outcome]
        screen.print(" ".join(words) + (f": {why}" if why else ""))

    return report
