"""Answers to availability queries: 2.1 has a kind of its own for them, before it is an actual data constraint."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ...model.constraint import DataConstraint
from ...model.message import Available
from ..api import AvailabilityMessage, WriteOptions
from ..availability import as_structures
from . import envelope
from .constraint import REGION
from .engine import GENERATIONS, V21, Json, Writing
from .structure_writer import footer, gathered, message_pieces, sections

_ATTACHMENTS = {"DataStructure": "dataStructure", "Dataflow": "dataflow", "ProvisionAgreement": "provisionAgreement"}


def write_availability(message: AvailabilityMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write what is available, the counts, and the artefacts that were asked for with it."""
    if version != V21:
        made = as_structures(message, GENERATIONS[version])
        to = Writing(version, options.languages, options.base_url, made_here=frozenset((DataConstraint.kind,)))
        yield from gathered(message_pieces(made, to, options.self_url))
        return
    yield from gathered(_pieces(message, Writing(version, options.languages, options.base_url), options.self_url))


def _pieces(message: AvailabilityMessage, to: Writing, self_url: str) -> Iterator[bytes]:
    head = envelope.head(message.header, message.artefacts, to, self_url)
    head["meta"].update(footer(message.artefacts, to.version))
    constraints = orjson.dumps([_constraint(one, to) for one in message.available])
    yield orjson.dumps(head)[:-1] + b',"data":{"availabilityConstraints":' + constraints
    for piece in sections(message.artefacts, to):
        yield b"," + piece if piece.startswith(b'"') else piece
    yield b"}}"


def _constraint(available: Available, to: Writing) -> Json:
    out: Json = {}
    held = available.constraint
    if held.attachment is not None:
        for reference in held.attachment.references[:1]:
            out["constraintAttachment"] = {_ATTACHMENTS[reference.kind]: reference.urn}
    for region in held.cube_regions[:1]:
        out["cubeRegion"] = REGION.write(region, to)
    counts = (("seriesCount", available.series), ("obsCount", available.observations))
    out.update({key: count for key, count in counts if count is not None})
    return out
