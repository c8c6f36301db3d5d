"""The figures of a run as lines on the screen, as JSON, and as the page ``docs/performance.md``."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.timing import Taken

_M, _MS, _CPU, _S = "M obs/s", "ms", "ms of CPU", "s"
TARGETS: dict[str, tuple[str, dict[str, float]]] = {
    "export csv-2.1": (_M, {"A": 4.5, "B": 4.0, "C": 4.5, "D": 1.5}),
    "export xml-3.1": (_M, {"A": 3.5, "B": 3.0, "C": 3.0, "D": 1.0}),
    "export xml-2.1-generic": (_M, {"A": 2.5, "B": 2.0, "C": 1.5, "D": 0.7}),
    "export json-2.1": (_M, {"A": 3.5, "B": 3.0, "C": 2.5, "D": 1.0}),
    "load csv": (_M, {"A": 0.6, "B": 0.6, "C": 0.6, "D": 0.25}),
    "one series": (_MS, {"sqlite": 0.15, "postgresql": 0.6}),
    "availability": (_MS, {"A": 50}),
    "availability of an area": (_MS, {"A": 10}),
    "revise 10,000": (_S, {"sqlite": 2, "postgresql": 3}),
    "one series over HTTP, 1 worker, 1 client": (_CPU, {"A": 0.8}),
    "one series over HTTP, 1 worker, 4 clients": (_CPU, {"A": 0.8}),
    "one series over HTTP, 2 workers, 4 clients": (_CPU, {"A": 0.8}),
    "a series asked for again over HTTP, 1 worker, 4 clients": (_CPU, {"A": 1}),
    "a data structure over HTTP, 1 worker, 4 clients": (_CPU, {"A": 1}),
    "references=all over HTTP, 1 worker, 4 clients": (_CPU, {"A": 10}),
}
"""By step: the unit, and what is aimed at for a shape or a database, on a quiet machine."""

ORDER = ("full", "quick", "layouts", "site")
"""Names of results, as they stand on the page; ``quick`` only where there is no ``full``."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured step, where it was measured. ``database`` is ``none`` for what needs none."""

    database: str
    shape: str
    count: int
    taken: Taken


def line(figure: Figure) -> str:
    """A figure as one line."""
    return f"{figure.shape}  {figure.database:10}  {figure.taken.name:44}  {'   '.join(_parts(figure.taken))}"


def _parts(taken: Taken) -> list[str]:
    if not taken.seconds:
        return [f"{taken.bytes / 1e6:,.0f} MB on disk"]
    parts = []
    if taken.median_ms is not None:
        parts += [f"p50 {taken.median_ms:.2f} ms", f"p99 {taken.p99_ms:.2f} ms", f"CPU {taken.cpu_ms:.2f} ms"]
        if "HTTP" in taken.name:
            parts.append(f"{taken.observations / taken.seconds:,.0f} requests/s")
    else:
        parts += [f"{taken.seconds:.2f} s", f"CPU {taken.cpu:.2f} s"]
        if taken.observations > 0 and taken.cpu > 0:
            parts.append(f"{taken.per_second:.2f} M obs/s")
    if taken.first_byte_ms is not None:
        parts.append(f"first byte {taken.first_byte_ms:.0f} ms")
    if taken.peak_mb:
        parts.append(f"{taken.peak_mb:.0f} MB")
    return parts


def _target(figure: Figure) -> str:
    """What was aimed at, and how the figure stands to it: ``4.5 M obs/s · 92 %`` of the speed aimed at."""
    unit, found = TARGETS.get(figure.taken.name, ("", {}))
    target = found.get(figure.shape, found.get(figure.database))
    if target is None:
        return ""
    taken = figure.taken
    reached = taken.per_second / target if unit == _M else 0.0
    if unit != _M:
        measured = {_MS: taken.median_ms, _CPU: taken.cpu_ms, _S: taken.seconds}[unit]
        assert measured
        reached = target / measured
    return f"{target:g} {unit} · {reached:.0%}"


def machine() -> dict[str, str | int | bool]:
    """What the figures were measured on."""
    model = next(
        (x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x), ""
    )
    memory = next(int(x.split()[1]) for x in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in x)
    return {
        "processor": model or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory_gb": str(round(memory / 1024**2)),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one run, and what it ran on."""

    about: dict[str, str | int | bool]
    figures: Sequence[Figure]


def write(figures: Sequence[Figure], root: Path, name: str) -> None:
    """Keep the figures under one of the names of ``ORDER``, and write the page from all that are kept."""
    folder = root / "benchmarks/results"
    folder.mkdir(exist_ok=True)
    about = machine() | {"date": dt.datetime.now(dt.UTC).date().isoformat()}
    kept = msgspec.json.encode(Results(about=about, figures=figures))
    (folder / f"{name}.json").write_bytes(msgspec.json.format(kept, indent=1) + b"\n")
    names = [n for n in ORDER if (folder / f"{n}.json").exists()]
    if "full" in names and "quick" in names:
        names.remove("quick")
    found = {n: msgspec.json.decode((folder / f"{n}.json").read_bytes(), type=Results) for n in names}
    page = root / "docs/performance.md"
    head = page.read_text(encoding="utf-8").partition("<!-- figures -->")[0] if page.exists() else "# Performance\n\n"
    text = "\n".join(_page(n, results) for n, results in found.items())
    page.write_text(f"{head}<!-- figures -->\n\n{text}", encoding="utf-8")


_TITLES = {
    "full": "Four shapes at full size",
    "quick": "Four shapes at a tenth of the full size",
    "layouts": "Daily, hourly and skewed series",
    "site": "A site of many dataflows",
}


def _page(name: str, results: Results) -> str:
    about = results.about
    lines = [
        f"## {_TITLES[name]}",
        "",
        f"Measured on {about['date']}: {about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}. M obs/s are per second of CPU time of one process; MB are "
        "the most memory that the process had meanwhile, without the pages of SQLite's file that are mapped into it.",
        "",
    ]
    for shape in dict.fromkeys(figure.shape for figure in results.figures):
        own = [figure for figure in results.figures if figure.shape == shape]
        lines += [f"### {shape}, {own[0].count:,} observations", ""]
        lines += ["| step | database | result | target · reached |", "|---|---|---|---|"]
        for figure in own:
            shown = " · ".join(_parts(figure.taken))
            lines.append(f"| {figure.taken.name} | {figure.database} | {shown} | {_target(figure)} |")
        lines.append("")
    return "\n".join(lines)
