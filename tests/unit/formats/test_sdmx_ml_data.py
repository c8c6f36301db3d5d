"""Structure-specific data: what goes in is what an independent reader finds, and every message fits its schema."""

from __future__ import annotations

import pytest
from lxml import etree
from support.cases import CASES, Case
from support.read_back import expected, read_xml

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_ml.data_formats import DATA_FORMATS
from sdmx_server.formats.sdmx_ml.data_names import context_of, data_namespace
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema

VERSIONS = ("3.0.0", "3.1.0")


def write(case: Case, at: str | None = None, version: str = "3.0.0") -> bytes:
    writer = next(f.write_data for f in DATA_FORMATS if f.version == version)
    assert writer is not None
    return b"".join(writer(case.message(at), WriteOptions()))


def schema_of(case: Case, at: str, version: str) -> etree.XMLSchema:
    text = write_schema(case.schema, version=version, dimension_at_observation=at)
    return validator({data_namespace(context_of(case.schema), at): text}, version)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_organisation_is_valid_and_read_back(make, version: str) -> None:
    case = make()
    for at in case.packagings:
        data = write(case, at, version)
        assert read_xml(data, case.schema) == expected(case), at
        schema_of(case, at, version).assertValid(etree.fromstring(data))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'OBS_STATUS="A"', b'OBS_STATUS="ZZ"'),
        (b'REF_AREA="IR"', b'REF_AREA="FR"'),
        (b'OBS_VALUE="12.5"', b'OBS_VALUE="twelve"'),
        (b'TIME_PERIOD="2024-01"', b'TIME_PERIOD="Dey 1402"'),
        (b'COMMENT="fine"', b'REMARK="fine"'),
        (b' FREQ="M"', b""),
        (b'xsi:type="ns1:Sibling"', b'xsi:type="ns1:Cousin"'),
    ],
)
def test_the_schema_refuses_what_the_structure_does_not_allow(old: bytes, new: bytes) -> None:
    case = CASES[0]()
    data = write(case, version="3.1.0")
    assert old in data
    schema = schema_of(case, "TIME_PERIOD", "3.1.0")
    assert schema.validate(etree.fromstring(data))
    assert not schema.validate(etree.fromstring(data.replace(old, new, 1)))


def test_several_data_sets_have_each_its_own_namespace_and_schema() -> None:
    prices, census = CASES[0](), CASES[3]()
    parts = (
        prices.part(),
        census.part("SEX"),
        census.part("AllDimensions"),
        prices.part(context=prices.schema.structure),
    )
    message = prices.message().__class__(header=prices.message().header, parts=parts)
    data = b"".join(DATA_FORMATS[0].write_data(message, WriteOptions()))  # type: ignore[misc]
    schemas = {
        data_namespace(p.context, p.dimension_at_observation): write_schema(
            p.dataset.schema,
            version="3.1.0",
            dimension_at_observation=p.dimension_at_observation,
            context=p.context,
        )
        for p in parts
    }
    root = etree.fromstring(data)
    validator(schemas, "3.1.0").assertValid(root)
    assert [d.get(f"{{{root.nsmap['ss']}}}structureRef") for d in root.iterchildren("{*}DataSet")] == [
        "SCI_DF_PRICES_1.0.0",
        "SCI_DF_CENSUS_1.0.0",
        "SCI_DF_CENSUS_1.0.0.3",
        "SCI_DSD_PRICES_1.2.0",
    ]


def test_the_schema_carries_the_facets_of_text_formats() -> None:
    case = CASES[1]()
    text = write_schema(case.schema, version="3.0.0", dimension_at_observation="AllDimensions").decode()
    assert '<xs:restriction base="xs:long"' in text
    assert '<xs:enumeration value="GOOD"/>' in text
    assert "fractionDigits" not in text  # the facet does not exist for xs:double


def test_an_answer_without_observations_is_valid() -> None:
    case = CASES[0]()
    case.observations = case.observations.clear()
    case.groups = {}
    data = write(case, version="3.1.0")
    schema_of(case, "TIME_PERIOD", "3.1.0").assertValid(etree.fromstring(data))
    assert read_xml(data, case.schema) == {}
