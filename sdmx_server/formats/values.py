"""What every data writer asks of a component, a value, or a part of a message."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from ..model.common import International
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure, Storage
from .api import DataPart
from .texts import best_text

Decoded = str | dict[str, str] | list[str] | list[dict[str, str]]
"""A value: text, a text in languages, several texts, or several texts in languages."""

ALL_DIMENSIONS = "AllDimensions"

SEPARATOR = ";"
"""Between several values in one text."""


def decoded(component: ResolvedComponent, text: str) -> Decoded:
    """The value behind a dictionary text (``batches.canonical``); text that is not of that form is one plain value."""
    if not (component.multi_valued or component.multilingual) or text[:1] not in ("[", "{"):
        return [text] if component.multi_valued else text
    try:
        value: Decoded = json.loads(text)
    except ValueError:
        return text
    return value


def joined(values: Iterable[str]) -> str:
    """Several values as one text, as a field of SDMX-CSV has them.

    A value is quoted when it holds the separator or a line break, or begins with a quote.
    """
    return SEPARATOR.join(_among_others(value) for value in values)


def _among_others(text: str) -> str:
    quote = text[:1] == '"' or any(c in text for c in (SEPARATOR, "\r", "\n"))
    return '"' + text.replace('"', '""') + '"' if quote else text


def is_numeric(component: ResolvedComponent) -> bool:
    """Whether the values are numbers kept as numbers, not as dictionary texts."""
    return component.kind is ComponentKind.MEASURE and component.storage in (Storage.FLOAT, Storage.INTEGER)


def missing_text(component: ResolvedComponent) -> str:
    """The standard's mark of an intentionally missing value: NaN for float and double, else ``#N/A``."""
    floating = component.enumeration is None and component.text_type in ("Float", "Double")
    return "NaN" if floating else "#N/A"


def code_names(component: ResolvedComponent, languages: Sequence[str]) -> dict[str, str]:
    """The best name of each code of an enumerated component; codes without a name are left out."""
    items = component.enumeration.items if component.enumeration is not None else ()
    return {item.id: name for item in items if (name := best_text(item.names, languages)) is not None}


def context_names(part: DataPart) -> International:
    """Names of what was asked for; a provision agreement shows those of its dataflow."""
    schema = part.dataset.schema
    return schema.dataflow.names if part.context.kind != "DataStructure" and schema.dataflow else schema.structure.names


def action(part: DataPart, generation: str) -> str:
    """The action of a data set by its SDMX generation (Replace, or Merge of a part, in 3.1; Information before)."""
    if part.action == "Replace" and part.partial and generation >= "3.1":
        return "Merge"
    if part.action is not None:
        return part.action
    if generation < "3.1":
        return "Information"
    return "Merge" if part.partial else "Replace"


def apart(part: DataPart) -> str | None:
    """The dimension that varies within a group: that at the observation; time in a flat answer, or none at all."""
    schema = part.dataset.schema
    if part.dimension_at_observation == ALL_DIMENSIONS:
        return schema.time.id if schema.time else None
    return part.dimension_at_observation


def attributes(part: DataPart) -> list[ResolvedComponent]:
    """The selected attributes in DSD order."""
    return [a for a in part.dataset.schema.attributes if a.id in part.dataset.attributes]


def measures(part: DataPart) -> list[ResolvedComponent]:
    """The selected measures in DSD order."""
    return [m for m in part.dataset.schema.measures if m.id in part.dataset.measures]


def dimensions(schema: ResolvedStructure) -> list[ResolvedComponent]:
    """All dimensions, time last."""
    return [*schema.dimensions, *((schema.time,) if schema.time else ())]
