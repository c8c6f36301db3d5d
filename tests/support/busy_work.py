"""Several writers in one process: ``python -m support.busy_work URL FOLDER NUMBER WRITERS ROUNDS``.

Half of them have a dataflow each, and load one known revision after the other (``support.revisions``); the others share
one with those of all processes, where each counts up the values of a series of its own.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sdmx_server.config import Settings
from sdmx_server.wiring import Server, build
from support import revisions
from support.crash_work import load
from support.in_process import silent

SHARED = "SHARED"


def own_flow(process: int, writer: int) -> str:
    """The dataflow of one writer."""
    return f"OWN_{process}_{writer}"


def load_series(server: Server, folder: Path, series: list[int], n: int) -> None:
    """Give series of the shared dataflow the value ``n``, all others staying as they are."""
    file = folder / f"{SHARED}-{series[0]}.csv"
    revisions.write_series(file, SHARED, series, n)
    server.load_data(file, f"BENCH:{SHARED}(1.0.0)", False, silent)


def main(url: str, where: str, process: str, writers: str, rounds: str) -> None:
    """Begin with the second revision: the first one is there."""
    server, folder = build(Settings(database_url=url, data_dir=Path(where))), Path(where)
    number, size, numbers = int(process), int(writers), range(2, int(rounds) + 2)

    def own(writer: int) -> None:
        for n in numbers:
            load(server, folder, own_flow(number, writer), n)

    def shared(writer: int) -> None:
        for n in numbers:
            load_series(server, folder, [number * size + writer], n)

    with ThreadPoolExecutor(2 * size) as threads:
        done = [threads.submit(work, writer) for writer in range(size) for work in (own, shared)]
    for one in done:
        one.result()
    server.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
