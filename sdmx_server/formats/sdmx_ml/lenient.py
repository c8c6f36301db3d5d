"""What products write that the official XSDs refuse although its meaning is clear: mended, and remarked upon.

Only messages that the schema refuses come here. Nothing that the model has a place for is left out without a remark.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from ...errors import Problem
from .problems import line_of, place, problem
from .validation import is_valid
from .versions import V21, XML_LANG, XSI, qualified

_PARTS = ("str:AttributeList", "str:MeasureList", "str:LocalRepresentation", "str:CoreRepresentation")
"""Parts that may be absent, but not empty."""
_OCCURRENCES = ("minOccurs", "maxOccurs")
"""What a representation without content may still say: how many values there are; by default one."""
_OF_NOTHING = frozenset((f"{XSI}nil", XML_LANG))
"""Attributes of an element that has nothing to say: the language of no text says nothing either."""
_NO_HEADER = (("mes:ID", "unnamed"), ("mes:Test", "false"), ("mes:Prepared", "1970-01-01T00:00:00Z"))
_SENDER = "unknown"


class _Mending:
    """A message, its version, and the remarks about it so far."""

    def __init__(self, root: etree._Element, version: str, name: str | None) -> None:
        self.root, self.version, self.name = root, version, name
        self.remarks: list[Problem] = []

    def all(self, *names: str) -> Iterator[etree._Element]:
        """The elements of these names, in a list of their own: they may be taken away."""
        return iter(list(self.root.iter(*(qualified(self.version, name) for name in names))))

    def remark(self, code: str, element: etree._Element, **more: Any) -> None:
        """Note what was not as it should be."""
        self.remarks.append(problem(code, self.name, row=line_of(element), path=place(element), **more))


def mended(root: etree._Element, version: str, name: str | None) -> list[Problem]:
    """Mend what can be, in the tree itself; returns the remarks. What is still wrong is for the schema to say."""
    mending = _Mending(root, version, name)
    for rule in _RULES:
        rule(mending)
    return mending.remarks


def _references(of: _Mending) -> None:
    """White space around a URN, which the schema allows: the type collapses it, but libxml2 does not within unions."""
    for element in of.root.iter():
        text = element.text
        if text and not len(element) and text != text.strip() and text.strip().startswith("urn:"):
            element.text = text.strip()


def _nothing(of: _Mending) -> None:
    """Elements that say that they say nothing (``xsi:nil``), and parts without content."""
    for element in list(of.root.iter()):
        nil = element.get(f"{XSI}nil") in ("true", "1") and set(element.keys()) <= _OF_NOTHING
        if nil and not len(element) and not (element.text or "").strip():
            _remove(element)
    structures = of.root.find(qualified(of.version, "mes:Structures"))
    for element in (*of.all(*_PARTS), *(list(structures) if structures is not None else ())):
        if not len(element) and all(element.get(name, "1") == "1" for name in _OCCURRENCES):
            _remove(element)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _partial(of: _Mending) -> None:
    """``isPartial`` of a value list, which has none in SDMX-ML: false means the same as its absence."""
    for element in of.all("str:ValueList"):
        if element.get("isPartial") in ("false", "0"):
            del element.attrib["isPartial"]


def _primary_measure(of: _Mending) -> None:
    """The primary measure of an attribute named by URN, where 2.1 wants its id alone."""
    for element in of.all("str:PrimaryMeasure") if of.version == V21 else ():
        urn = element.find("URN")
        if urn is not None and (urn.text or "").strip().endswith(".OBS_VALUE"):
            element.remove(urn)
            if not len(element):
                etree.SubElement(element, "Ref", {"id": "OBS_VALUE"})
            of.remark("xml.lenient.measure", element, value=urn.text)


def _header(of: _Mending) -> None:
    """A header that is not there, or is not as it should be: nothing of it is stored."""
    if of.root.find(qualified(of.version, "mes:Structures")) is None:
        return
    header = of.root.find(qualified(of.version, "mes:Header"))
    alone = etree.Element(of.root.tag)
    if header is not None:
        alone.append(copy.deepcopy(header))
        if is_valid(alone, of.version):
            return
        of.root.remove(header)
    plain = etree.Element(qualified(of.version, "mes:Header"))
    for name, text in _NO_HEADER:
        etree.SubElement(plain, qualified(of.version, name)).text = text
    etree.SubElement(plain, qualified(of.version, "mes:Sender"), {"id": _SENDER})
    of.root.insert(0, plain)
    of.remark("xml.lenient.header", of.root)


_RULES: tuple[Callable[[_Mending], None], ...] = (_references, _nothing, _partial, _primary_measure, _header)
