"""Structured texts: XHTML between the text that the model keeps and the elements of a message."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree
from typing_extensions import override

from ...model.common import Value
from .engine import Element, Reading, Row, Values, Writing, sub
from .rows import DEFAULT_LANGUAGE, clean
from .versions import XHTML, XML_LANG

_DEFAULT: Any = {None: XHTML}


def markup(element: Element) -> str:
    """What an element holds, as text: its markup with the one namespace that it needs."""
    parts = [_escaped(element.text or "")]
    for child in copy.deepcopy(element):
        after = child.tail or ""
        alone = _without_prefix(child, etree.Element(child.tag, nsmap=_DEFAULT))
        alone.tail = None
        etree.cleanup_namespaces(alone)
        parts += [etree.tostring(alone, encoding="unicode"), _escaped(after)]
    return "".join(parts)


def _without_prefix(source: Element, target: Element) -> Element:
    """The content of an element in one that declares XHTML as the default namespace, as web pages want it."""
    for name, text in source.attrib.items():
        target.set(name, text)
    target.text, target.tail = source.text, source.tail
    target.extend(list(source))
    return target


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def put_markup(text: str, node: Element) -> None:
    """Put markup into an element; a text that is no well-formed markup stands there as the text that it is."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        whole = etree.fromstring(f'<div xmlns="{XHTML}">{clean(text)}</div>', parser)
    except etree.XMLSyntaxError:
        node.text = clean(text)
        return
    node.text = whole.text
    for child in whole:
        _without_prefix(child, etree.SubElement(node, child.tag, nsmap=_DEFAULT))


def embedded(text: str) -> str:
    """The markup as it stands in an element of a message that is put together as text."""
    node = etree.Element("node")
    put_markup(text, node)
    return _escaped(node.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in node)


class StructuredTexts(Row):
    """XHTML in languages: one child element for each. It marks its holder as ``structured``."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        texts = values.setdefault(self.field, {})
        values["structured"] = True
        tag, text = element.get(XML_LANG, DEFAULT_LANGUAGE), markup(element)
        if texts.setdefault(tag, text) != text:
            to.add("xml.language", element, tag)

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        if getattr(holder, "structured"):  # noqa: B009 - the table says that its holder has it
            for tag, text in to.choose(getattr(holder, self.field)).items():
                node = sub(parent, self.xml, to)
                node.set(XML_LANG, tag)
                put_markup(text, node)
