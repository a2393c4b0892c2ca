"""The formats of JSON Schema 2020-12 (validation, 7.3), on the standard library.

>>> FORMATS["date"]("2024-02-29"), FORMATS["date"]("2023-02-29")
(True, False)
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from levelbook.openapi_formats import FORMATS as OPENAPI_FORMATS
from levelbook.standalone.patterns import translated

if TYPE_CHECKING:
    from collections.abc import Callable

_VIRAMA = 9  # its canonical combining class
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2}):(\d{2})(?:\.\d+)?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_DURATION = re.compile(
    r"P(?!\Z)(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)?(?:T(?=\d)(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?)\Z",
    re.ASCII,
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)\Z")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*\Z")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"\Z')
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\Z")
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*\Z")
_RELATIVE = re.compile(r"(?:0|[1-9]\d*)(?:[+-][1-9]\d*)?(?:#|(?:/(?:[^~/]|~[01])*)*)\Z", re.ASCII)
_VARIABLE = r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+(?:\.(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})+)*(?::[1-9]\d{0,3}|\*)?"
_TEMPLATE = re.compile(
    r"(?:[^\x00-\x20\"%<>\\^`{|}\x7f]|%[0-9A-Fa-f]{2}"
    rf"|\{{[+#./;?&=,!@|]?{_VARIABLE}(?:,{_VARIABLE})*\}})*\Z",
    re.ASCII,
)
_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_USER = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:]|%[0-9A-Fa-f]{2})*"
_NAME = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})*"
_AUTHORITY = rf"(?:{_USER}@)?(?:\[(?P<v6>[^\]]*)\]|{_NAME})(?::\d*)?"
_TAIL = rf"(?:\?(?:{_PCHAR}|[/?])*)?(?:#(?:{_PCHAR}|[/?])*)?\Z"
_PATHS = rf"(?://{_AUTHORITY}(?:/{_PCHAR}*)*|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?|{{first}}(?:/{_PCHAR}*)*|)"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:" + _PATHS.replace("{first}", f"{_PCHAR}+") + _TAIL, re.ASCII)
_REFERENCE = re.compile(
    _PATHS.replace("{first}", r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})+") + _TAIL, re.ASCII
)


def _date(text: str) -> bool:
    match = _DATE.match(text)
    if match is None:
        return False
    try:
        date(*map(int, match.groups()))
    except ValueError:
        return match[1] == "0000" and "01" <= match[2] <= "12" and _date(f"2000{text[4:]}")
    return True


def _time(text: str) -> bool:
    match = _TIME.match(text)
    if match is None:
        return False
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    shift = 0
    if match[4] not in "Zz":
        hours, minutes = int(match[4][1:3]), int(match[4][4:6])
        if hours > 23 or minutes > 59:  # noqa: PLR2004
            return False
        shift = (hours * 60 + minutes) * (-1 if match[4][0] == "+" else 1)
    if hour > 23 or minute > 59 or second > 60:  # noqa: PLR2004
        return False
    return second < 60 or (hour * 60 + minute + shift) % 1440 == 1439  # noqa: PLR2004  # a leap second ends a day


def _date_time(text: str) -> bool:
    return len(text) > 11 and text[10] in "Tt" and _date(text[:10]) and _time(text[11:])  # noqa: PLR2004


def _hostname(text: str) -> bool:
    labels = text.split(".")
    if not text or len(text) > 253:  # noqa: PLR2004
        return False
    return all(_LABEL.match(label) and (label[2:4] != "--" or _a_label(label)) for label in labels)


def _a_label(label: str) -> bool:
    """Judge a label that stands for an international one (RFC 5890, 2.3.2.1)."""
    if not label.lower().startswith("xn--"):
        return False
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    canonical = text.encode("punycode").decode().lower() == label[4:].lower()
    return canonical and not text.isascii() and _u_label(text)


def _idn_hostname(text: str) -> bool:
    labels = re.split("[.\u3002\uff0e\uff61]", text)
    if not all(labels) or len(text) > 253:  # noqa: PLR2004
        return False
    shown = [_decoded_label(label) for label in labels]
    bidi = any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for label in shown for character in label)
    for label, seen in zip(labels, shown, strict=True):
        if bidi and not _has_one_direction(seen):
            return False
        if label.isascii():
            if not _hostname(label):
                return False
        elif not _u_label(label) or len(label.encode("punycode")) + 4 > 63:  # noqa: PLR2004
            return False
    return True


def _decoded_label(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode") or label
    except UnicodeError:
        return label


def _has_one_direction(label: str) -> bool:
    """Judge a label of a name in which something is written from right to left (RFC 5893, 2)."""
    classes = {unicodedata.bidirectional(character) for character in label}
    first = unicodedata.bidirectional(label[0])
    if first == "L":
        return not classes & {"R", "AL", "AN"}
    return first in ("R", "AL") and "L" not in classes and not {"EN", "AN"} <= classes


def _u_label(label: str) -> bool:
    """Judge an international label (RFC 5891, 4.2.3; RFC 5892, A): its characters, each where it may stand."""
    if label[0] == "-" or label[-1] == "-" or label[2:4] == "--" or unicodedata.category(label[0])[0] == "M":
        return False
    if unicodedata.normalize("NFC", label) != label or _mixes_digits(label):
        return False
    return all(_may_stand(label, index) for index in range(len(label)))


def _mixes_digits(label: str) -> bool:
    return bool(re.search("[\u0660-\u0669]", label) and re.search("[\u06f0-\u06f9]", label))


def _may_stand(label: str, index: int) -> bool:
    character = label[index]
    before, after = label[index - 1] if index else "", label[index + 1] if index + 1 < len(label) else ""
    if character == "\u00b7":
        return before == after == "l"
    if character == "\u0375":
        return _is_of("GREEK", after)
    if character in "\u05f3\u05f4":
        return _is_of("HEBREW", before)
    if character == "\u30fb":
        scripts = ("HIRAGANA", "KATAKANA LETTER", "CJK UNIFIED")
        return any(_is_of(script, other) for other in label for script in scripts)
    if character in "\u200c\u200d":
        if before and unicodedata.combining(before) == _VIRAMA:
            return True
        joins = all(other and unicodedata.bidirectional(other) == "AL" for other in (before, after))
        return character == "\u200c" and joins
    if character in "\u302e\u302f\u0640\u07fa\u303b\u3031\u3032\u3033\u3034\u3035":
        return False
    return character in "-\u00df\u03c2\u06fd\u06fe\u0f0b\u3007" or (
        unicodedata.category(character) in ("Ll", "Lo", "Lm", "Mn", "Mc", "Nd")
        and unicodedata.normalize("NFKC", character).casefold() == character
    )


def _is_of(script: str, character: str) -> bool:
    return bool(character) and unicodedata.name(character, "").startswith(script)


def _email(text: str, *, international: bool = False) -> bool:
    local, at, domain = text.rpartition("@")
    if not at or not local or len(local) > 64:  # noqa: PLR2004
        return False
    plain = re.sub(r"[^\x00-\x7f]", "x", local) if international else local
    if not (_ATOMS.match(plain) or _QUOTED.match(plain)):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        return _ipv6(inner[5:]) if inner.startswith("IPv6:") else _ipv4(inner)
    return _idn_hostname(unicodedata.normalize("NFC", domain)) if international else _hostname(domain)


def _ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return text.isascii()


def _ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return text.isascii() and "%" not in text


def _with_v6(pattern: re.Pattern[str], text: str) -> bool:
    match = pattern.match(text)
    return match is not None and (match["v6"] is None or _ipv6(match["v6"]) or match["v6"][:1] in "vV")


def _as_uri(text: str) -> str:
    """Write an IRI as a URI (RFC 3987, 3.1), as far as its characters go."""
    return "".join(character if character.isascii() else "%C3%A9" for character in text)


def _regex(text: str) -> bool:
    if re.search(r"(?<!\\)(?:\\\\)*\\[aAzZGeQE]", text):  # of other dialects
        return False
    try:
        translated(text)
    except ValueError:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "time": _time,
    "date-time": _date_time,
    "duration": lambda text: bool(_DURATION.match(text)) and not text.endswith("T"),
    "hostname": _hostname,
    "idn-hostname": _idn_hostname,
    "email": _email,
    "idn-email": lambda text: _email(text, international=True),
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "uuid": lambda text: bool(_UUID.match(text)),
    "uri": lambda text: _with_v6(_URI, text),
    "uri-reference": lambda text: _with_v6(_URI, text) or _with_v6(_REFERENCE, text),
    "iri": lambda text: _with_v6(_URI, _as_uri(text)),
    "iri-reference": lambda text: _with_v6(_URI, _as_uri(text)) or _with_v6(_REFERENCE, _as_uri(text)),
    "uri-template": lambda text: bool(_TEMPLATE.match(text)),
    "json-pointer": lambda text: bool(_POINTER.match(text)),
    "relative-json-pointer": lambda text: bool(_RELATIVE.match(text)),
    "regex": _regex,
    **OPENAPI_FORMATS,
}
