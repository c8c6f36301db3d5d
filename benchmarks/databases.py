"""A fresh SQLite file, and a fresh database of a PostgreSQL server: Debian's where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from sdmx_server.store.database import normalise_url

PORT = 54_331


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return found[-1] if found else None


def _as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server of our own, or of ``SDMX_BENCH_DATABASE_URL``."""
    if given := os.environ.get("SDMX_BENCH_DATABASE_URL"):
        yield given
        return
    programs = _binaries()
    if programs is None:
        raise SystemExit("no PostgreSQL is installed; name a server in SDMX_BENCH_DATABASE_URL, or leave it out")
    folder.mkdir()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        for parent in folder.parents:  # a temporary folder of root's is closed to others
            if parent.stat().st_mode & 0o001 == 0:
                parent.chmod(parent.stat().st_mode | 0o711)
    data, log = folder / "data", folder / "log"
    options = f"-p {PORT} -k {folder} -c listen_addresses=127.0.0.1"
    initialise = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
    start = [programs / "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start"]
    subprocess.run(_as_postgres(list(map(str, initialise))), check=True, stdout=subprocess.DEVNULL)
    subprocess.run(_as_postgres(list(map(str, start))), check=True, stdout=subprocess.DEVNULL)
    try:
        yield f"postgresql://postgres@127.0.0.1:{PORT}/postgres"
    finally:
        stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run(_as_postgres(list(map(str, stop))), check=False, stdout=subprocess.DEVNULL)


def fresh(kind: str, server: str | None, folder: Path, name: str) -> str:
    """The URL of an empty database."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    assert server is not None
    engine = sa.create_engine(normalise_url(server), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)
