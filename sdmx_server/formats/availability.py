"""Availability before SDMX 3.1: an actual data constraint (2.1: content constraint), its counts in annotations."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ..model.common import Annotation
from ..model.constraint import CubeRegion, DataConstraint, ReferencePeriod
from ..model.message import AvailabilityMessage, Available, StructureMessage

_METRICS = "sdmx_metrics"
_FIRST, _LAST = "00:00:00", "23:59:59"


def metrics(available: Available) -> tuple[Annotation, ...]:
    """The counts as annotations: ids ``obs_count`` and ``series_count``, the count as title (REST, availability)."""
    counts = (("obs_count", available.observations), ("series_count", available.series))
    return tuple(Annotation(id=name, type=_METRICS, title=str(count)) for name, count in counts if count is not None)


def as_structures(message: AvailabilityMessage, generation: str) -> StructureMessage:
    """The message with actual constraints.

    2.1 gives the time that data cover as the period of the constraint, which is not final: the next load changes it.
    """
    constraints = (_constraint(one, generation) for one in message.available)
    return StructureMessage(header=message.header, artefacts=(*message.artefacts, *constraints))


def _constraint(available: Available, generation: str) -> DataConstraint:
    held = available.constraint
    found = msgspec.structs.replace(held, role="Actual", annotations=(*held.annotations, *metrics(available)))
    if generation != "2.1":
        return found
    starts = [text for text in _ends(held, "valid_from") if text is not None]
    ends = [text for text in _ends(held, "valid_to") if text is not None]
    whole = starts and ends
    period = ReferencePeriod(start=_moment(min(starts), _FIRST), end=_moment(max(ends), _LAST)) if whole else None
    regions = tuple(map(_without_validity, held.cube_regions))
    return msgspec.structs.replace(found, cube_regions=regions, reference_period=period, is_final=False)


def _moment(text: str, of_day: str) -> str:
    """A date and time, which 2.1 wants, of a day or of a moment."""
    return f"{text}Z" if "T" in text else f"{text}T{of_day}Z"


def _ends(constraint: DataConstraint, field: str) -> Iterator[str | None]:
    return (getattr(selection, field) for region in constraint.cube_regions for selection in region.keys)


def _without_validity(region: CubeRegion) -> CubeRegion:
    keys = tuple(msgspec.structs.replace(one, valid_from=None, valid_to=None) for one in region.keys)
    return msgspec.structs.replace(region, keys=keys)
