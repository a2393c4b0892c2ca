"""What samples send: hostile values in every place of a request, run for real, and compared with what was meant."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from levelbook.api import Parameter
from levelbook.examples.credentials import Credential
from levelbook.examples.generate import NotWritten, SampleTemplates, generated
from levelbook.examples.languages import LANGUAGES
from levelbook.examples.record import FORM, ExampleRequest, File, Part
from levelbook.styled import cookie_pairs, header_text, pair, path_text

from .echo import Echo
from .programs import needed, run

TEMPLATES = SampleTemplates()
FAST = ["curl", "python-requests", "python-httpx", "node", "ruby", "php"]
SLOW = ["httpie", "go", "java"]  # to start, or to compile
NASTY = ["", " ", "'", '"', "it's \"so\"", "$(id)", "`id`", "${HOME}", "$HOME", "#{1}", "\\", "\\\\", "\\'", '\\"', "\\n", "@a", "<a", "=", "=@a",
         ":=1", "a=b", "a:b", "a;b", "a,b", "%", "%41", "%zz", "&", "&amp;", "+", "a+b", "?", "#", "/", "//", "!", "!!", "*", "~", "-x", "--data",
         "\n", "a\nb", "\t", "a\tb", "é", "日本", "🐙", "\u2028", "\u2029", "\ufeff", "\xa0", "\x85", "</script>", "{{ x }}", "{% x %}", "{a,b}", "[1-3]",
         "a;type=text/plain", '"quoted"', "(", "x" * 5000]  # fmt: skip
TEXT = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t'\"\\$`@%&+"), max_size=12
)
CONTROLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NAME = st.sampled_from(["a", "b c", "to[x]", "ü", "a&b", "it's", "$x", "__proto__", "1", "q.r"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXT | CONTROLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME | TEXT, inner, max_size=3), max_leaves=8,
)  # fmt: skip
PAIRS = st.lists(st.tuples(NAME, TEXT | CONTROLS), max_size=4)
# RFC 9110, 5.5: no control characters, and white space around a value is none of it.
HEADERS = TEXT.map(lambda text: header_text(Parameter("X-H", "header", "", style="simple"), text)).filter(
    lambda text: text is not None
)
# A part that has a line break is sent with CRLF by browsers (HTML, 4.10.21.8): compared as lines.
PARTS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b c", "ü", "it's", "to[x]"]),
        TEXT,
        st.sampled_from(["", "text/plain", "application/json"]),
    ),
    min_size=1,
    max_size=3,
)
BODIES = st.one_of(
    st.just(("", None)),
    st.tuples(st.just("form"), PAIRS.filter(bool)),
    st.tuples(st.just("json"), JSON),
    st.tuples(st.just("multipart"), PARTS),
    st.tuples(st.just("text"), TEXT.filter(bool)),
    st.tuples(st.just("file"), st.binary(max_size=20)),
)
# Clients take the path apart again, and these steps away (WHATWG URL, 3.4): `curl` alone can be told not to.
STEPS = TEXT.filter(lambda text: text not in ("", ".", ".."))
REQUESTS = st.lists(
    st.tuples(STEPS, PAIRS, HEADERS, TEXT, st.sampled_from(["", "u:p", "u:p'a$s:\"x"]), BODIES),
    min_size=20,
    max_size=25,
)


@pytest.fixture(scope="module")
def echo():
    server = Echo()
    yield server
    server.shutdown()
    server.server_close()


def record(number, row):
    """Make the record of a request that means all of a row."""
    path, query, header, cookie, _, (kind, value) = row
    named = Parameter("p", "path", "", style="simple"), Parameter("c", "cookie", "")
    body = {
        "": dict,
        "form": lambda: {"form": tuple(pair(*one) for one in value), "media_type": FORM},
        "json": lambda: {"body": value, "media_type": "application/json"},
        "multipart": lambda: {"parts": (*(Part(name, text, media_type=kind) for name, text, kind in value),
                                        Part("file", file=File(f"{number}.bin", b""), media_type="image/png")), "media_type": "multipart/form-data"},
        "text": lambda: {"text": value, "media_type": "text/plain"},
        "file": lambda: {"file": File(f"{number}.bin", value), "media_type": "application/octet-stream"},
    }[kind]()  # fmt: skip
    return ExampleRequest("", "POST" if kind else "GET", f"/{number}/{path_text(named[0], path)}", tuple(pair(*one) for one in query),
                          (("X-H", header),), tuple(cookie_pairs(named[1], cookie)), **body)  # fmt: skip


def lines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def check(sent, number, row):
    """Compare what arrived with what was meant."""
    path, query, header, cookie, basic, (kind, value) = row
    assert sent.path == ["", str(number), path]
    assert sorted(sent.query) == sorted(query)
    assert sent.headers.get("x-h", "") == header
    assert sent.cookies == [("c", cookie)]
    assert ("authorization" in sent.headers) is bool(basic)
    if kind == "form":
        assert (sent.media_type, sorted(sent.form)) == (FORM, sorted(value))
    elif kind == "json":
        assert (sent.media_type, sent.json) == ("application/json", value)
    elif kind == "multipart":
        *texts, (name, file, typed, content) = sent.parts
        assert [(one, lines(text.decode())) for one, _, _, text in texts] == [
            (one, lines(text)) for one, text, _ in value
        ]
        assert all(said in ("", arrived) for (_, _, said), (_, _, arrived, _) in zip(value, texts, strict=True))
        assert (name, file, typed, content) == ("file", f"{number}.bin", "image/png", b"\0\xff\r\n")
    elif kind in ("text", "file"):
        assert sent.body == (value.encode() if kind == "text" else value)
        assert sent.media_type == ("text/plain" if kind == "text" else "application/octet-stream")
    else:
        assert sent.body == b""


def sends(echo, language, rows, folder):
    """Write and run a batch, and compare; give how many could be written."""
    meant, samples = [], []
    for number, row in enumerate(rows):
        request, basic, (kind, _) = record(number, row), row[4], row[5]
        for file in request.files:
            (folder / file.name).write_bytes(file.content if kind == "file" else b"\0\xff\r\n")
        needs = [Credential("basic", "b", basic)] if basic else []
        try:
            samples.append(generated(request, echo.url, needs, LANGUAGES[language], TEMPLATES))
        except NotWritten:
            continue
        meant.append((number, row))
    run(language, samples, folder)
    arrived = echo.take()
    assert len(arrived) == len(meant)
    for one, (number, row) in zip(arrived, meant, strict=True):
        check(one, number, row)
    return len(meant)


EVERYWHERE = [
    (
        text or "x",
        [("q", text)],
        header_text(Parameter("X-H", "header", "", style="simple"), text) or "",
        text,
        "",
        ("form", [("f", text)]),
    )
    for text in NASTY
]
NUMBERS = [2**53 - 1, 2**53 + 1, -(2**70), 5.610727844654938e16, 1e21, 1e300, 5e-324, 0.1, -0.0, 1.0]
AS_JSON = [("x", [], "", "", "", ("json", NUMBERS))] + [
    ("x", [], "", "", "", ("json", {"k": text, text: [text]})) for text in NASTY
]
AS_PARTS = [("x", [], "", "", "", ("multipart", [("a", text, ""), ("b", text, "text/plain")])) for text in NASTY]
MANY = "".join(
    text for text in NASTY if len(text) < 20 and text not in ("\\", "\\\\", "\n")
)  # HTTPie cannot say all headers
AT_ONCE = [(MANY, [("q", MANY), ("a b", "")], "it's $(id) `id` \"#{1}\" %41 & +", MANY, "u:p'a$s:\"x", body) for body in
           [("", None), ("form", [("f", MANY), ("f", "")]), ("json", {"k": MANY, MANY: [2**70, 1.5, None, True, {}]}), ("text", MANY), ("file", b"\0\r\n\xff"),
            ("multipart", [("a", MANY, ""), ("to[x]", "@x", "")])]]  # fmt: skip
AS_TEXT = [("x", [], "", "", "", ("text", text)) for text in NASTY if text]


@pytest.mark.parametrize("rows", [EVERYWHERE, AS_JSON, AS_PARTS, AS_TEXT], ids=["everywhere", "json", "parts", "text"])
@pytest.mark.parametrize("language", FAST)
def test_nasty_values(echo, tmp_path, language, rows):
    needed(language)
    assert sends(echo, language, rows, tmp_path) == len(rows)


@pytest.mark.parametrize("language", SLOW)
def test_nasty_values_at_once(echo, tmp_path, language):
    needed(language)
    assert sends(echo, language, AT_ONCE, tmp_path) == len(AT_ONCE)


@pytest.mark.parametrize("language", FAST)
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=REQUESTS)
def test_any_values(echo, tmp_path, language, rows):
    needed(language)
    echo.take()
    sends(echo, language, rows, tmp_path)
