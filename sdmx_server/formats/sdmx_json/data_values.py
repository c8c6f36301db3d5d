"""Values in SDMX-JSON data: by index into a component's ``values``, or as they are (field guide, "Handling indexes").

Dimensions always go by index, over the values that occur in the answer. Coded measures and attributes go by index over
all codes of their dictionary, since the answer's own are only known at its end. What is not coded stands in place.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import orjson

from ...batches import MISSING, DataSet
from ...model.common import Nameable
from ...model.period import Period
from ...model.resolved import ComponentKind, ResolvedComponent
from ..literals import Table
from ..values import decoded
from .engine import V20, Json, Texts, Writing

NAME = Texts("name", "names", "names", instead="id")
DESCRIPTION = Texts("description", "descriptions", "descriptions")
_NUMBERS = frozenset(("Numeric", "Long", "Short", "Float", "Double"))
_WHOLE = frozenset(("Integer", "Count"))
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ID = re.compile(r"[A-Za-z0-9_@$-]+")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def missing_literal(component: ResolvedComponent) -> str:
    """The mark of an intentionally missing value: ``"NaN"`` where values are numbers, else ``"#N/A"``."""
    return '"NaN"' if component.enumeration is None and component.text_type in _NUMBERS else '"#N/A"'


def literal(value: Any) -> str:
    """JSON text."""
    return orjson.dumps(value).decode()


def _scalar(component: ResolvedComponent, text: str) -> str:
    """JSON text of one uncoded value, by the type table of the field guide."""
    if component.text_type in _NUMBERS | _WHOLE and _NUMBER.fullmatch(text):
        return text
    if component.text_type == "Boolean" and text in ("true", "false"):
        return text
    return literal(text)


class Values:
    """How the values of one measure or attribute are written; ``listed`` are the coded ones, in index order.

    The schema of 2.0 refuses arrays of whole numbers (they fit two of its alternatives, where one is allowed), indices
    included. There several values are an array of texts, codes too.
    """

    def __init__(self, component: ResolvedComponent, dataset: DataSet, version: str) -> None:
        self.component = component
        self._as_texts = component.multi_valued and version == V20
        texts: Iterable[str | None] = dataset.codes(component.id)
        if component.kind is ComponentKind.ATTRIBUTE and not component.attached_to:
            texts = [dataset.dataset_attributes.get(component.id)]
        self.texts = list(texts)
        self.listed: dict[str, int] = {}
        if component.enumeration is not None and not self._as_texts:
            for text in self.texts:
                for code in _several(decoded(component, text)) if text is not None else ():
                    self.listed.setdefault(str(code), len(self.listed))

    def literal(self, text: str) -> str:
        """JSON text of a dictionary text."""
        value = decoded(self.component, text)
        if isinstance(value, dict):
            return literal(value)
        one = self._index if self.listed else self._plain
        if isinstance(value, str):
            return one(value)
        return f"[{','.join(literal(v) if isinstance(v, dict) else one(str(v)) for v in value)}]"

    def _index(self, code: str) -> str:
        return str(self.listed[code])

    def _plain(self, text: str) -> str:
        return literal(text) if self._as_texts else _scalar(self.component, text)

    def table(self) -> Table:
        """The literals of all dictionary ids; absent values are ``null``."""
        missing = missing_literal(self.component)
        texts = self.texts

        def render(index: int) -> str:
            text = texts[index]
            return self.literal(text) if text is not None else missing if index == MISSING else "null"

        return Table(len(texts), render)


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Indices:
    """The values of a dimension, or of time, that occur in the answer, and the index of each."""

    def __init__(self, component: ResolvedComponent, dataset: DataSet) -> None:
        self.component = component
        self.is_time = component.kind is ComponentKind.TIME
        self.source: Sequence[Any] = dataset.codes(component.id)
        self.ids = [int(i) for i in dataset.used(component.id)]
        if self.is_time:
            periods = self.source = dataset.periods()
            self.ids.sort(key=lambda i: _span(periods[i]))
        self.occurs = np.zeros(len(self.source), dtype=bool)
        self.occurs[self.ids] = True

    def table(self) -> Table:
        """The index of each dictionary id as text."""
        found = {i: str(position) for position, i in enumerate(self.ids)}
        return Table(len(self.source), lambda i: found.get(i, ""))

    def values(self, to: Writing) -> list[Json]:
        """The entries of ``values``."""
        if self.is_time:
            return [_period(self.source[i], to) for i in self.ids]
        return entries(self.component, (str(self.source[i]) for i in self.ids), to)


def entries(component: ResolvedComponent, codes: Iterable[str], to: Writing) -> list[Json]:
    """Entries of ``values``: identified and named for codes, ``value`` for anything that cannot be an id."""
    if component.enumeration is None:
        return [{"value": code} for code in codes]
    items: dict[str, Any] = {item.id: item for item in component.enumeration.items}
    found = []
    for code in codes:
        entry: Json = {"id": code} if _ID.fullmatch(code) else {"value": code}
        item = items.get(code, Nameable(id=code))
        NAME.write(item, entry, to)
        DESCRIPTION.write(item, entry, to)
        parent = getattr(item, "parent", None)
        if parent is not None and _ID.fullmatch(parent):
            entry["parent"] = parent
        found.append(entry)
    return found


def _span(period: Period | None) -> tuple[int, int]:
    return (period.start, period.end) if period is not None else (0, 0)


def _period(period: Period, to: Writing) -> Json:
    """A period with its first and last second. Version 2.0 gives it an id, as clients of that generation expect."""
    entry: Json = {"value": period.text}
    if to.version == V20 and _ID.fullmatch(period.text):
        entry = {"id": period.text, "name": period.text, "names": {"en": period.text}}
    return entry | {"start": _moment(period.start), "end": _moment(max(period.start, period.end - 1_000_000))}


@functools.lru_cache(maxsize=16_384)
def _moment(microseconds: int) -> str:
    moment = _EPOCH + dt.timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
