"""Nothing disappears: whatever a document says stands on its pages, in HTML and in Markdown."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from levelbook.cli.assembling import assemble
from levelbook.docs.output import Store

from .marked import marked, missing, text_of
from .wide import document as wide

CASES = Path(__file__).parent.parent / "cases" / "docs"
AWKWARD = ["bare", "deep", "wide"]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("awkward")
    shutil.copy(CASES / "bare.json", folder)
    shutil.copy(CASES / "deep.yaml", folder)
    (folder / "wide.json").write_text(json.dumps(wide))
    return folder


@pytest.fixture
def built(source, levelbook):
    def build(name):
        site = source / name
        if not site.is_dir():
            spec = next(source.glob(f"{name}.*"))
            result = levelbook("build", spec, "-o", site, "--strict")
            assert result.exit_code == 0, result.output
        return site

    return build


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_documents_build_in_strict_mode(built, name):
    assert (built(name) / "index.html").is_file()


@pytest.mark.parametrize("name", ["deep", "wide"])
@pytest.mark.parametrize("form", ["html", "md"])
def test_every_text_is_on_a_page(built, source, name, form):
    text = (
        (CASES / "deep.yaml").read_text() if name == "deep" else yaml.safe_dump(wide, allow_unicode=True, width=10_000)
    )
    pages = [path.read_text() for path in built(name).glob(f"*.{form}")]
    texts = marked(text)
    assert len(texts) > 300
    assert missing(texts, [text_of(page) for page in pages] if form == "html" else pages) == []


@pytest.mark.parametrize("name", AWKWARD)
def test_every_element_stands_where_the_site_says(source, name, tmp_path):
    site = assemble(str(next(source.glob(f"{name}.*")))).site
    with Store(tmp_path) as store:
        list(site.build(store))
        store.finish()
    places = set(site.context.places.values())
    ids = {f"{file}#{id_}" for file, found in site.found.ids.items() for id_ in found}
    assert len(places) > 50 * (name != "bare")
    assert {place for place in places if "#" in place} <= ids


@pytest.mark.parametrize("name", AWKWARD)
def test_no_link_leads_nowhere(built, name):
    assert json.loads((built(name) / "links.json").read_text())["broken"] == []


LOST = """
paths:
  /a:
    get:
      responses:
        "200":
          description: The answer.
          content:
            application/json:
              schema:
                type: object
                properties:
                  deep: {type: string, xml: {name: x}, x-more: {description: An extension is no node.}}
"""


def test_what_no_page_shows_fails_a_strict_build(levelbook, tmp_path, monkeypatch):
    """A renderer that forgets a field is found out: the document is walked without regard to how pages are made."""
    from levelbook.docs.fields import Fields

    (tmp_path / "a.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}" + LOST.replace("xml:", "description: Here., xml:")
    )
    made = Fields._fields
    monkeypatch.setattr(Fields, "_fields", lambda *arguments, **options: ())
    result = levelbook("build", tmp_path / "a.yaml", "-o", tmp_path / "out", "--strict")
    assert result.exit_code == 1
    assert f"{tmp_path}/a.yaml:14:19: warning: GET /a: what is said here stands on no page [not-shown]" in result.stdout
    monkeypatch.setattr(Fields, "_fields", made)
    assert levelbook("build", tmp_path / "a.yaml", "-o", tmp_path / "out", "--strict").exit_code == 0


def test_zulip_loses_nothing(corpus, levelbook, tmp_path):
    """Of its own pages, 59 response nodes and 34 parameter nodes never appear, 169 enums and all status codes."""
    root = Path(__file__).parent.parent.parent
    shutil.copy(corpus / "zulip-10.2" / "zulip.yaml", tmp_path)
    shutil.copy(root / "bench" / "zulip.toml", tmp_path / "levelbook.toml")
    result = levelbook("build", tmp_path / "zulip.yaml", "-o", tmp_path / "out", "--strict")
    assert result.exit_code == 0, result.stdout
    assert json.loads((tmp_path / "out" / "links.json").read_text())["broken"] == []
    assert "121 operations, 973 changes" in result.stderr
    data = yaml.load((tmp_path / "zulip.yaml").read_text(), Loader=yaml.CSafeLoader)
    for path, item in data["paths"].items():
        for method, operation in item.items():
            if method in ("get", "put", "post", "delete", "patch"):
                name = operation.get("operationId") or f"{method}{path.replace('/', '-')}"
                page = (tmp_path / "out" / f"{name}.html").read_text()
                assert all(f'id="status-{status}"' in page for status in operation["responses"])
