"""Text types, facets and the shapes of periods."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.loading.catalogue import CATALOGUE
from sdmx_server.loading.periods import from_label, has_shape
from sdmx_server.loading.problems import Findings
from sdmx_server.loading.texts import judge
from sdmx_server.model.representation import SentinelValue, TextFormat
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, Storage


def fault(text: str, text_type: str, **facets: str) -> str | None:
    component = ResolvedComponent(
        id="X",
        kind=ComponentKind.ATTRIBUTE,
        storage=Storage.CODE,
        text_format=TextFormat(text_type=text_type, facets=facets, sentinels=(SentinelValue(value="-1"),)),
    )
    judged = judge(component, None)
    found = judged(text) if judged else None
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text_type", "good", "bad"),
    [
        ("Boolean", "true", "yes"),
        ("Alpha", "abc", "a1"),
        ("AlphaNumeric", "a1", "a_1"),
        ("Numeric", "007", "۷"),
        ("Integer", "-7", "7.0"),
        ("Integer", "2147483647", "2147483648"),
        ("Short", "32767", "40000"),
        ("BigInteger", "99999999999999999999", "1e3"),
        ("Count", "0", "-2"),
        ("Decimal", "1.50", "1e3"),
        ("Double", "1e3", "1,5"),
        ("Float", "-INF", "inf"),
        ("GregorianYear", "2016", "2016-01"),
        ("GregorianTimePeriod", "2016-01", "2016-Q1"),
        ("ReportingQuarter", "2016-Q1", "2016-Q5"),
        ("DateTime", "2016-01-01T00:00:00", "2016-01-01"),
        ("TimeRange", "2016-03-20/P366D", "2016"),
        ("Duration", "P1Y", "P"),
        ("Month", "--05", "5"),
    ],
)
def test_text_types(text_type: str, good: str, bad: str) -> None:
    assert fault(good, text_type) is None
    assert fault(bad, text_type) in ("type-wrong", "facet")


@pytest.mark.parametrize(
    ("facets", "good", "bad"),
    [
        ({"minLength": "2"}, "ab", "a"),
        ({"maxLength": "2"}, "ab", "abc"),
        ({"pattern": "[a-c]+"}, "abc", "abcd"),
    ],
)
def test_facets_of_texts(facets: dict[str, str], good: str, bad: str) -> None:
    assert fault(good, "String", **facets) is None
    assert fault(bad, "String", **facets) == "facet"


def test_facets_of_numbers_and_sentinels() -> None:
    assert fault("5", "Integer", minValue="0", maxValue="9") is None
    assert fault("10", "Integer", minValue="0", maxValue="9") == "facet"
    assert fault("-2", "Integer", minValue="0") == "facet"
    assert fault("-1", "Integer", minValue="0") is None


def test_a_pattern_in_the_syntax_of_xml_schema_is_not_judged() -> None:
    assert fault("anything", "String", pattern=r"\p{L}+") is None


@pytest.mark.parametrize(
    ("text", "frequency", "period"),
    [
        ("2016", None, "2016"),
        ("۲۰۱۶", "A", "2016"),
        ("2016/5", "M", "2016-05"),
        ("2016 Q3", "Q", "2016-Q3"),
        ("2016-05-01", None, "2016-05-01"),
        ("۲۰۱۶-۰۵-۰۱", None, "2016-05-01"),
        ("۲۰۱۶-W۰۵", None, "2016-W05"),
        ("2016-03-20/P366D", None, "2016-03-20/P366D"),
    ],
)
def test_gregorian_labels(text: str, frequency: str | None, period: str) -> None:
    assert from_label(text, "gregorian", frequency) == period


@pytest.mark.parametrize(("text", "frequency"), [("2016", "M"), ("2016-13", None), ("May", None), ("", None)])
def test_what_is_no_gregorian_label_is_refused(text: str, frequency: str | None) -> None:
    with pytest.raises(ValueError, match="not"):
        from_label(text, "gregorian", frequency)


@given(st.text(max_size=12))
def test_any_text_is_judged_without_failing(text: str) -> None:
    for text_type in ("Integer", "Double", "Duration", "GregorianDay", "TimeRange", "ReportingWeek"):
        assert fault(text, text_type, minValue="0") in (None, "type-wrong", "facet", "control-character")
        assert isinstance(has_shape(text, text_type), bool)


@pytest.mark.parametrize("code", CATALOGUE)
def test_both_languages_of_the_catalogue_say_the_same_things(code: str) -> None:
    fields = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in CATALOGUE[code]]
    assert fields[0] == fields[1]


def test_findings_count_beyond_what_they_show() -> None:
    findings = Findings(shown=2)
    for row in range(1, 6):
        findings.add("nul-byte", file="a", row=row)
    findings.add("nul-byte", file="a", row=1, count=3)
    assert (findings.count, [p.row for p in findings.problems()]) == (8, [1, 2])
    assert "(in 4 rows)" in findings.problems()[0].texts["en"]
