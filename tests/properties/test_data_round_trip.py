"""Whatever the structure and the data: every format gives every cell back, and its messages fit their schemas."""

from __future__ import annotations

import functools
import json
from typing import Any
from unittest import mock

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from support.asking import judge_json_data
from support.cases import Case, attribute, codelist, dimension, measure, structure
from support.read_back import expected, in_one_language, read_csv, read_json, read_parquet, read_xlsx, read_xml

from sdmx_server.batches import WriteOptions, canonical
from sdmx_server.formats import FORMATS, lines
from sdmx_server.formats.sdmx_ml.data_names import context_of, data_namespace
from sdmx_server.formats.sdmx_ml.schema_writer import validator, write_schema
from sdmx_server.formats.xlsx.data_writer import write_data as write_xlsx
from sdmx_server.model.datastructure import Group
from sdmx_server.model.resolved import ResolvedComponent, ResolvedStructure, Storage

PERIODS = (
    *("2024", "2024-05", "2024-05-06", "2024-05-06T07:08:09", "2024-A1", "2024-Q1", "2024-W05", "2024-D045"),
    *("1402-01-01/P1Y", "0987-12", "2023-M12", "1999-S2", "2000-02-29/P1M"),
)
XML_CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=("Cs", "Cc", "Cn"),
    include_characters="\t\n\r\"',;<>&#",
    exclude_characters="\ufffe\uffff",
)
TEXT = st.text(XML_CHARACTERS, min_size=1, max_size=8).filter(lambda t: t not in ("NaN", "#N/A"))
CODE = st.text("ABCxyz019_-@$", min_size=1, max_size=4)
LANGUAGES = st.dictionaries(st.sampled_from(["en", "fa", "fr-CA"]), TEXT, min_size=1)
NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "Double": st.floats(allow_subnormal=True),
    "Decimal": st.integers(-(10**17), 10**17).map(lambda i: i / 100),  # as the facet "decimals" allows
    "Long": st.integers(-(2**63), 2**63 - 1),
}
FRAME = {Storage.FLOAT: pl.Float64, Storage.INTEGER: pl.Int64}


def values(component: ResolvedComponent) -> st.SearchStrategy[Any]:
    """Dictionary texts, or numbers, of a component."""
    if component.storage in FRAME:
        return NUMBERS[component.text_type]
    one: st.SearchStrategy[Any] = TEXT
    if component.enumeration is not None:
        one = st.sampled_from([item.id for item in component.enumeration.items])
    if component.multilingual:
        one = LANGUAGES
    if component.multi_valued:
        one = st.lists(one, min_size=1, max_size=3)
    return one.map(canonical) if component.multilingual or component.multi_valued else one


@st.composite
def structures(draw: st.DrawFn) -> ResolvedStructure:
    lists = st.lists(CODE, min_size=1, max_size=4, unique=True)
    listed = codelist("CL_X", {c: {"en": f"Name {c}", "fa": "نام"} for c in draw(lists)})
    dimensions = [dimension(f"DIM{i}", draw(st.sampled_from([listed, None]))) for i in range(draw(st.integers(1, 3)))]
    time = draw(st.booleans())
    key = [d.id for d in dimensions] + (["TIME_PERIOD"] if time else [])
    measures = []
    for i in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["Double", "Decimal", "Long", "String", "Coded"]))
        facets = {"decimals": "2"} if draw(st.booleans()) else {}
        codes = listed if kind == "Coded" else None
        measures.append(measure(f"M{i}", "String" if kind == "Coded" else kind, codes, facets=facets))
    attributes, groups = [], {}
    for i in range(draw(st.integers(0, 4))):
        attached = tuple(d for d in key if draw(st.booleans()))
        group = None
        if attached and len(attached) < len(key) and draw(st.booleans()):
            group = "G_" + "_".join(attached)
            groups[group] = Group(id=group, dimensions=attached)
        shape = draw(st.sampled_from(["text", "coded", "many", "languages", "many languages", "many codes"]))
        above = draw(st.sampled_from([None, None, (), ("UPPER",), ("TOP", "UPPER")]))  # of metadata attributes alone
        attributes.append(
            attribute(
                f"ATT{i}",
                attached,
                metadata=above is not None,
                above=above or (),
                many="many" in shape,
                multilingual="languages" in shape,
                enumeration=listed if "code" in shape else None,
                group=group,
            )
        )
    return structure(
        "X", tuple(dimensions), tuple(measures), tuple(attributes), time=time, groups=tuple(groups.values())
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    schema = draw(structures())
    key = schema.dimension_ids
    parts = [st.sampled_from(PERIODS) if d == "TIME_PERIOD" else values(schema.component(d)) for d in key]  # type: ignore[arg-type]
    keys = draw(st.lists(st.tuples(*parts), min_size=1, max_size=8, unique=True))
    own = [*schema.measures, *(a for a in schema.attributes if schema.level(a) == "observation")]
    groups: dict[tuple[str, ...], pl.DataFrame] = {}
    for attached in {a.attached_to for a in schema.attributes if schema.level(a) in ("group", "series")}:
        some = [a for a in schema.attributes if a.attached_to == attached]
        there = sorted({tuple(k[key.index(d)] for d in attached) for k in keys})
        groups[attached] = draw(frame(attached, there, some))
    free = [a for a in schema.attributes if not a.attached_to and draw(st.booleans())]
    return Case(
        name="random",
        schema=schema,
        observations=draw(frame(key, keys, own)),
        groups=groups,
        dataset_attributes={a.id: draw(values(a)) for a in free},
    )


@st.composite
def frame(draw: st.DrawFn, key: tuple[str, ...], keys: list[Any], own: list[ResolvedComponent]) -> pl.DataFrame:
    """The keys with values, absent and intentionally missing ones among them."""
    columns = [pl.Series(d, [k[i] for k in keys], dtype=pl.String) for i, d in enumerate(key)]
    for component in own:
        marks = [draw(st.sampled_from([0, 1, 1, 1, 2])) for _ in keys]
        drawn = [draw(values(component)) if mark == 1 else None for mark in marks]
        columns.append(pl.Series(component.id, drawn, dtype=FRAME.get(component.storage, pl.String)))
        columns.append(pl.Series(f"{component.id}?", marks, dtype=pl.UInt8))
    return pl.DataFrame(columns)


@functools.cache
def official_21() -> etree.XMLSchema:
    return validator({}, "2.1")


def message(case: Case, at: str, name: str, **how: int) -> bytes:
    writer = next(f.write_data for f in FORMATS if f.name == name)
    assert writer is not None
    return b"".join(writer(case.message(at, **how), WriteOptions()))


few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seams = st.fixed_dictionaries({"prefix": st.integers(0, 3), "batch": st.integers(1, 9), "row": st.integers(1, 4)})
generations = st.sampled_from([("2.0", "2.0", "3.0"), ("2.1", "2.1", "3.1")])


@few
@given(cases(), seams, generations, st.sampled_from([0, 512]))
def test_every_cell_comes_back(case: Case, how: dict[str, int], generation: tuple[str, str, str], few: int) -> None:
    with mock.patch.object(lines, "FEW", few):  # small answers and bulk are put together by different means
        _check(case, how, generation)


def _check(case: Case, how: dict[str, int], generation: tuple[str, str, str]) -> None:
    cells = expected(case)
    csv, js, ml = generation
    for at in case.packagings:
        assert read_csv(message(case, at, f"sdmx-csv-{csv}-data", **how), case.schema) == cells
        text = message(case, at, f"sdmx-json-{js}-data", **how)
        assert read_json(text, case.schema) == cells
        judge_json_data(json.loads(text), js)
        data = message(case, at, f"sdmx-ml-{ml}-data", **how)
        assert read_xml(data, case.schema) == cells
        schema = write_schema(case.schema, version=f"{ml}.0", dimension_at_observation=at)
        name = data_namespace(context_of(case.schema), at)
        validator({name: schema}, f"{ml}.0").assertValid(etree.fromstring(data))


@few
@given(cases(), seams, st.sampled_from([0, 512]))
def test_every_cell_comes_back_in_one_language_from_xml_of_2_1(case: Case, how: dict[str, int], few: int) -> None:
    cells = in_one_language(expected(case))
    with mock.patch.object(lines, "FEW", few):
        for at in case.packagings:
            generic = message(case, at, "sdmx-ml-2.1-generic-data", **how)
            assert read_xml(generic, case.schema) == cells
            official_21().assertValid(etree.fromstring(generic))
            data = message(case, at, "sdmx-ml-2.1-structure-specific-data", **how)
            assert read_xml(data, case.schema) == cells
            schema = write_schema(case.schema, version="2.1", dimension_at_observation=at)
            name = data_namespace(context_of(case.schema), at)
            validator({name: schema}, "2.1").assertValid(etree.fromstring(data))


@few
@given(cases(), seams, st.sampled_from([0, 512]))
def test_every_cell_comes_back_from_json_of_2_1(case: Case, how: dict[str, int], few: int) -> None:
    cells = expected(case)
    with mock.patch.object(lines, "FEW", few):
        for at in case.packagings:
            text = message(case, at, "sdmx-json-1.0-data", **how)
            assert read_json(text, case.schema) == cells
            judge_json_data(json.loads(text), "1.0")
            draft = message(case, at, "sdmx-json-draft-data", **how)
            assert in_one_language(read_json(draft, case.schema)) == in_one_language(cells)


@few
@given(cases(), seams, st.sampled_from([0, 512]))
def test_every_cell_comes_back_from_plain_tables(case: Case, how: dict[str, int], few: int) -> None:
    cells = expected(case)
    labels = WriteOptions(parameters={"labels": "id"})
    with mock.patch.object(lines, "FEW", few):
        for at in case.packagings:
            assert read_parquet(message(case, at, "parquet-data", **how), case.schema) == cells
            plain = message(case, at, "sdmx-csv-1.0-data", **how)
            assert read_csv(plain, case.schema) == in_one_language(cells)
            book = b"".join(write_xlsx(case.message(at, **how), labels))
            assert read_xlsx(book, case.schema) == in_one_language(cells)
