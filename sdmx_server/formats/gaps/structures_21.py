"""The gaps of 2.1: what came with 3.0 or 3.1, and what the schemas of 2.1 forbid."""

from __future__ import annotations

from . import changes_21 as change
from .changes import no_value_lists
from .gap import BOTH, ONLY_21, ONLY_XML, ORGANISATIONS, Gap, row

_HERE = (ONLY_21, BOTH)
_HERE_XML = (ONLY_21, ONLY_XML)
_REPRESENTED = ("ConceptScheme", "DataStructure", "MetadataStructure")
_REFERRING = (
    *("ConceptScheme", "DataStructure", "Dataflow", "MetadataStructure", "Metadataflow"),
    *("Categorisation", "ProvisionAgreement", "DataConstraint"),
)
_UNFIT = (
    "types and facets that 2.1 does not allow at their place are left out, lists become free text",
    "نوع‌ها و ویژگی‌هایی که 2.1 در جای خود نمی‌پذیرد نوشته نمی‌شوند و فهرست‌ها متن آزاد می‌شوند",
)

SAME_VERSION = row(
    "*",
    "version",
    (frozenset({"2.1", "3.1"}), BOTH),
    (
        "of versions that would become one, as 1.2.0 and 1.2.0-draft do, the highest is written, others are left out",
        "از نسخه‌هایی که یکی می‌شوند، مانند 1.2.0 و 1.2.0-draft، بالاترین نوشته می‌شود و بقیه نوشته نمی‌شوند",
    ),
    lambda artefact: artefact,  # concerns no artefact by itself: the footer looks for those that stand beside another
)
_OF_ALL: tuple[Gap, ...] = (
    row(
        "*",
        "version",
        _HERE,
        (
            "a version has no extension; 1.2.0-draft is written 1.2.0",
            "نسخه پسوند ندارد؛ 1.2.0-draft به‌صورت 1.2.0 نوشته می‌شود",
        ),
        change.without_extension,
    ),
    SAME_VERSION,
    row("*", "links", _HERE_XML, ("links are left out", "پیوندها نوشته نمی‌شوند"), change.no_links),
    row(
        "*",
        "annotations.value, annotations.urls",
        _HERE_XML,
        (
            "an annotation has no value, and one address without language",
            "یادداشت مقدار ندارد، و یک نشانی بدون زبان دارد",
        ),
        change.plain_annotations,
    ),
    row(
        "*",
        "valid_from, valid_to",
        _HERE_XML,
        ("a date is completed to a date-time in UTC", "تاریخ به تاریخ و زمان UTC کامل می‌شود"),
        change.whole_moments,
    ),
    *(
        row(
            kind,
            "is_final",
            _HERE_XML,
            ("an organisation scheme is never final", "طرح سازمان هرگز نهایی نیست"),
            change.never_final,
        )
        for kind in ORGANISATIONS
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
            change.exact_references,
        )
        for kind in _REFERRING
    ),
)

_OF_LISTS: tuple[Gap, ...] = (
    row(
        "ValueList",
        "items",
        _HERE,
        ("there are no value lists; it is left out", "فهرست مقدار وجود ندارد و نوشته نمی‌شود"),
        change.no_value_list,
    ),
    row(
        "Codelist",
        "extensions",
        _HERE,
        (
            "an extension is left out; its codes are written where the codelist is asked for whole",
            "گسترش نوشته نمی‌شود؛ کدهای آن هنگام درخواست کامل فهرست کد نوشته می‌شوند",
        ),
        change.no_extensions,
    ),
    *(
        row(
            kind,
            "representation.occurs",
            _HERE,
            (
                "a component has one value; minOccurs and maxOccurs are left out",
                "هر مؤلفه یک مقدار دارد؛ minOccurs و maxOccurs نوشته نمی‌شوند",
            ),
            change.single_values,
        )
        for kind in _REPRESENTED
    ),
    *(
        row(
            kind,
            "representation.sentinels",
            _HERE,
            ("sentinel values are left out", "مقدارهای نشانه نوشته نمی‌شوند"),
            change.no_sentinels,
        )
        for kind in _REPRESENTED
    ),
    *(
        row(
            kind,
            "representation.enumeration",
            _HERE,
            ("values of a value list become free text", "مقدارهای فهرست مقدار متن آزاد می‌شوند"),
            no_value_lists,
        )
        for kind in _REPRESENTED
    ),
    row("ConceptScheme", "items.core_representation", _HERE, _UNFIT, change.fitting_concepts),
    row("DataStructure", "representation", _HERE, _UNFIT, change.fitting_components),
    row("MetadataStructure", "attributes.representation", _HERE, _UNFIT, change.fitting_metadata),
)

_OF_STRUCTURES: tuple[Gap, ...] = (
    row(
        "DataStructure",
        "measures",
        _HERE,
        (
            "there is one measure, OBS_VALUE, without roles and usage: the measure of that name or the first (where "
            "there is none, one of the concept SDMX:CROSS_DOMAIN_CONCEPTS(2.0).OBS_VALUE); the others become "
            "attributes of the observation",
            "تنها یک سنجه هست، OBS_VALUE، بدون نقش و کاربرد: سنجهٔ همین نام یا نخستین سنجه (و اگر نباشد سنجه‌ای با مفهوم "
            "SDMX:CROSS_DOMAIN_CONCEPTS(2.0).OBS_VALUE)؛ سنجه‌های دیگر ویژگی مشاهده می‌شوند",
        ),
        change.one_measure,
        tells=change.loses_measures,
    ),
    row(
        "DataStructure",
        "metadata, metadata_attribute_usages",
        _HERE,
        (
            "the metadata structure and the metadata attributes used are left out",
            "ساختار فراداده و ویژگی‌های فرادادهٔ به‌کاررفته نوشته نمی‌شوند",
        ),
        change.no_metadata,
    ),
    row(
        "DataStructure",
        "attributes.measures",
        _HERE,
        ("the measure relationship of attributes is left out", "رابطهٔ ویژگی‌ها با سنجه‌ها نوشته نمی‌شود"),
        change.no_measure_relationship,
    ),
    row(
        "DataStructure",
        "attributes.relationship.dimensions.optional",
        _HERE,
        ("that a dimension of an attribute is optional is left out", "اختیاری بودن بُعد در رابطهٔ ویژگی نوشته نمی‌شود"),
        change.no_optional_dimensions,
    ),
    row(
        "MetadataStructure",
        "attributes",
        _HERE,
        (
            "the attribute list becomes the report structure METADATA_REPORT, about any identifiable object",
            "فهرست ویژگی‌ها ساختار گزارش METADATA_REPORT می‌شود، دربارهٔ هر شیء شناسه‌دار",
        ),
        change.one_report,
    ),
    row(
        "Metadataflow",
        "targets",
        _HERE,
        ("the targets are left out", "هدف‌ها نوشته نمی‌شوند"),
        change.no_targets,
    ),
)

_OF_CONSTRAINTS: tuple[Gap, ...] = (
    row(
        "DataConstraint",
        "selections.cascade, selections.remove_prefix",
        _HERE,
        (
            "a constraint that cascades without the root, or removes prefixes, is left out",
            "محدودیتی که آبشار بدون ریشه دارد، یا پیشوند را برمی‌دارد، نوشته نمی‌شود",
        ),
        change.plain_cascades,
    ),
    row(
        "DataConstraint",
        "cube_regions, key_sets",
        _HERE,
        (
            "validity, languages and annotations of selections, and components of keys, are left out",
            "اعتبار، زبان و یادداشت انتخاب‌ها، و مؤلفه‌های کلیدها، نوشته نمی‌شوند",
        ),
        change.plain_regions,
    ),
    row(
        "DataConstraint",
        "attachment",
        _HERE,
        (
            "a constraint is attached to artefacts of one kind, or to one provider, data set or source: the first",
            "محدودیت به شیءهای یک نوع، یا به یک ارائه‌دهنده، مجموعه‌داده یا منبع پیوست می‌شود: نخستین",
        ),
        change.one_attachment,
    ),
)

OF_3X: tuple[Gap, ...] = (*_OF_ALL, *_OF_LISTS, *_OF_STRUCTURES, *_OF_CONSTRAINTS)
"""In the order in which they are applied."""
