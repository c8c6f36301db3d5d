"""Verify, backup, restore and rebuild as an office has them: by command, on a server that answers meanwhile."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import requests
from support import databases
from support.asking import ask
from support.live import COMMAND, environment, run, serving

from sdmx_server.formats import FORMATS

STRUCTURES = Path(__file__).resolve().parents[2] / "structures"
FLOW = "SCI:CPI(1.0.0)"
KEY = "FREQ,REF_AREA,RESIDENCE,ITEM,TRANSFORMATION,BASE_PER,TIME_PERIOD"
HEAD = f"STRUCTURE,STRUCTURE_ID,ACTION,{KEY},OBS_VALUE,UNIT_MEASURE,UNIT_MULT,OBS_STATUS\n"
FORMATS_OF_DATA = tuple(f"{f.media_type};version={f.version}" for f in FORMATS if f.kind == "data" and f.write_data)
CSV = "application/vnd.sdmx.data+csv;version=2.1.0"
JSON = "application/vnd.sdmx.data+json;version=2.1.0"


Damaged = tuple[str, dict[str, str], str]
"""A server's address, its environment, and a moment before the last load of consumer prices."""

Answers = dict[tuple[str, str], tuple[int, bytes]]
"""Status and body by query and media type."""


def rows(*lines: str) -> str:
    return HEAD + "".join(f"dataflow,{FLOW},{line}\n" for line in lines)


REVISIONS = (
    rows("M,M,IR,U,_T,N,B1395,2002-03-21/P31D,99.5,IX,0,A", "D,M,IR,U,CP06,N,B1395,,,,,"),
    rows("M,M,IR,U,_T,N,B1395,2002-04-21/P31D,98.5,IX,0,E", "M,M,IR,U,CP06,N,B1395,2002-04-21/P31D,1.5,IX,0,A"),
)


@pytest.fixture(scope="module")
def saved(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the shipped products."""
    file = tmp_path_factory.mktemp("saved") / "products.zip"
    run("backup", str(file), env=products)
    return file


def restored(saved: Path, folder: Path, url: str = "") -> dict[str, str]:
    env = environment(folder, url)
    run("restore", str(saved), env=env)
    return env


def moment(env: dict[str, str]) -> str:
    """When the consumer prices were loaded last."""
    line = next(line for line in run("data", "status", env=env).stdout.splitlines() if "CPI" in line)
    found = re.search(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", line)
    assert found is not None
    return f"{found[1]}T{found[2]}.999999Z"


def answers(base: str, then: str) -> Answers:
    """What a server answers to data queries in every format, with its own address left out."""
    prices = "/data/dataflow/SCI/CPI/1.0.0/*.IR.U?c[ITEM]=_T,CP06,SERV"
    queries = ["/data/dataflow/SCI/VITAL/1.0.0", prices]
    past = [f"{prices}&{name}={then}" for name in ("asOf", "updatedAfter")]
    found = {}
    for accept in FORMATS_OF_DATA:
        for query in [*queries, *past]:
            answer = ask(base, query, accept)
            assert answer.status_code == 200 or query in past, (query, accept, answer.text)
            found[query, accept] = answer.status_code, _content(answer, base)
    for path in (
        "/availability/dataflow/SCI/CPI/1.0.0",
        "/structure/*/*/*/*",
        "/data/dataflow/SCI/CPI/1.0.0/M.IR.U.CP06?includeHistory=true",
    ):
        answer = ask(base, path)
        assert answer.status_code == 200
        found[path, ""] = 200, answer.content.replace(base.encode(), b"BASE")
    return found


def _content(answer: requests.Response, base: str) -> bytes:
    """The body without the server's address, which Parquet keeps once more in a packed schema; none of a refusal."""
    if answer.status_code != 200:
        return b""
    if "parquet" in answer.headers.get("Content-Type", ""):
        return repr(pq.read_table(io.BytesIO(answer.content)).to_pylist()).encode()
    body = answer.content
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.replace(base.encode(), b"BASE")


def differing(found: Answers, expected: Answers) -> list[tuple[str, str]]:
    """The queries that were answered differently."""
    return [key for key in {**expected, **found} if found.get(key) != expected.get(key)]


def without_ids(found: Answers) -> Answers:
    """The same without the ids of messages, which tell the layout's generation too."""
    return {key: (status, re.sub(rb"SCI-\d[\d_-]*", b"ID", body)) for key, (status, body) in found.items()}


def load(env: dict[str, str], text: str, folder: Path) -> None:
    file = folder / "load.csv"
    file.write_text(text, encoding="utf-8")
    run("data", "load", str(file), "--dataflow", FLOW, env=env)


def test_a_backup_moves_a_server_from_sqlite_to_postgresql_and_back(saved: Path, tmp_path: Path) -> None:
    first = restored(saved, tmp_path / "first")
    load(first, REVISIONS[0], tmp_path)
    then = moment(first)
    load(first, REVISIONS[1], tmp_path)
    with serving(first, workers=1) as base:
        run("backup", str(tmp_path / "first.zip"), env=first)
        expected = answers(base, then)
    assert len({body for (query, _), (_, body) in expected.items() if "CPI" in query}) > len(FORMATS_OF_DATA)
    with databases.fresh_url("postgresql", tmp_path) as url:
        second = environment(tmp_path / "second", url)
        said = run("restore", str(tmp_path / "first.zip"), "--verify", env=second).stdout
        assert "the backup of a sqlite database" in said
        assert "all sound" in said
        with serving(second, workers=1) as base:
            assert differing(answers(base, then), expected) == []
        run("backup", str(tmp_path / "second.zip"), env=second)
    third = environment(tmp_path / "third")
    assert "all sound" in run("restore", str(tmp_path / "second.zip"), "--verify", env=third).stdout
    with serving(third, workers=1) as base:
        assert differing(answers(base, then), expected) == []


def test_a_backup_is_taken_while_loads_go_on(saved: Path, tmp_path: Path) -> None:
    env = restored(saved, tmp_path / "busy")
    files = []
    for i, text in enumerate(REVISIONS):
        file = tmp_path / f"{i}.csv"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    loading = [
        subprocess.Popen([COMMAND, "data", "load", str(f), "--dataflow", FLOW], env=env, stdout=subprocess.DEVNULL)
        for f in files
    ]
    try:
        run("backup", str(tmp_path / "busy.zip"), env=env)
    finally:
        assert [process.wait(120) for process in loading] == [0, 0]
    copy = environment(tmp_path / "copy")
    assert "all sound" in run("restore", str(tmp_path / "busy.zip"), "--verify", env=copy).stdout


def test_what_cannot_be_restored_is_refused_in_plain_words(saved: Path, tmp_path: Path) -> None:
    env = restored(saved, tmp_path / "full")
    again = run("restore", str(saved), env=env, check=False)
    assert again.returncode == 1
    assert "the database is not empty" in again.stderr
    cut = tmp_path / "cut.zip"
    cut.write_bytes(saved.read_bytes()[:-100])
    empty = environment(tmp_path / "empty")
    for file, words in ((cut, "is not whole"), (tmp_path / "none.zip", "none.zip"), (Path(__file__), "is no backup")):
        done = run("restore", str(file), env=empty, check=False)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    for command in (["verify"], ["backup", str(tmp_path / "nothing.zip")], ["rebuild", FLOW]):
        done = run(*command, env=empty, check=False)
        assert done.returncode == 1
        assert "the database is empty" in done.stderr
    assert not (tmp_path / "nothing.zip").exists()


def test_a_rebuild_changes_no_answer(saved: Path, tmp_path: Path) -> None:
    env = restored(saved, tmp_path / "rebuilt")
    load(env, REVISIONS[0], tmp_path)
    then = moment(env)
    load(env, REVISIONS[1], tmp_path)
    with serving(env, workers=1) as base:
        before = without_ids(answers(base, then))
        said = run("rebuild", FLOW, env=env).stdout
        assert "entries in" in said
        assert differing(without_ids(answers(base, then)), before) == []
        assert "all sound" in run("verify", env=env).stdout
        unknown = run("rebuild", "SCI:NONE(1.0.0)", env=env, check=False)
        assert (unknown.returncode, "No data was loaded" in unknown.stderr) == (1, True)


# ---- damage ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def damaged(saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Damaged]:
    """A server whose database is damaged: the last rows of a census, a title of series, an old figure."""
    folder = tmp_path_factory.mktemp("damaged")
    env = restored(saved, folder)
    then = moment(env)
    load(env, REVISIONS[0], folder)
    with sqlite3.connect(folder / "sdmx.db") as database:
        numbers = dict(database.execute("SELECT dataflow, id FROM cube"))
        census, prices, pop = numbers["CENSUS_COUNTY"], numbers["CPI"], numbers["CENSUS_POP"]
        _damage(database, f"obs_{census}", "m1")
        _damage(database, f"rev_{prices}_0", "m1")
        units = next(n for n in _tables(database) if n.startswith(f"att_{pop}_") and "p0" in _columns(database, n))
        value = next(c for c in _columns(database, units) if c.startswith("a"))
        _damage(database, units, value)
    database.close()
    with serving(env, workers=1) as base:
        yield base, env, then


def _tables(database: sqlite3.Connection) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"PRAGMA table_info({table})")]


def _damage(database: sqlite3.Connection, table: str, column: str) -> None:
    """Flip a bit in the last row of a table that has the column."""
    key = [c for c in _columns(database, table) if re.fullmatch(r"p\d+|part|seq|block", c)]
    order = ", ".join(f"{c} DESC" for c in key)
    found = database.execute(
        f"SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {order} LIMIT 1"
    ).fetchone()
    blob = bytearray(found[1])
    blob[0] ^= 1
    database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(blob), found[0]))


def _told(answer: requests.Response) -> None:
    """The answer is an error message that says what is damaged, and what to do."""
    assert answer.status_code == 500, answer.text[:300]
    assert "fails its checksum" in answer.text
    assert "backup" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.proves("v2 http: status=500")
def test_damage_is_an_error_message_or_a_cut_connection_and_never_an_answer(
    damaged: Damaged,
) -> None:
    base, _, _ = damaged
    whole = "/data/dataflow/SCI/CENSUS_COUNTY/1.0.0"
    told = cut = 0
    for accept in FORMATS_OF_DATA:
        try:
            answer = ask(base, whole, accept)
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
            cut += 1
        else:
            _told(answer)
            told += 1
    assert cut
    assert told + cut == len(FORMATS_OF_DATA)
    for coding in ("gzip", "zstd"):
        with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError)):
            ask(base, whole, CSV, Accept_Encoding=coding)
    # what lies elsewhere is served as before
    assert ask(base, "/data/dataflow/SCI/CENSUS_COUNTY/1.0.0/A.IR-0001", CSV).status_code in (200, 204)
    assert ask(base, "/data/dataflow/SCI/VITAL/1.0.0", CSV).status_code == 200


def test_damaged_attributes_and_history_are_errors(damaged: Damaged) -> None:
    base, _, then = damaged
    for accept in (CSV, JSON, "application/vnd.sdmx.data+xml;version=3.1.0"):
        _told(ask(base, "/data/dataflow/SCI/CENSUS_POP/1.0.0?attributes=series", accept))
        for parameter in ("asOf", "updatedAfter"):
            _told(ask(base, f"/data/dataflow/SCI/CPI/1.0.0?{parameter}={then}", accept))
    assert ask(base, "/data/dataflow/SCI/CPI/1.0.0/M.IR.U.SERV", CSV).status_code == 200


@pytest.mark.proves("v1 http: status=500", "v1 http: error=500")
def test_damage_is_told_in_rest_1_5(damaged: Damaged) -> None:
    base, _, _ = damaged
    answer = ask(base, "/data/CENSUS_POP?detail=nodata", api="v1")
    _told(answer)
    assert answer.headers["Content-Type"] == "application/vnd.sdmx.structure+xml;version=2.1;charset=utf-8"
    assert 'code="500"' in answer.text


def test_verify_names_every_damage_and_fails(damaged: Damaged) -> None:
    _, env, _ = damaged
    done = run("verify", env=env, check=False)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 3, done.stderr
    assert any(
        re.match(r"SCI:CENSUS_COUNTY\(1.0.0\): observations, .*REF_AREA=.*OBS_VALUE fails", line) for line in lines
    )
    assert any(line.startswith("SCI:CENSUS_POP(1.0.0): attributes of ") for line in lines)
    assert any("SCI:CPI(1.0.0): history of observations, commit 2" in line for line in lines)
    assert all(line.endswith("restore the database from a backup") for line in lines)
    assert "3 findings" in done.stdout
    one = run("verify", "--dataflow", "SCI:VITAL(1.0.0)", env=env)
    assert "all sound" in one.stdout


# ---- a structure that grows ------------------------------------------------------------------------------------------


def _grown(folder: Path) -> None:
    """New minor versions: a codelist with one item more, a structure with two optional attributes more."""
    codes = json.loads((STRUCTURES / "codelists/SCI/CL_ITEM/1.0.0.json").read_text("utf-8"))
    items = codes["data"]["codelists"][0]
    items["codes"].append({"id": "CP99", "name": "New items", "names": {"en": "New items", "fa": "اقلام تازه"}})
    dsd = json.loads((STRUCTURES / "datastructures/SCI/CPI/1.0.0.json").read_text("utf-8"))
    structure = dsd["data"]["dataStructures"][0]
    attributes: list[dict[str, Any]] = structure["dataStructureComponents"]["attributeList"]["attributes"]
    text = {"format": {"dataType": "String"}}
    concept = next(a["conceptIdentity"] for a in attributes if a["id"] == "COMMENT_OBS")
    for name, relationship in (("OBS_NOTE", {"observation": {}}), ("ITEM_NOTE", {"dimensions": ["ITEM"]})):
        attributes.append(
            {
                "id": name,
                "usage": "optional",
                "attributeRelationship": relationship,
                "conceptIdentity": concept,
                "localRepresentation": text,
            }
        )
    for message, artefact in ((codes, items), (dsd, structure)):
        artefact["version"] = "1.1.0"
        artefact.pop("links", None)
        (folder / f"{artefact['id']}.json").write_text(json.dumps(message), encoding="utf-8")


def test_a_structure_grows_without_a_reload(saved: Path, tmp_path: Path) -> None:
    env = restored(saved, tmp_path / "grown")
    _grown(tmp_path)
    with serving(env, workers=1) as base:

        def shown(query: str) -> list[dict[str, str]]:
            answer = ask(base, f"/data/dataflow/SCI/CPI/1.0.0{query}", CSV)
            assert answer.status_code == 200, answer.text
            return list(csv.DictReader(io.StringIO(answer.content.decode())))

        before = shown("")
        then = moment(env)
        run("structures", "import", str(tmp_path / "CL_ITEM.json"), str(tmp_path / "CPI.json"), env=env)
        after = shown("")
        extra = {"OBS_NOTE", "ITEM_NOTE"}
        assert [{k: v for k, v in row.items() if k not in extra} for row in after] == before
        key = "M,M,IR,U,CP99,N,B1395,2024-03-20/P31D"
        load(
            env,
            rows(f"{key},5.5,IX,0,A").replace("OBS_STATUS\n", "OBS_STATUS,OBS_NOTE,ITEM_NOTE\n").rstrip("\n")
            + ",first,of items\n",
            tmp_path,
        )
        (new,) = shown("/M.IR.U.CP99")
        assert (new["OBS_VALUE"], new["OBS_NOTE"], new["ITEM_NOTE"]) == ("5.5", "first", "of items")
        assert len(shown("")) == len(before) + 1
        assert len(shown(f"?asOf={then}")) == len(before)
        run("rebuild", FLOW, env=env)
        assert shown("/M.IR.U.CP99") == [new]
        assert len(shown(f"?asOf={then}")) == len(before)
        assert "all sound" in run("verify", env=env).stdout
