"""The gaps of SDMX-JSON: 2.1 has extension keys, so that it lacks little; 2.0 and 1.0 have none."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from . import changes_json as change
from .gap import ALL, ONLY_21, ONLY_30, ONLY_JSON, UNTIL_30, Gap, row

_EXTENDED = frozenset(
    {
        "dimensions.is_measure_dimension",
        "time_dimension.position",
        "time_dimension.roles",
        "groups.attachment_constraint",
        "attributes.relationship.attachment_groups",
        "measures.is_primary",
        "attachment.data_sets",
        "attachment.references",
        "reference_period",
        "items.parent",
        "is_partial",
        "dimensions.representation.occurs",
        "targets, reports",
    }
)
"""Fields that XML lacks and SDMX-JSON 2.1 carries in extension keys (``x-sdmx-ml-...``); 2.0 has no extensions."""

_UNFIT = (
    "types, facets and lists that SDMX 3 does not allow at their place are left out",
    "نوع‌ها، ویژگی‌ها و فهرست‌هایی که SDMX 3 در جای خود نمی‌پذیرد نوشته نمی‌شوند",
)

_OWN: tuple[Gap, ...] = (
    row(
        "*",
        "service_url, structure_url",
        (UNTIL_30, ONLY_JSON),
        ("the addresses of an external artefact are left out", "نشانی‌های شیء بیرونی نوشته نمی‌شوند"),
        change.no_addresses,
    ),
    row(
        "*",
        "links.urn",
        (ONLY_30, ONLY_JSON),
        (
            "beside an address the URN of a link is one of SDMX 3; any other is left out",
            "URN پیوند در کنار نشانی از SDMX 3 است؛ جز آن نوشته نمی‌شود",
        ),
        change.sdmx_links,
    ),
    row(
        "*",
        "valid_from, valid_to",
        (UNTIL_30, ONLY_JSON),
        (
            "a date, or a time without offset, is completed to a date-time in UTC",
            "تاریخ، یا زمان بدون اختلاف ساعت، به تاریخ و زمان UTC کامل می‌شود",
        ),
        change.complete_moments,
    ),
    row(
        "DataStructure",
        "metadata_attribute_usages.uri",
        (ONLY_30, ONLY_JSON),
        ("the uri of a metadata attribute usage is left out", "نشانی uri کاربرد ویژگی فراداده نوشته نمی‌شود"),
        change.no_usage_uri,
    ),
    row(
        "DataStructure",
        "time_dimension.representation.text_type",
        (ALL, ONLY_JSON),
        (
            "the type is required; ObservationalTimePeriod is written where there is none",
            "نوع لازم است؛ جایی که نباشد ObservationalTimePeriod نوشته می‌شود",
        ),
        change.typed_time,
    ),
    row("DataStructure", "representation", (ONLY_30, ONLY_JSON), _UNFIT, change.fitting_components),
    row("ConceptScheme", "items.core_representation", (ONLY_30, ONLY_JSON), _UNFIT, change.fitting_concepts),
    row("MetadataStructure", "attributes.representation", (ONLY_30, ONLY_JSON), _UNFIT, change.fitting_metadata),
    row(
        "DataConstraint",
        "time_range.validity",
        (ONLY_30, ONLY_JSON),
        ("the validity of a time range is left out", "اعتبار بازهٔ زمانی نوشته نمی‌شود"),
        change.no_range_validity,
    ),
    row(
        "DataConstraint",
        "time_range.period",
        (ALL, ONLY_JSON),
        ("a time without offset is completed to UTC", "زمان بدون اختلاف ساعت به UTC کامل می‌شود"),
        change.complete_bounds,
    ),
    row(
        "*",
        "annotations.value",
        (ONLY_21, ONLY_JSON),
        ("the value of an annotation is left out", "مقدار یادداشت نوشته نمی‌شود"),
        change.no_annotation_values,
    ),
    *(
        row(
            kind,
            "artefact",
            (ONLY_21, ONLY_JSON),
            ("it is not written in SDMX-JSON 1.0", "در SDMX-JSON 1.0 نوشته نمی‌شود"),
            change.left_out,
        )
        for kind in ("MetadataStructure", "Metadataflow")
    ),
    row(
        "DataStructure",
        "dimensions.position",
        (ONLY_21, ONLY_JSON),
        (
            "beside a measure dimension, which is in a list of its own, every dimension has its position",
            "در کنار بُعد سنجه، که فهرست خود را دارد، هر بُعد جایگاه خود را دارد",
        ),
        change.placed_dimensions,
    ),
    row(
        "DataConstraint",
        "selections.include",
        (ONLY_21, ONLY_JSON),
        (
            "a constraint that excludes values of a selection, or keys of a set, is left out",
            "محدودیتی که مقدارهای یک انتخاب یا کلیدهای یک مجموعه را کنار می‌گذارد نوشته نمی‌شود",
        ),
        change.no_exclusions,
    ),
)


def of_json(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """The gaps of SDMX-JSON: of those of the others, what 2.0, or 1.0, lacks as well, and its own."""
    shared = _EXTENDED | {"time_dimension.representation"}
    lacking = (gap for gap in gaps if gap.field in shared)
    before = [(gap, ONLY_30 | (gap.versions & ONLY_21)) for gap in lacking]
    return (*(msgspec.structs.replace(gap, versions=held, families=ONLY_JSON) for gap, held in before), *_OWN)
