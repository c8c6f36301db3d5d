"""What the formats share that are one flat table without actions or history: SDMX-CSV 1.0, Parquet and Excel."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import NotAcceptable
from ..model.resolved import ComponentKind, ResolvedComponent
from .api import DataMessage, DataPart
from .texts import best_text
from .values import Decoded, apart


def refuse_changes(message: DataMessage, name: str) -> None:
    """Raise ``NotAcceptable`` for what a table of observations cannot say: changes, and states of the past.

    SDMX-CSV has its column ACTION from 2.0 on only; in all three formats a deleted row would look like an observation,
    and several disseminations like one.
    """
    if any(part.valid_from or part.valid_to for part in message.parts):
        raise NotAcceptable("format-history", name=name)
    if any(part.action is not None for part in message.parts):
        raise NotAcceptable("format-changes", name=name)


def lasting(part: DataPart, component: ResolvedComponent) -> bool:
    """Whether a component says something of series (or more), so that it stays when only they are asked for.

    Series share everything but the dimension at the observation, which in a flat answer is time.
    """
    schema, at = part.dataset.schema, apart(part)
    if component.kind is ComponentKind.ATTRIBUTE:
        return schema.level(component) != "observation" and at not in component.attached_to
    return component.kind in (ComponentKind.DIMENSION, ComponentKind.TIME) and component.id != at


def in_language(value: Decoded, languages: Sequence[str]) -> str | list[str]:
    """A value whose texts in several languages are reduced to the best one of each."""
    if isinstance(value, dict):
        return best_text(value, languages) or ""
    if isinstance(value, list):
        return [(best_text(one, languages) or "") if isinstance(one, dict) else one for one in value]
    return value
