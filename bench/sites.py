"""The sites that `budgets.py` measures: building them, reading their pages, serving them."""

import functools
import gzip
import hashlib
import html.parser
import http.server
import json
import os
import posixpath
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CORPUS = ROOT.parent / "shared" / "corpus" / "zulip-10.2"
CACHE = HERE / ".cache"
PACKAGE = "@octokit/openapi@23.0.2"
GITHUB = CACHE / "package" / "generated" / "api.github.com.json"
FIRST = ["index.html", "send-message.html", "get-events.html", "register-queue.html", "changelog.html"]
MANY = 400  # pages, from which on fewer are looked at
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".md", ".txt"}


class SkippedError(Exception):
    """What is needed is not there."""


class Page(html.parser.HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.loads = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids.update(filter(None, (found.get("id"), found.get("name") if tag == "a" else None)))
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        kinds = set((found.get("rel") or "").split()) & {"stylesheet", "icon", "preload", "modulepreload"}
        address = found.get("href") if tag == "link" and kinds else found.get("src")
        if address and not address.startswith("data:") and found.get("loading") != "lazy":
            self.loads.append(address)


class Site:
    def __init__(self, name, folder, build=None):
        self.name, self.folder, self.build = name, folder, build or {}
        self.files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        every = sorted(name for name in self.files if name.endswith(".html"))
        self.names = [name for name in every if not name.startswith("at/")]  # a copy per release is no new page
        self.pages = {name: Page((folder / name).read_text(encoding="utf-8")) for name in every}
        self.operations = [name for name in self.names if self.is_operation(name)]
        self.seen = {}  # what the browser asked for, by page
        self.notes = []

    def is_operation(self, name):
        markdown = name.removesuffix(".html") + ".md"
        return markdown in self.files and "\noperation:" in (self.folder / markdown).read_text(encoding="utf-8")[:2000]

    def choice(self, everything):
        """Give the pages to look at: those that say most, the largest, and others at equal distances."""
        count = len(self.names) if everything else 20 if len(self.names) <= MANY else 8
        largest = max(self.names, key=lambda name: (self.folder / name).stat().st_size)
        spread = [self.names[number * len(self.names) // count] for number in range(count)]
        wanted = [name for name in FIRST if name in self.files]
        return list(dict.fromkeys([*wanted, largest, *spread, *self.names]))[:count]

    def target(self, page, address):
        """Give the file that an address leads to, and the fragment; None where it leads out of the site."""
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return None
        path = unquote(parts.path)
        if page == "404.html":  # may be shown at any depth, so that it may start at the root
            path = path.removeprefix("/")
        found = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
        return found, parts.fragment

    def weight(self, name):
        return len(packed(self.folder / name))

    def start(self, page):
        """Give the files that a page loads before the reader does anything."""
        targets = [self.target(page, address) for address in self.pages[page].loads]
        found = {target[0] for target in targets if target} | self.seen.get(page, set())
        return (found & self.files) - {page}


@functools.cache
def packed(path):
    """Give what a host sends of a file."""
    return gzip.compress(path.read_bytes(), 6, mtime=0) if path.suffix in TEXT else path.read_bytes()


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files, compressed as any host would send them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        data = packed(path) if path.is_file() else b""
        self.send_response(200 if path.is_file() else 404)
        self.send_header("Content-Type", self.guess_type(path))
        if data and path.suffix in TEXT:
            self.send_header("Content-Encoding", "gzip")  # browsers are all that asks here
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Say nothing: a browser that is closed leaves its connections."""


@contextmanager
def serving(site):
    """Give the address of a site."""
    with Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(site.folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def built(name, spec, folder, target, runs):
    """Build a site; give the least of CPU seconds, the peak of memory, and how many files were not the same twice."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    seconds, peaks, prints = [], [], []
    for number in range(runs):
        print(f"{name}: build {number + 1} of {runs}", file=sys.stderr)
        shutil.rmtree(target, ignore_errors=True)
        with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryFile("w+") as errors:
            command = [sys.executable, "-m", "levelbook", "build", *spec, "-o", str(target)]
            environment["XDG_CACHE_HOME"] = cache  # every build is a first one
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=errors, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            errors.seek(0)
            if process.returncode not in (0, 1) or not (target / "index.html").is_file():
                raise RuntimeError((errors.read().strip().splitlines() or ["no output"])[-1])
        seconds.append(usage.ru_utime + usage.ru_stime)
        peaks.append(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6)
        files = (path for path in target.rglob("*") if path.is_file())
        prints.append({path: hashlib.sha256(path.read_bytes()).digest() for path in files})
    differ = {path for other in prints for path, _ in prints[0].items() ^ other.items()}
    return {
        "build, CPU": min(seconds),
        "build, peak memory": max(peaks),
        "files that differ when rebuilt": len(differ) if runs > 1 else "skipped: built once",
    }


def samples(name, spec, folder):
    """Run the curl samples that are made from the document against its mock; give how many are as it says."""
    print(f"{name}: samples", file=sys.stderr)
    if not shutil.which("curl"):
        return {"generated samples": "skipped: curl is not there"}
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "levelbook",
            "examples",
            "run",
            *spec,
            "--language",
            "curl",
            "--format",
            "json",
        ]
        done = subprocess.run([*command, "-o", f"{scratch}/results.json"], cwd=folder, capture_output=True, check=False)
    ran = [one["outcome"] for one in json.loads(done.stdout)["examples"] if one["generated"]]
    passed = ran.count("passed")
    return {"generated samples": (100 * passed / len(ran), f"{passed:,} of {len(ran):,}")} if ran else {}


def made(folder):
    """Build the three sites; give the name, the folder, and what the build took, or why there is no site."""
    for name, find, runs in (("demo", demo, 3), ("zulip-10.2", zulip, 3), ("GitHub", github, 1)):
        work, target = folder / name / "work", folder / name / "site"
        work.mkdir(parents=True)
        try:
            spec, project = find(work)
            yield name, target, built(name, spec, project, target, runs) | samples(name, spec, project)
        except (SkippedError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            yield name, None, error


def demo(_work):
    return [], ROOT


def zulip(work):
    if not CORPUS.is_dir():
        raise SkippedError(f"{CORPUS} is not there")
    shutil.copytree(CORPUS, work, dirs_exist_ok=True)
    if (HERE / "zulip.toml").is_file():
        shutil.copy(HERE / "zulip.toml", work / "levelbook.toml")
    return ["zulip.yaml"], work


def github(work):
    if not GITHUB.is_file():
        if not shutil.which("npm"):
            raise SkippedError("npm is not there")
        command = ["npm", "pack", "--silent", "--pack-destination", str(work), PACKAGE]
        done = subprocess.run(command, check=False, capture_output=True, timeout=300)
        archive = next(work.glob("*.tgz"), None)
        if done.returncode or not archive:
            raise SkippedError(f"npm cannot get {PACKAGE}")
        with tarfile.open(archive) as members:
            members.extract(GITHUB.relative_to(CACHE).as_posix(), CACHE, filter="data")
    return [str(GITHUB)], work
