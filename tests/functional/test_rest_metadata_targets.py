"""Reference metadata about an artefact of every kind, about items and about any artefact; sets of several periods."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from lxml import etree
from support.asking import ask, refusal
from support.every_kind import every_kind, named
from support.live import environment, serving
from support.metadata import GENERIC, SPECIFIC, TYPES, judge_xml

from sdmx_server.model.common import Annotation
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import reference_to
from sdmx_server.query.paths import STRUCTURE_TYPES
from sdmx_server.store.database import create_engine
from sdmx_server.store.metadata_sets import SqlMetadataStore
from sdmx_server.store.structures import SqlStructureStore
from sdmx_server.store.upgrade import upgrade

EVERY = [one for one in every_kind() if reference_to(one) == named(one.kind) and one.kind in STRUCTURE_TYPES.values()]
RESOURCES = {kind: resource for resource, kind in STRUCTURE_TYPES.items()}
ORGANISATIONS = ("AgencyScheme", "DataProviderScheme", "DataConsumerScheme", "MetadataProviderScheme")


def about(name: str, *targets: str, **fields: Any) -> MetadataSet:
    whole = {"attributes": (ReportedAttribute(id="NOTE", value=name),)} | fields
    flow = named("Metadataflow")
    return MetadataSet(agency="SCI", id=name, names={"en": name}, metadataflow=flow, targets=targets, **whole)


DATAFLOW = named("Dataflow").urn
SETS = (
    *(about(f"OF_{one.kind}", reference_to(one).urn) for one in EVERY),
    about("OF_A_CODE", f"{named('Codelist').urn.replace('Codelist=', 'Code=')}.A"),
    about("OF_TWO", DATAFLOW, named("Codelist").urn),
    about("OF_ANY_DATAFLOW", "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=*:*(*)"),
)
REPORTS = tuple(
    about(f"IN_{begin[:4]}", named("Process").urn, reporting_begin=begin, reporting_end=end)
    for begin, end in (("2022-01", "2022-12"), ("2023-01-01", "2023-12-31"), ("2024", "2024"))
)
ANNOTATED = about("ANNOTATED", named("Process").urn, annotations=(Annotation(id="SECRET", texts={"en": "a remark"}),))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server with a metadata set about each kind of artefact, and a moment between it and later changes."""
    env = environment(tmp_path_factory.mktemp("reports"))
    engine = create_engine(f"sqlite:///{env['SDMX_DATA_DIR']}/sdmx.db")
    upgrade(engine)
    SqlStructureStore(engine).put(list(every_kind()), "test")
    store = SqlMetadataStore(engine)
    store.put([*SETS, about("CHANGED", named("Process").urn)], "test")
    time.sleep(0.05)
    moment = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
    time.sleep(0.05)
    changed = about("CHANGED", named("Process").urn, attributes=(ReportedAttribute(id="NOTE", value="anew"),))
    store.put([*REPORTS, ANNOTATED, changed], "test")
    engine.dispose()
    with serving(env, workers=1) as base:
        yield base, moment


def found(answer: requests.Response) -> set[str]:
    """The ids of the sets of an answer in SDMX-ML, which is valid."""
    if answer.status_code == 204:
        return set()
    assert answer.status_code == 200, answer.text
    root = etree.fromstring(answer.content)
    if "structurespecific" not in answer.headers["Content-Type"]:
        judge_xml(answer.content, answer.headers["Content-Type"].partition("version=")[2].replace(".", "")[:2])
    return {
        value
        for one in root.iterfind("{*}MetadataSet")
        for name, value in one.attrib.items()
        if etree.QName(name).localname in ("id", "setID")
    }


def by_structure(base: str, path: str) -> set[str]:
    return {one for one in found(ask(base, f"/metadata/structure{path}", TYPES[2])) if one.startswith("OF_")}


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            one.kind,
            marks=pytest.mark.proves(f"v2 metadata: structure: artefactType={RESOURCES[one.kind]}"),
        )
        for one in EVERY
    ],
)
def test_sets_about_an_artefact_of_every_type(reports: tuple[str, str], kind: str) -> None:
    base, _ = reports
    own = named(kind)
    more = {"Dataflow": {"OF_TWO", "OF_ANY_DATAFLOW"}, "Codelist": {"OF_TWO", "OF_A_CODE"}}.get(kind, set())
    resource = RESOURCES[kind]
    assert by_structure(base, f"/{resource}/{own.agency}/{own.id}/{own.version}") == {f"OF_{kind}", *more}
    assert by_structure(base, f"/{resource}") == {f"OF_{kind}", *more}
    assert by_structure(base, f"/{resource}/OTHER") == set()
    for accept in (*TYPES, GENERIC, SPECIFIC):
        answer = ask(base, f"/metadata/structure/{resource}/{own.agency}/{own.id}", accept)
        assert answer.status_code == 200
        assert f"OF_{kind}" in answer.text


@pytest.mark.proves("v2 metadata: structure: artefactType=*")
def test_sets_about_any_artefact_and_about_several_types(reports: tuple[str, str]) -> None:
    base, _ = reports
    assert by_structure(base, "/*") == by_structure(base, "") == {one.id for one in SETS}
    assert by_structure(base, "/*/SCI/Process") == {"OF_Process"}
    assert by_structure(base, "/dataflow,process/SCI") == {"OF_Dataflow", "OF_Process", "OF_TWO", "OF_ANY_DATAFLOW"}
    organisations = {f"OF_{kind}" for kind in (*ORGANISATIONS, "OrganisationUnitScheme")}
    assert by_structure(base, "/organisationscheme") == organisations
    assert "organisations" in refusal(ask(base, "/metadata/structure/organisations"), 400)


# -- REST 1.5.0 --------------------------------------------------------------------------------------------------------


def v1(base: str, query: str) -> set[str]:
    answer = ask(base, f"/metadata/Metadataflow?{query}", GENERIC, api="v1")
    return set() if answer.status_code == 404 else {one for one in found(answer) if one.startswith("IN_")}


@pytest.mark.proves("v1 metadata: startPeriod", "v1 metadata: endPeriod")
@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("", "2022 2023 2024"),
        ("startPeriod=2023", "2023 2024"),
        ("startPeriod=2022-12", "2022 2023 2024"),
        ("startPeriod=2022-12-31", "2022 2023 2024"),
        ("startPeriod=2025", ""),
        ("endPeriod=2021", ""),
        ("endPeriod=2022", "2022"),
        ("endPeriod=2023-Q1", "2022 2023"),
        ("startPeriod=2022&endPeriod=2022-06", "2022"),
        ("startPeriod=2023-06&endPeriod=2024-06", "2023 2024"),
        ("startPeriod=2023-S2&endPeriod=2023-S2", "2023"),
    ],
)
def test_sets_of_the_periods_asked_for(reports: tuple[str, str], query: str, years: str) -> None:
    base, _ = reports
    assert v1(base, query) == {f"IN_{year}" for year in years.split()}


def test_sets_without_a_period_are_of_any(reports: tuple[str, str]) -> None:
    base, _ = reports
    path = "/metadata/Metadataflow?startPeriod=1900&endPeriod=1901"
    assert found(ask(base, path, GENERIC, api="v1")) == {one.id for one in (*SETS, ANNOTATED)} | {"CHANGED"}
    for query in ("startPeriod=soon", "startPeriod=2023/P1Y", "startPeriod=2024&endPeriod=2023"):
        assert "Period" in refusal(ask(base, f"/metadata/Metadataflow?{query}", api="v1"), 400)


@pytest.mark.proves("v1 metadata: updatedAfter")
def test_sets_that_changed_after_a_moment(reports: tuple[str, str]) -> None:
    base, moment = reports
    path = f"/metadata/Metadataflow?updatedAfter={moment.replace('+', '%2B')}"
    assert found(ask(base, path, GENERIC, api="v1")) == {one.id for one in (*REPORTS, ANNOTATED)} | {"CHANGED"}
    before = ask(base, f"/metadata/metadataset/SCI/CHANGED?asOf={moment}", TYPES[0]).json()
    assert before["data"]["metadataSets"][0]["attributes"][0]["value"] == "CHANGED"


@pytest.mark.proves("v1 metadata: detail=dataonly")
def test_reports_without_annotations(reports: tuple[str, str]) -> None:
    base, _ = reports
    full, plain = (
        ask(base, f"/metadata/Metadataflow?detail={detail}", GENERIC, api="v1") for detail in ("full", "dataonly")
    )
    assert "a remark" in full.text
    assert "Annotation" not in plain.text
    assert found(full) == found(plain)
    assert full.text.count("<met:ReportedAttribute") == plain.text.count("<met:ReportedAttribute")


@pytest.mark.proves("v1 metadata: includeHistory=true")
@pytest.mark.parametrize("accept", [GENERIC, SPECIFIC])
def test_all_that_sets_ever_said(reports: tuple[str, str], accept: str) -> None:
    base, moment = reports
    answer = ask(base, "/metadata/Metadataflow?includeHistory=true", accept, api="v1")
    assert found(answer) == {one.id for one in (*SETS, *REPORTS, ANNOTATED)} | {"CHANGED"}
    states = []
    for one in etree.fromstring(answer.content).iterfind("{*}MetadataSet"):
        own = {etree.QName(name).localname: value for name, value in one.attrib.items()}
        assert own["validFromDate"]
        assert ("validToDate" in own) is (own["setID"] == "CHANGED" and not states)
        if own["setID"] == "CHANGED":
            values = [node.get("value") for node in one.iter() if node.get("value") is not None]
            states.append((values, own["validFromDate"], own.get("validToDate")))
    (before, began, ended), (after, anew, _) = states
    assert (before, after) == (["CHANGED"], ["anew"])
    assert began < moment < (ended or "") == anew
    later = ask(base, f"/metadata/Metadataflow?includeHistory=true&updatedAfter={moment}", accept, api="v1")
    assert later.text.count('"CHANGED"') == 1


@pytest.mark.proves("v1 metadata: detail=serieskeysonly", "v1 metadata: detail=nodata")
@pytest.mark.parametrize("detail", ["serieskeysonly", "nodata", "SERIESKEYSONLY"])
def test_details_without_what_is_reported_are_refused(reports: tuple[str, str], detail: str) -> None:
    base, _ = reports
    text = refusal(ask(base, f"/metadata/Metadataflow?detail={detail}", api="v1"), 501)
    assert detail.lower() in text
