"""Whether built sites hold the budgets of pages: bytes, paint, accessibility, links, the build.

Usage: python bench/budgets.py [--site NAME=DIR ...] [--quick] [--all-pages]

Without --site three sites are built: the demo of this checkout; zulip-10.2, with `bench/zulip.toml` as its
`levelbook.toml` where that is there (it has to say `spec = "zulip.yaml"`); and GitHub's document, from npm. What is not
there is left out, and the table says why. Exit: 0 every budget that was measured is held, 1 one is not.

Needed: Chromium; `pip install playwright axe-playwright-python` (0.1.8 brings axe-core 4.12.1, of which only the script
is used; axe-core-python still has 4.4.3). Lighthouse 13 comes through npm. KB and MB are 1,000 and 1,000,000 bytes.
Links have to lead to a file, since the folder has to work from `file://` and below any path.
"""

import argparse
import compileall
import functools
import importlib.util
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sites import Site, SkippedError, made, serving

LIMITS = {  # every budget by the function that measures it; `reading` also sees what pages load, which others use
    "reading": {"text without JavaScript": (100, "% at least"), "overflow at 360 px": (0, "pages")},
    "sizes": {
        'first view of "Send a message", gz': (15, "KB"),
        "HTML gz, median": (8, "KB"),
        "HTML gz, p95": (15, "KB"),
        "HTML gz, worst": (80, "KB"),
        "CSS of a page, gz": (5, "KB"),
        "JavaScript of a page, gz": (5, "KB"),
        "raw HTML of an operation, mean": (40, "KB"),
    },
    "phone": {
        "largest paint, slow phone, median": (1.0, "s"),
        "largest paint, slow phone, worst": (1.5, "s"),
        "blocking time, worst": (100, "ms"),
        "layout shift, worst": (0, ""),
    },
    "axe": {f"axe, {way}": (0, "nodes") for way in ("light", "dark", "360 px", "search dialog open")},
    "lighthouse": {
        f"Lighthouse, {name}": (100, "at least") for name in ("performance", "accessibility", "best-practices", "seo")
    },
    "links": {"broken links": (0, ""), "broken anchors": (0, ""), "third-party requests": (0, "")},
    "samples": {"generated samples": (100, "% at least")},
    "build": {"build, CPU": (1.5, "s"), "build, peak memory": (100, "MB"), "files that differ when rebuilt": (0, "")},
}
SLOW = ("phone", "axe", "lighthouse")
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
STYLE = "text => document.head.appendChild(document.createElement('style')).append(text)"
SEEN_ALL = "* { content-visibility: visible !important }"
# What only works with JavaScript has no text that one without it would miss.
NO_CONTROLS = "button, input, select, textarea, label, legend, output, dialog { display: none !important }"
LOADS = 5  # of each page on the slow phone
WATCH = """(() => {
  const seen = window.levelbookSeen = {paint: null, tasks: [], shift: 0};
  const watch = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({type, buffered: true});
  watch("largest-contentful-paint", (entry) => { seen.paint = entry.startTime; });
  watch("longtask", (entry) => { seen.tasks.push([entry.startTime, entry.startTime + entry.duration]); });
  watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.shift += entry.value; });
})()"""
# Total blocking time counts from the first paint on, and of each task what is beyond 50 ms (https://web.dev/articles/tbt).
SEEN = """(() => {
  const first = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const beyond = ([start, end]) => Math.max(0, end - Math.max(start, first) - 50);
  return {...levelbookSeen, first, end: performance.getEntriesByType("navigation")[0].responseEnd,
          blocked: levelbookSeen.tasks.map(beyond).reduce((sum, one) => sum + one, 0)};
})()"""
AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
  .map((rule) => [rule.id, rule.nodes.length, String(rule.nodes[0].target)])"""


def sizes(site, _pages):
    weights = sorted((site.weight(name), name) for name in site.names)
    worst = {}
    for kind in (".css", ".js"):
        worst[kind] = max((sum(site.weight(n) for n in site.start(p) if n.endswith(kind)), p) for p in site.names)
    result = {
        "HTML gz, median": statistics.median(weight for weight, _ in weights) / 1000,
        "HTML gz, p95": weights[math.ceil(0.95 * len(weights)) - 1][0] / 1000,
        "HTML gz, worst": (weights[-1][0] / 1000, weights[-1][1]),
        "CSS of a page, gz": (worst[".css"][0] / 1000, worst[".css"][1]),
        "JavaScript of a page, gz": (worst[".js"][0] / 1000, worst[".js"][1]),
        'first view of "Send a message", gz': "skipped: there is no send-message.html",
        "raw HTML of an operation, mean": "skipped: no page of an operation was found",
    }
    if (name := "send-message.html") in site.pages:
        result['first view of "Send a message", gz'] = sum(map(site.weight, {name, *site.start(name)})) / 1000
    if site.operations:
        raw = [(site.folder / name).stat().st_size for name in site.operations]
        result["raw HTML of an operation, mean"] = statistics.mean(raw) / 1000
    return result


def links(site, _pages):
    broken, anchors = {}, {}
    foreign = {address for found in site.seen.values() for address in found if "://" in address}
    for name, page in site.pages.items():
        foreign.update(address for address in page.loads if site.target(name, address) is None)
        for address in set(page.links):
            if address.startswith("/"):
                continue  # of the host that the site will stand on: nobody here can know
            target, fragment = site.target(name, address) or (name, "")
            if target not in site.files:
                broken.setdefault(address, []).append(name)
            elif fragment and target in site.pages and not {fragment, unquote(fragment)} & site.pages[target].ids:
                anchors.setdefault(address, []).append(name)
    for what, found in (("broken link", broken), ("broken anchor", anchors)):
        site.notes += [
            f"{what}: {address} in {pages[0]} ({len(pages)} pages)" for address, pages in list(found.items())[:4]
        ]
    site.notes += [f"third party: {address}" for address in sorted(foreign)[:4]]
    counts = [sum(map(len, found.values())) for found in (broken, anchors)]
    return {"broken links": counts[0], "broken anchors": counts[1], "third-party requests": len(foreign)}


def chromium():
    if program := shutil.which("chromium") or shutil.which("google-chrome"):
        return program
    raise SkippedError("Chromium is not there")


@contextmanager
def browsing(site):
    """Give the address of the site, and a browser."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SkippedError("playwright is not there") from None
    with serving(site) as address, sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=CHROMIUM)
        yield address, browser
        browser.close()


def reading(site, pages):
    """What is there without JavaScript, and on a narrow screen; on the way, what the browser asks for."""
    lengths, wide = {True: {}, False: {}}, []
    with browsing(site) as (address, browser):

        def asked(request):
            if request.url.startswith(address):
                site.seen[name].add(unquote(urlsplit(request.url).path[1:]))
            elif urlsplit(request.url).scheme in ("http", "https", "ws", "wss"):
                site.seen[name].add(request.url)

        for script in (True, False):
            tab = browser.new_context(java_script_enabled=script, bypass_csp=True).new_page()
            tab.on("request", asked)
            for name in pages:
                site.seen.setdefault(name, set())
                tab.goto(address + name)
                tab.wait_for_timeout(200 if script else 0)
                tab.evaluate(STYLE, SEEN_ALL + NO_CONTROLS)
                text = tab.evaluate("(document.querySelector('main') ?? document.body).innerText")
                lengths[script][name] = len("".join(text.split()))
        tab = browser.new_context(viewport={"width": 360, "height": 780}, bypass_csp=True).new_page()
        for name in pages:
            tab.goto(address + name)
            tab.evaluate(STYLE, SEEN_ALL)
            width = tab.evaluate("document.scrollingElement.scrollWidth")
            if width > tab.evaluate("innerWidth"):
                wide.append(f"overflow: {name} is {width} px wide")
    site.notes += wide[:4]
    shares = [(100 * min(1, lengths[False][name] / max(1, lengths[True][name])), name) for name in pages]
    return {"text without JavaScript": min(shares), "overflow at 360 px": len(wide)}


def phone(site, pages):
    """Load each page LOADS times, and take the least: what else the machine does can only add to a time."""
    paints, blocked, shifts, ends = [], [], [], []
    with browsing(site) as (address, browser):
        for name in pages:
            seen = [loaded(browser, address + name) for _ in range(LOADS)]
            paints += (
                [(min(painted) / 1000, name)] if (painted := [one["paint"] for one in seen if one["paint"]]) else []
            )
            blocked.append((min(one["blocked"] for one in seen), name))
            shifts.append((max(round(one["shift"], 4) for one in seen), name))
            ends.append(min(one["end"] for one in seen))
    if min(ends) < 140:
        raise RuntimeError("the browser did not slow the network down")
    return {
        "largest paint, slow phone, median": statistics.median(paint for paint, _ in paints),
        "largest paint, slow phone, worst": max(paints),
        "blocking time, worst": max(blocked),
        "layout shift, worst": max(shifts),
    }


def loaded(browser, url):
    """Load a page as a slow phone does, and give what it saw of itself."""
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, device_scale_factor=3, is_mobile=True, has_touch=True
    )
    context.add_init_script(WATCH)
    tab = context.new_page()
    protocol = context.new_cdp_session(tab)
    protocol.send("Network.enable")
    speed = {"downloadThroughput": 1.6e6 / 8, "uploadThroughput": 1.6e6 / 8}
    protocol.send("Network.emulateNetworkConditions", {"offline": False, "latency": 150, **speed})
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    tab.goto(url, timeout=60_000)
    tab.wait_for_timeout(800)
    seen = tab.evaluate(SEEN)
    context.close()
    return seen


def axe(site, pages):
    found = importlib.util.find_spec("axe_playwright_python")
    if not found:
        raise SkippedError("axe-playwright-python is not there")
    source = (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")
    ways = {"light": {}, "dark": {"color_scheme": "dark"}, "360 px": {"viewport": {"width": 360, "height": 780}}}
    result = {}
    with browsing(site) as (address, browser):
        for way in [*ways, "search dialog open"]:
            count, rules = 0, {}
            context = browser.new_context(bypass_csp=True, reduced_motion="reduce", **ways.get(way, {}))
            tab = context.new_page()
            for name in pages:
                tab.goto(address + name)
                tab.evaluate(STYLE, SEEN_ALL)
                if way not in ways:
                    tab.keyboard.press("/")
                    tab.wait_for_selector("dialog.search[open]", timeout=5000)
                    tab.keyboard.type("me")  # some results, in most documents
                    tab.wait_for_timeout(300)
                tab.evaluate(source)
                for rule, nodes, target in tab.evaluate(AXE):
                    count += nodes
                    rules.setdefault(rule, [0, f"{target} in {name}"])[0] += nodes
            context.close()
            result[f"axe, {way}"] = count
            site.notes += [f"axe, {way}: {rule}, {nodes} nodes: {where}" for rule, (nodes, where) in rules.items()]
    return result


def lighthouse(site, pages):
    if not shutil.which("npm"):
        raise SkippedError("npm is not there")
    names = [label.removeprefix("Lighthouse, ") for label in LIMITS["lighthouse"]]
    least, faults = {}, {}
    with tempfile.TemporaryDirectory() as folder, serving(site) as address:
        run = functools.partial(
            subprocess.run,
            cwd=folder,
            env=os.environ | {"CHROME_PATH": chromium()},
            check=False,
            capture_output=True,
            text=True,
            timeout=180,
        )
        found = run(["npm", "exec", "--yes", "--package=lighthouse@13", "-c", "command -v lighthouse"])
        if found.returncode or run([program := found.stdout.strip(), "--version"]).returncode:
            raise SkippedError("npm cannot install Lighthouse, or it does not start")
        options = ["--quiet", "--output=json", f"--only-categories={','.join(names)}"]
        options.append(f"--chrome-flags=--headless=new {' '.join(CHROMIUM)}")
        for page in [name for name in pages if name != "404.html"][:5]:
            done = run([program, address + page, *options])
            if done.returncode:
                raise RuntimeError(f"{page}: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
            report = json.loads(done.stdout)
            for name in names:
                category = report["categories"][name]
                score = (round(100 * (category["score"] or 0)), page)
                least[f"Lighthouse, {name}"] = min(least.get(f"Lighthouse, {name}", score), score)
                for audit in category["auditRefs"]:
                    result = report["audits"][audit["id"]]["score"]
                    if audit["weight"] and result is not None and result < 0.9:
                        faults.setdefault(f"Lighthouse, {name}: {audit['id']} {result}", []).append(page)
    site.notes += [f"{fault} in {pages[0]} ({len(pages)} pages)" for fault, pages in faults.items()]
    return least


def rows(site, quick, everything):
    """Measure a site; give the rows of its table."""
    pages = site.choice(everything)
    found = dict(site.build)
    measures = {each.__name__: each for each in (reading, sizes, phone, axe, lighthouse, links)}
    for name, limits in LIMITS.items():
        start, reason = time.monotonic(), f"skipped: {'--quick' if name in SLOW else 'built elsewhere'}"
        try:
            if name in measures and not (quick and name in SLOW):
                found |= measures[name](site, pages)
        except SkippedError as error:
            reason = f"skipped: {error}"
        except Exception as error:  # noqa: BLE001  # the other rows are wanted all the same
            reason = f"failed: {type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
        print(f"{site.name}: {name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
        for label, (limit, unit) in limits.items():
            value = found.get(label, reason)
            value, where = value if isinstance(value, tuple) else (value, "")
            if isinstance(value, str):
                yield label, value, f"{limit} {unit}", "MISSED" if value.startswith("failed") else "-"
                continue
            held = value >= limit if unit.endswith("at least") else value <= limit
            free = name == "build" and len(site.operations) > 250  # the budget is one for 121 operations
            digits = 0 if isinstance(value, int) else 2 if held else 4  # 99.9982 % is not 100.00 %
            shown = f"{value:,.{digits}f} {unit.removesuffix('at least')} {where}"
            yield label, shown, f"{limit} {unit}", "-" if free else "held" if held else "MISSED"


def show(table):
    table = [[" ".join(cell.split()) for cell in row] for row in table]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        print(" | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", action="append", metavar="NAME=DIR", help="a site that is built already")
    parser.add_argument("--quick", action="store_true", help="without Lighthouse, axe and the slow phone")
    parser.add_argument("--all-pages", action="store_true", help="every page instead of 20, or of 8 of a large site")
    options = parser.parse_args()
    compileall.compile_dir(Path(__file__).parent.parent / "src", quiet=1)  # as installations are
    given = [(name, Path(folder), {}) for name, _, folder in (each.partition("=") for each in options.site or [])]
    for name, folder, _ in given:
        if not (folder / "index.html").is_file():
            parser.error(f"{name}: there is no site in {str(folder)!r}")
    missed = False
    with tempfile.TemporaryDirectory() as temporary:
        # A process starts with its parent's peak of memory: every site is built before anything else is done.
        for name, folder, took in given or list(made(Path(temporary))):
            if isinstance(took, Exception):
                print(f"\n{name}: {'left out' if isinstance(took, SkippedError) else 'not built'}: {took}")
                missed |= not isinstance(took, SkippedError)
                continue
            site = Site(name, folder, took)
            table = list(rows(site, options.quick, options.all_pages))
            print(f"\n{name}: {len(site.operations)} operations, {len(site.names)} pages")
            load = (
                f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors: a busy machine paints and builds late"
            )
            site.notes.append(load)
            show([("budget", "measured", "at most", "verdict"), *table])
            print(*(f"  {note}" for note in site.notes), sep="\n", flush=True)
            missed |= any(verdict == "MISSED" for *_, verdict in table)
    sys.exit(missed)


if __name__ == "__main__":
    main()
