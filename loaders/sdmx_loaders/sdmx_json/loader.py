"""The loader ``sdmx-json``: data messages of SDMX-JSON 1.0 (and the draft before it), 2.0 and 2.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from sdmx_server.loading.api import Findings, RawBatch, Source
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.reference import Reference
from sdmx_server.model.resolved import ResolvedStructure

from .message import data_sets, message_of, references
from .parsing import Stop, read_file
from .rows import Rows

_BOM = b"\xef\xbb\xbf"


class SdmxJsonLoader:
    """Reads SDMX-JSON; its columns are components. The option is described in ``docs/recipes.md``."""

    name: ClassVar[str] = "sdmx-json"
    options_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"ignore": {"type": "array", "items": {"type": "string"}}},
    }

    def recognises(self, head: bytes) -> bool:
        """Whether this is JSON: whatever JSON it is, this loader says best what is wrong with it."""
        return head.removeprefix(_BOM).lstrip().startswith((b"{", b"["))

    def structures(self, path: Path) -> tuple[Reference, ...]:
        """What the message says its data are of; none when it cannot be read."""
        nothing = ResolvedStructure(
            structure=DataStructure(agency="", id=""),
            dataflow=None,
            dimensions=(),
            time=None,
            measures=(),
            attributes=(),
        )
        source = Source(path=path, name=path.name, options={}, structure=nothing, findings=Findings())
        try:
            return references(message_of(source, read_file(source)))
        except Stop:
            return ()

    def read(self, source: Source) -> Iterator[RawBatch]:
        """Yield the rows, columns named by component.

        Findings: those of ``parsing``, ``message``, ``layout`` and ``rows``.
        """
        try:
            message = message_of(source, read_file(source))
            size = source.path.stat().st_size
            for at in data_sets(source, message):
                for batch in Rows(source, message, at).batches():
                    yield msgspec.structs.replace(batch, done=size)
        except Stop:
            return
