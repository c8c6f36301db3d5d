"""Which of several structures a query makes no sense for."""

from __future__ import annotations

import pytest
from support.observations import structure

from sdmx_server.errors import BadQuery, BadSemantics
from sdmx_server.model.reference import Reference
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.services.refusals import for_each

ASKED = [(Reference(kind="Dataflow", agency="SCI", id=f"F{i}", version="1.0.0"), structure()) for i in range(13)]

NO = "attribute '{}' is not in the structure; it has none"


def test_what_suits_all_is_made_of_each() -> None:
    assert for_each(ASKED, lambda schema: schema.dimension_ids) == [schema.dimension_ids for _, schema in ASKED]
    assert for_each([], lambda schema: schema) == []


def refusing(*ids: str, each: bool = False) -> BadSemantics:
    """The error when the structures with these numbers refuse, each for the same reason or for one of its own."""
    left = iter(range(len(ASKED)))

    def make(schema: ResolvedStructure) -> None:
        number = str(next(left))
        if number in ids:
            raise BadSemantics("attribute-unknown", name=f"A{number if each else ''}", known=())

    with pytest.raises(BadSemantics) as caught:
        for_each(ASKED, make)
    return caught.value


def test_those_that_refuse_are_named() -> None:
    assert str(refusing("7")) == f"SCI:F7(1.0.0): {NO.format('A')}"
    assert str(refusing("2", "12", each=True)) == f"SCI:F2(1.0.0): {NO.format('A2')}; refused for SCI:F12(1.0.0) too"


def test_where_all_refuse_for_one_reason_no_names_are_needed() -> None:
    everyone = [str(number) for number in range(len(ASKED))]
    assert str(refusing(*everyone)) == NO.format("A")
    text = str(refusing(*everyone, each=True))
    assert text.startswith(f"SCI:F0(1.0.0): {NO.format('A0')}; refused for SCI:F1(1.0.0), SCI:F2(1.0.0), ")
    assert text.endswith("SCI:F10(1.0.0) ... too")


def test_the_kind_of_error_stays() -> None:
    def make(schema: ResolvedStructure) -> None:
        raise BadQuery("keys-many", most=len(schema.dimensions))

    with pytest.raises(BadQuery, match=r"^more than 3 keys"):
        for_each(ASKED[:1], make)
