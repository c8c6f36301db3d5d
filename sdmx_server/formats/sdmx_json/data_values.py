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
import numpy.typing as npt
import orjson

from ...batches import MISSING, DataSet
from ...model.common import Nameable
from ...model.period import Period
from ...model.resolved import ComponentKind, ResolvedComponent
from ..literals import Table
from ..values import decoded
from .engine import V10, V20, Json, Texts, Writing

NAME = Texts("name", "names", "names", instead="id")
DESCRIPTION = Texts("description", "descriptions", "descriptions")
_NUMBERS = frozenset(("Numeric", "Long", "Short", "Float", "Double"))
_WHOLE = frozenset(("Integer", "Count"))
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
ID_FORM = re.compile(r"[A-Za-z0-9_@$-]+")
"""What the schemas allow as id of a value."""
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

    def table(self, _dataset: DataSet) -> Table:
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
    """The values of a dimension, or of time, that occur in an answer's data sets, and the index of each."""

    def __init__(self, component: ResolvedComponent, datasets: Sequence[DataSet]) -> None:
        self.component = component
        self.is_time = component.kind is ComponentKind.TIME
        held: dict[str, Any] = {}
        for dataset in datasets:
            source = self._source(dataset)
            held.update({self._text(source[i]): source[i] for i in dataset.used(component.id).tolist()})
        self._held = sorted(held.values(), key=_span) if self.is_time else list(held.values())
        self._found = {self._text(value): index for index, value in enumerate(self._held)}

    def _source(self, dataset: DataSet) -> Sequence[Any]:
        return dataset.periods() if self.is_time else dataset.codes(self.component.id)

    def _text(self, value: Any) -> str:
        return str(value.text if isinstance(value, Period) else value)

    def table(self, dataset: DataSet) -> Table:
        """The index of each dictionary id of a data set as text; empty for what does not occur."""
        source = self._source(dataset)
        return Table(len(source), lambda i: str(self._found.get(self._text(source[i]), "")))

    def occurs(self, dataset: DataSet) -> npt.NDArray[np.bool_]:
        """Which dictionary ids of a data set occur."""
        found = np.zeros(len(self._source(dataset)), dtype=bool)
        found[dataset.used(self.component.id)] = True
        return found

    def values(self, to: Writing) -> list[Json]:
        """The entries of ``values``."""
        if self.is_time:
            return [_period(period, to) for period in self._held]
        return entries(self.component, self._held, to)


def entries(component: ResolvedComponent, codes: Iterable[str], to: Writing) -> list[Json]:
    """Entries of ``values``: identified and named for codes, ``value`` for anything that cannot be an id.

    Version 1.0 has no ``value``. There the text itself stands as id even if it has characters (blanks, a slash) that
    its schema does not allow in one: clients take the id for the value, and another text would be another value.
    """
    if component.enumeration is None and to.version != V10:
        return [{"value": code} for code in codes]
    listed = component.enumeration.items if component.enumeration is not None else ()
    items: dict[str, Any] = {item.id: item for item in listed}
    found = []
    for code in codes:
        entry: Json = {"id": code} if to.version == V10 or ID_FORM.fullmatch(code) else {"value": code}
        item = items.get(code, Nameable(id=code))
        NAME.write(item, entry, to)
        DESCRIPTION.write(item, entry, to)
        parent = getattr(item, "parent", None)
        if parent is not None and ID_FORM.fullmatch(parent):
            entry["parent"] = parent
        found.append(entry)
    return found


def _span(period: Period) -> tuple[int, int]:
    return period.start, period.end


def _period(period: Period, to: Writing) -> Json:
    """A period with its first and last second. Versions 1.0 and 2.0 give it an id, as their clients expect."""
    entry: Json = {"value": period.text}
    if to.version == V10 or (to.version == V20 and ID_FORM.fullmatch(period.text)):
        entry = {"id": period.text, "name": period.text, "names": {"en": period.text}}
    return entry | {"start": _moment(period.start), "end": _moment(max(period.start, period.end - 1_000_000))}


@functools.lru_cache(maxsize=16_384)
def _moment(microseconds: int) -> str:
    moment = _EPOCH + dt.timedelta(microseconds=microseconds)
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
