"""Metadata structures and metadataflows: imported from a 2.1 message, stored, and asked for over REST."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.live import environment, run

FILE = Path(__file__).resolve().parents[1] / "data" / "sdmx_ml" / "metadata_2_1.xml"


@pytest.mark.parametrize("name", ["json", "xml-2.1"])
def test_a_metadata_structure_survives_import_and_export(tmp_path: Path, name: str) -> None:
    first, second = environment(tmp_path / "first"), environment(tmp_path / "second")
    assert "4 registered" in run("structures", "import", str(FILE), env=first).stdout
    run("structures", "export", str(tmp_path / "out"), "--format", name, env=first)
    run("structures", "import", str(tmp_path / "out"), env=second)
    run("structures", "export", str(tmp_path / "again"), "--format", name, env=second)
    files = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*.*"))
    assert len(files) == 4
    bodies = [(tmp_path / "out" / file).read_bytes() for file in files]
    assert sum(b"MetadataTarget" in body or b"metadataTargets" in body for body in bodies) == 1
    if name == "json":
        assert bodies == [(tmp_path / "again" / file).read_bytes() for file in files]
