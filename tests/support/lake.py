"""Parquet exports of all shipped products in one folder, as a lake engine reads them, and what must be found there."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from support.asking import PRODUCTS
from support.live import run

ROOT = Path(__file__).resolve().parents[2]
KEPT = {"CPI": slice(2, None), "HOUSEHOLDS": slice(1, 4), "LFS_POP": slice(3, None), "VITAL": slice(3, None)}
"""Products whose source files hold every figure that is disseminated, and the columns of figures."""

POPULATION = {"1385": 70_495_782, "1390": 75_149_669, "1395": 79_926_270}
"""Iran's population in the censuses, as the Statistical Centre of Iran has published it."""


class Figures(msgspec.Struct, frozen=True):
    """How many figures there are, and their sum."""

    count: int
    total: Decimal


def in_sources(product: str) -> Figures:
    """The figures in the source files of a product."""
    found = list(_cells(ROOT / "dataflows" / product / "source", KEPT[product]))
    return Figures(len(found), sum(found, Decimal(0)))


def _cells(folder: Path, kept: slice) -> Iterator[Decimal]:
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            _, *rows = csv.reader(file)
        yield from (Decimal(cell) for row in rows for cell in row[kept] if cell)


@pytest.fixture(scope="session")
def lake(products: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every product exported to ``product=<id>/all.parquet``, as lake engines lay partitions out."""
    folder = tmp_path_factory.mktemp("lake")
    for product in PRODUCTS:
        into = folder / f"product={product}"
        into.mkdir()
        run(
            "data",
            "export",
            f"SCI:{product}(1.0.0)",
            "--format",
            "parquet",
            "-o",
            str(into / "all.parquet"),
            env=products,
        )
    return folder
