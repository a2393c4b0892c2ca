"""References: inside a file, between files, and those that are refused."""

import pytest

from levelbook.document import parse, read
from levelbook.documents import Documents
from levelbook.problem import SpecError

LEADS = [
    ("#/b", "/b"),
    ("#/b~1c/d~0e", "/b~1c/d~0e"),
    ("#/%7Bid%7D", "/{id}"),
    ("#/list/1", "/list/1"),
    ("#", ""),
    ("#named", "/defs/n"),
    ("#/chain", "/b"),
    ("#/through/x", "/target/x"),
]
DOCUMENT = """
b: 1
b/c: {d~e: 2}
"{id}": 3
list: [0, 4]
defs: {n: {$anchor: named}}
chain: {$ref: "#/b"}
through: {$ref: "#/target"}
target: {x: 5}
"""


@pytest.mark.parametrize(("ref", "pointer"), LEADS)
def test_references_inside_a_file(ref, pointer):
    documents = Documents(parse(DOCUMENT, "x.yaml"))
    assert documents.resolve({"$ref": ref}, "/here").pointer == pointer


def test_references_between_files(tmp_path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "api.yaml").write_text("a: {$ref: 'schemas/user.yaml#/User'}")
    (tmp_path / "schemas/user.yaml").write_text("User: {$ref: '../common.json#/x'}\nBack: {$ref: '../api.yaml#/a'}")
    (tmp_path / "common.json").write_text('{"x": {"y": 1}}')
    documents = Documents(read(tmp_path / "api.yaml"))
    assert documents.resolve(documents.main.data["a"], "/a") == ({"y": 1}, "common.json#/x")
    assert sorted(documents.files) == ["", "common.json", "schemas/user.yaml"]
    assert documents.target("#/Back", "schemas/user.yaml#/x").pointer == "schemas/user.yaml#/Back"
    assert documents.locate("common.json#/x/y").file == str(tmp_path / "common.json")


def test_a_remote_reference_may_be_named(tmp_path):
    (tmp_path / "copy.yaml").write_text("x: 1")
    (tmp_path / "api.yaml").write_text("{}")
    documents = Documents(read(tmp_path / "api.yaml"), remote={"https://example.com/s.yaml": "copy.yaml"})
    assert documents.resolve({"$ref": "https://example.com/s.yaml#/x"}, "/a").value == 1


REFUSED = [
    ("#/nope", "unresolved-ref", "there is no `nope` at `/`", ""),
    ("#/componets", "unresolved-ref", "there is no `componets`", "did you mean `components`?"),
    ("#nope", "unresolved-ref", "no schema there has `$anchor: nope`", "begins with #/"),
    ("#/loop", "unresolved-ref", "it leads back to itself", ""),
    ("nope.yaml", "unresolved-ref", "there is no file", ""),
    ("../outside.yaml", "unresolved-ref", "it leads outside the folder", "move the file"),
    ("/etc/passwd", "unresolved-ref", "it leads outside the folder", ""),
    ("link.yaml", "unresolved-ref", "it leads outside the folder", ""),
    ("https://example.com/x.yaml", "remote-ref", "remote references are not followed", "remote = {"),
    ("file:///etc/passwd", "remote-ref", "remote references are not followed", ""),
]


@pytest.mark.parametrize(("ref", "rule", "message", "hint"), REFUSED)
def test_refused_references(tmp_path, ref, rule, message, hint):
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text("x: 1")
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "api.yaml").write_text(
        "components: {}\na: {$ref: '#/a'}\nloop: {$ref: '#/loop2'}\nloop2: {$ref: '#/loop'}"
    )
    documents = Documents(read(folder / "api.yaml"))
    with pytest.raises(SpecError) as refusal:
        documents.resolve({"$ref": ref}, "/a")
    problem = refusal.value.problems[0]
    assert problem.rule == rule
    assert problem.where.line == (3 if "loop" in ref else 2)  # where the last step was written
    assert message in problem.message
    assert hint in problem.hint


FOREIGN = [
    "$ref: f.yaml",
    '"$ref": "f.yaml"',
    "'$ref' : 'f.yaml'",
    "$ref:\n    f.yaml",
    "$ref: 'f.yaml#/a'",
    "$ref: >-\n    f.yaml",
    "$ref: # there\n    f.yaml",
    '"\\u0024ref": f.yaml',
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_file_is_read_however_its_reference_is_written(tmp_path, text):
    (tmp_path / "api.yaml").write_text(f"x:\n  {text}\ny: {{$ref: '#/z'}}\nz: 1\n")
    (tmp_path / "f.yaml").write_text("a: {b: {$ref: g.yaml}}")
    (tmp_path / "g.yaml").write_text("c: 1")
    documents = Documents(read(tmp_path / "api.yaml"))
    assert [*documents.complete().files] == ["", "f.yaml", "g.yaml"]
