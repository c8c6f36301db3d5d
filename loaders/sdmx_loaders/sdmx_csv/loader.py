"""The loader ``sdmx-csv``: data messages of SDMX-CSV 1.0, 2.0 and 2.1.

The last two differ in what they call an action only: 2.0 has I, A, R, D, 2.1 has M, R, D and reads I and A as M. On
input an Information or Append row is a Merge in both, so one table serves them; 1.0 has no actions, and is merged.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from sdmx_server.loading.api import RawBatch, Source
from sdmx_server.model.reference import Reference, parse_short

from ..delimited import Positions, blocks, parse
from ..naming import expected, fits
from .cells import converter, plain_languages
from .head import Head, HeadColumn, beginning, begins, first_structure, read_head, unlabelled

_KINDS = {"dataflow": "Dataflow", "datastructure": "DataStructure", "dataprovision": "ProvisionAgreement"}
_ACTIONS = {"I": "M", "A": "M", "M": "M", "R": "R", "D": "D"}


class SdmxCsvLoader:
    """Reads SDMX-CSV; its columns are components. Options are described in ``docs/recipes.md``."""

    name: ClassVar[str] = "sdmx-csv"
    options_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "decimal": {"enum": [".", ","]},
            "ignore": {"type": "array", "items": {"type": "string"}},
        },
    }

    def recognises(self, head: bytes) -> bool:
        """Whether the file begins like SDMX-CSV."""
        return begins(head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace"))

    def structures(self, path: Path) -> tuple[Reference, ...]:
        """The structure that the first row names; none when it cannot be read."""
        kind, short = first_structure(beginning(path))
        try:
            return (parse_short(short, _KINDS[kind]),)
        except (KeyError, ValueError):
            return ()

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows, columns named by component.

        Findings: those of ``delimited``, ``encodings`` and ``head``; structure-wrong, action-unknown, subfield.
        """
        head: Head | None = None
        for block in blocks(source):
            body = block
            if head is None:
                head = read_head(source, block.record(0))
                if head is None:
                    return
                body = block.after(1)
            frame, lines = parse(source, body, head.separator, [str(i) for i in range(head.width)])
            _check_structure(source, frame, lines, head.structure)
            columns = [_column(source, frame, lines, column, head.sub) for column in head.columns]
            if head.action is not None:
                columns.append(_actions(source, frame, lines, head.action))
            yield RawBatch(frame=pl.DataFrame(columns), rows=lines, components=True, done=block.done)
        if head is None and not source.findings:
            source.findings.add("file-empty", file=source.name)


def _check_structure(source: Source, frame: pl.DataFrame, lines: Positions, width: int) -> None:
    schema = source.structure
    known = {"dataflow": schema.dataflow, "datastructure": schema.structure}
    if width == 1:  # 1.0: the first column is the dataflow
        frame = frame.select(pl.lit("dataflow").alias("0"), pl.col("0").alias("1"))
    pairs = frame.select("0", "1").unique(maintain_order=True)
    for kind, identity in pairs.rows():
        agency, _, rest = unlabelled(identity or "").partition(":")
        own, _, version = rest.partition("(")
        if not fits(known.get(kind or ""), agency, own, version.rstrip(")")):
            joined = pl.concat_str(frame["0"].fill_null(""), pl.lit(" "), frame["1"].fill_null(""))
            column = frame.select(joined.alias("STRUCTURE_ID"))["STRUCTURE_ID"]
            name = f"{kind or ''} {identity or ''}"
            source.findings.add_rows("structure-wrong", column, name, lines, source.name, expected=expected(schema))


def _actions(source: Source, frame: pl.DataFrame, lines: Positions, index: int) -> pl.Series:
    column = frame[str(index)].rename("ACTION")
    for text in column.unique().to_list():
        if text is not None and text not in _ACTIONS:
            source.findings.add_rows("action-unknown", column, text, lines, source.name)
    return column.fill_null("M").replace_strict(_ACTIONS, default="M", return_dtype=pl.String).rename("ACTION")


def _column(source: Source, frame: pl.DataFrame, lines: Positions, head: HeadColumn, sub: str | None) -> pl.Series:
    name = head.component.id
    column = frame[str(head.index)].rename(name)
    convert = converter(head, sub)
    if convert is not None:
        distinct = column.unique().drop_nulls()
        known = plain_languages(distinct, head, sub)
        new: dict[str, str | None] = dict(zip(distinct.to_list(), known.to_list(), strict=True))
        for text in distinct.filter(known.is_null()).to_list():
            try:
                new[text] = convert(text)
            except (ValueError, csv.Error) as error:
                new[text] = None
                source.findings.add_rows("subfield", column, text, lines, source.name, reason=str(error))
        column = column.replace_strict(list(new), list(new.values()), default=None, return_dtype=pl.String)
    if source.options.get("decimal") == "," and head.component.storage.value == "float":
        column = column.str.replace(",", ".", literal=True)
    return column.rename(name)
