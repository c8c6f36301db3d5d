"""Tables of codelists, those with a geography, and value lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...model.codelist import GEOGRAPHIC, GRID, Code, Codelist, ValueItem, ValueList
from .constraint import CODELIST_EXTENSION
from .engine import BOTH, PLAIN, Field, Json, Place, Reading, Row, Table, Writing, extension, many, texts
from .identity import ANNOTATIONS, ID, nameable
from .maintainable import IS_PARTIAL, maintainable

_CODE = Table(Code, nameable("codelist.Code", Field("parent", "parent", PLAIN)))
_VALUE_ITEM = Table(ValueItem, (ID, texts("name", "names"), texts("description", "descriptions"), ANNOTATIONS))


class _Given:
    """A text that must be there: an empty one stands for none."""

    def write(self, value: Any, _to: Writing) -> str:
        return value or ""

    def read(self, source: Any, _place: Place, _of: Reading) -> str | None:
        return source or None


def _codelist(key: str, code: Table, *rows: Row, finish: Callable[[Json], None] | None = None) -> Table:
    return Table(
        Codelist,
        maintainable(
            "Codelist",
            IS_PARTIAL,
            many(key, "items", code),
            many("codelistExtensions", "extensions", CODELIST_EXTENSION, versions=BOTH),
            *rows,
        ),
        finish,
    )


def _geo(geo_type: str, key: str, code: Row, *rows: Row) -> Table:
    """A codelist that says its type, in a section that says so too."""
    table = Table(Code, (*_CODE.rows, code))
    own = Field("geoType", "geo_type", PLAIN)
    return _codelist(key, table, own, *rows, finish=lambda fields: fields.update(geo_type=geo_type))


CODELIST = _codelist("codes", _CODE)
GEOGRAPHIC_CODELIST = _geo(GEOGRAPHIC, "geoFeatureSetCodes", Field("value", "feature_set", _Given(), always=True))
GEO_GRID_CODELIST = _geo(
    GRID,
    "geoGridCodes",
    Field("geoCell", "cell", _Given(), always=True),
    Field("gridDefinition", "grid_definition", PLAIN),
)
VALUE_LIST = Table(
    ValueList,
    maintainable(
        "ValueList",
        extension("isPartial", "is_partial", default=False),
        many("valueItems", "items", _VALUE_ITEM),
    ),
)
