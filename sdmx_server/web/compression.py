"""Content codings, streamed: zstd level 1 and gzip by ISA-L level 1 (ten times zlib's speed at nearly its ratio)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import zstandard
from isal import isal_zlib

CODINGS = ("zstd", "gzip", "identity")
"""What this server offers, best first."""

_GZIP_WINDOW = 31  # 15 bits of window, and 16 for the gzip wrapper


class _Encoder(Protocol):
    def compress(self, data: bytes) -> bytes: ...
    def flush(self) -> bytes: ...


def _encoder(coding: str) -> _Encoder:
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=1).compressobj()
    encoder: _Encoder = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _GZIP_WINDOW)
    return encoder


def encode(chunks: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """The chunks in a content coding of ``CODINGS``; empty chunks are dropped, memory stays bounded."""
    if coding == "identity":
        yield from (chunk for chunk in chunks if chunk)
        return
    encoder = _encoder(coding)
    for chunk in chunks:
        if packed := encoder.compress(chunk):
            yield packed
    if rest := encoder.flush():
        yield rest
