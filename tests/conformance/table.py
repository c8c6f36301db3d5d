"""docs/conformance.md from the marks of the tests: ``python -m tests.conformance.table`` writes it.

A test proves an item by ``@pytest.mark.proves("v2 data: offset", ...)``; a parameter of a test may have marks as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from . import items
from .not_offered import NOT_OFFERED

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/conformance.md"
COMMAND = "python -m tests.conformance.table"
NOT_SHOWN = "not shown"
_TITLES = {"v1": "REST 1.5.0 (`/sdmx/v1`)", "v2": "REST 2.2.2 (`/sdmx/v2`)"}


@cache
def marks() -> dict[str, list[str]]:
    """Item -> the tests that claim to prove it, as ``path::name``, in the order of paths; unknown items included.

    pytest collects the modules that have marks, so that marks may be computed; no test runs.
    """
    modules = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if _has_marks(path)]
    with tempfile.TemporaryDirectory() as folder:
        proofs = Path(folder) / "proofs.json"
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--collect-only", *_PLUGINS, *modules],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(_path()), "PROOFS": str(proofs)},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise RuntimeError(f"the tests cannot be collected:\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
        found: dict[str, list[str]] = {}
        for test, item in json.loads(proofs.read_text(encoding="utf-8")):
            found.setdefault(item, []).append(test)
    return found


_PLUGINS = ("-p", "conformance.collecting", "-p", "no:cacheprovider")


def _path() -> list[str]:
    """Where the plugin is found before pytest has read its settings."""
    return [str(ROOT / "tests"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]


def _has_marks(path: Path) -> bool:
    return "node_modules" not in path.parts and ".mark.proves(" in path.read_text(encoding="utf-8")


def text() -> str:
    """The whole document."""
    proofs = marks()
    names = items.names()
    left_out = sum(name in NOT_OFFERED for name in names)
    shown = sum(name in proofs for name in names if name not in NOT_OFFERED)
    lines = [
        "# Conformance",
        "",
        "Every path part, parameter and value of SDMX REST 1.5.0 and 2.2.2, and the tests that prove that it works.",
        f"Written by `{COMMAND}` from the marks of the tests; `{NOT_SHOWN}`: no test says so, so neither do we.",
        "`{id}` stands for one id, `A,B` (1.5.0: `A+B`) for several; `refused: ...` is to be answered by an error.",
        "",
        f"Of {len(names)} items {shown} are shown to work and {left_out} are not offered; those stand, with what is "
        "answered instead, at the end of their version.",
    ]
    for version, areas in items.SPECIFICATION.items():
        lines += ["", f"## {_TITLES[version]}"]
        for area in (area for area in items.AREAS if area in areas):
            if rows := list(_area(version, area, proofs)):
                lines += ["", f"### {_heading(area)}", "", "| parameter | value | proven by |", "|---|---|---|", *rows]
        lines += ["", "### Not offered", "", "| parameter | value | what is answered | shown by |", "|---|---|---|---|"]
        lines += [row for area in items.AREAS if area in areas for row in _area(version, area, proofs, offered=False)]
    return "\n".join(lines) + "\n"


def _heading(area: str) -> str:
    return area.capitalize() if area != "http" else "HTTP"


def _area(version: str, area: str, proofs: dict[str, list[str]], *, offered: bool = True) -> Iterator[str]:
    """The rows of what is offered, or of what is not."""
    for parameter, values in items.SPECIFICATION[version][area].items():
        for name in items.of_parameter(version, area, parameter, values):
            if (name not in NOT_OFFERED) != offered:
                continue
            value = name.removeprefix(f"{version} {area}: {parameter}").removeprefix("=")
            tests = sorted(set(proofs.get(name, ())))
            proof = ", ".join(_link(test) for test in tests) or NOT_SHOWN
            what = parameter if offered else f"{_heading(area)}: {parameter}"
            cells = (what, f"`{value}`" if value else "", *((NOT_OFFERED[name],) if not offered else ()), proof)
            yield f"| {' | '.join(cells)} |"


def _link(test: str) -> str:
    path, name = test.split("::")
    return f"[{name}](../{path})"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
