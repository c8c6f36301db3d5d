"""The figures of a run as lines on the screen, as JSON, and as the page ``docs/performance.md``."""

from __future__ import annotations

import datetime as dt
import json
import platform
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.timing import Taken

TARGETS: dict[tuple[str, str], dict[str, float]] = {
    ("speed", "export csv-2.1"): {"A": 4.5, "B": 4.0, "C": 4.5, "D": 1.5},
    ("speed", "export xml-3.1"): {"A": 3.5, "B": 3.0, "C": 3.0, "D": 1.0},
    ("speed", "export json-2.1"): {"A": 3.5, "B": 3.0, "C": 2.5, "D": 1.0},
    ("speed", "load csv"): {"A": 0.6, "B": 0.6, "C": 0.6, "D": 0.25},
    ("median", "one series"): {"sqlite": 0.15, "postgresql": 0.6},
}
"""Million observations a second of CPU by shape; milliseconds by database."""


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


def _target(figure: Figure) -> float | None:
    kind = "median" if figure.taken.median_ms is not None else "speed"
    found = TARGETS.get((kind, figure.taken.name), {})
    return found.get(figure.shape, found.get(figure.database))


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    model = next(
        (x.partition(":")[2].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in x), ""
    )
    memory = next(int(x.split()[1]) for x in Path("/proc/meminfo").read_text().splitlines() if "MemTotal" in x)
    return {
        "processor": model or platform.machine(),
        "cores": len([x for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("processor")]),
        "memory_gb": round(memory / 1024**2),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
    }


def write(figures: Sequence[Figure], root: Path, *, quick: bool) -> None:
    """Keep the figures, and write the page from them."""
    folder = root / "benchmarks/results"
    folder.mkdir(exist_ok=True)
    about = machine() | {"date": dt.datetime.now(dt.UTC).date().isoformat(), "quick": quick}
    name = "quick.json" if quick else "full.json"
    data = {"about": about, "figures": [msgspec.to_builtins(figure) for figure in figures]}
    (folder / name).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    page = root / "docs/performance.md"
    head = page.read_text(encoding="utf-8").partition("<!-- figures -->")[0] if page.exists() else "# Performance\n\n"
    page.write_text(head + "<!-- figures -->\n\n" + _page(figures, about), encoding="utf-8")


def _page(figures: Sequence[Figure], about: dict[str, object]) -> str:
    scale = "a tenth of the full size (`--quick`)" if about["quick"] else "full size"
    lines = [
        f"Measured on {about['date']}, {scale}: {about['processor']}, {about['cores']} cores, {about['memory_gb']} GB, "
        f"{about['system']}, Python {about['python']}. M obs/s are per second of CPU time of one process.",
        "",
    ]
    for shape in dict.fromkeys(figure.shape for figure in figures):
        own = [figure for figure in figures if figure.shape == shape]
        lines += [f"## Shape {shape}, {own[0].count:,} observations", ""]
        lines += ["| step | database | result | target |", "|---|---|---|---|"]
        for figure in own:
            target = _target(figure)
            shown = " · ".join(_parts(figure.taken))
            lines.append(f"| {figure.taken.name} | {figure.database} | {shown} | {target if target else ''} |")
        lines.append("")
    return "\n".join(lines)
