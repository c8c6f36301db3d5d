"""Which reader a structure message needs, by its first character."""

from __future__ import annotations

from pathlib import Path

from ..errors import Problem, Refused
from ..model.message import StructureMessage
from .api import Format, StructureReader


def _reader(formats: tuple[Format, ...], extension: str) -> StructureReader:
    return next(f.read_structures for f in formats if f.read_structures and f.extension == extension)


def read_structure_file(path: Path, formats: tuple[Format, ...]) -> StructureMessage:
    """Read a structure message of any version that ``formats`` read, in XML or JSON.

    Raises ``Refused`` with all findings, also when the file begins like neither.
    """
    with path.open("rb") as stream:
        start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
        stream.seek(0)
        if start.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):  # XML, also in UTF-16
            return _reader(formats, "xml")(stream, str(path))
        if start.startswith(b"{"):
            return _reader(formats, "json")(stream, str(path))
    texts = {
        "en": "The file begins neither like XML nor like JSON; a structure message is one of them.",
        "fa": "آغاز پرونده نه مانند XML است و نه مانند JSON؛ پیام ساختار باید یکی از این دو باشد.",
    }
    raise Refused([Problem(code="structure-not-a-message", texts=texts, file=str(path), value=repr(start[:20]))])
