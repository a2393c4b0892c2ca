"""Nothing active comes out of a document, whatever stands in any of its texts."""

import json
from xml.etree import ElementTree as ET

import pytest

from levelbook.docs.markdown import Descriptions

from .hostile import active, document, escaped_names, evaluated, malformed, payloads, sinks

PAYLOADS = payloads()
ENGINES = ["commonmark", "python-markdown"]
WHOLE = [
    "script",
    "img-onerror",
    "svg-onload",
    "md-clobber",
    "md-image",
    "md-attr-list-href",
    "md-heading-id",
    "md-title-break",
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_description(engine, payload):
    writer = Descriptions(engine, "https://api.test")
    for level in (0, 2):
        made = str(writer.html(payload, level))
        assert active(made) == []
        assert evaluated(made) == []
    assert active(f"<p>{writer.inline(payload)}</p>") == []


def judged(site):
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = str(path.relative_to(site))
        if path.suffix == ".html":
            page = path.read_text()
            yield from ((name, one) for one in (*active(page), *evaluated(page), *malformed(page)))
        elif path.suffix in (".atom", ".xml"):
            for element in ET.parse(path).iter():
                if element.get("type") == "html":
                    yield from ((name, one) for one in active(element.text or ""))
        elif path.suffix == ".js":
            yield from ((name, one) for one in sinks(path.read_text()) if name != "assets/search.js")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", WHOLE)
def test_every_text_of_a_document(levelbook, tmp_path, name, engine):
    (tmp_path / "levelbook.toml").write_text(f"spec = 'api.json'\nmarkdown = '{engine}'")
    (tmp_path / "api.json").write_text(json.dumps(document(PAYLOADS[name])))
    assert levelbook("build", tmp_path / "api.json", "-o", tmp_path / "out" / "site").exit_code == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["site"]
    assert (
        escaped_names([str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out" / "site").rglob("*")])
        == []
    )
    assert list(judged(tmp_path / "out" / "site")) == []


def test_what_is_active_is_seen():
    assert active("<p onclick=x>") != []
    assert active("<script>alert(1)</script>") != []
    assert active('<a href="java&#10;script:alert(1)">x</a>') != []
    assert evaluated("<p>49</p>") == ["49"]
    assert malformed('<p id="a b"><p id=x><p id=x>') != []
