"""SDMX-CSV data: what goes in is what an independent reader finds."""

from __future__ import annotations

import pytest
from support.cases import CASES, Case
from support.read_back import expected, read_csv, without_empty_texts

from sdmx_server.batches import WriteOptions
from sdmx_server.formats.sdmx_csv import FORMATS


def write(
    case: Case, at: str | None = None, version: str = "2.0.0", languages: tuple[str, ...] = (), **parameters: str
) -> bytes:
    writer = next(f.write_data for f in FORMATS if f.version == version)
    assert writer is not None
    return b"".join(writer(case.message(at), WriteOptions(parameters=parameters, languages=languages)))


@pytest.mark.parametrize("version", ["2.0.0", "2.1.0"])
@pytest.mark.parametrize("make", CASES, ids=lambda f: f.__name__)
def test_every_cell_is_read_back_in_every_row_order(make, version: str) -> None:
    case = make()
    for at in case.packagings:
        data = write(case, at, version)
        assert read_csv(data, case.schema) == without_empty_texts(expected(case)), at


def lines(data: bytes) -> list[str]:
    return data.decode().split("\r\n")


def test_the_plain_form() -> None:
    first, second, *_ = lines(write(CASES[3]()))
    assert first == "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,SEX,AGE,OBS_VALUE,UNIT,NOTE,OBS_STATUS"
    assert second == "dataflow,SCI:DF_CENSUS(1.0.0),I,IR,F,Y1,0,PERSONS,girls,"


def test_decimals_are_padded_where_that_loses_nothing() -> None:
    rows = [line.split(",") for line in lines(write(CASES[1]()))[1:-1]]
    assert [r[5] for r in rows][:5] == ["5.00", "5.125", "", "NaN", "INF"]
    assert rows[0][6:8] == ["9007199254740993", "100000000000000000000"]
    assert rows[1][7] == "0.0000000015"


def test_labels_name_puts_a_localised_column_after_each() -> None:
    first, second, *_ = lines(write(CASES[0](), labels="name", languages=("fa-IR",)))
    assert first.startswith("STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,FREQ,بُعد,REF_AREA,بُعد")
    assert second.startswith("dataflow,SCI:DF_PRICES(1.0.0),داده,I,M,ماهانه,IR,ایران,RICE,,2024-01,,12.5,,")


def test_labels_both_joins_code_and_name() -> None:
    text = write(CASES[0](), labels="both", languages=("fr",)).decode()
    assert '"SCI:DF_PRICES(1.0.0): PRICES, data"' in text
    assert ",M: Monthly,IR: Iran,RICE,2024-01,12.5," in text
    assert '"E: Estimated, ""about"""' in text
    assert write(CASES[1](), labels="both").decode().count('"A: Normal;E: Estimated, ""about"""') == 1


def test_keys_and_normalized_time() -> None:
    first, second, *rest = lines(write(CASES[0](), keys="both", timeFormat="normalized"))
    assert first.startswith("STRUCTURE,STRUCTURE_ID,ACTION,SERIES_KEY,OBS_KEY,FREQ")
    assert second.startswith("dataflow,SCI:DF_PRICES(1.0.0),I,M.IR.RICE,M.IR.RICE.2024-01-01,M,IR,RICE,2024-01-01,12.5")
    assert any("A.IR-07.RICE.1402-01-01," in line for line in rest)
    assert lines(write(CASES[3](), at="SEX", keys="series"))[1].startswith(
        "dataflow,SCI:DF_CENSUS(1.0.0),I,IR.Y1,IR,F,Y1"
    )


def test_several_structures_share_one_table() -> None:
    prices, census = CASES[0](), CASES[3]()
    message = prices.message()
    both = message.__class__(header=message.header, parts=(*message.parts, census.part("AllDimensions")))
    data = b"".join(FORMATS[0].write_data(both, WriteOptions()))  # type: ignore[misc]
    head, *rows = data.split(b"\r\ndataflow,SCI:DF_CENSUS")
    assert read_csv(head, prices.schema) == without_empty_texts(expected(prices))
    again = data.split(b"\r\n")[0] + b"\r\ndataflow,SCI:DF_CENSUS" + b"\r\ndataflow,SCI:DF_CENSUS".join(rows)
    assert read_csv(again, census.schema) == expected(census)


def test_actions_follow_the_generation() -> None:
    case = CASES[3]()
    assert lines(write(case, version="2.1.0"))[1].startswith("dataflow,SCI:DF_CENSUS(1.0.0),R,")
    part = case.part()
    for changes, letter in (({"partial": True}, "M"), ({"action": "Delete"}, "D")):
        values = {name: getattr(part, name) for name in part.__struct_fields__} | changes
        message = case.message().__class__(header=case.message().header, parts=(part.__class__(**values),))
        text = b"".join(FORMATS[0].write_data(message, WriteOptions()))  # type: ignore[misc]
        assert lines(text)[1].startswith(f"dataflow,SCI:DF_CENSUS(1.0.0),{letter},")


def test_rows_come_out_batch_by_batch() -> None:
    part = CASES[0]().part(batch=2)
    message = CASES[0]().message().__class__(header=CASES[0]().message().header, parts=(part,))
    chunks = FORMATS[0].write_data(message, WriteOptions())  # type: ignore[misc]
    next(chunks)
    assert [chunk.count(b"\r\ndataflow") + 1 for chunk in chunks] == [len(b) for b in part.dataset.batches()]
