"""The gaps of metadata constraints and attachment constraints, and of what data constraints say of metadata."""

from __future__ import annotations

from . import changes as shared
from . import changes_21, changes_json
from . import changes_constraint as change
from .gap import ALL, ALL_30, BOTH, ONLY_21, ONLY_30, ONLY_31, ONLY_JSON, ONLY_XML, Gap, row

_KIND = "MetadataConstraint"
_HERE = (ONLY_21, BOTH)
_UNEXTENDED = ((ALL_30, ONLY_XML), (ONLY_30, ONLY_JSON))
"""Where there are no extension keys, which SDMX-JSON 2.1 has."""

_OF_3X: tuple[Gap, ...] = (
    *(
        row(
            "DataConstraint",
            "metadata_key_sets, metadata_regions",
            where,
            (
                "what a content constraint of data says of metadata is left out",
                "آنچه محدودیت داده دربارهٔ فراداده می‌گوید نوشته نمی‌شود",
            ),
            change.no_metadata_content,
        )
        for where in _UNEXTENDED
    ),
    row(
        _KIND,
        "role",
        (ALL_30, BOTH),
        (
            "a metadata constraint says what is allowed; an Actual one is left out",
            "محدودیت فراداده می‌گوید چه مجاز است؛ محدودیت با نقش Actual نوشته نمی‌شود",
        ),
        shared.no_actual,
    ),
    row(
        _KIND,
        "metadata_key_sets, metadata_regions.keys, key_sets, cube_regions",
        (ALL_30, BOTH),
        (
            "a constraint by keys, by objects of a metadata target or by data is left out",
            "محدودیت بر پایهٔ کلید، اشیای هدف فراداده یا داده نوشته نمی‌شود",
        ),
        change.by_attributes_alone,
    ),
    row(
        _KIND,
        "metadata_regions",
        (ALL_30, ONLY_XML),
        (
            "one region that includes and one that excludes can be written; a constraint with more is left out",
            "تنها یک ناحیهٔ شامل و یک ناحیهٔ مستثنا نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.one_target_region_each,
    ),
    row(
        _KIND,
        "metadata_regions",
        (ALL_30, ONLY_JSON),
        (
            "only two regions can be written; a constraint with more is left out",
            "تنها دو ناحیه نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.two_target_regions,
    ),
    *(
        row(
            _KIND,
            "metadata_regions.report, metadata_regions.target",
            where,
            ("the report and the target of a region are left out", "گزارش و هدف ناحیه نوشته نمی‌شوند"),
            change.no_target,
        )
        for where in _UNEXTENDED
    ),
    row(
        _KIND,
        "metadata_regions.components.validity",
        (ALL_30, BOTH),
        ("the validity of a selection is left out", "اعتبار انتخاب نوشته نمی‌شود"),
        change.no_selection_validity,
    ),
    row(
        _KIND,
        "metadata_regions.annotations",
        (ALL_30, ONLY_XML),
        ("annotations of a region are left out", "یادداشت‌های ناحیه نوشته نمی‌شوند"),
        change.no_region_annotations,
    ),
    row(
        _KIND,
        "time_range.validity",
        (ONLY_30, ONLY_JSON),
        ("the validity of a time range is left out", "اعتبار بازهٔ زمانی نوشته نمی‌شود"),
        changes_json.no_range_validity,
    ),
    row(
        _KIND,
        "time_range.period",
        (ALL, ONLY_JSON),
        ("a time without offset is completed to UTC", "زمان بدون اختلاف ساعت به UTC کامل می‌شود"),
        changes_json.complete_bounds,
    ),
)

_ATTACHED_3X: tuple[Gap, ...] = (
    *(
        row(
            _KIND,
            "attachment.references, attachment.metadata_sets",
            where,
            (
                "an attachment to data, or to a set by its provider and id, is left out, with its sources",
                "پیوست به داده، یا به مجموعه با ارائه‌دهنده و شناسهٔ آن، و منبع‌های آن نوشته نمی‌شوند",
            ),
            change.attached_to_metadata,
        )
        for where in _UNEXTENDED
    ),
    row(
        _KIND,
        "attachment.references",
        (ALL_30, ONLY_XML),
        (
            "an attachment to metadata sets is left out: 3.1 has none, and the schema of 3.0 refuses their URNs",
            "پیوست به مجموعه‌های فراداده نوشته نمی‌شود: 3.1 آن را ندارد و طرح‌وارهٔ 3.0 نشانی آن‌ها را نمی‌پذیرد",
        ),
        change.not_attached_to_sets,
    ),
    row(
        _KIND,
        "attachment",
        (ALL_30, BOTH),
        (
            "a constraint is attached to artefacts of one kind, or to one provider: the first",
            "محدودیت به شیءهای یک نوع، یا به یک ارائه‌دهنده، پیوست می‌شود: نخستین",
        ),
        shared.one_kind_attached,
    ),
    row(
        _KIND,
        "attachment.data_sources",
        (ONLY_30, BOTH),
        (
            "queryable data sources stand beside artefacts, simple ones alone; others are left out",
            "منبع‌های پرسیدنی کنار شیءها و منبع‌های ساده تنها می‌آیند؛ جز آن نوشته نمی‌شود",
        ),
        shared.fitting_sources,
    ),
    row(
        _KIND,
        "attachment.data_sources",
        (ONLY_31, ONLY_XML),
        ("data sources of the attachment are left out", "منبع‌های دادهٔ پیوست نوشته نمی‌شوند"),
        shared.no_sources,
    ),
    row(
        _KIND,
        "release_calendar",
        (ONLY_31, ONLY_XML),
        ("the release calendar is left out", "تقویم انتشار نوشته نمی‌شود"),
        shared.no_calendar,
    ),
    *(
        row(
            _KIND,
            "reference_period",
            where,
            ("the reference period is left out", "دورهٔ مرجع نوشته نمی‌شود"),
            shared.no_reference_period,
        )
        for where in _UNEXTENDED
    ),
)

_OF_21: tuple[Gap, ...] = (
    row(
        _KIND,
        "selections.cascade, selections.remove_prefix",
        _HERE,
        (
            "a constraint that cascades without the root, or removes prefixes, is left out",
            "محدودیتی که آبشار بدون ریشه دارد، یا پیشوند را برمی‌دارد، نوشته نمی‌شود",
        ),
        changes_21.plain_cascades,
    ),
    row(
        _KIND,
        "selections.include",
        (ONLY_21, ONLY_JSON),
        (
            "a constraint that excludes values of a selection is left out",
            "محدودیتی که مقدارهای یک انتخاب را کنار می‌گذارد نوشته نمی‌شود",
        ),
        changes_json.no_exclusions,
    ),
    row(
        _KIND,
        "metadata_regions",
        _HERE,
        (
            "validity, languages and annotations of regions and selections are left out",
            "اعتبار، زبان و یادداشت ناحیه‌ها و انتخاب‌ها نوشته نمی‌شوند",
        ),
        changes_21.plain_regions,
    ),
    row(
        _KIND,
        "attachment.references",
        _HERE,
        (
            "an attachment to metadata providers, metadata provision agreements or metadata sets is left out",
            "پیوست به ارائه‌دهنده، توافق ارائه یا مجموعهٔ فراداده نوشته نمی‌شود",
        ),
        change.attached_in_21,
    ),
    row(
        _KIND,
        "attachment",
        _HERE,
        (
            "a constraint is attached to artefacts of one kind, or to one provider, set or source: the first",
            "محدودیت به شیءهای یک نوع، یا به یک ارائه‌دهنده، مجموعه یا منبع پیوست می‌شود: نخستین",
        ),
        changes_21.one_attachment,
    ),
    row(
        _KIND,
        "metadata_regions.report, metadata_regions.target",
        _HERE,
        (
            "a region is about a report and a target; METADATA_REPORT and ANY_TARGET are written where there is none",
            "ناحیه دربارهٔ یک گزارش و یک هدف است؛ جایی که نباشد METADATA_REPORT و ANY_TARGET نوشته می‌شوند",
        ),
        change.about_a_target,
    ),
    *(
        row(
            kind,
            "references.version",
            _HERE,
            (
                "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
                "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
            ),
            changes_21.exact_references,
        )
        for kind in (_KIND, "AttachmentConstraint")
    ),
    row(
        _KIND,
        "artefact",
        _HERE,
        (
            "one that is not attached to metadata and holds none cannot be told from a content constraint of data",
            "محدودیتی که به فراداده پیوسته نیست و چیزی از آن ندارد از محدودیت داده بازشناختنی نیست",
        ),
        change.as_content,
    ),
)

CONSTRAINTS: tuple[Gap, ...] = (
    *_OF_3X,
    *_ATTACHED_3X,
    *_OF_21,
    row(
        "AttachmentConstraint",
        "artefact",
        (ALL_30, BOTH),
        ("there are no attachment constraints; it is left out", "محدودیت پیوست وجود ندارد و نوشته نمی‌شود"),
        changes_json.left_out,
    ),
    row(
        "AttachmentConstraint",
        "attachment",
        _HERE,
        (
            "it is attached to artefacts of one kind, or to sets, or to simple sources: the first of these",
            "به شیءهای یک نوع، یا به مجموعه‌ها، یا به منبع‌های ساده پیوست می‌شود: نخستین این‌ها",
        ),
        change.attached_once,
    ),
)
"""In the order in which they are applied."""
