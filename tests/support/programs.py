"""Modules of the tests that run as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def command(module: str, *arguments: object) -> list[str]:
    """The command line that runs a module of the tests."""
    return [sys.executable, "-m", module, *map(str, arguments)]


def surroundings() -> dict[str, str]:
    """The environment of such a process: where modules are found, and no settings of a server."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SDMX_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


def started(module: str, *arguments: object) -> subprocess.Popen[str]:
    """The module as a running process, whose output comes line by line."""
    return subprocess.Popen(
        command(module, *arguments),
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
