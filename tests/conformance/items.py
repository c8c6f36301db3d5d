"""Every path part, parameter and value of REST 1.5.0 and 2.2.2, in the words of the specification.

An item is named ``<v1|v2> <area>: <parameter>[=<value>]``. Several values of one list are written ``A,B`` (``A+B`` in
1.5.0), an id of the artefact at hand ``{id}``. Pages: sdmx-rest tag v2.2.2, ``doc/*.md``; tag v1.5.0,
``v2_1/ws/rest/docs/*.md``; and ``sdmx-rest.yaml`` of both.
"""

from __future__ import annotations

from .items_v1 import V1
from .items_v2 import V2

AREAS = ("structure", "data", "availability", "schema", "metadata", "registration", "maintenance", "http")

#: version -> area -> parameter -> values; an empty list is a parameter whose values are free.
SPECIFICATION = {"v1": V1, "v2": V2}


def names() -> list[str]:
    """All items, in the order of the specification's pages."""
    return [
        name
        for version, areas in SPECIFICATION.items()
        for area in AREAS
        for parameter, values in areas.get(area, {}).items()
        for name in of_parameter(version, area, parameter, values)
    ]


def of_parameter(version: str, area: str, parameter: str, values: tuple[str, ...]) -> list[str]:
    """The items of one parameter: one for each value, or the parameter itself when its values are free."""
    stem = f"{version} {area}: {parameter}"
    return [f"{stem}={value}" for value in values] or [stem]
