"""Packed files are read as what is in them: gzip, bzip2, and zip archives of one file, by content, not by name."""

from __future__ import annotations

import bz2
import gzip
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from .api import Limits
from .problems import Findings

_GZIP, _BZIP2, _ZIP = b"\x1f\x8b", b"BZh", b"PK\x03\x04"
_PIECE = 1 << 20
_WORKBOOK = "[Content_Types].xml"
_HEAD = 64
_OFFICE = re.compile(rb"PK\x03\x04.{26}(\[Content_Types\]\.xml|_rels/|docProps/|xl/)", re.DOTALL)
"""How a workbook begins, which its loader judges even when it is cut off: the first part's name."""
_FAULTS = (OSError, EOFError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile)
"""What unpacking raises at damaged, encrypted or unknown content."""


class _Packed(Protocol):
    def read(self, size: int, /) -> bytes: ...


@contextmanager
def unpacked(path: Path, name: str, findings: Findings, limits: Limits) -> Iterator[Path | None]:
    """The file, or a temporary one with what is packed in it; None after a finding. A workbook stays as it is.

    Findings: archive-damaged, archive-files, file-too-large.
    """
    start = _start(path)
    if not start.startswith((_GZIP, _BZIP2, _ZIP)) or _OFFICE.match(start):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="sdmx-unpacked-") as folder:
        file = _File(path, Path(folder, "content"), name, findings, limits)
        try:
            plain = file.unpack(start)
        except _FAULTS as error:
            findings.add("archive-damaged", file=name, reason=str(error))
            plain = None
        yield plain


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""  # the loader says why


class _File:
    """A packed file, and the place for its content."""

    def __init__(self, path: Path, plain: Path, name: str, findings: Findings, limits: Limits) -> None:
        self._path, self._plain, self._name = path, plain, name
        self._findings, self._limits = findings, limits

    def unpack(self, start: bytes) -> Path | None:
        """Where the content is to be read."""
        if start.startswith(_GZIP):
            with gzip.open(self._path, "rb") as packed:
                return self._copy(packed)
        if start.startswith(_BZIP2):
            with bz2.open(self._path, "rb") as packed:
                return self._copy(packed)
        with zipfile.ZipFile(self._path) as archive:
            members = [entry for entry in archive.infolist() if not entry.is_dir()]
            if any(entry.filename == _WORKBOOK for entry in members):
                return self._path
            if len(members) != 1:
                self._findings.add("archive-files", file=self._name, found=len(members))
                return None
            with archive.open(members[0]) as member:
                return self._copy(member)

    def _copy(self, packed: _Packed) -> Path | None:
        """Unpack piece by piece, up to the largest file that is read."""
        size, most = 0, self._limits.file_bytes
        with self._plain.open("wb") as file:
            while piece := packed.read(_PIECE):
                size += len(piece)
                if size > most:
                    self._findings.add("file-too-large", file=self._name, size=size, most=most)
                    return None
                file.write(piece)
        return self._plain
