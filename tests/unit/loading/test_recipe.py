"""Recipes: what is refused on reading, with the line and the nearest key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from support.loading import places, structure

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Findings, Source
from sdmx_server.loading.recipe import ComponentMap, read_recipe

ROOT = Path(__file__).resolve().parents[3]
GOOD = 'dataflow = "SCI:T(1.0.0)"\n[[source]]\nfile = "a.csv"\nloader = "csv"\n'


def read(tmp_path: Path, text: str) -> Refused:
    (tmp_path / "dataflow.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_recipe(tmp_path / "dataflow.toml")
    return refused.value


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    (tmp_path / "dataflow.toml").write_text(example, encoding="utf-8")
    recipe = read_recipe(tmp_path)
    assert recipe.dataflow.short == "SCI:CENSUS_POP(1.0.0)"
    first, second = recipe.source
    assert first.components["FREQ"] == second.components["FREQ"] == ComponentMap(value="A")
    assert first.missing == ("-",)
    assert [path.name for path in recipe.files] == ["dataflow.toml", "census_1395.csv", "census_1385.csv"]


def test_the_documented_loader_works(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(example, "recipes.md", "exec"), names)  # the example itself is under test
    path = tmp_path / "x.txt"
    path.write_text("one\ntwo\n", encoding="utf-8")
    source = Source(path=path, name="x.txt", options={}, structure=structure(), findings=Findings())
    [batch] = names["LineLoader"]().read(source)
    assert (batch.frame["line"].to_list(), batch.rows.tolist()) == (["one", "two"], [1, 2])


def test_a_typo_is_named_with_its_line_and_the_nearest_key(tmp_path: Path) -> None:
    refused = read(tmp_path, GOOD + 'optoins = { separator = ";" }\n')
    assert places(refused) == [("recipe-key", "dataflow.toml", 5, None, "optoins")]
    assert "did you mean options?" in refused.problems[0].texts["en"]
    assert refused.problems[0].path == "/source/0"


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("dataflow = \n", "recipe-syntax", 1),
        ('dataflow = "SCI:T"\n[[source]]\nfile = "a"\nloader = "csv"\n', "recipe-value", 1),
        (GOOD + 'components = { SEX = { match = "nam" } }\n', "recipe-value", 5),
        (GOOD.replace("a.csv", "../a.csv"), "recipe-value", 3),
        (GOOD.replace("a.csv", "/etc/passwd"), "recipe-value", 3),
        (GOOD + '[[check]]\nkind = "total"\n', "recipe-value", 5),
        (GOOD + 'components = { SEX = { column = "s", extract = "(" } }\n', "recipe-value", 5),
        (GOOD + 'components = { SEX = { column = "s", extract = "x" } }\n', "recipe-value", 5),
        (GOOD + 'where = [{ column = "s", matches = "[" }]\n', "recipe-value", 5),
        ('dataflow = "SCI:T(1.0.0)"\n', "recipe-value", None),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, code: str, row: int | None) -> None:
    refused = read(tmp_path, text)
    assert {(p.code, p.row) for p in refused.problems} == {(code, row)}


def test_a_recipe_that_is_not_there_or_not_utf8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as missing:
        read_recipe(tmp_path / "none.toml")
    assert [p.code for p in missing.value.problems] == ["file-missing"]
    (tmp_path / "dataflow.toml").write_bytes("x = 'سال'".encode("windows-1256"))
    with pytest.raises(Refused) as encoding:
        read_recipe(tmp_path)
    assert [p.code for p in encoding.value.problems] == ["encoding"]
