"""Writes data messages of SDMX-ML: structure-specific 3.1.0, 3.0.0 and 2.1, and the other forms of 2.1.

The data sets themselves are in ``structure_specific`` and ``generic``; a message of 2.1 ends with what 2.1 could not
say (``gaps_data``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ...batches import DataMessage, DataPart, WriteOptions
from ...errors import NotAcceptable
from ..gaps.data import told
from ..kept import Kind
from .data_forms import DataForm
from .data_header import Organisation, closing, opening, organisations, prefix
from .data_names import flat
from .data_set import DataSetWriter
from .generic import GenericDataSet
from .structure_specific import StructureSpecificDataSet


def write_data(message: DataMessage, options: WriteOptions, *, form: DataForm) -> Iterator[bytes]:
    """Yield the header, then each data set batch by batch, then the footer.

    Texts in languages are all written from 3.0 on, in 2.1 the best of ``options.languages``; nothing else of
    ``options`` matters. Raises ``NotAcceptable`` for data that the form cannot hold: several structures in one generic
    time series message, or no time at the observation.
    """
    parts = tuple(_presented(part, form) for part in message.parts)
    message = msgspec.structs.replace(message, parts=parts)
    known = organisations(parts, form.version)
    if form.generic and form.time_series and len(known) > 1:
        raise NotAcceptable("xml-structures", name=form.element)
    return _written(message, options, form, known)


def _written(
    message: DataMessage, options: WriteOptions, form: DataForm, known: Mapping[Organisation, str]
) -> Iterator[bytes]:
    parts = message.parts
    kind = Kind(parts[0], "xml", form, options.languages) if len(parts) == 1 else None

    def begin() -> str:
        return opening(message, form)

    yield (kind.once(("opening", repr(message.header)), begin) if kind else begin()).encode()
    missing = False
    for part in parts:
        key = (part.context, part.dimension_at_observation)
        writer = _writer(part, form, known[key], prefix(key, list(known)), options.languages)
        writer.kind = kind
        yield from writer.chunks()
        missing = missing or writer.missing

    def end() -> str:
        return closing(told(parts, form.generation, missing=missing), form)

    yield (kind.once(("closing", missing), end) if kind else end()).encode()


def _writer(part: DataPart, form: DataForm, structure: str, name: str, languages: Sequence[str]) -> DataSetWriter:
    if form.generic:
        return GenericDataSet(part, form, structure, languages)
    return StructureSpecificDataSet(part, form, structure, languages, name)


def _presented(part: DataPart, form: DataForm) -> DataPart:
    """The part with the dimension at the observation that it is written with.

    A flat answer becomes time series where series are wanted (by the form, or because only series are asked for), for
    both have the same order. So do attributes of series that are told by themselves, which from 3.0 on can stand with
    their key in any organisation. Generic series need a key, so a structure's only dimension is written flat.
    """
    time = part.dataset.schema.time
    at = part.dimension_at_observation
    if part.attributes_only:
        of_series = form.generation == "2.1"
    else:
        of_series = flat(part) and (form.time_series or part.series_only)
    if time and of_series:
        at = time.id
    elif form.generic and part.dataset.schema.dimension_ids == (at,):
        at = "AllDimensions"
    if form.time_series and (time is None or at != time.id):
        raise NotAcceptable("xml-time", name=form.element, dimension=at)
    return msgspec.structs.replace(part, dimension_at_observation=at)
