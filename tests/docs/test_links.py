"""Every link is checked when the site is built, and a broken one has its place in the source."""

import json

import pytest

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1', description: '%s'}\npaths: {/a: {get: {operationId: a, description: '%s', responses: {'200': {description: d}}}}, /b: {get: {operationId: b, responses: {}}}}"

BROKEN = [
    ("[x](b.html)", ""),
    ("[x](b.html#parameters)", ""),
    ("[x](#status-200)", ""),
    ("[x](https://elsewhere.test/)", ""),
    ("[x](/on/this/host)", ""),
    ("[x](mailto:a@b.test)", ""),
    ("[x](c.html)", "api.yaml:3:54: warning: `c.html` leads to no page (shown on a.html) [link]"),
    ("[x](b.html#no)", "api.yaml:3:54: warning: `b.html#no` leads to no anchor on b.html [link]"),
    ("[x](#no)", "api.yaml:3:54: warning: `#no` leads to no anchor on a.html, where it is shown [link]"),
    ("[x](/api/b)", ""),
    ("[x](/api/no)", "api.yaml:3:54: warning: `/api/no` leads to no page (shown on a.html) [link]"),
    ("[x](/help/b)", ""),
    ("[x](../secret.html)", "api.yaml:3:54: warning: `../secret.html` leads to no page (shown on a.html) [link]"),
    ("# Own\\n[x](#own)", ""),
]  # fmt: skip


@pytest.mark.parametrize(("description", "problem"), BROKEN)
def test_links_of_descriptions(levelbook, tmp_path, monkeypatch, description, problem):
    monkeypatch.chdir(tmp_path)
    text = (HEAD % ("d", description)).replace("'# Own", '"# Own').replace("(#own)'", '(#own)"')
    (tmp_path / "api.yaml").write_text(text)
    (tmp_path / "levelbook.toml").write_text(
        'spec = "api.yaml"\n[links]\n"/api/" = ""\n"/help/" = "https://help.test/"\n'
    )
    result = levelbook("build", "-o", "out", "--strict")
    assert result.stdout.split("\n")[0] == problem
    assert result.exit_code == bool(problem)


def test_links_of_own_pages(levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(HEAD % ("d", "d"))
    (tmp_path / "levelbook.toml").write_text('spec = "api.yaml"\npages = "pages"')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "guide.md").write_text("# Guide\n\nSee [a](a.html) and\n[no](no.html), ![pic](pic.png).\n")
    (tmp_path / "pages" / "pic.png").write_bytes(b"png")
    result = levelbook("build", "-o", "out")
    assert "pages/guide.md:4:6: warning: `no.html` leads to no page (shown on guide.html) [link]" in result.stdout
    assert result.stdout.count("[link]") == 1
    assert (tmp_path / "out" / "pic.png").read_bytes() == b"png"


def test_links_to_elsewhere_are_listed(levelbook, tmp_path):
    (tmp_path / "api.yaml").write_text(HEAD % ("[x](https://one.test/)", "[y](https://two.test/a) [z](no.html)"))
    levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    listed = json.loads((tmp_path / "out" / "links.json").read_text())
    assert listed["external"] == {"https://one.test/": ["index.html"], "https://two.test/a": ["a.html"]}
    assert listed["broken"] == ["a.html: no.html"]


def test_markdown_pages_link_markdown_pages(levelbook, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.yaml").write_text(HEAD % ("d", "[x](/api/b#changes) [y](/help/z)"))
    (tmp_path / "levelbook.toml").write_text(
        'spec = "api.yaml"\n[links]\n"/api/" = ""\n"/help/" = "https://help.test/"\n'
    )
    levelbook("build", "-o", "out")
    assert "[x](b.md#changes) [y](https://help.test/z)" in (tmp_path / "out" / "a.md").read_text()
