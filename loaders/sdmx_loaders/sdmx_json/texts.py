"""Values of a message as columns of canonical text: by index into a list, or in place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from sdmx_server.batches import canonical
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, Storage

from .parsing import Json, Number

MISSING, NOT_A_NUMBER = "#N/A", "NaN"
_NUMERIC = frozenset(("Numeric", "Long", "Short", "Float", "Double"))
_SEPARATOR = ";"
_DIMENSIONS = (ComponentKind.DIMENSION, ComponentKind.TIME)


class Wrong(ValueError):
    """A value that cannot be one of the component; the message says why."""


class Described:
    """A component as the message's structure describes it: ``values`` are the texts of its list, if it has one."""

    def __init__(self, component: ResolvedComponent, described: Json, *, modern: bool, language: str) -> None:
        self.component, self.modern, self.language = component, modern, language
        self.compound = component.multi_valued or component.multilingual
        numeric = component.enumeration is None and component.text_type in _NUMERIC
        self._marks_missing = numeric and component.storage is not Storage.FLOAT
        listed = described.get("values")
        by_index = not modern or component.kind in _DIMENSIONS or bool(listed)
        self.values: list[str | None] | None = None
        if by_index and isinstance(listed, list):
            self.values = [None if entry is None else self._entry(entry) for entry in listed]

    def _entry(self, entry: Any) -> str | None:
        """The text of an entry of ``values``."""
        if not isinstance(entry, dict):
            return self.text(entry)
        if self.component.kind is ComponentKind.TIME and entry.get("value") is not None:
            return str(entry["value"])
        if entry.get("id") is not None:
            return self.text(str(entry["id"]))
        if "value" in entry:
            return self.text(entry["value"])
        names = entry.get("names")
        if self.component.multilingual and not self.component.multi_valued and isinstance(names, dict) and names:
            return canonical(names)
        return self.text(entry.get("name"))

    def text(self, value: Any) -> str | None:
        """The canonical text of one value that stands in place. Raises ``Wrong``."""
        if value is None:
            return None
        if value == MISSING or (self._marks_missing and value == NOT_A_NUMBER):
            return MISSING
        if isinstance(value, list):
            if not self.component.multi_valued:
                raise Wrong("several values where one is allowed")
            return canonical([self._one(one) for one in value])
        if not self.component.multi_valued:
            one = self._one(value)
            return one if isinstance(one, str) else canonical(one)
        if not self.modern and isinstance(value, str):
            return canonical([self._one(one) for one in _several(value)])
        return canonical([self._one(value)])

    def _one(self, value: Any) -> str | dict[str, str]:
        """A single value: a text, or texts in languages."""
        if isinstance(value, dict):
            if not self.component.multilingual or not all(isinstance(text, str) for text in value.values()):
                raise Wrong("an object where a plain value is wanted")
            return dict(value)
        if isinstance(value, list) or value is None:
            raise Wrong("a list or nothing among several values")
        if isinstance(value, Number) and self.values is not None:
            index = int(value) if value.isdecimal() else -1
            listed = self.values[index] if 0 <= index < len(self.values) else None
            if listed is None:
                raise Wrong(f"the index {value} is not in the list of {len(self.values)} values")
            one: str | dict[str, str] = json.loads(listed)[0] if self.component.multi_valued else listed
            return one
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return {self.language: text} if self.component.multilingual else text

    def column(self, held: Sequence[Any]) -> tuple[pl.Series, dict[int, str]]:
        """The texts of values, and by position what is wrong with some; those are null."""
        name = self.component.id
        types = set(map(type, held)) - {type(None)}
        if types <= {Number} and self.values is not None:
            return self._by_index(held)
        if types <= {Number, str} and not self.compound and self.values is None:
            column = pl.Series(name, held, dtype=pl.String)
            if self._marks_missing:
                column = column.replace(NOT_A_NUMBER, MISSING)
            return column, {}
        found: list[str | None] = []
        faults: dict[int, str] = {}
        for position, value in enumerate(held):
            try:
                one = self._listed(value) if isinstance(value, Number) and self.values is not None else self.text(value)
            except Wrong as wrong:
                one = None
                faults[position] = str(wrong)
            found.append(one)
        return pl.Series(name, found, dtype=pl.String), faults

    def _listed(self, index: Number) -> str | None:
        column, faults = self._by_index([index])
        if faults:
            raise Wrong(faults[0])
        text: str | None = column[0]
        return text

    def _by_index(self, held: Sequence[Number | None]) -> tuple[pl.Series, dict[int, str]]:
        values = pl.Series(self.component.id, self.values, dtype=pl.String)
        texts = pl.Series(held, dtype=pl.String)
        indices = texts.cast(pl.Int64, strict=False)
        wrong = (indices.is_null() & texts.is_not_null()) | (indices < 0).fill_null(False)
        wrong |= (indices >= len(values)).fill_null(False)
        faults = {}
        if wrong.any():
            rule = f"the index is not in the list of {len(values)} values"
            faults = dict.fromkeys(wrong.arg_true().to_list(), rule)
            indices = pl.select(pl.when(~wrong).then(indices)).to_series()
        return values.gather(indices), faults


def _several(text: str) -> list[Any]:
    """Several values in one text, as 1.0 has them: divided as in SDMX-CSV, or a JSON array."""
    if text.startswith("["):
        try:
            found = json.loads(text)
        except ValueError as error:
            raise Wrong(str(error)) from None
        return found if isinstance(found, list) else [found]
    if '"' not in text:
        return text.split(_SEPARATOR)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_SEPARATOR, strict=True))
    except csv.Error as error:
        raise Wrong(str(error)) from None
    if len(rows) != 1:
        raise Wrong("a line break outside quotation marks")
    return rows[0]
