"""What a generation of SDMX cannot express, and what becomes of it: a closed table, shown in ``docs/gaps.md``.

The model is the union of 2.1, 3.0 and 3.1. Writers of a generation write ``expressible(artefact, ...)``; callers warn
the client with ``gaps_of(artefact, ...)``. Nothing else may be lost between a message that was read and one written.
"""

from __future__ import annotations

from ...model.common import Maintainable
from ...model.finality import loses_flag
from . import changes as change
from .gap import ALL, ALL_30, BOTH, ONLY_30, ONLY_31, ONLY_JSON, ONLY_XML, ORGANISATIONS, UNTIL_30, XML, Gap, row
from .kinds import OF_KINDS
from .structures_21 import OF_3X
from .structures_json import of_json
from .structures_xml import OF_XML

_OF_21: tuple[Gap, ...] = (
    row(
        "*",
        "is_final",
        (ALL_30, ONLY_XML),
        (
            "isFinal is left out; from 3.0 on a version of three parts without extension is final, and no other",
            "isFinal نوشته نمی‌شود؛ از 3.0 تنها نسخهٔ سه‌بخشی بدون پسوند نهایی است",
        ),
        change.not_final,
        tells=loses_flag,
    ),
    *(
        row(
            kind,
            "version",
            (ALL, BOTH),
            ("organisation schemes have no version; their URN says 1.0", "طرح‌های سازمان نسخه ندارند؛ URN آن‌ها 1.0 است"),
            change.version_one,
        )
        for kind in ORGANISATIONS
    ),
    row(
        "DataStructure",
        "dimensions.is_measure_dimension",
        (ALL_30, ONLY_XML),
        (
            "a MeasureDimension becomes a plain dimension without its enumeration, a concept scheme",
            "MeasureDimension بُعدی ساده می‌شود و فهرست آن، که طرح مفاهیم است، نوشته نمی‌شود",
        ),
        change.plain_dimensions,
    ),
    row(
        "DataStructure",
        "time_dimension.position",
        (ALL_30, ONLY_XML),
        ("the time dimension has no position", "بُعد زمان جایگاه ندارد"),
        change.time_without_position,
    ),
    row(
        "DataStructure",
        "groups.attachment_constraint",
        (ALL_30, ONLY_XML),
        (
            "a group defined by an attachment constraint is left out",
            "گروهی که با AttachmentConstraint تعریف شده نوشته نمی‌شود",
        ),
        change.groups_of_dimensions,
    ),
    row(
        "DataStructure",
        "attributes.relationship.attachment_groups",
        (ALL_30, ONLY_XML),
        ("attachment groups are left out, the dimensions stay", "گروه‌های پیوست نوشته نمی‌شوند، بُعدها می‌مانند"),
        change.no_attachment_groups,
    ),
    row(
        "DataStructure",
        "measures.is_primary",
        (ALL_30, ONLY_XML),
        ("the primary measure becomes a measure like any other", "سنجهٔ اصلی مانند سنجه‌های دیگر نوشته می‌شود"),
        change.plain_measures,
    ),
    row(
        "MetadataStructure",
        "targets, reports",
        (ALL_30, ONLY_XML),
        (
            "metadata targets are left out; the attributes of all reports become one list",
            "هدف‌های فراداده نوشته نمی‌شوند؛ ویژگی‌های همهٔ گزارش‌ها یک فهرست می‌شوند",
        ),
        change.attribute_list,
    ),
    row(
        "Metadataflow",
        "targets",
        (ALL_30, ONLY_XML),
        (
            "a target is required; any dataflow is written where there is none",
            "هدف لازم است؛ جایی که نباشد هر جریان داده نوشته می‌شود",
        ),
        change.targeted,
    ),
    row(
        "DataConstraint",
        "attachment.data_sets",
        (ALL_30, ONLY_XML),
        ("an attachment to data sets is left out", "پیوست به مجموعه‌داده‌ها نوشته نمی‌شود"),
        change.no_data_sets,
    ),
    row(
        "DataConstraint",
        "attachment.references",
        (ALL_30, ONLY_XML),
        (
            "an attachment to metadata is left out, with its data sources",
            "پیوست به فراداده و منبع‌های دادهٔ آن نوشته نمی‌شوند",
        ),
        change.no_metadata_attachment,
    ),
    row(
        "DataConstraint",
        "attachment",
        (ALL_30, BOTH),
        (
            "a constraint is attached to artefacts of one kind, or to one provider: the first",
            "محدودیت به شیءهای یک نوع، یا به یک ارائه‌دهنده، پیوست می‌شود: نخستین",
        ),
        change.one_kind_attached,
    ),
    row(
        "DataConstraint",
        "attachment.data_sources",
        (ONLY_30, BOTH),
        (
            "queryable data sources stand beside artefacts, simple ones alone; others are left out",
            "منبع‌های پرسیدنی کنار شیءها و منبع‌های ساده تنها می‌آیند؛ جز آن نوشته نمی‌شود",
        ),
        change.fitting_sources,
    ),
    row(
        "DataConstraint",
        "reference_period",
        (ALL_30, ONLY_XML),
        ("the reference period is left out", "دورهٔ مرجع نوشته نمی‌شود"),
        change.no_reference_period,
    ),
    row(
        "DataConstraint",
        "cube_regions",
        (ALL_30, ONLY_XML),
        (
            "one cube region that includes and one that excludes can be written; a constraint with more is left out",
            "تنها یک ناحیهٔ شامل و یک ناحیهٔ مستثنا نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.one_region_each,
    ),
    row(
        "DataConstraint",
        "cube_regions",
        (ALL_30, ONLY_JSON),
        (
            "only two cube regions can be written; a constraint with more is left out",
            "تنها دو ناحیهٔ مکعب نوشتنی است؛ محدودیت با ناحیه‌های بیشتر نوشته نمی‌شود",
        ),
        change.two_regions,
    ),
)

_BETWEEN_3: tuple[Gap, ...] = (
    row(
        "*",
        "is_partial_language",
        (UNTIL_30, BOTH),
        ("isPartialLanguage is left out", "isPartialLanguage نوشته نمی‌شود"),
        change.whole_language,
    ),
    row(
        "DataStructure",
        "evolving_structure",
        (UNTIL_30, BOTH),
        ("evolvingStructure is left out", "evolvingStructure نوشته نمی‌شود"),
        change.not_evolving,
    ),
    row(
        "Dataflow",
        "dimension_constraint",
        (UNTIL_30, BOTH),
        ("the dimension constraint is left out", "محدودیت بُعدها نوشته نمی‌شود"),
        change.no_dimension_constraint,
    ),
    row(
        "Codelist",
        "items.parent",
        (ONLY_30, ONLY_XML),
        (
            "the schema lets a parent begin with a letter only; another parent is left out",
            "طرح‌واره تنها والدی را می‌پذیرد که با حرف آغاز شود؛ والد دیگر نوشته نمی‌شود",
        ),
        change.lettered_parents,
    ),
    row(
        "DataConstraint",
        "key_sets.keys",
        (UNTIL_30, BOTH),
        ("a key with several values becomes several keys", "کلیدی با چند مقدار به چند کلید تبدیل می‌شود"),
        change.single_keys,
    ),
    row(
        "Categorisation",
        "version",
        (ONLY_31, ONLY_XML),
        (
            "categorisations have no version; their URN says 1.0",
            "رده‌بندی‌ها نسخه ندارند؛ URN آن‌ها 1.0 است",
        ),
        change.version_one,
    ),
    row(
        "DataConstraint",
        "role",
        (ONLY_31, BOTH),
        (
            "a constraint has no role; an Actual one is left out",
            "محدودیت نقش ندارد؛ محدودیت با نقش Actual نوشته نمی‌شود",
        ),
        change.no_actual,
    ),
    row(
        "DataConstraint",
        "release_calendar",
        (ONLY_31, ONLY_XML),
        ("the release calendar is left out", "تقویم انتشار نوشته نمی‌شود"),
        change.no_calendar,
    ),
    row(
        "DataConstraint",
        "attachment.data_sources",
        (ONLY_31, ONLY_XML),
        ("data sources of the attachment are left out", "منبع‌های دادهٔ پیوست نوشته نمی‌شوند"),
        change.no_sources,
    ),
)

GAPS: tuple[Gap, ...] = (*_OF_21, *_BETWEEN_3, *OF_XML, *of_json((*_OF_21, *OF_XML)), *OF_3X, *OF_KINDS)
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
