"""Tables of codelists and value lists."""

from __future__ import annotations

from ...model.codelist import Code, Codelist, ValueItem, ValueList
from .constraint import CODELIST_EXTENSION
from .engine import BOTH, PLAIN, Field, Table, extension, many, texts
from .identity import ANNOTATIONS, ID, nameable
from .maintainable import IS_PARTIAL, maintainable

_CODE = Table(Code, nameable("codelist.Code", Field("parent", "parent", PLAIN)))
_VALUE_ITEM = Table(ValueItem, (ID, texts("name", "names"), texts("description", "descriptions"), ANNOTATIONS))

CODELIST = Table(
    Codelist,
    maintainable(
        "Codelist",
        IS_PARTIAL,
        many("codes", "items", _CODE),
        many("codelistExtensions", "extensions", CODELIST_EXTENSION, versions=BOTH),
    ),
)
VALUE_LIST = Table(
    ValueList,
    maintainable(
        "ValueList",
        extension("isPartial", "is_partial", default=False),
        many("valueItems", "items", _VALUE_ITEM),
    ),
)
