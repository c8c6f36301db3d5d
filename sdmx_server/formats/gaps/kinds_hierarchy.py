"""The gaps of hierarchies, hierarchical codelists and hierarchy associations."""

from __future__ import annotations

from . import changes_hierarchy as change
from .changes import same
from .changes_21 import exact_references
from .changes_json import left_out
from .gap import ALL, ALL_30, BOTH, ONLY_21, ONLY_JSON, ONLY_XML, UNTIL_30, Gap, row

_EITHER = ("Hierarchy", "HierarchicalCodelist")

HIERARCHIES: tuple[Gap, ...] = (
    row(
        "HierarchicalCodelist",
        "artefact",
        (ALL_30, BOTH),
        (
            "each hierarchy becomes an artefact of its own, with the id CODELIST_HIERARCHY unless both are the same; "
            "what else the codelist says, aliases and versions of codes are left out",
            "هر سلسله‌مراتب شیئی جدا می‌شود با شناسهٔ CODELIST_HIERARCHY، مگر آن‌که هر دو یکی باشند؛ "
            "دیگر گفته‌های فهرست، نام‌های مستعار و نسخهٔ کدها نوشته نمی‌شوند",
        ),
        same,
        tells=change.loses_codelist,
    ),
    row(
        "Hierarchy",
        "codes",
        (ALL_30, ONLY_XML),
        ("a hierarchy without codes is left out", "سلسله‌مراتب بدون کد نوشته نمی‌شود"),
        change.with_codes,
    ),
    row(
        "Hierarchy",
        "codes.id",
        (ALL_30, ONLY_XML),
        (
            "an id stands once in a hierarchy; when it comes again it is numbered: A, A_2",
            "هر شناسه در سلسله‌مراتب یک بار می‌آید؛ اگر باز بیاید شماره می‌گیرد: A و A_2",
        ),
        change.unique_codes,
    ),
    row(
        "Hierarchy",
        "codes",
        (ONLY_21, BOTH),
        (
            "a hierarchy without codes becomes an empty hierarchical codelist",
            "سلسله‌مراتب بدون کد فهرست کد سلسله‌مراتبی تهی می‌شود",
        ),
        same,
        tells=change.lacks_codes,
    ),
    row(
        "HierarchicalCodelist",
        "hierarchies.codes",
        (ONLY_21, ONLY_XML),
        (
            "a code is named by its reference or by alias and id; one that is named by neither is left out, and a "
            "hierarchy without codes",
            "کد یا با ارجاع نامیده می‌شود یا با نام مستعار و شناسه؛ کدی که هیچ‌یک را ندارد، و سلسله‌مراتب بدون کد، نوشته "
            "نمی‌شود",
        ),
        change.named_codes,
    ),
    row(
        "HierarchicalCodelist",
        "included.alias",
        (ONLY_21, ONLY_JSON),
        (
            "an included codelist has an alias, by default its id",
            "فهرست کد گنجانده نام مستعار دارد؛ پیش‌فرض، شناسهٔ آن",
        ),
        change.aliased,
    ),
    *(
        row(
            kind,
            "references.version",
            (ONLY_21, BOTH),
            (
                "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
                "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
            ),
            exact_references,
        )
        for kind in _EITHER
    ),
    *(
        row(
            kind,
            "level.coding_format",
            (versions, families),
            (
                "types and facets that the format of a level does not allow are left out",
                "نوع‌ها و ویژگی‌هایی که قالب سطح نمی‌پذیرد نوشته نمی‌شوند",
            ),
            fitting,
        )
        for versions, families, fitting in (
            (UNTIL_30, ONLY_JSON, change.fitting_levels),
            (ALL, ONLY_XML, change.fitting_levels_xml),
        )
        for kind in _EITHER
    ),
    *(
        row(
            kind,
            "codes.valid_from, codes.valid_to",
            (UNTIL_30, ONLY_JSON),
            ("a time without offset is completed to UTC", "زمان بدون اختلاف ساعت به UTC کامل می‌شود"),
            change.complete_codes,
        )
        for kind in _EITHER
    ),
    row(
        "HierarchyAssociation",
        "artefact",
        (ONLY_21, BOTH),
        ("there are no hierarchy associations; it is left out", "پیوند سلسله‌مراتب وجود ندارد و نوشته نمی‌شود"),
        left_out,
    ),
    row(
        "HierarchyAssociation",
        "linked_hierarchy, linked_object",
        (ALL_30, ONLY_XML),
        (
            "an association without hierarchy or object is left out",
            "پیوندی که سلسله‌مراتب یا شیء ندارد نوشته نمی‌شود",
        ),
        change.whole_association,
    ),
)
"""In the order in which they are applied."""
