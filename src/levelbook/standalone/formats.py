"""The formats of JSON Schema 2020-12 (validation, 7.3), on the standard library.

>>> FORMATS["date"]("2024-02-29"), FORMATS["date"]("2023-02-29")
(True, False)
"""

from __future__ import annotations

import ipaddress
import re
from datetime import date
from typing import TYPE_CHECKING

from levelbook.standalone.patterns import translated

if TYPE_CHECKING:
    from collections.abc import Callable

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
_TEMPLATE = re.compile(
    r"(?:[^\x00-\x20\"'%<>\\^`{|}\x7f]|%[0-9A-Fa-f]{2}"
    r"|\{[+#./;?&=,!@|]?(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+(?::[1-9]\d{0,3}|\*)?"
    r"(?:,(?:[A-Za-z0-9_.]|%[0-9A-Fa-f]{2})+(?::[1-9]\d{0,3}|\*)?)*\})*\Z",
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
    if not label.lower().startswith("xn--"):
        return False
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return False
    return (
        bool(text)
        and not text.isascii()
        and not any(character in text for character in "\u302e\u302f\u0640\u07fa\u303b")
    )


def _idn_hostname(text: str) -> bool:
    try:
        labels = [label.encode("idna").decode() for label in re.split("[.\u3002\uff0e\uff61]", text)]
    except UnicodeError:
        return False
    return all(labels) and _hostname(".".join(labels))


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
    return _idn_hostname(domain) if international else _hostname(domain)


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
}
