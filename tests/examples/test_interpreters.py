"""A program that an interpreter became does what it does alone: the same ending, the same words, the same world."""

import os
import sys
import threading
import time

import pytest

from examples.programs import ends
from examples.project import shows
from levelbook.examples import interpreters
from levelbook.examples.interpreters import Interpreters, imports_of
from levelbook.examples.processes import run, started
from levelbook.examples.toolchains import environment

pytestmark = pytest.mark.skipif(not interpreters._FORKS, reason="programs are not forked on this system")

BEGINNINGS = [
    ("imports", "import a\nfrom b import c as d\n", "import a\nfrom b import c as d"),
    ("a docstring before", '"""Doc."""\nimport a', "import a"),
    ("what follows other statements", "import a\nx = 1\nimport b", "import a"),
    ("an import that depends", "try:\n    import a\nexcept ImportError:\n    a = None", ""),
    ("none", "print(1)", ""),
    ("nothing", "", ""),
    ("no Python", "import a\nif", ""),
    ("a zero byte", "import a\0", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "imports"), [row[1:] for row in BEGINNINGS], ids=[row[0] for row in BEGINNINGS])
def test_what_a_program_begins_with(text, imports):
    assert imports_of(text) == imports


ENDINGS = {
    "output": "print('out'); print('err', file=sys.stderr)",
    "no end of line": "sys.stdout.write('out')",
    "an exit code": "sys.exit(3)",
    "a last word": "sys.exit('enough')",
    "no exit code": "sys.exit()",
    "an error": "def f():\n    1 / 0\nf()",
    "an error with a cause": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('v') from e",
    "no syntax": "return",
    "no input": "print(repr(sys.stdin.read()))",
    "a last act": "import atexit; atexit.register(print, 'bye')",
    "an end by the system": "import os; os._exit(7)",
    "a signal": "import os; os.kill(os.getpid(), 15)",
    "a thread that is waited for": "import threading, time\nthreading.Thread(target=lambda: (time.sleep(.1), print('t'))).start()",
    "a process that is waited for": "import subprocess; print(subprocess.run(['sh', '-c', 'exit 5']).returncode)",
    "a pool of processes": "import multiprocessing as m\nif __name__ == '__main__':\n    print(m.get_context('fork').Pool(1).map(abs, [-1]))",
    "what it is called": "print(__name__, __file__ == sys.argv[0], len(sys.argv), __doc__)",
    "what it has": "print(sorted(name for name in globals()))",
    "where it is": "import os; print(os.getcwd() == sys.path[0] == os.path.dirname(__file__), sys.path[1:])",
    "its environment": "import os; print(sorted(set(os.environ) - {'HOME', 'TMPDIR', 'LC_CTYPE'}), os.environ['HOME'] == os.getcwd())",
    "its session": "import os; print(os.getsid(0) == os.getpid())",
    "its files": "import os; print(sorted(f for f in os.listdir('/dev/fd') if int(f) < 100))",
    "its children": "import os, signal; print(signal.getsignal(signal.SIGCHLD), signal.getsignal(signal.SIGINT))",
    "words of other letters": "print('é 你好')",
    "an import that was forgotten": "import xml; print(xml.dom)",
    "a module that is not installed": "import no_such_module",
    "randomness": "import random; print(random.Random(1).random())",
}  # fmt: skip


def ended(code, folder, *, shared):
    """Run a program; give how it ended and the end of what it wrote, without the name of its folder."""
    folder.mkdir()
    file = folder / "program.py"
    file.write_text("import sys\nimport json\npass\n" + code, encoding="utf-8")
    around = environment(folder, {"GREETING": "hello"})
    command = (sys.executable, str(file))
    with Interpreters(["import sys\nimport json"] * 2, {}) as ready:
        forked = []

        def start(out, err):
            if shared:
                forked.append(ready.start(file, around, out, err))
                assert forked[0] is not None
                return forked[0]
            return started(command, folder, around, out, err)

        process = run(start, set(), 20, threading.Event())
    return process.code, process.output.replace(str(folder), "FOLDER")


@pytest.mark.parametrize("code", ENDINGS.values(), ids=ENDINGS)
def test_it_is_as_if_it_ran_alone(code, tmp_path):
    assert ended(code, tmp_path / "a", shared=True) == ended(code, tmp_path / "b", shared=False)


def wait_for(file):
    """Wait until something was written."""
    for _ in range(600):
        if os.fstat(file).st_size:
            return
        time.sleep(0.05)


def test_what_is_stopped_is_gone_with_all_that_it_started(tmp_path):
    code = "import subprocess, time\nprint(subprocess.Popen(['sleep', '60']).pid, flush=True)\ntime.sleep(60)"
    file = tmp_path / "program.py"
    file.write_text("import sys\npass\n" + code)
    over = threading.Event()

    def start(out, err):
        threading.Thread(target=lambda: (wait_for(out), over.set())).start()
        return ready.start(file, environment(tmp_path, {}), out, err)

    with Interpreters(["import sys"] * 2, {}) as ready:
        process = run(start, set(), 30, over)
    assert process.code is None
    assert ends(int(process.output))


ALONE = {
    "it begins as no other": ["import sys", "import json"],
    "it begins with no import": ["print(1)", "print(2)"],
    "what cannot be imported": ["import no_such_module\nimport sys"] * 2,
    "an import that ends": ["from ends import now"] * 2,
}


@pytest.mark.parametrize("texts", ALONE.values(), ids=ALONE)
def test_what_needs_an_interpreter_of_its_own(texts, tmp_path):
    file = tmp_path / "program.py"
    file.write_text(texts[0])
    with Interpreters(texts, {}) as ready:
        assert ready.start(file, environment(tmp_path, {}), 1, 2) is None


def test_imports_that_take_too_long_are_made_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(interpreters, "_READY", 0.5)
    (tmp_path / "slow_module.py").write_text("import time; time.sleep(60)")
    texts = ["import slow_module"] * 2
    file = tmp_path / "program.py"
    file.write_text(texts[0])
    with Interpreters(texts, {"PYTHONPATH": str(tmp_path)}) as ready:
        for _ in range(2):
            assert ready.start(file, environment(tmp_path, {}), 1, 2) is None


def test_imports_are_made_in_a_folder_with_nothing_in_it(tmp_path):
    (tmp_path / "seeing.py").write_text("import os; SEEN = os.listdir(), os.getcwd() == os.environ['HOME']")
    file = tmp_path / "program.py"
    file.write_text("import seeing\nprint(seeing.SEEN)")
    with Interpreters(["import seeing"] * 2, {"PYTHONPATH": str(tmp_path)}) as ready:
        process = run(
            lambda out, err: ready.start(file, environment(tmp_path, {}), out, err), set(), 20, threading.Event()
        )
    assert process.output == "([], True)"


def test_an_environment_that_is_filled_in_is_each_program_s_own(tmp_path):
    file = tmp_path / "program.py"
    file.write_text("import sys")
    with Interpreters(["import sys"] * 2, {"SITE": "{{ api_url }}"}) as ready:
        assert ready.start(file, environment(tmp_path, {}), 1, 2) is None


def test_a_module_beside_a_program_is_its_own(project):
    """The interpreter that programs share knows nothing of what lies beside one of them."""
    project.write(**{"setup/json.py": "MINE = True\n"})
    for name in ("x", "y"):
        project.example("import json\n" + shows("GET /a", 'assert json.MINE; ask("/a")'), f"python/{name}.py")
    assert project.judged() == [("passed", "", [])] * 2
