"""Attributes of one key told in several rows: they complement each other, or their contradiction is a finding."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from sdmx_server.loading.levels import Levels
from sdmx_server.loading.problems import Findings
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage


def attribute(name: str) -> ResolvedComponent:
    return ResolvedComponent(id=name, kind=ComponentKind.ATTRIBUTE, storage=Storage.CODE, attached_to=("AREA",))


SCHEMA = ResolvedStructure(
    structure=DataStructure(agency="X", id="D", version="1.0.0"),
    dataflow=Dataflow(agency="X", id="F", version="1.0.0"),
    dimensions=(ResolvedComponent(id="AREA", kind=ComponentKind.DIMENSION, storage=Storage.CODE),),
    measures=(),
    time=ResolvedComponent(id="TIME_PERIOD", kind=ComponentKind.TIME, storage=Storage.PERIOD),
    attributes=(attribute("UNIT"), attribute("NOTE")),
)


def merged(
    units: list[str | None], notes: list[str | None], missing: list[int]
) -> tuple[list[tuple[object, ...]], int]:
    """The attributes that two rows of one area give, and how many findings."""
    frame = pl.DataFrame(
        {
            "AREA": ["IR", "IR"],
            "TIME_PERIOD": [None, None],
            "UNIT": units,
            "NOTE": notes,
            "NOTE?": pl.Series(missing, dtype=pl.UInt8),
        },
        schema_overrides=dict.fromkeys(("TIME_PERIOD", "UNIT", "NOTE"), pl.String),
    )
    findings = Findings()
    parts = Levels(SCHEMA, findings).merge(frame, np.array([1, 2]), "x.csv", keep_empty=False)
    table = parts.groups[("AREA",)]
    return table.select("UNIT", "NOTE", "NOTE?").rows(), findings.count


def test_a_missing_value_beside_the_value_of_another_attribute_stays_missing() -> None:
    assert merged(["PS", None], [None, None], [0, 2]) == ([("PS", None, 2)], 0)


def test_rows_that_complement_each_other_become_one() -> None:
    assert merged(["PS", None], [None, "n"], [0, 1]) == ([("PS", "n", 1)], 0)


def test_a_value_and_a_missing_one_contradict() -> None:
    assert merged(["PS", "PS"], ["n", None], [1, 2])[1] == 1


def test_a_row_without_a_dimension_is_a_finding_also_where_no_attribute_belongs_to_fewer() -> None:
    findings = Findings()
    frame = pl.DataFrame({"AREA": ["IR", None, None], "TIME_PERIOD": ["2016", "2016", "2017"]})
    schema = msgspec.structs.replace(SCHEMA, attributes=())
    Levels(schema, findings).merge(frame, np.array([1, 2, 3]), "x.csv", keep_empty=False)
    assert [(p.code, p.row, p.column) for p in findings.problems()] == [("dimension-missing", 2, "AREA")]
