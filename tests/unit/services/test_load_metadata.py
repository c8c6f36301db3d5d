"""Metadata messages are checked whole, by what is stored, before anything is; each finding, and hostile files."""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.artefacts_metadata import metadata_sets
from support.catalogues import catalogue_of
from support.quality import AGREEMENT, CONCEPTS, FLOW, QUALITY, STRUCTURE
from support.world import ref, text

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import NotFound, Problem, Refused, SdmxServerError
from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_metadata_file
from sdmx_server.formats.sdmx_ml.metadata_writer import write_metadata
from sdmx_server.loading.catalogue_metadata import METADATA
from sdmx_server.loading.metadata import MOST_LEVELS
from sdmx_server.model.category import Category, CategoryScheme
from sdmx_server.model.common import Maintainable
from sdmx_server.model.concept import Concept
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.metadatastructure import MetadataAttribute, Metadataflow, MetadataStructure, ReportStructure
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.resolved_metadata import MetadataMessage, MetadataPart
from sdmx_server.services.load_metadata import MetadataLoader
from sdmx_server.services.metadata_ports import MetadataState

URN = "urn:sdmx:org.sdmx.infomodel."
CPI = f"{URN}datastructure.Dataflow=SCI:CPI(1.0.0)"
FLOW_URN = f"{URN}metadatastructure.Metadataflow=SCI:QUALITY(1.0.0)"


def _flow(name: str, **fields: Any) -> Dataflow:
    return Dataflow(agency="SCI", id=name, version="1.0.0", names={"en": name}, **fields)


def _metadataflow(name: str, structure: str | None, **fields: Any) -> Metadataflow:
    referred = None if structure is None else ref("MetadataStructure", structure, "1.0.0")
    return Metadataflow(agency="SCI", id=name, version="1.0.0", names={"en": name}, structure=referred, **fields)


def _attribute(name: str, concept: str, **fields: Any) -> MetadataAttribute:
    return MetadataAttribute(id=name, concept=ref("ConceptScheme", "QUALITY_CONCEPTS", "1.0.0", concept), **fields)


_DEEP = _attribute("LEAF", "UNUSED", min_occurs=0)
for _ in range(MOST_LEVELS):
    _DEEP = _attribute("LEVEL", "CONTACT", is_presentational=True, attributes=(_DEEP,))
TEXTS = MetadataStructure(
    agency="SCI",
    id="TEXTS",
    version="1.0.0",
    names={"en": "Texts"},
    attributes=(
        _attribute("MARKUP", "CONTACT", representation=text("XHTML", isMultiLingual="true"), min_occurs=0),
        _attribute("PLAIN", "CONTACT", representation=text("String", maxLength="10"), min_occurs=0),
        _attribute("DATE", "CONTACT", representation=text("GregorianDay"), min_occurs=0, max_occurs="unbounded"),
        _attribute("TWICE", "CONTACT", representation=text("String"), min_occurs=2, max_occurs=3),
    ),
)
OLDER = MetadataStructure(
    agency="SCI",
    id="OLDER",
    version="1.0.0",
    names={"en": "As 2.1 has it"},
    reports=(ReportStructure(id="R", attributes=(_attribute("NOTE", "CONTACT", representation=text("String")),)),),
)
CATEGORIES = CategoryScheme(
    agency="SCI",
    id="SUBJECTS",
    version="1.0",
    names={"en": "Subjects"},
    items=(Category(id="A", names={"en": "A"}, items=(Category(id="B", names={"en": "B"}),)),),
)
STORED: tuple[Maintainable, ...] = (
    *(one for one in QUALITY if one is not AGREEMENT),
    msgspec.structs.replace(AGREEMENT, targets=(CPI, f"{URN}datastructure.Dataflow=SCI:VITAL(1.0.0)")),
    CATEGORIES,
    TEXTS,
    OLDER,
    MetadataStructure(agency="SCI", id="DEEP", version="1.0.0", names={"en": "Deep"}, attributes=(_DEEP,)),
    _flow("CPI"),
    _flow("VITAL"),
    _metadataflow("TEXTS", "TEXTS"),
    _metadataflow("DEEP", "DEEP"),
    _metadataflow("OLDER", "OLDER"),
    _metadataflow("STUB", None),
    _metadataflow("BROKEN", "NOT_THERE"),
    _metadataflow("ANY", "OLDER", targets=(f"{URN}datastructure.Dataflow=*:*(*)",)),
    _metadataflow("ITEMS", "OLDER", targets=(f"{URN}categoryscheme.Category=SCI:SUBJECTS(1.0).A.B", "no URN")),
)


class Store:
    """What ``MetadataLoader`` needs of a store, in memory."""

    def __init__(self) -> None:
        self.sets: dict[Reference, MetadataSet] = {}

    def state(self, as_of: dt.datetime | None = None) -> MetadataState:
        del as_of
        heads = tuple(types.SimpleNamespace(metadata_set=one) for one in self.sets.values())
        return MetadataState(1, dt.datetime.now(dt.UTC), heads)  # type: ignore[arg-type]

    def put(self, sets: Iterable[MetadataSet], actor: str) -> list[Reference]:
        del actor
        changed = {reference_to(one): one for one in sets if self.sets.get(reference_to(one)) != one}
        self.sets |= changed
        return list(changed)

    def remove(self, reference: Reference, actor: str) -> None:
        del actor
        if self.sets.pop(reference, None) is None:
            raise NotFound(reference.short)


def silent(*_: object) -> None:
    """Takes no notice of progress."""


def loader(store: Store, read: Callable[[Path], MetadataMessage] | None = None) -> MetadataLoader:
    catalogues: Any = types.SimpleNamespace(current=lambda: catalogue_of(STORED))
    return MetadataLoader(
        catalogues,
        store,  # type: ignore[arg-type]
        types.SimpleNamespace(),  # type: ignore[arg-type]
        read or (lambda path: read_metadata_file(path, FORMATS)),
    )


GRADE = {"id": "GRADE", "value": "A"}


def reported(**changes: Any) -> dict[str, Any]:
    """A set of SDMX-JSON that is right, but for the changes; None takes a member out."""
    whole = {
        "id": "R",
        "agencyID": "SCI",
        "version": "1.0.0",
        "name": "Report",
        "metadataflow": FLOW_URN,
        "targets": [CPI],
        "attributes": [GRADE],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def of_flow(name: str, *attributes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A set that is reported for a metadataflow of that id."""
    flow = FLOW_URN.replace("QUALITY", name)
    return reported(metadataflow=flow, attributes=list(attributes), **changes)


def under_agreement(**changes: Any) -> dict[str, Any]:
    agreement = f"{URN}registry.MetadataProvisionAgreement=SCI:QUALITY_OF_PRICES(1.0.0)"
    return reported(metadataflow=None, metadataProvisionAgreement=agreement, **({"agencyID": "PRICES"} | changes))


def message(*sets: dict[str, Any]) -> bytes:
    meta = {"id": "M", "prepared": "2026-11-23T10:00:00Z", "sender": {"id": "SCI"}}
    return json.dumps({"meta": meta, "data": {"metadataSets": list(sets)}}).encode()


def load(tmp_path: Path, content: bytes, store: Store | None = None, name: str = "message") -> list[MetadataSet]:
    """What is stored of a message."""
    file, held = tmp_path / name, store or Store()
    file.write_bytes(content)
    report = loader(held).load([file], silent)
    assert report.stored
    return list(held.sets.values())


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    for problem in refused.value.problems:
        assert problem.texts["en"]
        assert problem.texts["fa"]
    return {problem.code for problem in refused.value.problems}


# -- what is right -----------------------------------------------------------------------------------------------------

DESK = {"id": "CONTACT", "attributes": [{"id": "NAME", "value": "Desk"}]}
BEFORE_TWICE = ({"id": "TWICE", "value": "a"}, {"id": "TWICE", "value": "b"})


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


# -- every finding -----------------------------------------------------------------------------------------------------


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


def part(flow: Reference | None = None, **fields: Any) -> MetadataPart:
    whole = {"version": "1.0", "targets": (CPI,), "attributes": (ReportedAttribute(id="NOTE", value="x"),)} | fields
    return MetadataPart(metadata_set=MetadataSet(agency="SCI", id="R", **whole), flow=flow)


def given_parts(*parts: MetadataPart, store: Store | None = None) -> list[MetadataSet]:
    """What is stored of sets as a reader could give them."""
    header = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
    held = store or Store()
    loader(held, lambda _: MetadataMessage(header=header, parts=parts)).load([Path(__file__)], silent)
    return list(held.sets.values())


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


def test_targets_with_wildcards_mean_what_is_stored() -> None:
    every = f"{URN}datastructure.Dataflow=*:*(*)"
    for flow, targets in (("ANY", (every, CPI.replace("SCI:CPI", "*:*"))), ("OLDER", (every, f"{CODE}.*"))):
        [stored] = given_parts(part(metadataflow=ref("Metadataflow", flow, "1.0.0"), targets=targets))
        assert stored.targets == targets
    with pytest.raises(Refused) as refused:
        given_parts(part(metadataflow=ref("Metadataflow", "QUALITY", "1.0.0"), targets=(every,)))
    assert "metadata-target-other" in codes(refused)


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
    with pytest.raises(FileNotFoundError):
        loader(Store()).load([tmp_path / "not there"], silent)
    with pytest.raises(SdmxServerError, match=r"no \.xml, \.json or \.csv files"):
        loader(Store()).load([tmp_path], silent)
    with pytest.raises(SdmxServerError, match="AGENCY:ID"):
        loader(Store()).remove("R")
    with pytest.raises(NotFound):
        loader(Store()).remove("SCI:R(9.0.0)")


# -- hostile and broken files ------------------------------------------------------------------------------------------


XML_GRADE = '<met:Attribute id="GRADE"><met:Value>A</met:Value></met:Attribute>'


def _xml() -> str:
    """A message of SDMX-ML 3.1, with braces for a document type and for the attributes."""
    header = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
    reference = reference_to(FLOW)
    own = MetadataSet(agency="SCI", id="R", version="1.0.0", names={"en": "R"}, metadataflow=reference, targets=(CPI,))
    grade = (ReportedAttribute(id="GRADE", value="A"),)
    parts = (MetadataPart(metadata_set=msgspec.structs.replace(own, attributes=grade), flow=reference),)
    whole = b"".join(write_metadata(MetadataMessage(header=header, parts=parts), WriteOptions(), "3.1")).decode()
    start = whole.index("?>") + 2
    assert XML_GRADE in whole
    return whole[:start] + "{}" + whole[start:].replace(XML_GRADE, "{}")


XML = _xml()
LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
CSV_HEAD = "MDSTRUCTURE,MDSTRUCTURE_ID,METADATASET_ID,TARGET_TYPES,TARGET_IDS,GRADE\n"
CSV_LINE = "metadataflow,SCI:QUALITY(1.0.0),SCI:R(1.0.0),dataflow,SCI:CPI(1.0.0),A\n"


def test_the_messages_that_are_damaged_below_are_right_before(tmp_path: Path) -> None:
    for content in (XML.format("", XML_GRADE).encode(), message(reported()), (CSV_HEAD + CSV_LINE).encode()):
        [one] = load(tmp_path, content)
        assert one.attributes == (ReportedAttribute(id="GRADE", value="A"),)
    utf16 = XML.replace("UTF-8", "UTF-16").format("", XML_GRADE).encode("utf-16")
    assert len(load(tmp_path, utf16)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"\xef\xbb\xbf",
        b"GIF89a",
        b"\x00" * 1000,
        b"<",
        b"<a/>",
        b"<html><body/></html>",
        XML.format("", XML_GRADE).encode()[:-30],
        XML.format("", XML_GRADE).encode("utf-16")[:-31],
        XML.format("", XML_GRADE).replace("UTF-8", "no-such-coding").encode(),
        XML.format(f"<!DOCTYPE x [{LAUGHS}]>", XML_GRADE.replace("A<", "&e11;<")).encode(),
        XML.format('<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', XML_GRADE.replace("A<", "&f;<")).encode(),
        XML.format('<!DOCTYPE x SYSTEM "http://localhost:1/x.dtd">', XML_GRADE).encode(),
        XML.format("", XML_GRADE.replace("A<", "&unknown;<")).encode(),
        XML.format("", '<met:Attribute id="CONTACT">' * 5_000 + "</met:Attribute>" * 5_000).encode(),
        XML.format("", '<met:Attribute id="not an id"/>').encode(),
        XML.format("", "<other/>").encode(),
        XML.replace("v3_1", "v9_9").format("", XML_GRADE).encode(),
        XML.replace("GenericMetadata", "Structure").format("", XML_GRADE).encode(),
        b"{",
        b"{}",
        b"[]",
        b'{"meta": {}, "data": {"metadataSets": {}}}',
        message(reported())[:-4],
        message(reported()).replace(b'"R"', b"5"),
        message(reported()).replace(b'"GRADE"', b'"not an id"'),
        message({}),
        message(reported(attributes=[{"id": "GRADE", "value": []}])),
        message(reported(attributes=[{"id": "GRADE", "value": {"not a tag!": "A"}}])),
        message(reported(attributes="GRADE")),
        message(reported(targets=CPI)),
        message(reported(metadataflow="QUALITY")),
        message(reported(metadataflow=None)),
        message(reported(targets=[])),
        message(reported(metadataflow=f"{URN}codelist.Codelist=SCI:CL_GRADE(1.0.0)")),
        message(reported(attributes=None)).replace(b'"Report"', b'"Report", "attributes": ' + b"[" * 100_000),
        b'{"meta": ' + b'{"a":' * 100_000,
        b"MDSTRUCTURE\n",
        CSV_HEAD.replace("METADATASET_ID", "OTHER").encode() + CSV_LINE.encode(),
        (CSV_HEAD + CSV_LINE[:-8]).encode(),
        (CSV_HEAD + '"' + CSV_LINE).encode(),
        (CSV_HEAD + CSV_LINE.replace("SCI:R(1.0.0)", "R")).encode(),
        (CSV_HEAD + CSV_LINE.replace("metadataflow", "dataflow")).encode(),
        (CSV_HEAD + CSV_LINE.replace("dataflow,SCI:CPI(1.0.0)", "nothing,SCI:CPI(1.0.0)")).encode(),
        (CSV_HEAD.replace("GRADE", "GRADE,GRADE") + CSV_LINE.replace("A\n", "A,A\n")).encode(),
        (CSV_HEAD + CSV_LINE).encode() + b"\xff\xfe",
        (CSV_HEAD.replace("GRADE", "GRADE[]") + CSV_LINE.replace("A\n", '"""A"\n')).encode(),
    ],
)
def test_hostile_and_broken_files_are_refused(tmp_path: Path, content: bytes) -> None:
    store = Store()
    with pytest.raises(Refused) as refused:
        load(tmp_path, content, store)
    assert codes(refused)
    assert all(problem.file == str(tmp_path / "message") for problem in refused.value.problems)
    assert "root:" not in str(refused.value)
    assert store.sets == {}


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
