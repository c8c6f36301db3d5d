"""Quick readers of large data messages into columns; they share no code with the writers.

Each gives one row for each observation with every component of the material: numbers as numbers, all else as text,
texts in languages as ``scale.text_of`` writes them, what is absent as null. Attributes of series, groups and the data
set stand at each observation that they apply to.
"""

from __future__ import annotations

import csv
import gc
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.parsers import expat

import orjson
import polars as pl

from benchmarks.material import AREA_NOTE, SOURCE, Material, each, text_of
from sdmx_server.model.resolved import Storage

Held = dict[str, str]
_TYPES = {Storage.FLOAT: (float, pl.Float64), Storage.INTEGER: (int, pl.Int64)}


def _numbers(material: Material, name: str, values: Iterable[Any]) -> pl.Series:
    """A measure from its texts, or from the numbers of JSON."""
    number, dtype = _TYPES[material.measures[name]]
    return pl.Series(name, [None if v is None else number(v) for v in values], dtype=dtype)


def _texts(name: str, values: Sequence[str | None]) -> pl.Series:
    return pl.Series(name, values, dtype=pl.String)


# ---- CSV ----


def read_csv(path: Path, material: Material) -> pl.DataFrame:
    """SDMX-CSV 2.x of one data set."""
    frame = pl.read_csv(path, infer_schema=False)
    names = {name: name.partition("[")[0] for name in frame.columns}
    assert list(names.values())[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert frame.select(pl.nth(0, 1)).unique().rows() == [("dataflow", material.flow)]
    assert {n for n in names if n.endswith("[en;fa]")} == {f"{n}[en;fa]" for n in material.in_languages}
    frame = frame.rename(names)
    assert set(frame.columns[3:]) == {*material.key, *material.measures, *material.attributes}
    return frame.select(
        *material.key,
        *(_numbers(material, m, frame[m].to_list()) for m in material.measures),
        *(each(frame[a], _divided) if a in material.in_languages else frame[a] for a in material.attributes),
    )


def _divided(field: str) -> str:
    [parts] = csv.reader([field], delimiter=";", strict=True)
    return text_of(dict(part.split(":", 1) for part in parts))


# ---- XML ----


class _Elements:
    """Gathers the attributes of the elements that hold values; ``Comp`` elements count as attributes of their owner.

    Ends of elements and text are only listened to within ``Comp``, since most elements are empty.
    """

    def __init__(self) -> None:
        self.data_sets: list[Held] = []
        self.groups: list[Held] = []
        self.series: list[Held] = []
        self.observations: list[Held] = []
        self.owner: list[int] = []  # the series of each observation
        self._current: Held = {}
        self._component = self._language = ""
        self._languages: dict[str, str] = {}
        self._parts: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start

    def read(self, path: Path) -> None:
        """Read a whole file."""
        with path.open("rb") as file:
            self._parser.ParseFile(file)

    def _start(self, name: str, attributes: Held) -> None:
        """An element begins; names are ``namespace name``, or plain without a namespace."""
        if name == "Obs":
            self.observations.append(attributes)
            self.owner.append(len(self.series) - 1)
        elif name == "Series":
            self.series.append(attributes)
        elif name == "Group":
            self.groups.append(attributes)
        elif name == "Comp":
            self._component, self._languages = attributes["id"], {}
            self._parser.EndElementHandler, self._parser.CharacterDataHandler = self._end, self._parts.append
            return
        elif name.endswith(" Text"):
            self._language = attributes["http://www.w3.org/XML/1998/namespace lang"]
            self._parts.clear()
            return
        elif name.endswith(" DataSet"):
            attributes = {}
            self.data_sets.append(attributes)
        else:
            return
        self._current = attributes

    def _end(self, name: str) -> None:
        if name.endswith(" Text"):
            self._languages[self._language] = "".join(self._parts)
        elif name == "Comp":
            assert self._component not in self._current
            self._current[self._component] = text_of(self._languages)
            self._parser.EndElementHandler = self._parser.CharacterDataHandler = None


def read_xml(path: Path, material: Material) -> pl.DataFrame:
    """Structure-specific time series of SDMX-ML 3.x with one data set."""
    found = _Elements()
    found.read(path)
    [data_set] = found.data_sets
    series = _table(found.series, (*material.sizes, *material.notes))
    frame = _table(found.observations, ("TIME_PERIOD", *material.measures, "OBS_STATUS"))
    frame = frame.with_columns(_numbers(material, m, frame[m].to_list()) for m in material.measures)
    notes = {group["REF_AREA"]: group[AREA_NOTE] for group in found.groups}
    assert len(notes) == len(found.groups)
    return _together(frame, series, found.owner, notes, data_set)


def _table(elements: Sequence[Held], names: Sequence[str]) -> pl.DataFrame:
    frame = pl.DataFrame([_texts(n, [e.get(n) for e in elements]) for n in names])
    values = sum(len(e) for e in elements)
    assert values == sum(len(column) - column.null_count() for column in frame), "there are other attributes"
    return frame


def _together(
    frame: pl.DataFrame, series: pl.DataFrame, owner: Sequence[int], notes: Held, data_set: Held
) -> pl.DataFrame:
    """All levels at each observation; ``notes`` by area."""
    assert data_set.keys() == {SOURCE}
    series = series.with_columns(each(series["REF_AREA"], notes.get).alias(AREA_NOTE))
    of_series = series[pl.Series(owner, dtype=pl.UInt32)]
    return pl.concat([frame, of_series], how="horizontal").with_columns(pl.lit(data_set[SOURCE]).alias(SOURCE))


# ---- JSON ----


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
    owner: list[int] = []
    at: list[str] = []
    rows: list[list[Any]] = []
    for number, one in enumerate(data_set["series"].values()):
        observations = one["observations"]
        at += observations
        rows += observations.values()
        owner += [number] * len(observations)
    cells = _cells(structure["measures"]["observation"] + attributes["observation"], rows, material)
    frame = pl.DataFrame([*_keys(pl.Series(at), values, ("TIME_PERIOD",)), *cells])
    return _together(frame, series, owner, *_upper(attributes, data_set, values["REF_AREA"], material))


def _ids(component: dict[str, Any]) -> list[str]:
    return [value["id"] if "id" in value else value["value"] for value in component["values"]]


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
        if name in material.measures:
            assert all(v is None or type(v) in (int, float) for v in column)
            found.append(_numbers(material, name, column))
        elif name in material.in_languages:
            found.append(_texts(name, [None if v is None else text_of(v) for v in column]))
        elif "values" in component:
            ids = _ids(component)
            found.append(_texts(name, [None if v is None else ids[v] for v in column]))
        else:
            found.append(_texts(name, column))
    return found


def _upper(attributes: Any, data_set: Any, areas: list[str], material: Material) -> tuple[Held, Held]:
    """The texts of areas, and of the data set."""
    [group], [shared] = attributes["dimensionGroup"], attributes["dataSet"]
    assert (group["id"], shared["id"]) == (AREA_NOTE, SOURCE)
    place = list(material.sizes).index("REF_AREA")
    notes = {}
    for key, [texts] in data_set["dimensionGroupAttributes"].items():
        parts = key.split(":")
        assert [bool(part) for part in parts] == [d == "REF_AREA" for d in material.key]
        notes[areas[int(parts[place])]] = text_of(texts)
    [texts] = data_set["attributes"]
    return notes, {SOURCE: text_of(texts)}


_READERS = {"csv": read_csv, "xml": read_xml, "json": read_json}
EXTENSIONS = tuple(_READERS)


def read(path: Path, extension: str, material: Material) -> pl.DataFrame:
    """The columns of a message; without Python's search for cycles, which takes longer than reading does."""
    gc.disable()
    try:
        return _READERS[extension](path, material)
    finally:
        gc.enable()
