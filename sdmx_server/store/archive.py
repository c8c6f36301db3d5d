"""The file of a backup: a ZIP archive with one member for each table, and a manifest.

A member is a Zstandard stream of blocks: the length of each (8 bytes, little-endian), then its rows as MessagePack, a
list of values a row in the order of the columns that the manifest names. Moments are microseconds since 1970, UTC.
``manifest.json`` names the format, the release of the tables, and for each table its columns, their kinds, its rows and
the SHA-256 of its blocks. The directory of a ZIP archive stands at its end: a file that was cut off is none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import sqlalchemy as sa
import zstandard

from ..error_texts import texts_of
from ..errors import SdmxServerError

FORMAT = "sdmx-server backup"
VERSION = 1
MANIFEST = "manifest.json"

_BLOCK = 4 * 1024 * 1024
"""Bytes from which a block is closed."""

_LONGEST = 512 * 1024 * 1024
"""Bytes of the longest block that is read: a block ends with the row that fills it."""

_MANIFEST_BYTES = 64 * 1024 * 1024
_LENGTH = 8
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_encoder = msgspec.msgpack.Encoder()
_rows = msgspec.msgpack.Decoder(list[list[Any]])


class BadArchive(SdmxServerError):
    """A file that is no backup, or not whole."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One table of a backup. ``kinds``: int, text, bytes, bool or moment, by column."""

    table: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: int = 0
    digest: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds. ``schema``: the release of the fixed tables; ``tables`` in the order of their restoring."""

    format: str
    version: int
    schema: str
    server: str
    database: str
    made: str
    tables: tuple[Member, ...]


def kind_of(column: sa.Column[Any]) -> str:
    """What a column holds, whatever database it is in."""
    kinds: tuple[tuple[type[Any], str], ...] = (
        (sa.Boolean, "bool"),
        (sa.Integer, "int"),
        (sa.DateTime, "moment"),
        (sa.LargeBinary, "bytes"),
        (sa.Text, "text"),
    )
    return next(kind for type_, kind in kinds if isinstance(column.type, type_))


def _written(kinds: Sequence[str], row: Sequence[Any]) -> list[Any]:
    return [_moment(v) if kind == "moment" and v is not None else v for kind, v in zip(kinds, row, strict=True)]


def _moment(value: dt.datetime) -> int:
    known = value if value.tzinfo else value.replace(tzinfo=dt.UTC)  # SQLite keeps no offset
    return (known - _EPOCH) // dt.timedelta(microseconds=1)


_TYPES: dict[str, tuple[type[Any], ...]] = {
    "int": (int,),
    "moment": (int,),
    "text": (str,),
    "bytes": (bytes,),
    "bool": (bool, int),
}


class ArchiveWriter:
    """Writes a backup to a file beside its name, which it gets when it is whole. Memory is that of one block.

    Raises ``SdmxServerError`` where that name is a folder, a device or a pipe: none of them is ever replaced.
    """

    def __init__(self, path: Path) -> None:
        if path.exists() and not path.is_file():
            raise SdmxServerError("backup-not-a-file", path=path)
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._zip = zipfile.ZipFile(self._part, "w", allowZip64=True)
        self._members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._zip.close()
        finally:  # closing writes, too, which a full disk does not take
            self._part.unlink(missing_ok=True)

    def write(self, member: Member, rows: Iterable[Sequence[Any]]) -> Iterator[int]:
        """Write one table; yields how many of its rows were taken so far."""
        digest, count = hashlib.sha256(), 0
        name = f"tables/{member.table}.msgpack.zst"
        with (
            self._zip.open(name, "w", force_zip64=True) as raw,
            zstandard.ZstdCompressor(level=3).stream_writer(raw, closefd=False) as out,
        ):
            held: list[bytes] = []
            size = 0
            for row in rows:
                line = _encoder.encode(_written(member.kinds, row))
                held.append(line)
                size += len(line) + 1
                count += 1
                if size >= _BLOCK:
                    _put(out, digest, held)
                    held, size = [], 0
                    yield count
            if held:
                _put(out, digest, held)
        self._members.append(msgspec.structs.replace(member, rows=count, digest=digest.hexdigest()))
        yield count

    def finish(self, manifest: Manifest) -> int:
        """Write the manifest, give the file its name, and return its size in bytes."""
        whole = msgspec.structs.replace(manifest, tables=tuple(self._members))
        self._zip.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(whole)))
        self._zip.close()
        self._part.replace(self._path)
        return self._path.stat().st_size


def _put(out: Any, digest: Any, lines: Sequence[bytes]) -> None:
    count = len(lines)
    head = b"\xdd" + count.to_bytes(4, "big")  # MessagePack: a list of so many
    block = head + b"".join(lines)
    digest.update(block)
    out.write(len(block).to_bytes(_LENGTH, "little"))
    out.write(block)


class ArchiveReader:
    """Reads a backup. Raises ``BadArchive`` for a file that is none, is cut off, or was changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            begins = file.read(2)
        if begins != b"PK":
            raise BadArchive("backup-none", path=path)
        try:
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise BadArchive("backup-cut", path=path, reason=error) from error
        try:
            self.manifest = self._manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def _manifest(self) -> Manifest:
        try:
            if self._zip.getinfo(MANIFEST).file_size > _MANIFEST_BYTES:
                raise BadArchive("backup-manifest-long", path=self._path)
            manifest = msgspec.json.decode(self._zip.read(MANIFEST), type=Manifest)
        except KeyError as error:
            raise BadArchive("backup-manifest-missing", path=self._path, manifest=MANIFEST) from error
        except (zipfile.BadZipFile, zlib.error, msgspec.DecodeError, NotImplementedError, RuntimeError) as error:
            wrong = "backup-manifest-unreadable"
            raise BadArchive(wrong, path=self._path, manifest=MANIFEST, reason=error) from error
        if manifest.format != FORMAT:
            raise BadArchive("backup-none", path=self._path)
        if manifest.version != VERSION:
            raise BadArchive("backup-format", path=self._path, found=manifest.version, expected=VERSION)
        return manifest

    def rows(self, member: Member) -> Iterator[list[list[Any]]]:
        """The rows of a table in portions. Raises ``BadArchive`` at the end where they are not what was written."""
        try:
            yield from self._checked(member)
        except (KeyError, EOFError, zipfile.BadZipFile, zlib.error, zstandard.ZstdError, NotImplementedError) as error:
            raise self._damaged(member, error) from error

    def _damaged(self, member: Member, why: object) -> BadArchive:
        return BadArchive("backup-damaged", path=self._path, table=member.table, reason=why)

    def _checked(self, member: Member) -> Iterator[list[list[Any]]]:
        digest, count = hashlib.sha256(), 0
        name = f"tables/{member.table}.msgpack.zst"
        with self._zip.open(name) as raw, zstandard.ZstdDecompressor().stream_reader(raw) as source:
            while head := _exactly(source, _LENGTH):
                length = int.from_bytes(head, "little")
                if length > _LONGEST:
                    raise self._damaged(member, texts_of("backup-block-long"))
                block = _exactly(source, length)
                digest.update(block)
                try:
                    rows = _rows.decode(block)
                except msgspec.DecodeError as error:
                    raise self._damaged(member, error) from error
                self._check_kinds(member, rows)
                count += len(rows)
                yield rows
        if (count, digest.hexdigest()) != (member.rows, member.digest):
            raise self._damaged(member, texts_of("backup-rows-changed"))

    def _check_kinds(self, member: Member, rows: Sequence[Sequence[Any]]) -> None:
        types = [(*_TYPES.get(kind, ()), type(None)) for kind in member.kinds]
        for row in rows:
            if len(row) != len(types) or not all(map(isinstance, row, types)):
                raise self._damaged(member, texts_of("backup-value-kind"))


def _exactly(source: Any, n: int) -> bytes:
    """The next n bytes; none at the very end."""
    found = bytearray()
    while len(found) < n:
        piece = source.read(min(n - len(found), _BLOCK))
        if not piece:
            if found:
                raise EOFError("it ends in the middle")
            return b""
        found += piece
    return bytes(found)


def read_value(kind: str, value: Any) -> Any:
    """A value as its column takes it."""
    if value is None:
        return None
    if kind == "moment":
        return _EPOCH + dt.timedelta(microseconds=value)
    return bool(value) if kind == "bool" else value
