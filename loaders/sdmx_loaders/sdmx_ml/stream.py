"""XML from strangers as a stream of events: bounded tokens, names and depth; no DOCTYPE, no entities, no network.

Expat is used for its lines and its small memory; an lxml parser target is as fast but knows no lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from sdmx_server.loading.api import Findings, Limits

_CHUNK = 1 << 18
_DEPTH = 50
_NAMES = 20_000
_CODES = expat.errors.codes
_TRUNCATED = {
    _CODES[expat.errors.XML_ERROR_NO_ELEMENTS],
    _CODES[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    _CODES[expat.errors.XML_ERROR_PARTIAL_CHAR],
    _CODES[expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION],
}
_ENCODING = {
    _CODES[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    _CODES[expat.errors.XML_ERROR_INCORRECT_ENCODING],
}

Attributes = dict[str, str]


class Stop(Exception):
    """Nothing more is to be read: a finding says why, or all that was wanted is there."""


class Reader(Protocol):
    """What listens to the events, from the root on."""

    @property
    def depth(self) -> int:
        """How many elements are open."""
        ...

    @property
    def held(self) -> int:
        """How many characters of a text are kept that is still being read."""
        ...

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag; names are ``namespace local``, without a namespace just ``local``."""
        ...

    def end(self, name: str) -> None:
        """An end tag."""
        ...


class Handler(Protocol):
    """The two methods of a reader that expat calls."""

    def start(self, name: str, attributes: Attributes) -> None:
        """A start tag."""
        ...

    def end(self, name: str) -> None:
        """An end tag."""
        ...


def listen(parser: expat.XMLParserType, handler: Handler) -> None:
    """Send the next tags to this handler."""
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition(" ")[2]


class File:
    """The file that is read, and where its faults are told."""

    def __init__(self, path: Path, name: str, findings: Findings, limits: Limits) -> None:
        self.path, self.name, self.findings, self.limits = path, name, findings, limits
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartNamespaceDeclHandler = lambda _prefix, _uri: None  # so that prefixes are counted as names

    def tell(self, code: str, **more: object) -> None:
        """A finding at the present line."""
        row = more.pop("row", self.parser.CurrentLineNumber)
        self.findings.add(code, file=self.name, row=row, **more)  # type: ignore[arg-type]

    def stop(self, code: str, **more: object) -> Stop:
        """A finding after which nothing more is read; to be raised."""
        self.tell(code, **more)
        return Stop()

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":  # a web page, such as a proxy's error
            raise self.stop("xml-not-sdmx", value=name)
        raise self.stop("xml-doctype")

    def events(self, reader: Callable[[File], Reader]) -> Iterator[int]:
        """Send all events to a reader; yields after each piece how many bytes have been read.

        Findings: file-missing, file-too-large, file-empty, line-too-long, and those that begin with ``xml``.
        """
        heard = reader(self)
        listen(self.parser, heard)
        try:
            size = self.path.stat().st_size
            if size > self.limits.file_bytes:
                raise self.stop("file-too-large", row=None, size=size, most=self.limits.file_bytes)
            if not size:
                raise self.stop("xml-empty", row=None)
            with self.path.open("rb") as stream:
                done = 0
                while piece := stream.read(_CHUNK):
                    done += len(piece)
                    self._parse(piece, final=done >= size)
                    self._bounded(heard, done)
                    yield done
        except Stop:
            return
        except OSError as error:
            self.tell("file-missing", row=None, reason=error.strerror or str(error))

    def _parse(self, piece: bytes, final: bool) -> None:
        try:
            self.parser.Parse(piece, final)
        except expat.ExpatError as error:
            code = "xml-syntax"
            if error.code in _ENCODING:
                code = "xml-encoding"
            elif error.code in _TRUNCATED and final:
                code = "xml-truncated"
            raise self.stop(code, row=error.lineno, reason=expat.ErrorString(error.code)) from None
        except (ValueError, LookupError) as error:
            raise self.stop("xml-encoding", reason=str(error)) from None

    def _bounded(self, reader: Reader, done: int) -> None:
        most = self.limits.record_bytes
        if done - self.parser.CurrentByteIndex > most + _CHUNK or reader.held > most:
            raise self.stop("line-too-long", most=most)
        if reader.depth > _DEPTH:
            raise self.stop("xml-depth", most=_DEPTH)
        if len(self.parser.intern) > _NAMES:
            raise self.stop("xml-names", most=_NAMES)
