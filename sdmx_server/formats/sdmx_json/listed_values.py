"""Values of measures and attributes in SDMX-JSON 1.0, which always go by index into a list of those that occur.

What occurs is known at the end of an answer only, so indices are given out as values are met, and the lists are written
after the data. A list is shared by all data sets of a message.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import orjson
import polars as pl

from ...batches import MISSING, PRESENCE_MISSING, PRESENCE_PRESENT, Array, Column, DataSet, Ids
from ...model.common import Nameable
from ...model.resolved import ResolvedComponent
from ...number_texts import NumberStyle, number_text
from ..digits import Digits
from ..literals import Frame, Level, Table
from ..pieces import FUSED, Lookup
from ..strips import Part, buffer, concat
from ..texts import best_language
from ..values import decoded, joined, missing_text
from .data_values import DESCRIPTION, ID_FORM, NAME
from .engine import Json, Writing

_PIECE = 1_000
"""Entries of ``values`` that are objects at the same time."""

_MAPS = frozenset(("names", "descriptions", "titles", "texts"))


def in_one_language(value: Any) -> Any:
    """The value without the maps of texts in languages."""
    if isinstance(value, dict):
        return {key: in_one_language(held) for key, held in value.items() if key not in _MAPS}
    return [in_one_language(one) for one in value] if isinstance(value, list) else value


def in_one_text(values: list[Any], canonical: str) -> str:
    """Several values as 1.0 has room for them: divided as in SDMX-CSV, or in languages as the JSON array that they are.

    A text that begins like an array always is one, so that nothing is ambiguous.
    """
    text = joined(values) if all(isinstance(value, str) for value in values) else canonical
    return canonical if text.startswith("[") else text


class Listed:
    """The values of one measure or attribute, each with its index; texts of any kind."""

    def __init__(self, component: ResolvedComponent) -> None:
        self.component = component
        self._found: dict[str, int] = {}

    def index(self, text: str) -> int:
        """The index of a dictionary text."""
        return self._found.setdefault(text, len(self._found))

    def literal(self, text: str) -> str:
        """The index as JSON text."""
        return str(self.index(text))

    def numbers(self, dataset: DataSet) -> Callable[[Ids], Ids]:
        """What turns dictionary ids of a data set into one more than the index; 0 where there is none."""
        texts = dataset.codes(self.component.id)
        missing = missing_text(self.component)
        known = np.zeros(max(len(texts), MISSING + 1), np.uint32)

        def numbers(ids: Ids) -> Ids:
            new = np.unique(ids[known[ids] == 0])
            for i in new[new > 0].tolist():
                known[i] = self.index(missing if i == MISSING else str(texts[i])) + 1
            found: Ids = known[ids]
            return found

        return numbers

    def entries(self, to: Writing) -> orjson.Fragment:
        """The list ``values``, made piece by piece: there may be as many texts as there are series."""
        enumeration = self.component.enumeration
        items: dict[str, Any] = {item.id: item for item in enumeration.items} if enumeration is not None else {}
        entries = (self._entry(text, items, to) for text in self._found)
        pieces = iter(lambda: orjson.dumps(list(islice(entries, _PIECE)))[1:-1], b"")
        return orjson.Fragment(b"[" + b",".join(pieces) + b"]")

    def _entry(self, text: str, items: dict[str, Any], to: Writing) -> Json:
        """A code is identified and named; other values are names."""
        value = decoded(self.component, text)
        if isinstance(value, dict):
            best = {"name": value[str(best_language(value, to.languages))]}
            return best if to.one_language else best | {"names": value}
        if isinstance(value, list):
            return {"name": in_one_text(value, text)}
        if self.component.enumeration is None or not ID_FORM.fullmatch(text):
            return {"name": text}
        entry: Json = {"id": text}
        item = items.get(text, Nameable(id=text))
        NAME.write(item, entry, to)
        DESCRIPTION.write(item, entry, to)
        return in_one_language(entry) if to.one_language else entry


class ListedTexts:
    """A primary measure that is no number: its texts stand in place, several values in one."""

    def __init__(self, component: ResolvedComponent) -> None:
        self.component = component

    def literal(self, text: str) -> str:
        """JSON text of a dictionary text."""
        value = decoded(self.component, text)
        return orjson.dumps(in_one_text(value, text) if isinstance(value, list) else text).decode()

    def table(self, dataset: DataSet) -> Table:
        """The texts of all dictionary ids of a data set; absent values are ``null``."""
        texts = dataset.codes(self.component.id)
        missing = missing_text(self.component)

        def render(index: int) -> str:
            text = texts[index] if texts[index] is not None else missing if index == MISSING else None
            return "null" if text is None else self.literal(text)

        return Table(len(texts), render)


class Figures:
    """The values of one numeric measure that is written like an attribute."""

    def __init__(self, component: ResolvedComponent) -> None:
        self.component = component
        self.count = 0
        self._style = NumberStyle().of(component)
        self._texts: list[pl.Series] = []
        self._known: Array = np.empty(0)  # sorted
        self._index: Array = np.empty(0, np.uint32)
        self._special: dict[str, int] = {}

    def numbers(self, column: Column) -> Ids:
        """One more than the index of each value; 0 where there is none."""
        presence = column.presence if column.presence is not None else np.ones(len(column.values), np.uint8)
        found = np.zeros(len(column.values), np.uint32)
        there = presence == PRESENCE_PRESENT
        if column.values.dtype == np.float64:
            not_numbers = there & np.isnan(column.values)
            if not_numbers.any():
                found[not_numbers] = self._of("NaN") + 1
                there &= ~not_numbers
        missing = presence == PRESENCE_MISSING
        if missing.any():
            found[missing] = self._of(missing_text(self.component)) + 1
        some, where = np.unique(column.values[there], return_inverse=True)
        found[there] = (self._of_numbers(some) + 1)[where]
        return found

    def _of(self, text: str) -> int:
        if text not in self._special:
            self._special[text] = self._add(pl.Series([text]))
        return self._special[text]

    def _add(self, texts: pl.Series) -> int:
        first = self.count
        self._texts.append(texts)
        self.count += len(texts)
        return first

    def _of_numbers(self, some: Array) -> Ids:
        """The indices of sorted, distinct numbers."""
        if not len(self._known):
            self._known = self._known.astype(some.dtype)
        at = np.searchsorted(self._known, some)
        new = np.ones(len(some), dtype=bool)
        inside = at < len(self._known)
        new[inside] = self._known[at[inside]] != some[inside]
        if new.any():
            first = self._add(number_text(some[new], self._style))
            self._known = np.insert(self._known, at[new], some[new])
            self._index = np.insert(self._index, at[new], np.arange(first, self.count, dtype=np.uint32))
        held: Ids = self._index[np.searchsorted(self._known, some)]
        return held

    def entries(self, _to: Writing) -> orjson.Fragment:
        """The list ``values``."""
        if not self._texts:
            return orjson.Fragment(b"[]")
        text = buffer(concat([',{"name":"', pl.concat(self._texts), '"}']))
        return orjson.Fragment(b"[" + text[1:] + b"]")


class IndexLookup(Lookup):
    """A piece of a line that holds an index; ``numbers`` turns a batch's ids, or figures, into one more than it."""

    def __init__(
        self,
        component: str,
        level: Level,
        numbers: Callable[[Any], Ids],
        *,
        measure: bool = False,
        around: tuple[str, str] = ("", ""),
    ) -> None:
        super().__init__(component, level, _Counted(*around), measure)
        self._numbers, self._around = numbers, around

    def ids(self, frame: Frame, level: Level | None = None) -> Ids | None:
        """One more than each index, 0 where there is none; None when absent throughout."""
        held = super().ids(frame, level)
        return None if held is None else self._numbers(held)

    def first(self, frame: Frame) -> int:
        """One more than the index in the first observation; 0 when absent throughout."""
        return int(self._numbers(np.array([super().first(frame)], np.uint32))[0])

    def wrapped(self, before: str, after: str) -> Lookup:
        """The same piece with constant text around it."""
        around = (before + self._around[0], self._around[1] + after)
        return type(self)(self.component, self.level, self._numbers, measure=self.measure, around=around)


class FigureLookup(IndexLookup):
    """The same for a numeric measure."""

    def ids(self, frame: Frame, level: Level | None = None) -> Ids | None:  # noqa: ARG002 # at one level only
        """One more than each index, 0 where there is none; None when absent throughout."""
        column = frame.batch.measures.get(self.component)
        return None if column is None else self._numbers(column)


class _Counted(Table):
    """The literals of ids that are one more than what they stand for; too many to be held or fused."""

    def __init__(self, before: str = "", after: str = "") -> None:
        super().__init__(FUSED + 1, lambda i: f"{before}{i - 1 if i else 'null'}{after}")
        self._before, self._after = before, after

    def one(self, index: int) -> str:
        """The literal of an id."""
        return self.render(index)

    def few(self, ids: Ids) -> list[str]:
        """The literals of a handful of ids."""
        return list(map(self.render, ids.tolist()))

    def parts(self, ids: Ids) -> list[Part]:
        """The literals of ids."""
        digits = Digits(Column(ids.astype(np.int64) - 1, (ids > 0).view(np.uint8)), NumberStyle())
        return [self._before, *digits.high, digits.ended(digits.table("null", "")), self._after]
