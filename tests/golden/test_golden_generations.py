"""From a generation through the later ones and back, over exported files: only what ``docs/gaps.md`` lists is lost.

Every step is a server of its own that reads the files of the last one and writes all that it has in the next version.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from support.compare_json import facts
from support.compare_xml import facts_of
from support.in_process import built, silent
from support.json_samples import said_once, sound, unlike
from support.known_gaps import is_forgotten, is_forgotten_json

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", SHARED / "samples"))
REAL = Path(os.environ.get("SDMX_REAL_DATA", SHARED / "data"))
OWN = ROOT / "tests" / "data"
XML_FILES = [*OWN.glob("sdmx_ml/*_2_1.xml"), *REAL.glob("structures/*.xml"), *SAMPLES.glob("2.1/ml/**/*.xml")]
ONLY_OLD = {"constraints_2_1.xml"}
"""Files of which later versions have nothing."""
OLD_XML = [
    path for path in sorted(XML_FILES) if b"Structure xmlns" in path.read_bytes()[:400] and path.name not in ONLY_OLD
]
OLD_JSON = [*OWN.glob("sdmx_json/structures-1.0.json"), *sorted(SAMPLES.glob("2.1/json/structure/*.json"))]


def through(folder: Path, files: list[Path], *formats: str) -> list[Path]:
    """The files that the last of a chain of servers writes."""
    for number, name in enumerate(formats):
        step = built(folder / f"server-{number}")
        step.import_structures(files, silent)
        files = [folder / f"files-{number}"]
        step.export_structures(files[0], name, silent)
    return sorted(path for path in files[0].rglob("*") if path.is_file())


def xml_facts(files: list[Path]) -> set[Any]:
    return {fact for path in files for fact in facts_of(path)}


@pytest.mark.parametrize("path", OLD_XML, ids=lambda path: path.name)
def test_sdmx_ml_2_1_comes_back_from_3_0_and_3_1(tmp_path: Path, path: Path) -> None:
    before = facts_of(path)
    after = xml_facts(through(tmp_path, [path], "xml-3.0", "xml-3.1", "xml-3.0", "xml-2.1"))
    assert len(before & after) > 10
    assert {fact for fact in before - after if not is_forgotten(fact, "3.1")} == set()
    assert {fact for fact in after - before if not is_forgotten(fact, "3.1")} == set()


def json_facts(messages: list[Any]) -> set[Any]:
    return {fact for message in messages for fact in facts(message)}


def test_sdmx_json_1_0_comes_back_from_2_0_and_2_1(tmp_path: Path) -> None:
    originals = [json.loads(path.read_text("utf-8")) for path in OLD_JSON]
    originals = [
        said_once(sound(one)) if "generated" in path.name else one
        for one, path in zip(originals, OLD_JSON, strict=True)
    ]
    (tmp_path / "originals").mkdir()
    for number, one in enumerate(originals):
        (tmp_path / "originals" / f"{number}.json").write_text(json.dumps(one), "utf-8")
    written = through(tmp_path, [tmp_path / "originals"], "json-2.0", "json-2.1", "json-2.0", "json-1.0")
    before, after = json_facts(originals), json_facts([json.loads(path.read_text("utf-8")) for path in written])
    assert len(before) > 100
    assert sorted(fact for fact in before ^ after if not unlike(fact) and not is_forgotten_json(fact)) == []
