"""The README's commands return what the README shows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", README)


def test_there_are_examples_of_every_kind() -> None:
    commands = " ".join(command for command, _ in EXAMPLES)
    for word in ("data+csv", "data+xml", "structure+json", "/availability/"):
        assert word in commands


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[str(n) for n in range(len(EXAMPLES))])
def test_an_example_returns_what_the_readme_shows(live: str, command: str, shown: str) -> None:
    run = subprocess.run(
        ["bash", "-c", command.replace("http://127.0.0.1:8000", live)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip().replace("\r\n", "\n") == shown.strip().replace("http://127.0.0.1:8000", live)
