"""SDMX-ML data messages that are refused, each with its finding and its place; bounds, and strangers."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.loading import SERIES, Loaded, places, structure
from support.sdmx_ml import (
    BASE,
    FLOW,
    OBS,
    ROW,
    URN,
    data_set,
    generic,
    load,
    message,
    organisation,
    refused,
    series,
    values,
)

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.prepare import FileJob


def test_the_structure_must_be_the_one_that_is_loaded(tmp_path: Path) -> None:
    for refers in (
        FLOW.replace(":T(1.0.0)", ":T(1.4.0)"),
        f"<c:Structure>{URN}DataStructure=SCI:DSD_T(1.0.0)</c:Structure>",
    ):
        assert load(tmp_path, message(data_set(series(OBS)), structures=organisation(refers))).rows == [ROW]
    agreed = "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=SCI:PA(1.0)"
    provided = organisation(f"<c:ProvisionAgreement>{agreed}</c:ProvisionAgreement>")
    assert load(tmp_path, message(data_set(series(OBS)), structures=provided)).rows == [ROW]
    for name in ("Dataflow SCI:T(2.0.0)", "Dataflow SCI:U(1.0.0)", "Dataflow ECB:T(1.0.0)"):
        refers = FLOW.replace("SCI:T(1.0.0)", name.split()[1])
        text = message(data_set(series(OBS)), structures=organisation(refers))
        assert refused(tmp_path, text) == [("structure-wrong", 3, None, name)]


def test_a_data_set_refers_to_the_header(tmp_path: Path) -> None:
    two = organisation(FLOW, name="A", at="SEX") + organisation(FLOW, name="B")
    assert load(tmp_path, message(data_set(series(OBS), ref="B"), structures=two)).rows == [ROW]
    assert refused(tmp_path, message(data_set(ref="C"), structures=two)) == [("xml-structure-missing", 4, None, "C")]
    nothing = organisation("")
    assert refused(tmp_path, message(data_set(), structures=nothing)) == [("xml-structure-missing", 4, None, "S")]
    bad = organisation("<c:Structure>urn:sdmx:nonsense</c:Structure>")
    assert refused(tmp_path, message(data_set(), structures=bad)) == [("xml-reference", 3, None, "urn:sdmx:nonsense")]


WRONG = {
    "action": (message(data_set(action="Burn")), ("xml-action", 4, None, "Burn")),
    "component": (
        message(data_set(series(OBS, OBS.replace("STATUS", "STATE")))),
        ("column-unknown", 6, "OBS_STATE", None),
    ),
    "comp": (message(data_set(series(OBS[:-2] + '><Comp id="X"/></Obs>'))), ("column-unknown", 5, "X", None)),
    "element": (message(data_set(series(OBS), "<Observation/>")), ("xml-element", 6, None, "Observation")),
    "nested": (message(data_set(series(series(OBS)))), ("xml-element", 5, None, "Series")),
    "structured": (
        message(data_set(series(OBS[:-2] + '><Comp id="TAGS"><Value><c:StructuredText/></Value></Comp></Obs>'))),
        ("xml-element", 5, None, "StructuredText"),
    ),
    "language": (
        message(data_set('<Atts><Comp id="SOURCE"><Value><c:Text>a</c:Text><c:Text>b</c:Text></Value></Comp></Atts>')),
        ("xml-twice", 5, "SOURCE", "en"),
    ),
    "twice": (
        message(data_set(series(OBS[:-2] + ' TAGS="X"><Comp id="TAGS"><Value>Y</Value></Comp></Obs>'))),
        ("xml-twice", 5, None, "TAGS"),
    ),
    "generic twice": (
        generic(f"<g:Series>{values('SeriesKey', FREQ='A')}{values('Attributes', FREQ='M')}</g:Series>"),
        ("xml-twice", 5, None, "FREQ"),
    ),
    "generic without value": (
        generic('<g:Attributes><g:Value id="SOURCE"/></g:Attributes>'),
        ("xml-incomplete", 5, None, "SOURCE"),
    ),
    "generic value out of place": (generic('<g:Value id="SOURCE" value="x"/>'), ("xml-element", 5, None, "Value")),
    "code": (message(data_set(series(OBS.replace('"A"', '"Z"')))), ("code-unknown", 5, "OBS_STATUS", "Z")),
    "number": (message(data_set(series(OBS.replace("79926270", "many")))), ("type-wrong", 5, "OBS_VALUE", "many")),
    "dimension": (message(data_set(series(OBS, key='FREQ="A" REF_AREA="IR"'))), ("dimension-missing", 5, "SEX", None)),
    "duplicate": (message(data_set(series(OBS, OBS))), ("duplicate-key", 6, None, "A.IR._T.2016")),
    "syntax": (message(data_set(series(OBS, "<Obs></Series>"))), ("xml-syntax", 6, None, None)),
    "entity": (message(data_set(series(OBS, "&nbsp;"))), ("xml-syntax", 6, None, None)),
    "doctype": (
        message(data_set(series(OBS))).replace("?>", "?>\n<!DOCTYPE x SYSTEM 'file:///etc/passwd'>", 1),
        ("xml-doctype", 2, None, None),
    ),
    "truncated": (message(data_set(series(OBS, OBS)))[:-60], ("xml-truncated", 6, None, None)),
    "declared encoding": (message().replace("UTF-8", "klingon"), ("xml-encoding", 1, None, None)),
    "structure message": (f'<m:Structure xmlns:m="{BASE}v3_0/message"/>', ("xml-message-kind", 1, None, "Structure")),
    "metadata": (
        f'<m:GenericMetadata xmlns:m="{BASE}v2_1/message"/>',
        ("xml-message-kind", 1, None, "GenericMetadata"),
    ),
    "2.0": (
        '<CompactData xmlns="http://www.SDMX.org/resources/SDMXML/schemas/v2_0/message"/>',
        ("xml-version", 1, None, "2.0"),
    ),
    "page": ("<html><body/></html>", ("xml-not-sdmx", 1, None, "html")),
    "error": (
        f'<m:Error xmlns:m="{BASE}v2_1/message" xmlns:c="{BASE}v2_1/common"><m:ErrorMessage code="100">'
        "\n<c:Text>No Results Found</c:Text></m:ErrorMessage></m:Error>",
        ("xml-error-message", 2, None, "100: No Results Found"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_fault_is_found_at_its_place(tmp_path: Path, case: str) -> None:
    text, found = WRONG[case]
    assert refused(tmp_path, text) == [found]


def test_entity_bombs_do_not_go_off(tmp_path: Path) -> None:
    bomb = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    text = message(data_set(series(OBS))).replace("?>", f'?><!DOCTYPE x [<!ENTITY e0 "lol">{bomb}]>', 1)
    assert refused(tmp_path, text.replace("79926270", "&e11;")) == [("xml-doctype", 1, None, None)]


DEEP = "<a>" * 300_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (message(data_set(series(OBS.replace("79926270", "1" * 2_000_000)))), "line-too-long"),
        (message(data_set(series(OBS[:-2] + '><Comp id="TAGS"><Value>' + "x" * 2_000_000))), "line-too-long"),
        (message(header=f"<m:Name>{'x' * 2_000_000}</m:Name>"), "line-too-long"),
        (message(data_set(f"<c:Annotations>{DEEP}")), "xml-depth"),
        (message(header=DEEP), "xml-depth"),
        (message(DEEP), "xml-depth"),
        (message(data_set("<c:Annotations>" + "".join(f"<a{i}/>" for i in range(50_000)))), "xml-names"),
        (message(data_set(series(*(f'<Obs x{i}="1"/>' for i in range(6_000))))), "too-many-columns"),
    ],
    ids=["attribute", "value", "header text", "deep annotations", "deep header", "deep message", "names", "columns"],
)
def test_what_is_kept_is_bounded(tmp_path: Path, text: str, code: str) -> None:
    assert [found[0] for found in refused(tmp_path, text)] == [code]


def test_files_that_are_no_message(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        Loaded(FileJob(path=tmp_path / "nothing.xml", loader="sdmx-ml"), structure())
    assert places(caught.value)[0][0] == "file-missing"
    (tmp_path / "empty.xml").write_bytes(b"")
    with pytest.raises(Refused) as caught:
        Loaded(FileJob(path=tmp_path / "empty.xml", loader="sdmx-ml"), structure())
    assert places(caught.value) == [("xml-empty", "empty.xml", None, None, None)]
    assert refused(tmp_path, message(data_set(series(OBS))), limits=Limits(file_bytes=100))[0][0] == "file-too-large"


@pytest.mark.parametrize("block", [1, 700, 50_000])
def test_batches_are_cut_anywhere(tmp_path: Path, block: int) -> None:
    """However little is read at a time, no row loses a cell, its series or its line."""
    comp = '<Comp id="TAGS"><Value>X</Value></Comp>'
    made = [
        series(*(OBS.replace("2016", str(1900 + y)).replace("/>", f">{comp}</Obs>") for y in range(90)), key=key)
        for key in (
            f'FREQ="A" REF_AREA="{area}" SEX="{sex}" UNIT_MEASURE="PS"' for area in ("IR", "IR-00") for sex in "MF"
        )
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sdmx_loaders.sdmx_ml.stream._CHUNK", 97)
        loaded = load(tmp_path, message(data_set(*made)), limits=Limits(block_bytes=block))
    assert loaded.counts.rows == len(loaded.rows) == 360
    assert {(r["REF_AREA"], r["SEX"], r["TAGS"], r["OBS_VALUE"]) for r in loaded.rows} == {
        (area, sex, '["X"]', 79926270.0) for area in ("IR", "IR-00") for sex in "MF"
    }
    assert len(loaded.group(*SERIES)) == 4
