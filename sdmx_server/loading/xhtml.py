"""Which markup a structured text may have: well formed, and only what lays text out, nothing that acts."""

from __future__ import annotations

import re
from xml.parsers import expat

XHTML = "http://www.w3.org/1999/xhtml"
MOST_LEVELS = 64

ELEMENTS = frozenset(
    (
        *("a", "abbr", "acronym", "address", "b", "bdo", "big", "blockquote", "br", "caption", "cite", "code", "col"),
        *("colgroup", "dd", "del", "dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"),
        *("img", "ins", "kbd", "li", "ol", "p", "pre", "q", "samp", "small", "span", "strong", "sub", "sup", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "tt", "ul", "var"),
    )
)
"""Those that ``schemas/xhtml.xsd`` declares."""

_BEGIN = f'<div xmlns="{XHTML}">'
_DECLARED = re.compile(rf"""(<[A-Za-z][^<>]*?)\s+xmlns=(?:"{re.escape(XHTML)}"|'{re.escape(XHTML)}')""")
_ADDRESSES = ("href", "src", "cite", "longdesc")
_SAFE = re.compile(r"\s*(https?:|mailto:|urn:|#|/|\./|\.\./|[^:]*$)", re.IGNORECASE)


class _Wrong(Exception):
    """Markup that is not allowed, with the reason."""


def _judge_attribute(key: str, value: str) -> None:
    name = key.rpartition(" ")[2].lower()
    if name.startswith("on") or name == "style":
        raise _Wrong(f"the attribute {name} is not allowed")
    if name in _ADDRESSES and not _SAFE.match(value):
        raise _Wrong(f"the address {value[:100]} is not allowed")


class _Judge:
    """Judges elements as a parser meets them."""

    def __init__(self) -> None:
        self.levels = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.levels += 1
        namespace, _, local = name.rpartition(" ")
        if self.levels > MOST_LEVELS:
            raise _Wrong(f"more than {MOST_LEVELS} levels")
        if namespace != XHTML or local not in ELEMENTS:
            raise _Wrong(f"the element {local} is not allowed")
        for key, value in attributes.items():
            _judge_attribute(key, value)

    def end(self, _name: str) -> None:
        self.levels -= 1

    def instruction(self, target: str, _content: str) -> None:
        raise _Wrong(f"the processing instruction {target} is not allowed")


def plain(text: str) -> str:
    """The markup without declarations of the namespace that it stands in anyway: the same text from every format."""
    return _DECLARED.sub(r"\1", text)


def fault(text: str) -> str | None:
    """Why a text is no XHTML that may be published; None when it is. A text without any markup is.

    It stands inside of an element, where no document type can be declared, and so no entity.
    """
    parser, judge = expat.ParserCreate(namespace_separator=" "), _Judge()
    parser.StartElementHandler, parser.EndElementHandler = judge.begin, judge.end
    parser.ProcessingInstructionHandler = judge.instruction
    try:
        parser.Parse(_BEGIN, False)
        parser.Parse(text, False)
        if judge.levels != 1:
            raise _Wrong("elements are closed that were not opened, or not closed")
        parser.Parse("</div>", True)
    except _Wrong as wrong:
        return str(wrong)
    except expat.ExpatError as error:
        column = error.offset + 1 - (len(_BEGIN) if error.lineno == 1 else 0)
        return f"{expat.ErrorString(error.code)} (line {error.lineno}, column {max(column, 1)})"
    except ValueError as error:
        return str(error)
    return None
