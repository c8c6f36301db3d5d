"""Moments: those of commits by a clock of the test's own, and those between two commands."""

from __future__ import annotations

import datetime as dt
import itertools
import time

import pytest

from sdmx_server.store import cubes


def ticking(monkeypatch: pytest.MonkeyPatch, fraction: int = 0) -> None:
    """Let the clock go on by a second whenever it is looked at; ``fraction``: microseconds over full seconds."""
    seconds = itertools.count(1_700_000_000)
    monkeypatch.setattr(cubes, "now", lambda: next(seconds) * 1_000_000 + fraction)


def moment_between() -> str:
    """This moment, later than all that was done before and earlier than all that is done after."""
    time.sleep(0.01)
    moment = dt.datetime.now(dt.UTC)
    time.sleep(0.01)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
