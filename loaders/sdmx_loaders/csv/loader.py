"""The loader ``csv``: columns of text named by their head, which may have several rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from sdmx_server.loading.api import RawBatch, Source

from ..delimited import Block, blocks, fields, parse
from ..encodings import ENCODINGS


class CsvLoader:
    """Reads delimited text. Options are described in ``docs/recipes.md``."""

    name: ClassVar[str] = "csv"
    options_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "separator": {"type": "string", "pattern": "^[\\t\\x20-\\x21\\x23-\\x7e]$"},
            "encoding": {"enum": list(ENCODINGS)},
            "header_rows": {"type": "integer", "minimum": 1, "maximum": 20},
            "skip_rows": {"type": "integer", "minimum": 0, "maximum": 1000},
            "fill_heads": {"type": "boolean"},
            "comment": {"type": "string", "minLength": 1, "maxLength": 8},
        },
    }

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows below the head.

        Findings: those of ``delimited`` and ``encodings``, file-empty, too-many-columns, column-twice.
        """
        options = source.options
        separator = options.get("separator", ",")
        skip, depth = options.get("skip_rows", 0), options.get("header_rows", 1)
        names: list[str] | None = None
        for block in blocks(source, options.get("encoding", "utf-8")):
            body = block
            if names is None:
                names = _names(source, block, separator, skip, depth)
                if names is None:
                    return
                body = block.after(skip + depth)
            frame, lines = parse(source, body, separator, names, options.get("comment", ""))
            yield RawBatch(frame=frame, rows=lines, done=block.done)
        if names is None and not source.findings:
            source.findings.add("file-empty", file=source.name)


def _names(source: Source, block: Block, separator: str, skip: int, depth: int) -> list[str] | None:
    """The columns' names from the head rows; None after a finding."""
    if len(block.ends) < skip + depth:
        source.findings.add("file-empty", file=source.name)
        return None
    try:
        heads = [fields(block.record(i), separator) for i in range(skip, skip + depth)]
    except csv.Error:
        source.findings.add("malformed-quote", file=source.name, row=int(block.lines[skip]))
        return None
    width = max(len(head) for head in heads)
    if width > source.limits.columns:
        source.findings.add("too-many-columns", file=source.name, found=width, most=source.limits.columns)
        return None
    rows = [[cell.strip() for cell in head] + [""] * (width - len(head)) for head in heads]
    if source.options.get("fill_heads", False):
        rows[:-1] = [_filled(row) for row in rows[:-1]]
    names = ["|".join(parts).rstrip("|") or f"#{i}" for i, parts in enumerate(zip(*rows, strict=True), 1)]
    twice = [name for name, count in Counter(names).items() if count > 1]
    for name in twice:
        source.findings.add("column-twice", file=source.name, row=int(block.lines[skip]), column=name)
    return None if twice else names


def _filled(row: list[str]) -> list[str]:
    result: list[str] = []
    for cell in row:
        result.append(cell or (result[-1] if result else ""))
    return result
