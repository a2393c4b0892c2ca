"""Running examples: tiny programs against the mock, and what is said of each."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from shutil import which

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from examples.programs import ends
from examples.project import SPEC, configure, shows
from levelbook.examples.toolchains import quickened
from levelbook.listening import ended_by_signals, running

OK = 'ask("/a")'
ENDS = [
    ("it does what it shows", shows("GET /a", OK), []),
    ("twice is no harm", shows("GET /a", OK + "\n" + OK), []),
    ("what is outside is run", shows("GET /a", "ask(path)", outside='path = "/a"'), []),
    ("another operation is called", shows("POST /b", OK), ["it never called POST /b: it called GET /api/a"]),
    ("nothing is called", shows("GET /a", "pass"), ["it never called GET /a: it called nothing"]),
    ("an unknown path is called", shows("GET /a", "try: ask('/c')\nexcept OSError: pass"), ["it never called GET /a: it called GET /api/c"]),
    ("what the document does not tell of is no fault", shows("GET /a", OK, outside="try: ask('/c')\nexcept OSError: pass"), []),
    ("an invalid request", shows("GET /a", "try: ask('/a?n=x')\nexcept OSError: pass"),
     ['GET /a: the query parameter `n` is "x", but the document says integer']),
    ("an invalid request beside it", shows("GET /a", OK, outside="try: ask('/b', b'{}')\nexcept OSError: pass"),
     ["beside it, POST /b: the body lacks `x`, which is required"]),
    ("an exit code", shows("GET /a", OK, outside="import atexit, os; atexit.register(os._exit, 3)"), ["its program ended with exit code 3"]),
    ("a failure before it", shows("GET /a", OK, outside="1 / 0"), ["its program ended with exit code 1"]),
    ("a signal", shows("GET /a", OK + "\nimport os; os.kill(os.getpid(), 9)"), ["its program was ended by the signal SIGKILL"]),
    ("no syntax", shows("GET /a", "if"), ["its program ended with exit code 1"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "messages"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_how_examples_end(content, messages, project):
    project.example(content)
    outcome = "failed" if messages else "passed"
    assert project.judged() == [(outcome, "", messages)]


def test_an_answer_of_failure_is_no_success(project):
    async def gone(request):
        return JSONResponse({"ok": False}, 404)

    project.example(shows("GET /a", "try: ask('/a')\nexcept OSError: pass"))
    with running(Starlette(routes=[Route("/api/a", gone)])) as address:
        (judged,) = project.judged("--server", address)
    assert judged == ("failed", "", ['GET /a was answered 404: {"ok":false}'])


ERRORS = """
openapi: 3.1.0
info: {title: T, version: "1"}
servers: [{url: https://x.test/api}]
paths:
  /errors: {get: {responses: {"400": {description: How errors look, content: {application/json: {example: {no: 1}}}}}}}
  /files:
    post:
      requestBody:
        required: true
        content: {multipart/form-data: {schema: {required: [photo], properties: {photo: {type: string, format: binary}}}}}
      responses: {"200": {description: d}}
"""


def test_errors_are_no_failure_where_nothing_else_is_documented_and_files_lie_beside(project):
    if which("curl") is None:
        pytest.skip("curl is not installed")
    (project.folder / "api.yaml").write_text(ERRORS)
    assert project.judged(language="curl") == [("passed", "", []), ("passed", "", [])]


def test_a_server_elsewhere(project):
    seen = []

    async def ask(request):
        seen.append((request.url.path, request.headers.get("x-own"), await request.body()))
        return JSONResponse({"ok": True}, headers={"X-Answer": "1"})

    project.example(
        shows("GET /a", "print(u.urlopen(u.Request('{{ api_url }}/a', headers={'X-Own': '1'})).headers['x-answer'])")
    )
    project.example(shows("POST /b", "ask('/b', b'{\"x\": 1}')"), "python/y.py")
    with running(Starlette(routes=[Route("/api/a", ask), Route("/api/b", ask, methods=["POST"])])) as address:
        assert [row[0] for row in project.judged("--server", address)] == ["passed", "passed"]
    assert sorted(seen) == [("/api/a", "1", b""), ("/api/b", None, b'{"x": 1}')]


SERVERS = [
    ("nonsense", "--server takes the address of a server"),
    ("ftp://x.test", "--server takes the address"),
    ("http://x:99999", "--server takes"),
]


@pytest.mark.parametrize(("address", "message"), SERVERS)
def test_what_is_no_server(address, message, project):
    project.example(shows("GET /a", OK))
    result = project.run("--server", address)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_server_that_is_not_there(project):
    project.example(shows("GET /a", OK))
    result = project.run("--server", "http://127.0.0.1:9")
    assert result.exit_code == 2
    assert "nothing answers at http://127.0.0.1:9: Connection refused" in result.stderr


@pytest.mark.parametrize("server", ["http://a..b", "http://no-such-host.invalid"])
def test_a_server_that_has_no_address(project, server):
    project.example(shows("GET /a", OK))
    result = project.run("--server", server)
    assert result.exit_code == 2
    assert f"nothing answers at {server}: " in result.stderr


LEVELLED = SPEC.replace(
    'version: "1"',
    'version: "1", x-levels: {current: 218, name: level, releases: [{version: "8.0", level: 218}, {version: "7.0", level: 180}]}',
)
BOUNDS = [
    (" [until 7.0]", [], "180"), (" [since 8.0]", ["181"], "218"), (" [since 7.0] [until 8.0]", [], "200"),
]  # fmt: skip
NO_BOUNDS = [
    (" [since 9.9]", "`[since 9.9]`: that is neither a level nor a release of this API"),
    (" [since 9.O]", "`[since 9.O]`: that is neither a level nor a release of this API"),
    (" [since 8.0] [until 7.0]", "no level is at or after 8.0 and at or before 7.0"),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "without", "level"), BOUNDS)
def test_marks_name_releases(project, flags, without, level):
    (project.folder / "api.yaml").write_text(LEVELLED)
    project.example(shows("GET /a", OK, flags=flags))
    assert [row[0] for row in project.judged("--at", level)] == ["passed"]
    for other in without:
        assert "there are no examples in `python`" in project.run("--at", other).stderr


@pytest.mark.parametrize(("flags", "message"), NO_BOUNDS)
def test_marks_that_name_no_level(project, flags, message):
    (project.folder / "api.yaml").write_text(LEVELLED)
    project.example(shows("GET /a", OK, flags=flags))
    listed = project.levelbook("examples", "list", project.folder / "api.yaml")
    assert message in listed.stdout
    assert listed.exit_code == 1


NO_TOOLCHAIN = [
    ("python/x.py", "import no_such_module\n" + shows("GET /a", OK), "skipped", "the Python module no_such_module is not installed"),
    ("python/x.py", shows("GET /a", OK, outside="sys.exit('error: user: not found')"), "failed", ""),
    ("python/x.py", shows("GET /a", OK, outside="import unittest.none_such"), "failed", ""),
    ("sh/x.sh", "# levelbook: start GET /a\nno-such-command-x\n# levelbook: end\n", "skipped", "the command no-such-command-x is not installed"),
    ("sh/x.sh", "no-such-command-x || true\n# levelbook: start GET /a\nexit 3\n# levelbook: end\n", "failed", ""),
    ("sh/x.sh", "# levelbook: start GET /a\necho x: ls: not found >&2; exit 127\n# levelbook: end\n", "failed", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "outcome", "reason"), NO_TOOLCHAIN)
def test_only_what_is_not_installed_is_skipped(project, name, content, outcome, reason):
    project.example(content, name)
    (judged,) = project.judged(language=name.partition("/")[0])
    assert judged[:2] == (outcome, reason)


def test_results_are_kept_beside_the_configuration_where_there_are_no_examples(project):
    (project.folder / "levelbook.toml").write_text('spec = "api.yaml"\n[samples]\nrun = {curl = ["false"]}\n')
    assert project.run(language="curl").exit_code == 1
    assert (project.folder / "example-results.json").is_file()
    out = project.folder / "out"
    assert project.levelbook("build", project.folder / "api.yaml", "-o", out, "--strict").exit_code == 1


def test_a_run_without_a_configuration_says_that_nothing_is_kept(project):
    (project.folder / "levelbook.toml").unlink()
    assert "the results are kept nowhere" in project.run("--only", "GET /a", language="curl").stderr


def test_a_signal_that_is_ignored_stays_so():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_runs(project, number):
    sign = project.folder / "sign"
    code = f"import os, time\nopen({str(sign)!r}, 'w').write(f'{{os.getpid()}} {{os.getcwd()}}')\ntime.sleep(60)"
    project.example(shows("GET /a", OK, outside=code))
    command = [
        sys.executable,
        "-m",
        "levelbook",
        "examples",
        "run",
        str(project.folder / "api.yaml"),
        "--language",
        "python",
    ]
    before = signal.signal(number, signal.SIG_DFL)  # what started the tests may ignore it, as `nohup` does
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(number, before)
    while not sign.exists() or not sign.read_text():
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 128 + number
    pid, folder = sign.read_text().split()
    assert not Path(folder).exists()
    assert ends(int(pid))


def test_a_time_limit(project):
    project.example(shows("GET /a", OK + "\nimport time; time.sleep(60)"))
    assert project.judged("--timeout", "1") == [("failed", "", ["its program did not end within 1 s"])]


def test_what_never_ends_has_passed_when_it_has_done_its_part(project):
    project.example(shows("GET /a", OK + "\nimport time; time.sleep(60)", flags=" [endless]"))
    assert project.judged() == [("passed", "", [])]


def test_what_never_ends_and_does_nothing(project):
    project.example(shows("GET /a", "import time; time.sleep(60)", flags=" [endless]"))
    assert project.judged("--timeout", "1") == [("failed", "", ["it never called GET /a: it called nothing"])]


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a process that is not our own ends")
def test_nothing_of_a_program_outlives_it(project):
    project.example(shows("GET /a", OK, outside=(
        "import os, subprocess\nchild = subprocess.Popen(['sleep', '60'])\nopen('{}', 'w').write(str(child.pid))"
    ).format(project.folder / "pid")))  # fmt: skip
    assert project.judged() == [("passed", "", [])]
    try:
        ended = os.pidfd_open(int((project.folder / "pid").read_text()))
    except ProcessLookupError:
        return
    assert select.select([ended], [], [], 10)[0]
    os.close(ended)


MISSING = [
    ("python/x.py", shows("GET /a", OK, outside="import no_such_module"), "the Python module no_such_module is not installed"),
    ("shell/x.sh", "# levelbook: start GET /a\nno-such-command\n# levelbook: end\n", "the command no-such-command is not installed"),
    ("other/x.xyz", "# levelbook: start GET /a\nx\n# levelbook: end\n", "no command is known that runs `.xyz` files"),
    ("own/x.py", shows("GET /a", OK), "the command no-such-interpreter is not installed"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "reason"), MISSING)
def test_what_is_not_installed_is_skipped(name, content, reason, project):
    configure(project.folder, 'run = {own = ["no-such-interpreter", "{file}"]}')
    project.example(content, name)
    language = name.partition("/")[0]
    assert project.judged(language=language) == [("skipped", reason, [])]
    result = project.run(language=language)
    assert f"1 example skipped: {reason}" in result.stderr
    assert "0 ran, 0 failed, 1 skipped" in result.stderr
    assert result.exit_code == 0


def test_a_machine_without_interpreters(project, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    project.example("// levelbook: start GET /a\nx\n// levelbook: end\n", "javascript/x.mjs")
    assert project.judged(language="javascript") == [("skipped", "the command node is not installed", [])]


def test_what_stands_in_the_document_is_not_run(project):
    own = f"  /c:\n    get:\n      x-codeSamples: [{{lang: Shell, source: 'touch {project.folder}/ran'}}]\n      responses: {{'200': {{description: d}}}}\n"
    (project.folder / "api.yaml").write_text(SPEC + own)
    reason = "it stands in the document, and only files of the project are run"
    assert project.judged("--only", "GET /c", language="Shell") == [("skipped", reason, [])]
    assert not (project.folder / "ran").exists()


def test_a_command_that_cannot_be_started(project):
    command = project.folder / "command"
    command.write_bytes(b"\x7fELF")
    command.chmod(0o700)
    configure(project.folder, f'run = {{own = ["{command}"]}}')
    project.example(shows("GET /a", OK), "own/x.py")
    assert project.judged(language="own") == [("skipped", f"{command} cannot be started: Exec format error", [])]


def test_a_command_of_ones_own(project):
    configure(project.folder, 'run = {own = ["python3", "-X", "dev"]}\nenvironment = {WHERE = "{{ origin }}"}')
    code = "assert sys.flags.dev_mode\nimport os\nask('/api/a', base=os.environ['WHERE'])"
    project.example(shows("GET /a", code), "own/x.py")
    assert project.judged(language="own") == [("passed", "", [])]


def test_nothing_of_our_environment_is_seen(project, monkeypatch):
    monkeypatch.setenv("TOKEN_OF_OURS", "secret")
    check = "import os\nassert set(os.environ) <= {'PATH', 'HOME', 'TMPDIR', 'LANG', 'NO_COLOR', 'LC_CTYPE'}, os.environ\nassert os.getcwd() == os.environ['HOME']"
    project.example(shows("GET /a", OK, outside=check))
    assert project.judged() == [("passed", "", [])]


def test_what_was_made_from_the_document_trusts_no_authority(project):
    """It talks to this machine alone; what a person wrote may talk to anybody."""
    configure(project.folder, 'generated = ["curl"]')
    text = (project.folder / "levelbook.toml").read_text()
    (project.folder / "levelbook.toml").write_text('templates = "examples/templates"\n' + text)
    check = 'test "$SSL_CERT_DIR" = "$HOME"\n{% include "theme/samples/curl.j2" %}'
    project.write(**{"templates/samples/curl.j2": check})
    outside = "import os\nassert 'SSL_CERT_DIR' not in os.environ"
    project.example(shows("GET /a", OK, outside=outside))
    assert project.judged(language="") == [("passed", "", [])] * 3


COMMANDS = [
    (("node", "a.mjs"), "await fetch(url)", ("--require", "fetch.cjs")),
    (("node", "a.mjs"), "import zulip from 'zulip-js'", ()),
    (("deno", "a.mjs"), "await fetch(url)", ()),
]


@pytest.mark.parametrize(("command", "text", "expected"), COMMANDS)
def test_fetch_does_not_wait_for_its_parser(command, text, expected):
    first, *between, last = quickened(command, text)
    assert (first, last) == command
    assert tuple(Path(part).name for part in between) == expected


@pytest.mark.skipif(which("node") is None, reason="Node.js is not installed")
def test_fetch_is_as_without_it(tmp_path):
    """The same prints, in both ways."""
    (tmp_path / "a.mjs").write_text("console.log(process.argv.length, typeof fetch, Object.keys(globalThis).join())")
    commands = [("node", "a.mjs"), quickened(("node", "a.mjs"), "fetch(")]
    done = [subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True) for command in commands]
    assert done[0].stdout == done[1].stdout != ""
    assert done[1].stderr == ""


def test_files_of_the_setup(project):
    project.write(**{"setup/.netrc": "{{ origin }}|{{ username }}|{{ token }}", "setup/sub/more": "x"})
    (project.folder / "examples/setup/picture").write_bytes(b"\xff\x00")
    check = "assert open('.netrc').read() == '{{ origin }}|USERNAME|TOKEN'\nassert open('sub/more').read() == 'x'\nassert open('picture', 'rb').read() == b'\\xff\\x00'"
    project.example(shows("GET /a", OK, outside=check))
    assert project.judged() == [("passed", "", [])]


NAMES = ["-c.py", "a b.py", "'\"$(touch x).py", "{{ origin }}.py", "{file}.py", "a\nb.py", "é.py"]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_of_files(name, project):
    project.example(shows("GET /a", OK), f"python/{name}")
    assert project.judged() == [("passed", "", [])]


def test_secrets_are_not_printed(project):
    code = "import base64\nprint('{{ token }}', base64.b64encode(b'me:{{ password }}').decode(), file=sys.stderr)\nask('/a')\nsys.exit(1)"
    project.example(shows("GET /a", code))
    (project.folder / "bot.toml").write_text('username = "me"\npassword = "pass-word"\ntoken = "tok-en"\n')
    for form in ("text", "json"):
        result = project.run("--credentials", project.folder / "bot.toml", "--format", form)
        assert result.exit_code == 1
        assert "[secret] [secret]" in result.stdout
        kept = (project.folder / "examples/results.json").read_text()
        for secret in ("tok-en", "pass-word", "bWU6cGFzcy13b3Jk"):
            assert secret not in result.stdout + result.stderr + kept


WAYS = [
    "quote('{{ token }}')", "quote('{{ token }}', safe='')", "quote_plus('{{ token }}')", "quote('{{ token }}', safe='').lower()",
    "json.dumps('{{ token }}')", "json.dumps('{{ token }}').replace('/', '\\\\/')", "json.dumps('{{ token }}', ensure_ascii=False)",
]  # fmt: skip


def test_secrets_are_not_printed_as_they_travel(project):
    code = "".join(f"print({way}, file=sys.stderr)\n" for way in WAYS)
    imports = "import json\nfrom urllib.parse import quote, quote_plus\n"
    project.example(shows("GET /a", f"{imports}{code}ask('/a')\nsys.exit(1)"))
    (project.folder / "bot.toml").write_text('token = "s3cr3t/key+é z9"\n')
    result = project.run("--credentials", project.folder / "bot.toml")
    assert [line for line in result.stdout.splitlines() if line.startswith("    | ")] == ["    | [secret]"] * 4 + [
        '    | "[secret]"'
    ] * 3


CREDENTIALS = [
    ("x = 1", "some of its values are no texts"),
    ("password = secret", "is not TOML"),
    (None, "cannot read"),
]


@pytest.mark.parametrize(("content", "message"), CREDENTIALS)
def test_faulty_credentials(content, message, project):
    file = project.folder / "bot.toml"
    if content is not None:
        file.write_text(content)
    project.example(shows("GET /a", OK))
    result = project.run("--credentials", file)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "secret" not in result.stderr


def test_what_is_printed(project):
    project.example(shows("GET /a: T", "ask('/a?n=x')"))
    result = project.run()
    where = project.folder / "examples/python/x.py"
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        f'{where}:6:1: error: python example of GET /a “T”: GET /a: the query parameter `n` is "x", '
        "but the document says integer (in query.n) [request-parameter]"
    )
    assert "its program ended with exit code 1 [example]" in result.stdout
    assert lines[-1] == "    | urllib.error.HTTPError: HTTP Error 400: Bad Request"
    assert "1 ran, 1 failed, 0 skipped" in result.stderr


def test_what_clients_ask_for_besides(project):
    configure(project.folder, 'answers = {"GET /api/settings" = {version = "9"}}')
    project.example(shows("GET /a", OK, outside="import json\nassert json.loads(ask('/settings')) == {'version': '9'}"))
    result = project.run("--format", "json")
    (row,) = json.loads(result.stdout)["examples"]
    assert (row["outcome"], row["besides"]) == ("passed", ["GET /api/settings 200"])
    assert row["exchanges"] == [{"request": "GET /api/a", "status": 200, "outcome": "valid"}]


def test_a_failure_tells_what_was_asked_besides(project):
    project.example(shows("GET /a", OK, outside="ask('/settings')"))
    assert "\n    besides: GET /api/settings 404\n    | " in project.run().stdout


EXEMPT = (
    '[[samples.exempt]]\nreason = "as it is"\nplace = "query.n"\n[[samples.exempt]]\nreason = "of old"\nplace = "body"'
)


def test_what_is_let_pass(project):
    configure(project.folder, EXEMPT)
    project.example(shows("GET /a", "ask('/a?n=x')"))
    assert project.judged() == [("passed", "", [])]
    result = project.run(language=None)
    assert "the exemption “of old” was not needed" in result.stderr
    assert "as it is" not in result.stderr


WRONG = [
    (["--language", "cobol"], "there are no examples in `cobol`; there are some in curl"),
    (["--only", "GET /x"], "the document has no operation `GET /x`"),
    (["--timeout", "0"], "Invalid value for '--timeout'"),
]


@pytest.mark.parametrize(("options", "message"), WRONG)
def test_wrong_use(options, message, project):
    result = project.run(*options, language=None)
    assert result.exit_code == 2
    assert message in result.stderr


def test_only_some(project):
    project.example(shows("GET /a", OK) + shows("POST /b", "ask('/b', b'{\"x\": 1}')"))
    result = project.run("--only", "POST /b", "--jobs", "1", "--format", "json")
    assert [row["operation"] for row in json.loads(result.stdout)["examples"]] == ["POST /b"]


def test_an_earlier_level(project):
    spec = SPEC.replace('version: "1"', 'version: "1", x-levels: {current: 9}').replace(
        "get:\n", "get:\n      x-changes: [{level: 8, kind: changed, text: T.}]\n", 1
    )
    (project.folder / "api.yaml").write_text(spec)
    project.example(shows("GET /a", OK, flags=" [until 7]: Old") + shows("GET /a", "1 / 0", flags=" [since 8]: New"))
    result = project.run("--at", "7", "--format", "json")
    assert [(row["title"], row["outcome"]) for row in json.loads(result.stdout)["examples"]] == [("Old", "passed")]
    assert not (project.folder / "examples/results.json").exists()


SAMPLES = [
    ("required = 'python'", "`required` takes a list of texts"),
    ("timeout = 0", "`timeout` is a number of seconds above 0"),
    ("timeout = true", "`timeout` takes a number of seconds"),
    ("run = {python = 'python'}", "run: `python` takes a list of texts"),
    ("run = ['x']", "`run` takes a table"),
    ("results = 1", "`results` takes a text"),
    ("environment = {A = 1}", "`A` takes a text"),
    ("exempt = 1", "`exempt` takes a list of tables: [[samples.exempt]]"),
    ("reqiured = []", "did you mean `required`?"),
]


@pytest.mark.parametrize(("line", "message"), SAMPLES)
def test_faulty_configuration(line, message, project):
    configure(project.folder, line)
    result = project.run()
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
