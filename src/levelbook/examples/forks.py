"""An interpreter that forks: run as a program, it imports what it is told to, and becomes a program for every request.

Its one argument is the imports, as Python; its standard input is a socket. There it is sent a byte and three file
descriptors at a time (``socket.send_fds``): a socket of that request, and standard output and error of the program.
The socket brings a line of JSON with ``file``, ``home`` and ``environment``; back come the process ID of the program,
which leads a session of its own, and the number that it ended with as ``subprocess`` has it, a line each.

Nothing of levelbook is imported here: a program has to find what a fresh interpreter has, and its own imports.
"""

import io
import json
import os
import signal
import socket
import sys
import threading
from types import ModuleType


def main(imports: str) -> None:
    """Import, then fork for every request until nobody can send one."""
    requests = socket.socket(fileno=os.dup(0))
    exec(imports, {})  # noqa: S102  # the first lines of the programs themselves
    if threading.active_count() > 1:
        return  # no thread outlives a fork: these programs need interpreters of their own
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for attendants
    while (received := socket.recv_fds(requests, 1, 3))[0]:
        if os.fork() == 0:
            requests.close()
            attend(*received[1])
            return
        for file in received[1]:
            os.close(file)


def attend(answers: int, out: int, err: int) -> None:
    """Start the program that is asked for; tell of its end, unless this process is the program."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=answers) as connection:
        with connection.makefile("rb") as lines:
            asked = json.loads(lines.readline())
        program = os.fork()
        if program == 0:
            os.setsid()
            connection.sendall(b"%d\n" % os.getpid())
        else:
            code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
            connection.sendall(b"%d\n" % code)
            os._exit(0)
    for standard, file in enumerate((os.open(os.devnull, os.O_RDONLY), out, err)):
        os.dup2(file, standard)
        os.close(file)
    become(asked["file"], asked["home"], asked["environment"])


def become(file: str, home: str, environment: dict[str, str]) -> None:
    """Be the program: in its folder, with its environment and nothing of ours, ended as a script ends."""
    os.chdir(home)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[:] = [file]
    sys.path.insert(0, home)
    script = sys.modules["__main__"] = ModuleType("__main__")
    script.__dict__.update({"__file__": file, "__cached__": None, "__annotations__": {}})
    try:
        with io.FileIO(file) as source:  # not by `pathlib`, which not every interpreter has imported
            code = compile(source.read(), file, "exec", dont_inherit=True)
        exec(code, script.__dict__)  # noqa: S102  # this is what was asked for
    except Exception as error:  # noqa: BLE001  # whatever it is, the program ends by it
        trace = error.__traceback__
        own = error.with_traceback(trace.tb_next if trace else None)
        sys.excepthook(type(own), own, own.__traceback__)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1])
