"""Schemes that add to what is stored."""

from __future__ import annotations

from sdmx_server.model.codelist import Code, Codelist
from sdmx_server.model.organisation import AgencyScheme, Organisation
from sdmx_server.registry.merging import adds, merged


def scheme(*ids: str, name: str = "x") -> AgencyScheme:
    agencies = tuple(Organisation(id=i, names={"en": name}) for i in ids)
    return AgencyScheme(id="AGENCIES", agency="SDMX", names={"en": "Agencies"}, items=agencies)


def test_agencies_come_together_and_newer_ones_win() -> None:
    both = merged(scheme("SCI", "IMF"), scheme("IMF", "UN", name="new"))
    assert [(a.id, a.names["en"]) for a in both.items] == [("SCI", "x"), ("IMF", "new"), ("UN", "new")]


def test_only_partial_and_organisation_schemes_add() -> None:
    codes = Codelist(id="CL", agency="SCI", items=(Code(id="A"),))
    partial = Codelist(id="CL", agency="SCI", items=(Code(id="B"),), is_partial=True)
    assert adds(scheme("SCI"))
    assert adds(partial)
    assert not adds(codes)
    assert [c.id for c in merged(codes, partial).items] == ["A", "B"]
    assert not merged(codes, partial).is_partial
