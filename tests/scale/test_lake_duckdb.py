"""DuckDB over a folder of Parquet exports: the lake path of docs/scale-out.md without Spark."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from support.asking import PRODUCTS
from support.lake import KEPT, POPULATION, in_sources


@pytest.fixture
def ask(lake: Path) -> Iterator[Any]:
    """Rows of a statement over ``everything``, all products in one table."""
    with duckdb.connect() as database:
        files = f"read_parquet('{lake}/*/*.parquet', hive_partitioning = true, union_by_name = true)"
        database.execute(f"CREATE VIEW everything AS SELECT * FROM {files}")
        yield lambda statement: database.sql(statement).fetchall()


@pytest.mark.parametrize("product", KEPT)
def test_counts_and_sums_are_those_of_the_sources(ask: Any, product: str) -> None:
    figures = in_sources(product)
    [(count, total)] = ask(f"SELECT count(OBS_VALUE), fsum(OBS_VALUE) FROM everything WHERE product = '{product}'")
    assert count == figures.count
    assert math.isclose(total, figures.total, rel_tol=1e-14)


def test_all_products_are_one_table_by_their_partitions(ask: Any) -> None:
    assert [name for (name,) in ask("SELECT DISTINCT product FROM everything ORDER BY 1")] == sorted(PRODUCTS)
    kinds = {name: kind for name, kind, *_ in ask("DESCRIBE everything")}
    assert (kinds["OBS_VALUE"], kinds["OBS_VALUE_MISSING"]) == ("DOUBLE", "BOOLEAN")
    assert (kinds["TIME_START"], kinds["TIME_PERIOD"], kinds["REF_AREA"]) == ("TIMESTAMP", "VARCHAR", "VARCHAR")


def test_published_figures_and_exact_periods(ask: Any) -> None:
    found = ask(
        "SELECT TIME_LABEL, TIME_START, OBS_VALUE FROM everything WHERE product = 'CENSUS_POP' AND REF_AREA = 'IR' "
        "AND RESIDENCE = '_T' AND SEX = '_T' AND AGE = '_T' ORDER BY 2"
    )
    assert {label: value for label, _, value in found} == POPULATION
    assert found[-1][1] == dt.datetime(2016, 3, 20)


def test_nulls_are_nulls_and_not_missing_values(ask: Any) -> None:
    [(conf, age, missing)] = ask(
        "SELECT count(CONF_STATUS), count(AGE) FILTER (product = 'CPI'), count(*) FILTER (OBS_VALUE_MISSING) "
        "FROM everything"
    )
    assert (conf, age, missing) == (0, 0, 0)


def test_texts_in_persian_and_the_description_of_the_file(ask: Any, lake: Path) -> None:
    [(source,)] = ask("SELECT DISTINCT SOURCE FROM everything WHERE product = 'CPI'")
    assert json.loads(source)["fa"] == "مرکز آمار ایران، شاخص قیمت مصرف\u200cکننده"
    [(about,)] = ask(
        f"SELECT decode(value) FROM parquet_kv_metadata('{lake}/product=CPI/all.parquet') WHERE decode(key) = 'sdmx'"
    )
    [flow] = json.loads(about)["dataflows"]
    assert flow["urn"] == "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:CPI(1.0.0)"
    assert flow["names"]["fa"] == "شاخص قیمت مصرف\u200cکنندهٔ خانوارهای شهری"
