"""SDMX-CSV 1.0: the official samples, labelled cells, the primary measure, and what our own writer prints."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
from support.cases import CASES, Case, measure
from support.loading import Loaded, load_csv, places, structure
from support.read_back import in_one_language, without_empty_texts
from support.sample_structures import accounts

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_csv import FORMATS
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.resolved import ResolvedStructure, Storage

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared" / "samples")) / "2.1" / "csv" / "data"
OWN = ROOT / "tests" / "data" / "sdmx_csv" / "labelled-1.0.csv"
HEAD = "DATAFLOW,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE"
ROW = "SCI:T(1.0.0),A,IR,_T,2016,79926270"


def samples() -> list[Path]:
    return sorted(SAMPLES.glob("*.csv"))


def check_sample(path: Path) -> None:
    options = {"decimal": ","} if b"12,4" in path.read_bytes() else {}
    loaded = Loaded(FileJob(path=path, options=options), accounts())
    assert loaded.actions == ["Merge"]
    assert [(r["DIM_1"], r["DIM_2"], r["OBS_VALUE"], r["ATTR_1"], r["ATTR_2"]) for r in loaded.rows] == [
        ("A", "B", 12.4, "N", "Y"),
        ("A", "B", 10.8, "Y", "Y"),
    ]
    assert {r["ATTR_3"] for r in loaded.rows} == {"Normal, special and other values"}
    assert [r["DIM_3"][:7] for r in loaded.rows] == ["2014-01", "2014-02"]


@pytest.mark.parametrize("path", samples(), ids=lambda p: p.name)
def test_the_official_samples(path: Path) -> None:
    check_sample(path)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_labels_both_with_semicolons_and_decimal_commas(tmp_path: Path, end: str) -> None:
    loaded = load_csv(tmp_path, OWN.read_text(encoding="utf-8").replace("\n", end), decimal=",")
    assert [(r["REF_AREA"], r["SEX"], r["OBS_VALUE"], r["OBS_STATUS"], r["TAGS"]) for r in loaded.rows] == [
        ("IR-01", "M", 1.5, "A", '["X"]'),
        ("IR-01", "F", 2.25, None, '["Y","Z"]'),
    ]
    assert loaded.group("REF_AREA") == [{"REF_AREA": "IR-01", "TITLE": "Area"}]


def test_rows_are_merged_and_obs_value_is_the_primary_measure(tmp_path: Path) -> None:
    schema = structure()
    other = ResolvedStructure(
        structure=schema.structure,
        dataflow=schema.dataflow,
        dimensions=schema.dimensions,
        time=schema.time,
        measures=(measure("PERSONS", "Long"), measure("RATE")),
        attributes=schema.attributes,
    )
    loaded = load_csv(tmp_path, f"{HEAD},RATE\n{ROW},0.5\n", other)
    assert loaded.actions == ["Merge"]
    assert [(r["PERSONS"], r["RATE"]) for r in loaded.rows] == [(79926270, 0.5)]


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (f"{HEAD},OBS_STATSU\n{ROW},A\n", ("column-unknown", "data.csv", 1, "OBS_STATSU", None)),
        (f"{HEAD},SEX\n{ROW},M\n", ("column-twice", "data.csv", 1, "SEX", None)),
        (
            f"{HEAD}\n{ROW.replace('SCI:T', 'SCI:U')}\n",
            ("structure-wrong", "data.csv", 2, "STRUCTURE_ID", "dataflow SCI:U(1.0.0)"),
        ),
        (f"DATAFLOWS{HEAD[8:]}\n{ROW}\n", ("not-sdmx-csv", "data.csv", 1, None, f"DATAFLOWS{HEAD[8:]}")),
    ],
)
def test_findings_have_their_place(tmp_path: Path, text: str, finding: tuple[object, ...]) -> None:
    with pytest.raises(Refused) as refused:
        load_csv(tmp_path, text)
    assert places(refused.value) == [finding]


@pytest.mark.parametrize("labels", ["id", "both"])
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_what_our_writer_prints_is_read_again(tmp_path: Path, make, labels: str) -> None:
    case: Case = make()
    writer = next(f.write_data for f in FORMATS if f.version == "1.0.0")
    assert writer is not None
    text = b"".join(writer(case.message(), WriteOptions(parameters={"labels": labels})))
    loaded = load_csv(tmp_path, text.replace(b"1402-", b"2023-"), case.schema)  # a year is Gregorian unless declared
    key = case.schema.dimension_ids
    written = {tuple(r[d].replace("1402-", "2023-") for d in key): r for r in case.observations.iter_rows(named=True)}
    found = {tuple(r[d] for d in key): r for r in loaded.rows}
    assert set(found) == set(written)
    for place, row in found.items():
        for measured in case.schema.measures:
            if measured.storage is not Storage.CODE:
                assert row[measured.id] == real(written[place][measured.id]), place
    assert in_one_language(without_empty_texts(tags(found))) == in_one_language(without_empty_texts(tags(written)))


def real(number: float | None) -> float | None:
    """A measure as loaded: NaN is how SDMX-CSV says that a value is missing."""
    return None if number is None or math.isnan(number) else number


def tags(rows: dict[tuple[str, ...], dict[str, object]]) -> dict[tuple[str, ...], dict[str, object]]:
    """The values of the components with several codes or texts."""
    return {
        key: {n: v for n, v in row.items() if n in ("TAGS", "FLAGS", "READINGS") and v} for key, row in rows.items()
    }
