"""What a generation of SDMX cannot express, and what becomes of it: a closed table, shown in ``docs/gaps.md``.

The model is the union of 2.1, 3.0 and 3.1. Writers of a generation write ``expressible(artefact, ...)``; callers warn
the client with ``gaps_of(artefact, ...)``. Nothing else may be lost between a message that was read and one written.
"""

from __future__ import annotations

from ..model.common import Maintainable
from . import gap_changes as change
from .gap import ALL as _ALL
from .gap import ALL_30 as _ALL_30
from .gap import BOTH as _BOTH
from .gap import ONLY_30 as _ONLY_30
from .gap import ONLY_31 as _ONLY_31
from .gap import ONLY_JSON as _JSON
from .gap import ONLY_XML as _XML
from .gap import UNTIL_30 as _UNTIL_30
from .gap import XML, Gap
from .gap import row as _gap
from .gaps_21 import OF_3X
from .gaps_json import of_json

_ORGANISATIONS = ("AgencyScheme", "DataProviderScheme", "DataConsumerScheme")

_OF_21: tuple[Gap, ...] = (
    _gap(
        "*",
        "is_final",
        (_ALL_30, _XML),
        (
            "isFinal is left out; from 3.0 on a version of three parts without extension is final",
            "isFinal نوشته نمی‌شود؛ از 3.0 نسخهٔ سه‌بخشی بدون پسوند نهایی است",
        ),
        change.not_final,
    ),
    *(
        _gap(
            kind,
            "version",
            (_ALL, _BOTH),
            ("organisation schemes have no version; their URN says 1.0", "طرح‌های سازمان نسخه ندارند؛ URN آن‌ها 1.0 است"),
            change.version_one,
        )
        for kind in _ORGANISATIONS
    ),
    _gap(
        "DataStructure",
        "dimensions.is_measure_dimension",
        (_ALL_30, _XML),
        (
            "a MeasureDimension becomes a plain dimension without its enumeration, a concept scheme",
            "MeasureDimension بُعدی ساده می‌شود و فهرست آن، که طرح مفاهیم است، نوشته نمی‌شود",
        ),
        change.plain_dimensions,
    ),
    _gap(
        "DataStructure",
        "time_dimension.position",
        (_ALL_30, _XML),
        ("the time dimension has no position", "بُعد زمان جایگاه ندارد"),
        change.time_without_position,
    ),
    _gap(
        "DataStructure",
        "groups.attachment_constraint",
        (_ALL_30, _XML),
        (
            "a group defined by an attachment constraint is left out",
            "گروهی که با AttachmentConstraint تعریف شده نوشته نمی‌شود",
        ),
        change.groups_of_dimensions,
    ),
    _gap(
        "DataStructure",
        "attributes.relationship.attachment_groups",
        (_ALL_30, _XML),
        ("attachment groups are left out, the dimensions stay", "گروه‌های پیوست نوشته نمی‌شوند، بُعدها می‌مانند"),
        change.no_attachment_groups,
    ),
    _gap(
        "DataStructure",
        "measures.is_primary",
        (_ALL_30, _XML),
        ("the primary measure becomes a measure like any other", "سنجهٔ اصلی مانند سنجه‌های دیگر نوشته می‌شود"),
        change.plain_measures,
    ),
    _gap(
        "MetadataStructure",
        "targets, reports",
        (_ALL_30, _XML),
        (
            "metadata targets are left out; the attributes of all reports become one list",
            "هدف‌های فراداده نوشته نمی‌شوند؛ ویژگی‌های همهٔ گزارش‌ها یک فهرست می‌شوند",
        ),
        change.attribute_list,
    ),
    _gap(
        "Metadataflow",
        "targets",
        (_ALL_30, _XML),
        (
            "a target is required; any dataflow is written where there is none",
            "هدف لازم است؛ جایی که نباشد هر جریان داده نوشته می‌شود",
        ),
        change.targeted,
    ),
    _gap(
        "DataConstraint",
        "attachment.data_sets",
        (_ALL_30, _XML),
        ("an attachment to data sets is left out", "پیوست به مجموعه‌داده‌ها نوشته نمی‌شود"),
        change.no_data_sets,
    ),
    _gap(
        "DataConstraint",
        "attachment.references",
        (_ALL_30, _XML),
        ("an attachment to metadata is left out", "پیوست به فراداده نوشته نمی‌شود"),
        change.no_metadata_attachment,
    ),
    _gap(
        "DataConstraint",
        "reference_period",
        (_ALL_30, _XML),
        ("the reference period is left out", "دورهٔ مرجع نوشته نمی‌شود"),
        change.no_reference_period,
    ),
    _gap(
        "DataConstraint",
        "cube_regions",
        (_ALL_30, _XML),
        (
            "one cube region that includes and one that excludes can be written; a constraint with more is left out",
            "تنها یک ناحیهٔ شامل و یک ناحیهٔ مستثنا نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.one_region_each,
    ),
    _gap(
        "DataConstraint",
        "cube_regions",
        (_ALL_30, _JSON),
        (
            "only two cube regions can be written; a constraint with more is left out",
            "تنها دو ناحیهٔ مکعب نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.two_regions,
    ),
)

_BETWEEN_3: tuple[Gap, ...] = (
    _gap(
        "*",
        "is_partial_language",
        (_UNTIL_30, _BOTH),
        ("isPartialLanguage is left out", "isPartialLanguage نوشته نمی‌شود"),
        change.whole_language,
    ),
    _gap(
        "DataStructure",
        "evolving_structure",
        (_UNTIL_30, _BOTH),
        ("evolvingStructure is left out", "evolvingStructure نوشته نمی‌شود"),
        change.not_evolving,
    ),
    _gap(
        "Dataflow",
        "dimension_constraint",
        (_UNTIL_30, _BOTH),
        ("the dimension constraint is left out", "محدودیت بُعدها نوشته نمی‌شود"),
        change.no_dimension_constraint,
    ),
    _gap(
        "Codelist",
        "items.parent",
        (_ONLY_30, _XML),
        (
            "the schema lets a parent begin with a letter only; another parent is left out",
            "طرح‌واره تنها والدی را می‌پذیرد که با حرف آغاز شود؛ والد دیگر نوشته نمی‌شود",
        ),
        change.lettered_parents,
    ),
    _gap(
        "DataConstraint",
        "key_sets.keys",
        (_UNTIL_30, _BOTH),
        ("a key with several values becomes several keys", "کلیدی با چند مقدار به چند کلید تبدیل می‌شود"),
        change.single_keys,
    ),
    _gap(
        "Categorisation",
        "version",
        (_ONLY_31, _XML),
        (
            "categorisations have no version; their URN says 1.0",
            "رده‌بندی‌ها نسخه ندارند؛ URN آن‌ها 1.0 است",
        ),
        change.version_one,
    ),
    _gap(
        "DataConstraint",
        "role",
        (_ONLY_31, _BOTH),
        (
            "a constraint has no role; an Actual one is left out",
            "محدودیت نقش ندارد؛ محدودیت با نقش Actual نوشته نمی‌شود",
        ),
        change.no_actual,
    ),
    _gap(
        "DataConstraint",
        "release_calendar",
        (_ONLY_31, _XML),
        ("the release calendar is left out", "تقویم انتشار نوشته نمی‌شود"),
        change.no_calendar,
    ),
    _gap(
        "DataConstraint",
        "attachment.data_sources",
        (_ONLY_31, _XML),
        ("data sources of the attachment are left out", "منبع‌های دادهٔ پیوست نوشته نمی‌شوند"),
        change.no_sources,
    ),
)

_OF_XML: tuple[Gap, ...] = (
    _gap(
        "*",
        "names",
        (_ALL, _XML),
        (
            "a name is required; the id is written where there is none",
            "نام لازم است؛ جایی که نامی نیست شناسه نوشته می‌شود",
        ),
        change.named,
    ),
    _gap(
        "*",
        "links",
        (_ALL_30, _XML),
        ("titles, language and uri of a link are left out", "عنوان، زبان و uri پیوند نوشته نمی‌شود"),
        change.plain_links,
    ),
    _gap(
        "*",
        "annotations.links",
        (_ALL, _XML),
        (
            "links of an annotation that say more than an address are left out",
            "پیوندهای یادداشت که بیش از نشانی می‌گویند نوشته نمی‌شوند",
        ),
        change.no_annotation_links,
    ),
    _gap(
        "*",
        "text",
        (_ALL, _XML),
        (
            "control characters, which XML cannot hold, become U+FFFD",
            "نویسه‌های کنترلی که در XML نمی‌گنجند به U+FFFD تبدیل می‌شوند",
        ),
        change.same,
        tells=change.holds_control,
    ),
    *(
        _gap(
            kind,
            "items.parent",
            (_ALL, _XML),
            ("an organisation has no parent", "سازمان والد ندارد"),
            change.no_parents,
        )
        for kind in _ORGANISATIONS
    ),
    _gap(
        "Codelist",
        "extensions.selection.members",
        (_ALL_30, _XML),
        (
            "the schema has no hyphen in the members of a selection; such a member is left out",
            "طرح‌واره در اعضای انتخاب خط تیره نمی‌پذیرد؛ چنین عضوی نوشته نمی‌شود",
        ),
        change.members_without_hyphen,
    ),
    _gap(
        "ValueList",
        "is_partial",
        (_ALL_30, _XML),
        ("isPartial is left out", "isPartial نوشته نمی‌شود"),
        change.whole_list,
    ),
    _gap(
        "DataStructure",
        "groups.links",
        (_ALL_30, _XML),
        ("links of a group are left out", "پیوندهای گروه نوشته نمی‌شوند"),
        change.no_group_links,
    ),
    _gap(
        "DataStructure",
        "metadata_attribute_usages.links",
        (_ALL_30, _XML),
        (
            "only the first link of a metadata attribute usage is written",
            "تنها نخستین پیوند کاربرد ویژگی فراداده نوشته می‌شود",
        ),
        change.one_usage_link,
    ),
    _gap(
        "DataStructure",
        "time_dimension.roles",
        (_ALL, _XML),
        ("the time dimension has no roles", "بُعد زمان نقش ندارد"),
        change.time_without_roles,
    ),
    _gap(
        "DataStructure",
        "time_dimension.representation",
        (_ALL, _XML),
        (
            "a representation is required; ObservationalTimePeriod is written where there is none",
            "نمایش لازم است؛ جایی که نباشد ObservationalTimePeriod نوشته می‌شود",
        ),
        change.time_represented,
    ),
    _gap(
        "DataStructure",
        "dimensions.representation.occurs",
        (_ALL_30, _XML),
        ("a dimension has no minOccurs and maxOccurs", "بُعد minOccurs و maxOccurs ندارد"),
        change.single_dimensions,
    ),
    _gap(
        "DataConstraint",
        "selections.validity",
        (_ALL, _BOTH),
        (
            "the validity of attribute and key selections and the language of dimension values are left out",
            "اعتبار انتخاب‌های ویژگی و کلید و زبان مقدار بُعدها نوشته نمی‌شود",
        ),
        change.plain_selections,
    ),
)

GAPS: tuple[Gap, ...] = (*_OF_21, *_BETWEEN_3, *_OF_XML, *of_json((*_OF_21, *_OF_XML)), *OF_3X)
"""The closed list: fields of 2.1 that are gone, what 3.0 and 3.1 do not share, what XSDs and JSON Schemas forbid, and
what came with 3.0 or 3.1."""


def _applying(artefact: Maintainable, version: str, family: str) -> list[Gap]:
    return [g for g in GAPS if g.kind in ("*", artefact.kind) and version in g.versions and family in g.families]


def gaps_of(artefact: Maintainable, version: str, family: str = XML) -> list[Gap]:
    """The gaps that concern this artefact when it is written in ``version`` (2.1, 3.0 or 3.1)."""
    found = []
    for gap in _applying(artefact, version, family):
        if gap.change(artefact) != artefact if gap.tells is None else gap.tells(artefact):
            found.append(gap)
    return found


def expressible(artefact: Maintainable, version: str, family: str = XML) -> Maintainable | None:
    """The artefact as ``version`` can express it, None when it has to be left out."""
    held: Maintainable | None = artefact
    for gap in _applying(artefact, version, family):
        if held is not None:
            held = gap.change(held)
    return held


def table() -> str:
    """The table as Markdown, for ``docs/gaps.md``."""
    lines = ["| artefact | field | not in | formats | what happens |", "|---|---|---|---|---|"]
    for gap in GAPS:
        cells = (
            "any" if gap.kind == "*" else gap.kind,
            f"`{gap.field}`",
            ", ".join(sorted(gap.versions)),
            ", ".join(sorted(gap.families)),
            gap.texts["en"],
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
