"""Every finding about metadata messages is provoked, and names what is wrong; nothing is stored then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.reported import (
    BEFORE_TWICE,
    CPI,
    DESK,
    FLOW_URN,
    GRADE,
    URN,
    Store,
    codes,
    given_parts,
    load,
    message,
    of_flow,
    part,
    reported,
    under_agreement,
)
from support.world import ref

from sdmx_server.errors import Refused
from sdmx_server.loading.catalogue_metadata import METADATA
from sdmx_server.loading.metadata import MOST_LEVELS
from sdmx_server.model.metadataset import ReportedAttribute


def with_contact(*attributes: dict[str, Any]) -> dict[str, Any]:
    return reported(attributes=[GRADE, {"id": "CONTACT", "attributes": list(attributes)}])


def of_texts(**values: Any) -> dict[str, Any]:
    """A set with all that its structure requires, and values of other attributes."""
    return of_flow("TEXTS", *BEFORE_TWICE, *({"id": name, "value": value} for name, value in values.items()))


NOTE = {"id": "NOTE", "value": "x"}
CODE, CATEGORY = f"{URN}codelist.Code=SCI:CL_GRADE(1.0.0)", f"{URN}categoryscheme.Category=SCI:SUBJECTS(1.0)"
UNKNOWN_AGREEMENT = {"metadataProvisionAgreement": f"{URN}registry.MetadataProvisionAgreement=SCI:NOT(1.0)"}

FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("metadata-delete", "SCI:R", reported(action="Delete")),
    ("metadata-flow", "SCI:NOT_THERE", of_flow("NOT_THERE", GRADE)),
    ("metadata-flow", "SCI:QUALITY(2.0.0)", reported(metadataflow=FLOW_URN.replace("1.0.0", "2.0.0"))),
    ("metadata-flow", "SCI:NOT", under_agreement() | UNKNOWN_AGREEMENT),
    ("metadata-structure", "stub", of_flow("STUB", GRADE)),
    ("metadata-structure", "NOT_THERE", of_flow("BROKEN", GRADE)),
    ("metadata-provider", "OTHER", under_agreement(agencyID="OTHER")),
    ("metadata-provider", "OTHER.PRICES", under_agreement(agencyID="OTHER.PRICES")),
    ("metadata-target-absent", "SCI:NO", of_flow("OLDER", NOTE, targets=[CPI.replace("CPI", "NO")])),
    ("metadata-target-absent", "CPI(2.0.0)", reported(targets=[CPI.replace("1.0.0", "2.0.0")])),
    ("metadata-target-item", "CL_GRADE", of_flow("OLDER", NOTE, targets=[f"{CODE}.Z"])),
    ("metadata-target-item", "SUBJECTS", of_flow("OLDER", NOTE, targets=[f"{CATEGORY}.B"])),
    ("metadata-target-other", "Metadataflow SCI:QUALITY(1.0.0)", reported(targets=[CPI.replace("CPI", "VITAL")])),
    ("metadata-target-other", "SCI:QUALITY", under_agreement(targets=[CPI.replace("CPI", "VITAL")])),
    ("metadata-target-other", "SCI:ANY", of_flow("ANY", NOTE, targets=[f"{CODE}.A"])),
    ("metadata-target-other", "SCI:ITEMS", of_flow("ITEMS", NOTE, targets=[f"{CATEGORY}.A"])),
    ("metadata-attribute-unknown", "did you mean GRADE", reported(attributes=[GRADE, {"id": "GRAD", "value": "A"}])),
    ("metadata-attribute-unknown", "CONTACT.GRADE", with_contact({"id": "NAME", "value": "x"}, GRADE)),
    ("metadata-attribute-missing", "GRADE", reported(attributes=[DESK])),
    ("metadata-attribute-missing", "CONTACT.NAME", with_contact(GRADE)),
    ("metadata-occurrences", "2 times, 1 to 1", reported(attributes=[GRADE, GRADE])),
    ("metadata-occurrences", "1 times, 2 to 3", of_flow("TEXTS", BEFORE_TWICE[0])),
    ("metadata-presentational", "CONTACT", reported(attributes=[GRADE, DESK | {"value": "Desk"}])),
    ("metadata-presentational", "CONTACT", reported(attributes=[GRADE, DESK | {"value": {"en": "Desk"}}])),
    ("metadata-value-missing", "GRADE", reported(attributes=[{"id": "GRADE"}])),
    ("metadata-languages", "PLAIN", of_texts(PLAIN={"en": "x"})),
    ("metadata-languages", "GRADE", reported(attributes=[{"id": "GRADE", "value": {"en": "A"}}])),
    ("metadata-xhtml", "script", of_texts(MARKUP={"en": "<script/>"})),
    ("metadata-xhtml", "undefined entity", of_texts(MARKUP="a&nbsp;b")),
    ("code-unknown", "CL_GRADE", reported(attributes=[{"id": "GRADE", "value": "Z"}])),
    ("type-wrong", "Decimal", reported(attributes=[GRADE, {"id": "COVERAGE", "value": True}])),
    ("type-wrong", "GregorianDay", of_texts(DATE="23.11.2026")),
    ("facet", "maxLength", of_texts(PLAIN="more than ten characters")),
    ("control-character", "PLAIN", of_texts(PLAIN="a\x0bb")),
]


@pytest.mark.parametrize(("code", "word", "one"), FAULTS)
def test_every_finding_names_what_is_wrong_and_nothing_is_stored(
    tmp_path: Path, code: str, word: str, one: dict[str, Any]
) -> None:
    store = Store()
    with pytest.raises(Refused) as refused:
        load(tmp_path, message(reported(id="GOOD"), one), store)
    found = [problem for problem in refused.value.problems if problem.code == code]
    assert found, codes(refused)
    assert any(word in f"{problem.texts['en']} {problem.column}" for problem in found)
    assert all(problem.file == str(tmp_path / "message") for problem in found)
    assert codes(refused)
    assert store.sets == {}


def test_a_set_that_stands_twice_must_be_the_same(tmp_path: Path) -> None:
    assert len(load(tmp_path, message(reported(), reported()))) == 1
    with pytest.raises(Refused) as refused:
        load(tmp_path, message(reported(), reported(attributes=[{"id": "GRADE", "value": "B"}])))
    assert codes(refused) == {"metadata-set-twice"}


def test_a_message_of_2_1_may_name_the_structure_alone() -> None:
    [stored] = given_parts(part(ref("MetadataStructure", "TEXTS", "1.0.0"), attributes=_twice()))
    assert stored.metadataflow == ref("Metadataflow", "TEXTS", "1.0.0")
    for flow, code in (
        (ref("MetadataStructure", "OLDER", "1.0.0"), "metadata-flow-unclear"),
        (ref("MetadataStructure", "NOTHING", "1.0.0"), "metadata-flow"),
        (None, "metadata-flow"),
    ):
        with pytest.raises(Refused) as refused:
            given_parts(part(flow))
        assert codes(refused) == {code}


def _twice() -> tuple[ReportedAttribute, ...]:
    return tuple(ReportedAttribute(id="TWICE", value=value) for value in "ab")


def _nested(levels: int) -> ReportedAttribute:
    found = ReportedAttribute(id="LEAF", value="A")
    for _ in range(levels):
        found = ReportedAttribute(id="LEVEL", attributes=(found,))
    return found


def test_attributes_have_a_greatest_depth() -> None:
    flow = ref("Metadataflow", "DEEP", "1.0.0")
    for levels, code in ((3, "metadata-attribute-unknown"), *((n, "metadata-too-deep") for n in (MOST_LEVELS, 900))):
        with pytest.raises(Refused) as refused:
            given_parts(part(metadataflow=flow, attributes=(_nested(levels),)))
        assert code in codes(refused)


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("metadata-target-none", {"targets": ()}),
        ("metadata-target", {"targets": ("CPI",)}),
        ("metadata-target", {"targets": ("urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI",)}),
        ("metadata-target", {"targets": ("urn:sdmx:org.sdmx.infomodel.nothing.Nothing=SCI:CPI(1.0.0)",)}),
        ("metadata-version", {"version": "2.0"}),
        ("metadata-version", {"version": "one"}),
        ("metadata-period", {"reporting_begin": "2024-13"}),
        ("metadata-period", {"reporting_begin": "2024-Q1"}),
        ("metadata-period", {"reporting_end": "soon"}),
        ("metadata-period", {"publication_period": "2024-99-99"}),
        ("metadata-period", {"publication_year": "24"}),
        ("metadata-attribute-missing", {"attributes": ()}),
        ("metadata-version", {"version": "1.0+.0"}),
        ("type-wrong", {"attributes": (ReportedAttribute(id="NOTE", texts={"en": "<p/>"}, structured=True),)}),
    ],
)
def test_what_no_schema_has_let_through_is_found_too(code: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        given_parts(part(metadataflow=ref("Metadataflow", "ANY", "1.0.0"), **fields))
    assert code in codes(refused)


def test_every_finding_about_metadata_is_provoked_by_a_test() -> None:
    here = Path(__file__).read_text("utf-8")
    assert [code for code in METADATA if f'"{code}"' not in here] == []
