"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from support import databases

pytest_plugins = ["support.live", "support.lake", "support.revised"]


@pytest.fixture(params=databases.KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine over a fresh database with all fixed tables: once on SQLite, once on PostgreSQL."""
    with databases.fresh_engine(request.param, tmp_path) as fresh:
        yield fresh


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over a fresh SQLite file with all fixed tables."""
    with databases.fresh_engine("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture
def postgresql_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine over a fresh PostgreSQL database with all fixed tables."""
    with databases.fresh_engine("postgresql", tmp_path) as fresh:
        yield fresh
