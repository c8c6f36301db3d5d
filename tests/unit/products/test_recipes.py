"""The recipes: valid, agreeing with the dataflows' annotations, and every code they name or bring exists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import polars as pl
import pytest
from support.shipped import RECIPES, ROOT, artefacts, codelist_of, codes, components, recipe

PRODUCTS = [path.parent.name for path in RECIPES]
MARKERS = {"children"}


def test_each_dataflow_has_its_recipe() -> None:
    flows = {one.split("Dataflow=")[1] for one in artefacts() if ".Dataflow=" in one}
    assert {recipe(product)["dataflow"] for product in PRODUCTS} == flows


@pytest.mark.parametrize("product", PRODUCTS)
def test_recipe_is_valid_and_its_files_exist(product: str) -> None:
    schema = json.loads((ROOT / "schemas" / "recipe.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(recipe(product))
    folder = ROOT / "dataflows" / product
    named = {one["file"] for one in recipe(product)["source"]}
    assert {f"source/{path.name}" for path in (folder / "source").glob("*.csv")} == named
    for one in recipe(product)["source"]:
        lines = (folder / one["file"]).read_text(encoding="utf-8").splitlines()
        assert len(lines) - 1 == one["rows"]
    note = (folder / "source" / "SOURCE.md").read_text(encoding="utf-8")
    assert all(text in note for text in recipe(product)["about"]["source"].values())


@pytest.mark.parametrize("product", PRODUCTS)
def test_sources_and_doubts_are_those_of_the_dataflow(product: str) -> None:
    flow = artefacts()[f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:{product}(1.0.0)"]
    told = {kind: [a["texts"] for a in flow["annotations"] if a["type"] == f"sdmx-server:{kind}"]
            for kind in ("notice", "source", "doubt")}  # fmt: skip
    about = recipe(product)["about"]
    assert (told["source"], told["doubt"]) == ([about["source"]], about["doubts"])
    assert len(told["notice"]) == 1


def scopes(product: str) -> Iterator[tuple[str, str]]:
    """Component and code, wherever a derivation or a check names one."""
    for rule in [*recipe(product).get("derive", []), *recipe(product)["check"]]:
        for dimension, chosen in rule.get("where", {}).items():
            listed = chosen["not"] if isinstance(chosen, dict) else chosen
            yield from ((dimension, code) for code in ([listed] if isinstance(listed, str) else listed))
        for member in ("code", "whole", "parts"):
            listed = rule.get(member, [])
            named = {listed} if isinstance(listed, str) else set(listed)
            yield from ((rule["dimension"], code) for code in named - MARKERS)


def brought(product: str) -> Iterator[tuple[str, str]]:
    """Component and value of every cell and constant that a source brings for a dimension or an attribute."""
    for one in recipe(product)["source"]:
        frame = pl.read_csv(ROOT / "dataflows" / product / one["file"], infer_schema=False)
        mapped: dict[str, Any] = {**recipe(product)["components"], **one.get("components", {})}
        wide = one.get("wide")
        heads = [c for c in frame.columns if c not in wide["keep"]] if wide else []
        for component, how in mapped.items():
            if isinstance(how, str):
                yield component, how
            elif "column" in how:
                column = how["column"]
                found = heads if wide and column in wide["levels"] else frame.get_column(column, default=None)
                yield from ((component, how.get("prefix", "") + cell) for cell in (() if found is None else set(found)))


@pytest.mark.parametrize("product", PRODUCTS)
def test_every_code_exists(product: str) -> None:
    known = components(product)
    lists = {i: codes(name) for i, one in known.items() if (name := codelist_of(one))}
    used = set(scopes(product)) | {(c, v) for c, v in brought(product) if c in lists}
    assert {c for c, _ in used} <= {*lists, "TIME_PERIOD"}
    assert [(c, v) for c, v in used if c in lists and v not in lists[c]] == []
    mandatory = {i for i, one in known.items() if one.get("usage") == "mandatory"}
    assert mandatory <= {c for c, _ in used}


@pytest.mark.parametrize("product", PRODUCTS)
def test_constraint_allows_what_the_sources_bring(product: str) -> None:
    constraint = artefacts()[f"urn:sdmx:org.sdmx.infomodel.registry.DataConstraint=SCI:DC_{product}(1.0.0)"]
    [region] = constraint["cubeRegions"]
    allowed = {key["id"]: {one["value"] for one in key["values"]} for key in region["keyValues"]}
    lists = {i: codelist_of(one) for i, one in components(product).items()}
    assert all(values <= codes(str(lists[i])) for i, values in allowed.items())
    assert [(c, v) for c, v in brought(product) if c in allowed and v not in allowed[c]] == []
