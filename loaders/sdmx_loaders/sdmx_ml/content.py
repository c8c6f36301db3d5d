"""The data sets of a message, in the two forms: generic, and structure-specific."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import ClassVar

from typing_extensions import override

from sdmx_server.formats.primary_measure import OBS_VALUE

from .columns import TYPES, Columns
from .comp import Comp
from .metadata import Metadata
from .rows import Rows
from .stream import Attributes, File, Stop, listen, local

OBS, VALUE, DIMENSION, MEASURE, PART, SERIES, GROUP, COMP, METADATA, SKIPPED, UNKNOWN = range(11)
"""What an element is."""

OUTSIDE, IN_SET, IN_SERIES = range(3)
"""Where an observation may follow."""

_SKIPPED = {"Annotations": SKIPPED, "DataProvider": SKIPPED}
_OF_SET, _OF_SERIES = 3, 4
"""How many elements are open within a child of the data set, and of a series."""


class _Kinds(dict[str, int]):
    """The kind of an element by its name, whatever its namespace."""

    def __init__(self, known: dict[str, int]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, name: str) -> int:
        kind = self[name] = self._known.get(local(name), UNKNOWN)
        return kind


class _Skip:
    """Passes over an element that carries nothing to load."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._outside = content.depth - 1

    def start(self, _name: str, _attributes: Attributes) -> None:
        """A start tag within."""
        self._content.depth += 1

    def end(self, _name: str) -> None:
        """An end tag, its own included."""
        self._content.depth -= 1
        if self._content.depth == self._outside:
            self._content.listen()


class Content(abc.ABC):
    """What both forms have in common: where elements may stand, series, groups, and what the data set itself says.

    ``depth`` is how many elements are open. Findings of both: xml-element, xml-twice, xml-incomplete; they end the
    reading.
    """

    kinds: ClassVar[dict[str, int]]

    def __init__(self, file: File, rows: Rows, columns: Columns) -> None:
        self.file, self.rows, self.columns = file, rows, columns
        self.depth = _OF_SET - 1
        self._parser = file.parser
        self._obs_depth = _OF_SET
        self.at = ""
        self._ended: Callable[[], None]
        self._inner: Comp | Metadata | None = None
        self._kinds = _Kinds(self.kinds | _SKIPPED)
        self._data_set: Attributes = {}
        self._head: Attributes = {}
        self._noted: Attributes = {}
        self._group: Attributes | None = None
        self._cells: Attributes = {}
        self._line = self._set_line = 0
        self._before = self._set_before = 0
        self._add_cells, self._add_line = rows.cells.append, rows.lines.append

    @property
    def held(self) -> int:
        """Characters kept of a text that is being read."""
        return self._inner.held if self._inner else 0

    @property
    def reading(self) -> bool:
        """Whether the last row may get more cells."""
        return self.depth >= self._obs_depth and self.rows.starts[-1] < self.rows.waiting

    @property
    def place(self) -> int:
        """Where the parser is, when it is between two tags. ``OUTSIDE`` is where no observation may follow, and also
        where rows are deleted, since what a series shares is no cell of its rows then.
        """
        if self.rows.deleting or self.depth not in (_OF_SET - 1, _OF_SET):
            return OUTSIDE
        if self.depth < _OF_SET:
            return IN_SET
        return IN_SERIES if self._obs_depth == _OF_SERIES else OUTSIDE

    def open(self, cells: Attributes, at: str, ended: Callable[[], None]) -> None:
        """A data set begins. ``cells`` are attributes of its own, ``at`` is the dimension at the observation."""
        self._data_set, self.at, self._ended = cells, at, ended
        self.depth = _OF_SET - 1
        self.listen()
        self._set_line, self._set_before = self._parser.CurrentLineNumber, self.rows.count
        self.rows.series({})

    def _close(self) -> None:
        """The data set ends. Finding: xml-delete-nothing."""
        if self.columns.carries(self._data_set):
            self.rows.partial(self._data_set, self._set_line)
        elif self.rows.deleting and self.rows.count == self._set_before:
            self.file.tell("xml-delete-nothing", row=self._set_line)

    def listen(self) -> None:
        """Hear the next tags, at first or after an element that something else has read."""
        self._inner = None
        listen(self._parser, self)

    @abc.abstractmethod
    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag within the data set."""

    def end(self, _name: str) -> None:
        """An end tag within the data set."""
        if self.depth == _OF_SET:
            if self._obs_depth == _OF_SERIES:
                self._end_series()
            elif self._group is not None:
                self._end_group(self._group)
        elif self.depth < _OF_SET:
            self._close()
            self._ended()
        self.depth -= 1

    def _observation(self, cells: Attributes) -> None:
        self._cells = cells
        self._add_cells(cells)
        self._add_line(self._parser.CurrentLineNumber)

    def _other(self, kind: int, name: str, cells: Attributes) -> None:
        """What is not at every observation."""
        if kind == SKIPPED:
            listen(self._parser, _Skip(self))
        elif kind in (SERIES, GROUP) and self.depth == _OF_SET:
            self._line = self._parser.CurrentLineNumber
            if kind == SERIES:
                self._head, self._obs_depth, self._before = cells, _OF_SERIES, self.rows.count
                self._noted = {}
                self.rows.series(cells)
            else:
                self._cells = self._group = cells
        else:
            raise self._misplaced(name)

    def _misplaced(self, name: str) -> Stop:
        return self.file.stop("xml-element", value=local(name))

    def _end_series(self) -> None:
        """A series without observations is a row; one whose own attributes are to be deleted likewise.

        So is what is noted of it behind its observations, which may be in a batch already.
        """
        rows, head = self.rows, self._head
        if self._noted and (rows.deleting or rows.count == self._before):
            head = head | self._noted
        elif self._noted:
            rows.partial(self.columns.key(head) | self._noted, self._line)
        empty = rows.count == self._before
        if (rows.deleting and empty) or ((rows.deleting or empty) and self.columns.carries(head)):
            rows.partial(head, self._line)
        self._obs_depth = _OF_SET
        rows.series({})

    def _end_group(self, cells: Attributes) -> None:
        """A group is a row; to delete one without naming attributes is to delete all that it has."""
        if self.rows.deleting and not self.columns.carries(cells):
            cells |= dict.fromkeys(self.columns.attached(cells), "")
        if self.columns.carries(cells):
            self.rows.partial(cells, self._line)
        self._group = None


class StructureSpecific(Content):
    """Components are XML attributes, or ``Comp`` elements, metadata attributes also in ``Metadata`` elements."""

    kinds: ClassVar[dict[str, int]] = {
        "Obs": OBS,
        "Series": SERIES,
        "Group": GROUP,
        "Atts": GROUP,
        "Comp": COMP,
        "Metadata": METADATA,
    }

    @override
    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        kind = self._kinds[name]
        if kind == OBS and self.depth == self._obs_depth:
            self._observation(attributes)
        elif kind == COMP:
            self._comp(attributes.get("id", ""))
        elif kind == METADATA:
            self._metadata()
        else:
            for attribute in TYPES:
                if self.columns.component(attribute) is None:
                    attributes.pop(attribute, None)
            self._other(kind, name, attributes)

    def _comp(self, name: str) -> None:
        """Let a ``Comp`` be read into the cells of the element that it stands in."""
        self._read(Comp(self.file, name, self.columns.component(name), self._around(self._head), self._done))

    def _metadata(self) -> None:
        """Likewise a ``Metadata``, which in a series stands behind the observations."""
        cells, deleting = self._around(self._noted), self.rows.deleting
        self._read(Metadata(self.file, self.columns, cells, self._done, deleting=deleting))

    def _around(self, of_series: Attributes) -> Attributes:
        """The cells of the element that what begins now stands in."""
        if self.depth == _OF_SET:
            return self._data_set
        return of_series if self.depth == self._obs_depth else self._cells

    def _read(self, inner: Comp | Metadata) -> None:
        self._inner = inner
        listen(self._parser, inner)

    def _done(self) -> None:
        self.listen()
        self.depth -= 1


class Generic(Content):
    """Components are ``Value`` elements with an id (SDMX-ML 2.1 only)."""

    kinds: ClassVar[dict[str, int]] = {
        "Value": VALUE,
        "ObsDimension": DIMENSION,
        "ObsValue": MEASURE,
        "Attributes": PART,
        "SeriesKey": PART,
        "ObsKey": PART,
        "GroupKey": PART,
        "Obs": OBS,
        "Series": SERIES,
        "Group": GROUP,
    }

    def __init__(self, file: File, rows: Rows, columns: Columns) -> None:
        super().__init__(file, rows, columns)
        self._part = 0

    @override
    def start(self, name: str, attributes: Attributes) -> None:
        self.depth += 1
        kind = self._kinds[name]
        if kind == VALUE and self.depth == self._part + 1:
            self._set(attributes.get("id"), attributes)
        elif kind == DIMENSION and self.depth == self._obs_depth + 1:
            self._set(attributes.get("id", self.at), attributes)
        elif kind == MEASURE and self.depth == self._obs_depth + 1:
            self._set(OBS_VALUE, attributes)
        elif kind == OBS and self.depth == self._obs_depth:
            self._observation({})
        elif kind == PART:
            self._begin_part()
        else:
            self._other(kind, name, {})

    def _set(self, name: str | None, attributes: Attributes) -> None:
        value = attributes.get("value")
        if name is None or value is None:
            raise self.file.stop("xml-incomplete", value=name or value)
        if name in self._cells:
            raise self.file.stop("xml-twice", value=name)
        self._cells[name] = value

    def _begin_part(self) -> None:
        """The values that follow belong to the element that this part stands in."""
        self._part = self.depth
        if self.depth == _OF_SET:
            self._cells = self._data_set
        elif self.depth == self._obs_depth:
            self._cells = self._head
