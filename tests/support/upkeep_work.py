"""Rebuilds, prunes or restores until it is killed: ``python -m support.upkeep_work URL FOLDER WHAT ARGUMENT``.

``WHAT`` with its argument: ``rebuild`` a dataflow, ``prune`` before a moment, ``restore`` a file. It prints a line when
it begins, and another one when all is done.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sdmx_server.config import Settings
from sdmx_server.store import pruning
from sdmx_server.wiring import Server, build
from support import programs
from support.in_process import silent


def work(server: Server, what: str, argument: str) -> None:
    """Do it, as the command line does."""
    if what == "rebuild":
        server.rebuild(argument, silent)
    elif what == "prune":
        server.prune_history(None, argument, None, silent)
    else:
        server.restore(Path(argument), silent)


def started(url: str, folder: Path, what: str, argument: str) -> subprocess.Popen[str]:
    """This program as a process of its own."""
    return programs.started("support.upkeep_work", url, folder, what, argument)


def main(url: str, folder: str, what: str, argument: str) -> None:
    """Begin, and tell."""
    pruning.AT_ONCE = 1  # so that a few revisions take many transactions
    server = build(Settings(database_url=url, data_dir=Path(folder)))
    print("begun", flush=True)
    work(server, what, argument)
    print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
