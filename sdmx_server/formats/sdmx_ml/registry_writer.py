"""Writing answers to queries for registrations: registry messages of SDMX-ML 3.0 and 3.1 (section 3A, part V)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec
from lxml import etree

from ...model.message import Party
from ...model.registration import Registration, RegistrationMessage
from ..api import Format, WriteOptions
from .engine import Element, Row, Shape, Writing, sub
from .rows import FLAG, Attribute, Child, Text
from .rows_reference import Refers
from .structure_writer import Sink
from .tables_constraint import QUERYABLE_SOURCE
from .tables_message import HEADER
from .versions import NAMESPACES, V30, V31, qualified

_ANYBODY = Party(id="not_supplied")
"""The receiver, whom the schema requires and an anonymous client does not name."""

_REGISTRATION = Shape(
    Registration,
    Attribute("id", "id"),
    Attribute("valid_from", "validFrom"),
    Attribute("valid_to", "validTo"),
    Attribute("last_updated", "lastUpdated"),
    Attribute("index_time_series", "indexTimeSeries", FLAG),
    Attribute("index_data_set", "indexDataSet", FLAG),
    Attribute("index_attributes", "indexAttributes", FLAG),
    Attribute("index_reporting_period", "indexReportingPeriod", FLAG),
    Refers("provision_agreement", "rgy:ProvisionAgreement", "ProvisionAgreement"),
)
_SOURCES: tuple[Row, ...] = (
    Text("simple_source", "rgy:SimpleDataSource"),
    Child("queryable_source", "rgy:QueryableDataSource", QUERYABLE_SOURCE),
)


def _prefixes(version: str) -> dict[str, str]:
    return {name: NAMESPACES[version][name] for name in ("mes", "rgy", "com")}


def _element(name: str, version: str) -> Element:
    return etree.Element(qualified(version, name), nsmap=_prefixes(version))


def _result(registration: Registration, version: str) -> Element:
    to = Writing(version)
    result = _element("rgy:QueryResult", version)
    result.set("timeSeriesMatch", "false")
    node = sub(sub(result, "rgy:DataResult", to), "rgy:Registration", to)
    _REGISTRATION.write(registration, node, to)
    source = sub(node, "rgy:Datasource", to)
    for row in _SOURCES:
        row.write(registration, source, to)
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


def _format(version: str) -> Format:
    return Format(
        name=f"sdmx-ml-{version}-registration",
        kind="registration",
        media_type="application/vnd.sdmx.registry+xml",
        version=f"{version}.0",
        generation=version,
        family=("registry", "xml"),
        extension="xml",
        generic=("application/xml", "text/xml"),
        write_registrations=partial(write_registrations, version=version),
    )


FORMATS: tuple[Format, ...] = (_format(V31), _format(V30))
"""Newest first."""
