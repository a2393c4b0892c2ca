"""What commands say on standard error: as it is, and only to somebody who looks on how far they are."""

import os
import pty
from contextlib import contextmanager, redirect_stderr, suppress

import pytest

from levelbook.cli.screen import Screen


@contextmanager
def terminal(told):
    """Make standard error a terminal; ``told`` gets all that it showed."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as stream, redirect_stderr(stream):
        yield
        stream.flush()
        os.set_blocking(ours, False)
        read = b""
        with suppress(BlockingIOError):
            while True:  # a line at a time
                read += os.read(ours, 1 << 16)
        told += [read.decode()] if read else []
    os.close(ours)


def test_a_line_is_printed_as_it_is(capsys):
    Screen(quiet=False).print("api[bold].yaml: [/] 100%")
    Screen(quiet=True).print("nothing")
    assert capsys.readouterr() == ("", "api[bold].yaml: [/] 100%\n")


WORK = [  # how much there is, whether as a share, and what a terminal shows of a quarter of it
    (4, False, "1/4"),
    (4, True, "25 %"),
    (None, False, "1/?"),
]


@pytest.mark.parametrize(("total", "share", "seen"), WORK)
def test_a_terminal_shows_progress(total, share, seen):
    shown = []
    with terminal(shown), Screen(quiet=False).progress("Building", total, share=share) as told:
        told(name="a[b].html")
    assert all(words in shown[0] for words in ("Building", seen, "a[b].html"))


def test_a_total_may_grow():
    shown = []
    with terminal(shown), Screen(quiet=False).progress("Building", 1) as told:
        told()
        told(total=2)
    assert "2/2" in shown[0]


@pytest.mark.parametrize(("total", "quiet"), [(0, False), (4, True)])
def test_no_progress_of_nothing_or_to_nobody(total, quiet):
    shown = []
    with terminal(shown), Screen(quiet=quiet).progress("Building", total) as told:
        told(name="a.html")
    assert shown == []


def test_no_progress_where_nobody_looks_on(capsys):
    with Screen(quiet=False).progress("Building", 4) as told:
        told(name="a.html")
    assert capsys.readouterr() == ("", "")
