"""Output of the command line: progress bars on long work, findings as a table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from ..errors import Refused

if TYPE_CHECKING:
    from ..services.ports import Progress as ProgressCallback

out = Console()
err = Console(stderr=True)
SHOWN = 50


def language() -> str:
    """``fa`` when the user's locale is Persian, else ``en``."""
    return "fa" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("fa") else "en"


@contextmanager
def progress() -> Iterator[ProgressCallback]:
    """A callback that draws one bar per stage, on a terminal; elsewhere it is silent."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bars:
        tasks: dict[str, int] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(bars.task_ids[tasks[stage]], completed=done, total=total)

        yield show


def show_problems(refused: Refused) -> None:
    """Print the findings of a refusal, the first fifty, in the user's language."""
    table = Table(show_lines=False, box=None, pad_edge=False)
    for title in ("file", "line", "column", "value", "finding"):
        table.add_column(title, overflow="fold")
    for problem in refused.problems[:SHOWN]:
        line = str(problem.row) if problem.row is not None else (problem.path or "")
        text = problem.texts.get(language(), problem.texts["en"])
        table.add_row(problem.file or "", line, problem.column or "", problem.value or "", text)
    err.print(f"[red]Refused:[/red] {refused}" if not refused.problems else "[red]Refused; nothing was changed.[/red]")
    err.print(table, highlight=False, markup=False)
    if len(refused.problems) > SHOWN:
        err.print(f"... and {len(refused.problems) - SHOWN} more findings.")
