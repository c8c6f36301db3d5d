"""Reference metadata by command: loaded, listed, exported and loaded again, replaced, removed, pruned."""

from __future__ import annotations

import csv
import io
import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from support.live import environment, run
from support.metadata import csv_facts, json_facts, xml_facts

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = json.loads((ROOT / "dataflows/CPI/metadata.json").read_text("utf-8"))


@pytest.fixture
def env(products: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A copy of the products."""
    shutil.copytree(products["SDMX_DATA_DIR"], tmp_path / "data")
    return environment(tmp_path / "data")


def report(folder: Path, **changes: Any) -> Path:
    """The quality report of consumer prices with changes, in a file."""
    message = json.loads(json.dumps(SHIPPED))
    message["data"]["metadataSets"][0] |= changes
    file = folder / "report.json"
    file.write_text(json.dumps(message), encoding="utf-8")
    return file


def facts(text: str) -> set[tuple[str, ...]]:
    if text.startswith("<"):
        return xml_facts(text.encode())
    return json_facts(json.loads(text)) if text.startswith("{") else csv_facts(text.encode())


def exported(env: dict[str, str], name: str, folder: Path) -> str:
    run("metadata", "export", "--format", name, "-o", str(folder / "exported"), env=env)
    return (folder / "exported").read_text("utf-8")


def test_every_format_is_exported_and_says_the_same(env: dict[str, str], tmp_path: Path) -> None:
    expected = facts(exported(env, "json-2.1", tmp_path))
    assert len(expected) > 50
    others = ("json-2.0", "xml-3.1", "xml-3.0", "xml-2.1", "xml-2.1-structurespecific", "csv-2.1", "csv-2.0")
    for name in others:
        text = exported(env, name, tmp_path)
        assert facts(text) == expected, name
        if name in ("json-2.0", "xml-3.1", "xml-3.0"):
            again = run("metadata", "load", str(tmp_path / "exported"), env=env).stdout
            assert again == "2 metadata sets read, 0 stored, 2 unchanged.\n", name
    assert run("metadata", "export", env=env).stdout.startswith("{")
    wrong = run("metadata", "export", "--format", "pdf", env=env, check=False)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "xml-2.1-structurespecific" in wrong.stderr


@pytest.mark.parametrize("name", ["xml-2.1", "xml-2.1-structurespecific", "csv-2.1"])
def test_what_loses_names_or_versions_is_loaded_again_as_another_set(
    env: dict[str, str], tmp_path: Path, name: str
) -> None:
    text = exported(env, name, tmp_path)
    (tmp_path / "exported").write_text(text.replace("QUALITY_C", "OTHER_C"), "utf-8")
    said = run("metadata", "load", str(tmp_path / "exported"), env=env).stdout
    assert "2 metadata sets read, 2 stored, 0 unchanged." in said
    found = [one for one in facts(exported(env, "json-2.1", tmp_path)) if one[0] == "SCI:OTHER_CPI"]
    assert {one[1:] for one in found} == {one[1:] for one in json_facts(SHIPPED)}


def test_a_draft_is_replaced_removed_and_forgotten(env: dict[str, str], tmp_path: Path) -> None:
    first = report(tmp_path, version="1.1.0-draft", name="One", names={"en": "One"})
    assert "valid; nothing was loaded" in run("metadata", "load", str(first), "--validate-only", env=env).stdout
    assert "1.1.0-draft" not in run("metadata", "list", env=env).stdout
    assert "stored SCI:QUALITY_CPI(1.1.0-draft)" in run("metadata", "load", str(first), env=env).stdout
    second = report(tmp_path, version="1.1.0-draft", name="Two", names={"en": "Two"})
    assert "changed SCI:QUALITY_CPI(1.1.0-draft)" in run("metadata", "load", str(second), env=env).stdout
    assert "1.1.0-draft" in run("metadata", "list", env=env).stdout
    time.sleep(1.1)  # the state at the beginning of the second of the last change stays
    said = run("metadata", "remove", "SCI:QUALITY_CPI(1.1.0-draft)", env=env).stdout
    assert said == "removed SCI:QUALITY_CPI(1.1.0-draft)\n"
    assert "1.1.0-draft" not in run("metadata", "list", env=env).stdout
    assert " 4 metadata sets, 0 registrations read: all sound" in run("verify", env=env).stdout
    time.sleep(1.1)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    dry = run("history", "prune", "--before", now, "--dry-run", env=env).stdout
    line = next(line for line in dry.splitlines() if line.startswith("metadata: "))
    assert line.startswith("metadata: history of 2 changes would be pruned: 1 contents of sets, ")
    assert line.replace("would be pruned", "pruned") in run("history", "prune", "--before", now, env=env).stdout
    assert " 3 metadata sets, 0 registrations read: all sound" in run("verify", env=env).stdout
    assert "There is no history" in run("history", "prune", "--before", now, env=env).stdout


def test_refusals_name_file_place_and_way_out(env: dict[str, str], tmp_path: Path) -> None:
    for changes, words in (
        ({"name": "Changed", "names": {"en": "Changed"}}, ("is stable and cannot be changed",)),
        ({"version": "2.0.0", "targets": [SHIPPED["data"]["metadataSets"][0]["targets"][0].replace("CPI", "NOTHING")]},
         ("report.json", "SCI:QUALITY_CPI(2.0.0)", "NOTHING(1.0.0) is not stored here")),
        ({"version": "2.0.0", "attributes": [{"id": "CONTAKT"}]}, ("CONTACT", "CONTAKT")),
    ):  # fmt: skip
        refused = run("metadata", "load", str(report(tmp_path, **changes)), env=env, check=False)
        assert refused.returncode == 1
        said = refused.stderr + refused.stdout
        assert [word for word in words if word not in said.replace("\n", " ")] == []
    (tmp_path / "broken.xml").write_text("<a", "utf-8")
    assert run("metadata", "load", str(tmp_path / "broken.xml"), env=env, check=False).returncode == 1
    assert run("metadata", "load", str(tmp_path / "nowhere"), env=env, check=False).returncode == 1
    absent = run("metadata", "remove", "SCI:NOTHING(1.0.0)", env=env, check=False)
    assert (absent.returncode, "metadata list" in absent.stderr.replace("\n", " ")) == (1, True)
    lines = list(csv.DictReader(io.StringIO(exported(env, "csv-2.1", tmp_path))))
    assert len(lines) == 2
    assert etree.fromstring(exported(env, "xml-3.1", tmp_path).encode()).find("{*}MetadataSet") is not None
