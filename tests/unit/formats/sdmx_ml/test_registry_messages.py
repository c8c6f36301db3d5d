"""Registrations in registry messages of SDMX-ML: written and read back, handed in, and what is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.artefact_parts import DATES, IDS, URLS, references
from support.metadata import judge_xml

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_ml.registry_reader import read_registrations
from sdmx_server.formats.sdmx_ml.registry_writer import write_registrations
from sdmx_server.model.constraint import QueryableDataSource
from sdmx_server.model.message import Header, Party
from sdmx_server.model.reference import Reference
from sdmx_server.model.registration import Registration, RegistrationMessage

HEADER = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
SERVICES = st.builds(
    QueryableDataSource,
    data_url=URLS,
    wsdl_url=st.none() | URLS,
    wadl_url=st.none() | URLS,
    is_rest=st.booleans(),
    is_web_service=st.booleans(),
)
REGISTRATIONS = st.builds(
    Registration,
    id=IDS,
    provision_agreement=references("ProvisionAgreement"),
    simple_source=st.none() | URLS,
    queryable_source=st.none() | SERVICES,
    valid_from=st.none() | DATES,
    valid_to=st.none() | DATES,
    last_updated=st.none() | DATES,
    index_time_series=st.booleans(),
    index_data_set=st.booleans(),
    index_attributes=st.booleans(),
    index_reporting_period=st.booleans(),
).filter(lambda one: one.simple_source is not None or one.queryable_source is not None)


def written(message: RegistrationMessage, version: str) -> bytes:
    return b"".join(write_registrations(message, WriteOptions(), version))


@pytest.mark.parametrize("version", ["3.0", "3.1"])
@settings(max_examples=60, deadline=None)  # schemas are compiled in the first
@given(registrations=st.lists(REGISTRATIONS, max_size=3))
def test_what_is_written_is_read_back(version: str, registrations: list[Registration]) -> None:
    content = written(RegistrationMessage(header=HEADER, registrations=tuple(registrations)), version)
    judge_xml(content, version.replace(".", ""))
    found = read_registrations(io.BytesIO(content), "message")
    assert [one.registration for one in found.submissions] == registrations
    assert {one.action for one in found.submissions} <= {"Replace"}
    assert (found.header.id, found.header.sender) == ("M", Party(id="SCI"))


AGREEMENT = {
    "v2_1": '<Ref agencyID="SCI" id="PA_CPI" version="1.0.0"/>',
    "v3_0": "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SCI:PA_CPI(1.0.0)",
    "v3_1": "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SCI:PA_CPI(1.0.0)",
}
SOURCE = "<r:SimpleDataSource>https://example.org/cpi.xml</r:SimpleDataSource>"


def registry(body: str, version: str = "v3_1") -> bytes:
    """A registry message with that body."""
    base = f"http://www.sdmx.org/resources/sdmxml/schemas/{version}"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<m:RegistryInterface xmlns:m="{base}/message" xmlns:r="{base}/registry" xmlns:c="{base}/common">
  <m:Header><m:ID>M</m:ID><m:Test>false</m:Test><m:Prepared>2026-11-23T10:00:00Z</m:Prepared>
    <m:Sender id="SCI"/><m:Receiver id="REG"/></m:Header>
  {body}
</m:RegistryInterface>""".encode()


def registration(version: str = "v3_1", source: str = SOURCE, attributes: str = "") -> str:
    return (
        f"<r:Registration {attributes}><r:ProvisionAgreement>{AGREEMENT[version]}</r:ProvisionAgreement>"
        f"<r:Datasource>{source}</r:Datasource></r:Registration>"
    )


def request(held: str, action: str = "Append") -> str:
    return (
        f'<m:SubmitRegistrationsRequest><r:RegistrationRequest action="{action}">{held}'
        "</r:RegistrationRequest></m:SubmitRegistrationsRequest>"
    )


def response(result: str) -> str:
    status = '<r:StatusMessage status="Success"/>'
    return (
        f'<m:QueryRegistrationResponse>{status}<r:QueryResult timeSeriesMatch="false">{result}'
        "</r:QueryResult></m:QueryRegistrationResponse>"
    )


@pytest.mark.parametrize("version", AGREEMENT)
@pytest.mark.parametrize("action", ["Append", "Delete"])
def test_what_is_handed_in_may_have_no_id(version: str, action: str) -> None:
    content = registry(request(registration(version, attributes='indexDataSet="true"'), action), version)
    [one] = read_registrations(io.BytesIO(content), "message").submissions
    assert (one.action, one.row) == (action, 5)
    assert one.registration == Registration(
        provision_agreement=Reference(kind="ProvisionAgreement", agency="SCI", id="PA_CPI", version="1.0.0"),
        simple_source="https://example.org/cpi.xml",
        index_data_set=True,
    )


def test_an_answer_without_registrations_is_read() -> None:
    empty = '<m:QueryRegistrationResponse><r:StatusMessage status="Success"/></m:QueryRegistrationResponse>'
    assert read_registrations(io.BytesIO(registry(empty)), "message").submissions == ()


RIGHT = registry(request(registration()))
STRUCTURE = b'<m:Structure xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v3_1/message"/>'


OF_METADATA = response(f"<r:MetadataResult>{registration()}</r:MetadataResult>")
ANSWERED = (
    f"<m:SubmitRegistrationsResponse><r:RegistrationStatus>{registration()}"
    '<r:StatusMessage status="Success"/></r:RegistrationStatus></m:SubmitRegistrationsResponse>'
)


@pytest.mark.parametrize(
    ("content", "code", "word"),
    [
        (b"", "xml.empty", "empty"),
        (b"registrations", "xml.not-xml", "not XML"),
        (RIGHT[:-40], "xml.truncated", "cut off"),
        (RIGHT.replace(b"<m:Reg", b"<!DOCTYPE m [<!ENTITY a 'b'>]><m:Reg", 1), "xml.doctype", "DOCTYPE"),
        (STRUCTURE, "xml.registry-type", "Structure holds no registrations"),
        (registry(request(registration(source="<r:Other/>"))), "xml.schema", "Other"),
        (registry(request(registration(source=SOURCE * 2))), "xml.unsupported", "SimpleDataSource[2]"),
        (registry(OF_METADATA), "xml.unsupported", "MetadataResult"),
        (registry(request(registration()).replace("PA_CPI(1.0.0)", "PA_CPI")), "xml.", "ProvisionAgreement"),
        (
            registry(ANSWERED),
            "xml.registry-type",
            "SubmitRegistrationsResponse holds no registrations",
        ),
    ],
)
def test_what_is_no_such_message_is_refused_with_its_reason(content: bytes, code: str, word: str) -> None:
    with pytest.raises(Refused) as refused:
        read_registrations(io.BytesIO(content), "message")
    problem = refused.value.problems[0]
    assert problem.code.startswith(code), problem
    assert word in f"{problem.texts['en']} {problem.path}", problem
    assert problem.texts["fa"]


def test_a_message_has_a_greatest_size() -> None:
    with pytest.raises(Refused, match="larger than 100 bytes"):
        read_registrations(io.BytesIO(RIGHT), "message", limit=100)
