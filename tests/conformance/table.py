"""docs/conformance.md from the marks of the tests: ``python -m tests.conformance.table`` writes it.

A test proves an item by ``@pytest.mark.proves("v2 data: offset", ...)``. The marks are read from the sources of the
tests, so that no test needs to run, nor a server to start.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from . import items

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs/conformance.md"
COMMAND = "python -m tests.conformance.table"
NOT_SHOWN = "not shown"
_TITLES = {"v1": "REST 1.5.0 (`/sdmx/v1`)", "v2": "REST 2.2.2 (`/sdmx/v2`)"}


def marks() -> dict[str, list[str]]:
    """Item -> the tests that claim to prove it, as ``path::name``, in the order of paths; unknown items included."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        where = path.relative_to(ROOT).as_posix()
        for test, item in _marks_of(path.read_text(encoding="utf-8"), where):
            found.setdefault(item, []).append(f"{where}::{test}")
    return found


def _marks_of(source: str, where: str) -> Iterator[tuple[str, str]]:
    """Pairs of test and item of one module; a mark may stand on the test, or on one parameter of it."""
    if ".mark.proves(" not in source:
        return
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for call in (part for decorator in node.decorator_list for part in ast.walk(decorator)):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("mark.proves"):
                for argument in call.args:
                    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                        raise ValueError(f"{where}:{argument.lineno}: an item is written out, as a plain text")
                    yield node.name, argument.value


def text() -> str:
    """The whole document."""
    proofs = marks()
    names = items.names()
    shown = sum(name in proofs for name in names)
    lines = [
        "# Conformance",
        "",
        "Every path part, parameter and value of SDMX REST 1.5.0 and 2.2.2, and the tests that prove that it works.",
        f"Written by `{COMMAND}` from the marks of the tests; `{NOT_SHOWN}`: no test says so, so neither do we.",
        "`{id}` stands for one id, `A,B` (1.5.0: `A+B`) for several; `refused: ...` is to be answered by an error.",
        "",
        f"{shown} of {len(names)} items are shown.",
    ]
    for version, areas in items.SPECIFICATION.items():
        lines += ["", f"## {_TITLES[version]}"]
        for area in (area for area in items.AREAS if area in areas):
            lines += ["", f"### {area.capitalize() if area != 'http' else 'HTTP'}", "", *_area(version, area, proofs)]
    return "\n".join(lines) + "\n"


def _area(version: str, area: str, proofs: dict[str, list[str]]) -> Iterator[str]:
    yield "| parameter | value | proven by |"
    yield "|---|---|---|"
    for parameter, values in items.SPECIFICATION[version][area].items():
        for name in items.of_parameter(version, area, parameter, values):
            value = name.removeprefix(f"{version} {area}: {parameter}").removeprefix("=")
            tests = sorted(set(proofs.get(name, ())))
            proof = ", ".join(_link(test) for test in tests) or NOT_SHOWN
            yield f"| {parameter} | {f'`{value}`' if value else ''} | {proof} |"


def _link(test: str) -> str:
    path, name = test.split("::")
    return f"[{name}](../{path})"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
