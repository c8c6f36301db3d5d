"""Output of the command line: progress bars on long work, findings as a table."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from ..error_texts import LANGUAGES
from ..errors import Problem, Refused

if TYPE_CHECKING:
    from ..services.ports import Progress as ProgressCallback

_UNFOLDED = 240
"""Columns of output that is no terminal: a line is not folded in the middle of a name."""


def _console(stderr: bool) -> Console:
    """A console that prints texts as they are: values and paths may look like markup or emoji codes."""
    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if terminal or "COLUMNS" in os.environ else _UNFOLDED
    return Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=width)


out = _console(stderr=False)
err = _console(stderr=True)
SHOWN = 50
_REFUSAL = {
    "en": (
        ("file", "line", "column", "value", "rule", "finding"),
        "Refused; nothing was changed.",
        "... and {} more findings.",
    ),
    "fa": (
        ("پرونده", "سطر", "ستون", "مقدار", "قاعده", "یافته"),
        "پذیرفته نشد؛ چیزی تغییر نکرد.",
        "... و {} یافتهٔ دیگر.",
    ),
}
"""What stands around the findings: titles, the line above, the line below when there are more."""


_REMARKS = {
    "en": ("Read, though not as the standard has it:", "... and {} more."),
    "fa": ("خوانده شد، هرچند مطابق استاندارد نیست:", "... و {} مورد دیگر."),
}
"""The line above remarks, and the one below when there are more."""


def language() -> str:
    """``fa`` when the user's locale is Persian, else ``en``."""
    given = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "fa" if next(filter(None, given), "").startswith("fa") else "en"


_ERROR = dict(zip(LANGUAGES, ("Error:", "خطا:"), strict=True))


def show_error(texts: Mapping[str, str]) -> None:
    """Print an error, given by language, in one line of the user's, the word in red."""
    err.print(Text(_ERROR[language()], style="red"), texts[language()], soft_wrap=True)


@contextmanager
def progress() -> Iterator[ProgressCallback]:
    """A callback that draws one bar per stage, on a terminal; elsewhere it only says when it waits for somebody."""
    from ..services.ports import WAITING  # noqa: PLC0415 - only work needs it; the help shall be quick

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
                if stage == WAITING and not err.is_terminal:
                    err.print(f"{stage} ...")
            bars.update(bars.task_ids[tasks[stage]], completed=done, total=total)

        yield show


def show_remarks(remarks: Sequence[Problem]) -> None:
    """Print what was read although it is not as the standard has it, the first fifty, in the user's language."""
    if not remarks:
        return
    head, rest = _REMARKS[language()]
    err.print(Text(head, style="yellow"))
    for remark in remarks[:SHOWN]:
        err.print(Text(remark.sentence(language())), soft_wrap=True)
    if len(remarks) > SHOWN:
        err.print(rest.format(len(remarks) - SHOWN))


def show_problems(refused: Refused) -> None:
    """Print the findings of a refusal, the first fifty, in the user's language."""
    titles, head, rest = _REFUSAL[language()]
    table = Table(show_lines=False, box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, overflow="fold")
    for problem in refused.problems[:SHOWN]:
        line = str(problem.row) if problem.row is not None else (problem.path or "")
        text = problem.texts.get(language(), problem.texts["en"])
        file = " ".join(part for part in (problem.file, problem.sheet) if part)
        cells = (file, line, problem.column or "", problem.value or "", problem.code, text)
        table.add_row(*(Text(cell) for cell in cells))
    err.print(Text(head, style="red"))
    err.print(table)
    if len(refused.problems) > SHOWN:
        err.print(rest.format(len(refused.problems) - SHOWN))
