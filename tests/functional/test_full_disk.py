"""The disk of the command line takes no more: one sentence, nothing half-written, and no device replaced by a file."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from support.live import COMMAND, environment, run

from sdmx_server.cli.main import main

FLOW = "SCI:VITAL(1.0.0)"
ROOM = "make room on the disk"


@pytest.fixture(scope="module")
def one_product(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a server with one product."""
    env = environment(tmp_path_factory.mktemp("one"))
    run("init", env=env)
    run("structures", "import", str(Path(__file__).parents[2] / "structures"), env=env)
    run("data", "load", str(Path(__file__).parents[2] / "dataflows" / "VITAL"), env=env)
    return env


def ended(
    one_product: dict[str, str], command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What a command says that ends with an error; run in this process."""
    monkeypatch.setenv("SDMX_DATA_DIR", one_product["SDMX_DATA_DIR"])
    monkeypatch.delenv("SDMX_DATABASE_URL", raising=False)
    monkeypatch.setattr(sys, "argv", ["sdmx-server", *command])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 1
    return capsys.readouterr().err


def told(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.startswith("Error:")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("to_file", [True, False])
def test_an_export_that_finds_no_room(one_product: dict[str, str], to_file: bool) -> None:
    command = [COMMAND, "data", "export", FLOW, *(["-o", "/dev/full"] if to_file else [])]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, env=one_product, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=100
        )
    told(done, ROOM)
    assert Path("/dev/full").is_char_device()


def test_an_export_goes_through_a_device_and_leaves_it(one_product: dict[str, str]) -> None:
    assert run("data", "export", FLOW, "-o", "/dev/stdout", env=one_product).stdout.startswith("STRUCTURE")
    run("data", "export", FLOW, "-o", "/dev/null", env=one_product)
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("command", [["backup"], ["data", "export", FLOW, "--format", "xlsx", "-o"]])
def test_a_file_that_may_not_grow_is_left_as_it_was(
    one_product: dict[str, str], command: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "kept"
    file.write_text("the one before", encoding="utf-8")

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))

    with closing(sqlite3.connect(f"{one_product['SDMX_DATA_DIR']}/sdmx.db")) as database:
        database.execute("SELECT * FROM cube").fetchone()  # from now on SQLite's own files need not grow
        done = subprocess.run(
            [COMMAND, *command, file],
            env=one_product,
            preexec_fn=small,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    told(done, ROOM)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert file.read_text(encoding="utf-8") == "the one before"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["backup", "/dev/null"], "/dev/null is no file"),
        (["backup", "."], ". is no file"),
        (["data", "export", FLOW, "-o", "."], "Is a directory"),
        (["data", "export", FLOW, "-o", f"{__file__}/x"], "Not a directory"),
        (["data", "export", FLOW, "-o", "n" * 300], "File name too long"),
        (["metadata", "export", "-o", "/nowhere/at/all"], "No such file or directory (/nowhere/at/all.part)"),
    ],
)
def test_where_nothing_can_be_written(
    one_product: dict[str, str],
    command: list[str],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert words in ended(one_product, command, monkeypatch, capsys)


@pytest.fixture
def no_page_more() -> Iterator[None]:
    """Databases of SQLite that may not grow, as on a disk that is full."""

    def limit(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")  # at least as many as there are

    sa.event.listen(Engine, "connect", limit)
    yield
    sa.event.remove(Engine, "connect", limit)


def test_a_load_that_finds_no_room_changes_nothing(
    one_product: dict[str, str],
    no_page_more: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = run("data", "status", env=one_product).stdout
    load = ["data", "load", str(Path(__file__).parents[2] / "dataflows" / "CENSUS_POP")]
    said = ended(one_product, load, monkeypatch, capsys)
    assert "there is no room left for the database" in said
    assert ROOM in said
    assert run("data", "status", env=one_product).stdout == before
    assert "all sound" in run("verify", env=one_product).stdout
