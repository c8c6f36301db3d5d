"""Messages are printed to the byte as the golden files have them, and the files hold every cell of their case."""

from __future__ import annotations

import pytest
from support.golden import FOLDER, goldens, printed
from support.read_back import expected, in_one_language, read_csv, read_json, read_xml, without_empty_texts

from sdmx_server.formats import lines

READERS = {"csv": read_csv, "json": read_json, "xml": read_xml}
ONE_LANGUAGE = ("sdmx-csv-1.0-data", "sdmx-json-draft-data")
GOLDENS = {name: rest for name, *rest in goldens()}


@pytest.mark.parametrize("few", [0, 512])
@pytest.mark.parametrize("name", GOLDENS)
def test_golden(name: str, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "FEW", few)  # small answers and bulk are put together by different means
    form, case, at = GOLDENS[name]
    kept = (FOLDER / name).read_bytes()
    assert printed(form, case, at) == kept
    cells = expected(case) if form.extension != "csv" else without_empty_texts(expected(case))
    found = READERS[form.extension](kept, case.schema)
    if form.name in ONE_LANGUAGE or form.name.startswith("sdmx-ml-2.1"):
        found, cells = in_one_language(found), in_one_language(cells)
    assert found == cells


def test_no_golden_file_is_forgotten() -> None:
    assert {p.name for p in FOLDER.iterdir()} == set(GOLDENS)
