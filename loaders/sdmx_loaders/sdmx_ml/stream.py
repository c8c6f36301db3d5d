"""XML from strangers as a stream of events: bounded tokens, names and depth; no DOCTYPE, no entities, no network.

Expat is used for its lines and its small memory; an lxml parser target is as fast but knows no lines. It need not see
all of a file: what somebody else has found to be whole elements may be passed over (``shortcut``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from sdmx_server.loading.api import Findings, Limits

_CHUNK = 1 << 20
_LOOK = 1 << 18
"""After so many bytes it is looked at whether what the parser keeps is within bounds."""

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
Feed = Callable[[bytes, bool], None]


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
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.EndNamespaceDeclHandler = self._namespace_end
        self.parser.StartCdataSectionHandler = self._cdata
        self.parser.EndCdataSectionHandler = self._cdata_end
        self.parser.XmlDeclHandler = self._declaration
        self._heard: Reader
        self.utf8 = True
        self.scope = 0
        self._open: dict[str, list[str]] = {}
        self._at = self._fed = 0
        self._in_cdata = False

    @property
    def between_tokens(self) -> bool:
        """Whether the parser has understood all that it was given: it is not within a tag, a comment or the like."""
        return self.parser.CurrentByteIndex == self._fed and not self._in_cdata

    @property
    def namespaces(self) -> dict[str, str]:
        """What the open prefixes stand for, the empty one for names without; ``scope`` changes when they do."""
        return {prefix: uris[-1] for prefix, uris in self._open.items() if uris}

    def tell(self, code: str, **more: object) -> None:
        """A finding at the present line."""
        row = more.pop("row", self.parser.CurrentLineNumber)
        self.findings.add(code, file=self.name, row=row, **more)  # type: ignore[arg-type]

    def stop(self, code: str, **more: object) -> Stop:
        """A finding after which nothing more is read; to be raised."""
        self.tell(code, **more)
        return Stop()

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.utf8 = encoding is None or encoding.upper() == "UTF-8"

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self.scope += 1
        self._open.setdefault(prefix or "", []).append(uri or "")

    def _namespace_end(self, prefix: str | None) -> None:
        self.scope += 1
        self._open[prefix or ""].pop()

    def _cdata(self) -> None:
        self._in_cdata = True

    def _cdata_end(self) -> None:
        self._in_cdata = False

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":  # a web page, such as a proxy's error
            raise self.stop("xml-not-sdmx", value=name)
        raise self.stop("xml-doctype")

    def events(self, reader: Callable[[File], Reader], feed: Feed | None = None) -> Iterator[int]:
        """Send all events to a reader; yields after each piece how many bytes have been read.

        ``feed`` is given each piece in place of the parser, and gives the parser what is for it.

        Findings: file-missing, file-too-large, file-empty, line-too-long, and those that begin with ``xml``.
        """
        self._heard = reader(self)
        feed = feed or self.feed
        listen(self.parser, self._heard)
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
                    feed(piece, done >= size)
                    self._bounded()
                    yield done
        except Stop:
            return
        except OSError as error:
            self.tell("file-missing", row=None, reason=error.strerror or str(error))

    def pass_over(self, size: int, lines: int) -> None:
        """Leave out a part of the file with so many line ends. The parser must be between tokens, within an element."""
        self._parse(b"\n" * lines, final=False)
        self._at += size

    def feed(self, piece: bytes, final: bool) -> None:
        """Let the parser read; ``final``: nothing follows."""
        begin, end = 0, _LOOK - self._at % _LOOK
        while end < len(piece):
            self._parse(piece[begin:end], final=False)
            self._bounded()
            begin, end = end, end + _LOOK
        self._parse(piece[begin:], final)
        self._at += len(piece)

    def _parse(self, piece: bytes, final: bool) -> None:
        self._fed += len(piece)
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

    def _bounded(self) -> None:
        reader, most = self._heard, self.limits.record_bytes
        if self._fed - self.parser.CurrentByteIndex > most + _LOOK or reader.held > most:
            raise self.stop("line-too-long", most=most)
        if reader.depth > _DEPTH:
            raise self.stop("xml-depth", most=_DEPTH)
        if len(self.parser.intern) > _NAMES:
            raise self.stop("xml-names", most=_NAMES)
