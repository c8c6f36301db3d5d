"""Apache Spark over the same folder of Parquet exports as DuckDB; run by ``make lake``: it needs Java."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession
from support.asking import PRODUCTS
from support.lake import KEPT, POPULATION, in_sources

_COLUMNS = "REF_AREA, FREQ, TIME_PERIOD, OBS_VALUE, OBS_STATUS, UNIT_MEASURE, SOURCE, TIME_LABEL"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
    }
    builder = SparkSession.builder.master("local[2]").appName("lake")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.fixture(scope="module")
def ask(spark: SparkSession, lake: Path) -> Any:
    """Rows of a statement over ``everything``, all products in one table, and over one view a product."""
    for product in PRODUCTS:
        spark.read.parquet(f"{lake}/product={product}").createOrReplaceTempView(product)
    flows = [spark.table(product) for product in PRODUCTS]
    everything = flows[0]
    for flow in flows[1:]:
        everything = everything.unionByName(flow, allowMissingColumns=True)
    everything.createOrReplaceTempView("everything")
    return lambda statement: [tuple(row) for row in spark.sql(statement).collect()]


@pytest.mark.parametrize("product", KEPT)
def test_counts_and_sums_are_those_of_the_sources(ask: Any, product: str) -> None:
    figures = in_sources(product)
    [(count, total)] = ask(f"SELECT count(OBS_VALUE), sum(OBS_VALUE) FROM {product}")
    assert count == figures.count
    assert math.isclose(total, figures.total, rel_tol=1e-12)


def test_columns_have_their_types(spark: SparkSession, ask: Any) -> None:
    kinds = dict(spark.table("CENSUS_POP").dtypes)
    assert (kinds["OBS_VALUE"], kinds["OBS_VALUE_MISSING"]) == ("bigint", "boolean")
    assert (kinds["TIME_PERIOD"], kinds["REF_AREA"], kinds["SOURCE"]) == ("string", "string", "string")
    assert kinds["TIME_START"] == kinds["TIME_END"] == "timestamp_ntz"
    assert dict(spark.table("CPI").dtypes)["OBS_VALUE"] == "double"


def test_published_figures_and_exact_periods(ask: Any) -> None:
    found = ask(
        "SELECT TIME_LABEL, TIME_START, OBS_VALUE FROM CENSUS_POP WHERE REF_AREA = 'IR' "
        "AND RESIDENCE = '_T' AND SEX = '_T' AND AGE = '_T' ORDER BY 2"
    )
    assert {label: value for label, _, value in found} == POPULATION
    assert found[-1][1] == dt.datetime(2016, 3, 20)


def test_partitions_are_read_from_the_folders(spark: SparkSession, lake: Path) -> None:
    found = spark.read.option("mergeSchema", "false").parquet(str(lake)).select("product").distinct().collect()
    assert sorted(name for (name,) in found) == sorted(PRODUCTS)


def test_nulls_and_texts_in_persian(ask: Any) -> None:
    [(conf, missing)] = ask("SELECT count(CONF_STATUS), count_if(OBS_VALUE_MISSING) FROM everything")
    assert (conf, missing) == (0, 0)
    [(source,)] = ask("SELECT DISTINCT SOURCE FROM CPI")
    assert json.loads(source)["fa"] == "مرکز آمار ایران، شاخص قیمت مصرف\u200cکننده"


@pytest.mark.parametrize("product", PRODUCTS)
def test_spark_and_duckdb_find_the_same(ask: Any, lake: Path, product: str) -> None:
    with duckdb.connect() as database:
        files = f"'{lake}/product={product}/*.parquet'"
        theirs = database.sql(f"SELECT {_COLUMNS} FROM {files}").fetchall()
    ours = ask(f"SELECT {_COLUMNS} FROM {product}")
    assert len(ours) == len(theirs) > 0
    assert sorted(ours, key=repr) == sorted(theirs, key=repr)
