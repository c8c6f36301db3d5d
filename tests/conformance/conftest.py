"""Says at the end of a run whether there were official samples: without them it is green, and proves less."""

from __future__ import annotations

import pytest

from conformance.documents import SAMPLES, SAMPLES_EXPECTED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line with the number of files, or the way to have them read."""
    count = sum(path.is_file() for path in SAMPLES.rglob("*"))
    told = f"{count} files in {SAMPLES}" if SAMPLES_EXPECTED else "none read; SDMX_SAMPLES names their folder"
    terminalreporter.write_line(f"official samples: {told}")
