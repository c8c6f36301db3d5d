"""Every product, exported as a message and loaded again, is what it was; the message names its dataflow itself."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest
from support.in_process import built, silent
from support.live import COMMAND, bootstrapped, run

from sdmx_server.batches import WriteOptions
from sdmx_server.errors import NotFound, Refused, SdmxServerError
from sdmx_server.formats import FORMATS
from sdmx_server.formats.api import Format
from sdmx_server.query.data import DataQuery
from sdmx_server.query.paths import parse_data_path
from sdmx_server.wiring import Server

FLOWS = ("CENSUS_COUNTY", "CENSUS_POP", "CPI", "HOUSEHOLDS", "LFS_POP", "VITAL")
MESSAGES = {f.name: f for f in FORMATS if f.kind == "data" and f.generation and not f.name.endswith("draft-data")}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    made = built(tmp_path_factory.mktemp("messages"))
    made.bootstrap(silent)
    return made


def exported(server: Server, flow: str, chosen: Format) -> bytes:
    opened = server.data.open(DataQuery(path=parse_data_path(f"dataflow/SCI/{flow}/1.0.0")))
    try:
        message = opened.message()
        assert message is not None
        assert chosen.write_data is not None
        return b"".join(chosen.write_data(message, WriteOptions()))
    finally:
        opened.close()


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("name", MESSAGES)
def test_messages_of_every_format_change_nothing(server: Server, tmp_path: Path, name: str, flow: str) -> None:
    """Those of 2.1 hold one language of a text; the others that are in the store stay."""
    file = tmp_path / "message"
    file.write_bytes(exported(server, flow, MESSAGES[name]))
    report = server.load_data(file, None, False, silent)
    assert report.dataflow.short == f"SCI:{flow}(1.0.0)"
    assert report.rows > 3
    assert "nothing has changed" in report.summary()


def test_one_figure_changes_in_a_message(server: Server, tmp_path: Path) -> None:
    """194,078 divorces in 1403; a message that says otherwise changes that figure and nothing else."""
    text = exported(server, "VITAL", MESSAGES["sdmx-ml-3.1-data"]).decode()
    assert text.count('"194078"') == 1
    file = tmp_path / "vital.xml"
    file.write_text(text.replace('"194078"', '"194079"'), "utf-8")
    commit = server.load_data(file, None, False, silent).commit
    assert commit is not None
    assert (commit.inserted, commit.updated, commit.deleted) == (0, 1, 0)
    assert '"194079"' in exported(server, "VITAL", MESSAGES["sdmx-ml-3.0-data"]).decode()
    file.write_text(text, "utf-8")
    server.load_data(file, None, False, silent)


def test_a_message_of_something_else_is_told_so(server: Server, tmp_path: Path) -> None:
    text = exported(server, "VITAL", MESSAGES["sdmx-ml-3.1-data"]).decode()
    file = tmp_path / "other.xml"
    file.write_text(text.replace("SCI:VITAL(", "SCI:LOST("), "utf-8")
    with pytest.raises(NotFound, match="Dataflow SCI:LOST"):
        server.load_data(file, None, False, silent)
    file.write_text("<a/>", "utf-8")
    with pytest.raises(Refused, match="no SDMX-ML message"):
        server.load_data(file, None, False, silent)
    file.write_text("STRUCTURE,STRUCTURE_ID,OBS_VALUE\n", "utf-8")
    with pytest.raises(SdmxServerError, match="--dataflow"):
        server.load_data(file, None, False, silent)


def test_the_command_line_loads_a_message_by_its_content(server: Server, tmp_path: Path) -> None:
    env = bootstrapped(tmp_path / "own")
    file = tmp_path / "vital.data"
    file.write_bytes(gzip.compress(exported(server, "VITAL", MESSAGES["sdmx-ml-3.0-data"])))
    assert "nothing has changed" in run("data", "load", str(file), env=env).stdout
    with file.open("rb") as content:
        done = subprocess.run([COMMAND, "data", "load", "-"], stdin=content, env=env, capture_output=True, check=True)
    assert b"nothing has changed" in done.stdout
    file.write_text("<html></html>", "utf-8")
    for locale, word in (("fa_IR.UTF-8", "پذیرفته نشد"), ("en_GB.UTF-8", "Refused")):
        refused = run("data", "load", str(file), env={**env, "LC_ALL": "", "LC_MESSAGES": locale}, check=False)
        assert refused.returncode == 1
        assert word in refused.stderr
        assert "xml-not-sdmx" in refused.stderr
