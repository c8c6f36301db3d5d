"""Availability queries against a running server: exact, with counts, cut to what there is."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from support.asking import PRODUCTS, STRUCTURE_TYPES, ask, judge_structures, refusal
from support.live import environment, run, serving
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


FILTERS: list[tuple[str, Any]] = [
    ("", []),
    ("A.IR", []),
    ("A.IR,A.IR-01,M.IR", []),
    ("A.*.U", []),
    ("*", [("TIME_PERIOD", [[("ge", "2011")]])]),
    ("*", [("TIME_PERIOD", [[("gt", "2011")], [("le", "2007")]])]),
    ("*", [("REF_AREA", [[("sw", "IR-"), ("ne", "IR-01")]]), ("TIME_PERIOD", [[("lt", "2018")]])]),
    ("*", [("REF_AREA", [[("ew", "01")], [("eq", "IR")]])]),
    ("*", [("REF_AREA", [[("co", "-0"), ("nc", "-01")]])]),
    ("*", [("OBS_STATUS", [[("eq", "A")]])]),
    ("A.IR", [("UNIT_MEASURE", [[("ne", "IX")]]), ("OBS_STATUS", [[("sw", "A")]])]),
]


@pytest.mark.proves(
    *(f"v2 availability: key={key}" for key in ("{key}", "A,B", "*", "A.*.B", "values omitted at the end")),
    *(f"v2 availability: c={operator}" for operator in ("eq", "ne", "lt", "le", "gt", "ge", "co", "nc", "sw", "ew")),
    *(f"v2 availability: c=of {what}" for what in ("a dimension", "an attribute", "TIME_PERIOD")),
    *(f"v2 availability: c={form}" for form in ("of several components", "A,B", "A+B")),
    *(f"v2 availability: metrics={count}" for count in ("obsCount", "seriesCount")),
    "v2 availability: mode=exact",
    "v2 availability: context=dataflow",
    "v2 availability: version={version}",
)
@pytest.mark.parametrize("flow", PRODUCTS)
@pytest.mark.parametrize(("key", "filters"), FILTERS)
def test_availability_is_an_exact_count(
    live: str, exports: dict[str, Export], flow: str, key: str, filters: Any
) -> None:
    export = exports[flow]
    expected = export.select([one.split(".") for one in key.split(",")] if key else [], filters)
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
    first, after = min(expected["start"]), max(expected["end"])
    coverage = {(k["validFrom"], k["validTo"]) for k in constraint["cubeRegion"]["keyValues"]}
    assert coverage == {(first.isoformat(), (after - dt.timedelta(days=1)).isoformat())}


@pytest.mark.proves("v2 availability: c=of a measure")
@pytest.mark.parametrize("flow", PRODUCTS)
def test_availability_by_the_values_of_a_measure(live: str, exports: dict[str, Export], flow: str) -> None:
    export = exports[flow]
    value = export.table["OBS_VALUE"].cast(float)
    least, most = sorted(value.drop_nulls())[len(value) // 3], sorted(value.drop_nulls())[len(value) // 2]
    expected = export.table.filter((value >= least) & (value < most))
    path = f"/dataflow/SCI/{flow}/1.0.0?c[OBS_VALUE]=ge:{least!r}+lt:{most!r}"
    if not len(expected):
        assert ask(live, f"/availability{path}").status_code == 204
        return
    found = availability(live, path)
    assert constraints(found) == {flow_urn(flow): (len(expected), expected.select(export.dimensions).n_unique())}
    assert region(found) == {d: set(expected[d]) for d in (*export.dimensions, "TIME_PERIOD")}


@pytest.mark.proves("v2 availability: temporal coverage")
def test_the_time_that_data_cover(live: str) -> None:
    for media_type, element in (
        ("application/vnd.sdmx.structure+xml;version=3.1.0", "AvailabilityConstraint"),
        ("application/vnd.sdmx.structure+xml;version=3.0.0", "DataConstraint"),
    ):
        root = etree.fromstring(ask(live, f"/availability{POP}/A.IR", media_type).content)
        [constraint] = root.iter(f"{{*}}{element}")
        keys = list(constraint.iter("{*}KeyValue"))
        assert {(key.get("validFrom"), key.get("validTo")) for key in keys} == {("2006-03-21", "2017-03-20")}
    root = etree.fromstring(ask(live, "/availableconstraint/CENSUS_POP/A.IR...", api="v1").content)
    [constraint] = root.iter("{*}ContentConstraint")
    period = constraint.find("{*}ReferencePeriod")
    assert (period.get("startTime"), period.get("endTime")) == ("2006-03-21T00:00:00Z", "2017-03-20T23:59:59Z")
    assert root.find("{*}Footer") is None, "nothing is lost"


@pytest.mark.proves(*(f"v2 availability: componentID={form}" for form in ("{id}", "A,B", "*")))
def test_availability_of_one_dimension(live: str) -> None:
    assert region(availability(live, f"{POP}/A.IR/SEX")) == {"SEX": {"_T", "M", "F"}}
    assert set(region(availability(live, f"{POP}/*/SEX,TIME_PERIOD"))) == {"SEX", "TIME_PERIOD"}
    assert "'COLOUR'" in refusal(ask(live, f"/availability{POP}/*/COLOUR"), 422)


@pytest.mark.proves(
    *(
        f"v2 availability: references={word}"
        for word in (
            *("none", "codelist", "valuelist", "datastructure", "conceptscheme", "dataflow", "dataproviderscheme"),
            *("all", "A,B", "items cut, parents kept"),
        )
    )
)
@pytest.mark.parametrize(
    ("references", "sections"),
    [
        ("none", set()),
        ("dataflow", {"dataflows"}),
        ("datastructure,codelist", {"dataStructures", "codelists"}),
        ("conceptscheme", {"conceptSchemes"}),
        ("valuelist", set()),
        ("valuelist,dataproviderscheme", {"dataProviderSchemes"}),
        ("all", {"dataflows", "dataStructures", "codelists", "conceptSchemes", "dataProviderSchemes"}),
    ],
)
def test_references_of_availability(live: str, references: str, sections: set[str]) -> None:
    found = availability(live, f"{POP}/A.IR-01.U?references={references}")
    assert set(found) == {"availabilityConstraints"} | sections
    if "codelists" in sections:
        codes = {c["id"] for one in found["codelists"] if one["id"] == "CL_AREA" for c in one["codes"]}
        assert codes == {"IR", "IR-01"}, "what there is, with its parents"
    if "dataProviderSchemes" in sections:
        [scheme] = found["dataProviderSchemes"]
        assert scheme["isPartial"]
        assert len(scheme["dataProviders"]) == 1, "who agreed to provide these data"
    if "conceptSchemes" in sections:
        [concepts] = found["conceptSchemes"]
        assert {c["id"] for c in concepts["concepts"]} == set(region(found))


@pytest.mark.proves("v2 availability: mode=available")
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


def constraints(found: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """By the URN of what they are about, the counts of observations and series."""
    return {
        next(iter(one["constraintAttachment"].values())): (one["obsCount"], one["seriesCount"])
        for one in found["availabilityConstraints"]
    }


def flow_urn(flow: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:{flow}(1.0.0)"


@pytest.mark.proves(
    *(f"v2 availability: {part}={form}" for part in ("agencyID", "resourceID") for form in ("{id}", "A,B", "*")),
    *(f"v2 availability: version={form}" for form in ("A,B", "*", "+", "~")),
    "v2 availability: parts omitted at the end",
)
def test_availability_of_several_dataflows(live: str, exports: dict[str, Export]) -> None:
    counts = {
        flow_urn(flow): (len(export.table), export.table.select(export.dimensions).n_unique())
        for flow, export in exports.items()
    }
    for path in (
        "/dataflow",
        "/dataflow/*/*/*",
        "/dataflow/SCI",
        "/dataflow/SCI,OTHER/*/~",
        "/dataflow/*/*/+/*/REF_AREA",
    ):
        assert constraints(availability(live, path)) == counts
    two = constraints(availability(live, "/dataflow/SCI/CPI,VITAL/1.0.0,2.0.0"))
    assert two == {flow_urn(flow): counts[flow_urn(flow)] for flow in ("CPI", "VITAL")}
    some = availability(live, "/dataflow/SCI/*/*/A.IR-01/FREQ,REF_AREA?references=all")
    assert set(constraints(some)) == {flow_urn(f) for f, e in exports.items() if len(e.select([["A", "IR-01"]], []))}
    [areas] = [one for one in some["codelists"] if one["id"] == "CL_AREA"]
    assert {code["id"] for code in areas["codes"]} == {"IR", "IR-01"}
    assert len(some["dataflows"]) == len(constraints(some))


@pytest.mark.parametrize(
    ("tail", "flows"),
    [
        ("*?c[VITAL_EVENT]=BIRTH", {"VITAL"}),
        ("*/ITEM", {"CPI"}),
        ("M.IR.U._T.N.B1395", {"CPI"}),
        ("*.IR", {"CPI", "VITAL"}),
        ("*/REF_AREA?c[ITEM]=_T", {"CPI"}),
    ],
)
def test_of_several_dataflows_those_that_the_query_fits(live: str, tail: str, flows: set[str]) -> None:
    """As in data queries, where those are left out that lack what is asked of."""
    found = constraints(availability(live, f"/dataflow/SCI/CPI,VITAL/1.0.0/{tail}"))
    assert set(found) == {flow_urn(flow) for flow in flows}


@pytest.mark.parametrize(
    ("tail", "status", "word"),
    [("*?c[NOWHERE]=A", 422, "NOWHERE"), ("*/NOWHERE", 422, "NOWHERE"), ("A.B.C.D.E.F.G.H.I", 400, "dimensions")],
)
def test_what_fits_none_of_several_dataflows_is_told(live: str, tail: str, status: int, word: str) -> None:
    answer = ask(live, f"/availability/dataflow/SCI/CPI,VITAL/1.0.0/{tail}")
    assert word in refusal(answer, status)


@pytest.mark.proves("v2 availability: context=datastructure", "v2 availability: context=provisionagreement")
def test_availability_in_other_contexts(live: str, exports: dict[str, Export]) -> None:
    whole = constraints(availability(live, "/dataflow/SCI/*"))
    [(urn, counts)] = constraints(availability(live, "/provisionagreement/SCI/PA_CPI")).items()
    assert urn.endswith(".ProvisionAgreement=SCI:PA_CPI(1.0.0)")
    assert counts == whole[flow_urn("CPI")]
    found = availability(live, "/datastructure/SCI/CENSUS/1.0.0?references=dataflow")
    [(urn, counts)] = constraints(found).items()
    assert urn.endswith(".DataStructure=SCI:CENSUS(1.0.0)")
    one, other = (whole[flow_urn(flow)] for flow in ("CENSUS_POP", "CENSUS_COUNTY"))
    assert counts == (one[0] + other[0], one[1] + other[1])
    assert {flow["id"] for flow in found["dataflows"]} == {"CENSUS_POP", "CENSUS_COUNTY"}
    areas = {code for flow in ("CENSUS_POP", "CENSUS_COUNTY") for code in exports[flow].table["REF_AREA"]}
    assert region(found)["REF_AREA"] == areas
    for path in ("/provisionagreement/SCI/PA_CPI", "/datastructure/SCI/CENSUS", "/datastructure"):
        for media_type in STRUCTURE_TYPES:
            judge_structures(ask(live, f"/availability{path}", media_type))


@pytest.mark.proves("v2 availability: metrics=seriesCount", "v2 availability: context=datastructure")
def test_what_versions_of_a_dataflow_share_counts_once(live: str, tmp_path: Path) -> None:
    """As the data of their structure hold it once; asked for by themselves, each version has it."""
    newer = ask(live, "/structure/dataflow/SCI/VITAL/1.0.0", STRUCTURE_TYPES[0]).json()
    newer["data"]["dataflows"][0]["version"] = "1.1.0"
    (tmp_path / "newer.json").write_text(json.dumps(newer), encoding="utf-8")
    env = environment(tmp_path)
    run("init", env=env)
    run("structures", "import", "structures", str(tmp_path / "newer.json"), env=env)
    run("data", "load", "dataflows/VITAL", env=env)
    with serving(env, workers=1) as base:
        [counts] = constraints(availability(base, "/datastructure/SCI/VITAL")).values()
        rows = ask(base, "/data/datastructure/SCI/VITAL", "text/csv").text.splitlines()[1:]
        assert counts == (4, 4) == (len(rows), len(rows))
        assert set(constraints(availability(base, "/dataflow/SCI/VITAL/*")).values()) == {(4, 4)}


@pytest.mark.proves("v2 availability: reportingYearStartDay")
def test_reporting_years_that_begin_elsewhere(live: str) -> None:
    """The census of 1395 covers the reporting year 2016 only where that begins with the Solar Hijri year."""
    path = f"/availability{POP}/A.IR?c[TIME_PERIOD]=le:2016-A1"
    counts = [
        constraints(availability(live, path.removeprefix("/availability") + day)).get(flow_urn("CENSUS_POP"), (0, 0))[0]
        for day in ("", "&reportingYearStartDay=--03-22")
    ]
    assert counts[0] < counts[1]


@pytest.mark.proves(*(f"v2 availability: Accept={media_type}" for media_type in STRUCTURE_TYPES))
def test_availability_in_every_format_counts_the_same(live: str) -> None:
    for media_type in STRUCTURE_TYPES:
        answer = ask(live, f"/availability{POP}/A.IR?references=codelist", media_type)
        assert answer.status_code == 200, answer.text
        judge_structures(answer)
        text = answer.text if "json" not in media_type else json.dumps(answer.json())
        count = availability(live, f"{POP}/A.IR")["availabilityConstraints"][0]["obsCount"]
        assert str(count) in text, media_type


@pytest.mark.proves("v2 http: status=422")
@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        (f"{POP}?mode=guess", 400, "exact"),
        (f"{POP}?updatedAfter=yesterday", 400, "updatedAfter"),
        (f"{POP}?references=categories", 400, "codelist"),
        (f"{POP}?attributes=none", 400, "references"),
        (f"{POP}/A.IR._T._T._T._T", 400, "5"),
        ("/dataflow/SCI/NOTHING", 404, "no such dataflow"),
        ("/datastructure/SCI/NOTHING", 404, "no such data structure: SCI:NOTHING(*)"),
        ("/provisionagreement/SCI/NOTHING", 404, "no such provision agreement"),
        ("/dataflow/SCI/*/*/*/COLOUR", 422, "COLOUR"),
        ("/codelist/SCI/CL_SEX", 400, "context"),
        ("", 400, "context"),
    ],
)
def test_availability_refused(live: str, path: str, status: int, word: str) -> None:
    assert word in refusal(ask(live, f"/availability{path}"), status)
