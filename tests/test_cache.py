"""The cache of documents: it changes nothing but the time."""

import pytest

from levelbook import cache
from levelbook.document import Document, read

LARGE = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n" + "".join(
    f"x-{number}: [1, 2.5, null]\n" for number in range(5000)
)


@pytest.fixture
def entries(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "levelbook"


@pytest.fixture
def spec(tmp_path):
    path = tmp_path / "api.yaml"
    path.write_text(LARGE)
    return path


def test_the_second_reading_gives_the_same_with_places(spec, entries):
    first, second = read(spec), read(spec)
    assert len(list(entries.iterdir())) == 1
    assert second._marks is None  # it was found
    assert (second.data, second.text) == (first.data, first.text)
    for pointer in ("/info/version", "/x-4999/1", "/x-17"):
        assert second.locate(pointer) == first.locate(pointer)


def test_a_changed_document_is_another_one(spec, entries):
    read(spec)
    spec.write_text(LARGE + "more: 1\n")
    assert read(spec).data["more"] == 1
    assert len(list(entries.iterdir())) == 2


DAMAGES = [b"", b"garbage", b"0\n{}", None]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_passed_over(spec, entries, damage):
    data = read(spec).data
    (entry,) = entries.iterdir()
    entry.write_bytes(entry.read_bytes()[:-1] if damage is None else damage)
    assert read(spec).data == data
    assert read(spec)._marks is None  # it was written anew


def test_a_small_document_is_not_kept(tmp_path, entries):
    (tmp_path / "small.yaml").write_text("a: 1")
    read(tmp_path / "small.yaml")
    assert not entries.exists()


def test_a_folder_that_cannot_be_written_changes_nothing(spec, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert read(spec).data["openapi"] == "3.1.0"


def test_what_json_cannot_hold_is_not_kept(tmp_path, entries):
    path = tmp_path / "api.yaml"
    path.write_text(LARGE + f"n: {10**30}\n")
    assert read(path).data["n"] == 10**30
    assert read(path).data["n"] == 10**30
    assert not entries.exists() or list(entries.iterdir()) == []


def test_the_oldest_go_first(entries, monkeypatch):
    monkeypatch.setattr(cache, "_ENTRIES", 3)
    for number in range(6):
        cache.store(b"%d" % number, {"n": number})
    assert len(list(entries.iterdir())) == 3
    assert cache.found(b"5") == {"n": 5}


def test_without_a_text_there_are_no_marks():
    assert Document("x", "", {}, None).marks is None
