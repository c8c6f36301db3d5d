"""A wheel in an empty environment, and an editable install, both run with the shipped artefacts."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
from support.live import environment

ROOT = Path(__file__).resolve().parents[2]
PAGE = """
from sdmx_server.web import create_app
client = create_app().test_client()
for path in ("/", "/static/front.css", "/static/fonts/vazirmatn-arabic-wght-normal.woff2"):
    print(client.get(path).status_code)
"""


def call(*arguments: object, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(a) for a in arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, ROOT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_artefacts_and_nothing_of_the_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for part in (
        "structures/dataflows/SCI/CPI/1.0.0.json",
        "dataflows/CPI/dataflow.toml",
        "schemas/recipe.schema.json",
    ):
        assert f"sdmx_server/shipped/{part}" in names
    assert any(n.startswith("sdmx_loaders/csv/") for n in names)
    assert any(n.startswith("sdmx_server/store/migrations/versions/0001") for n in names)
    assert "sdmx_server/web/templates/front.html" in names
    assert {n.rpartition("/")[2] for n in names if n.startswith("sdmx_server/web/static/")} >= {"front.css", "LICENSE"}
    assert not [n for n in names if n.startswith(("tests/", "benchmarks/", "docs/"))]


def bootstrapped(command: Path, folder: Path) -> None:
    env = environment(folder / "var", COVERAGE="0")
    assert call(command, "--version", cwd=folder, env=env).startswith("sdmx-server ")
    assert "CENSUS_POP" in call(command, "bootstrap", cwd=folder, env=env)
    exported = call(command, "data", "export", "SCI:HOUSEHOLDS(1.0.0)", cwd=folder, env=env)
    assert "24196035" in exported
    python = command.with_name("python")
    assert call(python, "-c", PAGE, cwd=folder, env=env).split() == ["200", "200", "200"]


@pytest.mark.timeout(600)
def test_a_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    call(tmp_path / "env/bin/pip", "install", "-q", wheel, cwd=tmp_path)
    bootstrapped(tmp_path / "env/bin/sdmx-server", tmp_path)


def test_an_editable_install(tmp_path: Path) -> None:
    bootstrapped(Path(sys.executable).with_name("sdmx-server"), tmp_path)
