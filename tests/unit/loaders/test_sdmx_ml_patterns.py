"""Which texts between two values are patterns of plain data: only those that are well-formed wherever they fit."""

from __future__ import annotations

import pytest
from sdmx_loaders.sdmx_ml.patterns import AT, OBS, SAME, SERIES, Grammar, Pattern

NAMESPACES = {"g": "urn:g", "ss": "urn:ss"}


def structure_specific(text: str) -> Pattern | None:
    return Grammar(NAMESPACES, generic=False).pattern(text)


def generic(text: str) -> Pattern | None:
    return Grammar(NAMESPACES, generic=True).pattern(text)


def test_the_next_attribute_of_a_tag() -> None:
    found = structure_specific('" OBS_VALUE="')
    assert found is not None
    assert (found.name, found.state, found.opens, found.fits) == ("OBS_VALUE", SAME, 0, (True, True))


def test_the_next_observation() -> None:
    found = structure_specific('"/>\r\n\t<Obs TIME_PERIOD="')
    assert found is not None
    assert (found.name, found.opens, found.closes, found.fits) == ("TIME_PERIOD", OBS, False, (False, True))
    assert (found.text[found.start :], found.start_line, found.lines, found.marks) == ('<Obs TIME_PERIOD="', 1, 1, 4)


def test_the_next_series() -> None:
    found = structure_specific('"></ss:Obs>\n</ss:Series>\n\n<ss:Series FREQ="')
    assert found is not None
    assert (found.opens, found.closes, found.fits) == (SERIES, True, (False, True))
    assert found.text[found.end :].startswith("</ss:Series>")
    assert (found.end_line, found.start_line) == (1, 3)
    assert set(found.names) == {"urn:ss Obs", "urn:ss Series", "FREQ"}


@pytest.mark.parametrize(
    ("text", "name", "opens"),
    [
        ('"/><g:ObsValue value="', "OBS_VALUE", 0),
        ('"/><g:Value id="SEX" value="', "SEX", 0),
        ('"/></g:SeriesKey>\n<g:Obs><g:ObsDimension value="', AT, OBS),
        ('"/></g:Attributes></g:Obs><g:Obs><g:ObsKey><g:Value id="SEX" value="', "SEX", OBS),
        ('"/></g:Obs></g:Series><g:Series><g:SeriesKey><g:Value id="SEX" value="', "SEX", SERIES),
    ],
)
def test_generic_data(text: str, name: str, opens: int) -> None:
    found = generic(text)
    assert found is not None
    assert (found.name, found.opens) == (name, opens)


@pytest.mark.parametrize(
    "text",
    [
        '"OBS_VALUE="',
        '" OBS VALUE="',
        '" 1OBS="',
        '" xmlns="',
        '" xsi:type="',
        '" type="',
        '" é="',
        "\" A='x' B=\"",
        '"/><Obs A="1" B="',
        '"/><!-- --><Obs A="',
        '"/>text<Obs A="',
        '"/></Obs><Obs A="',
        '"></Obs></Obs><Obs A="',
        '"></Series><Series A="',
        '"/><Series A="',
        '"/></Series><Obs A="',
        '"/><Obs/><Obs A="',
        '"/><Obs></Obs><Obs A="',
        '"/><Group A="',
        '"><Comp id="',
        '"/><ss:Obs></Obs><ss:Obs A="',
        '"/></ss:Series><Series A="',
        '"/><unknown:Obs A="',
        '"/><Obs\u00a0A="',
        '"' + " " * 1000 + 'A="',
    ],
)
def test_what_is_for_the_parser(text: str) -> None:
    assert structure_specific(text) is None


@pytest.mark.parametrize(
    "text",
    [
        '" value="',
        '"/><g:Value value="',
        '"/><g:Value id="SEX" lang="',
        '"/><g:ObsDimension></g:ObsDimension><g:ObsValue value="',
        '"/><g:ObsValue id="X" value="',
        '"/></g:Obs><g:Obs></g:Obs><g:Obs><g:ObsDimension value="',
        '"/><g:Anything></g:Anything><g:ObsValue value="',
        '"/></g:SeriesKey></g:Series><g:Series><g:SeriesKey><g:Value id="SEX" value="',
    ],
)
def test_what_of_generic_data_is_for_the_parser(text: str) -> None:
    assert generic(text) is None


def test_all_items_have_the_same_prefix() -> None:
    grammar = Grammar(NAMESPACES, generic=False)
    assert grammar.pattern('"/><ss:Obs A="') is not None
    assert grammar.pattern('"/><Obs A="') is None
    assert grammar.pattern('"/><g:Obs A="') is None
