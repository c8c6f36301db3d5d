"""Metadata messages are checked whole, by what is stored, before anything is; what is right is kept in one form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.artefacts_metadata import metadata_sets
from support.quality import CONCEPTS, FLOW, STRUCTURE
from support.reported import (
    BEFORE_TWICE,
    CPI,
    DESK,
    GRADE,
    URN,
    Store,
    codes,
    given_parts,
    load,
    loader,
    message,
    of_flow,
    part,
    reported,
    silent,
    under_agreement,
)
from support.world import ref

from sdmx_server.errors import NotFound, Problem, Refused, SdmxServerError
from sdmx_server.model.concept import Concept
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.reference import reference_to
from sdmx_server.model.resolved_metadata import MetadataPart


@pytest.mark.parametrize(
    "one",
    [
        reported(),
        reported(version=None),
        reported(version="1.0.0-draft"),
        reported(reportingBegin="2024-01", reportingEnd="2024-12-31", publicationYear="2024"),
        reported(publicationPeriod="2024-Q1"),
        reported(attributes=[DESK, DESK, GRADE, {"id": "METHOD", "value": {"en": "Survey", "fa": "آمارگیری"}}]),
        reported(attributes=[GRADE, {"id": "COVERAGE", "value": 98.5}]),
        reported(attributes=[GRADE, {"id": "COVERAGE", "value": "#N/A"}]),
        under_agreement(),
        under_agreement(agencyID="SCI.PRICES"),
        of_flow("ANY", {"id": "NOTE", "value": "x"}, targets=[CPI, CPI.replace("CPI", "VITAL")]),
        of_flow("ANY", {"id": "NOTE", "value": {"en": "x", "fa": "y"}}),
        of_flow("ITEMS", {"id": "NOTE", "value": "x"}, targets=[f"{URN}categoryscheme.Category=SCI:SUBJECTS(1.0).A.B"]),
        of_flow("OLDER", {"id": "NOTE", "value": "x"}, targets=[f"{URN}codelist.Code=SCI:CL_GRADE(1.0.0).B"]),
    ],
)
def test_what_is_right_is_stored(tmp_path: Path, one: dict[str, Any]) -> None:
    [stored] = load(tmp_path, message(one))
    assert stored.targets == tuple(one["targets"])
    assert [a.id for a in stored.attributes] == [a["id"] for a in one["attributes"]]


def test_sets_are_kept_in_one_form(tmp_path: Path) -> None:
    """Texts have their language, markup is marked as such, and codes are without labels, whatever the message."""
    one = of_flow("TEXTS", *BEFORE_TWICE, {"id": "MARKUP", "value": "<p>x</p>"})
    [stored] = load(tmp_path, message(one))
    assert stored.attributes[2] == ReportedAttribute(id="MARKUP", texts={"en": "<p>x</p>"}, structured=True)
    head = "MDSTRUCTURE,MDSTRUCTURE_ID,METADATASET_ID,TARGET_TYPES,TARGET_IDS,GRADE: Grade,METHOD: Method\n"
    line = "metadataflow,SCI:QUALITY(1.0.0): Quality,SCI:R(1.0.0),dataflow,SCI:CPI(1.0.0),A: Good,Survey\n"
    [labelled] = load(tmp_path, (head + line).encode())
    assert labelled.attributes == (
        ReportedAttribute(id="GRADE", value="A"),
        ReportedAttribute(id="METHOD", texts={"en": "Survey"}),
    )


def test_targets_with_wildcards_mean_what_is_stored() -> None:
    every = f"{URN}datastructure.Dataflow=*:*(*)"
    for flow, targets in (
        ("ANY", (every, CPI.replace("SCI:CPI", "*:*"))),
        ("OLDER", (every, f"{URN}codelist.Code=SCI:CL_GRADE(1.0.0).*")),
    ):
        [stored] = given_parts(part(metadataflow=ref("Metadataflow", flow, "1.0.0"), targets=targets))
        assert stored.targets == targets
    with pytest.raises(Refused) as refused:
        given_parts(part(metadataflow=ref("Metadataflow", "QUALITY", "1.0.0"), targets=(every,)))
    assert "metadata-target-other" in codes(refused)


def test_findings_of_all_files_are_told_together_and_nothing_is_stored(tmp_path: Path) -> None:
    store = Store()
    (tmp_path / "below").mkdir()
    for name, content in (
        ("a.json", message(reported())),
        ("b.json", b"{"),
        ("below/c.json", message(reported(id="S", attributes=[{"id": "GRADE", "value": "Z"}]))),
        ("not read.txt", b"anything"),
    ):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused) as refused:
        loader(store).load([tmp_path], silent)
    assert {Path(problem.file or "").name for problem in refused.value.problems} == {"b.json", "c.json"}
    assert store.sets == {}
    (tmp_path / "b.json").unlink()
    (tmp_path / "below" / "c.json").unlink()
    assert loader(store).load([tmp_path], silent, validate_only=True).summary() == (
        "1 metadata sets are valid; nothing was loaded."
    )
    assert store.sets == {}
    assert loader(store).load([tmp_path], silent).summary() == "1 metadata sets read, 1 stored, 0 unchanged."
    again = loader(store).load([tmp_path], silent)
    assert (again.changed, again.replaced) == ((), frozenset())
    loader(store).remove("SCI:R(1.0.0)")
    assert store.sets == {}


def test_files_and_names_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(SdmxServerError, match="there is no file or folder"):
        loader(Store()).load([tmp_path / "not there"], silent)
    with pytest.raises(SdmxServerError, match=r"no \.xml, \.json or \.csv files"):
        loader(Store()).load([tmp_path], silent)
    with pytest.raises(SdmxServerError, match="AGENCY:ID"):
        loader(Store()).remove("R")
    with pytest.raises(NotFound):
        loader(Store()).remove("SCI:R(9.0.0)")


def test_texts_as_long_as_a_report_can_be_are_kept(tmp_path: Path) -> None:
    long = "متن " * 500_000
    one = reported(attributes=[GRADE, {"id": "METHOD", "value": {"fa": long}}])
    assert load(tmp_path, message(one))[0].attributes[1].texts == {"fa": long}
    many = [reported(id=f"R{number}") for number in range(300)]
    assert len(load(tmp_path, message(*many))) == 300


@settings(max_examples=40, deadline=None)
@given(st.lists(metadata_sets(), min_size=1, max_size=3), st.sampled_from(["QUALITY", "TEXTS", "DEEP", "STUB", "X"]))
def test_any_set_is_stored_or_refused_with_findings(sets: list[MetadataSet], flow: str) -> None:
    store = Store()
    named = [msgspec.structs.replace(one, metadataflow=ref("Metadataflow", flow, "1.0.0")) for one in sets]
    problems: list[Problem] = []
    try:
        given_parts(*(MetadataPart(metadata_set=one) for one in named), store=store)
    except Refused as refused:
        problems = refused.problems
    assert set(store.sets) == (set() if problems else {reference_to(one) for one in named})


def test_what_is_stored_here_is_what_the_tests_mean() -> None:
    assert FLOW.targets == (CPI,)
    assert {one.id for one in STRUCTURE.attributes} == {"CONTACT", "GRADE", "COVERAGE", "METHOD"}
    assert all(isinstance(one, Concept) for one in CONCEPTS.items)
