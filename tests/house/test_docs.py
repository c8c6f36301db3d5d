"""Documents say what is there: every setting, every command."""

from __future__ import annotations

from pathlib import Path

import typer
from typer.main import get_command

from sdmx_server.cli.main import app
from sdmx_server.config import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    missing = [name for name in Settings.model_fields if f"`SDMX_{name.upper()}`" not in text]
    assert missing == []


def test_every_command_is_in_the_readme_and_teaches() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    root = get_command(app)
    names = []
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        names += [(f"{name} {sub}", found) for sub, found in below.items()] if below else [(name, command)]
    assert len(names) == 23
    for name, command in names:
        assert f"sdmx-server {name}" in readme, name
        assert len(command.help or "") > 40, name
        for parameter in command.params:
            assert getattr(parameter, "help", None) or isinstance(parameter, typer.core.TyperArgument), (
                name,
                parameter,
            )
