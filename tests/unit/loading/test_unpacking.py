"""Packed files are read as what is in them; damaged, endless and several ones are findings."""

from __future__ import annotations

import bz2
import gzip
import io
import zipfile
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, ClassVar

import pytest
from support.loading import Loaded, places, structure

from sdmx_server.errors import Refused
from sdmx_server.loading.api import Limits
from sdmx_server.loading.loaders import GROUP, named_structures, recognised
from sdmx_server.loading.prepare import FileJob
from sdmx_server.model.reference import Reference

CSV = (
    b"STRUCTURE,STRUCTURE_ID,FREQ,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"
    b"dataflow,SCI:T(1.0.0): Test,A,IR,_T,2016,79926270\n"
)
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
    with pytest.raises(Refused) as caught:
        named_structures(tmp_path / "given", Limits())
    assert [p.code for p in caught.value.problems] == ["archive-damaged"]


def test_what_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    endless = b"STRUCTURE" * 500_000
    for content in (gzip.compress(endless), bz2.compress(endless), zipped("data.csv", content=endless)):
        assert refused(tmp_path, content, file_bytes=1_000_000) == [("file-too-large", "given")]


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped("a.csv", "b.csv")) == [("archive-files", "given")]
    assert refused(tmp_path, zipped()) == [("archive-files", "given")]


def test_a_workbook_is_no_archive_and_needs_a_recipe(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped("[Content_Types].xml", "xl/workbook.xml")) == [("needs-recipe", "given")]
    with pytest.raises(Refused) as caught:
        named_structures(tmp_path / "given", Limits())
    assert [(p.code, p.value) for p in caught.value.problems] == [("needs-recipe", "excel")]


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
    ],
)
def test_what_a_message_names(tmp_path: Path, text: str, found: tuple[Reference, ...]) -> None:
    path = tmp_path / "given"
    path.write_text(text, "utf-8")
    assert named_structures(path, Limits()) == found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"other,head\n1,2\n", "not-sdmx-csv"),
        (b"\x89PNG\r\n\x1a\n\x00", "encoding"),
        (b"<!DOCTYPE html><html></html>", "xml-not-sdmx"),
        (b"<!DOCTYPE a SYSTEM 'file:///a.dtd'><a/>", "xml-doctype"),
        (b"<html><body>Not found</body></html>", "xml-not-sdmx"),
        (b"<a>" * 100_000, "xml-not-sdmx"),
        (b"[" * 100_000, "json-depth"),
        (b'{"errors": [{"code": 100, "title": "No results found"}]}', "json-error-message"),
        (b'{"data": {"dataSets": [', "json-truncated"),
        (zipped("a.csv", "b.csv"), "archive-files"),
    ],
)
def test_a_file_that_names_nothing_because_it_is_no_message_is_told_what_it_is(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        named_structures(path, Limits())
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == (code, "given")
    assert problem.texts["fa"] != problem.texts["en"]


class Foreign:
    name = "zz"
    options_schema: ClassVar[dict[str, str]] = {"type": "object"}

    def recognises(self, head: bytes) -> bool:
        return b"<Foreign" in head


def test_loaders_of_others_are_asked_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours take any XML, whatever it is."""
    points = [*entry_points(group=GROUP), EntryPoint("zz", f"{__name__}:Foreign", GROUP)]
    monkeypatch.setattr("sdmx_server.loading.loaders.entry_points", lambda group: points)
    monkeypatch.setattr(EntryPoint, "load", _loaded(EntryPoint.load))
    path = tmp_path / "given"
    path.write_bytes(b"<Foreign/>")
    assert recognised(path).name == "zz"
    path.write_bytes(b"<Other/>")
    assert recognised(path).name == "sdmx-ml"


def _loaded(ours: Callable[[EntryPoint], Any]) -> Callable[[EntryPoint], Any]:
    return lambda point: Foreign if point.name == "zz" else ours(point)
