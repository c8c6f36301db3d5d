"""What the XSDs of SDMX-ML forbid, and the standard does not."""

from __future__ import annotations

from . import changes as change
from .gap import ALL, ALL_30, BOTH, ONLY_XML, ORGANISATIONS, Gap, row

OF_XML: tuple[Gap, ...] = (
    row(
        "*",
        "names",
        (ALL, ONLY_XML),
        (
            "a name is required; the id is written where there is none",
            "نام لازم است؛ جایی که نامی نیست شناسه نوشته می‌شود",
        ),
        change.named,
    ),
    row(
        "*",
        "links",
        (ALL_30, ONLY_XML),
        ("titles, language and uri of a link are left out", "عنوان، زبان و uri پیوند نوشته نمی‌شود"),
        change.plain_links,
    ),
    row(
        "*",
        "annotations.links",
        (ALL, ONLY_XML),
        (
            "links of an annotation that say more than an address are left out",
            "پیوندهای یادداشت که بیش از نشانی می‌گویند نوشته نمی‌شوند",
        ),
        change.no_annotation_links,
    ),
    row(
        "*",
        "text",
        (ALL, ONLY_XML),
        (
            "control characters, which XML cannot hold, become U+FFFD",
            "نویسه‌های کنترلی که در XML نمی‌گنجند به U+FFFD تبدیل می‌شوند",
        ),
        change.same,
        tells=change.holds_control,
    ),
    *(
        row(
            kind,
            "items.parent",
            (ALL, ONLY_XML),
            ("an organisation has no parent", "سازمان والد ندارد"),
            change.no_parents,
        )
        for kind in ORGANISATIONS
    ),
    row(
        "Codelist",
        "extensions.selection.members",
        (ALL_30, ONLY_XML),
        (
            "the schema has no hyphen in the members of a selection; such a member is left out",
            "طرح‌واره در اعضای انتخاب خط تیره نمی‌پذیرد؛ چنین عضوی نوشته نمی‌شود",
        ),
        change.members_without_hyphen,
    ),
    row(
        "ValueList",
        "is_partial",
        (ALL_30, ONLY_XML),
        ("isPartial is left out", "isPartial نوشته نمی‌شود"),
        change.whole_list,
    ),
    row(
        "DataStructure",
        "groups.links",
        (ALL_30, ONLY_XML),
        ("links of a group are left out", "پیوندهای گروه نوشته نمی‌شوند"),
        change.no_group_links,
    ),
    row(
        "DataStructure",
        "metadata_attribute_usages.links",
        (ALL_30, ONLY_XML),
        (
            "only the first link of a metadata attribute usage is written",
            "تنها نخستین پیوند کاربرد ویژگی فراداده نوشته می‌شود",
        ),
        change.one_usage_link,
    ),
    row(
        "DataStructure",
        "metadata_attribute_usages.metadata_attribute",
        (ALL_30, ONLY_XML),
        (
            "a used metadata attribute is named by its id, without those that it stands in",
            "ویژگی فرادادهٔ به‌کاررفته با شناسهٔ خود و بدون ویژگی‌های بالای آن نامیده می‌شود",
        ),
        change.usage_by_id,
    ),
    row(
        "DataStructure",
        "time_dimension.roles",
        (ALL, ONLY_XML),
        ("the time dimension has no roles", "بُعد زمان نقش ندارد"),
        change.time_without_roles,
    ),
    row(
        "DataStructure",
        "time_dimension.representation",
        (ALL, ONLY_XML),
        (
            "a representation is required; ObservationalTimePeriod is written where there is none",
            "نمایش لازم است؛ جایی که نباشد ObservationalTimePeriod نوشته می‌شود",
        ),
        change.time_represented,
    ),
    row(
        "DataStructure",
        "dimensions.representation.occurs",
        (ALL_30, ONLY_XML),
        ("a dimension has no minOccurs and maxOccurs", "بُعد minOccurs و maxOccurs ندارد"),
        change.single_dimensions,
    ),
    row(
        "DataStructure",
        "dimensions.representation.enumeration",
        (ALL_30, ONLY_XML),
        (
            "a dimension has no value list; its values become free text",
            "بُعد فهرست مقدار ندارد؛ مقدارهایش متن آزاد می‌شوند",
        ),
        change.no_listed_dimensions,
    ),
    row(
        "MetadataStructure",
        "attributes.representation.enumeration",
        (ALL_30, ONLY_XML),
        (
            "a metadata attribute has no value list; its values become free text",
            "ویژگی فراداده فهرست مقدار ندارد؛ مقدارهایش متن آزاد می‌شوند",
        ),
        change.no_value_lists,
    ),
    row(
        "DataConstraint",
        "selections.validity",
        (ALL, BOTH),
        (
            "the validity of attribute and key selections and the language of dimension values are left out",
            "اعتبار انتخاب‌های ویژگی و کلید و زبان مقدار بُعدها نوشته نمی‌شود",
        ),
        change.plain_selections,
    ),
)
