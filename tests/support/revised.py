"""A server whose consumer prices were revised twice, and the moments in between."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from .asking import DATA_TYPES, ask
from .clock import moment_between
from .live import environment, run, serving

CSV = DATA_TYPES[4]
FLOW = "/dataflow/SCI/CPI/1.0.0"
NAME = "SCI:CPI(1.0.0)"
KEY = ("FREQ", "REF_AREA", "RESIDENCE", "ITEM", "TRANSFORMATION", "BASE_PER", "TIME_PERIOD")
HEAD = f"STRUCTURE,STRUCTURE_ID,ACTION,{','.join(KEY)},OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS\n"
GENERAL, SERVICES, HEALTH = (f"M,IR,U,{item},N,B1395" for item in ("_T", "SERV", "CP06"))
FIRST = (
    f"M,{GENERAL},2002-03-21/P31D,10.7,A,,",
    f"M,{GENERAL},2002-04-21/P31D,10.8,E,,",
    f"D,{GENERAL},2002-05-22/P31D,,,,",
    f"D,{HEALTH},,,,,",
    f"M,{SERVICES},,,,3,",
)
SECOND = (
    f"M,{GENERAL},2002-05-22/P31D,10.8521,A,,",
    f"M,{GENERAL},2002-04-21/P31D,10.9,E,,",
    f"D,{SERVICES},,,,,-",
    f"M,{GENERAL},2023-03-21/P31D,999.5,A,,",
)


class Revised(msgspec.Struct, frozen=True):
    """A server, and moments after each of its three disseminations."""

    base: str
    moments: tuple[str, str, str]

    def rows(self, query: str, accept: str = CSV) -> list[dict[str, str]]:
        """The rows of an answer in SDMX-CSV."""
        answer = ask(self.base, f"/data{FLOW}{query}", accept)
        assert answer.status_code in (200, 204), answer.text
        return list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))


def load_changes(folder: Path, env: dict[str, str], text: str) -> None:
    """Load a message of SDMX-CSV, which says in each row what is merged and what deleted."""
    file = folder / "changes.csv"
    file.write_text(text, "utf-8", newline="")
    run("data", "load", str(file), "--dataflow", NAME, env=env)


@pytest.fixture(scope="session")
def revised(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Revised]:
    """The products, with two revisions of the consumer prices; do not change its data."""
    folder = tmp_path_factory.mktemp("revised")
    shutil.copytree(products["SDMX_DATA_DIR"], folder / "data")
    env = environment(folder / "data")
    moments = [moment_between()]
    for rows in (FIRST, SECOND):
        lines = []
        for row in rows:
            action, _, rest = row.partition(",")
            lines.append(f"dataflow,{NAME},{action},{rest}\n")
        load_changes(folder, env, HEAD + "".join(lines))
        moments.append(moment_between())
    with serving(env) as base:
        yield Revised(base, (moments[0], moments[1], moments[2]))
