"""Opens a workbook by its content, never by its name; what cannot be read is a finding."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import Protocol, TypeVar

from sdmx_server.loading.api import Source

from .package import Unfit
from .sheet import Sheet
from .xls import XlsBook
from .xlsx import XlsxBook

_OLE, _ZIP = bytes.fromhex("d0cf11e0a1b11ae1"), b"PK"
_SHARE_OF_XLS = 4  # an .xls is held whole, and its cells are several times its size

Result = TypeVar("Result")


class Workbook(Protocol):
    """What both kinds of workbooks offer."""

    sheets: list[tuple[str, bool]]

    def read(self, number: int) -> Sheet:
        """The sheet of that number from 0."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


def is_workbook(head: bytes) -> bool:
    """Whether a file's first bytes are those of an .xls or of a ZIP."""
    return head.startswith((_OLE, _ZIP))


def open_workbook(source: Source) -> Workbook | None:
    """The workbook; None after a finding.

    Findings: file-missing, file-empty, workbook-kind, workbook-password, workbook-damaged, workbook-too-large,
    workbook-dtd.
    """
    try:
        with source.path.open("rb") as file:
            start = file.read(len(_OLE))
    except OSError as error:
        source.findings.add("file-missing", file=source.name, reason=error.strerror or str(error))
        return None
    most, cells = source.limits.workbook_bytes, source.limits.cells
    if start == _OLE:
        return guarded(source, lambda: XlsBook(source.path, most // _SHARE_OF_XLS, cells))
    if start.startswith(_ZIP):
        return guarded(source, lambda: XlsxBook(source.path, most, cells))
    source.findings.add("workbook-kind" if start else "workbook-empty", file=source.name)
    return None


def guarded(source: Source, work: Callable[[], Result], sheet: str | None = None) -> Result | None:
    """Do something with the workbook's libraries; None after a finding.

    On a damaged file they raise whatever their code stumbles over, so every exception means that.
    """
    try:
        return work()
    except Unfit as unfit:
        source.findings.add(unfit.code, file=source.name, sheet=sheet, **unfit.params)
    except (zipfile.BadZipFile, EOFError) as error:
        source.findings.add("workbook-damaged", file=source.name, sheet=sheet, reason=str(error)[:200])
    except MemoryError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        source.findings.add("workbook-damaged", file=source.name, sheet=sheet, reason=reason)
    return None
