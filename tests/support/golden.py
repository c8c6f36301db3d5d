"""Golden messages: what the writers print for each case, kept as files so that every change of it is seen.

``python -m support.golden`` (in the folder ``tests``) writes them anew; look at the difference before committing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sdmx_server.batches import WriteOptions
from sdmx_server.formats import FORMATS
from sdmx_server.formats.api import Format
from support.cases import CASES, Case

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "data"
_CROSS = {"prices": "REF_AREA", "census": "SEX"}


def goldens() -> Iterator[tuple[str, Format, Case, str | None]]:
    """File name, format, case and dimension at the observation (None = the default)."""
    for make in CASES:
        case = make()
        for form in FORMATS:
            only_time = "time-series" in form.name
            if form.write_data is not None and form.name.startswith("sdmx-") and (case.schema.time or not only_time):
                yield f"{case.name}.{form.name}.{form.extension}", form, case, None
                if form.extension != "csv" and not only_time and case.name in _CROSS:
                    yield f"{case.name}.cross.{form.name}.{form.extension}", form, case, _CROSS[case.name]
                if form.extension != "csv" and not only_time and case.name == "prices":
                    yield f"{case.name}.flat.{form.name}.{form.extension}", form, case, "AllDimensions"


def printed(form: Format, case: Case, at: str | None) -> bytes:
    """The message as the writer prints it now."""
    assert form.write_data is not None
    return b"".join(form.write_data(case.message(at), WriteOptions()))


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, form, case, at in goldens():
        (FOLDER / name).write_bytes(printed(form, case, at))
