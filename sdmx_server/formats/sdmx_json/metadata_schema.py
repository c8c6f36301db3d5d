"""Writes the JSON Schema of reference metadata in SDMX-JSON (REST 2.2.2 ``schema.md``; none details it).

It is the schema of all metadata messages with what the metadata structure adds: which attributes there are and below
which others, how often each is reported, and what its value may be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...model.metadatastructure import MetadataStructure
from ...model.reference import Reference
from ...model.resolved import ResolvedComponent
from ...model.resolved_metadata import ResolvedMetadataAttribute
from .engine import Json
from .schema_base import one_of, write_rules

_TEXT: Json = {"type": "string"}
_NUMBERS = frozenset(("Numeric", "Long", "Short", "Float", "Double", "Decimal", "Integer", "BigInteger", "Count"))
_TEXTS: Json = {"type": "object", "additionalProperties": _TEXT}
_MEMBERS = {"Metadataflow": "metadataflow", "MetadataProvisionAgreement": "metadataProvisionAgreement"}
"""Where a set names its context, whatever version of it."""


def write_metadata_schema(
    _structure: MetadataStructure, attributes: Sequence[ResolvedMetadataAttribute], context: Reference, *, version: str
) -> bytes:
    """The schema, as UTF-8 JSON; ``version`` is that of SDMX-JSON (2.0.0 or 2.1.0).

    ``attributes`` are those of the structure, all that they refer to in place; ``context`` is the metadata structure,
    metadataflow or metadata provision agreement that was asked for.
    """
    definitions: Json = {}
    properties: Json = {"attributes": _list(attributes, "", definitions)}
    if context.kind in _MEMBERS:
        start = re.sub(r"([.$])", r"[\1]", context.urn.partition("(")[0])
        properties[_MEMBERS[context.kind]] = {"type": "string", "pattern": f"^{start}[(]"}
    return write_rules(
        "metadata",
        version,
        name=context.urn,
        context=context,
        members={"metadataSets": {"items": {"properties": properties}}},
        definitions=definitions,
    )


def _list(attributes: Sequence[ResolvedMetadataAttribute], above: str, definitions: Json) -> Json:
    """A list of reported attributes: each is one of these, and there are as many of each as are allowed."""
    ways: list[Json] = []
    counts: list[Json] = []
    for attribute in attributes:
        path = f"{above}{attribute.id}"
        named = {"properties": {"id": {"const": attribute.id}}, "required": ["id"]}
        definitions[path] = _attribute(attribute, path, definitions)
        ways.append({"if": named, "then": {"$ref": f"#/$defs/{path}"}})
        most = {} if attribute.max_occurs is None else {"maxContains": attribute.max_occurs}
        counts.append({"contains": named, "minContains": attribute.min_occurs, **most})
    ids = one_of([attribute.id for attribute in attributes])
    return {"items": {"properties": {"id": ids}, "allOf": ways}, "allOf": counts} if attributes else {"maxItems": 0}


def _attribute(attribute: ResolvedMetadataAttribute, path: str, definitions: Json) -> Json:
    below = _list(attribute.attributes, f"{path}:", definitions)
    needed: Json = {"required": ["attributes"]} if any(one.min_occurs for one in attribute.attributes) else {}
    if attribute.is_presentational:
        return {"properties": {"attributes": below}, "not": {"required": ["value"]}, **needed}
    return {"properties": {"value": _value(attribute.component), "attributes": below}, **needed}


def _value(component: ResolvedComponent) -> Json:
    """What a value may be: texts in languages or one of them, a code, a number, a truth value, a text."""
    if component.enumeration is not None:
        return one_of([item.id for item in component.enumeration.items])
    if component.multilingual:
        return {"anyOf": [_TEXTS, _TEXT]}
    if component.text_type in _NUMBERS:
        return {"type": ["number", "string"]}
    return {"type": ["boolean", "string"]} if component.text_type == "Boolean" else {"anyOf": [_TEXTS, _TEXT]}
