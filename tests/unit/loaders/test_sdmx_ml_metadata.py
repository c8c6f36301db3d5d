"""``Metadata`` elements within data of SDMX-ML 3.x: what they say of the data set, groups, series and observations."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.cases import Case, attribute, dimension, footnotes, measure, structure
from support.loading import Loaded
from support.sdmx_ml import BASE, URN, data_set, load, message, organisation, refused

from sdmx_server.batches import canonical
from sdmx_server.loading.api import Limits

SCHEMA = footnotes().schema
FLOW = organisation(f"<c:StructureUsage>{URN}Dataflow=SCI:DF_FOOTNOTES(1.0.0)</c:StructureUsage>")
OBS = '<Obs TIME_PERIOD="1980" OBS_VALUE="7.5">{}</Obs>'
QUESTION = "".join(
    f'<d:Attribute id="EVENTS">{"".join(f"""<c:Text xml:lang="{k}">{v}</c:Text>""" for k, v in texts.items())}'
    "</d:Attribute>"
    for texts in ({"en": "War; blockade", "fa": "جنگ"}, {"en": "Drought"})
)
GRADES = "".join(f'<d:Attribute id="GRADE"><d:Value>{grade}</d:Value></d:Attribute>' for grade in ("GOOD", "POOR"))


def metadata(content: str) -> str:
    return f'<Metadata xmlns:d="{BASE}v3_1/metadata/generic">{content}</Metadata>'


def written(*content: str, action: str = "", version: str = "3.1") -> str:
    return message(data_set(*content, action=action), structures=FLOW, version=version)


def series(*content: str) -> str:
    return f'<Series FREQ="A" REF_AREA="IR">{"".join(content)}</Series>'


def test_each_level_has_what_stands_in_it(tmp_path: Path) -> None:
    within = f'<d:Attribute id="CONTEXT"><c:Annotations><c:Annotation/></c:Annotations>{QUESTION}</d:Attribute>'
    name = '<d:Attribute id="CONTACT"><d:Attribute id="PERSON"><d:Attribute id="NAME"><d:Value>Desk</d:Value>'
    loaded = load(
        tmp_path,
        written(
            f'<Atts FREQ="A">{metadata(name + 3 * "</d:Attribute>")}</Atts>',
            series(OBS.format(metadata(within)), OBS.format("").replace("1980", "1981"), metadata(GRADES)),
            metadata('<d:Attribute id="METHOD"><c:Text>Laspeyres</c:Text></d:Attribute>'),
        ),
        SCHEMA,
    )
    assert loaded.group() == [{"METHOD": canonical({"en": "Laspeyres"})}]
    assert loaded.group("FREQ") == [{"FREQ": "A", "NAME": "Desk"}]
    assert loaded.group("FREQ", "REF_AREA") == [{"FREQ": "A", "REF_AREA": "IR", "GRADE": canonical(["GOOD", "POOR"])}]
    events = canonical([{"en": "War; blockade", "fa": "جنگ"}, {"en": "Drought"}])
    assert {row["TIME_PERIOD"]: row["EVENTS"] for row in loaded.rows} == {"1980": events, "1981": None}


def test_what_follows_many_observations_is_not_lost(tmp_path: Path) -> None:
    """Also where those are read by blocks, or are in a batch already."""
    many = [OBS.format("").replace("1980", str(1700 + year)).replace("></Obs>", "/>") for year in range(300)]
    for limits in (Limits(), Limits(block_bytes=1)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sdmx_loaders.sdmx_ml.stream._CHUNK", 5_000)
            loaded = load(tmp_path, written(series("\n".join(many), metadata(GRADES))), SCHEMA, limits=limits)
        assert loaded.counts.observations == 300
        assert [row["GRADE"] for row in loaded.group("FREQ", "REF_AREA")] == [canonical(["GOOD", "POOR"])]


def test_a_series_of_metadata_alone(tmp_path: Path) -> None:
    loaded = load(tmp_path, written(series(metadata(GRADES))), SCHEMA)
    assert loaded.group("FREQ", "REF_AREA") == [{"FREQ": "A", "REF_AREA": "IR", "GRADE": canonical(["GOOD", "POOR"])}]
    assert load(tmp_path, written(series(OBS.format(metadata("")))), SCHEMA).counts.observations == 1


def test_what_is_to_be_deleted_is_named(tmp_path: Path) -> None:
    gone = series(metadata('<d:Attribute id="GRADE"/>'))
    loaded = load(tmp_path, written(gone, metadata('<d:Attribute id="METHOD"/>'), action="Delete"), SCHEMA)
    assert loaded.actions == ["Delete"]
    assert [(row["FREQ"], row["REF_AREA"]) for row in loaded.group("FREQ", "REF_AREA")] == [("A", "IR")]
    assert [list(row) for row in loaded.group()] == [["METHOD"]]


def with_markup() -> Case:
    schema = structure(
        "MARKUP",
        (dimension("REF_AREA"),),
        (measure("OBS_VALUE"),),
        (attribute("DESCR", (), "XHTML", multilingual=True, metadata=True),),
    )
    return Case(name="markup", schema=schema, observations=footnotes().observations, groups={}, dataset_attributes={})


def test_structured_texts(tmp_path: Path) -> None:
    text = '<p xmlns="http://www.w3.org/1999/xhtml">Prices <em>and</em> so on<br/></p>'
    both = "".join(f'<c:StructuredText xml:lang="{tag}">{text}</c:StructuredText>' for tag in ("en", "fr"))
    flow = FLOW.replace("DF_FOOTNOTES", "DF_MARKUP")
    held = data_set(metadata(f'<d:Attribute id="DESCR">{both}</d:Attribute>'))
    loaded: Loaded = load(tmp_path, message(held, structures=flow), with_markup().schema)
    plain = "<p>Prices <em>and</em> so on<br/></p>"
    assert loaded.group() == [{"DESCR": canonical({"en": plain, "fr": plain})}]


def reported(name: str, content: str = "<d:Value>x</d:Value>") -> str:
    return f'<d:Attribute id="{name}">{content}</d:Attribute>'


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_a_metadata_set_within_data_is_not_passed_over(tmp_path: Path, version: str) -> None:
    flow = "urn:sdmx:org.sdmx.infomodel.metadatastructure.Metadataflow=SCI:MDF(1.0)"
    held = metadata(f"<d:Metadataflow>{flow}</d:Metadataflow><d:Target>x</d:Target>{reported('METHOD')}")
    found = refused(tmp_path, written(series(OBS.format("")), held, version=version), SCHEMA)
    assert found == [("xml-metadata-set", 6, None, "Metadataflow")]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (reported("WHAT"), ("column-unknown", 4, "WHAT", None)),
        (reported("METHOD") + reported("METHOD"), ("xml-values", 5, "METHOD", "{'en': 'x'}")),
        (reported("METHOD", "<c:Text>x</c:Text><c:Text>y</c:Text>"), ("xml-twice", 5, "METHOD", "en")),
        (reported("METHOD", "<c:Text>x</c:Text><d:Value>y</d:Value>"), ("xml-twice", 5, "METHOD", "Value")),
        (reported("METHOD", "<d:Value><b/></d:Value>"), ("xml-element", 5, None, "b")),
        (reported("METHOD", "<d:Report/>"), ("xml-element", 5, None, "Report")),
        (reported("METHOD", "<c:StructuredText/>"), ("xml-element", 5, None, "StructuredText")),
        ("<d:Attribute><d:Value>x</d:Value></d:Attribute>", ("xml-incomplete", 5, None, "Attribute")),
        (reported("CONTEXT", reported("EVENTS")) * 2, ("xml-twice", 5, None, "CONTEXT")),
    ],
)
def test_faults_are_found_at_their_place(tmp_path: Path, content: str, found: tuple[object, ...]) -> None:
    assert refused(tmp_path, written(metadata(content)), SCHEMA) == [found]


def test_a_value_stands_in_one_of_the_two_forms(tmp_path: Path) -> None:
    both = '<Comp id="EVENTS"><Value><c:Text>Flood</c:Text></Value></Comp>' + metadata(QUESTION)
    assert refused(tmp_path, written(series(OBS.format(both))), SCHEMA) == [("xml-twice", 5, None, "EVENTS")]
