"""The short names of formats."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.live import environment, run

from sdmx_server.errors import SdmxServerError
from sdmx_server.formats import FORMATS
from sdmx_server.formats.names import format_named, short_name, writable


@pytest.mark.parametrize("kind", ["data", "structure"])
def test_every_format_has_a_name_of_its_own(kind: str) -> None:
    able = [f for f in FORMATS if f.kind == kind and (f.write_data or f.write_structures)]
    assert list(writable(kind).values()) == able
    assert all(format_named(short_name(f), kind) is f for f in able)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("csv", "data", "sdmx-csv-2.1-data"),
        ("csv-1.0", "data", "sdmx-csv-1.0-data"),
        ("json", "data", "sdmx-json-2.1-data"),
        ("json-draft", "data", "sdmx-json-draft-data"),
        ("xml", "data", "sdmx-ml-3.1-data"),
        ("xml-3", "data", "sdmx-ml-3.1-data"),
        ("xml-2.1", "data", "sdmx-ml-2.1-generic-data"),
        ("xml-2.1-structure-specific", "data", "sdmx-ml-2.1-structure-specific-data"),
        ("xml-2.1-structure-specific-time-series", "data", "sdmx-ml-2.1-structure-specific-time-series-data"),
        ("parquet", "data", "parquet-data"),
        ("xlsx", "data", "xlsx-data"),
        ("xml-2.1", "structure", "sdmx-ml-2.1-structure"),
    ],
)
def test_names(name: str, kind: str, expected: str) -> None:
    assert format_named(name, kind).name == expected


@pytest.mark.parametrize("name", ["", "pdf", "xm", "xml-9", "xml-2.1-gen", "parquet-"])
def test_an_unknown_name_is_answered_with_those_that_there_are(name: str) -> None:
    with pytest.raises(SdmxServerError) as caught:
        format_named(name, "data")
    assert all(known in str(caught.value) for known in writable("data"))


@pytest.mark.parametrize(("group", "kind"), [("data", "data"), ("structures", "structure")])
def test_the_command_line_explains_all_names(group: str, kind: str, tmp_path: Path) -> None:
    text = run(group, "export", "--help", env=environment(tmp_path)).stdout
    names = {word.strip(",;.") for word in text.split()}
    assert set(writable(kind)) <= names, set(writable(kind)) - names
