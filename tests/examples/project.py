"""A project with examples, made of a few files, and what a run of it gives."""

import json
from dataclasses import dataclass

SPEC = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: https://x.test/api}]
paths:
  /a:
    get:
      parameters: [{name: n, in: query, schema: {type: integer}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {type: object}, example: {ok: true}}}}
        "404": {description: d, content: {application/json: {schema: {type: object}, example: {ok: false}}}}
  /b:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {type: object, required: [x], properties: {x: {type: integer, example: 1}}}}}
      responses: {"200": {description: d}}
"""
ASK = """import sys, urllib.request as u
def ask(path, body=None, base="{{ api_url }}"):
    headers = {"Content-Type": "application/json"}
    return u.urlopen(u.Request(base + path, body, headers)).read()
"""


def shows(operation, code, *, outside="", flags=""):
    """Give a Python file that shows some code as an example of an operation."""
    return f"{ASK}{outside}\n# levelbook: start {operation}{flags}\n{code}\n# levelbook: end\n"


@dataclass
class Project:
    folder: object
    levelbook: object

    def write(self, **files):
        for name, content in files.items():
            path = self.folder / "examples" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)

    def example(self, content, name="python/x.py"):
        self.write(**{name: content})

    def run(self, *options, language="python"):
        chosen = ["--language", language] if language else []
        return self.levelbook("examples", "run", self.folder / "api.yaml", *chosen, *options)

    def judged(self, *options, language="python"):
        """Run it, and give each example's outcome, reason and problems."""
        result = self.run("--format", "json", *options, language=language)
        rows = json.loads(result.stdout)["examples"]
        return [(row["outcome"], row["reason"], [problem["message"] for problem in row["problems"]]) for row in rows]


def configure(folder, more=""):
    text = f'spec = "api.yaml"\nexamples = "examples"\napi_url = "https://x.test/api"\n[samples]\n{more}\n'
    (folder / "levelbook.toml").write_text(text)
