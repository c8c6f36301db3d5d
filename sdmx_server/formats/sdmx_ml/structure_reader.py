"""Reading structure messages of SDMX-ML 2.1, 3.0 and 3.1 into the model."""

from __future__ import annotations

from typing import Any, BinaryIO

from lxml import etree

from ...errors import Problem, Refused
from ...model.common import Maintainable
from ...model.finality import from_flag
from ...model.message import StructureMessage
from .engine import Element, Reading, Shape
from .lenient import mended
from .parsing import MAX_BYTES, parse, read_bounded
from .problems import line_of, problem, refused
from .tables_message import FOOTER_MESSAGE, HEADER, sections
from .validation import MAX_PROBLEMS, is_valid, validate
from .versions import V21, VERSION_BY_NAMESPACE, qualified

_REGISTERED = ("Append", "Replace", "Information")
"""Actions of a submission that register what it holds."""
_OLD = "http://www.sdmx.org/resources/sdmxml/schemas/v"


def message_version(root: Element, name: str | None) -> str:
    """The version of an SDMX-ML message by the namespace of its root; raises ``Refused`` for any other document."""
    tag = etree.QName(root)
    version = VERSION_BY_NAMESPACE.get(tag.namespace or "")
    if version is not None:
        return version
    row = line_of(root)
    namespace = (tag.namespace or "").lower()
    if namespace.startswith(_OLD):
        number = namespace.removeprefix(_OLD).partition("/")[0].replace("_", ".")
        raise refused("xml.version", name, row=row, value=number)
    raise refused("xml.not-sdmx", name, row=row, value=str(root.tag))


def read_structures(stream: BinaryIO, name: str, limit: int = MAX_BYTES) -> StructureMessage:
    """Read a structure message; the version is that of its namespace.

    The message is checked against the official schema first; what is slightly off it is mended (``lenient``). What it
    refers to need not be in it. It may be held in a SubmitStructureRequest of a registry. Raises ``Refused``
    with line, path and reason when it is larger than ``limit`` bytes, no such message, invalid, or holds a kind of
    artefact that the model does not know.
    """
    root = parse(read_bounded(stream, name, limit), name)
    version = message_version(root, name)
    root = _submitted(root, version, name)
    if root.tag != qualified(version, "mes:Structure"):
        raise _other_message(root, name)
    remarks = () if is_valid(root, version) else tuple(mended(root, version, name))
    validate(root, version, name)
    reading = Reading(version, name)
    message = _message(root, reading, remarks)
    if reading.problems:
        raise Refused(capped(reading))
    return message


def _submitted(root: Element, version: str, name: str | None) -> Element:
    """The structure message that a SubmitStructureRequest holds; any other message as it is."""
    request = root.find(qualified(version, "mes:SubmitStructureRequest"))
    held = None if request is None else request.find(qualified(version, "str:Structures"))
    if request is None or held is None:
        return root
    for element in (request, *request.iter(qualified(version, "rgy:SubmittedStructure"))):
        action = element.get("action", "Append")
        if action not in _REGISTERED:
            raise refused("xml.submission", name, row=line_of(element), value=action)
    message = etree.Element(qualified(version, "mes:Structure"))
    message.extend(root.findall(qualified(version, "mes:Header")))
    etree.SubElement(message, qualified(version, "mes:Structures")).extend(list(held))
    return message


def _other_message(root: Element, name: str | None) -> Refused:
    kind = etree.QName(root).localname
    if kind == "Error":
        texts = " ".join("".join(map(str, root.itertext())).split())
        return refused("xml.error-message", name, row=line_of(root), reason=texts)
    return refused("xml.message-type", name, row=line_of(root), value=kind)


def capped(reading: Reading) -> list[Any]:
    """The first findings, and how many there are more."""
    found = reading.problems
    if len(found) <= MAX_PROBLEMS:
        return found
    return [*found[:MAX_PROBLEMS], problem("xml.more", reading.name, value=str(len(found) - MAX_PROBLEMS))]


def _shapes(version: str) -> dict[str, Shape]:
    """Shape by the name of the artefact's element."""
    return {qualified(version, section.elements[version][1]): section.shape for section in sections(version)}


def _message(root: Element, to: Reading, remarks: tuple[Problem, ...]) -> StructureMessage:
    header = root.find(qualified(to.version, "mes:Header"))
    structures = root.find(qualified(to.version, "mes:Structures"))
    footer = root.find(qualified(to.version, "ftr:Footer"))
    if header is None:
        raise refused("xml.incomplete", to.name, row=line_of(root), reason="Header")
    shapes = _shapes(to.version)
    artefacts: list[Maintainable] = []
    for container in structures if structures is not None else ():
        for element in container:
            shape = shapes.get(element.tag)
            if shape is None:
                to.add("xml.unsupported", element, etree.QName(element).localname)
            else:
                artefact = shape.read(element, to)
                artefacts.append(from_flag(artefact) if to.version == V21 else artefact)
    return StructureMessage(
        header=HEADER.read(header, to),
        artefacts=tuple(artefacts),
        footer=tuple(FOOTER_MESSAGE.read(one, to) for one in footer) if footer is not None else (),
        remarks=remarks,
    )
