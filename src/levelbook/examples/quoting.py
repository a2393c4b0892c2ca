"""String literals of every language that samples are written in: what is quoted is what is read.

Each function gives a literal, quotes and all. Characters that cannot be seen are written as escapes, so that a literal
survives a page, the clipboard and an editor; the shell has no escapes, and keeps them.

>>> print(shell("it's"), php("it's"), ruby("#{1}"), java("a\\x07"))
'it'"'"'s' 'it\\'s' "\\#{1}" "a\\007"
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMON = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ASCII = 0x80
_BYTE = 0x100
_BMP = 0xFFFF
_HTTPIE = re.compile(r"[:=@;]")
_NOT_HTTPIE = re.compile(r"(?<!\\)\\(?:\\\\)*(?=[:=@;])")
_ODD_END = re.compile(r"(?<!\\)\\(?:\\\\)*\Z")


class NotWritten(ValueError):  # noqa: N818  # it is caught, and the sample is left out
    """A request that a language has no way to say; the message tells which part of it."""


def shell(text: str) -> str:
    """Quote a word of a POSIX shell (POSIX.1-2024, XCU 2.2.2: nothing is special in single quotes).

    Raises NotWritten for a text with a NUL, which ends an argument. A word that begins with ``=`` is quoted for zsh,
    which would look for a command of that name.
    """
    if "\0" in text:
        raise NotWritten("an argument of a command cannot hold the character NUL")
    return f"'{text}'" if text.startswith("=") and shlex.quote(text) == text else shlex.quote(text)


def curl_form(text: str) -> str:
    """Quote the content of a ``--form`` field, so that ``@``, ``<``, ``;`` and ``,`` mean themselves (curl(1), -F)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def curl_says(text: str) -> bool:
    """Say whether the content of a ``--form`` field means itself without quotes."""
    return not text.startswith(("@", "<", '"', "(", "=")) and ";" not in text and text == text.strip()


def curl_file(name: str) -> str:
    """Name a file of a ``--form`` field, quoted where it has to be."""
    return name if re.fullmatch(r"[\w./-]+", name) else curl_form(name)


def httpie_says(text: str) -> bool:
    """Say whether HTTPie can be given a text: of a backslash before a separator it takes the backslash away."""
    return _NOT_HTTPIE.search(text) is None


def httpie_names(text: str) -> bool:
    """Say whether HTTPie can be given a text as the name of a request item: it takes a dash for an option."""
    return httpie_says(text) and not text.startswith("-") and _ODD_END.search(text) is None


def httpie_name(text: str) -> str:
    """Escape the separators in the name of a request item (HTTPie 3, Escaping rules). Raises NotWritten."""
    if not httpie_names(text):
        raise NotWritten("HTTPie takes no item that begins with a dash, and no backslash before a separator")
    return _HTTPIE.sub(r"\\\g<0>", text)


def httpie_value(text: str) -> str:
    """Escape what would make a longer separator: ``a=@x`` is a file, ``X:=1`` is JSON. Raises NotWritten."""
    if not httpie_says(text):
        raise NotWritten("HTTPie cannot be given a backslash before a separator")
    return "\\" + text if _HTTPIE.match(text) else text


def python(text: str) -> str:
    """Write a Python string (Python Language Reference, 2.4.1)."""
    return _either(_quoted(text, {}, lambda code: f"\\x{code:02x}" if code < _BYTE else _u4(code) or f"\\U{code:08x}"))


def javascript(text: str) -> str:
    """Write an ECMAScript string (ECMA-262, 12.9.4); line separators are escaped, as older editions need."""
    return _either(_quoted(text, {}, _utf16))


def go(text: str) -> str:
    """Write an interpreted Go string (Go specification, String literals): ``\\x`` would be a byte, not a character."""
    return _quoted(text, {}, lambda code: _u4(code) or f"\\U{code:08x}")


def go_text(text: str) -> str:
    """Write a longer text as a raw Go string, where that can hold it."""
    return f"`{text}`" if _is_shown(text) and "`" not in text else go(text)


def java(text: str) -> str:
    """Write a Java string (JLS 17, 3.10.5 and 3.10.7).

    ``\\u000a`` would be a line break before the literal is read at all (JLS 17, 3.3): below 128 an escape is octal.
    """
    return _quoted(text, {}, lambda code: f"\\{code:03o}" if code < _ASCII else _utf16(code))


def java_text(text: str, indent: int = 0) -> str:
    """Write a longer text as a text block (JLS 17, 3.10.6), which strips what stands at the ends of its lines."""
    lines = text.split("\n")
    if len(lines) == 1 or not _is_shown(text) or any(line != line.rstrip() for line in lines):
        return java(text)
    inside = text.replace("\\", "\\\\").replace('"""', '\\"""')
    if inside.endswith('"'):
        inside = inside[:-1] + '\\"'
    return '"""\n' + _indented(inside, indent) + '"""'


def ruby(text: str) -> str:
    """Write a double-quoted Ruby string (Ruby, Literals: ``#{``, ``#$`` and ``#@`` would be filled in)."""
    return re.sub(r"#(?=[{$@])", r"\\#", _quoted(text, {}, lambda code: f"\\u{{{code:x}}}"))


def ruby_text(text: str) -> str:
    """Write a longer text as a single-quoted Ruby string, which may have line breaks."""
    return _single(text) if _is_shown(text) else ruby(text)


def php(text: str) -> str:
    """Write a PHP string (PHP manual, Strings): single-quoted, or with escapes where it has to be."""
    if _is_shown(text):
        return _single(text)
    return _quoted(text, {"$": "\\$"}, lambda code: f"\\u{{{code:x}}}")


def csharp(text: str) -> str:
    """Write a regular C# string (C# specification, 6.4.5.6); ``\\x`` would take what follows."""
    return _quoted(text, {}, lambda code: _u4(code) or f"\\U{code:08x}")


def csharp_text(text: str, indent: int = 0) -> str:
    """Write a longer text as a raw C# string (C# 11, raw string literals): more quotes around than within."""
    if "\n" not in text or not _is_shown(text):
        return csharp(text)
    quotes = '"' * max(3, 1 + _longest('"+', text))
    return f"{quotes}\n{_indented(text, indent)}\n{' ' * indent}{quotes}"


def rust(text: str) -> str:
    """Write a Rust string (Rust Reference, String literals)."""
    return _quoted(text, {}, lambda code: f"\\u{{{code:x}}}")


def rust_text(text: str) -> str:
    """Write a longer text as a raw Rust string (Rust Reference, Raw string literals)."""
    if not _is_shown(text) or "\n" not in text:
        return rust(text)
    hashes = "#" * _longest('"#*', text)
    return f'r{hashes}"{text}"{hashes}'


def _quoted(text: str, special: dict[str, str], unseen: Callable[[int], str]) -> str:
    escapes = _COMMON | special
    parts = [escapes.get(sign) or (sign if sign.isprintable() else unseen(ord(sign))) for sign in text]
    return '"' + "".join(parts) + '"'


def _either(literal: str) -> str:
    """Put single quotes around a literal that has double ones and no single ones within."""
    return "'" + literal[1:-1].replace('\\"', '"') + "'" if '\\"' in literal and "'" not in literal else literal


def _single(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _u4(code: int) -> str:
    return f"\\u{code:04x}" if code <= _BMP else ""


def _utf16(code: int) -> str:
    units = chr(code).encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _is_shown(text: str) -> bool:
    """Say whether a text has only characters that are seen, besides tabs and line feeds."""
    return text.replace("\n", "").replace("\t", "").isprintable()


def _longest(pattern: str, text: str) -> int:
    return max((len(found) for found in re.findall(pattern, text)), default=0)


def _indented(text: str, indent: int) -> str:
    return "\n".join(" " * indent + line for line in text.split("\n"))
