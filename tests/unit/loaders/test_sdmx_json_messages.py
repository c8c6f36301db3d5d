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
from support.cases import CASES, Case
from support.json_data_samples import FLAWED_SAMPLES, SAMPLE_URN, described, without_repeated_keys
from support.read_back import Cells, expected, typed

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.api import Format
from sdmx_server.formats.sdmx_json.data_writer import DATA_FORMATS
from sdmx_server.loading.api import Findings, Source
from sdmx_server.model.resolved import ResolvedStructure

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


OFFICIAL = sorted(p for g in ("2.1", "3.0") for p in (SAMPLES / g / "json" / "data").rglob("*.json"))
SOUND = [p for p in OFFICIAL if p.name not in FLAWED_SAMPLES]
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
