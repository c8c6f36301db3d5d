"""The gaps of organisation units, metadata providers and their agreements, and reporting taxonomies."""

from __future__ import annotations

from typing import Any

import msgspec

from ...model.category import ReportingCategory, ReportingTaxonomy
from ...model.metadatastructure import MetadataProvisionAgreement
from ...model.rebuild import rebuild
from .changes import no_parents, version_one
from .changes_21 import exact_references
from .changes_json import left_out
from .gap import ALL, ALL_30, BOTH, ONLY_21, ONLY_30, ONLY_JSON, ONLY_XML, Gap, row

_with = msgspec.structs.replace


def one_content(taxonomy: ReportingTaxonomy) -> ReportingTaxonomy:
    """Categories with structures or with flows."""

    def choose(category: ReportingCategory) -> ReportingCategory:
        return _with(category, usages=()) if category.structures and category.usages else category

    result: ReportingTaxonomy = rebuild(taxonomy, ReportingCategory, choose)
    return result


def whole_agreement(agreement: MetadataProvisionAgreement) -> MetadataProvisionAgreement | None:
    """None when it lacks the flow or the provider."""
    return agreement if agreement.metadataflow and agreement.metadata_provider else None


def _not_in_21(kind: str, what: tuple[str, str]) -> Gap:
    english, persian = what
    texts = (f"there are no {english}; it is left out", f"{persian} وجود ندارد و نوشته نمی‌شود")
    change: Any = left_out
    return row(kind, "artefact", (ONLY_21, BOTH), texts, change)


ORGANISATIONS: tuple[Gap, ...] = (
    *(
        row(
            kind,
            "version",
            (ALL_30, BOTH),
            ("organisation schemes have no version; their URN says 1.0", "طرح‌های سازمان نسخه ندارند؛ URN آن‌ها 1.0 است"),
            version_one,
        )
        for kind in ("OrganisationUnitScheme", "MetadataProviderScheme")
    ),
    *(
        row(
            "MetadataProviderScheme",
            "items.parent",
            (versions, families),
            ("an organisation has no parent", "سازمان والد ندارد"),
            no_parents,
        )
        for versions, families in ((ALL_30, ONLY_XML), (ONLY_30, ONLY_JSON))
    ),
    _not_in_21("MetadataProviderScheme", ("metadata provider schemes", "طرح ارائه‌دهندگان فراداده")),
    _not_in_21("MetadataProvisionAgreement", ("metadata provision agreements", "توافق ارائهٔ فراداده")),
    row(
        "MetadataProvisionAgreement",
        "metadataflow, metadata_provider",
        (ALL_30, ONLY_XML),
        ("an agreement without flow or provider is left out", "توافق بدون جریان یا ارائه‌دهنده نوشته نمی‌شود"),
        whole_agreement,
    ),
    *(
        row(
            "ReportingTaxonomy",
            "items.structures, items.usages",
            (versions, families),
            (
                "a category holds structures or flows; of both only the structures are written",
                "هر رده یا ساختار دارد یا جریان؛ از هر دو تنها ساختارها نوشته می‌شوند",
            ),
            one_content,
        )
        for versions, families in ((ALL, ONLY_XML), (ALL_30, ONLY_JSON))
    ),
    row(
        "ReportingTaxonomy",
        "references.version",
        (ONLY_21, BOTH),
        (
            "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
            "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
        ),
        exact_references,
    ),
)
"""In the order in which they are applied."""
