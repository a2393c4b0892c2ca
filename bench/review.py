"""How long a review of two versions of a document takes, beside oasdiff and Redocly, in one run.

Usage: python bench/review.py [--rounds N] [--document FILE]...

Of each document a second version is made: some parameters, properties and values of enums are gone, some bounds are
tighter. Every command runs as a process of its own, in turn, so that what disturbs the machine disturbs all. Printed is
the least of the rounds: CPU seconds, seconds by the clock, peak of memory, and how many times as long as ours each took.
"""

import argparse
import compileall
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

HERE = Path(__file__).parent
SHARED = HERE.parent.parent / "shared" / "corpus" / "zulip-10.2" / "zulip.yaml"
LARGE = HERE / ".cache" / "package" / "generated" / "api.github.com.json"
OASDIFF = "github.com/oasdiff/oasdiff@v1.11.8"
REDOCLY = "@redocly/cli@2"
EVERY = 25  # of the places where something can change, one in so many does


def edited(document):
    """Change a document in many small ways, always the same."""
    count = 0
    waiting = [document]
    while waiting:
        node = waiting.pop()
        waiting += list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        if not isinstance(node, dict):
            continue
        for change in (fewer_values, fewer_properties, tighter):
            count += 1
            if count % EVERY == 0:
                change(node)
    return document


def fewer_values(node):
    if isinstance(node.get("enum"), list) and len(node["enum"]) > 1:
        node["enum"] = node["enum"][:-1]


def fewer_properties(node):
    properties, required = node.get("properties"), node.get("required", [])
    if isinstance(properties, dict) and isinstance(required, list):
        for name in [name for name in properties if name not in required][:1]:
            del properties[name]


def tighter(node):
    if node.get("type") == "integer":
        node["minimum"] = 1


def versions(path, folder):
    """Write both versions into a folder; give their names."""
    is_json = path.suffix == ".json"
    text = path.read_text(encoding="utf-8")
    data = json.loads(text) if is_json else yaml.load(text, Loader=yaml.CSafeLoader)
    shapes = {re.sub(r"\{[^}]*\}", "{}", name): name for name in reversed(data["paths"])}
    data["paths"] = {
        name: item for name, item in data["paths"].items() if name in shapes.values()
    }  # oasdiff takes no two
    base, head = (folder / f"{name}{path.suffix}" for name in ("base", "head"))

    def write(file):
        dumped = json.dumps(data) if is_json else yaml.dump(data, Dumper=yaml.CSafeDumper, sort_keys=False)
        file.write_text(dumped, encoding="utf-8")

    write(base)
    edited(data)
    write(head)
    return str(base), str(head)


def commands(folder):
    """Give what can be run here, as functions of both files; say what cannot, and why."""
    ours = [sys.executable, "-m", "levelbook", "review"]
    found = {"levelbook": ours, "levelbook, read before": ours}
    build = folder / "go"
    if shutil.which("go"):
        environment = os.environ | {"GOBIN": str(build), "GOFLAGS": "-modcacherw"}
        done = subprocess.run(["go", "install", OASDIFF], env=environment, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            found["oasdiff"] = [str(build / "oasdiff"), "changelog"]
    if "oasdiff" not in found:
        print("left out: oasdiff: it does not build" if shutil.which("go") else "left out: oasdiff: Go is not there")
    redocly = ["npm", "exec", "--yes", f"--package={REDOCLY}", "--", "redocly", "diff"]
    if shutil.which("npm") and subprocess.run([*redocly, "--help"], check=False, capture_output=True).returncode == 0:
        found["Redocly"] = redocly
    else:
        print("left out: Redocly: npm is not there, or its command line has no `diff`")
    return found


def once(command, cache):
    """Run a command; give CPU seconds, seconds, peak of memory in MB, and its exit code."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        env=os.environ | {"XDG_CACHE_HOME": str(cache)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 if sys.platform == "darwin" else 1024
    cpu = usage.ru_utime + usage.ru_stime
    return cpu, time.perf_counter() - begun, usage.ru_maxrss * scale / 1e6, process.returncode


def measured(found, files, rounds, folder):
    """Give the least of each figure, by command."""
    taken = {name: [] for name in found}
    for number in range(rounds):
        for name, command in found.items():
            print(f"{name}: {number + 1} of {rounds}", file=sys.stderr)
            with tempfile.TemporaryDirectory(dir=folder) as fresh:
                cache = folder / "cache" if name == "levelbook, read before" else fresh
                if number == 0 and name == "levelbook, read before":
                    once([*command, *files], cache)
                taken[name].append(once([*command, *files], cache))
    return {name: [min(one[at] for one in rows) for at in range(3)] + [rows[0][3]] for name, rows in taken.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--document", action="append", type=Path, help="instead of those of Zulip and of GitHub")
    arguments = parser.parse_args()
    compileall.compile_dir(HERE.parent / "src", quiet=1)  # as installations are
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = commands(folder)
        for path in arguments.document or (SHARED, LARGE):
            if not path.is_file():
                print(f"\n{path.name}: it is not there")
                continue
            work = folder / path.stem
            work.mkdir()
            figures = measured(found, versions(path, work), arguments.rounds, work)
            ours = figures["levelbook"][0]
            print(f"\n{path.name}, {path.stat().st_size / 1e6:.1f} MB")
            print(f"{'':24}{'CPU s':>8}{'s':>8}{'MB':>8}{'exit':>6}{'of ours':>9}")
            for label, (cpu, seconds, memory, code) in figures.items():
                if code not in (0, 1):
                    print(f"{label:24}  refused the documents: exit code {code}")
                    continue
                print(f"{label:24}{cpu:8.2f}{seconds:8.2f}{memory:8.0f}{code:6}{cpu / ours:9.2f}")


if __name__ == "__main__":
    main()
