"""A clock of the test's own for the moments of commits."""

from __future__ import annotations

import itertools

import pytest

from sdmx_server.store import cubes


def ticking(monkeypatch: pytest.MonkeyPatch, fraction: int = 0) -> None:
    """Let the clock go on by a second whenever it is looked at; ``fraction``: microseconds over full seconds."""
    seconds = itertools.count(1_700_000_000)
    monkeypatch.setattr(cubes, "now", lambda: next(seconds) * 1_000_000 + fraction)
