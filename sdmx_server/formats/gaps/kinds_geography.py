"""The gaps of codelists with a geography."""

from __future__ import annotations

import msgspec

from ...model.codelist import GEOGRAPHIC, GRID, Code, Codelist
from .gap import ALL_30, BOTH, ONLY_21, Gap, row

_with = msgspec.structs.replace


def _fitting(code: Code, geo_type: str | None) -> Code:
    feature_set = code.feature_set if geo_type == GEOGRAPHIC else None
    cell = code.cell if geo_type == GRID else None
    same = feature_set == code.feature_set and cell == code.cell
    return code if same else _with(code, feature_set=feature_set, cell=cell)


def fitting_codes(codelist: Codelist) -> Codelist:
    """Codes with the geography that those of their list have."""
    items = tuple(_fitting(code, codelist.geo_type) for code in codelist.items)
    return codelist if items == codelist.items else _with(codelist, items=items)


def no_geography(codelist: Codelist) -> Codelist:
    """A plain codelist."""
    plain = codelist if codelist.geo_type is None else _with(codelist, geo_type=None, grid_definition=None)
    return fitting_codes(plain)


GEOGRAPHY: tuple[Gap, ...] = (
    row(
        "Codelist",
        "geo_type, grid_definition, items.feature_set, items.cell",
        (ONLY_21, BOTH),
        (
            "a geographic codelist or grid becomes a codelist; its features, cells and grid definition are left out",
            "فهرست کد جغرافیایی یا شبکه فهرست کد ساده می‌شود؛ عارضه‌ها، خانه‌ها و تعریف شبکه نوشته نمی‌شوند",
        ),
        no_geography,
    ),
    row(
        "Codelist",
        "items.feature_set, items.cell",
        (ALL_30, BOTH),
        (
            "only the codes of a geographic codelist have features, and only those of a grid cells; what other lists "
            "take over from these is left out",
            "تنها کدهای فهرست جغرافیایی عارضه و تنها کدهای شبکه خانه دارند؛ آنچه فهرست‌های دیگر از آن‌ها می‌گیرند نوشته "
            "نمی‌شود",
        ),
        fitting_codes,
    ),
)
"""In the order in which they are applied."""
