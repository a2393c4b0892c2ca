"""What all commands share: where they print, how they end, and which document they work on."""

from __future__ import annotations

import atexit
import functools
import gc
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from levelbook.config import Config, find_config
from levelbook.docs.output import write_whole
from levelbook.document import read
from levelbook.documents import Documents
from levelbook.levels import alike, is_assigned, order
from levelbook.loading import from_documents
from levelbook.problem import Problem, Severity, SpecError, UsageError
from levelbook.report import FORMATS, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from levelbook.api import Api

FOUND, UNREADABLE = 1, 3
_RARELY = (100_000, 50, 50)  # documents and pages are values without cycles: looking for some takes long, in vain
_Command = TypeVar("_Command", bound="Callable[..., Any]")


def address_options(*, port: int) -> Callable[[_Command], _Command]:
    """Give a command that listens its ``--port``, by default ``port``, and its ``--host``."""

    def add(command: _Command) -> _Command:
        command = click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")(
            command
        )
        return click.option(
            "--port",
            metavar="N",
            type=click.IntRange(0, 65535),
            default=port,
            show_default=True,
            help="The port to listen on; 0 takes a free one.",
        )(command)

    return add


def collect_rarely() -> None:
    """Look for cycles of objects rarely, in a command that reads or makes much and then ends; at its end not at all."""
    gc.set_threshold(*_RARELY)
    atexit.register(gc.freeze)


class Commands(click.Group):
    """The group of all commands, which answers a slip with a suggestion.

    ``commands_at`` gives for each command the module and the name that it has there; it is loaded when it is called.
    """

    def __init__(self, *args: Any, commands_at: dict[str, str] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.commands_at = commands_at or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands."""
        return sorted({*self.commands_at, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.commands_at:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.commands_at[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"levelbook.cli.{module}"), name)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, or say which one was probably meant."""
        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(self.list_commands(ctx))}."
            ctx.fail(f"No such command `{args[0]}`. {hint}")
        return super().resolve_command(ctx, args)


def ends(function: _Command) -> _Command:
    """Let a command end as documented: no traceback, a SpecError is printed in the format that was asked for."""

    @functools.wraps(function)
    def wrapped(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except SpecError as error:
            form = str(options.get("form", "text"))
            print_problems(error.problems, form if form in FORMATS else "json" if "json" in form else "text")
            finish(UNREADABLE)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        except BrokenPipeError:  # whoever read our output has had enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            finish(0)

    return wrapped  # type: ignore[return-value]


def spec_argument(function: _Command) -> _Command:
    """Add the SPEC argument."""
    return click.argument("spec", required=False, type=click.Path())(function)


def quiet_option(function: _Command) -> _Command:
    """Add ``-q``."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")(function)


def format_option(*names: str) -> Callable[[_Command], _Command]:
    """Add ``--format`` with the given choices, the first of them the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help="How to print what is found.",
    )


def open_documents(spec: str | None) -> tuple[Documents, Config]:
    """Read the document that a command works on, with the configuration that applies to it."""
    config = find_config(spec)
    path = spec if spec is not None else _relative(config.spec)
    return Documents(read(Path(path), path), remote=config.remote), config


def open_api(spec: str | None, level: str | None = None) -> tuple[Api, Config]:
    """Read the document that a command works on into an Api, as of a level where one is given."""
    documents, config = open_documents(spec)
    api = from_documents(documents, levels=config.level_table)
    return (api if level is None else api_at(api, level)), config


def api_at(api: Api, level: str) -> Api:
    """Give an API as of a level or release. Raises UsageError for a level that does not exist yet, or is none."""
    newest = api.levels.current
    if isinstance(newest, int) and level.isdecimal() and int(level) > newest:
        raise UsageError(f"there is no {api.levels.name} {level} yet: the newest is {newest}")
    if isinstance(newest, str) and is_assigned(newest) and api.levels.release(level) is None:
        if not alike(level, newest):
            raise UsageError(f"`{level}` is no {api.levels.name}: one is written like {newest}")
        if order(level) > order(newest):
            raise UsageError(f"there is no {api.levels.name} {level} yet: the newest is {newest}")
    return api.at(level)


def write_file(name: str, content: bytes) -> None:
    """Write a file that was named on the command line, whole or not at all; its folder is made."""
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(Path(name), content)
    except OSError as error:
        raise UsageError(f"cannot write {name}: {error.strerror}") from None


def find(name: str) -> str:
    """Give the file that was probably meant by a name; empty if none is alike."""
    folder = Path(name).parent
    known = [str(path) for path in folder.iterdir()] if folder.is_dir() else []
    near = get_close_matches(str(Path(name)), known, 1, 0.7)
    return near[0] if near else ""


def read_text(path: str, what: str) -> str:
    """Read a file that is named on the command line; ``what`` is what messages call it."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise UsageError(f"the {what} {path} cannot be read: {reason}") from None


def _relative(path: Path) -> str:
    """Name a configured file as one would type it here."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def print_problems(problems: Sequence[Problem], form: str) -> None:
    """Print findings on standard output."""
    if form == "text":
        click.echo(text(problems, colour=colours()), nl=False)
    else:
        click.echo(FORMATS[form](problems), nl=False)


def colours() -> bool:
    """Say whether standard output takes colours."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def fails(problems: Sequence[Problem]) -> bool:
    """Say whether findings make a command fail: errors do."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def finish(code: int) -> NoReturn:
    """End the program with an exit code."""
    sys.exit(code)
