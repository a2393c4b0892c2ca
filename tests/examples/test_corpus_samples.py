"""Generated samples of a large document send what the document means, by the judgement of the validator."""

import json
import shutil
from urllib.parse import urlsplit

import levelbook
from levelbook.docs.operation import server_url
from levelbook.examples.credentials import credentials
from levelbook.examples.generate import SampleTemplates, generated
from levelbook.examples.languages import LANGUAGES
from levelbook.examples.request import example_requests
from levelbook.loading import load

from .echo import Echo
from .programs import needed, run


def test_every_operation_of_a_large_document(corpus, tmp_path):
    needed("curl")
    api, templates, echo = load(corpus / "zulip-10.2/zulip.yaml"), SampleTemplates(), Echo()
    made = [(operation, request) for operation in api.operations for request in example_requests(api, operation)]
    samples = []
    for operation, request in made:
        path = urlsplit(server_url(api, operation, "")).path
        for file in request.files:
            (tmp_path / file.name).write_bytes(file.content)
        samples.append(generated(request, echo.url + path, credentials(api, operation), LANGUAGES["curl"], templates))
    run("curl", samples, tmp_path)
    validator = levelbook.Validator(api)
    wrong = []
    for (operation, _), sent in zip(made, echo.take(), strict=True):
        outcome = validator.request(
            levelbook.Request(sent.method, sent.target, list(sent.headers.items()), sent.body or None)
        )
        wrong += [] if outcome.valid and outcome.operation == operation.key else [(operation.key, outcome.problems)]
    assert wrong == []
    assert {operation.key for operation, _ in made} == {operation.key for operation in api.operations}


def test_every_sample_of_a_large_document_runs_against_its_mock(corpus, tmp_path, levelbook):
    needed("curl")
    shutil.copy(corpus / "zulip-10.2/zulip.yaml", tmp_path)
    (tmp_path / "levelbook.toml").write_text(
        'spec = "zulip.yaml"\n[conventions]\nsample_parameters = "x-curl-examples-parameters"\n'
    )
    result = levelbook("examples", "run", tmp_path / "zulip.yaml", "--format", "json")
    rows = json.loads(result.stdout)["examples"]
    assert [row for row in rows if row["outcome"] != "passed"] == []
    assert len({row["operation"] for row in rows}) == 121
