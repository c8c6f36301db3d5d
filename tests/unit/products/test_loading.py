"""The recipes pass all their checks, and a changed figure is found."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support.shipped import RECIPES, ROOT, catalogue

from sdmx_server.errors import Refused
from sdmx_server.loading.prepare import Counts, prepare
from sdmx_server.loading.recipe import read_recipe
from sdmx_server.registry.resolve import resolve_structure

ROWS_AND_OBSERVATIONS = {
    "CENSUS_COUNTY": (17_743, 55_707),
    "CENSUS_POP": (2_789, 8_637),
    "CPI": (4_003, 63_661),
    "HOUSEHOLDS": (9, 27),
    "LFS_POP": (162, 162),
    "VITAL": (4, 4),
}


def load(path: Path) -> Counts:
    recipe = read_recipe(path)
    with prepare(recipe, resolve_structure(catalogue(), recipe.dataflow)) as prepared:
        return prepared.counts


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.parent.name)
def test_recipe_passes_its_checks(path: Path) -> None:
    counts = load(path)
    assert (counts.rows, counts.observations) == ROWS_AND_OBSERVATIONS[path.parent.name]


@pytest.mark.parametrize(
    ("product", "file", "right", "wrong"),
    [
        ("CENSUS_POP", "census_1395_province_residence_age.csv", "00,_T,Y0T4,112779,", "00,_T,Y0T4,112780,"),
        ("CENSUS_POP", "census_1385_1390_province.csv", "1385,23X,", "1385,23,"),
        ("CENSUS_COUNTY", "census_1390_county_age.csv", "IR-0001,Y0T4,20965,", "IR-0001,Y0T4,20966,"),
        ("CPI", "cpi_monthly.csv", "IR,1381-01,10.6936,", "IR,1381-01,10.7936,"),
        ("LFS_POP", "lfs_1401_residence_sex_age.csv", "_T,_T,_T,83646763", "_T,_T,_T,83646764"),
        ("HOUSEHOLDS", "households_census.csv", "1335,3985680,", "1335,3985681,"),
        ("VITAL", "vital_1403.csv", "979923", "979924"),
    ],
)
def test_a_changed_figure_refuses_the_load(product: str, file: str, right: str, wrong: str, tmp_path: Path) -> None:
    folder = tmp_path / product
    shutil.copytree(ROOT / "dataflows" / product, folder)
    content = (folder / "source" / file).read_text(encoding="utf-8")
    assert content.count(right) == 1
    (folder / "source" / file).write_text(content.replace(right, wrong), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load(folder / "dataflow.toml")
    assert all(set(problem.texts) == {"en", "fa"} for problem in refused.value.problems)
