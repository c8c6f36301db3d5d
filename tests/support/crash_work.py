"""Loads one revision after the other until it is killed: ``python -m support.crash_work URL FOLDER DATAFLOW FIRST``.

It prints the number of each revision when its load was acknowledged.
"""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

from sdmx_server.config import Settings
from sdmx_server.wiring import Server, build
from support import programs, revisions
from support.in_process import silent


def load(server: Server, folder: Path, flow: str, n: int) -> None:
    """Load revision ``n`` as a user does."""
    file = folder / f"{flow}.csv"
    revisions.write(file, flow, n)
    server.load_data(file, f"BENCH:{flow}(1.0.0)", False, silent)


def started(url: str, folder: Path, flow: str, first: int) -> subprocess.Popen[str]:
    """This program as a process of its own."""
    return programs.started("support.crash_work", url, folder, flow, first)


def main(url: str, folder: str, flow: str, first: str) -> None:
    """Load without end."""
    server = build(Settings(database_url=url, data_dir=Path(folder)))
    for n in count(int(first)):
        load(server, Path(folder), flow, n)
        print(n, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
