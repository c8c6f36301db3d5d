"""Observations in packed columns: what the store gives, the writers print and the loaders hand in.

There is never a Python object per observation. Coded and textual values are ids of a per-component dictionary
(``DataSet.codes``): id 0 = absent, id 1 = intentionally missing, real values from 2 on. Multi-valued and multilingual
values are dictionary texts too, as canonical JSON: ``["a","b"]``, ``{"en":"..","fa":".."}``, or an array of such
objects (keys sorted, no white space, not ASCII-escaped; ``canonical``).
"""

from __future__ import annotations

import datetime as dt
import enum
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from .model.message import Header
from .model.period import Period
from .model.reference import Reference
from .model.resolved import ResolvedStructure

Ids = npt.NDArray[np.uint32]
Array = npt.NDArray[Any]

ABSENT, MISSING, FIRST_ID = 0, 1, 2
"""Reserved dictionary ids, and the first id of a real value. As presence marks of measures: 0 absent, 2 missing."""

PRESENCE_ABSENT, PRESENCE_PRESENT, PRESENCE_MISSING = 0, 1, 2


def canonical(value: Any) -> str:
    """The one text of a multi-valued or multilingual value in a dictionary."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Column(msgspec.Struct, frozen=True):
    """A measure: ``values`` float64, int64 or dictionary ids; ``presence`` uint8 (0 absent, 1 present, 2 missing).

    ``presence`` None means that every value is present.
    """

    values: Array
    presence: npt.NDArray[np.uint8] | None = None


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Some observations (n), in r stored rows that share the prefix dimensions, in s series.

    Observations are sorted by prefix, then suffix, then the start of their period; a series never crosses a batch.
    Without a time dimension ``time`` is None and every observation is a series.
    """

    prefix: tuple[Ids, ...]  # one array per DataSet.prefix, length r
    count: npt.NDArray[np.int64]  # observations of each stored row, length r
    suffix: tuple[Ids, ...]  # one array per DataSet.suffix, length n
    time: Ids | None  # period ids, length n
    series: npt.NDArray[np.int64]  # index of each series' first observation, ascending, length s
    measures: Mapping[str, Column]  # length n
    attributes: Mapping[str, Ids]  # observation attributes, length n; a missing key = absent everywhere
    series_attributes: Mapping[str, Ids]  # series and group attributes of each series, length s; likewise

    def __len__(self) -> int:
        return int(self.count.sum())


class GroupTable(msgspec.Struct, frozen=True, kw_only=True):
    """Values of the attributes that attach to one set of dimensions: keys (ids) and attributes, equally long."""

    dimensions: tuple[str, ...]
    keys: tuple[Ids, ...]
    attributes: Mapping[str, Ids]


class Order(enum.Enum):
    """The order a writer needs: by series (any writer may take it), or grouped for another observation dimension.

    CROSS: observations that share every dimension but ``ReadPlan.dimension_at_observation`` stand together, in one
    batch. ``Batch.series`` then delimits runs of the same time series, often of one observation; the prefix may be
    empty. Groups are told apart by ids, so two periods that begin together (2024, 2024-Q1) must not be mixed.
    ROWS: one by one, for writers of plain rows; it matters to sorted observations alone, which the others keep together
    by series or group, those in the order of their first observation.
    """

    SERIES = "series"
    CROSS = "cross"
    ROWS = "rows"


class DataSet(Protocol):
    """One data set of an answer, read once from front to back inside one read transaction."""

    schema: ResolvedStructure
    prefix: tuple[str, ...]  # ids of the dimensions that stored rows share
    suffix: tuple[str, ...]  # ids of the others, time left out
    measures: tuple[str, ...]  # the selected ones, in DSD order
    attributes: tuple[str, ...]  # the selected ones of every level, in DSD order
    dataset_attributes: Mapping[str, str]  # dictionary text of those that attach to the data set
    dictionaries: object  # one and the same for all answers with the very same dictionaries

    def codes(self, component: str) -> Sequence[str | None]:
        """The dictionary of a component, indexed by id; entries 0 and 1 are None. Covers every id of the answer."""
        ...

    def periods(self) -> Sequence[Period | None]:
        """The period dictionary, indexed by id; entries 0 and 1 are None."""
        ...

    def used(self, component: str) -> Ids:
        """The ids (sorted) of a dimension, or of time, that occur in the answer; may be called before batches."""
        ...

    def groups(self) -> Iterator[GroupTable]:
        """The selected attributes that attach to proper subsets of dimensions, for the keys that the query selects."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The observations."""
        ...


class Action(enum.Enum):
    """What a delta does to the store (SDMX 3.1, section 6 of the Technical Notes)."""

    MERGE = "Merge"
    REPLACE = "Replace"
    DELETE = "Delete"


class Delta(msgspec.Struct, frozen=True, kw_only=True):
    """Changes to a cube, in frames of at most some 100,000 rows each.

    ``observations``: Polars frame. Dimension columns and TIME_PERIOD are String; measures Float64, Int64 or String by
    their Storage; observation attributes String; Categorical will do for String. A null measure or attribute is an
    absent cell: in MERGE it leaves what is there, in REPLACE the whole observation is what the row says, in DELETE only
    non-null cells are deleted, and where no cell is given the observation itself; a null dimension in DELETE means any
    value. An optional UInt8 column ``"<id>?"`` gives presence (0, 1, 2): 2 = intentionally missing, whatever the value
    column says.
    MERGE of a text in languages changes and adds those that it names and leaves the others.
    A DELETE without observation dimensions at all (an empty frame with no columns) deletes everything.

    ``groups``: the same for attributes that attach to fewer dimensions: key = the dimension ids in DSD order. REPLACE
    there sets the values that are given, a text in all its languages; those that are not given stay (field guide of
    SDMX-CSV 2.0, action R).
    """

    action: Action
    observations: pl.DataFrame | None = None
    groups: Mapping[tuple[str, ...], pl.DataFrame] = {}


# ---- what is asked of a cube -------------------------------------------------------------------------------------


class Operator(enum.Enum):
    """Operators of the component filter ``c[...]`` (REST 2.2.2, ``data.md``)."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "co"
    NOT_CONTAINS = "nc"
    STARTS_WITH = "sw"
    ENDS_WITH = "ew"


class Condition(msgspec.Struct, frozen=True):
    """``operator value``."""

    operator: Operator
    value: str


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """A condition on one component: ANY of the inner tuples must hold, and in it ALL conditions.

    ``A,B+C`` is ``((eq A,), (eq B, eq C))``; ``ge:A+le:B,ge:C+le:D`` is two ranges (``data.md``, examples of ``c``).
    """

    component: str
    any_of: tuple[tuple[Condition, ...], ...]


class SortKey(msgspec.Struct, frozen=True):
    """A component to sort by: codes by their ids, numbers as numbers, periods and dates by time, else by the text.

    What has no value comes last in either direction.
    """

    component: str
    descending: bool = False


KeyPattern = tuple[frozenset[str] | None, ...]
"""One key: for each dimension in DSD order (time left out) the codes wanted, or None for any."""


class Change(enum.Enum):
    """Which changes between two revisions a data set holds. States are compared, not steps: what was deleted and then
    added again as it was did not change (``updatedAfter`` of ``data.md`` asks for consolidated changes).

    SET: observations that are there and were not, or not so: whole, with their attributes of every level. GONE:
    observations that are there no more: their keys alone. CELLS_GONE: values that observations have no more, with what
    they were. ATTRIBUTES_SET: new and changed values of attributes that attach to fewer dimensions than an observation,
    each with its partial key. ATTRIBUTES_GONE: those that are there no more, with what they were.

    The data sets of the last two have no observations. ``groups`` lists the values of every level, that of series
    included (the keys may hold time); ``batches`` gives the series among them as batches of one entry each, whose time
    is absent, for formats that can only print series.
    """

    SET = "set"
    ATTRIBUTES_SET = "attributes set"
    GONE = "gone"
    CELLS_GONE = "cells gone"
    ATTRIBUTES_GONE = "attributes gone"


class ReadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What to read from a cube. Filters combine with AND; ``keys`` are alternatives (none = everything).

    With ``since``, a data revision, what differs between that one and ``as_of``; ``change`` says which part of it.
    Of what was filtered, first the first and last of each series are taken, then one of each section, then all is
    sorted, and last comes the page from ``offset`` on.
    """

    keys: tuple[KeyPattern, ...] = ()
    filters: tuple[Filter, ...] = ()  # periods by range
    first_n: int | None = None  # per series, counted from the earliest period
    last_n: int | None = None
    measures: tuple[str, ...] | None = None  # None = all
    attributes: tuple[str, ...] | None = None
    order: Order = Order.SERIES
    dimension_at_observation: str | None = None  # with Order.CROSS
    sections: bool = False  # of each group of Order.CROSS one observation alone
    sort: tuple[SortKey, ...] = ()  # none = in the order of the store
    offset: int = 0
    limit: int | None = None
    reporting_year_start: str = "--01-01"
    as_of: int | None = None  # a past data revision of the cube; None = the present
    since: int | None = None
    change: Change = Change.SET
    any_change: bool = False  # what is not read counts, too, when it changed


class Availability(msgspec.Struct, frozen=True, kw_only=True):
    """What exact data is there for a query: codes per dimension, the covered time, and counts."""

    codes: Mapping[str, tuple[str, ...]]  # per dimension without time, in dictionary order
    periods: tuple[Period, ...]  # those that occur, by start
    observations: int
    series: int


# ---- the message around data sets ---------------------------------------------------------------------------------


class DataPart(msgspec.Struct, frozen=True, kw_only=True):
    """One data set of a message and how to present it.

    ``context`` is the dataflow, data structure or provision agreement that was asked for (a concrete version).
    ``dimension_at_observation`` is a dimension id or ``AllDimensions``. ``action`` None = the default of the format's
    generation: Replace for a whole answer in 3.1 (Merge when only some components are asked for), Information before.
    """

    dataset: DataSet
    context: Reference
    dimension_at_observation: str
    partial: bool = False  # only some attributes or measures were asked for
    action: str | None = None
    series_only: bool = False  # one observation of each series is there, of which only the series is to be printed
    attributes_only: bool = False  # values of attributes with partial keys (``Change.ATTRIBUTES_SET``, ``_GONE``)
    valid_from: dt.datetime | None = None  # of a past dissemination (includeHistory), UTC
    valid_to: dt.datetime | None = None


class DataMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A header and the data sets of an answer."""

    header: Header
    parts: tuple[DataPart, ...]


class WriteOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Choices of the client. ``parameters`` are those of the media type (``labels``, ``keys``, ``timeFormat``).

    ``languages`` are the wanted ones, best first (``*`` = whatever is there); empty = all languages where the format
    can hold several, else English or the first. ``base_url`` ends in ``/sdmx/v2``; ``self_url`` is the query asked.
    """

    parameters: Mapping[str, str] = {}
    languages: tuple[str, ...] = ()
    base_url: str = ""
    self_url: str = ""
