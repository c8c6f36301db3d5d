"""What a loader sees, ours or a third party's: a source to read, batches of raw columns to yield, findings to report.

A loader is a class found by the entry point group ``sdmx_server.loaders``. It turns one kind of file into columns of
text and knows nothing of data structures beyond what ``Source.structure`` tells it, of HTTP or of SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl

from ..model.reference import Reference
from ..model.resolved import ResolvedStructure
from .persian import match_key
from .problems import Findings, Place, suggestion

__all__ = [
    "Findings",
    "Limits",
    "Loader",
    "Place",
    "Progress",
    "RawBatch",
    "Recogniser",
    "Source",
    "StructureFinder",
    "match_key",
    "suggestion",
]

Progress = Callable[[str, int, int | None], None]
"""Called with a stage's name, what is done and what there is in all (None when unknown)."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of what is read, in bytes, columns and cells. ``workbook_bytes`` and ``cells`` are of an unpacked workbook
    and of one of its sheets, ``message_bytes`` of an SDMX-JSON message; these are held in memory.
    """

    file_bytes: int = 20_000_000_000
    record_bytes: int = 1_000_000
    columns: int = 5_000
    block_bytes: int = 8_000_000
    workbook_bytes: int = 400_000_000
    cells: int = 5_000_000
    message_bytes: int = 200_000_000


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file to read. ``name`` is what findings call it; ``options`` are checked against the loader's schema.

    ``markers`` are the texts that the recipe takes for a missing value, or for no observation at all.
    """

    path: Path
    name: str
    options: Mapping[str, Any]
    structure: ResolvedStructure
    findings: Findings
    limits: Limits = Limits()
    markers: frozenset[str] = frozenset()


class RawBatch(msgspec.Struct, frozen=True, kw_only=True):
    """Some rows of a source: String columns (null = empty cell), and each row's first line in the file (1-based), or
    a number that ``Findings.locate`` makes a place of. With ``components`` columns may be Categorical, which is faster;
    a column has the same categories in all batches then.

    ``components``: the columns are components of the structure already, in canonical text (``batches.canonical`` for
    several values and texts in languages; ``~`` a dimension that is switched off, ``#N/A`` intentionally missing),
    beside an optional column ``ACTION`` with M, R or D. ``done`` is how many bytes of the file have been read.
    """

    frame: pl.DataFrame
    rows: npt.NDArray[np.int64]
    components: bool = False
    done: int = 0


class Loader(Protocol):
    """A loader. ``options_schema`` is the JSON Schema of its options (an object schema)."""

    name: ClassVar[str]
    options_schema: ClassVar[Mapping[str, Any]]

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows in file order, in bounded batches; what is wrong goes to ``source.findings``.

        After a finding it may go on, to find more, or stop; nothing is loaded either way.
        """
        ...


@runtime_checkable
class Recogniser(Protocol):
    """A loader that may be chosen by what is in a file, when nobody has named one."""

    def recognises(self, head: bytes) -> bool:
        """Whether the file is one for this loader, by its first 4096 bytes (fewer when it is shorter)."""
        ...


@runtime_checkable
class StructureFinder(Protocol):
    """A loader of files that say themselves what their data are of."""

    def structures(self, path: Path) -> tuple[Reference, ...]:
        """The dataflows, data structures or provision agreements that a file names; none when it cannot be told."""
        ...
