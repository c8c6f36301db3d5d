"""Which reader a file is given to: by its first character, whatever encoding it is in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sdmx_server.errors import Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_metadata_file, read_structure_file

SMALL = (Path(__file__).resolve().parents[2] / "data" / "sdmx_ml" / "small_2_1.xml").read_text("utf-8")
JSON = json.dumps({"meta": {}, "data": {}})


def refusal(path: Path, content: bytes, reader=read_structure_file) -> str:
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        reader(path, FORMATS)
    return refused.value.problems[0].code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_xml_is_read_in_each_encoding_that_every_parser_knows(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "m.xml"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    path.write_bytes(mark + SMALL.replace('encoding="UTF-8"', "").encode(encoding))
    assert read_structure_file(path, FORMATS).artefacts


@pytest.mark.parametrize("reader", [read_structure_file, read_metadata_file])
def test_json_in_another_encoding_is_told_so(tmp_path: Path, reader) -> None:
    """Not that it is XML that was cut off."""
    assert refusal(tmp_path / "m.json", JSON.encode("utf-16"), reader) == "json.encoding"


def test_what_is_neither_is_told_so(tmp_path: Path) -> None:
    assert refusal(tmp_path / "m.txt", b"id,name\n") == "structure-not-a-message"
    assert refusal(tmp_path / "m.txt", b"id,name\n", read_metadata_file) == "metadata-not-a-message"
