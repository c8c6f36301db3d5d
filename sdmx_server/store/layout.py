"""How a cube keeps its observations and attributes: which packed tables, which columns, in which order.

A layout is made from a resolved structure at the first load and only ever grows (a new attribute or measure of a
compatible version adds a column). It is stored in the cube row as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from ..errors import BadSemantics, Conflict
from ..model.reference import Reference
from ..model.resolved import ResolvedComponent, ResolvedStructure, Storage

PERIODS = 0
"""The component number of the period dictionary."""


class Cell(msgspec.Struct, frozen=True):
    """A measure or attribute in a packed table: its column, and for a number also the column of its presence."""

    component: str
    column: str
    storage: Storage
    presence: str | None = None


class TableLayout(msgspec.Struct, frozen=True, kw_only=True):
    """One packed table. Number 0 holds the observations, the others one attachment group each.

    ``dimensions`` are in storage order without time; the first ``k`` of them are the prefix of a row, the others its
    suffix. ``k`` None: nothing was ever loaded, and the table does not exist yet. ``generation``: how often the rows
    were written anew, each time into a table of another name. ``bucket``: how many period ids, one after the other, may
    share a row; None = ``partition.BUCKET``.
    """

    number: int
    dimensions: tuple[str, ...]
    time: bool
    cells: tuple[Cell, ...]
    k: int | None = None
    generation: int = 0
    bucket: int | None = None

    @property
    def prefix(self) -> tuple[str, ...]:
        """Dimensions that the observations of a row share."""
        return self.dimensions[: self.k or 0]

    @property
    def suffix(self) -> tuple[str, ...]:
        """The other dimensions, time left out."""
        return self.dimensions[self.k or 0 :]

    @property
    def key_columns(self) -> int:
        """How many ids identify an entry."""
        return len(self.dimensions) + self.time


class CubeLayout(msgspec.Struct, frozen=True, kw_only=True):
    """All tables of a cube, and the dictionary number of each component that has one (the periods have number 0)."""

    dimensions: tuple[str, ...]  # storage order, time left out
    time: str | None
    tables: tuple[TableLayout, ...]
    numbers: dict[str, int]

    @property
    def observations(self) -> TableLayout:
        """The table of the observations."""
        return self.tables[0]

    def table_of(self, dimensions: frozenset[str]) -> TableLayout | None:
        """The table of the attributes that attach to exactly these dimensions (time included)."""
        for table in self.tables:
            if set(table.dimensions) | ({self.time} if table.time else set()) == dimensions:
                return table
        return None

    def with_table(self, table: TableLayout) -> CubeLayout:
        """The same layout with one table replaced, or added."""
        kept = tuple(table if t.number == table.number else t for t in self.tables)
        if table.number == len(kept):
            kept = (*kept, table)
        return msgspec.structs.replace(self, tables=kept)


_decoder = msgspec.json.Decoder(CubeLayout)
"""Made with the module, so before there are threads: what msgspec knows of a class is completed when that is first
decoded, and a second thread that decodes it meanwhile brings the process down."""


def read_layout(text: str) -> CubeLayout:
    """A layout as the row of its cube has it. Raises ``msgspec.DecodeError``."""
    return _decoder.decode(text)


_SEMANTIC = re.compile(r"([1-9]\d*)\.\d+\.\d+")


def version_line(version: str) -> str:
    """What versions share a cube with this one: ``1.*`` for 1.0.0 and 1.1.0; others (``1.0``, drafts) stand alone.

    Semantic versions promise compatibility within a major version from 1 on (Technical Notes, section 14).
    """
    found = _SEMANTIC.fullmatch(version)
    return f"{found[1]}.*" if found else version


def dataflow_of(schema: ResolvedStructure) -> Reference:
    """The dataflow that a structure is seen through; raises ``BadSemantics`` when there is none."""
    flow = schema.dataflow
    if flow is None:
        raise BadSemantics("no-dataflow", structure=schema.structure)
    return Reference(kind="Dataflow", agency=flow.agency, id=flow.id, version=flow.version)


def _cell(component: ResolvedComponent, letter: str, number: int) -> Cell:
    presence = None if component.storage is Storage.CODE else f"x{number}"
    return Cell(component.id, f"{letter}{number}", component.storage, presence)


def new_layout(schema: ResolvedStructure, storage_order: Sequence[str] | None = None) -> CubeLayout:
    """The layout of a cube that does not exist yet.

    ``storage_order``: all dimensions without time, the most filtered first; None = DSD order. Raises ``Conflict`` when
    it does not name exactly the dimensions.
    """
    ids = tuple(d.id for d in schema.dimensions)
    order = tuple(storage_order) if storage_order is not None else ids
    if sorted(order) != sorted(ids):
        raise Conflict("storage-order", order=order, dimensions=ids)
    bare = CubeLayout(
        dimensions=order,
        time=schema.time.id if schema.time else None,
        tables=(TableLayout(number=0, dimensions=order, time=schema.time is not None, cells=()),),
        numbers={name: i for i, name in enumerate(order, start=1)},
    )
    return extend(bare, schema)


def extend(layout: CubeLayout, schema: ResolvedStructure) -> CubeLayout:
    """The layout with whatever the schema has more; the same object when it has nothing more.

    Raises ``Conflict`` where the schema contradicts what is stored: other dimensions, another storage of a component,
    an attribute attached elsewhere.
    """
    _same_dimensions(layout, schema)
    for measure in schema.measures:
        layout = _with_component(layout, layout.observations, measure, "m")
    for attribute in schema.attributes:
        wanted = frozenset(attribute.attached_to)
        table = layout.table_of(wanted) or TableLayout(
            number=len(layout.tables),
            dimensions=tuple(d for d in layout.dimensions if d in wanted),
            time=layout.time in wanted,
            cells=(),
        )
        layout = _with_component(layout, table, attribute, "a")
    return layout


def _same_dimensions(layout: CubeLayout, schema: ResolvedStructure) -> None:
    stored = set(layout.dimensions) | ({layout.time} if layout.time else set())
    if stored != set(schema.dimension_ids):
        raise Conflict("dimensions-changed", dimensions=schema.dimension_ids, stored=sorted(stored))


def _with_component(layout: CubeLayout, table: TableLayout, component: ResolvedComponent, letter: str) -> CubeLayout:
    for other in layout.tables:
        for cell in other.cells:
            if cell.component == component.id:
                _same_cell(other, table, cell, component)
                return layout
    number = 1 + sum(len(t.cells) for t in layout.tables)
    cell = _cell(component, letter, number)
    layout = layout.with_table(msgspec.structs.replace(table, cells=(*table.cells, cell)))
    if component.storage is Storage.CODE:
        numbers = {**layout.numbers, component.id: 1 + max(layout.numbers.values(), default=0)}
        layout = msgspec.structs.replace(layout, numbers=numbers)
    return layout


def _same_cell(stored: TableLayout, wanted: TableLayout, cell: Cell, component: ResolvedComponent) -> None:
    if stored.number != wanted.number or cell.storage is not component.storage:
        raise Conflict(
            "component-changed",
            component=component.id,
            stored=cell.storage.value,
            stored_at=stored.dimensions,
            wanted=component.storage.value,
            wanted_at=wanted.dimensions,
        )
