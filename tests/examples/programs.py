"""Samples that are run: many of a language in one process, each as it is shown."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
# Tests move the folder of caches; compiling the library of Go anew takes longer than all of them.
GO_CACHE = Path(os.environ.get("GOCACHE") or Path.home() / ".cache/go-build")
NEEDED = {"curl": "curl", "httpie": "http", "node": "node", "go": "go", "java": "javac", "ruby": "ruby", "php": "php"}


def ends(pid):
    """Wait until a process that was sent a signal has ended; whether anyone has asked about it does not count."""
    for _ in range(600):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.05)
    return False


def program(name):
    """Give the path of a program; it may stand beside this Python."""
    return shutil.which(name, path=PATH)


def needed(language):
    """Skip where the toolchain of a language is not on this machine."""
    if language in NEEDED and not program(NEEDED[language]):
        pytest.skip(f"{NEEDED[language]} is not on this machine")
    if language == "go" and not GO_CACHE.is_dir():
        pytest.skip("Go has no build cache yet, and would compile its library first")


def run(language, samples, folder):
    """Run samples one after the other; one that fails, or complains, fails the test."""
    for command in WRITTEN[language.partition("-")[0]](samples, folder):
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL,
                              env=os.environ | {"GOCACHE": str(GO_CACHE), "PATH": PATH, "HTTPIE_CONFIG_DIR": str(folder)})  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()[-2000:]


def _curl(samples, folder):
    text = "\n".join(sample.replace("curl ", "curl -sS --fail ", 1) for sample in samples)
    (folder / "samples.sh").write_text(text, encoding="utf-8")
    return [["sh", "-e", "samples.sh"]]


def _httpie(samples, folder):
    (folder / "samples.sh").write_text("\n".join(samples), encoding="utf-8")
    return [["sh", "-e", "samples.sh"]]


def _python(samples, folder):
    (folder / "samples.py").write_text("\n".join(samples), encoding="utf-8")
    return [[sys.executable, "samples.py"]]


def _node(samples, folder):
    """Put each module into a block of its own; an import stands outside of blocks, or is a promise."""
    again = 'const { openAsBlob } = await import("node:fs");\n'
    blocks = ["{\n" + text.replace('import { openAsBlob } from "node:fs";\n', again) + "}\n" for text in samples]
    (folder / "samples.mjs").write_text("".join(blocks), encoding="utf-8")
    return [[program("node"), "--disable-warning=ExperimentalWarning", "samples.mjs"]]


def _go(samples, folder):
    """Make each program a package of one module, so that all are compiled at once."""
    names = [f"s{number}" for number in range(len(samples))]
    for name, text in zip(names, samples, strict=True):
        (folder / name).mkdir(exist_ok=True)
        package = text.replace("package main", f"package {name}", 1).replace("func main()", "func Main()", 1)
        (folder / name / "main.go").write_text(package, encoding="utf-8")
    imports = "".join(f'import "samples/{name}"\n' for name in names)
    calls = "".join(f"\t{name}.Main()\n" for name in names)
    (folder / "main.go").write_text(f"package main\n\n{imports}\nfunc main() {{\n{calls}}}\n", encoding="utf-8")
    (folder / "go.mod").write_text("module samples\n\ngo 1.21\n", encoding="utf-8")
    return [[program("go"), "run", "."]]


def _java(samples, folder):
    """Make each class one of its own, so that all are compiled and run at once."""
    names = [f"Sample{number}" for number in range(len(samples))]
    for name, text in zip(names, samples, strict=True):
        (folder / f"{name}.java").write_text(text.replace("class Main", f"class {name}", 1), encoding="utf-8")
    calls = "".join(f"        {name}.main(arguments);\n" for name in names)
    main = f"public class Main {{\n    public static void main(String[] arguments) throws Exception {{\n{calls}    }}\n}}\n"
    (folder / "Main.java").write_text(main, encoding="utf-8")
    files = [f"{name}.java" for name in [*names, "Main"]]
    return [[program("javac"), "-encoding", "UTF-8", *files], [program("java"), "-cp", ".", "Main"]]


def _ruby(samples, folder):
    (folder / "samples.rb").write_text("\n".join(samples), encoding="utf-8")
    return [[program("ruby"), "samples.rb"]]


def _php(samples, folder):
    """Take each sample's own opening tag away: a file has one."""
    bare = "\n".join(sample.replace("<?php\n", "", 1) for sample in samples)
    (folder / "samples.php").write_text(f"<?php\n{bare}", encoding="utf-8")
    return [[program("php"), "samples.php"]]


WRITTEN = {
    "curl": _curl, "httpie": _httpie, "python": _python, "node": _node, "go": _go, "java": _java, "ruby": _ruby, "php": _php,
}  # fmt: skip
