"""Programs that others wrote read our VTL schemes: pysdmx all six in XML and JSON, sdmx1 in SDMX-ML 2.1 and 3.0.

What they cannot read of the standard is left out of what they are given: neither knows mappings for all
dataflows; sdmx1 has no formats of custom types, maps no codelists and knows no references of operators; pysdmx wants a
sub or super space with every way.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import pysdmx.io
import pytest
import sdmx
from pysdmx.io.json.sdmxjson2.reader import deserializers
from pysdmx.model import vtl

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_json.structure import write_structures as write_json
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures as write_xml
from sdmx_server.model.message import StructureMessage

FILE = Path(__file__).resolve().parents[1] / "data" / "sdmx_ml" / "vtl_3_1.xml"
replace = msgspec.structs.replace


def message(**changes: Any) -> StructureMessage:
    """The sample, the items of each scheme as the function of its kind makes them."""
    held = read_structures(io.BytesIO(FILE.read_bytes()), FILE.name)
    artefacts: list[Any] = []
    for one in held.artefacts:
        scheme: Any = one
        items = (changes.get(one.kind, lambda item: item)(item) for item in scheme.items)
        artefacts.append(replace(scheme, items=tuple(item for item in items if item is not None)))
    return StructureMessage(header=held.header, artefacts=tuple(artefacts))


def with_spaces(mapping: Any) -> Any:
    """A mapping of which pysdmx reads everything; None for the one that is for all dataflows."""
    if mapping.target is None:
        return None
    spaced = mapping.to_vtl is not None and mapping.to_vtl.sub_space
    if mapping.id == "PRICES":
        mapping = replace(mapping, from_vtl=replace(mapping.from_vtl, method="Basic"))
    return mapping if spaced else replace(mapping, to_vtl=None)


def judge(schemes: dict[str, Any]) -> None:
    """What pysdmx makes of the six schemes."""
    program = schemes["TransformationScheme"]
    assert [one.full_expression for one in program.items][2:] == [
        "POP_CHECKED := check_hierarchy(POP, BOTH_SEXES rule SEX non_zero);",
        "'CPI/GY' <- growth('CPI/N.B1400', 12);",
    ]
    assert program.vtl_version == "2.0"
    [month] = [one for one in schemes["CustomTypeScheme"].items if one.id == "MONTH"]
    assert (month.vtl_scalar_type, month.vtl_literal_format, month.output_format) == (
        "time_period",
        "YYYYMMM",
        "YYYY-MM",
    )
    [name] = schemes["NamePersonalisationScheme"].items
    assert (name.vtl_default_name, name.personalised_name, name.vtl_artefact) == ("errorlevel", "SEVERITY", "variable")
    rules = {one.id: (one.ruleset_type, one.ruleset_scope) for one in schemes["RulesetScheme"].items}
    assert rules == {"BOTH_SEXES": ("hierarchical", "valuedomain"), "NOT_NEGATIVE": ("datapoint", "variable")}
    share, _ = schemes["UserDefinedOperatorScheme"].items
    assert share.operator_definition.splitlines()[-2:] == ["  part / whole * 100", "end operator"]
    aliases = {one.id: one for one in schemes["VtlMappingScheme"].items}
    assert (aliases["SEXES"].codelist_alias, aliases["AREA"].concept_alias) == ("SEX_LIST", "GEO")
    assert aliases["PRICES"].dataflow_alias == "CPI"
    assert tuple(aliases["PRICES"].to_vtl_mapping_method.to_vtl_sub_space) == ("TRANSFORMATION", "BASE_PER")


@pytest.mark.parametrize("version", ["2.1", "3.0", "3.1"])
def test_pysdmx_reads_all_six_in_sdmx_ml(version: str) -> None:
    sample = message(VtlMappingScheme=with_spaces)
    written = b"".join(write_xml(sample, WriteOptions(), version)).decode()
    found = pysdmx.io.read_sdmx(written, validate=True).structures
    schemes = {type(one).__name__: one for one in found or ()}
    judge(schemes)
    program = schemes["TransformationScheme"]
    assert program.vtl_mapping_scheme.id == "VTL_ALIASES"
    assert isinstance(program.user_defined_operator_schemes[0], vtl.UserDefinedOperatorScheme)


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
def test_pysdmx_reads_all_six_in_sdmx_json(version: str) -> None:
    sample = message(VtlMappingScheme=with_spaces)
    written = b"".join(write_json(sample, WriteOptions(), version=version))
    found = pysdmx.io.read_sdmx(written.decode(), validate=True).structures
    judge({type(one).__name__: one for one in found or ()})
    program = deserializers.transformation_scheme
    read = msgspec.json.decode(written, type=program).to_model()
    assert read.ruleset_schemes[0].items[0].id == "BOTH_SEXES"


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_sdmx1_reads_them(version: str) -> None:
    sample = message(
        CustomTypeScheme=lambda one: replace(one, vtl_literal_format=None, output_format=None),
        VtlMappingScheme=lambda one: one if one.target is not None and one.mapped != "Codelist" else None,
    )
    known = tuple(one for one in sample.artefacts if one.kind != "UserDefinedOperatorScheme")
    written = b"".join(write_xml(replace(sample, artefacts=known), WriteOptions(), version))
    read = sdmx.read_sdmx(io.BytesIO(written))
    program = read.transformation_scheme["RATES"]
    assert {one.id: one.result for one in program} == {
        "TOTAL": "POP_TOTAL",
        "WOMEN": "WOMEN_SHARE",
        "CHECK": "POP_CHECKED",
        "INFLATION": "'CPI/GY'",
    }
    assert program["INFLATION"].expression == "growth('CPI/N.B1400', 12)"
    assert program.custom_type_scheme.id == "VTL_TYPES"
    assert read.ruleset_scheme["POP_RULES"]["NOT_NEGATIVE"].definition.startswith("define datapoint ruleset")
    assert read.custom_type_scheme["VTL_TYPES"]["NUMBER"].vtl_scalar_type == "number"
    aliases = read.vtl_mapping_scheme["VTL_ALIASES"]
    assert [one.id for one in aliases] == ["POPULATION", "PRICES", "AREA"]
    assert aliases["PRICES"].dataflow_alias.id == "CPI"
