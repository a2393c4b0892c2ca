"""Level tables: from the document, and from the headings of a changelog."""

import pytest

from levelbook.history.headings import read_headings
from levelbook.levels import LevelTable, Release, read_table, write_table

TABLE = read_table(
    {
        "product": "Zulip",
        "name": "feature level",
        "current": 280,
        "releases": [
            {"version": "9.0", "level": 277, "date": "2024-07-25"},
            {"version": "8.0", "level": 237},
            {"version": "2.0"},
        ],
        "reserved": ["278-279", "240"],
        "backports": {"157-158": "6.2"},
    }
)
RELEASES = [(277, "9.0"), (238, "9.0"), (237, "8.0"), (1, "8.0"), (278, None), ("next", None), (None, None)]


@pytest.mark.parametrize(("level", "version"), RELEASES)
def test_the_release_of_a_level(level, version):
    release = TABLE.release_of(level)
    assert (release.version if release else None) == version


ANCHORS = [
    (TABLE, 248, None, "Zulip 9.0 (feature level 248)"),
    (TABLE, 280, None, "Zulip (feature level 280)"),
    (TABLE, None, "2.0", "Zulip 2.0"),
    (LevelTable(), 5, None, "level 5"),
    (LevelTable("GitHub", "version"), "2024-01-01", None, "GitHub (version 2024-01-01)"),
]


@pytest.mark.parametrize(("table", "level", "version", "expected"), ANCHORS)
def test_how_a_level_is_called(table, level, version, expected):
    assert table.anchor(level, version) == expected


def test_a_table_is_written_as_it_is_read():
    assert read_table(write_table(TABLE)) == TABLE
    assert read_table("nonsense") == LevelTable()


CHANGELOGS = [
    ("## Changes in Acme 2.0\n\n**Level 7**\n\n* x\n\n**Level 6**\n\n## Changes in Acme 1.0\n\n**Level 5**\n",
     LevelTable("Acme", "level", 7, (Release("2.0", 7), Release("1.0", 5)))),
    ("# Changelog\n\n**Feature level 9**\n\n* new\n\n## Acme 2.0 (2024-05-01)\n\n### Feature level 8\n\n## Acme 1.9\n* x\n",
     LevelTable("Acme", "feature level", 9, (Release("2.0", 8, "2024-05-01"), Release("1.9")))),
    ("## 2.0\n\n**Level 4**\n\nLevels 5-6 and 9\nare reserved for later.\n",
     LevelTable("", "level", 4, (Release("2.0", 4),), ((9, 9), (5, 6)))),
    ("## [v1.10.0] - 2024-01-01\n## [1.9.0]\n", LevelTable("", "level", None, (Release("1.10.0", None, "2024-01-01"), Release("1.9.0")))),
    ("## Acme 2.0\n\n**Level 7**\n\n```` md\n## Acme 9.0\n```\n**Level 90**\n````\n\n<!-- **Level 91**\n**Level 92**\n-->\n\n**Level 6**\n\n~~~\n**Level 93**\n",
     LevelTable("Acme", "level", 7, (Release("2.0", 7),))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "table"), CHANGELOGS)
def test_tables_from_changelogs(text, table):
    assert read_headings(text) == table


def test_levels_on_the_command_line(levelbook, tmp_path):
    (tmp_path / "log.md").write_text(CHANGELOGS[0][0])
    result = levelbook("levels", "--from", tmp_path / "log.md")
    assert result.stdout == "release     level\n2.0             7\n1.0             5\n"
    assert result.stderr == "2 releases, now at level 7\n"
