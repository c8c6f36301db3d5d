"""Structure, availability and schema queries of REST 1.5.0 against a running server."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from lxml import etree
from support.asking import PRODUCTS, ask, judge_structures, refusal

from sdmx_server.formats.api import Format
from sdmx_server.query.v1_paths import RESOURCES
from sdmx_server.web import v1

XS = "{http://www.w3.org/2001/XMLSchema}"
SECTIONS = {
    *("OrganisationSchemes", "Codelists", "Concepts", "DataStructures", "Dataflows", "CategorySchemes"),
    *("Categorisations", "ProvisionAgreements", "Constraints"),
}
"""The containers of a structure message that hold what is shipped."""


def get(base: str, path: str, accept: str | None = None, **more: Any) -> requests.Response:
    return ask(base, path, accept, api="v1", **more)


def message(base: str, path: str) -> etree._Element:
    answer = get(base, path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/vnd.sdmx.structure+xml;version=2.1")
    judge_structures(answer)
    return etree.fromstring(answer.content)


def artefacts(base: str, path: str) -> dict[str, set[str]]:
    """The ids of the maintainable artefacts by their element."""
    found: dict[str, set[str]] = {}
    for section in message(base, path).find("{*}Structures"):
        assert etree.QName(section).localname in SECTIONS
        for artefact in section:
            found.setdefault(etree.QName(artefact).localname, set()).add(artefact.get("id"))
    return found


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dataflow/SCI/CPI/1.0.0", {"Dataflow": {"CPI"}}),
        ("/dataflow/SCI/CPI/latest/", {"Dataflow": {"CPI"}}),
        ("/dataflow/SCI/CPI/LATEST", {"Dataflow": {"CPI"}}),
        ("/dataflow/all/CPI+VITAL/all", {"Dataflow": {"CPI", "VITAL"}}),
        ("/dataflow/SCI%2BECB/CPI%2BVITAL", {"Dataflow": {"CPI", "VITAL"}}),
        ("/dataflow", {"Dataflow": set(PRODUCTS)}),
        ("/dataflow/ALL/ALL/", {"Dataflow": set(PRODUCTS)}),
        ("/datastructure/SCI/CENSUS", {"DataStructure": {"CENSUS"}}),
        ("/codelist/SCI/CL_SEX+CL_FREQ/1.0.0+9.0", {"Codelist": {"CL_SEX", "CL_FREQ"}}),
        ("/agencyscheme/SDMX", {"AgencyScheme": {"AGENCIES"}}),
        ("/dataproviderscheme/SCI", {"DataProviderScheme": {"DATA_PROVIDERS"}}),
        ("/organisationscheme", {"AgencyScheme": {"AGENCIES"}, "DataProviderScheme": {"DATA_PROVIDERS"}}),
        ("/categoryscheme/SCI", {"CategoryScheme": {"SUBJECTS"}}),
        ("/categorisation/SCI/CAT_CPI", {"Categorisation": {"CAT_CPI"}}),
        ("/provisionagreement/SCI/PA_CPI", {"ProvisionAgreement": {"PA_CPI"}}),
        ("/contentconstraint/SCI/DC_CPI", {"ContentConstraint": {"DC_CPI"}}),
        ("/allowedconstraint/SCI/DC_CPI", {"ContentConstraint": {"DC_CPI"}}),
        ("/structure/SCI/CPI", {"Dataflow": {"CPI"}, "DataStructure": {"CPI"}}),
    ],
)
def test_artefacts_by_their_address(live: str, path: str, expected: dict[str, set[str]]) -> None:
    assert artefacts(live, path) == expected


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("chosen", [pytest.param(f, id=f.name) for f in v1.STRUCTURE])
def test_every_resource_answers(live: str, resource: str, chosen: Format) -> None:
    answer = get(live, f"/{resource}?detail=allstubs", f"{chosen.media_type};version={chosen.version}")
    if answer.status_code == 200:
        judge_structures(answer)
    else:
        refusal(answer, 404)


@pytest.mark.parametrize(
    "path",
    [
        *("/actualconstraint", "/hierarchicalcodelist", "/process/all/all/latest", "/codelist/ECB"),
        *("/codelist/SCI/CL_SEX/2.0", "/codelist/SCI/CL_AREA/1.0.0/NOWHERE", "/dataconsumerscheme"),
    ],
)
def test_what_is_not_there_is_not_found(live: str, path: str) -> None:
    answer = get(live, path)
    refusal(answer, 404)
    assert etree.fromstring(answer.content).find("{*}ErrorMessage").get("code") == "100"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/codelist/SCI/CL_SEX/~", "latest"),
        ("/codelist/SCI/CL_SEX/1.0,2.0", "latest"),
        ("/codelist/SCI,ECB/CL_SEX", "joined by +"),
        ("/dataflow/SCI/CPI/1.0.0/ITEM", "no items"),
        ("/codelist/SCI/CL_SEX/1.0.0/F/M", "too many"),
        ("/codelist?references=ancestors", "parentsandsiblings"),
        ("/codelist?detail=raw", "allcompletestubs"),
        ("/codelist?asOf=2020-01-01T00:00:00Z", "references"),
    ],
)
def test_queries_that_are_refused(live: str, path: str, word: str) -> None:
    assert word in refusal(get(live, path), 400)


def test_items(live: str) -> None:
    [codelist] = message(live, "/codelist/SCI/CL_SEX/latest/F+M").iter("{*}Codelist")
    assert codelist.get("isPartial") == "true"
    assert {code.get("id") for code in codelist.iter("{*}Code")} == {"F", "M"}


def test_references(live: str) -> None:
    children = artefacts(live, "/datastructure/SCI/CPI/1.0.0?references=children")
    assert set(children) == {"DataStructure", "ConceptScheme", "Codelist"}
    assert artefacts(live, "/dataflow/SCI/CPI?references=parents") == {
        "Dataflow": {"CPI"},
        "Categorisation": {"CAT_CPI"},
        "ProvisionAgreement": {"PA_CPI"},
        "ContentConstraint": {"DC_CPI"},
    }
    everything = artefacts(live, "/dataflow/SCI/CPI/latest?references=all&detail=referencepartial")
    assert {"CategoryScheme", "DataProviderScheme", "Codelist", "ConceptScheme", "DataStructure"} <= set(everything)
    assert "AgencyScheme" not in everything
    named = artefacts(live, "/dataflow/SCI/CPI?references=codelist")
    assert set(named) == {"Dataflow", "Codelist"}
    assert set(artefacts(live, "/dataflow/SCI/CPI?references=contentconstraint")) == {"Dataflow", "ContentConstraint"}
    assert set(artefacts(live, "/dataflow/SCI/CPI?references=actualconstraint")) == {"Dataflow"}


def test_details(live: str) -> None:
    path = "/datastructure/SCI/CENSUS?references=children&detail="
    full, stubs = message(live, path + "full"), message(live, path + "allstubs")
    assert len(list(full.iter("{*}Code"))) > 100
    assert not list(stubs.iter("{*}Code"))
    assert not list(stubs.iter("{*}Dimension"))
    assert not list(message(live, path + "referencestubs").iter("{*}Code"))
    assert list(message(live, path + "referencecompletestubs").iter("{*}Dimension"))
    assert list(message(live, path + "allcompletestubs").iter("{*}Description"))
    cut = message(live, "/dataflow/SCI/VITAL?references=descendants&detail=referencepartial")
    [area] = [one for one in cut.iter("{*}Codelist") if one.get("id") == "CL_AREA"]
    assert len(list(area.iter("{*}Code"))) == 1


# ---- availability -------------------------------------------------------------------------------------------------


def region(base: str, path: str) -> dict[str, set[str]]:
    found = message(base, f"/availableconstraint{path}")
    [constraint] = found.iter("{*}ContentConstraint")
    assert constraint.get("type") == "Actual"
    [cube] = constraint.iter("{*}CubeRegion")
    return {key.get("id"): {value.text for value in key.iter("{*}Value")} for key in cube.iter("{*}KeyValue")}


@pytest.mark.proves(
    *(f"v1 availability: flowRef={form}" for form in ("{id}", "{agency},{id}", "{agency},{id},{version}")),
    *(f"v1 availability: key={form}" for form in ("{key}", "a position left empty", "A+B", "all")),
    *(f"v1 availability: componentID={form}" for form in ("{id}", "all")),
    "v1 availability: providerRef=all",
    "v1 availability: parts omitted at the end",
    "v1 availability: mode=exact",
)
def test_what_there_is(live: str) -> None:
    whole = region(live, "/CENSUS_POP")
    assert whole["SEX"] == {"_T", "M", "F"}
    assert set(region(live, "/SCI,CENSUS_POP,1.0.0/A.IR.U+R.../all/RESIDENCE".replace("...", ".."))) == {"RESIDENCE"}
    exact = region(live, "/CENSUS_POP/A.IR.U+R._T._T/all/all?mode=exact&startPeriod=2016&endPeriod=2017")
    assert exact["RESIDENCE"] == {"U", "R"}
    assert exact["SEX"] == {"_T"}
    refusal(get(live, "/availableconstraint/CENSUS_POP/A.NOWHERE..."), 404)
    refusal(get(live, "/availableconstraint/CENSUS_POP/all/NOBODY"), 404)
    assert "FREQ" in refusal(get(live, "/availableconstraint/CENSUS_POP/all/all/NOPE"), 403)


@pytest.mark.proves(
    "v1 availability: flowRef={agency},{id},latest",
    *(f"v1 availability: providerRef={form}" for form in ("{id}", "{agency},{id}", "A+B")),
)
def test_what_a_provider_has(live: str) -> None:
    whole = region(live, "/SCI,CENSUS_POP,latest")
    assert whole == region(live, "/CENSUS_POP")
    for provider in ("NOCR", "SCI,NOCR", "SCI,NOCR+X"):
        assert region(live, f"/VITAL/all/{provider}") == region(live, "/VITAL")
        refusal(get(live, f"/availableconstraint/CENSUS_POP/all/{provider}"), 404)


@pytest.mark.proves("v1 availability: mode=available", "v1 availability: startPeriod", "v1 availability: endPeriod")
def test_what_could_be_chosen(live: str) -> None:
    key = "/CENSUS_POP/A.IR.U._T._T?startPeriod=2016&endPeriod=2017"
    exact, available = region(live, key), region(live, key + "&mode=available")
    assert exact["RESIDENCE"] == {"U"}
    assert {"U", "R", "_T"} <= available["RESIDENCE"]
    assert {"_T", "M", "F"} == available["SEX"]
    assert all(exact[name] <= available[name] for name in exact if exact[name])


@pytest.mark.proves(
    *(
        f"v1 availability: references={word}"
        for word in (
            *("none", "codelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme", "all"),
            "items cut, parents kept",
        )
    )
)
def test_references_of_availability(live: str) -> None:
    found = artefacts(live, "/availableconstraint/VITAL?references=all")
    every = {
        "codelist": "Codelist",
        "conceptscheme": "ConceptScheme",
        "datastructure": "DataStructure",
        "dataflow": "Dataflow",
        "dataproviderscheme": "DataProviderScheme",
    }
    assert {*every.values(), "ContentConstraint"} == set(found)
    for word, kind in every.items():
        assert set(artefacts(live, f"/availableconstraint/VITAL?references={word}")) == {kind, "ContentConstraint"}
    assert set(artefacts(live, "/availableconstraint/VITAL?references=none")) == {"ContentConstraint"}
    cut = message(live, "/availableconstraint/CENSUS_POP/A.IR-01.U..?references=codelist")
    [area] = [one for one in cut.iter("{*}Codelist") if one.get("id") == "CL_AREA"]
    assert [code.get("id") for code in area.iter("{*}Code")] == ["IR", "IR-01"]


# ---- schemas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "context",
    [
        *("dataflow/SCI/VITAL/latest", "datastructure/SCI/VITAL", "dataflow/SCI/VITAL/1.0.0/"),
        "provisionagreement/SCI/PA_VITAL/1.0.0/",
    ],
)
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?dimensionAtObservation=AllDimensions&explicitMeasure=false",
        "?dimensionAtObservation=VITAL_EVENT&explicitMeasure=true",
    ],
)
def test_schemas(live: str, context: str, query: str) -> None:
    answer = get(live, f"/schema/{context}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("application/vnd.sdmx.schema+xml;version=2.1")
    assert etree.fromstring(answer.content).tag == f"{XS}schema"


@pytest.mark.parametrize("context", ["dataflow/SCI/VITAL", "provisionagreement/SCI/PA_VITAL"])
def test_a_schema_as_structures(live: str, context: str) -> None:
    for chosen in v1.STRUCTURE:
        answer = get(live, f"/schema/{context}", f"{chosen.media_type};version={chosen.version}")
        assert answer.status_code == 200, answer.text
        judge_structures(answer)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/schema/dataflow/SCI/NOTHING", 404),
        ("/schema/dataflow/all/VITAL", 400),
        ("/schema/dataflow/SCI/VITAL/all", 400),
        ("/schema/codelist/SCI/CL_SEX", 400),
        ("/schema/dataflow/SCI/VITAL?dimensionAtObservation=NOPE", 403),
        ("/schema/dataflow/SCI/VITAL?explicitMeasure=loud", 400),
        ("/schema/metadataflow/SCI/VITAL", 404),
    ],
)
def test_what_is_refused(live: str, path: str, status: int) -> None:
    refusal(get(live, path), status)


def test_references_are_at_the_versions_that_they_mean_also_to_what_is_not_in_the_answer(live: str) -> None:
    answer = requests.get(f"{live}/sdmx/v1/datastructure/SCI/CENSUS", timeout=60)
    root = etree.fromstring(answer.content)
    versions = {ref.get("version") for ref in root.iterfind(".//{*}Enumeration/Ref")}
    assert versions == {"1.0.0"}
    footers = " ".join(root.xpath("//*[local-name()='Footer']//text()"))
    assert "wildcard" not in footers
