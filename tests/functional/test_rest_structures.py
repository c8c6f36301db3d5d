"""Structure and schema queries against a running server."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from support.asking import PRODUCTS, STRUCTURE_TYPES, ask, judge_structures, refusal
from support.shipped import artefacts

JSON = STRUCTURE_TYPES[0]
XS = "{http://www.w3.org/2001/XMLSchema}"


def structures(base: str, path: str) -> dict[str, list[dict[str, Any]]]:
    answer = ask(base, f"/structure{path}", JSON)
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    found: dict[str, list[dict[str, Any]]] = answer.json()["data"]
    return found


def ids(found: dict[str, list[dict[str, Any]]]) -> dict[str, set[str]]:
    return {section: {artefact["id"] for artefact in held} for section, held in found.items()}


def test_everything_that_is_shipped_is_there(live: str) -> None:
    assert sum(len(held) for held in structures(live, "/*/*/*/*").values()) == len(artefacts())


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/dataflow/SCI/CPI/1.0.0", {"dataflows": {"CPI"}}),
        ("/dataflow/SCI/CPI", {"dataflows": {"CPI"}}),
        ("/dataflow/SCI/CPI/", {"dataflows": {"CPI"}}),
        ("/dataflow/*/CPI,VITAL/~", {"dataflows": {"CPI", "VITAL"}}),
        ("/dataflow", {"dataflows": set(PRODUCTS)}),
        ("/dataflow,datastructure/SCI/CPI", {"dataflows": {"CPI"}, "dataStructures": {"CPI"}}),
        ("/*/SCI/CPI", {"dataflows": {"CPI"}, "dataStructures": {"CPI"}}),
        ("/ALL/SCI/VITAL", {"dataflows": {"VITAL"}, "dataStructures": {"VITAL"}}),
        ("/codelist/SCI/CL_SEX,CL_FREQ/1.0.0", {"codelists": {"CL_SEX", "CL_FREQ"}}),
        ("/codelist%2Cdataflow/SCI%2CSDMX/CL_SEX%2CCPI", {"codelists": {"CL_SEX"}, "dataflows": {"CPI"}}),
        ("/agencyscheme/SDMX", {"agencySchemes": {"AGENCIES"}}),
        ("/dataproviderscheme/SCI", {"dataProviderSchemes": {"DATA_PROVIDERS"}}),
        ("/categoryscheme/SCI", {"categorySchemes": {"SUBJECTS"}}),
        ("/categorisation/SCI/CAT_CPI", {"categorisations": {"CAT_CPI"}}),
        ("/provisionagreement/SCI/PA_CPI", {"provisionAgreements": {"PA_CPI"}}),
        ("/dataconstraint/SCI/DC_CPI", {"dataConstraints": {"DC_CPI"}}),
    ],
)
def test_artefacts_by_their_address(live: str, path: str, expected: dict[str, set[str]]) -> None:
    assert ids(structures(live, path)) == expected


@pytest.mark.parametrize(
    "version", ["1.0.0", "+", "~", "*", "1.0+.0", "1+.0.0", "1.0.0+", "1.0.~", "+.0.0", "~.0.0", "0*.0.0", "%2B"]
)
def test_version_expressions_that_find_the_first_version(live: str, version: str) -> None:
    assert ids(structures(live, f"/codelist/SCI/CL_SEX/{version}")) == {"codelists": {"CL_SEX"}}


@pytest.mark.parametrize("version", ["2.0.0", "1.0", "2+.0.0", "1.1+.0", "*.0", "1.0.0-draft", "1.0.1+"])
def test_version_expressions_that_find_nothing(live: str, version: str) -> None:
    assert "no artefact" in refusal(ask(live, f"/structure/codelist/SCI/CL_SEX/{version}"), 404)


@pytest.mark.parametrize("version", ["+.2.3", "1.+.3", "~.2", "*.2.3", "+.0", "2.3+", "~.0.*", "3.2*.1+", "3.2+.1+"])
def test_version_expressions_that_are_wrong(live: str, version: str) -> None:
    assert version[:3] in refusal(ask(live, f"/structure/codelist/SCI/CL_SEX/{version}"), 400)


def test_items_come_with_their_ancestors(live: str) -> None:
    [found] = structures(live, "/codelist/SCI/CL_AREA/1.0.0/IR-01")["codelists"]
    assert found["isPartial"] is True
    assert {code["id"] for code in found["codes"]} == {"IR", "IR-01"}
    refusal(ask(live, "/structure/codelist/SCI/CL_AREA/1.0.0/NOWHERE"), 404)
    assert "no items" in refusal(ask(live, "/structure/dataflow/SCI/CPI/1.0.0/ITEM"), 400)


# ---- detail -------------------------------------------------------------------------------------------------------

DETAILS = {
    "full": (True, True, True),
    "raw": (True, True, True),
    "referencepartial": (True, True, True),
    "referencestubs": (True, False, True),
    "referencecompletestubs": (True, False, True),
    "allstubs": (False, False, False),
    "allcompletestubs": (False, False, True),
}
"""Whether the artefact asked for has its parts, whether a codelist has codes, whether there are descriptions."""


@pytest.mark.parametrize("detail", DETAILS)
def test_details(live: str, detail: str) -> None:
    found = structures(live, f"/datastructure/SCI/CENSUS?references=children&detail={detail}")
    parts, codes, described = DETAILS[detail]
    [structure] = found["dataStructures"]
    assert ("dataStructureComponents" in structure) is parts
    assert all(bool(one.get("codes")) is codes for one in found["codelists"])
    assert ("description" in structure) is described
    for held in found.values():
        for artefact in held:
            assert artefact["names"]["en"]
            assert artefact["names"]["fa"] or artefact["agencyID"] == "SDMX"
            assert artefact["links"][0]["urn"].endswith(
                f"{artefact['agencyID']}:{artefact['id']}({artefact['version']})"
            )


def test_reference_partial_cuts_to_what_is_allowed(live: str) -> None:
    path = "/dataflow/SCI/VITAL?references=descendants&detail="
    whole, cut = (structures(live, path + detail) for detail in ("full", "referencepartial"))
    sizes = [{one["id"]: len(one.get("codes", [])) for one in found["codelists"]} for found in (whole, cut)]
    assert sizes[1]["CL_AREA"] == 1 < sizes[0]["CL_AREA"]
    assert all(sizes[1][name] <= sizes[0][name] for name in sizes[1])


# ---- references ---------------------------------------------------------------------------------------------------

ABOUT_FLOWS = {"metadataflows", "metadataProvisionAgreements"}
"""What reference metadata about any dataflow is in, by the wildcards of its targets."""

LISTS = {"CL_FREQ", "CL_AREA", "CL_RESIDENCE", "CL_SEX", "CL_AGE"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/datastructure/SCI/CPI?references=none", {"dataStructures"}),
        ("/dataflow/SCI/CPI?references=children", {"dataflows", "dataStructures", "agencySchemes"}),
        ("/datastructure/SCI/CPI?references=parents", {"dataStructures", "dataflows"}),
        ("/dataflow/SCI/CPI?references=datastructure", {"dataflows", "dataStructures"}),
        ("/dataflow/SCI/CPI?references=datastructure,codelist", {"dataflows", "dataStructures", "codelists"}),
        ("/codelist/SCI/CL_SEX?references=dataflow", {"codelists", "dataflows"}),
        ("/dataflow/SCI/CPI?references=categorisation", {"dataflows", "categorisations"}),
        (
            "/dataflow/SCI/CPI?references=parents",
            {"dataflows", "categorisations", "provisionAgreements", "dataConstraints", *ABOUT_FLOWS},
        ),
        (
            "/datastructure/SCI/CPI?references=ancestors",
            {"dataStructures", "dataflows", "categorisations", "provisionAgreements", "dataConstraints", *ABOUT_FLOWS},
        ),
        (
            "/dataflow/SCI/CPI?references=parents,children",
            {
                *("dataflows", "categorisations", "provisionAgreements", "dataConstraints"),
                *("dataStructures", "agencySchemes", *ABOUT_FLOWS),
            },
        ),
    ],
)
def test_references(live: str, path: str, expected: set[str]) -> None:
    assert set(structures(live, path)) == expected


def test_references_at_every_distance(live: str) -> None:
    start = "/datastructure/SCI/CENSUS?references="
    children = ids(structures(live, start + "children"))
    assert children["codelists"] >= LISTS
    descendants = ids(structures(live, start + "descendants"))
    assert all(descendants[section] >= held for section, held in children.items())
    ancestors = ids(structures(live, start + "ancestors"))
    assert ancestors["dataflows"] == {"CENSUS_POP", "CENSUS_COUNTY"}
    siblings = ids(structures(live, start + "parentsandsiblings"))
    assert siblings["dataflows"] == ancestors["dataflows"]
    every = ids(structures(live, start + "all"))
    for part in (children, descendants, siblings):
        assert all(every[section] >= held for section, held in part.items())


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/structure/codelist/SCI/NOTHING", 404, "no artefact"),
        ("/structure/coodlist", 400, "codelist"),
        ("/structure/codelist/SCI/CL_SEX?detail=most", 400, "allstubs"),
        ("/structure/codelist/SCI/CL_SEX?references=friends", 400, "parents"),
        ("/structure/codelist/SCI/CL_SEX?asOf=2020-01-01T00:00:00Z", 404, "no artefact"),
        ("/structure/codelist/SCI/CL_SEX?c[X]=1", 400, "references"),
        ("/structure/codelist/SCI/CL_SEX/1.0.0/F/more", 400, "too many parts"),
        ("/structure/codelist/SCI/CL%20SEX", 400, "CL SEX"),
        ("/schema/dataflow/SCI/NOTHING", 404, "no artefact"),
        ("/schema/dataflow/SCI", 400, "one artefact"),
        ("/schema/dataflow/SCI/*", 400, "one artefact"),
        ("/schema/dataflow/SCI/CPI/*", 400, "one artefact"),
        ("/schema/codelist/SCI/CL_SEX", 400, "context"),
        ("/schema/metadataflow/SCI/X", 404, "no artefact"),
        ("/schema/dataflow/SCI/CPI?deletion=maybe", 400, "true"),
        ("/schema/dataflow/SCI/CPI?asOf=2020-01-01T00:00:00Z", 404, "no artefact"),
        ("/schema/dataflow/SCI/CPI?dimensionAtObservation=COLOUR", 422, "COLOUR"),
    ],
)
def test_queries_refused(live: str, path: str, status: int, word: str) -> None:
    assert word in refusal(ask(live, path), status)


@pytest.mark.parametrize(
    "path", ["/codelist/NOBODY", "/process", "/process/SCI/*/*", "/codelist?asOf=2020-01-01T00:00:00Z"]
)
def test_a_search_that_finds_nothing_is_answered(live: str, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(live, f"/structure{path}", method=method)
        assert (answer.status_code, answer.content) == (204, b"")


# ---- schemas ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("context", ["dataflow", "datastructure"])
def test_schemas_in_every_format(live: str, context: str) -> None:
    path = f"/schema/{context}/SCI/CPI/1.0.0"
    for version in ("3.1.0", "3.0.0"):
        answer = ask(live, path, f"application/vnd.sdmx.schema+xml;version={version}")
        schema = etree.fromstring(answer.content)
        assert schema.tag == f"{XS}schema"
    for media_type in STRUCTURE_TYPES:
        answer = ask(live, path, media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
        assert "CL_ITEM" in answer.text
