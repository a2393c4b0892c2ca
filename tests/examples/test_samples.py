"""What documents give as samples, and what a project's own templates make of them."""

from pathlib import Path

import pytest
import yaml

from levelbook.api import Schema
from levelbook.document import Document
from levelbook.documents import Documents
from levelbook.examples.credentials import credentials
from levelbook.examples.generate import NotWritten, SampleTemplates, generated
from levelbook.examples.languages import LANGUAGES, languages
from levelbook.examples.record import ExampleRequest
from levelbook.examples.request import example_requests
from levelbook.examples.values import sample
from levelbook.loading import from_documents
from levelbook.problem import SpecError
from levelbook.values import Values

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/examples/requests.yaml").read_text(encoding="utf-8"))
ROWS = [(case, language) for case in CASES for language in case["expected"]]


def samples_of(api, language):
    templates, found = SampleTemplates(), []
    for operation in api.operations:
        for request in example_requests(api, operation):
            try:
                code = generated(request, "https://x.test", credentials(api, operation), LANGUAGES[language], templates)
            except NotWritten as error:
                code = f"({error})\n"
            found.append(f"# {request.title}\n{code}" if request.title else code)
    return "".join(found)


@pytest.mark.parametrize(("case", "language"), ROWS, ids=[f"{case['what']}-{language}" for case, language in ROWS])
def test_samples(api, case, language):
    assert samples_of(api(case["document"]), language) == case["expected"][language]


def test_the_table_has_a_template_for_each_language():
    folder = Path("src/levelbook/theme/samples")
    assert {path.stem for path in folder.glob("*.j2")} == set(LANGUAGES)
    for language in LANGUAGES.values():
        comment = (folder / f"{language.name}.j2").read_text(encoding="utf-8").splitlines()[0]
        assert comment.startswith(f"{{# label: {language.label}; lexer: {language.lexer}; suffix: {language.suffix}")


def test_templates_of_a_project(tmp_path):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples/kotlin.j2").write_text(
        "{# label: Kotlin; lexer: kotlin; suffix: .kts #}\nget({{ address|java }})\n"
    )
    (tmp_path / "samples/curl.j2").write_text('{% include "theme/samples/curl.j2" %}\n\n# {{ method }}\n')
    known, templates = languages(tmp_path), SampleTemplates(tmp_path)
    assert (known["kotlin"].label, known["kotlin"].lexer, known["kotlin"].suffix) == ("Kotlin", "kotlin", ".kts")
    request = ExampleRequest("", "GET", "/a")
    assert generated(request, "https://x.test", (), known["kotlin"], templates) == 'get("https://x.test/a")\n'
    assert generated(request, "https://x.test", (), known["curl"], templates) == "curl https://x.test/a\n# GET\n"


FAULTY = [
    ("{% if %}", "samples/curl.j2:1:1: error: this is not Jinja2: Expected an expression"),
    ("\n{{ json|java }}", "samples/curl.j2:2:1: error: 'NoneType' object is not iterable"),
    ("{{ nothing }}", "samples/curl.j2:1:1: error: 'nothing' is undefined"),
]


@pytest.mark.parametrize(("source", "message"), FAULTY)
def test_faulty_templates(tmp_path, source, message):
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples/curl.j2").write_text(source)
    with pytest.raises(SpecError) as caught:
        generated(ExampleRequest("", "GET", "/a"), "", (), LANGUAGES["curl"], SampleTemplates(tmp_path))
    assert message in str(caught.value.problems[0])


CONFIGS = [
    ('generated = ["pyton-requests"]', "there is no language `pyton-requests`; did you mean `python-requests`?"),
    ('generated = ["python"]', "there is no language `python`; did you mean `python-requests`?"),
    ('generated = ["x"]', "there is no language `x`; there are curl, httpie,"),
    ('generated = "curl"', "`generated` takes a list of texts, and this is 'curl'"),
    ('generate = ["curl"]', "there is no setting `generate`; did you mean `generated`?"),
]


@pytest.mark.parametrize(("line", "message"), CONFIGS)
def test_what_the_configuration_says_wrong(levelbook, tmp_path, line, message):
    (tmp_path / "levelbook.toml").write_text(f'spec = "api.yaml"\n[samples]\n{line}\n')
    (tmp_path / "api.yaml").write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n")
    result = levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.output.replace("\n", " ")


API = """
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: https://x.test/v1}]
paths:
  /a:
    post:
      operationId: a
      requestBody: {content: {application/json: {examples: {one: {summary: First, value: 1}, two: {value: 2}}}}}
      responses: {"200": {description: d}}
"""


def test_pages_show_the_languages_that_are_configured(levelbook, tmp_path):
    (tmp_path / "levelbook.toml").write_text(
        'spec = "api.yaml"\nexamples = "own"\ntemplates = "templates"\n[samples]\ngenerated = ["go", "python-httpx", "lua", "curl"]\n'
    )
    (tmp_path / "api.yaml").write_text(API)
    (tmp_path / "own/python").mkdir(parents=True)
    (tmp_path / "own/python/a.py").write_text("# levelbook: start POST /a\nwritten_by_hand()\n# levelbook: end\n")
    (tmp_path / "templates/samples").mkdir(parents=True)
    (tmp_path / "templates/samples/lua.j2").write_text("{# label: Lua; lexer: lua #}\nprint({{ json }})\n")
    assert levelbook("build", tmp_path / "api.yaml", "-o", tmp_path / "out").exit_code == 0
    page = (tmp_path / "out/a.md").read_text()
    titles = [line for line in page.splitlines() if line.startswith("### ")][:9]
    assert titles == [
        "### Python",
        # a snippet takes the place of the language with its name, and of no other
        *(f"### {label}: {title}" for label in ("Go", "Python (httpx)", "Lua", "curl") for title in ("First", "two")),
    ]
    assert "```lua\nprint(2)\n```" in page
    assert (tmp_path / "out/a.html").read_text().count("made from the document") == 8


HARD = [
    {"type": "integer", "multipleOf": 7, "minimum": 1},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "minItems": 2},
    {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2},
    {"type": "object", "minProperties": 2, "additionalProperties": {"type": "integer"}},
    {"type": "string", "pattern": "^x+$"},
    {"type": "object", "required": ["a"], "properties": {"a": {"type": "object", "required": ["b"], "properties": {
        "b": {"type": "object", "required": ["c"], "properties": {"c": {"type": "object", "required": ["d"], "properties": {
            "d": {"type": "object", "required": ["e"], "properties": {"e": {"type": "integer"}}}}}}}}}}},
    {"oneOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}}]},
    {"type": "string", "not": {"const": "string"}},
    {"type": "string", "format": "email", "maxLength": 10},
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "dependentRequired": {"a": ["b"]}},
]  # fmt: skip


@pytest.mark.parametrize("schema", HARD, ids=str)
def test_a_sample_is_what_its_schema_accepts(schema):
    data = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {"schemas": {"A": schema}}}
    api = from_documents(Documents(Document("a.json", "", data, None)))
    one = Schema(schema, "/components/schemas/A")
    assert Values(api, direction="request").fits(one, sample(api, one))


def test_a_sample_has_the_name_that_a_discriminator_has_for_it():
    kinds = {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat"}}
    cat = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}
    pet = {"oneOf": [{"$ref": "#/components/schemas/Cat"}], "discriminator": kinds}
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "components": {"schemas": {"Cat": cat, "Pet": pet}},
    }
    api = from_documents(Documents(Document("a.json", "", data, None)))
    assert sample(api, Schema(pet, "/components/schemas/Pet")) == {"kind": "cat"}
