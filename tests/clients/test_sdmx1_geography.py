"""sdmx1 reads the geographic codelists and grids that are written in SDMX-ML 3.0.

It does not read parents of codes and extensions there, which therefore are left out, nor what the features are.
"""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import sdmx
from sdmx.model import v30

from sdmx_server.formats.api import WriteOptions
from sdmx_server.formats.sdmx_ml.structure_reader import read_structures
from sdmx_server.formats.sdmx_ml.structure_writer import write_structures

FILE = Path(__file__).parents[1] / "data" / "sdmx_ml" / "geography_3_0.xml"


def test_codes_cells_and_the_grid_are_what_the_file_says() -> None:
    message = read_structures(io.BytesIO(FILE.read_bytes()), FILE.name)
    plain = [
        msgspec.structs.replace(
            one,
            extensions=(),
            items=tuple(msgspec.structs.replace(code, parent=None) for code in one.items),  # type: ignore[attr-defined]
        )
        for one in message.artefacts
    ]
    written = b"".join(
        write_structures(msgspec.structs.replace(message, artefacts=tuple(plain)), WriteOptions(), "3.0")
    )
    lists = sdmx.read_sdmx(io.BytesIO(written)).codelist
    stations, grid = lists["CL_STATION"], lists["CL_GRID"]
    assert isinstance(stations, v30.GeographicCodelist)
    assert [code.id for code in stations] == ["THR", "THR-2"]
    assert stations["THR"].name.localizations == {"en": "Tehran", "fa": "تهران"}
    assert isinstance(grid, v30.GeoGridCodelist)
    assert grid.grid_definition == "32639:LOWER_LEFT; 500000, 3900000; 10000, 10000: grid of Tehran"
    assert {code.id: code.geo_cell for code in grid} == {"C1": "1, 1: corner", "C2": "2, 1"}
