"""The loader ``sdmx-csv``: data messages of SDMX-CSV 1.0, 2.0 and 2.1.

The last two differ in what they call an action only: 2.0 has I, A, R, D, 2.1 has M, R, D and reads I and A as M. On
input an Information or Append row is a Merge in both, so one table serves them; 1.0 has no actions, and is merged.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from sdmx_server.loading.api import RawBatch, Source
from sdmx_server.model.reference import Reference, parse_short

from ..delimited import blocks
from .head import PROVISION, beginning, begins, first_structure, read_head
from .rows import RowReader

_KINDS = {"dataflow": "Dataflow", "datastructure": "DataStructure", PROVISION: "ProvisionAgreement"}


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
            return (parse_short(short, _KINDS[kind.lower()]),)
        except (KeyError, ValueError):
            return ()

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows, columns named by component.

        Findings: those of ``delimited``, ``encodings``, ``head`` and ``rows``.
        """
        rows: RowReader | None = None
        for block in blocks(source):
            body = block
            if rows is None:
                head = read_head(source, block.record(0))
                if head is None:
                    return
                rows, body = RowReader(source, head), block.after(1)
            yield rows.read(body)
        if rows is None and not source.findings:
            source.findings.add("file-empty", file=source.name)
