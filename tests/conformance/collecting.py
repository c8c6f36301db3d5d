"""A plugin for pytest that writes down which test claims to prove what: ``PROOFS`` names the file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write pairs of test and item, in the order of collection."""
    found = [
        (item.nodeid.partition("[")[0], name)
        for item in session.items
        for mark in item.iter_markers("proves")
        for name in mark.args
    ]
    Path(os.environ["PROOFS"]).write_text(json.dumps(list(dict.fromkeys(found))), encoding="utf-8")
