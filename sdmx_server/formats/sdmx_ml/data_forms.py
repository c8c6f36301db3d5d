"""The forms of data messages that SDMX-ML has: one table, from which the writers and the list of formats go.

Structure-specific data exists in every version (from 3.0 on as the only form); 2.1 has generic data too, and of both a
form of its own for time series (SDMX-ML 2.1, section 3A part IV).
"""

from __future__ import annotations

import msgspec

from .versions import V21


class DataForm(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of data message in a version (``2.1``, ``3.0.0``, ``3.1.0``).

    ``element`` is the message's root. ``generic``: components are named in the data, not by a schema.
    ``time_series``: time is at the observation, whatever else was asked for.
    """

    version: str
    element: str = "StructureSpecificData"
    generic: bool = False
    time_series: bool = False

    @property
    def generation(self) -> str:
        """The generation of SDMX."""
        return self.version[:3]


V31_DATA, V30_DATA = DataForm(version="3.1.0"), DataForm(version="3.0.0")
GENERIC = DataForm(version=V21, element="GenericData", generic=True)
STRUCTURE_SPECIFIC = DataForm(version=V21)
GENERIC_TIME_SERIES = DataForm(version=V21, element="GenericTimeSeriesData", generic=True, time_series=True)
STRUCTURE_SPECIFIC_TIME_SERIES = DataForm(version=V21, element="StructureSpecificTimeSeriesData", time_series=True)
