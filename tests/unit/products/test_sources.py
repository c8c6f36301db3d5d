"""The tidy sources give the published figures, by sums that owe nothing to the product's own loading."""

from __future__ import annotations

import polars as pl
import pytest
from support.shipped import codes, source

PROVINCE = {"province": pl.String}
AGES = [*(f"Y{a}T{a + 4}" for a in range(0, 100, 5)), "Y_GE100"]


@pytest.fixture(scope="module")
def census_1395() -> pl.DataFrame:
    return source("CENSUS_POP", "census_1395_province_residence_age.csv", **PROVINCE)


def people(frame: pl.DataFrame, residence: str = "_T", age: str = "_T") -> tuple[int, int, int]:
    chosen = frame.filter(pl.col("residence") == residence, pl.col("age") == age)
    total, men, women = chosen.select("_T", "M", "F").sum().row(0)
    return total, men, women


def test_population_of_1395(census_1395: pl.DataFrame) -> None:
    assert people(census_1395) == (79_926_270, 40_498_442, 39_427_828)
    assert [people(census_1395, r)[0] for r in ("U", "R", "UNS")] == [59_146_847, 20_730_625, 48_798]
    assert sum(people(census_1395, "_T", age)[0] for age in AGES) == 79_926_270
    assert census_1395["province"].n_unique() == 31


@pytest.mark.parametrize(("column", "parts"), [("residence", ["U", "R", "UNS"]), ("age", AGES)])
def test_every_total_of_1395_is_the_sum_of_its_parts(census_1395: pl.DataFrame, column: str, parts: list[str]) -> None:
    keys = [key for key in ("province", "residence", "age") if key != column]
    sums = census_1395.filter(pl.col(column).is_in(parts)).group_by(keys).agg(pl.sum("_T", "M", "F"), n=pl.len())
    assert sums["n"].unique().to_list() == [len(parts)]
    both = sums.join(census_1395.filter(pl.col(column) == "_T"), on=keys, suffix="_whole")
    assert both.height == sums.height
    assert both.filter(pl.any_horizontal(pl.col(c) != pl.col(f"{c}_whole") for c in ("_T", "M", "F"))).is_empty()
    assert census_1395.filter(pl.col("M") + pl.col("F") != pl.col("_T")).is_empty()


@pytest.mark.parametrize(("year", "provinces", "published"), [(1385, 30, 70_495_782), (1390, 31, 75_149_669)])
def test_earlier_censuses(year: int, provinces: int, published: int) -> None:
    frame = source("CENSUS_POP", "census_1385_1390_province.csv", **PROVINCE).filter(pl.col("year") == year)
    assert (frame.height, int(frame["M"].sum() + frame["F"].sum())) == (provinces, published)
    assert ("23X" in frame["province"].to_list()) == (year == 1385)


@pytest.mark.parametrize(("year", "number", "published"), [(1390, 397, 75_149_669), (1395, 429, 79_926_270)])
def test_counties_give_their_provinces_and_the_country(
    year: int, number: int, published: int, census_1395: pl.DataFrame
) -> None:
    counties = source("CENSUS_COUNTY", f"census_{year}_county_age.csv")
    assert counties["county"].n_unique() == number
    assert int(counties["M"].sum() + counties["F"].sum()) == published
    earlier = source("CENSUS_POP", "census_1385_1390_province.csv", **PROVINCE)
    whole = census_1395.filter(pl.col("residence") == "_T", pl.col("age") == "_T") if year == 1395 else earlier
    provinces = whole if year == 1395 else whole.filter(pl.col("year") == year)
    sums = counties.group_by(province=pl.col("county").str.slice(3, 2)).agg(pl.sum("M", "F"))
    both = sums.join(provinces, on="province", suffix="_whole")
    assert both.height == 31
    assert both.filter((pl.col("M") != pl.col("M_whole")) | (pl.col("F") != pl.col("F_whole"))).is_empty()


def test_persons_of_unknown_age() -> None:
    unknown = source("CENSUS_COUNTY", "census_1390_county_age.csv").filter(pl.col("age") == "_U")
    assert int(unknown["M"].sum() + unknown["F"].sum()) == 46_322


def long(name: str, period: str) -> pl.DataFrame:
    frame = source("CPI", name, **{period: pl.String, "CP02": pl.Float64})
    return frame.unpivot(index=["area", period], variable_name="item", value_name="index").drop_nulls("index")


def test_consumer_prices() -> None:
    months = long("cpi_monthly.csv", "period").with_columns(year=pl.col("period").str.slice(0, 4))
    base = months.filter(pl.col("year") == "1395").group_by("area", "item").agg(pl.col("index").mean(), n=pl.len())
    assert (base.height, base["n"].unique().to_list()) == (32 * 16, [12])
    assert base.filter((pl.col("index") - 100).abs() > 0.00005).is_empty()
    # Published with one decimal for urban households.
    published = {("1396-09", "_T"): 110.3, ("1397-09", "_T"): 151.0, ("1396-09", "CP01_02"): 114.9}
    country = {(p, i): v for a, p, i, v in months.select("area", "period", "item", "index").rows() if a == "IR"}
    assert {key: round(country[key], 1) for key in published} == published


def test_annual_prices_are_means_and_do_not_overlap() -> None:
    months = long("cpi_monthly.csv", "period").with_columns(year=pl.col("period").str.slice(0, 4))
    means = months.group_by("area", "item", "year").agg(pl.col("index").mean(), n=pl.len()).filter(pl.col("n") == 12)
    annual = long("cpi_annual_means.csv", "year")
    both = means.join(annual, on=["area", "item", "year"], suffix="_annual")
    assert both.height == means.height == annual.height
    assert both.filter((pl.col("index") - pl.col("index_annual")).abs() > 0.000051).is_empty()
    early = long("cpi_annual_provinces_1381_1389.csv", "year")
    assert early.height == 450 * 9
    assert early.join(annual, on=["area", "item", "year"]).is_empty()


def test_labour_force_survey() -> None:
    rows = {(r, s, a): n for r, s, a, n in source("LFS_POP", "lfs_1401_residence_sex_age.csv").rows()}
    assert (rows["_T", "_T", "_T"], rows["U", "_T", "_T"] + rows["R", "_T", "_T"]) == (83_646_763, 83_646_762)
    for r, s, a in rows:
        assert abs(rows[r, "_T", a] - rows[r, "M", a] - rows[r, "F", a]) <= 1
        assert abs(rows["_T", s, a] - rows["U", s, a] - rows["R", s, a]) <= 1
    assert {a for _, _, a in rows} <= codes("CL_AGE")


def test_households_and_the_remainder_that_the_doubts_tell() -> None:
    rows = source("HOUSEHOLDS", "households_census.csv")["year", "_T", "U", "R"].rows()
    assert rows[-1] == (1395, 24_196_035, 18_125_488, 6_054_939)
    remainder = {year: total - urban - rural for year, total, urban, rural in rows}
    assert remainder == {
        1335: 0, 1345: 0, 1355: 0, 1365: 45_532, 1370: 59_681, 1375: 38_940, 1385: 21_321, 1390: 13_185, 1395: 15_608,
    }  # fmt: skip


def test_vital_events() -> None:
    events = {event: number for event, _, _, number in source("VITAL", "vital_1403.csv").rows()}
    assert events == {"BIRTH": 979_923, "DEATH": 458_848, "MARRIAGE": 470_372, "DIVORCE": 194_078}
