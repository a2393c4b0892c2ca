"""How fast exchanges are judged, beside the peers, in one run.

Usage: python bench/validate.py [--rounds N] [--milliseconds N] [--spec FILE]

All engines stay up, each in a process of its own, and are asked in turn, so that what disturbs the machine disturbs all
of them. Printed are medians of CPU microseconds an exchange, from raw bytes to the verdict, and how many times as long
as ours each takes. Every engine first has to accept every message, and to refuse the same with one change.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = [sys.executable, str(HERE / "peers" / "python_peer.py")]
NAMES = ["form", "json-request", "json-response", "json-response-large"]
START = """
import time
start = time.process_time()
from levelbook import Validator, load
validator = Validator(load({spec!r}))
print(1000 * time.process_time())
"""


class Peer:
    """An engine that waits for work."""

    def __init__(self, command, folder, environment=None):
        self.process = subprocess.Popen(
            [*command, str(folder)],
            text=True,
            bufsize=1,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | (environment or {}),
        )
        word, milliseconds = self.process.stdout.readline().split()
        if word != "ready":
            sys.exit(f"{command[0]} did not get ready")
        self.start = float(milliseconds)

    def __call__(self, name, iterations):
        self.process.stdin.write(f"{name} {iterations}\n")
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def peers(build):
    """Give the command of every engine that this machine can run; say which it cannot, and why."""
    found = {
        "levelbook": [*PYTHON, "levelbook"],
        "levelbook, standalone": [*PYTHON, "standalone"],
        "floor (orjson, jsonschema-rs)": [*PYTHON, "floor"],
        "openapi-core": [*PYTHON, "openapi-core"],
    }
    for name, folder in (("kin-openapi (Go)", "kin"), ("libopenapi-validator (Go)", "pb33f")):
        target = build / folder
        done = shutil.which("go") and subprocess.run(
            ["go", "build", "-o", str(target), "."], cwd=HERE / "peers" / folder, check=False, capture_output=True
        )
        if done and done.returncode == 0:
            found[name] = [str(target)]
        else:
            print(f"left out: {name}: {'it does not build' if done else 'Go is not there'}")
    node = build / "eov"
    shutil.copytree(HERE / "peers" / "eov", node)
    done = shutil.which("npm") and subprocess.run(["npm", "ci", "--silent"], cwd=node, check=False, capture_output=True)
    if done and done.returncode == 0:
        found["express-openapi-validator (Node)"] = ["node", str(node / "peer.js")]
    else:
        print(f"left out: express-openapi-validator: {'it does not install' if done else 'Node is not there'}")
    return found


def check(commands, data):
    """See that each engine really judges; give those that do, ready to work."""
    able = {}
    for label, command in commands.items():
        wrong = []
        for folder, expected in ((data, True), (data / "invalid", False)):
            peer = Peer(command, folder)
            names = [message["name"] for message in json.loads((folder / "messages.json").read_text())]
            for name in names:
                valid = peer(name, 1)["valid"]
                if valid is not None and valid is not expected and not (label.startswith("floor") and "form" in name):
                    wrong.append(f"{name} is {'refused' if expected else 'accepted'}")
            peer.close()
        if wrong:
            print(f"note: {label}: {'; '.join(wrong)}")
        able[label] = Peer(command, data)
    return able


def measured(engines, rounds, milliseconds):
    """Give the median of CPU microseconds per engine and message; None where an engine has no such message."""
    times = {(label, name): [] for name in NAMES for label in engines}
    counts = {}
    for number in range(rounds):
        for (label, name), found in times.items():
            if (label, name) not in counts:
                once = engines[label](name, 20)["cpu_seconds"]
                counts[label, name] = once and max(5, int(milliseconds / 1000 / max(once / 20, 1e-7)))
            count = counts[label, name]
            if count:
                found.append(engines[label](name, count)["cpu_seconds"] / count * 1e6)
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return {key: statistics.median(found) if found else None for key, found in times.items()}


def table(engines, medians):
    width = max(map(len, engines))
    print("\nCPU microseconds an exchange (median), and as a multiple of ours")
    print(" " * width + "".join(f"{name:>26}" for name in NAMES))
    for label in engines:
        cells = []
        for name in NAMES:
            value, ours = medians[label, name], medians["levelbook", name]
            cells.append("-" if value is None else f"{value:,.1f} ({value / ours:,.2f}x)")
        print(f"{label:<{width}}" + "".join(f"{cell:>26}" for cell in cells))
    print(
        "\nstart-up with the 228 paths, CPU milliseconds: "
        + ", ".join(f"{k} {p.start:,.0f}" for k, p in engines.items())
    )


def flat(data, rounds, milliseconds):
    """Show that the number of paths does not matter."""
    folders = {"24 paths": data / "few", "228 paths": data, "2,280 paths": data / "many"}
    engines = {label: Peer([*PYTHON, "levelbook"], folder) for label, folder in folders.items()}
    medians = measured(engines, rounds, milliseconds)
    print("\nours by the number of paths, CPU microseconds")
    for label in engines:
        print(f"{label:<12}" + "".join(f"{name:>22} {medians[label, name]:8.1f}" for name in NAMES))
        engines[label].close()


def start(spec, rounds):
    """Say how long it takes from the interpreter's start to a validator that is ready."""
    code = START.format(spec=spec)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run(
            [sys.executable, "-c", "from levelbook import Validator, load; Validator, load"],
            check=True,
            env=environment,
        )
        runs = [
            float(
                subprocess.run(
                    [sys.executable, "-c", code],
                    check=True,
                    capture_output=True,
                    text=True,
                    env=os.environ | {"XDG_CACHE_HOME": cache},
                ).stdout
            )
            for _ in range(2 * rounds + 1)
        ]
    bare = statistics.median(
        float(
            subprocess.run(
                [sys.executable, "-c", "import time; print(1000 * time.process_time())"],
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        for _ in range(rounds)
    )
    print(
        f"\nstart-up on {spec}, CPU milliseconds without the interpreter's own {bare:.0f}: "
        f"first {runs[0] - bare:.0f}, then {statistics.median(runs[1:]) - bare:.0f}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--milliseconds", type=int, default=200, help="for one engine, message and round")
    parser.add_argument("--spec", help="a document whose start-up is measured too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, str(HERE / "document.py"), str(data)], check=True)
        build = Path(folder) / "build"
        build.mkdir()
        engines = check(peers(build), data)
        table(engines, measured(engines, options.rounds, options.milliseconds))
        for engine in engines.values():
            engine.close()
        flat(data, options.rounds, options.milliseconds)
    if options.spec:
        start(options.spec, options.rounds)


if __name__ == "__main__":
    main()
