"""Parsing XML from strangers: bounded size and depth, no DOCTYPE, no entities, no network.

The prologue is looked at by a separate small parser before anything else sees the text, so that a document type
declaration is refused before its entities could be expanded anywhere.
"""

from __future__ import annotations

from typing import BinaryIO
from xml.parsers import expat

from lxml import etree

from ...errors import Refused
from .problems import refused

MAX_BYTES = 256 * 1024 * 1024
"""Largest message that is read, in bytes."""

_CHUNK = 1 << 16

_CODES = {
    etree.ErrorTypes.ERR_INVALID_ENCODING: "xml.encoding",
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING: "xml.encoding",
    etree.ErrorTypes.ERR_UNKNOWN_ENCODING: "xml.encoding",
    etree.ErrorTypes.ERR_INVALID_CHAR: "xml.encoding",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "xml.truncated",
    etree.ErrorTypes.ERR_DOCUMENT_END: "xml.truncated",
    etree.ErrorTypes.ERR_GT_REQUIRED: "xml.truncated",
    etree.ErrorTypes.ERR_LTSLASH_REQUIRED: "xml.truncated",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "xml.depth",
}


class _Doctype(Exception):
    """A document type declaration was met."""


class _PrologueEnds(Exception):
    """The root element was met."""


def read_bounded(stream: BinaryIO, name: str | None, limit: int = MAX_BYTES) -> bytes:
    """All bytes of the stream; raises ``Refused`` as soon as they exceed ``limit``."""
    parts: list[bytes] = []
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise refused("xml.too-large", name, limit=limit)
        parts.append(chunk)
    return b"".join(parts)


def _refuse_doctype(content: bytes, name: str | None) -> None:
    """Stop at a DOCTYPE. Other faults of the prologue are left to the real parser, which explains them better."""

    def on_doctype(*_: object) -> None:
        raise _Doctype

    def on_element(*_: object) -> None:
        raise _PrologueEnds

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_element
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK], False)
    except _Doctype:
        raise refused("xml.doctype", name, row=parser.CurrentLineNumber) from None
    except (_PrologueEnds, expat.ExpatError, ValueError, LookupError):
        return


def _syntax(error: etree.XMLSyntaxError, content: bytes, name: str | None) -> Refused:
    start = content[:4].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    looks_like_xml = start[:1] in (b"<", b"\xff", b"\xfe", b"")
    code = _CODES.get(getattr(error, "code", None), "xml.syntax") if looks_like_xml else "xml.not-xml"
    if code == "xml.syntax" and b">" not in content.rstrip()[-2:]:
        code = "xml.truncated"
    return refused(code, name, row=error.lineno or None, reason=error.msg)


def parse(content: bytes, name: str | None) -> etree._Element:
    """The root element, without comments and processing instructions; raises ``Refused`` with the line and why not."""
    if not content.strip():
        raise refused("xml.empty", name)
    _refuse_doctype(content, name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _syntax(error, content, name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise refused("xml.doctype", name)
    return root
