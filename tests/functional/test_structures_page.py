"""The page on structures, in English and Persian: its commands print what it shows, its table names what there is."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.live import COMMAND, environment, run, serving

from sdmx_server.model.kinds import KINDS
from sdmx_server.query.paths import GEO_TYPES, STRUCTURE_TYPES
from sdmx_server.query.v1_paths import RESOURCES

ROOT = Path(__file__).resolve().parents[2]
ENGLISH, PERSIAN = (
    (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("structures.md", "structures.fa.md")
)
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", ENGLISH, re.DOTALL)
PRELUDE = next(text for kind, text in BLOCKS if kind == "sh")
FILE = next(text for kind, text in BLOCKS if kind == "json")


def commands() -> Iterator[tuple[str, str]]:
    """Each command with what the page shows below it."""
    for kind, text in BLOCKS:
        if kind == "console":
            for part in text.removeprefix("$ ").split("\n$ "):
                command, _, shown = part.partition("\n")
                yield command, shown.strip()


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """The page's functions for a server with the shipped structures, a folder with its file, and the environment."""
    env = environment(tmp_path_factory.mktemp("page"))
    run("structures", "import", str(ROOT / "structures"), env=env)
    folder = tmp_path_factory.mktemp("shell")
    (folder / "rates.json").write_text(FILE, encoding="utf-8")
    with serving(env, workers=1) as base:
        path = f"{COMMAND.parent}:{env['PATH']}"
        yield PRELUDE.replace("http://127.0.0.1:8000", base), folder, {**env, "PATH": path}


def test_the_commands_of_the_page_print_what_it_shows(shell: tuple[str, Path, dict[str, str]]) -> None:
    prelude, folder, env = shell
    found = list(commands())
    assert len(found) > 12
    for command, shown in found:
        done = subprocess.run(
            ["bash", "-c", prelude + command], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        assert done.stdout.strip() == shown, (command, done.stderr)


def test_the_persian_page_has_the_same_commands_and_kinds() -> None:
    assert re.findall(r"```(\w+)\n(.*?)```", PERSIAN, re.DOTALL) == BLOCKS
    assert rows(PERSIAN) == rows(ENGLISH)


def rows(page: str) -> list[tuple[frozenset[str], frozenset[str], bool]]:
    """The names of each row of the table: those of 2.2.2, those of 1.5.0, and whether these are the same."""
    found = []
    for line in page.splitlines():
        cells = line.split("|")
        if len(cells) == 5 and "`" in cells[2] and "REST" not in line:
            newer, older = (frozenset(re.findall("`([a-z]+)`", cell)) for cell in cells[2:4])
            found.append((newer, older, "the same" in cells[3] or "همان" in cells[3]))
    return found


def test_the_table_names_every_kind_as_both_versions_do() -> None:
    named = set().union(*(newer for newer, _, _ in rows(ENGLISH)))
    assert named - {*STRUCTURE_TYPES} == set()
    assert {kind.resource for kind in KINDS if kind.resource in STRUCTURE_TYPES} - named == set()
    for newer, older, same in rows(ENGLISH):
        assert older <= set(RESOURCES)
        if same:
            assert newer <= set(RESOURCES)
        elif not older:
            assert newer & set(RESOURCES) == set()
    assert all(f"`{name}`" in ENGLISH for name in GEO_TYPES)
