"""The rows of cubes: found by dataflow, made, locked and moved on to the next revision.

All that is read of a cube is read by what its row says, so no row is used that fails its checksum.
"""

from __future__ import annotations

import datetime as dt
import zlib
from functools import lru_cache

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ..batches import FIRST_ID
from ..errors import Damaged
from ..model.reference import Reference
from ..services.ports import Revision
from . import tables
from .layout import PERIODS, CubeLayout, read_layout, version_line
from .transaction import ReadTransaction

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class CubeRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the row of a cube says; field names are those of ``tables.cube``."""

    id: int
    agency: str
    dataflow: str
    version: str
    structure_rev: int
    data_rev: int
    layout_gen: int
    updated: int
    observations: int
    series: int
    sizes: str
    layout: str
    pruned: int
    checksum: int

    @property
    def sound(self) -> bool:
        """Whether it is what was written; a row that was made for a first load, which broke off, has no checksum."""
        return checksum(self) == self.checksum or not (self.checksum or self.data_rev)

    @property
    def revision(self) -> Revision:
        """The state that an answer shows."""
        return _revision(self)

    @property
    def reference(self) -> Reference:
        """The dataflow, in the version of the last load."""
        return Reference(kind="Dataflow", agency=self.agency, id=self.dataflow, version=self.version)

    def decoded(self) -> CubeLayout:
        """The layout."""
        return _layout(self.layout)

    def size(self, number: int) -> int:
        """The next free id of a dictionary: all ids of this revision lie below it."""
        return _sizes(self.sizes).get(number, FIRST_ID)


@lru_cache(maxsize=256)
def _layout(text: str) -> CubeLayout:
    return read_layout(text)


@lru_cache(maxsize=256)
def _revision(cube: CubeRow) -> Revision:
    entries = sum(_sizes(cube.sizes).values())
    return Revision(cube.id, cube.structure_rev, cube.data_rev, cube.layout_gen, moment_of(cube.updated), entries)


@lru_cache(maxsize=1024)
def _sizes(text: str) -> dict[int, int]:
    return msgspec.json.decode(text, type=dict[int, int])


def encode_sizes(sizes: dict[int, int]) -> str:
    """Dictionary sizes as the cube row keeps them."""
    return msgspec.json.encode(dict(sorted(sizes.items()))).decode()


def checksum(cube: CubeRow) -> int:
    """The CRC-32 of all that a row says."""
    return zlib.crc32(" ".join(str(getattr(cube, f)) for f in CubeRow.__struct_fields__ if f != "checksum").encode())


_select = sa.select(*(tables.cube.c[f] for f in CubeRow.__struct_fields__))
_by_dataflow = _select.where(
    tables.cube.c.agency == sa.bindparam("agency"),
    tables.cube.c.dataflow == sa.bindparam("dataflow"),
    tables.cube.c.line == sa.bindparam("line"),
)
_all = _select.order_by(tables.cube.c.agency, tables.cube.c.dataflow, tables.cube.c.id)


@lru_cache(maxsize=256)
def _row(values: tuple[object, ...]) -> CubeRow:
    """A row; that of a revision is one object as long as it is asked for, and so is all that is kept by its texts."""
    return CubeRow(**dict(zip(CubeRow.__struct_fields__, values, strict=True)))  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _sound(values: tuple[object, ...]) -> CubeRow:
    cube = _row(values)
    if not cube.sound:
        raise Damaged("damaged-cube", dataflow=cube.reference)
    return cube


def find(connection: sa.Connection, dataflow: Reference, lock: bool = False) -> CubeRow | None:
    """The cube of a dataflow's version line; ``lock`` keeps other writers of the same cube out until the end.

    Raises ``Damaged``.
    """
    if not lock:
        return see(ReadTransaction(connection), dataflow)
    found = connection.execute(_by_dataflow.with_for_update(), _names(dataflow)).first()
    return _sound(tuple(found)) if found is not None else None


def see(transaction: ReadTransaction, dataflow: Reference) -> CubeRow | None:
    """The cube of a dataflow's version line, as the first thing that a transaction reads. Raises ``Damaged``."""
    rows = transaction.fetch(_by_dataflow, _names(dataflow))
    return _sound(tuple(rows[0])) if rows else None


def _names(dataflow: Reference) -> dict[str, str]:
    return {"agency": dataflow.agency, "dataflow": dataflow.id, "line": version_line(dataflow.version)}


def every(connection: sa.Connection) -> list[CubeRow]:
    """All cubes, by agency and dataflow, whether they are ``sound`` or not."""
    return [_row(tuple(found)) for found in connection.execute(_all)]


def microseconds(moment: dt.datetime) -> int:
    """A moment with an offset as microseconds since 1970."""
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def moment_of(number: int) -> dt.datetime:
    """Microseconds since 1970 as a moment, UTC."""
    return _EPOCH + dt.timedelta(microseconds=number)


def now() -> int:
    """This moment in microseconds since 1970."""
    return microseconds(dt.datetime.now(dt.UTC))


def make(connection: sa.Connection, dataflow: Reference, structure_rev: int, layout: CubeLayout) -> None:
    """Make an empty cube, unless another writer was faster."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(tables.cube).values(
        agency=dataflow.agency,
        dataflow=dataflow.id,
        line=version_line(dataflow.version),
        version=dataflow.version,
        structure_rev=structure_rev,
        data_rev=0,
        layout_gen=1,
        updated=now(),
        observations=0,
        series=0,
        sizes=encode_sizes({PERIODS: FIRST_ID}),
        layout=msgspec.json.encode(layout).decode(),
        pruned=0,
    )
    connection.execute(statement.on_conflict_do_nothing())


def store(connection: sa.Connection, cube: CubeRow) -> None:
    """Write the row back, in the writer's transaction."""
    values = msgspec.structs.asdict(cube) | {"checksum": checksum(cube)}
    connection.execute(tables.cube.update().where(tables.cube.c.id == values.pop("id")).values(values))
