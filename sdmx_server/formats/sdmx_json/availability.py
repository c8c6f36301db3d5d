"""Answers to availability queries: 2.1 has a kind of its own for them, before it is an actual data constraint."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import orjson

from ...model.common import Annotation
from ...model.constraint import DataConstraint
from ...model.message import StructureMessage
from ..api import AvailabilityMessage, WriteOptions
from . import envelope
from .constraint import REGION
from .engine import V21, Json, Writing
from .structure_writer import gathered, sections, write_structures

_ATTACHMENTS = {"DataStructure": "dataStructure", "Dataflow": "dataflow", "ProvisionAgreement": "provisionAgreement"}
_METRICS = "sdmx_metrics"


def write_availability(message: AvailabilityMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write what is available, the counts, and the artefacts that were asked for with it.

    Before 2.1 the counts are annotations of the type ``sdmx_metrics`` with the ids ``obs_count`` and ``series_count``
    and the count as title, as the REST specification (availability queries) describes.
    """
    if version != V21:
        constraint = _with_metrics(message)
        whole = StructureMessage(header=message.header, artefacts=(*message.artefacts, constraint))
        yield from write_structures(whole, options, version)
        return
    yield from gathered(_pieces(message, Writing(version, options.languages, options.base_url), options.self_url))


def _pieces(message: AvailabilityMessage, to: Writing, self_url: str) -> Iterator[bytes]:
    head = envelope.head(message.header, message.artefacts, to, self_url)
    yield orjson.dumps(head)[:-1] + b',"data":{"availabilityConstraints":' + orjson.dumps([_constraint(message, to)])
    for piece in sections(message.artefacts, to):
        yield b"," + piece if piece.startswith(b'"') else piece
    yield b"}}"


def _with_metrics(message: AvailabilityMessage) -> DataConstraint:
    counts = (("obs_count", message.observations), ("series_count", message.series))
    metrics = tuple(Annotation(id=name, type=_METRICS, title=str(count)) for name, count in counts if count is not None)
    held = message.constraint
    return msgspec.structs.replace(held, role="Actual", annotations=(*held.annotations, *metrics))


def _constraint(message: AvailabilityMessage, to: Writing) -> Json:
    out: Json = {}
    held = message.constraint
    if held.attachment is not None:
        for reference in held.attachment.references[:1]:
            out["constraintAttachment"] = {_ATTACHMENTS[reference.kind]: reference.urn}
    for region in held.cube_regions[:1]:
        out["cubeRegion"] = REGION.write(region, to)
    counts = (("seriesCount", message.series), ("obsCount", message.observations))
    out.update({key: count for key, count in counts if count is not None})
    return out
