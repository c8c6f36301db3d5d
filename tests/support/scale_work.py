"""What the product does with a large file, in a process of its own: ``python -m support.scale_work``.

``load URL STRUCTURES FILE DATAFLOW`` and ``export URL FOLDER DATAFLOW FORMAT...``. Each step prints one JSON line: its
name, seconds, seconds of CPU, and the peak of the process's memory during it in MB, mapped files aside.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.timing import forget_peak, own_megabytes
from sdmx_server.config import Settings
from sdmx_server.wiring import build
from support.in_process import built, silent


def _measured(name: str, work: Callable[[], None]) -> None:
    forget_peak()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    used = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    print(json.dumps({"name": name, **used, "peak_mb": own_megabytes()}), flush=True)


def load(url: str, structures: str, file: str, dataflow: str) -> None:
    """Create the database, register the artefacts, load the file with all checks."""
    server = built(Path(file).parent, url)
    server.import_structures([Path(structures)], silent)
    _measured("load", lambda: print(server.load_data(Path(file), dataflow, False, silent).summary(), file=sys.stderr))


def export(url: str, folder: str, dataflow: str, *formats: str) -> None:
    """Export everything in each of the formats; the files are called like them."""
    server = build(Settings(database_url=url, data_dir=Path(folder)))

    def write(name: str) -> None:
        with (Path(folder) / name).open("wb") as file:
            for chunk in server.export_data(dataflow, name):
                file.write(chunk)

    for name in formats:
        _measured(name, lambda name=name: write(name))  # type: ignore[misc]


if __name__ == "__main__":
    {"load": load, "export": export}[sys.argv[1]](*sys.argv[2:])
