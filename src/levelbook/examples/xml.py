"""Example values as XML, by the XML Objects of their schemas (OpenAPI 3.1.1, 4.8.26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from levelbook.meaning import meaning_of
from levelbook.styled import plain

if TYPE_CHECKING:
    from levelbook.api import Api, Schema


def is_xml(media_type: str) -> bool:
    """Say whether a media type is XML (RFC 7303, 9.1 and 9.2; 8 for the ``+xml`` suffix)."""
    return media_type in ("application/xml", "text/xml") or media_type.endswith("+xml")


def xml_text(api: Api, schema: Schema | None, value: Any) -> str:
    """Write a value as an XML document; the root is called as the schema says, or as its component."""
    group = [schema] if schema else []
    root = _element(api, group, _name(api, group, "") or "root", value)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def _element(api: Api, group: list[Schema], name: str, value: Any) -> ET.Element:
    element = ET.Element(name)
    said = _said(api, group)
    if isinstance(said.get("namespace"), str):
        prefix = said.get("prefix")
        element.set(f"xmlns:{prefix}" if prefix else "xmlns", said["namespace"])
    meaning = meaning_of(api, *group)
    if isinstance(value, dict):
        for key, item in value.items():
            _add(api, element, meaning.properties.get(key, []), key, item)
    elif isinstance(value, list):
        for item in value:
            element.append(_element(api, meaning.items, _name(api, meaning.items, name), item))
    elif value is not None:
        element.text = plain(value)
    return element


def _add(api: Api, parent: ET.Element, group: list[Schema], key: str, value: Any) -> None:
    """Add a property: an attribute, an element, or an element for each item."""
    said, name = _said(api, group), _name(api, group, key)
    if said.get("attribute") is True:
        parent.set(name, plain(value))
    elif isinstance(value, list) and said.get("wrapped") is not True:
        items = meaning_of(api, *group).items
        parent.extend(_element(api, items, _name(api, items, name), item) for item in value)
    else:
        parent.append(_element(api, group, name, value))


def _name(api: Api, group: list[Schema], default: str) -> str:
    said = _said(api, group)
    name = said.get("name") or default or meaning_of(api, *group).component
    return f"{said['prefix']}:{name}" if said.get("prefix") else str(name)


def _said(api: Api, group: list[Schema]) -> dict[str, Any]:
    """Give the XML Objects of a group of schemas as one."""
    found: dict[str, Any] = {}
    for source in meaning_of(api, *group).sources:
        if isinstance(source.value, dict) and isinstance(source.value.get("xml"), dict):
            found |= source.value["xml"]
    return found
