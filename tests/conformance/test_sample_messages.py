"""Official samples of data in SDMX-CSV 2.x and of reference metadata: read, and written back as they were.

Data in other formats are in ``test_sample_data``, structures beside their readers and writers (``STRUCTURES``). Flawed
samples are refused for their flaw (``REFUSED``, ``FLAWED_SAMPLES``).
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from lxml import etree
from support.cases import Case
from support.json_data_samples import FLAWED_SAMPLES
from support.loading import Loaded
from support.read_back import read_csv

from conformance.csv_samples import Sample
from conformance.documents import SAMPLES, SAMPLES_EXPECTED
from conformance.test_sample_data import CSV, JSON, XML
from sdmx_server.batches import WriteOptions
from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.api import Format
from sdmx_server.loading.prepare import FileJob

ROOT = Path(__file__).resolve().parents[2]
GENERATIONS = {"3.0": "2.0.0", "3.1": "2.1.0"}
STRUCTURES = {
    "2.1/json/structure/": "tests/unit/formats/sdmx_json/test_json_structure_1_0.py",
    "3.0/json/structure/": "tests/unit/formats/sdmx_json/test_json_structure_samples.py",
    "3.1/json/structure/": "tests/unit/formats/sdmx_json/test_json_structure_samples.py",
    "2.1/ml/": "tests/unit/formats/sdmx_ml/test_xml_structure_originals.py",
    "3.0/ml/": "tests/unit/formats/sdmx_ml/test_xml_structure_originals.py",
}
"""Where the samples of structures are read and written back. What is taken out of them, and why, stands there."""
REFUSED = {
    "data_09": "structure-wrong",  # data of several artefacts, but a load is one dataflow's
    "data_10": "structure-wrong",
    "data_15": "column-unknown",  # metadata attributes within data
    "data_19": "ragged-row",  # a cell more than its head
    "metadata_02": "csv.ragged",  # cells less than its head
    "metadata_04": "csv.ragged",
    "metadata_10": "csv.identification",  # a deletion of sets that it does not name
    "constructed-sample2": "json.metadata-version",  # of an earlier draft
    "generated-sample": "json.metadata-version",
    "generated-sample.json": "json.errors",  # words of the field guide in the place of values
}
"""Samples with their flaw, or what we do not take."""

HOW_MANY = {
    "openapi/*.yaml": 2,
    "2.1/csv/data/*": 3,
    "2.1/json/data/**/*.json": 5,
    "2.1/json/structure/*": 2,
    "2.1/ml/**/*.xml": 6,
    "3.0/csv/data/*": 21,
    "3.0/csv/metadata/*": 10,
    "3.0/json/data/**/*.json": 7,
    "3.0/json/metadata/*": 6,
    "3.0/json/structure/*": 2,
    "3.0/ml/**/*.xml": 8,
    "3.1/csv/data/*": 21,
    "3.1/csv/metadata/*": 8,
    "3.1/json/structure/*": 2,
}
"""How many samples there are at least of each kind."""

OWN = ROOT / "tests/data/samples"


def found(*patterns: str) -> list[Path]:
    """The files of the samples, and our own, in the same folders."""
    return sorted(path for folder in (OWN, SAMPLES) for pattern in patterns for path in folder.glob(pattern))


CSV_DATA = found("3.*/csv/data/*.csv")
METADATA = found("3.*/csv/metadata/*.csv", "3.0/json/metadata/*", "2.1/ml/demography/esms_*.xml")


def flaw(path: Path) -> str | None:
    return REFUSED.get(path.name) or REFUSED.get("_".join(path.name.split("_")[:2]))


def named(path: Path) -> str:
    return f"{path.parts[-4]}-{path.name[:30]}"


def test_all_samples_are_there() -> None:
    """A folder that is named wrongly, or is not whole, does not pass as one without samples."""
    there = {pattern: len(list(SAMPLES.glob(pattern))) for pattern in HOW_MANY}
    missing = {pattern: count for pattern, count in there.items() if count < HOW_MANY[pattern]}
    assert not missing or not SAMPLES_EXPECTED, f"{SAMPLES} has too few: {missing}"


def test_no_sample_is_forgotten() -> None:
    """Each message is written back here or beside its format, or refused for its flaw; XSDs are no messages."""
    here = {*CSV_DATA, *METADATA, *JSON, *CSV, *(case.values[0] for case in XML)}
    files = [path for path in SAMPLES.glob("[23].[01]/**/*") if path.is_file() and path.suffix != ".xsd"]
    left = {path.relative_to(SAMPLES).as_posix(): path for path in files if path not in here}
    flawed = {place for place, path in left.items() if "/json/data/" in place and path.name in FLAWED_SAMPLES}
    structures = {
        place
        for place, path in left.items()
        if place.startswith(tuple(STRUCTURES)) and (path.suffix == ".json" or b"Structure xmlns" in _start(path))
    }
    assert left.keys() - flawed == structures
    for module in set(STRUCTURES.values()):
        assert "SDMX_SAMPLES" in (ROOT / module).read_text(encoding="utf-8")


def _start(path: Path) -> bytes:
    return path.read_bytes()[:400]


# ---- data in SDMX-CSV ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CSV_DATA, ids=named)
def test_csv_data_are_read(path: Path) -> None:
    sample = Sample(path)
    job, schema = FileJob(path=path, options=sample.options), sample.structure()
    if code := flaw(path):
        with pytest.raises(Refused) as refusal:
            Loaded(job, schema)
        assert code in {problem.code for problem in refusal.value.problems}
        return
    loaded = Loaded(job, schema)
    actions = {"I": "Merge", "A": "Merge", "M": "Merge", "R": "Replace", "D": "Delete"}
    action = sample.head.index("ACTION")
    assert loaded.actions == list(dict.fromkeys(actions[row[action]] for row in sample.rows))
    if partial(path):
        held = sorted(tuple(row.values())[:3] for row in loaded.group("DIM_2", "DIM_3"))
        assert held == [("B", "2014-01", "N"), ("B", "2014-02", "Y")]
    elif loaded.actions != ["Delete"]:
        time = next(c for c in sample.columns if c.id == "DIM_3")
        rows = [row for row in sample.rows if row[time.place]]
        assert [row["DIM_3"] for row in loaded.rows] == [sample.text(row, time) for row in rows]


def partial(path: Path) -> bool:
    """Whether the sample has no observations, only attributes of a part of the key."""
    return path.name.startswith("data_13")


SOUND = [path for path in CSV_DATA if not (flaw(path) or partial(path)) and "D" not in Sample(path).rows[0][2]]
"""Those that hold observations; the test above looks at the others."""


@pytest.mark.parametrize("path", SOUND, ids=named)
def test_csv_data_are_written_back(path: Path) -> None:
    sample = Sample(path)
    schema = sample.structure()
    loaded = Loaded(FileJob(path=path, options=sample.options), schema)
    groups = {key: pl.DataFrame(loaded.group(*key)) for delta in loaded.deltas for key in delta.groups}
    case = Case(name=path.stem, schema=schema, observations=pl.DataFrame(loaded.rows), groups=groups)
    [form] = [
        f for f in FORMATS if f.name == f"sdmx-csv-{path.parts[-4].replace('3.0', '2.0').replace('3.1', '2.1')}-data"
    ]
    assert form.write_data is not None
    written = read_csv(b"".join(form.write_data(case.message(), WriteOptions())), schema)
    plain = {key: dict(cells) for key, cells in read_csv(_whole_rows(sample), schema).items()}
    for row in sample.rows:  # attributes of a part of the key stand at each observation
        given = {c.id: sample.text(row, c) for c in sample.columns if row[c.place]}
        if "DIM_3" not in given:
            for key, cells in plain.items():
                if all(given.get(d, v) == v for d, v in zip(schema.dimension_ids, key, strict=True)):
                    cells |= {name: text for name, text in given.items() if name not in schema.dimension_ids}
    assert written == plain
    assert len(written) == 2 - (path.name.startswith("data_14"))


def _whole_rows(sample: Sample) -> bytes:
    """The message without labels, and without the rows that leave dimensions open."""
    time = sample.head.index(next(title for title in sample.head if title.startswith("DIM_3")))
    own = [sample.head.index(title) for title in ("STRUCTURE_ID", "ACTION")]
    out = io.StringIO(newline="")
    lines = csv.writer(out)
    lines.writerow([sample.head[0], "STRUCTURE_ID", "ACTION", *(column.title for column in sample.columns)])
    for row in sample.rows:
        if row[time]:
            fixed = [row[0], row[own[0]].partition(": ")[0], row[own[1]]]
            cells = {column: sample.text(row, column) for column in sample.columns}
            if "decimal" in sample.options:
                cells = {c: cell.replace(",", ".") if c.id == "OBS_VALUE" else cell for c, cell in cells.items()}
            lines.writerow([*fixed, *cells.values()])
    return out.getvalue().encode()


# ---- reference metadata -------------------------------------------------------------------------------------------


def of_metadata(path: Path) -> Format:
    """The format of a sample."""
    generation = path.parts[-4]
    kind = {".csv": "+csv", ".xml": "+xml"}.get(path.suffix, "+json")
    kind = "structurespecificmetadata+xml" if "structured" in path.name else f".metadata{kind}"
    kind = kind if path.name != "esms_generic.xml" else "genericmetadata+xml"
    [found] = [f for f in FORMATS if f.read_metadata and f.generation == generation and f.media_type.endswith(kind)]
    return found


@pytest.mark.parametrize("path", METADATA, ids=named)
def test_metadata_are_read_and_written_back(path: Path) -> None:
    form = of_metadata(path)
    assert form.read_metadata is not None
    assert form.write_metadata is not None
    if code := flaw(path):
        with pytest.raises(Refused) as refusal:
            form.read_metadata(io.BytesIO(path.read_bytes()), path.name)
        assert code in {problem.code for problem in refusal.value.problems}
        return
    message = form.read_metadata(io.BytesIO(path.read_bytes()), path.name)
    written = b"".join(form.write_metadata(message, WriteOptions()))
    said = {".csv": csv_reports, ".xml": xml_reports}.get(path.suffix, json_reports)
    assert said(written) == said(path.read_bytes())


def csv_reports(data: bytes) -> list[dict[str, str]]:
    """Each line's cells by head, labels and separators taken away; absent cells are none.

    ``I`` is the action that is meant where none is said, ``-`` the value that is not there.
    """
    text = data.decode("utf-8-sig")
    outer = ";" if ";METADATASET_ID" in text.partition("\n")[0] else ","
    text = re.sub(r"(MDSTRUCTURE(\[.\])?),(MDSTRUCTURE_ID)", rf"\1{outer}\3", text, count=1)
    inner = "|" if text.startswith("MDSTRUCTURE[|]") else ";"
    head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=outer, strict=True)
    titles = [re.sub(r"\[[^\]]*\]", "", title.partition(": ")[0]) for title in head]
    return [
        {
            title: _values(cell, inner, title)
            for title, cell in zip(titles, row, strict=True)
            if cell not in ("", "-") and (title, cell) != ("ACTION", "I")
        }
        for row in rows
    ]


def _values(cell: str, separator: str, title: str) -> Any:
    """A cell's values, however they are quoted; ids without labels, and with the version that is meant."""
    if title.endswith("_ID") or title == "TARGET_IDS":
        own = cell.partition(": ")[0]
        return own if "(" in own else f"{own}(1.0)"
    values = next(csv.reader([cell.replace("\n", "\x00")], delimiter=separator)) if separator in cell else [cell]
    return [
        _values(value, separator, title) if separator in value and value != cell else value.replace('"', "")
        for value in values
    ]


def json_reports(data: bytes) -> Any:
    """The metadata sets of a message."""
    return [_json(one) for one in json.loads(data)["data"]["metadataSets"]]


def _json(value: Any) -> Any:
    """The value with a map of languages beside every name (the samples' is English), and numbers reported as texts."""
    if isinstance(value, dict):
        maps = {f"{k}s": {"en": value[k]} for k in ("name", "description") if k in value}
        return maps | {k: str(v) if k == "value" and isinstance(v, int) else _json(v) for k, v in value.items()}
    return [_json(one) for one in value] if isinstance(value, list) else value


def _specific(element: Any) -> Any:
    """An element with the local names of its attributes and types, and what is in it; a set's own names aside."""
    said = {etree.QName(name).localname: value.rpartition(":")[2] for name, value in element.attrib.items()}
    plain = {name: value for name, value in said.items() if name not in ("structureRef", "setID")}
    below = [_specific(one) for one in element if not one.tag.endswith("Name")]
    return etree.QName(element).localname, plain, (element.text or "").split(), below, (element.tail or "").split()


def xml_reports(data: bytes) -> list[Any]:
    """The reported attributes of a message: path, texts and their languages."""
    root = etree.fromstring(data)
    if root.tag.endswith("StructureSpecificMetadata"):
        return [_specific(one) for one in root.iterfind("{*}MetadataSet")]
    found = []
    for attribute in root.iter("{*}ReportedAttribute"):
        above = [a.get("id") for a in attribute.iterancestors("{*}ReportedAttribute")]
        texts = [
            (t.tag.rpartition("}")[2], dict(t.attrib), "".join(t.itertext()).split())
            for t in attribute
            if "ext" in t.tag
        ]
        found.append(([*reversed(above), attribute.get("id")], attribute.get("value"), texts))
    targets = [(t.get("id"), [(r.get("id"), "".join(r.itertext()).split()) for r in t]) for t in root.iter("{*}Target")]
    return [targets, found]
