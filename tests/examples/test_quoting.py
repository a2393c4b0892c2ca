"""Literals of the languages whose toolchains are rarely there, by the words of their manuals."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from levelbook.examples import quoting

LITERALS = [
    (quoting.ruby, 'a"b\\c\n#{x} #$x #@x # x', '"a\\"b\\\\c\\n\\#{x} \\#$x \\#@x # x"'),
    (quoting.ruby, "\0\u2028🐙", '"\\u{0}\\u{2028}🐙"'),
    (quoting.ruby_text, "it's\n\\n #{x}", "'it\\'s\n\\\\n #{x}'"),
    (quoting.ruby_text, "\x07#{x}", '"\\u{7}\\#{x}"'),
    (quoting.php, "it's $x {$x} \\n\n", "'it\\'s $x {$x} \\\\n\n'"),
    (quoting.php, "\0$x\\", '"\\u{0}\\$x\\\\"'),
    (quoting.csharp, '"\\\n\x07f\u2028\U000e0001{x}', '"\\"\\\\\\n\\u0007f\\u2028\\U000e0001{x}"'),
    (quoting.csharp_text, '{\n"""', '""""\n{\n"""\n""""'),
    (quoting.csharp_text, "a\n\x07", '"a\\n\\u0007"'),
    (quoting.java, "\x000\u2028\\u0041", '"\\0000\\u2028\\\\u0041"'),
    (quoting.java_text, 'a\n"""\\"', '"""\na\n\\"""\\\\\\""""'),
    (quoting.java_text, "a \nb", '"a \\nb"'),
    (quoting.go, "\x07\U000e0001", '"\\u0007\\U000e0001"'),
    (quoting.go_text, "a`\nb", '"a`\\nb"'),
    (quoting.rust_text, 'a\n"#"##', 'r###"a\n"#"##"###'),
    (quoting.javascript, "\u2028\U000e0001", '"\\u2028\\udb40\\udc01"'),
    (quoting.shell, "=ls", "'=ls'"),
]


@pytest.mark.parametrize(("quote", "text", "literal"), LITERALS)
def test_literals(quote, text, literal):
    assert quote(text) == literal


@given(st.text())
def test_the_shell_reads_one_word(text):
    if "\0" in text:
        with pytest.raises(quoting.NotWritten, match="cannot hold the character NUL"):
            quoting.shell(text)
    else:
        assert shlex.split(quoting.shell(text)) == [text]


CANNOT = [(quoting.httpie_name, "-a"), (quoting.httpie_name, "a\\"), (quoting.httpie_name, "a\\=b"), (quoting.httpie_value, "\\\\\\:")]  # fmt: skip


@pytest.mark.parametrize(("quote", "text"), CANNOT)
def test_what_httpie_cannot_be_given(quote, text):
    with pytest.raises(quoting.NotWritten, match="backslash before a separator"):
        quote(text)
