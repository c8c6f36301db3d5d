"""How SDMX 2.1 sees measures: one primary measure called OBS_VALUE, where 3.x has any number of any name.

The structure writer, the data writers and the readers of the 2.1 generation share this rule (SDMX 3.0 Technical Notes,
section on the mapping of measures). The other measures are observation attributes there.
"""

from __future__ import annotations

from collections.abc import Sequence

OBS_VALUE = "OBS_VALUE"
"""The id that the primary measure always has in 2.1 (SDMX-ML 2.1 schema, PrimaryMeasureType)."""


def primary_measure(measures: Sequence[str]) -> str | None:
    """The measure that is written as OBS_VALUE: the one of that name, else the first; None when there is none."""
    return OBS_VALUE if OBS_VALUE in measures else next(iter(measures), None)
