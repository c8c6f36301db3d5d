"""Messages are printed to the byte as the golden files have them, and the files hold every cell of their case."""

from __future__ import annotations

import pytest
from support.cases import Case
from support.golden import FOLDER, goldens, printed
from support.read_back import Cells, expected, read_csv, read_json, read_xml

from sdmx_server.formats.api import Format

READERS = {"csv": read_csv, "json": read_json, "xml": read_xml}
GOLDENS = list(goldens())


def without_empty_texts(cells: Cells) -> Cells:
    """CSV readers do not tell an empty text from no value."""
    return {key: {n: v for n, v in found.items() if v != ""} for key, found in cells.items()}


@pytest.mark.parametrize(("name", "form", "case", "at"), GOLDENS, ids=[g[0] for g in GOLDENS])
def test_golden(name: str, form: Format, case: Case, at: str | None) -> None:
    kept = (FOLDER / name).read_bytes()
    assert printed(form, case, at) == kept
    cells = expected(case) if form.extension != "csv" else without_empty_texts(expected(case))
    assert READERS[form.extension](kept, case.schema) == cells


def test_no_golden_file_is_forgotten() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {g[0] for g in GOLDENS}
