"""What git is asked, and what it says when it cannot answer."""

from pathlib import Path

import pytest

from levelbook.documents import Documents
from levelbook.git import Repository, Revision, Version, split_revision
from levelbook.problem import SpecError, UsageError

DOCUMENT = "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n"
REVISIONS = [
    ("main:api.yaml", ("main", "api.yaml")),
    (":api.yaml", ("", "api.yaml")),
    ("v1:./a:b.yaml", ("v1", "./a:b.yaml")),
    ("api.yaml", None),
]


@pytest.fixture
def repository(project):
    with Repository(Path()) as found:
        yield found


@pytest.mark.parametrize(("written", "expected"), REVISIONS)
def test_a_revision_and_a_path(written, expected):
    assert split_revision(written) == expected


def test_contents_of_revisions_and_of_what_is_staged(project):
    project.commit(api_yaml=DOCUMENT, other__ü_yaml="ü: 1\n")
    project.write(api_yaml="staged: 1\n")
    project.git("add", "-A")
    project.write(api_yaml="not staged: 1\n")
    with Repository(Path()) as found:
        assert found.blob("HEAD", "api.yaml") == DOCUMENT.encode()
        assert found.blob("", "api.yaml") == b"staged: 1\n"
        assert found.blob("main", "other/ü.yaml") == "ü: 1\n".encode()
        assert found.blob("main", "other") is None
        assert found.blob("main", "nothing.yaml") is None
        assert found.blob("main", "a\nb") is None
        assert found.blob("HEAD", "api.yaml") == DOCUMENT.encode()


def test_links_are_followed_within_the_repository(project):
    project.write(api_yaml=DOCUMENT)
    (project.folder / "link.yaml").symlink_to("api.yaml")
    (project.folder / "out.yaml").symlink_to("../../secret.yaml")
    (project.folder / "loop.yaml").symlink_to("loop.yaml")
    (project.folder / "gone.yaml").symlink_to("none.yaml")
    project.commit()
    with Repository(Path()) as found:
        assert found.blob("HEAD", "link.yaml") == DOCUMENT.encode()
        assert [found.blob("HEAD", f"{name}.yaml") for name in ("out", "loop", "gone")] == [None] * 3
        assert found.blob("HEAD", "api.yaml") == DOCUMENT.encode()


def test_a_document_of_several_files_is_read_whole_from_its_revision(project):
    project.commit(
        api__main_yaml="a: {$ref: 'parts/b.yaml#/x'}\n",
        api__parts__b_yaml="x: {$ref: '../c.yaml'}\n",
        api__c_yaml="c: old\n",
    )
    project.commit(api__parts__b_yaml="x: new\n", api__c_yaml="c: new\n")
    with Repository(Path()) as found:
        main = found.document("HEAD~1", "api/main.yaml")
        documents = Documents(main, beside=Revision(found, "HEAD~1", "api/main.yaml"))
        resolved = documents.resolve(documents.main.data["a"], "/a")
        assert resolved.value == {"c": "old"}
        assert str(documents.locate("c.yaml#/c")) == "HEAD~1:api/c.yaml:1:1"
        with pytest.raises(SpecError, match=r"there is no file HEAD~1:api/none\.yaml"):
            documents.resolve({"$ref": "none.yaml"}, "/a")
        with pytest.raises(SpecError, match="it leads outside the folder HEAD~1:api/"):
            documents.resolve({"$ref": "../none.yaml"}, "/a")
        with pytest.raises(SpecError, match=r"there is no `d` at `c\.yaml#"):
            documents.resolve({"$ref": "c.yaml#/d"}, "/a")


def test_the_merge_base(project):
    start = project.commit(api_yaml="a: 1\n")
    project.git("checkout", "-q", "-b", "topic")
    project.commit(api_yaml="a: 2\n")
    project.git("checkout", "-q", "main")
    project.commit(other_yaml="b: 1\n")
    with Repository(Path()) as found:
        assert found.merge_base("main", "topic") == start


def test_paths_are_those_of_the_root_or_relative(project, monkeypatch):
    project.commit(api__a_yaml="a: 1\n")
    monkeypatch.chdir(project.folder / "api")
    with Repository(Path()) as found:
        assert [found.path(name) for name in ("api/a.yaml", "./a.yaml", "../b.yaml")] == [
            "api/a.yaml",
            "api/a.yaml",
            "b.yaml",
        ]
        with pytest.raises(SpecError, match=r"HEAD:a.yaml: error: there is no such file") as caught:
            found.document("HEAD", "a.yaml")
        assert caught.value.problems[0].hint.endswith("`HEAD:api/a.yaml`, or `HEAD:./a.yaml`")


def test_a_renamed_file_says_what_it_was_called(project):
    project.commit(old_yaml=DOCUMENT)
    project.git("mv", "old.yaml", "new.yaml")
    project.commit()
    project.commit(new_yaml=DOCUMENT + "# 2\n")
    with Repository(Path()) as found:
        assert found.name_at("HEAD~2", "new.yaml") == "old.yaml"
        assert found.name_at("HEAD", "new.yaml") == "new.yaml"
        assert [(one.path, one.commit == found.commit("HEAD")) for one in found.versions("", "HEAD", ["new.yaml"])] == [
            ("old.yaml", False), ("new.yaml", False), ("new.yaml", True)
        ]  # fmt: skip
        assert found.versions("HEAD~1", "HEAD", ["new.yaml"]) == [
            Version(found.commit("HEAD"), project.git("log", "-1", "--format=%cs"), "new.yaml")
        ]
        hints = [("HEAD~2", "new.yaml", "it was called old.yaml then"), ("HEAD", "old.yaml", "it is called new.yaml there"), ("HEAD", "never.yaml", "git log --follow")]  # fmt: skip
        for revision, path, hint in hints:
            with pytest.raises(SpecError) as caught:
                found.document(revision, path)
            assert hint in caught.value.problems[0].hint


def test_what_is_no_revision(repository, project):
    project.commit()
    with pytest.raises(UsageError, match=r"`v9` is no revision of \S+/project\Z"):
        repository.commit("v9")
    with pytest.raises(UsageError, match="`git fetch origin topic` may bring it"):
        repository.commit("origin/topic")
    with pytest.raises(UsageError, match="is no revision"):
        repository.commit("--output=x")


def test_a_shallow_clone_says_so(project, clone):
    first = project.commit(api_yaml="a: 1\n")
    project.git("checkout", "-q", "-b", "topic")
    project.commit(api_yaml="a: 2\n")
    project.git("checkout", "-q", "main")
    project.commit(api_yaml="a: 3\n")
    made = clone("--depth=1", "--no-single-branch")
    with Repository(made.folder) as found:
        for ask in (lambda: found.commit(first), lambda: found.merge_base("origin/main", "origin/topic")):
            with pytest.raises(UsageError, match=r"this clone is shallow.*fetch-depth: 0"):
                ask()


def test_outside_a_repository(tmp_path):
    with pytest.raises(UsageError, match="git rev-parse: not a git repository"):
        Repository(tmp_path)


def test_without_git(project, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UsageError, match="there is no `git` here"):
        Repository(Path())
