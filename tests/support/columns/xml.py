"""Columns of SDMX-ML: structure-specific and generic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.parsers import expat

import polars as pl

from benchmarks.material import AREA_NOTE, Material, text_of

from .shared import Held, numbers, texts, together


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
        self._places = {
            "DataSet": self.data_sets,
            "Group": self.groups,
            "Series": self.series,
            "Obs": self.observations,
        }
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
            attributes = {name: value for name, value in attributes.items() if " " not in name}
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
    """Structure-specific time series of one data set."""
    found = _Elements()
    found.read(path)
    return _joined(found, material)


def read_generic(path: Path, material: Material) -> pl.DataFrame:
    """Generic time series of one data set."""
    found = _Values()
    found.read(path)
    return _joined(found, material)


class _Values(_Elements):
    """The same from generic data, where each value is an element; none of them has a meaning when it ends."""

    def _start(self, name: str, attributes: Held) -> None:
        local = name.rpartition(" ")[2]
        if local == "Value":
            self._set(attributes["id"], attributes["value"])
        elif local == "ObsDimension":
            self._set("TIME_PERIOD", attributes["value"])
        elif local == "ObsValue":
            self._set("OBS_VALUE", attributes["value"])
        elif local in self._places:
            if local == "Obs":
                self.owner.append(len(self.series) - 1)
            self._current = {}
            self._places[local].append(self._current)

    def _set(self, name: str, value: str) -> None:
        assert name not in self._current
        self._current[name] = value


def _joined(found: _Elements, material: Material) -> pl.DataFrame:
    [data_set] = found.data_sets
    series = _table(found.series, (*material.sizes, *material.notes))
    frame = _table(found.observations, ("TIME_PERIOD", *material.measures, "OBS_STATUS"))
    frame = frame.with_columns(numbers(material, m, frame[m].to_list()) for m in material.measures)
    notes = {group["REF_AREA"]: group[AREA_NOTE] for group in found.groups}
    assert len(notes) == len(found.groups)
    return together(frame, series, found.owner, notes, data_set)


def _table(elements: Sequence[Held], names: Sequence[str]) -> pl.DataFrame:
    frame = pl.DataFrame([texts(n, [e.get(n) for e in elements]) for n in names])
    values = sum(len(e) for e in elements)
    assert values == sum(len(column) - column.null_count() for column in frame), "there are other attributes"
    return frame
