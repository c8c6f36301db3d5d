"""Reading registrations of registry messages of SDMX-ML 2.1, 3.0 and 3.1 (section 3A, part V)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from ...errors import Refused
from ...model.registration import Submission, SubmissionMessage
from .engine import Element, Reading
from .parsing import MAX_BYTES, parse, read_bounded
from .problems import line_of, refused
from .structure_reader import capped, message_version
from .tables_message import HEADER
from .tables_registration import REGISTRATION
from .validation import validate
from .versions import qualified

_REQUEST, _RESPONSE = "mes:SubmitRegistrationsRequest", "mes:QueryRegistrationResponse"


def read_registrations(stream: BinaryIO, name: str, limit: int = MAX_BYTES) -> SubmissionMessage:
    """Read registrations that are submitted, or those of an answer to a query, which are there to replace others.

    The version is that of the namespace; the message is checked against the official schema first. Raises ``Refused``
    with line, path and reason when it is larger than ``limit`` bytes, no such message, invalid, or says what the model
    has no place for.
    """
    root = parse(read_bounded(stream, name, limit), name)
    version = message_version(root, name)
    if root.tag != qualified(version, "mes:RegistryInterface"):
        raise refused("xml.registry-type", name, row=line_of(root), value=etree.QName(root).localname)
    validate(root, version, name)
    reading = Reading(version, name)
    message = _message(root, reading)
    if reading.problems:
        raise Refused(capped(reading))
    return message


def _message(root: Element, to: Reading) -> SubmissionMessage:
    header, *bodies = root
    for body in bodies:
        if body.tag in (qualified(to.version, _REQUEST), qualified(to.version, _RESPONSE)):
            found = _submitted(body, to) if body.tag == qualified(to.version, _REQUEST) else _found(body, to)
            return SubmissionMessage(header=HEADER.read(header, to), submissions=tuple(found))
    kind = etree.QName(bodies[0]).localname if bodies else etree.QName(root).localname
    raise refused("xml.registry-type", to.name, row=line_of(root), value=kind)


def _submitted(body: Element, to: Reading) -> Iterator[Submission]:
    for request in body.iterchildren(qualified(to.version, "rgy:RegistrationRequest")):
        yield _submission(request, request.get("action", ""), to)


def _found(body: Element, to: Reading) -> Iterator[Submission]:
    for result in body.iterchildren(qualified(to.version, "rgy:QueryResult")):
        for data in result:
            if data.tag == qualified(to.version, "rgy:DataResult"):
                yield _submission(data, "Replace", to)
            else:
                to.add("xml.unsupported", data, etree.QName(data).localname)


def _submission(holder: Element, action: str, to: Reading) -> Submission:
    registration, *others = holder
    for other in others:
        to.add("xml.unsupported", other, etree.QName(other).localname)
    sources = registration.findall(qualified(to.version, "rgy:Datasource") + "/*")
    if len(sources) > len({source.tag for source in sources}):  # the schema allows two files, the model one
        to.add("xml.unsupported", sources[1], f"{etree.QName(sources[1]).localname}[2]")
    return Submission(registration=REGISTRATION.read(registration, to), action=action, row=line_of(registration))
