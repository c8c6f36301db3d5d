"""Tables of codelists with a geography (XSD ``SDMXStructureCodelist`` of 3.x)."""

from __future__ import annotations

from typing_extensions import override

from ...model.codelist import GEOGRAPHIC, GRID, Code, Codelist
from ...model.common import Value
from .engine import Element, Reading, Row, Shape, Values, Writing, sub
from .rows import Attribute, Child, clean
from .tables import EXTENSION, MAINTAINABLE, NAMEABLE, PARENT, PARTIAL, version_of_urn


class _Given(Row):
    """A text that must be there, in an attribute or a child element: an empty one stands for none."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        text = element.get(self.xml[1:]) if self.xml.startswith("@") else element.text
        values[self.field] = text or None

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        text = clean(getattr(holder, self.field) or "")
        if self.xml.startswith("@"):
            parent.set(self.xml[1:], text)
        else:
            sub(parent, self.xml, to).text = text


def _code(*rows: Row) -> Shape:
    return Shape(Code, *NAMEABLE, PARENT, *rows, urn="codelist.Code")


def _codelist(geo_type: str, element: str, code: Shape, *rows: Row) -> Shape:
    return Shape(
        Codelist,
        *MAINTAINABLE,
        PARTIAL,
        Attribute("geo_type", "geoType"),
        Child("items", element, code, many=True),
        Child("extensions", "str:CodelistExtension", EXTENSION, many=True),
        *rows,
        urn="codelist.Codelist",
        fixed={"geo_type": geo_type},
        finish=version_of_urn,
    )


GEOGRAPHIC_CODELIST = _codelist(GEOGRAPHIC, "str:GeoFeatureSetCode", _code(_Given("feature_set", "@value")))
GEO_GRID_CODELIST = _codelist(
    GRID, "str:GeoGridCode", _code(_Given("cell", "str:GeoCell")), _Given("grid_definition", "str:GridDefinition")
)
