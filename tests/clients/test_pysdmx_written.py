"""Data messages that pysdmx writes are loaded: read from this server's answer, and nothing has changed by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pysdmx.io import get_datasets, write_sdmx
from pysdmx.io.format import Format
from support.in_process import built, silent
from support.shipped import ROOT

from sdmx_server.config import Settings
from sdmx_server.web.app import create_app
from sdmx_server.wiring import Server

NAME = "SCI:VITAL(1.0.0)"
FORMATS = [f for f in Format if f.name.startswith(("DATA_SDMX_CSV", "DATA_SDMX_ML"))]
"""pysdmx has no writer of data in SDMX-JSON."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    made = built(tmp_path_factory.mktemp("vital"))
    made.import_structures([ROOT / "structures"], silent)
    made.load_data(ROOT / "dataflows" / "VITAL", None, False, silent)
    return made


@pytest.fixture(scope="module")
def messages(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The data in SDMX-ML 2.1, and their structure; references by wildcard are beyond pysdmx, so they are exact."""
    folder = tmp_path_factory.mktemp("answers")
    data, structure = folder / "data.xml", folder / "structure.xml"
    data.write_bytes(b"".join(server.export_data(NAME, "xml-2.1-structure-specific")))
    client = create_app(Settings(data_dir=folder), server).test_client()
    answer = client.get(
        "/sdmx/v2/structure/dataflow/SCI/VITAL/1.0.0?references=descendants",
        headers={"Accept": "application/vnd.sdmx.structure+xml;version=3.0.0"},
    )
    assert answer.status_code == 200
    structure.write_bytes(answer.data.replace(b"(1.0+.0)", b"(1.0.0)"))
    return data, structure


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda chosen: chosen.name)
def test_what_pysdmx_writes_is_loaded(
    server: Server, messages: tuple[Path, Path], tmp_path: Path, chosen: Format
) -> None:
    data, structure = messages
    sets = get_datasets(str(data), str(structure))
    assert sum(int(v) for v in sets[0].data["OBS_VALUE"]) == 979_923 + 458_848 + 470_372 + 194_078
    file = tmp_path / "message"
    write_sdmx(sets, chosen, output_path=str(file))
    assert "nothing has changed" in server.load_data(file, None, False, silent).summary()
    text = file.read_text("utf-8")
    assert text.count("194078") == 1
    file.write_text(text.replace("194078", "194079"), "utf-8")
    commit = server.load_data(file, None, False, silent).commit
    assert commit is not None
    assert (commit.inserted, commit.updated, commit.deleted) == (0, 1, 0)
    file.write_text(text, "utf-8")
    server.load_data(file, None, False, silent)
