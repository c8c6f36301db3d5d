"""What our writers print, and what official samples say, is what the loader sdmx-json reads."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from properties.test_data_round_trip import cases
from sdmx_loaders.sdmx_json import SdmxJsonLoader
from support.cases import CASES, Case, attribute, dimension, measure
from support.cases import structure as plain_structure
from support.read_back import Cells, expected, typed

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.api import Format
from sdmx_server.formats.sdmx_json.data_writer import DATA_FORMATS
from sdmx_server.loading.api import Findings, Source
from sdmx_server.model.resolved import ResolvedStructure

SAMPLE_URN = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:DF_SAMPLE(1.0.0)"
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", Path(__file__).resolve().parents[4] / "shared" / "samples"))


def raw(schema: ResolvedStructure, path: Path) -> list[dict[str, Any]]:
    """The rows of a message as the loader yields them; it must find nothing wrong."""
    findings = Findings()
    source = Source(path=path, name=path.name, options={}, structure=schema, findings=findings)
    frames = [batch.frame for batch in SdmxJsonLoader().read(source)]
    assert [str(problem) for problem in findings.problems()] == []
    return [row for frame in frames for row in frame.rows(named=True)]


def cells(schema: ResolvedStructure, rows: list[dict[str, Any]]) -> Cells:
    """Every observation with its own cells and those of the rows that stand for it."""
    found: Cells = {}
    above: list[tuple[tuple[str | None, ...], dict[str, Any]]] = []
    for row in sorted(rows, key=lambda row: sum(row.get(d) is not None for d in schema.dimension_ids)):
        key = tuple(row.get(d) for d in schema.dimension_ids)
        given = {
            n: cell(schema, n, t)
            for n, t in row.items()
            if t is not None and n not in (*schema.dimension_ids, "ACTION")
        }
        if None in key:
            above.append((key, given))
            continue
        shared = [held for where, held in above if all(w in (None, k) for w, k in zip(where, key, strict=True))]
        found[key] = {n: value for held in (*shared, given) for n, value in held.items()}
    return found


def cell(schema: ResolvedStructure, name: str, text: str) -> Any:
    component = schema.component(name)
    assert component is not None
    if text == "#N/A":
        return "NaN" if component.text_type in ("Float", "Double") and component.enumeration is None else text
    return json.loads(text) if component.multi_valued or component.multilingual else typed(component, text)


FORMATS = [f for f in DATA_FORMATS if "draft" not in f.name]


def written(case: Case, at: str, form: Format, folder: Path) -> Path:
    assert form.write_data is not None
    path = folder / "data.json"
    path.write_bytes(b"".join(form.write_data(case.message(at), WriteOptions())))
    return path


@pytest.mark.parametrize("form", FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_what_is_written_comes_back(tmp_path: Path, make: Any, form: Format) -> None:
    case = make()
    for at in case.packagings:
        assert cells(case.schema, raw(case.schema, written(case, at, form, tmp_path))) == expected(case), at


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.sampled_from(FORMATS))
def test_whatever_is_written_comes_back(tmp_path_factory: pytest.TempPathFactory, case: Case, form: Format) -> None:
    for at in case.packagings:
        path = written(case, at, form, tmp_path_factory.getbasetemp())
        assert cells(case.schema, raw(case.schema, path)) == expected(case), at


def described(path: Path) -> tuple[ResolvedStructure, list[dict[str, Any]]]:
    """A structure as a sample describes it, and its observations as an independent reading finds them."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    content = whole.get("data", whole)
    structures = content.get("structures") or [content["structure"]]
    [first] = [s for s in structures[:1]]
    dimensions = {d["id"]: d for level in first["dimensions"].values() for d in level}
    ids = sorted((d for d in dimensions if d != "TIME_PERIOD"), key=lambda d: dimensions[d]["keyPosition"])
    attributes = {a["id"]: a for level in first["attributes"].values() for a in level}
    schema = plain_structure(
        "SAMPLE",
        tuple(dimension(d) for d in ids),
        (measure("OBS_VALUE"),),
        tuple(
            attribute(
                a,
                attached(held, [*ids, "TIME_PERIOD"]),
                many=held.get("format", {}).get("maxOccurs", 1) != 1,
                multilingual=held.get("format", {}).get("isMultiLingual", False),
            )
            for a, held in attributes.items()
        ),
    )
    found = []
    for data in content["dataSets"] if path.name not in FLAWED_SAMPLES else []:
        found += observations(structures[data.get("structure", 0)], data)
    return schema, found


def attached(held: dict[str, Any], dimensions: list[str]) -> tuple[str, ...]:
    relationship = held["relationship"]
    if "dimensions" in relationship:
        return tuple(d for d in dimensions if d in relationship["dimensions"])
    return () if "none" in relationship or "dataflow" in relationship else tuple(dimensions)


def observations(structure: dict[str, Any], data: dict[str, Any]) -> list[tuple[dict[str, str], Any]]:
    """Dimensions and first value of each observation, by plain loops."""
    levels = structure["dimensions"]
    fixed = {d["id"]: value(d, 0) for d in levels.get("dataSet", levels.get("dataset", []))}
    found = []
    for key, one in data.get("series", {"": data}).items():
        place = dict(fixed)
        for d, index in zip(levels["series"] if key else [], key.split(":") if key else [], strict=True):
            place[d["id"]] = value(d, int(index))
        for inner, row in one.get("observations", {}).items():
            at = {d["id"]: value(d, int(i)) for d, i in zip(levels["observation"], inner.split(":"), strict=True)}
            found.append((place | at, row[0] if row else None))
    return found


def value(component: dict[str, Any], index: int) -> str:
    held = component["values"][index]
    return str(held.get("id", held.get("value")))


def without_repeated_keys(text: str) -> str:
    """The text as a reader sees it that takes the last of repeated keys: one official sample repeats some."""
    return json.dumps(json.loads(text))


FLAWED_SAMPLES = {"exr-action-delete.json": "json-value", "constructed-sample-full.json": "json-key"}
"""Official samples with indices beyond their lists, or with series and flat forms under one structure."""
OFFICIAL = sorted(p for g in ("2.1", "3.0") for p in (SAMPLES / g / "json" / "data").rglob("*.json"))
SOUND = [p for p in OFFICIAL if p.name not in FLAWED_SAMPLES and "generated" not in p.name]
OWN = sorted((Path(__file__).parents[2] / "data" / "sdmx_json").glob("data-*.json"))


@pytest.mark.parametrize("path", [*OWN, *SOUND], ids=lambda p: "-".join(p.parts[-4:]))
def test_samples_give_what_an_independent_reading_gives(path: Path, tmp_path: Path) -> None:
    schema, wanted = described(path)
    text = re.sub(r'"urn": *"[^"]*"', f'"urn": "{SAMPLE_URN}"', path.read_text(encoding="utf-8"))
    sample = tmp_path / "sample.json"
    sample.write_text(without_repeated_keys(text), encoding="utf-8")
    rows = [row for row in raw(schema, sample) if all(row.get(d) is not None for d in schema.dimension_ids)]
    found = [({d: row[d] for d in schema.dimension_ids}, row["OBS_VALUE"]) for row in rows]
    assert [(key, None if v is None else float(v)) for key, v in found] == wanted


@pytest.mark.parametrize(
    "path", [p for p in OFFICIAL if p.name in FLAWED_SAMPLES] or OWN, ids=lambda p: "-".join(p.parts[-5:])
)
def test_flawed_samples_are_refused_for_their_flaw(path: Path, tmp_path: Path) -> None:
    schema, _ = described(path)
    sample = tmp_path / "sample.json"
    text = re.sub(r'"urn": *"[^"]*"', f'"urn": "{SAMPLE_URN}"', path.read_text(encoding="utf-8"))
    if path in OWN:
        text = text.replace("[79926270, 0]", "[79926270, 1]")
    sample.write_text(without_repeated_keys(text), encoding="utf-8")
    findings = Findings()
    list(SdmxJsonLoader().read(Source(path=sample, name="s", options={}, structure=schema, findings=findings)))
    assert findings.problems()[0].code == FLAWED_SAMPLES.get(path.name, "json-value")
