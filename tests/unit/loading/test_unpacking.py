"""Packed files are read as what is in them; damaged, endless and several ones are findings."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from pathlib import Path

import pytest
from support.loading import Loaded, places, structure

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.loaders import named_structures, recognised
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.reference import Reference

CSV = (
    "STRUCTURE,STRUCTURE_ID,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"
    "dataflow,SCI:T(1.0.0): Test,A,IR,_T,2016,79926270\n"
).encode()
FLOW = Reference(kind="Dataflow", agency="SCI", id="T", version="1.0.0")


def zipped(*members: str, content: bytes = CSV) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("folder")
        for member in members:
            archive.writestr(member, content)
    return made.getvalue()


PACKED = {"plain": CSV, "gzip": gzip.compress(CSV), "bzip2": bz2.compress(CSV), "zip": zipped("folder/data.csv")}


def load(tmp_path: Path, content: bytes, **limits: int) -> Loaded:
    path = tmp_path / "given"
    path.write_bytes(content)
    return Loaded(FileJob(path=path), structure(), limits=Limits(**limits))


def refused(tmp_path: Path, content: bytes, **limits: int) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as caught:
        load(tmp_path, content, **limits)
    return [place[:2] for place in places(caught.value)]


@pytest.mark.parametrize("kind", PACKED)
def test_packed_files_are_read_as_what_is_in_them(tmp_path: Path, kind: str) -> None:
    loaded = load(tmp_path, PACKED[kind])
    assert [row["OBS_VALUE"] for row in loaded.rows] == [79926270.0]
    assert named_structures(tmp_path / "given", Limits()) == (FLOW,)


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "zip"])
def test_damaged_ones_are_told(tmp_path: Path, kind: str) -> None:
    assert refused(tmp_path, PACKED[kind][:-9]) == [("archive-damaged", "given")]
    assert named_structures(tmp_path / "given", Limits()) == ()


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    endless = b"STRUCTURE" * 500_000
    for content in (gzip.compress(endless), bz2.compress(endless), zipped("data.csv", content=endless)):
        assert refused(tmp_path, content, file_bytes=1_000_000) == [("file-too-large", "given")]


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped("a.csv", "b.csv")) == [("archive-files", "given")]
    assert refused(tmp_path, zipped()) == [("archive-files", "given")]


def test_a_workbook_is_no_archive_and_needs_a_recipe(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped("[Content_Types].xml", "xl/workbook.xml"))[0][0] != "archive-files"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<?xml version='1.0'?><a/>", "sdmx-ml"),
        ("\ufeff<a/>".encode(), "sdmx-ml"),
        ("<a/>".encode("utf-16"), "sdmx-ml"),
        ("<a/>".encode("utf-16-be"), "sdmx-ml"),
        (b'\n {"meta": {}}', "sdmx-json"),
        (CSV, "sdmx-csv"),
        (b"DATAFLOW,FREQ\n", "sdmx-csv"),
        (b"anything else", "sdmx-csv"),
        (b"", "sdmx-csv"),
    ],
)
def test_the_loader_is_chosen_by_content(tmp_path: Path, head: bytes, name: str) -> None:
    path = tmp_path / "given.xls"
    path.write_bytes(head)
    assert recognised(path).name == name
    assert recognised(tmp_path / "not there").name == "sdmx-csv"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DATAFLOW;FREQ\nSCI:T(1.0.0);A\n", (FLOW,)),
        ("STRUCTURE[;],STRUCTURE_ID,FREQ\ndataflow,SCI:T(1.0.0),A\n", (FLOW,)),
        ("STRUCTURE,STRUCTURE_ID,FREQ\n", ()),
        ("STRUCTURE,STRUCTURE_ID,FREQ\nsomething,else\n", ()),
        ("other,head\n1,2\n", ()),
        ("<a/>", ()),
    ],
)
def test_what_a_message_names(tmp_path: Path, text: str, found: tuple[Reference, ...]) -> None:
    path = tmp_path / "given"
    path.write_text(text, "utf-8")
    assert named_structures(path, Limits()) == found
