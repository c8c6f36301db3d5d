"""XML schemas of data: what constraints leave, schemas for deletion messages, explicit measures of 2.1."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from support.cases import STATUS, Case, prices
from support.catalogues import catalogue_of
from support.world import WORLD

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_ml.data_forms import V30_DATA, V31_DATA
from sdmx_server.formats.sdmx_ml.data_names import context_of, data_namespace
from sdmx_server.formats.sdmx_ml.data_writer import write_data
from sdmx_server.formats.sdmx_ml.schema_types import explicit_type
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema
from sdmx_server.formats.sdmx_ml.structure import FORMATS
from sdmx_server.model.reference import Reference
from sdmx_server.model.representation import TextFormat
from sdmx_server.model.validity import Validity
from sdmx_server.registry.resolve import explicit_measures, resolve_structure

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared/samples"))
OWN = ROOT / "tests" / "data" / "sdmx_ml"
FORMS = {"3.1.0": V31_DATA, "3.0.0": V30_DATA}


def judge(case: Case, version: str, text: bytes, validity: Validity, at: str = "TIME_PERIOD") -> bool:
    schema = write_schema(case.schema, version=version, dimension_at_observation=at, validity=validity)
    namespace = data_namespace(context_of(case.schema), at)
    return bool(validator({namespace: schema}, version).validate(etree.fromstring(text)))


def written(case: Case, version: str, at: str = "TIME_PERIOD") -> bytes:
    return b"".join(write_data(case.message(at), WriteOptions(), form=FORMS[version]))


# ---- constraints --------------------------------------------------------------------------------------------------


@pytest.mark.proves(
    "v2 schema: constraints=of the context and of what it refers to",
    "v1 schema: constraints=of the context and of what it refers to",
)
@pytest.mark.parametrize("version", FORMS)
def test_a_schema_lists_what_constraints_leave(version: str) -> None:
    case, text = prices(), written(prices(), version)
    every = Validity(allowed={"REF_AREA": frozenset(("IR", "IR-07", "TR")), "ITEM": frozenset(("RICE", "OIL & FAT"))})
    assert judge(case, version, text, every)
    for component, left in (
        ("REF_AREA", ("IR", "IR-07")),
        ("ITEM", ("RICE",)),
        ("OBS_STATUS", ("A", "E")),
        ("FREQ", ()),
    ):
        assert not judge(case, version, text, Validity(allowed={component: frozenset(left)})), component


def test_components_that_share_a_list_are_restricted_each_by_itself() -> None:
    case = prices()
    attributes = tuple(
        msgspec.structs.replace(a, enumeration=STATUS) if a.id == "COMMENT" else a for a in case.schema.attributes
    )
    schema = msgspec.structs.replace(case.schema, attributes=attributes)
    validity = Validity(allowed={"COMMENT": frozenset(("P",))})
    root = etree.fromstring(
        write_schema(schema, version="3.1.0", dimension_at_observation="TIME_PERIOD", validity=validity)
    )

    def values(name: str) -> list[str | None]:
        [found] = root.iterfind(f"{{*}}simpleType[@name='{name}']")
        return [one.get("value") for one in found.iter("{*}enumeration")]

    assert values("COMMENT.Type") == ["P", "#N/A"]
    assert values("OBS_STATUS.Type") == ["#N/A"]
    assert values("CL_STATUS.SCI.1.0.0") == ["A", "E", "P"]


# ---- deletion -----------------------------------------------------------------------------------------------------

DELETIONS = (
    (' FREQ="M"', ""),
    ('TIME_PERIOD="2024-01" ', ""),
    ('REF_AREA="IR" ITEM="RICE" UNIT', 'REF_AREA="IR" UNIT'),
)
"""What a deletion message may leave out."""


@pytest.mark.proves("v2 schema: deletion=true", "v2 schema: deletion=false")
@pytest.mark.parametrize("version", FORMS)
@pytest.mark.parametrize(("old", "new"), DELETIONS)
def test_deletion_messages_may_leave_out_dimensions(version: str, old: str, new: str) -> None:
    case, text = prices(), written(prices(), version).decode()
    assert old in text
    cut = text.replace(old, new).encode()
    assert not judge(case, version, cut, Validity())
    assert judge(case, version, cut, Validity(deletion=True))
    assert judge(case, version, text.encode(), Validity(deletion=True)), "what is whole is valid as well"
    assert not judge(case, version, cut.replace(b'REF_AREA="IR"', b'REF_AREA="FR"'), Validity(deletion=True))


def test_dimensions_are_switched_off_from_3_1_on() -> None:
    case = prices()
    for version, valid in (("3.1.0", True), ("3.0.0", False)):
        text = written(case, version).replace(b'REF_AREA="IR"', b'REF_AREA="~"')
        assert judge(case, version, text, Validity(deletion=True)) is valid
        assert not judge(case, version, text, Validity())


def test_keys_of_2_1_are_whole_in_deletions_too() -> None:
    text = write_schema(
        prices().schema, version="2.1", dimension_at_observation="TIME_PERIOD", validity=Validity(deletion=True)
    )
    series = etree.fromstring(text).find("{*}complexType[@name='SeriesType']")
    assert series is not None
    uses = {one.get("name"): one.get("use") for one in series.iter("{*}attribute")}
    assert (uses["FREQ"], uses["REF_AREA"], uses["ITEM"]) == ("required", "required", "required")


# ---- explicit measures --------------------------------------------------------------------------------------------


def demography(folder: Path, *files: str) -> tuple[bytes, dict[str, str | None]]:
    """The schema with explicit measures of the structure DEMOGRAPHY in a folder, and its types by name."""
    read = FORMATS[0].read_structures
    assert read is not None
    artefacts = []
    for name in files:
        with (folder / name).open("rb") as stream:
            artefacts += read(stream, name).artefacts
    catalogue = catalogue_of(artefacts)
    context = Reference(kind="DataStructure", agency="ESTAT", id="DEMOGRAPHY", version="1.0")
    schema = resolve_structure(catalogue, context)
    validity = Validity(explicit_measures=explicit_measures(catalogue, schema))
    text = write_schema(schema, version="2.1", dimension_at_observation="DEMO", context=context, validity=validity)
    root = etree.fromstring(text)
    return text, {str(one.get("name")): one.get("abstract") for one in root.iterfind("{*}complexType")}


FOLDERS = [
    pytest.param(folder, files, id=str(folder.name))
    for folder, files in (
        (OWN / "demography", ("structure.xml",)),
        (SAMPLES / "2.1" / "ml", ("demography/demography.xml", "common/common.xml")),
    )
    if folder.is_dir()
]


@pytest.mark.proves("v1 schema: explicitMeasure=true", "v1 schema: dimensionAtObservation={dimension}")
@pytest.mark.parametrize(("folder", "files"), FOLDERS)
def test_observations_are_of_the_type_of_their_measure(folder: Path, files: tuple[str, ...]) -> None:
    schema, types = demography(folder, *files)
    namespace = (
        "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=ESTAT:DEMOGRAPHY(1.0):ObsLevelDim:DEMO:explicit"
    )
    assert etree.fromstring(schema).get("targetNamespace") == namespace
    assert types["ObsType"] == "true"
    assert {"LBIRTHST", "DEATHST"} <= types.keys()
    checked = validator({namespace: schema}, "2.1")
    text = (folder / files[0]).with_name("demography_xs.xml").read_bytes()
    checked.assertValid(etree.fromstring(text))
    for old, new in (
        (b'xsi:type="demo:LBIRTHST" OBS_VALUE="124095"', b'xsi:type="demo:LBIRTHST" OBS_VALUE="124095.5"'),
        (b'xsi:type="demo:LBIRTHST"', b'xsi:type="demo:WEDDINGS"'),
        (b'<Obs xsi:type="demo:LBIRTHST"', b"<Obs"),
        (b'OBS_STATUS="A"', b'OBS_STATUS="AA"'),
    ):
        assert old in text
        assert not checked.validate(etree.fromstring(text.replace(old, new, 1))), new


@pytest.mark.proves("v1 schema: explicitMeasure=false")
def test_without_a_measure_dimension_there_are_no_explicit_measures() -> None:
    catalogue = catalogue_of(WORLD)
    schema = resolve_structure(catalogue, Reference(kind="Dataflow", agency="SCI", id="CPI", version="1.0.0"))
    assert explicit_measures(catalogue, schema) == ()


def test_a_measure_without_values_of_its_own_has_those_of_the_primary_measure() -> None:

    primary = prices().schema.measures[0]
    plain = msgspec.structs.replace(primary, id="PLAIN", text_format=TextFormat())
    assert 'type="OBS_VALUE.Type"' in explicit_type(plain, primary)
    assert "OBS_VALUE" not in explicit_type(plain, None)
