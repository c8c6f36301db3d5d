"""The gaps of the VTL schemes."""

from __future__ import annotations

import msgspec

from ...model.transformation import VTL_SCHEMES, VtlDefinitionScheme, VtlMappingScheme
from .changes_21 import exact_references
from .changes_json import left_out
from .gap import ALL, ALL_30, ONLY_21, ONLY_30, ONLY_JSON, ONLY_XML, Gap, row

_VTL_VERSION = "2.0"


def of_vtl_2(scheme: VtlDefinitionScheme) -> VtlDefinitionScheme:
    """A scheme that says its version of VTL."""
    return scheme if scheme.vtl_version is not None else msgspec.structs.replace(scheme, vtl_version=_VTL_VERSION)


def no_concept_schemes(scheme: VtlMappingScheme) -> VtlMappingScheme:
    """Mappings of anything but concept schemes."""
    return msgspec.structs.replace(scheme, items=tuple(one for one in scheme.items if one.mapped != "ConceptScheme"))


TRANSFORMATIONS: tuple[Gap, ...] = (
    *(
        row(
            cls.kind,
            "artefact",
            (ONLY_21, ONLY_JSON),
            ("there are no VTL schemes; it is left out", "طرح‌های VTL وجود ندارند؛ نوشته نمی‌شود"),
            left_out,
        )
        for cls in VTL_SCHEMES
    ),
    *(
        row(
            cls.kind,
            "vtl_version",
            (ALL, ONLY_XML),
            (
                f"the version of VTL is required; {_VTL_VERSION} is written where there is none",
                f"نسخهٔ VTL لازم است؛ جایی که نباشد {_VTL_VERSION} نوشته می‌شود",
            ),
            of_vtl_2,
        )
        for cls in VTL_SCHEMES
        if issubclass(cls, VtlDefinitionScheme)
    ),
    *(
        row(
            VtlMappingScheme.kind,
            "items.target",
            (versions, families),
            ("a mapping of a concept scheme is left out", "نگاشت طرح مفاهیم نوشته نمی‌شود"),
            no_concept_schemes,
        )
        for versions, families in ((ALL_30, ONLY_XML), (ONLY_30, ONLY_JSON))
    ),
    *(
        row(
            kind,
            "references.version",
            (ONLY_21, ONLY_XML),
            (
                "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
                "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
            ),
            exact_references,
        )
        for kind in ("VtlMappingScheme", "RulesetScheme", "TransformationScheme", "UserDefinedOperatorScheme")
    ),
)
"""In the order in which they are applied."""
