"""Availability queries against a running server: exact, with counts, cut to what there is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.asking import PRODUCTS, STRUCTURE_TYPES, ask, judge_structures, refusal
from support.oracle import Export

POP = "/dataflow/SCI/CENSUS_POP/1.0.0"


@pytest.fixture(scope="module")
def exports(live: str) -> dict[str, Export]:
    """Every product as exported."""
    return {f: Export(ask(live, f"/data/dataflow/SCI/{f}/1.0.0", "text/csv").content) for f in PRODUCTS}


def availability(base: str, path: str) -> dict[str, Any]:
    answer = ask(base, f"/availability{path}", "application/vnd.sdmx.structure+json;version=2.1.0")
    assert answer.status_code == 200, answer.text
    judge_structures(answer)
    found: dict[str, Any] = answer.json()["data"]
    return found


def region(found: dict[str, Any]) -> dict[str, set[str]]:
    [constraint] = found["availabilityConstraints"]
    return {k["id"]: {v["value"] for v in k["values"]} for k in constraint["cubeRegion"]["keyValues"]}


@pytest.mark.parametrize("flow", PRODUCTS)
@pytest.mark.parametrize(
    ("key", "filters"),
    [
        ("", []),
        ("A.IR", []),
        ("*", [("TIME_PERIOD", [[("ge", "2011")]])]),
        ("*", [("REF_AREA", [[("sw", "IR-"), ("ne", "IR-01")]]), ("TIME_PERIOD", [[("lt", "2018")]])]),
    ],
)
def test_availability_is_an_exact_count(
    live: str, exports: dict[str, Export], flow: str, key: str, filters: Any
) -> None:
    export = exports[flow]
    expected = export.select([key.split(".")] if key else [], filters)
    query = "&".join(
        f"c[{component}]={','.join('+'.join(':'.join(c) for c in group) for group in groups)}"
        for component, groups in filters
    )
    path = f"/dataflow/SCI/{flow}/1.0.0/{key or '*'}?{query}"
    if not len(expected):
        assert ask(live, f"/availability{path}").status_code == 204
        return
    found = availability(live, path)
    [constraint] = found["availabilityConstraints"]
    assert constraint["obsCount"] == len(expected)
    assert constraint["seriesCount"] == expected.select(export.dimensions).n_unique()
    assert region(found) == {d: set(expected[d]) for d in (*export.dimensions, "TIME_PERIOD")}


def test_availability_of_one_dimension(live: str) -> None:
    assert region(availability(live, f"{POP}/A.IR/SEX")) == {"SEX": {"_T", "M", "F"}}
    assert set(region(availability(live, f"{POP}/*/SEX,TIME_PERIOD"))) == {"SEX", "TIME_PERIOD"}
    assert "'COLOUR'" in refusal(ask(live, f"/availability{POP}/*/COLOUR"), 422)


@pytest.mark.parametrize(
    ("references", "sections"),
    [
        ("none", set()),
        ("dataflow", {"dataflows"}),
        ("datastructure,codelist", {"dataStructures", "codelists"}),
        ("conceptscheme", {"conceptSchemes"}),
        ("valuelist,dataproviderscheme", set()),
        ("all", {"dataflows", "dataStructures", "codelists", "conceptSchemes"}),
    ],
)
def test_references_of_availability(live: str, references: str, sections: set[str]) -> None:
    found = availability(live, f"{POP}/A.IR-01.U?references={references}")
    assert set(found) == {"availabilityConstraints"} | sections
    if "codelists" in sections:
        codes = {c["id"] for one in found["codelists"] if one["id"] == "CL_AREA" for c in one["codes"]}
        assert codes == {"IR", "IR-01"}, "what there is, with its parents"


def test_what_could_be_chosen_as_the_other_dimensions_stand(live: str) -> None:
    query = f"{POP}/A.IR.U._T._T?c[TIME_PERIOD]=2016-03-20/P366D&references=codelist"
    exact, found = availability(live, query), availability(live, f"{query}&mode=available")
    assert region(exact)["RESIDENCE"] == {"U"}
    assert {"U", "R", "_T"} <= region(found)["RESIDENCE"]
    assert region(found)["SEX"] == {"_T", "M", "F"}
    whole = region(availability(live, query.replace(".U.", "._T.") + "&mode=available"))
    assert whole["TIME_PERIOD"] == {"2006-03-21/P365D", "2011-03-21/P365D", "2016-03-20/P366D"}
    for one, other in zip(exact["availabilityConstraints"], found["availabilityConstraints"], strict=True):
        assert one["obsCount"] == other["obsCount"] == 1, "the counts are those of the query"


def test_availability_in_every_format_counts_the_same(live: str) -> None:
    for media_type in STRUCTURE_TYPES:
        answer = ask(live, f"/availability{POP}/A.IR?references=codelist", media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
        text = answer.text if "json" not in media_type else json.dumps(answer.json())
        count = availability(live, f"{POP}/A.IR")["availabilityConstraints"][0]["obsCount"]
        assert str(count) in text, media_type


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        (f"{POP}?mode=guess", 400, "exact"),
        (f"{POP}?updatedAfter=yesterday", 400, "updatedAfter"),
        (f"{POP}?references=categories", 400, "codelist"),
        (f"{POP}?attributes=none", 400, "references"),
        (f"{POP}/A.IR._T._T._T._T", 400, "5"),
        ("/dataflow/SCI/NOTHING", 404, "no such dataflow"),
        ("/dataflow/SCI/*", 413, "one dataflow"),
        ("/datastructure/SCI/CPI", 501, "dataflow"),
        ("", 400, "context"),
    ],
)
def test_availability_refused(live: str, path: str, status: int, word: str) -> None:
    assert word in refusal(ask(live, f"/availability{path}"), status)
