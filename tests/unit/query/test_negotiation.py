"""Negotiation of format, language and content coding."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.errors import BadQuery, NotAcceptable
from sdmx_server.query.negotiation import CODINGS, coding, languages, negotiate
from sdmx_server.query.parameters import Overrides


def offer(name, media_type, version, family, generic=(), **parameters):
    return SimpleNamespace(
        name=name, media_type=media_type, version=version, family=family, generic=generic, parameters=parameters
    )


CSV = {"labels": ("id", "name", "both"), "timeFormat": ("original", "normalized"), "keys": ("none", "obs")}
DATA = "application/vnd.sdmx.data"
OFFERED = [
    offer("json21", f"{DATA}+json", "2.1.0", ("jsondata", "json"), ("application/json",)),
    offer("xml31", f"{DATA}+xml", "3.1.0", ("structurespecificdata", "xml"), ("application/xml", "text/xml")),
    offer("csv21", f"{DATA}+csv", "2.1.0", ("csvdata", "csv"), ("text/csv",), **CSV),
    offer("json20", f"{DATA}+json", "2.0.0", ("jsondata", "json"), ("application/json",)),
    offer("xml30", f"{DATA}+xml", "3.0.0", ("structurespecificdata", "xml")),
    offer("csv20", f"{DATA}+csv", "2.0.0", ("csvdata", "csv"), (), **CSV),
    offer("csv10", f"{DATA}+csv", "1.0.0", ("csvdata", "csv"), (), labels=("id", "both")),
    offer("generic", "application/vnd.sdmx.genericdata+xml", "2.1", ("genericdata",)),
]


def chosen(accept=None, **overrides):
    return negotiate(OFFERED, accept, Overrides(**overrides))[0].name


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "json21"),
        ("", "json21"),
        ("*/*", "json21"),
        ("application/*", "json21"),
        ("text/*, application/*;q=0.1", "xml31"),
        ("text/*", "xml31"),
        ("text/*;q=0.2, application/*;q=0.1", "xml31"),
        ("text/csv", "csv21"),
        ("TEXT/CSV", "csv21"),
        ("application/xml", "xml31"),
        ("text/xml", "xml31"),
        ("application/json", "json21"),
        (f"{DATA}+csv", "csv21"),
        (f"{DATA}+csv;version=2.0.0", "csv20"),
        (f"{DATA}+csv; version=2.0", "csv20"),
        (f'{DATA}+csv;version="2.0.0"', "csv20"),
        (f"{DATA}+csv;version=1.0", "csv10"),
        (f"{DATA}+json;version=2.0.0-wd", "json20"),
        (f"{DATA}+csv;version=2+.0.1", "csv21"),
        (f"{DATA}+xml;version=3.0.0+", "xml30"),
        (f"{DATA}+json;version=2.0+.0", "json21"),
        (f"{DATA}+csv;version=2.*", "csv21"),
        (f"{DATA}+xml;version=3.~", "xml31"),
        (f"{DATA}+csv;version=2.0*", "csv21"),
        (f"{DATA}+csv;version=1.*", "csv10"),
        ("application/vnd.sdmx.genericdata+xml;version=2.1", "generic"),
        ("application/vnd.sdmx.genericdata+xml;version=2.1.0", "generic"),
        (f"{DATA}+csv;version=2.0.0;urn=true;file=true;labels=both", "csv20"),
        (f"{DATA}+csv, */*", "csv21"),
        (f"*/*, {DATA}+csv;version=1.0.0", "csv10"),
        (f"{DATA}+csv;q=0.5, {DATA}+xml;q=0.8", "xml31"),
        (f"{DATA}+csv;version=9.0.0, text/xml;q=0.1", "xml31"),
        ("application/json;q=0, */*", "xml31"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml31"),
        ("nonsense", "json21"),
        ("text/csv;q=x", "csv21"),
        (f"{DATA}+json;version=2.0.0,{DATA}+json;version=2.1.0", "json21"),
    ],
)
def test_formats(accept, name):
    assert chosen(accept) == name


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/*",
        f"{DATA}+csv;version=9.0.0",
        f"{DATA}+csv;version=3+.0.0",
        f"{DATA}+csv;labels=all",
        "*/*;q=0",
        "application/vnd.sdmx.structure+xml",
    ],
)
def test_what_is_not_offered_is_refused_with_what_is(accept):
    with pytest.raises(NotAcceptable, match="is not offered here; offered: application/vnd") as caught:
        chosen(accept)
    assert f"{DATA}+csv;version=2.0.0" in caught.value.offered


def test_parameters_of_the_media_type():
    _, parameters = negotiate(OFFERED, f"{DATA}+csv;version=2.1.0;labels=both;timeformat=normalized")
    assert parameters == {"labels": "both", "timeFormat": "normalized", "keys": "none"}
    _, parameters = negotiate(OFFERED, f"{DATA}+csv;version=2.1.0;LABELS=Both;TimeFormat=NORMALIZED")
    assert parameters == {"labels": "both", "timeFormat": "normalized", "keys": "none"}
    _, parameters = negotiate(OFFERED, "text/csv;labels=both")
    assert parameters == {"labels": "both", "timeFormat": "original", "keys": "none"}
    _, parameters = negotiate(OFFERED, "text/csv;labels=loud;keys=obs")
    assert parameters == {"labels": "id", "timeFormat": "original", "keys": "obs"}, "what a plain type means is free"
    assert negotiate(OFFERED, None)[1] == {}


@pytest.mark.parametrize(
    ("overrides", "name"),
    [
        ({"format": "csvdata"}, "csv21"),
        ({"format": "CSV"}, "csv21"),
        ({"format": "csv", "format_version": "2.0.0"}, "csv20"),
        ({"format": "csv", "format_version": "1.0"}, "csv10"),
        ({"format": "structurespecificdata", "format_version": "3.0"}, "xml30"),
        ({"format": "genericdata", "format_version": "2.1"}, "generic"),
        ({"format_version": "3.0"}, "json21"),
    ],
)
def test_the_format_parameter_wins_over_the_header(overrides, name):
    assert chosen("text/html,*/*;q=0.1" if "format" in overrides else "*/*", **overrides) == name


def test_the_header_still_gives_the_parameters_of_the_format_asked_for():
    _, parameters = negotiate(OFFERED, f"{DATA}+csv;labels=both", Overrides(format="csv", format_version="1.0.0"))
    assert parameters == {"labels": "both"}


@pytest.mark.parametrize("overrides", [{"format": "pdf"}, {"format": "csv", "format_version": "7"}])
def test_a_format_that_is_not_offered(overrides):
    with pytest.raises(NotAcceptable, match="format="):
        chosen("*/*", **overrides)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ()),
        ("fa", ("fa",)),
        ("ru, en-gb;q=0.8, en;q=0.7", ("ru", "en-gb", "en")),
        ("en;q=0.1,fa-IR,*;q=0.05", ("fa-ir", "en", "*")),
        ("de;q=0", ()),
        ("*", ()),
        ("*;q=0.5", ()),
        ("*, fa;q=0.5", ("*", "fa")),
        ("fa,fa", ("fa",)),
        ("!!", ()),
    ],
)
def test_languages(header, expected):
    assert languages(header) == expected


def test_the_lang_parameter_wins():
    assert languages("en", Overrides(lang="fa")) == ("fa",)
    assert languages("en", Overrides(lang="all")) == ()
    for lang in ("*", "", "e n", "x" * 9):
        with pytest.raises(BadQuery):
            languages("en", Overrides(lang=lang))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, zstd;q=0.5", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("deflate", "deflate"),
        ("deflate, br", "br"),
        ("compress, exi", "identity"),
        ("*", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("identity", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("gzip, identity;q=0", "gzip"),
    ],
)
def test_content_codings(header, expected):
    assert coding(header) == expected


@pytest.mark.parametrize("header", ["identity;q=0", "*;q=0", "compress, identity;q=0"])
def test_no_content_coding_is_left(header):
    with pytest.raises(NotAcceptable):
        coding(header)


def test_the_compression_parameter_wins():
    for name in ("gzip", "deflate", "br", "BR"):
        assert coding("zstd", Overrides(compression=name)) == name.lower()
    with pytest.raises(NotAcceptable, match="offered: zstd, gzip, br, deflate, identity"):
        coding("zstd", Overrides(compression="compress"))


@given(st.text(max_size=60) | st.text('ab*/;q=0.5,"\\+', max_size=60))
def test_any_header_is_read_or_not_acceptable(header):
    with suppress(NotAcceptable):
        assert negotiate(OFFERED, header)[0] in OFFERED
    with suppress(NotAcceptable):
        assert coding(header) in CODINGS
    assert all(languages(header))
