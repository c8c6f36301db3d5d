"""Versions: order, print-parse, and every form of the page on version queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.errors import BadQuery
from sdmx_server.model.version import parse_version, parse_versions, resolve_version

STORED = [
    "1",
    "2",
    "1.0",
    "1.1",
    "2.1",
    "3.0",
    "0.1.0",
    "0.2.0-beta",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.2.3",
    "1.2.5-draft",
    "1.3.0",
    "2.0.0",
    "2.3.1",
    "2.3.4",
    "2.4.0",
    "3.0.0-alpha.1",
]


def pick(expression: str) -> list[str]:
    return parse_versions(expression).select(STORED)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # a specific version
        ("1", ["1"]),
        ("1.0", ["1.0"]),
        ("1.0.0", ["1.0.0"]),
        ("1.2.5-draft", ["1.2.5-draft"]),
        ("9.9.9", []),
        # latest stable
        ("+", ["2.4.0"]),
        ("+.0.0", ["2.4.0"]),
        ("1+.0.0", ["2.4.0"]),
        ("1.+.0", ["1.3.0"]),
        ("1.0+.0", ["1.3.0"]),
        ("1.2.+", ["1.2.3"]),
        ("1.2.0+", ["1.2.3"]),
        ("2+.3.2", ["2.4.0"]),
        ("3+.0.0", []),
        ("1.2+.4", ["1.3.0"]),
        ("2.3+.1", ["2.4.0"]),
        ("2.3.1+", ["2.3.4"]),
        ("2.3.5+", []),
        # latest, possibly unstable
        ("~", ["3.0"]),
        ("~.0", ["3.0"]),
        ("0~.0", ["3.0"]),
        ("~.0.0", ["3.0.0-alpha.1"]),
        ("0~.0.0", ["3.0.0-alpha.1"]),
        ("1.~", ["1.1"]),
        ("1.0~", ["1.1"]),
        ("1.~.0", ["1.3.0"]),
        ("1.0~.0", ["1.3.0"]),
        ("1.2.~", ["1.2.5-draft"]),
        ("1.2.0~", ["1.2.5-draft"]),
        ("1~.2", ["3.0"]),
        ("4~.0", []),
        ("2~.4.1", ["3.0.0-alpha.1"]),
        ("1.1~", ["1.1"]),
        ("1.2~.4", ["1.3.0"]),
        ("0.1~.0", ["0.2.0-beta"]),
        ("1.2.4~", ["1.2.5-draft"]),
        # all
        ("*", None),
        ("*.0", ["1.0", "1.1", "2.1", "3.0"]),
        ("0*.0", ["1.0", "1.1", "2.1", "3.0"]),
        ("1.*", ["1.0", "1.1"]),
        ("1.0*", ["1.0", "1.1"]),
        ("1.*.0", ["1.0.0", "1.0.1", "1.2.0", "1.2.3", "1.2.5-draft", "1.3.0"]),
        ("1.0*.0", ["1.0.0", "1.0.1", "1.2.0", "1.2.3", "1.2.5-draft", "1.3.0"]),
        ("1.2.*", ["1.2.0", "1.2.3", "1.2.5-draft"]),
        ("1.2.0*", ["1.2.0", "1.2.3", "1.2.5-draft"]),
        ("1*.1", ["1.1", "2.1", "3.0"]),
        ("2*.3.2", ["2.3.4", "2.4.0", "3.0.0-alpha.1"]),
        ("1.1*", ["1.1"]),
        ("1.2*.3", ["1.2.3", "1.2.5-draft", "1.3.0"]),
        ("1.2.3*", ["1.2.3", "1.2.5-draft"]),
        # either
        ("1~.2.0,1.2.0+", ["1.2.3", "3.0.0-alpha.1"]),
        ("+,1.2.1*", ["1.2.3", "1.2.5-draft", "2.4.0"]),
        ("1.0,1.0", ["1.0"]),
    ],
)
def test_every_form_selects(expression, expected):
    if expected is None:
        assert sorted(pick(expression)) == sorted(STORED)
    else:
        assert pick(expression) == expected


def test_all_forms_of_dot_zero_dot_zero_have_three_parts():
    assert all(version.count(".") >= 2 for version in pick("*.0.0"))
    assert pick("*.0.0") == pick("0*.0.0")


@pytest.mark.parametrize(
    "expression",
    [
        "+.2.3",
        "1.+.3",
        "~.2",
        "~.2.3",
        "1.~.3",
        "*.2",
        "*.2.3",
        "1.*.3",
        "+.0",
        "2.3+",
        "~.0.*",
        "3.2*.1+",
        "3.2+.1+",
        ",",
        "1,",
        "1.",
        ".1",
        "1..2",
        "1.0.0+0",
        "0+.0.0",
        "0.1.0+",
        "0.1+.0",
        "2~",
        "2+",
        "1.x",
        "v1",
        "latest",
        "1.2.3.4+",
        "1.0-draft",
        "1.0.0-",
        "١.٠.٠",
        "--",
        "9999999999.0+.0",
        "%2B",
    ],
)
def test_forms_that_are_not_allowed(expression):
    with pytest.raises(BadQuery):
        parse_versions(expression)


@pytest.mark.parametrize("expression", ["", "1.0.0 ", "+ ", " ", "1" * 600])
def test_blanks_and_endless_texts_are_not_allowed(expression):
    with pytest.raises(BadQuery):
        parse_versions(expression)


def test_the_latest_stable_is_never_a_legacy_version():
    assert parse_versions("+").select(["1.0", "2.0", "0.9.0", "1.0.0-draft"]) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1.0+.0", "1.3.0"),
        ("1.2.0+", "1.2.3"),
        ("1+.0.0", "2.4.0"),
        ("1.0", "1.0"),
        ("+", "2.4.0"),
        ("~", "3.0"),
        ("*", "3.0"),
        ("7.0+.0", None),
        ("nonsense", None),
    ],
)
def test_what_a_reference_means(written, expected):
    assert resolve_version(written, STORED) == expected


def test_the_order_of_pre_releases():
    ordered = ["1.0.0-1", "1.0.0-2", "1.0.0-11", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta"]
    ordered += ["1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-draft", "1.0.1", "1.10.0", "2.0.0"]
    assert [str(v) for v in sorted(map(parse_version, reversed(ordered)))] == ordered


def test_texts_with_the_same_numbers_stay_apart():
    assert [str(v) for v in sorted(map(parse_version, ["1.0.0", "1", "1.0"]))] == ["1", "1.0", "1.0.0"]


numbers = st.integers(0, 999_999_999)
identifier = st.from_regex(r"\A[0-9A-Za-z-]{1,6}\Z")
versions = st.one_of(
    st.lists(numbers, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts))),
    st.builds(
        lambda parts, ids: ".".join(map(str, parts)) + "-" + ".".join(ids),
        st.lists(numbers, min_size=3, max_size=3),
        st.lists(identifier, min_size=1, max_size=3),
    ),
)


@given(versions)
def test_a_version_prints_as_it_was_read(text):
    assert str(parse_version(text)) == text
    assert parse_versions(text).select([text, "5.5.5"]) == sorted({text})


@given(versions, versions, versions)
def test_the_order_is_total(a, b, c):
    a, b, c = parse_version(a), parse_version(b), parse_version(c)
    assert (a < b) + (b < a) + (a == b) == 1
    if a < b < c:
        assert a < c


@given(
    st.lists(versions, unique=True, max_size=8), st.sampled_from(["+", "~", "*", "1+.0.0", "*.0", "0~.0.0", "1.*.0"])
)
def test_a_selection_is_a_sorted_part_of_what_is_there(stored, expression):
    found = parse_versions(expression).select(stored)
    assert set(found) <= set(stored)
    assert found == [str(v) for v in sorted(map(parse_version, found))]
    assert "*" in expression or len(found) <= 1


@given(st.text(max_size=40) | st.text("0123456789.+~*,-a", max_size=20))
def test_any_text_is_read_or_refused_as_a_bad_query(text):
    try:
        query = parse_versions(text)
    except BadQuery:
        return
    assert str(query) == text
