"""Which reader a message of structures, reference metadata or registrations needs, by its first character."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import BinaryIO

from ..errors import Problem, Refused
from ..model.message import StructureMessage
from ..model.registration import SubmissionMessage
from ..model.resolved_metadata import MetadataMessage
from .api import Format, StructureReader


def _reader(formats: tuple[Format, ...], extension: str) -> StructureReader:
    return next(f.read_structures for f in formats if f.read_structures and f.extension == extension)


def read_structure_file(path: Path, formats: tuple[Format, ...]) -> StructureMessage:
    """Read a structure message of any version that ``formats`` read, in XML or JSON.

    Raises ``Refused`` with all findings, also when the file begins like neither.
    """
    with path.open("rb") as stream:
        start = _start(stream)
        if start.startswith(b"<"):
            return _reader(formats, "xml")(stream, str(path))
        if start.startswith(b"{"):
            return _reader(formats, "json")(stream, str(path))
    texts = {
        "en": "The file begins neither like XML nor like JSON; a structure message is one of them.",
        "fa": "آغاز پرونده نه مانند XML است و نه مانند JSON؛ پیام ساختار باید یکی از این دو باشد.",
    }
    raise Refused([Problem(code="structure-not-a-message", texts=texts, file=str(path), value=repr(start[:20]))])


def read_metadata_file(path: Path, formats: tuple[Format, ...]) -> MetadataMessage:
    """Read a message of reference metadata of any version that ``formats`` read, in XML, JSON or CSV.

    Raises ``Refused`` with all findings, also when the file begins like none of them.
    """
    with path.open("rb") as stream:
        start = _start(stream)
        extension = _metadata_extension(start)
        reader = next((f.read_metadata for f in formats if f.read_metadata and f.extension == extension), None)
        if reader is not None:
            return reader(stream, str(path))
    texts = {
        "en": "The file begins neither like XML nor like JSON or SDMX-CSV; a metadata message is one of them.",
        "fa": "آغاز پرونده نه مانند XML است و نه مانند JSON یا SDMX-CSV؛ پیام فراداده باید یکی از این‌ها باشد.",
    }
    raise Refused([Problem(code="metadata-not-a-message", texts=texts, file=str(path), value=repr(start[:20]))])


def read_registration_file(path: Path, formats: tuple[Format, ...]) -> SubmissionMessage:
    """Read the registrations of a registry message, which is XML of any version that ``formats`` read.

    Raises ``Refused`` with all findings, also when the file is no XML.
    """
    reader = next(f.read_registrations for f in formats if f.read_registrations)
    with path.open("rb") as stream:
        return reader(stream, str(path))


def _start(stream: BinaryIO) -> bytes:
    """What a file begins with, as UTF-8 without byte order mark and white space; XML may be in UTF-16."""
    start = stream.read(64)
    stream.seek(0)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = start.decode("utf-16", "ignore").encode()
    return start.removeprefix(codecs.BOM_UTF8).lstrip()


def _metadata_extension(start: bytes) -> str | None:
    if start.startswith(b"<"):
        return "xml"
    if start.startswith(b"{"):
        return "json"
    return "csv" if start.startswith((b"MDSTRUCTURE", b'"MDSTRUCTURE')) else None
