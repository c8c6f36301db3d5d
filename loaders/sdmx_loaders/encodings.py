"""Bytes of a text file as UTF-8 in pieces, whatever its encoding; what is not that encoding is a finding."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

import numpy as np
import polars as pl
import pyarrow as pa

from sdmx_server.loading.api import Source

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1256")
"""Encodings that a recipe may name. UTF-8 may always begin with a byte order mark."""

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def pieces(source: Source, encoding: str) -> Iterator[bytes]:
    """The file's text in UTF-8, cut anywhere, without a byte order mark.

    UTF-8 itself passes through unchecked: it is cheaper to check whole records. Findings: file-missing,
    file-too-large, encoding.
    """
    try:
        size = source.path.stat().st_size
        if size > source.limits.file_bytes:
            source.findings.add("file-too-large", file=source.name, size=size, most=source.limits.file_bytes)
            return
        raw = _raw(source)
        if encoding in ("utf-8", "utf-8-sig"):
            yield from _unmarked(source, raw)
        else:
            yield from _decoded(source, raw, encoding)
    except OSError as error:
        source.findings.add("file-missing", file=source.name, reason=error.strerror or str(error))


def _raw(source: Source) -> Iterator[bytes]:
    with source.path.open("rb") as file:
        while piece := file.read(source.limits.block_bytes):
            yield piece


def _unmarked(source: Source, raw: Iterator[bytes]) -> Iterator[bytes]:
    first = next(raw, b"")
    if first.startswith(_UTF16_MARKS):
        _wrong(source, "utf-8", "its first bytes are the mark of UTF-16", 1)
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from raw


def _decoded(source: Source, raw: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for piece in raw:
        if encoding == "windows-1256" and _looks_utf8(piece):
            _wrong(source, encoding, "its bytes are valid UTF-8", line)
            return
        try:
            text = decoder.decode(piece)
        except UnicodeDecodeError as error:
            _wrong(source, encoding, error.reason, line)
            return
        line += text.count("\n")
        yield text.removeprefix("\ufeff").encode()
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        _wrong(source, encoding, error.reason, line)


def _looks_utf8(piece: bytes) -> bool:
    """Whether bytes that are not ASCII form valid UTF-8, which text of a one-byte code page hardly ever does."""
    if piece.isascii():
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _wrong(source: Source, encoding: str, reason: str, row: int) -> None:
    source.findings.add("encoding", file=source.name, row=row, encoding=encoding, reason=reason)


def is_utf8(source: Source, block: bytes, first_line: int) -> bool:
    """Whether a block of whole records is UTF-8; if not, a finding with the line of the first bad byte."""
    if block.isascii():
        return True
    try:
        _as_binary(block).cast(pl.String)  # several times as fast as decoding
    except pl.exceptions.PolarsError:
        pass
    else:
        return True
    try:
        block.decode()
    except UnicodeDecodeError as error:
        row = first_line + block.count(b"\n", 0, error.start)
        source.findings.add(
            "encoding",
            file=source.name,
            row=row,
            value=block[error.start : error.start + 1].hex(),
            encoding="utf-8",
            reason=error.reason,
        )
        return False
    return True


def _as_binary(block: bytes) -> pl.Series:
    """The block as the one value of a Binary Series, which does not copy it."""
    offsets = np.array([0, len(block)], np.int64)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(block)]
    return pl.Series(pa.Array.from_buffers(pa.large_binary(), 1, buffers))
