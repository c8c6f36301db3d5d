"""The structure of a message beside the structure that is loaded: where each component's values stand."""

from __future__ import annotations

from typing import Any

import polars as pl

from sdmx_server.formats.primary_measure import primary_measure
from sdmx_server.loading.api import Source, suggestion
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent

from ..naming import not_loaded
from .message import DataSetAt, Message, child, stop
from .parsing import Json, Number, Stop
from .texts import Described, Wrong

_LEVELS = ("dataSet", "series", "observation", "dimensionGroup")
_SPELLED = {"dataset": "dataSet"}
"""A spelling that is met, too."""

Place = Described | None
"""A component at its position; None for one that is not loaded."""


class Layout:
    """Dimensions and attributes by level, each in the order of the message, and what an observation holds.

    Findings, after which it raises ``Stop``: json-type, json-missing, json-value, column-unknown, column-twice.
    """

    def __init__(self, source: Source, message: Message, at: DataSetAt) -> None:
        self._source, self._message, self._path = source, message, at.structure_path
        self._known = {c.id: c for c in source.structure.components}
        self._ignored = not_loaded(source)
        self._seen: set[str] = set()
        faults = source.findings.count
        self.dimensions: dict[str, list[Described]] = {}
        positions: list[tuple[int, Described]] = []
        for level, number, held in self._components(at.structure, "dimensions"):
            dimension = self._dimension(held, level, number)
            if dimension is not None:
                self.dimensions.setdefault(level, []).append(dimension)
                position = held.get("keyPosition")
                known = isinstance(position, Number) and position.isdecimal()
                positions.append((int(str(position)) if known else len(self._known), dimension))
        self._by_key = [dimension for _, dimension in sorted(positions, key=lambda pair: pair[0])]
        self._listed = [dimension for _, dimension in positions]
        self.attributes: dict[str, list[Place]] = {level: [] for level in _LEVELS}
        for level, number, held in self._components(at.structure, "attributes"):
            self.attributes.setdefault(level, []).append(self._value(held, f"attributes/{level}/{number}"))
        self.observation = [*self._measures(at.structure), *self.attributes["observation"]]
        if source.findings.count > faults:
            raise Stop

    def at(self, level: str) -> list[Described]:
        """The dimensions of a level."""
        return self.dimensions.get(level, [])

    def partial_keys(self, keys: list[str]) -> list[dict[str, str | None] | None]:
        """The texts of keys with gaps; None for a wrong one.

        Indices stand in the order of ``keyPosition``, as the field guide says; in official samples they stand in the
        order in which the structure lists the dimensions, which is tried where the other does not fit.
        """
        found = [_partial_key(key, self._by_key) for key in keys]
        if None in found:
            as_listed = [_partial_key(key, self._listed) for key in keys]
            return found if None in as_listed else as_listed
        return found

    def dimension_ids(self) -> list[str]:
        """Ids of all dimensions of the message."""
        return [dimension.component.id for dimension in self._listed]

    def _components(self, structure: Json, key: str) -> list[tuple[str, int, Json]]:
        if key not in structure and key == "dimensions":
            stop(self._source, "json-missing", self._path, key=key)
        levels = child(self._source, structure, key, dict, self._path)
        found = []
        for name in levels:
            level = _SPELLED.get(name, name)
            for number, held in enumerate(child(self._source, levels, name, list, f"{self._path}/{key}")):
                path = f"{self._path}/{key}/{name}/{number}"
                if not isinstance(held, dict):
                    stop(self._source, "json-type", path, wanted="dict")
                if not isinstance(held.get("id"), str):
                    stop(self._source, "json-missing", path, key="id")
                found.append((level, number, held))
        return found

    def _measures(self, structure: Json) -> list[Place]:
        """Those of the message; 1.0 has the primary measure alone and does not list it."""
        levels = child(self._source, structure, "measures", dict, self._path)
        if self._message.modern and levels:
            listed = [(n, held) for level, n, held in self._components(structure, "measures") if level == "observation"]
            return [self._value(held, f"measures/observation/{number}") for number, held in listed]
        primary = primary_measure([m.id for m in self._source.structure.measures])
        component = self._known.get(primary or "")
        return [None if component is None else self._described(component, {}, "")]

    def _dimension(self, held: Json, level: str, number: int) -> Described | None:
        component = self._component(held["id"], f"dimensions/{level}/{number}")
        if component is None:
            return None
        if component.kind not in (ComponentKind.DIMENSION, ComponentKind.TIME):
            self._source.findings.add(
                "column-unknown", file=self._source.name, column=held["id"], hint={"en": "", "fa": ""}
            )
            return None
        described = self._described(component, held, f"dimensions/{level}/{number}")
        if described.values is None:
            described.values = []
        return described

    def _value(self, held: Json, path: str) -> Place:
        if held["id"] in self._ignored:
            return None
        component = self._component(held["id"], path)
        return None if component is None else self._described(component, held, path)

    def _component(self, name: str, path: str) -> ResolvedComponent | None:
        component = self._known.get(name)
        where = f"{self._path}/{path}"
        if component is None:
            hint = suggestion(name, self._known)
            self._source.findings.add("column-unknown", file=self._source.name, path=where, column=name, hint=hint)
        elif name in self._seen:
            self._source.findings.add("column-twice", file=self._source.name, path=where, column=name)
        self._seen.add(name)
        return component

    def _described(self, component: ResolvedComponent, held: Json, path: str) -> Described:
        try:
            return Described(component, held, modern=self._message.modern, language=self._message.language)
        except Wrong as wrong:
            where = f"{self._path}/{path}/values"
            stop(self._source, "json-value", where, column=component.id, value="", reason=str(wrong))

    def key(self, keys: pl.Series, dimensions: list[Described]) -> tuple[list[pl.Series], list[int]]:
        """The texts of keys, a column for each dimension, and the positions of keys that are wrong."""
        most = len(dimensions)
        if not dimensions:
            return [], (keys != "").arg_true().to_list()
        parts = keys.str.split_exact(":", most - 1).struct.unnest()
        wrong = keys.str.count_matches(":", literal=True) != most - 1
        columns = []
        for dimension, name in zip(dimensions, parts.columns, strict=True):
            values = pl.Series(dimension.values, dtype=pl.String)
            part = parts[name]
            indices = part.cast(pl.UInt32, strict=False)
            bad = (
                indices.is_null()
                | (indices >= len(values)).fill_null(True)
                | ~part.str.contains("^[0-9]+$").fill_null(False)
            )
            indices = pl.select(pl.when(~bad).then(indices)).to_series()
            columns.append(values.gather(indices).rename(dimension.component.id))
            wrong |= bad | columns[-1].is_null()
        return columns, wrong.arg_true().to_list()


def _partial_key(key: str, dimensions: list[Described]) -> dict[str, str | None] | None:
    """The texts of a key with gaps (null) and dimensions that are switched off (``~``); None when it is wrong."""
    parts = key.split(":")
    if len(parts) != len(dimensions):
        return None
    found: dict[str, str | None] = {}
    for part, dimension in zip(parts, dimensions, strict=True):
        values: list[Any] = dimension.values or []
        if part in ("", "~"):
            found[dimension.component.id] = part or None
        elif part.isascii() and part.isdecimal() and int(part) < len(values) and values[int(part)] is not None:
            found[dimension.component.id] = values[int(part)]
        else:
            return None
    return found
