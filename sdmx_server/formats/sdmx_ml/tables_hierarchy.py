"""Tables of hierarchies, hierarchical codelists and associations (XSD ``SDMXStructureHierarchicalCodelist``)."""

from __future__ import annotations

from typing_extensions import override

from ...model.common import Value
from ...model.hierarchy import (
    CodelistHierarchy,
    HierarchicalCode,
    HierarchicalCodelist,
    Hierarchy,
    HierarchyAssociation,
    IncludedCodelist,
    Level,
)
from .engine import Element, Row, Shape, Writing
from .rows import FLAG, ONLY_21, Attribute, Child, Text
from .rows_reference import LocalIds, ReferenceItself, Refers
from .tables import IDENTIFIABLE, MAINTAINABLE, NAMEABLE, TEXT_FORMAT, version_of_urn
from .versions import FROM_30


class _LevelBelow(Child):
    """The next level. A level's URN does not hold the levels above it."""

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        above = to.items.pop()
        super().write(holder, parent, to)
        to.items.append(above)


LEVEL = Shape(Level, *NAMEABLE, Child("coding_format", "str:CodingFormat", TEXT_FORMAT), urn="codelist.Level")
LEVEL.table.rows += (_LevelBelow("level", "str:Level", LEVEL),)

HIERARCHICAL_CODE = Shape(
    HierarchicalCode,
    *IDENTIFIABLE,
    Attribute("version", "version", versions=ONLY_21),
    Attribute("valid_from", "validFrom"),
    Attribute("valid_to", "validTo"),
    Refers("code", "str:Code", "Code"),
    Text("codelist_alias", "str:CodelistAliasRef", versions=ONLY_21),
    LocalIds("code_id", "str:CodeID", versions=ONLY_21),
    urn="codelist.HierarchicalCode",
)
HIERARCHICAL_CODE.table.rows += (
    Child("codes", "str:HierarchicalCode", HIERARCHICAL_CODE, many=True),
    LocalIds("level", "str:Level"),
)

_CODES = Child("codes", "str:HierarchicalCode", HIERARCHICAL_CODE, many=True)
_LEVEL: Row = Child("level", "str:Level", LEVEL)
HIERARCHY = Shape(
    Hierarchy,
    *MAINTAINABLE,
    Attribute("has_formal_levels", "hasFormalLevels", FLAG),
    _LEVEL,
    _CODES,
    urn="codelist.Hierarchy",
    finish=version_of_urn,
)
CODELIST_HIERARCHY = Shape(
    CodelistHierarchy,
    *NAMEABLE,
    Attribute("has_formal_levels", "leveled", FLAG, skip=False),
    _CODES,
    _LEVEL,
    urn="codelist.Hierarchy",
)
INCLUDED_CODELIST = Shape(IncludedCodelist, Attribute("alias", "alias"), ReferenceItself("codelist", "Codelist"))
HIERARCHICAL_CODELIST = Shape(
    HierarchicalCodelist,
    *MAINTAINABLE,
    Child("included", "str:IncludedCodelist", INCLUDED_CODELIST, many=True),
    Child("hierarchies", "str:Hierarchy", CODELIST_HIERARCHY, many=True),
    urn="codelist.HierarchicalCodelist",
)
HIERARCHY_ASSOCIATION = Shape(
    HierarchyAssociation,
    *MAINTAINABLE,
    Refers("linked_hierarchy", "str:LinkedHierarchy", "Hierarchy", versions=FROM_30),
    Refers("linked_object", "str:LinkedObject", None, versions=FROM_30),
    Refers("context_object", "str:ContextObject", None, versions=FROM_30),
    urn="codelist.HierarchyAssociation",
    finish=version_of_urn,
)
