"""The official samples of data in SDMX-JSON: structures that they fit, and what they say, read by plain loops."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sdmx_server.model.resolved import ResolvedStructure

from .cases import attribute, dimension, measure
from .cases import structure as plain_structure

SAMPLE_URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:DF_SAMPLE(1.0.0)"
"""The dataflow of the structures, in the place of the samples' own, of which nobody has the structures."""

FLAWED_SAMPLES = {
    "exr-action-delete.json": "json-value",
    "generated-sample.json": "column-unknown",
    "constructed-sample-full.json": "json-key",
}
"""Official samples with indices beyond their lists, of no structure, or with series and flat forms under one."""


def described(path: Path) -> tuple[ResolvedStructure, list[dict[str, Any]]]:
    """A structure as a sample describes it, and its observations as an independent reading finds them."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    content = whole.get("data", whole)
    structures = content.get("structures") or [content["structure"]]
    [first] = [s for s in structures[:1]]
    dimensions = {d["id"]: d for level in first["dimensions"].values() for d in level}
    ids = sorted((d for d in dimensions if d != "TIME_PERIOD"), key=lambda d: dimensions[d]["keyPosition"])
    attributes = {a["id"]: a for level in first["attributes"].values() for a in level}
    schema = plain_structure(
        "SAMPLE",
        tuple(dimension(d) for d in ids),
        (measure("OBS_VALUE"),),
        tuple(
            attribute(
                a,
                attached(held, [*ids, "TIME_PERIOD"]),
                many=held.get("format", {}).get("maxOccurs", 1) != 1,
                multilingual=held.get("format", {}).get("isMultiLingual", False),
            )
            for a, held in attributes.items()
        ),
    )
    found = []
    for data in content["dataSets"] if path.name not in FLAWED_SAMPLES else []:
        found += observations(structures[data.get("structure", 0)], data)
    return schema, found


def attached(held: dict[str, Any], dimensions: list[str]) -> tuple[str, ...]:
    relationship = held["relationship"]
    if "dimensions" in relationship:
        return tuple(d for d in dimensions if d in relationship["dimensions"])
    return () if "none" in relationship or "dataflow" in relationship else tuple(dimensions)


def observations(structure: dict[str, Any], data: dict[str, Any]) -> list[tuple[dict[str, str], Any]]:
    """Dimensions and first value of each observation, by plain loops."""
    levels = structure["dimensions"]
    fixed = {d["id"]: value(d, 0) for d in levels.get("dataSet", levels.get("dataset", []))}
    found = []
    for key, one in data.get("series", {"": data}).items():
        place = dict(fixed)
        for d, index in zip(levels["series"] if key else [], key.split(":") if key else [], strict=True):
            place[d["id"]] = value(d, int(index))
        for inner, row in one.get("observations", {}).items():
            at = {d["id"]: value(d, int(i)) for d, i in zip(levels["observation"], inner.split(":"), strict=True)}
            found.append((place | at, row[0] if row else None))
    return found


def value(component: dict[str, Any], index: int) -> str:
    held = component["values"][index]
    return str(held.get("id", held.get("value")))


def without_repeated_keys(text: str) -> str:
    """The text as a reader sees it that takes the last of repeated keys: one official sample repeats some."""
    return json.dumps(json.loads(text))


Facts = dict[frozenset[tuple[str, str]], dict[str, Any]]
"""The components of each observation by the values of its dimensions."""


def facts(text: str | bytes) -> Facts:
    """All that a message of SDMX-JSON 1.0, 2.0 or 2.1 says of each observation, by plain loops.

    Components at whatever level stand at each observation that they are about; what has no value is none. Values are
    their ids, else what they are, numbers as numbers; of names only those in languages that stand for values.
    """
    whole = json.loads(text)
    content = whole.get("data", whole)  # the draft before 1.0 has it all at the root
    structures = content.get("structures") or [content["structure"]]
    found: Facts = {}
    for data in content["dataSets"]:
        structure = structures[int(data.get("structure", 0))]
        groups = _groups(structure, data)
        for where, cells in _observations(structure, data):
            above = [held for key, held in groups if key.items() <= where.items()]
            found[frozenset(where.items())] = cells | {name: held for one in above for name, held in one.items()}
    return found


def _groups(structure: dict[str, Any], data: dict[str, Any]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """What is attached to some dimensions. Their indices stand by position; in one sample as they are listed."""
    listed = [d for level in structure["dimensions"].values() for d in level]
    ordered = sorted(listed, key=lambda d: d.get("keyPosition", len(listed)))
    keys = data.get("dimensionGroupAttributes", {})
    for order in (ordered, listed):
        pairs = {key: list(zip(order, key.split(":"), strict=True)) for key in keys}
        if all(not i or int(i) < len(d["values"]) for pair in pairs.values() for d, i in pair):
            break
    return [
        (
            {d["id"]: value(d, int(i)) for d, i in pairs[key] if i},
            _cells(structure, "attributes", "dimensionGroup", held),
        )
        for key, held in keys.items()
    ]


def _observations(structure: dict[str, Any], data: dict[str, Any]) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    levels = {name.lower(): held for name, held in structure["dimensions"].items()}
    fixed = {d["id"]: value(d, 0) for d in levels.get("dataset", [])}
    shared = _cells(structure, "attributes", "dataSet", data.get("attributes", []))
    for key, one in data.get("series", {"": data}).items():
        named = zip(levels.get("series", []) if key else [], key.split(":") if key else [], strict=True)
        above = fixed | {d["id"]: value(d, int(i)) for d, i in named}
        own = _cells(structure, "attributes", "series", one.get("attributes", [])) if key else {}
        for inner, row in one.get("observations", {}).items():
            at = {d["id"]: value(d, int(i)) for d, i in zip(levels["observation"], inner.split(":"), strict=True)}
            yield above | at, shared | own | _row(structure, row)


def _row(structure: dict[str, Any], row: list[Any]) -> dict[str, Any]:
    """The measures and attributes of an observation; before 2.0 there is one measure, as it is."""
    measures = structure.get("measures", {}).get("observation", [{"id": "OBS_VALUE"}])
    cells = {m["id"]: _value(m, held) for m, held in zip(measures, row, strict=False) if held is not None}
    return cells | _cells(structure, "attributes", "observation", row[len(measures) :])


def _cells(structure: dict[str, Any], kind: str, level: str, held: list[Any]) -> dict[str, Any]:
    """The values of a level; those at the end that are nothing may be left out."""
    levels = {name.lower(): components for name, components in structure.get(kind, {}).items()}
    pairs = zip(levels.get(level.lower(), []), held, strict=False)
    return {component["id"]: _value(component, one) for component, one in pairs if one is not None}


def _value(component: dict[str, Any], held: Any) -> Any:
    if isinstance(held, list):
        many = [_value(component, one) for one in held]
        return many[0] if len(many) == 1 else many
    listed = component.get("values")
    if listed and isinstance(held, int):
        entry = listed[held]
        return str(entry.get("id", entry.get("value", entry.get("names", entry.get("name")))))
    return held
