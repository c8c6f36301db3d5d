"""Writing answers to queries for registrations: registry messages of SDMX-ML 3.0 and 3.1 (section 3A, part V)."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from lxml import etree

from ...model.message import Party
from ...model.registration import Registration, RegistrationMessage
from ..api import WriteOptions
from .engine import Element, Writing, sub
from .structure_writer import Sink
from .tables_message import HEADER
from .tables_registration import REGISTRATION
from .versions import NAMESPACES, qualified

_ANYBODY = Party(id="not_supplied")
"""The receiver, whom the schema requires and an anonymous client does not name."""


def _prefixes(version: str) -> dict[str, str]:
    return {name: NAMESPACES[version][name] for name in ("mes", "rgy", "com")}


def _element(name: str, version: str) -> Element:
    return etree.Element(qualified(version, name), nsmap=_prefixes(version))


def _result(registration: Registration, version: str) -> Element:
    to = Writing(version)
    result = _element("rgy:QueryResult", version)
    result.set("timeSeriesMatch", "false")
    node = sub(sub(result, "rgy:DataResult", to), "rgy:Registration", to)
    REGISTRATION.write(registration, node, to)
    return result


def write_registrations(message: RegistrationMessage, _options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write the answer in ``version`` (3.0 or 3.1), valid against its XSD."""
    header = msgspec.structs.replace(message.header, receivers=message.header.receivers or (_ANYBODY,))
    node = _element("mes:Header", version)
    HEADER.write(header, node, Writing(version))
    status = _element("rgy:StatusMessage", version)
    status.set("status", "Success")
    sink = Sink()
    with etree.xmlfile(sink, encoding="UTF-8", buffered=False) as out:
        out.write_declaration()
        with out.element(qualified(version, "mes:RegistryInterface"), nsmap=_prefixes(version)):
            out.write(node)
            with out.element(qualified(version, "mes:QueryRegistrationResponse")):
                out.write(status)
                for registration in message.registrations:
                    out.write(_result(registration, version))
                    yield sink.take()
    yield sink.take()
