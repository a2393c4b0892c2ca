"""Prose notes to structured ones, by line edits."""

from pathlib import Path

import pytest

from levelbook.loading import load

HEAD = """\
openapi: 3.1.0
info:
  title: T
  version: "1"
  x-levels: {product: Acme, name: level, current: 30, releases: [{version: "2.0", level: 30}, {version: "1.0", level: 10}, {version: "0.9"}]}
paths: {}
components:
  schemas:
"""
PLAIN = [
    ("a plain sentence", """\
    A:
      description: |  # kept
        An A.

        **Changes**: New in Acme 2.0 (level 20).
      type: string
""", """\
    A:
      description: |  # kept
        An A.
      x-changes:
        - {level: 20, kind: added}
      type: string
"""),
    ("several changes, wrapped", """\
    A:
      description: |
        An A.

        **Changes**: In Acme 2.0
        (level 20), it is
        longer.

        Before Acme 0.9, it was not.

      type: string
""", """\
    A:
      description: |
        An A.
      x-changes:
        - level: 20
          kind: changed
          text: |
            In Acme 2.0
            (level 20), it is
            longer.
        - release: "0.9"
          kind: changed
          text: |
            Before {anchor}, it was not.

      type: string
"""),
    ("a value of an enum", """\
    A:
      enum: [a, b]
      description: |
        An A.

        **Changes**: In Acme 2.0 (level 20), `"b"` was added.
""", """\
    A:
      enum: [a, b]
      description: |
        An A.
      x-changes:
        - level: 20
          kind: changed
          text: |
            In {anchor}, `"b"` was added.
          before: {enum: ["a"]}
"""),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [row[1:] for row in PLAIN], ids=[row[0] for row in PLAIN])
def test_what_is_plain(levelbook, tmp_path, before, after):
    path = tmp_path / "api.yaml"
    path.write_text(HEAD + before)
    diff = levelbook("notes", path, "--migrate", "--dry-run")
    assert path.read_text() == HEAD + before
    assert "+      x-changes:" in diff.stdout
    assert levelbook("notes", path, "--migrate").stderr == "1 description migrated, 0 prose notes left as they are\n"
    assert path.read_text() == HEAD + after
    assert levelbook("notes", path, "--migrate").stderr == "0 descriptions migrated, 0 prose notes left as they are\n"


LEFT = [
    (
        "in a list item",
        "    A:\n      description: |\n        - a<br>\n          **Changes**: New in Acme 2.0 (level 20).\n",
    ),
    ("nothing but the note", "    A:\n      description: |\n        **Changes**: New in Acme 2.0 (level 20).\n"),
    (
        "of another release",
        "    A:\n      description: |\n        x\n\n        **Changes**: New in Acme 1.0 (level 20).\n",
    ),
    ("without a level", "    A:\n      description: |\n        x\n\n        **Changes**: It is better.\n"),
    (
        "with link definitions",
        "    A:\n      description: |\n        x [y]\n\n        **Changes**: New in Acme 2.0 (level 20).\n\n        [y]: /z\n",
    ),
    ("no literal block", '    A:\n      description: "x\\n\\n**Changes**: New in Acme 2.0 (level 20)."\n'),
    (
        "notes of both spellings",
        "    A:\n      x-changes: [{level: 5, kind: behavior}]\n      description: |\n        x\n\n        **Changes**: New in Acme 2.0 (level 20).\n",
    ),
]


@pytest.mark.parametrize("text", [row[1] for row in LEFT], ids=[row[0] for row in LEFT])
def test_what_is_not_plain_stays(levelbook, tmp_path, text):
    path = tmp_path / "api.yaml"
    path.write_text(HEAD + text)
    assert levelbook("notes", path, "--migrate").stderr == "0 descriptions migrated, 1 prose note left as they are\n"
    assert path.read_text() == HEAD + text


def pages(levelbook, spec, folder):
    assert levelbook("build", spec, "-o", folder, "-q").exit_code == 0
    return {path.name: path.read_text() for path in folder.iterdir() if path.suffix in (".md", ".html")}


def test_the_pages_stay_the_same(levelbook, tmp_path):
    spec = tmp_path / "api.yaml"
    spec.write_text(Path("api_spec/openapi.yaml").read_text())
    before = pages(levelbook, spec, tmp_path / "before")
    assert levelbook("notes", spec, "--migrate").stderr.startswith("2 descriptions migrated")
    assert pages(levelbook, spec, tmp_path / "after") == before


def test_the_notes_of_a_real_document_stay_the_same(corpus, levelbook, tmp_path):
    table = levelbook("levels", "--from", corpus / "zulip-10.2/api_docs/changelog.md", "--format", "toml").stdout
    (tmp_path / "levelbook.toml").write_text(
        "spec = 'zulip.yaml'\n" + table.replace("[tool.levelbook.levels]", "[levels]")
    )
    spec = tmp_path / "zulip.yaml"
    spec.write_text((corpus / "zulip-10.2/zulip.yaml").read_text())
    before = pages(levelbook, spec, tmp_path / "before")
    result = levelbook("notes", spec, "--migrate")
    assert int(result.stderr.split()[0]) > 600
    after = pages(levelbook, spec, tmp_path / "after")
    assert [name for name in before if before[name] != after[name]] == []
    assert len(load(spec).operations) == 121


def test_notes_are_listed(levelbook):
    result = levelbook("notes")
    assert (
        "api_spec/openapi.yaml:77:23: 248: changed: POST /messages > form:type: In Zulip 9.0 (feature level 248)"
        in result.stdout
    )
    assert "5 prose notes, 30 structured notes" in result.stderr
