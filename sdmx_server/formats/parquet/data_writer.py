"""Writes Apache Parquet: one row an observation, typed columns, every applying attribute repeated in its row.

The answer streams: a row group is handed on as soon as it is full, and Parquet's directory of them comes last, so that
neither a file nor the whole answer is ever held. The columns are described in ``docs/formats.md``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from ..api import DataMessage, DataPart, WriteOptions
from ..flat import refuse_changes
from ..sink import Sink
from ..values import context_names
from .columns import Rows, schema_of

ROW_GROUP = 262_144
"""Observations of a row group, at least, unless the data set ends: what is kept in memory at a time."""


def write_data(message: DataMessage, options: WriteOptions) -> Iterator[bytes]:
    """Yield the file piece by piece, a row group at a time.

    ``options.parameters``: ``labels`` id, or name: a column ``<ID>_NAME`` beside each coded one. Raises
    ``NotAcceptable`` for changes and history, and for dataflows whose components of one name differ in type.
    """
    refuse_changes(message, "Parquet")
    schema = schema_of(message.parts, options).with_metadata({"sdmx": _about(message, options)})
    return _written(message, options, schema)


def _written(message: DataMessage, options: WriteOptions, schema: pa.Schema) -> Iterator[bytes]:
    sink = Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for part in message.parts:
            rows = Rows(part, schema, options)
            for batch in part.dataset.batches():
                rows.add(batch)
                if rows.size >= ROW_GROUP:
                    writer.write_table(rows.taken())
                    yield sink.taken()
            if rows.size:
                writer.write_table(rows.taken())
                yield sink.taken()
    yield sink.taken()


def _about(message: DataMessage, options: WriteOptions) -> str:
    """What the file is, as JSON: its dataflows with titles in all languages, the last change, the query."""
    about = {
        "dataflows": [_dataflow(part) for part in message.parts],
        "prepared": message.header.prepared,
        "sender": message.header.sender.id,
        "query": options.self_url,
    }
    return json.dumps(about, ensure_ascii=False)


def _dataflow(part: DataPart) -> dict[str, object]:
    schema = part.dataset.schema
    flow = schema.dataflow or schema.structure
    notes = [{"type": n.type, "texts": n.texts} for n in flow.annotations if n.texts]
    return {
        "urn": part.context.urn,
        "structure": f"{schema.structure.agency}:{schema.structure.id}({schema.structure.version})",
        "names": context_names(part),
        "descriptions": flow.descriptions,
        "notes": notes,
    }
