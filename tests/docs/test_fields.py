"""What pages say of schemas is what they mean, as JSON Schema and OpenAPI have it."""

import json
import re
from pathlib import Path

import pytest
import yaml

TABLE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "docs" / "fields.yaml").read_text())
ROWS = [(f"{group}-{number}", row) for group, rows in TABLE.items() for number, row in enumerate(rows, 1)]


def document(row):
    content = {
        "application/json": {
            "schema": row["schema"] if row.get("asked") else {"type": "object", "properties": {"it": row["schema"]}}
        }
    }
    operation = {"responses": {"200": {"description": "OK."}}}
    if row.get("asked"):
        operation["requestBody"] = {"content": content}
    else:
        operation["responses"]["200"]["content"] = content
    return {
        "openapi": row.get("version", "3.1.0"), "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"put" if row.get("asked") else "get": {"operationId": "a", **operation}}},
        "components": {"schemas": row.get("components", {})},
    }  # fmt: skip


@pytest.mark.parametrize("row", [row for _, row in ROWS], ids=[name for name, _ in ROWS])
def test_what_a_page_says(levelbook, tmp_path, row):
    (tmp_path / "api.json").write_text(json.dumps(document(row)))
    result = levelbook("build", tmp_path / "api.json", "-o", tmp_path / "out", "--strict")
    assert result.exit_code == 0, result.stdout
    page = (tmp_path / "out" / "a.md").read_text()
    for text in row["says"]:
        assert text in page
    for text in row.get("not", ()):
        assert text not in page


@pytest.mark.parametrize("row", [row for name, row in ROWS if name.startswith(("values", "unions"))])
def test_html_says_what_markdown_says(levelbook, tmp_path, row):
    """Names, values and words of one are in the other."""
    (tmp_path / "api.json").write_text(json.dumps(document(row)))
    levelbook("build", tmp_path / "api.json", "-o", tmp_path / "out")
    words = {
        form: set(
            re.findall(r"[A-Za-z0-9]{2,}", re.sub(r"<[^>]*>|&\w+;", " ", (tmp_path / "out" / f"a.{form}").read_text()))
        )
        for form in ("md", "html")
    }
    assert words["md"] - words["html"] - {"title", "operation", "bash", "md", "schema"} == set()
