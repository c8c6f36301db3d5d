"""The rules of CONTRIBUTING.md that a machine can check."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for folder in ("sdmx_server", "loaders")
    for path in (ROOT / folder).rglob("*.py")
    if path.parent.name != "versions"  # a migration is a list of statements, however long
)


NOT_SHIPPED = sorted(
    path
    for folder in ("tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*MODULES, *NOT_SHIPPED], ids=named)
def test_modules_stay_small(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines < 400, f"{named(path)} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_functions_stay_small(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno
            assert length < 60, f"{named(path)}: {node.name} has {length} lines"


def test_imports_go_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_there_is_no_code_among_the_artefacts() -> None:
    stray = [p for folder in ("structures", "dataflows", "schemas") for p in (ROOT / folder).rglob("*.py")]
    assert stray == []


def test_test_modules_have_names_of_their_own() -> None:
    apart = ("browser", "r", "lake")  # these run by themselves
    modules = [p for p in (ROOT / "tests").rglob("test_*.py") if p.relative_to(ROOT).parts[1] not in (*apart, "npm")]
    names = Counter(path.name for path in modules)
    assert [name for name, count in names.items() if count > 1] == []
