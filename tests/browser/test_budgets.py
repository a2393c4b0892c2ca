"""What a page weighs, by the site of Zulip's document."""

import gzip
import re
from statistics import mean, median, quantiles

KB = 1000


def packed(path):
    return len(gzip.compress(path.read_bytes(), 6, mtime=0))


def test_the_first_view_of_a_page(zulip, served, page):
    answers = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  # Playwright takes no built-in
    page.goto(f"{served(zulip)}send-message.html", wait_until="networkidle")
    assert len(answers) <= 4, [answer.url for answer in answers]
    assert sum(len(gzip.compress(answer.body(), 6)) for answer in answers) <= 15 * KB


def test_styles_and_scripts(zulip):
    assets = zulip.folder / "assets"
    assert packed(assets / "style.css") <= 5 * KB
    assert packed(assets / "script.js") + packed(assets / "find.js") <= 5 * KB
    assert packed(assets / "search.js") <= 100 * KB


def test_pages(zulip):
    sizes = [packed(path) for path in zulip.folder.glob("*.html")]
    assert median(sizes) <= 8 * KB
    assert quantiles(sizes, n=20)[-1] <= 15 * KB
    assert max(sizes) <= 80 * KB


def test_a_site_grows_by_less_than_40_kb_with_an_operation(zulip):
    pages = [path for path in zulip.folder.glob("*.html") if re.search(r'<p class="request">', path.read_text())]
    assert len(pages) > 100
    assert mean(path.stat().st_size for path in pages) < 40 * KB
