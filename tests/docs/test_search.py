"""The search index: every title and name is in it; a large one comes in pieces."""

import json
import re

from levelbook.docs.labels import Labels
from levelbook.docs.search import Index


def rows(content, function):
    return [json.loads(f"[{match}]") for match in re.findall(rf"levelbook\.{function}\((.*)\);\n", content.decode())]


def test_titles_parameters_fields_and_errors_are_in_it(levelbook, tmp_path):
    levelbook("build", "-o", tmp_path)
    [[_, pages, ids]] = rows((tmp_path / "assets" / "search.js").read_bytes(), "index")
    names = {page[0]: text.split("\n") for page, text in zip(pages, ids, strict=True)}
    assert ["send-message", "Send a message", "POST /messages"] in pages
    assert {"parameter-to", "response-id", "error-STREAM_DOES_NOT_EXIST"} <= set(names["send-message"])
    assert "who-you-are\tWho you are" in names["guide"]
    assert {"index", "changelog", "words"} <= names.keys()
    for page, text in names.items():
        html = (tmp_path / f"{page}.html").read_text()
        assert all(f'id="{row.partition(chr(9))[0]}"' in html for row in text if row), page


def test_a_large_index_comes_in_pieces():
    index = Index(Labels())
    for number in range(3000):
        ids = [f"parameter-{letter}{number * 7919 % 65537:x}{number:o}" for letter in "abcdefghijklmnop_Zß"]
        index._add(f"page-{number}", f"Page {number}", "GET /x", ids)
    files = dict(index.files())
    [[_, pages, letters]] = rows(files["assets/search.js"], "index")
    assert len(pages) == 3000
    assert set(files) == {"assets/search.js", *(f"assets/search-{letter}.js" for letter in letters)}
    found = [
        row for name in letters for _, listed in rows(files[f"assets/search-{name}.js"], "piece") for row in listed
    ]
    assert sum(len(text.split("\n")) for _, text in found) == 3000 * 19
    assert {"a", "p", "z", "0"} <= set(letters)


def test_a_script_cannot_be_ended_by_a_name():
    index = Index(Labels())
    index._add("a", "</script><script>alert(1)", "", [])
    assert b"</script" not in dict(index.files())["assets/search.js"]
