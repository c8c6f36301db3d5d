"""Columns of SDMX-JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from benchmarks.material import AREA_NOTE, SOURCE, Material, text_of

from .shared import Held, numbers, texts, together


def read_json(path: Path, material: Material) -> pl.DataFrame:
    """Time series of SDMX-JSON 2.x with one data set."""
    data = orjson.loads(path.read_bytes())["data"]
    [structure], [data_set] = data["structures"], data["dataSets"]
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    values = {d["id"]: _ids(d) for level in ("series", "observation") for d in dimensions[level]}
    assert [d["id"] for d in dimensions["series"]] == list(material.sizes)
    keys = pl.Series(list(data_set["series"]))
    held = [one.get("attributes", []) for one in data_set["series"].values()]
    series = pl.DataFrame(
        [*_keys(keys, values, tuple(material.sizes)), *_cells(attributes.get("series", []), held, material)]
    )
    at, owner, rows = _observations(data_set)
    cells = _cells(structure["measures"]["observation"] + attributes["observation"], rows, material)
    frame = pl.DataFrame([*_keys(pl.Series(at), values, ("TIME_PERIOD",)), *cells])
    return together(frame, series, owner, *_upper(attributes, data_set, values["REF_AREA"], material))


def read_json_1(path: Path, material: Material) -> pl.DataFrame:
    """Time series of SDMX-JSON 1.0, or of the drafts before it, with one data set."""
    message = orjson.loads(path.read_bytes())
    data = message.get("data", message)
    structure, [data_set] = data["structure"], data["dataSets"]
    dimensions, attributes = structure["dimensions"], structure["attributes"]
    values = {d["id"]: _ids(d) for level in ("series", "observation") for d in dimensions[level]}
    assert [(d["id"], d["keyPosition"]) for d in dimensions["series"]] == [(d, i) for i, d in enumerate(material.sizes)]
    held = [one.get("attributes", []) for one in data_set["series"].values()]
    series = _cells(attributes["series"], held, material)
    keys = _keys(pl.Series(list(data_set["series"])), values, tuple(material.sizes))
    at, owner, rows = _observations(data_set)
    cells = _cells([{"id": "OBS_VALUE"}, *attributes["observation"]], rows, material)
    frame = pl.DataFrame([*_keys(pl.Series(at), values, ("TIME_PERIOD",)), *cells])
    [shared] = _cells(attributes["dataSet"], [data_set["attributes"]], material)
    of_series = pl.DataFrame([*keys, *series])[pl.Series(owner, dtype=pl.UInt32)]
    return pl.concat([frame, of_series], how="horizontal").with_columns(pl.lit(shared[0]).alias(shared.name))


def _ids(component: dict[str, Any]) -> list[str]:
    return [next(value[name] for name in ("id", "value", "name") if name in value) for value in component["values"]]


def _observations(data_set: dict[str, Any]) -> tuple[list[str], list[int], list[list[Any]]]:
    """Of each observation its place in time, the number of its series, and its values."""
    at: list[str] = []
    owner: list[int] = []
    rows: list[list[Any]] = []
    for number, one in enumerate(data_set["series"].values()):
        observations = one["observations"]
        at += observations
        rows += observations.values()
        owner += [number] * len(observations)
    return at, owner, rows


def _keys(keys: pl.Series, values: dict[str, list[str]], names: Sequence[str]) -> list[pl.Series]:
    """The codes that keys like ``0:3:1`` stand for."""
    parts = keys.str.split_exact(":", len(names) - 1).struct.unnest()
    return [pl.Series(n, values[n])[part.cast(pl.UInt32)].alias(n) for n, part in zip(names, parts, strict=True)]


def _cells(components: Sequence[dict[str, Any]], rows: Sequence[list[Any]], material: Material) -> list[pl.Series]:
    """The columns of arrays of values."""
    assert all(len(row) == len(components) for row in rows)
    found = []
    for place, component in enumerate(components):
        name, column = component["id"], [row[place] for row in rows]
        if "values" in component:
            listed = _listed(component, material)
            column = [None if v is None else listed[v] for v in column]
            found.append(numbers(material, name, column) if name in material.measures else texts(name, column))
        elif name in material.measures:
            assert all(v is None or type(v) in (int, float) for v in column)
            found.append(numbers(material, name, column))
        elif name in material.in_languages:
            found.append(texts(name, [None if v is None else text_of(v) for v in column]))
        else:
            found.append(texts(name, column))
    return found


def _listed(component: dict[str, Any], material: Material) -> list[str]:
    """The texts that the numbers of a component stand for."""
    if component["id"] in material.in_languages and all("names" in value for value in component["values"]):
        return [text_of(value["names"]) for value in component["values"]]
    return _ids(component)


def _upper(attributes: Any, data_set: Any, areas: list[str], material: Material) -> tuple[Held, Held]:
    """The texts of areas, and of the data set."""
    [group], [shared] = attributes["dimensionGroup"], attributes["dataSet"]
    assert (group["id"], shared["id"]) == (AREA_NOTE, SOURCE)
    place = list(material.sizes).index("REF_AREA")
    notes = {}
    for key, [held] in data_set["dimensionGroupAttributes"].items():
        parts = key.split(":")
        assert [bool(part) for part in parts] == [d == "REF_AREA" for d in material.key]
        notes[areas[int(parts[place])]] = text_of(held)
    [shared] = data_set["attributes"]
    return notes, {SOURCE: text_of(shared)}
