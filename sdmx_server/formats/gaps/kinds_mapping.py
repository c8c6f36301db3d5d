"""The gaps of maps, and of the structure sets that hold them in 2.1."""

from __future__ import annotations

from . import changes_mapping as change
from .changes import same
from .changes_21 import exact_references
from .gap import ALL_30, BOTH, ONLY_21, ONLY_30, ONLY_JSON, ONLY_XML, Change, Gap, row

_SCHEME_MAPS = ("ConceptSchemeMap", "CategorySchemeMap", "OrganisationSchemeMap", "ReportingTaxonomyMap")

SETS: tuple[Gap, ...] = (
    row(
        "StructureSet",
        "artefact",
        (ALL_30, BOTH),
        (
            "each map becomes an artefact of its own, with the id SET_MAP unless both are the same, and remembers the "
            "set; what else the set says, maps of hierarchical codes, conversions to text, isExtension and the classes "
            "of components are left out",
            "هر نگاشت شیئی جدا می‌شود با شناسهٔ SET_MAP، مگر آن‌که هر دو یکی باشند، و مجموعه را به یاد دارد؛ دیگر گفته‌های "
            "مجموعه، نگاشت کدهای سلسله‌مراتبی، تبدیل به متن، isExtension و ردهٔ مؤلفه‌ها نوشته نمی‌شوند",
        ),
        same,
        tells=change.loses_set,
    ),
    row(
        "StructureSet",
        "references.version",
        (ONLY_21, BOTH),
        (
            "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
            "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
        ),
        exact_references,
    ),
    row(
        "StructureSet",
        "maps",
        (ONLY_21, ONLY_XML),
        (
            "a map without pairs is left out, and of several ways in which values are mapped all but one",
            "نگاشت تهی، و از چند راه نگاشت مقدارها همه جز یکی، نوشته نمی‌شوند",
        ),
        change.whole_parts,
    ),
    row(
        "StructureSet",
        "structure_maps.components.to_text_format",
        (ONLY_21, BOTH),
        (
            "types and facets that 2.1 does not allow at their place are left out",
            "نوع‌ها و ویژگی‌هایی که 2.1 در جای خود نمی‌پذیرد نوشته نمی‌شوند",
        ),
        change.fitting_texts,
    ),
)
"""What becomes of structure sets."""

_OLDER: dict[str, tuple[Gap, ...]] = {
    "RepresentationMap": (
        row(
            "RepresentationMap",
            "artefact",
            (ONLY_21, BOTH),
            (
                "the codes of one codelist are mapped to those of another, one by one; any other map stands within the "
                "structure maps that use it, if they are in the message, with the mappings of one value to one",
                "کدهای یک فهرست یک‌به‌یک به کدهای فهرستی دیگر نگاشته می‌شوند؛ هر نگاشت دیگر درون نگاشت‌های ساختاری پیام "
                "که آن را به کار می‌برند می‌آید، با نگاشت‌های یک مقدار به یک مقدار",
            ),
            same,
            tells=change.loses_values,
        ),
    ),
    "StructureMap": (
        row(
            "StructureMap",
            "epoch_maps, date_pattern_maps, frequency_formats, fixed_value_maps, component_maps",
            (ONLY_21, BOTH),
            (
                "one component is mapped to one; maps of times, of fixed values and of several components are left out",
                "یک مؤلفه به یک مؤلفه نگاشته می‌شود؛ نگاشت زمان‌ها، مقدارهای ثابت و چند مؤلفه نوشته نمی‌شود",
            ),
            same,
            tells=change.loses_parts,
        ),
        row(
            "StructureMap",
            "component_maps",
            (ONLY_21, BOTH),
            (
                "a component has a class, and the map of its values stands in the set: a component of a structure that "
                "is not known is called a dimension, a map that is not known is left out",
                "مؤلفه رده دارد و نگاشت مقدارهایش در مجموعه می‌آید: مؤلفهٔ ساختاری ناشناخته بُعد نامیده می‌شود و نگاشت "
                "ناشناخته نوشته نمی‌شود",
            ),
            same,
            tells=change.has_components,
        ),
    ),
}


def _of_items(kind: str) -> tuple[Gap, ...]:
    return (
        row(
            kind,
            "items",
            (ONLY_21, BOTH),
            (
                "items are mapped by their ids, always; patterns, parts of texts, validity, other texts than ids and "
                "items that become nothing are left out",
                "آیتم‌ها همیشه با شناسه نگاشته می‌شوند؛ الگو، بخشی از متن، اعتبار، متنی جز شناسه و آیتم بی‌مقصد نوشته "
                "نمی‌شود",
            ),
            same,
            tells=change.loses_items,
        ),
    )


def _of(kind: str, whole: Change) -> tuple[Gap, ...]:
    return (
        *(_OLDER.get(kind) or _of_items(kind)),
        row(
            kind,
            "source, target",
            (ALL_30, ONLY_XML),
            ("a map that lacks its source or its target is left out", "نگاشتی که مبدأ یا مقصد ندارد نوشته نمی‌شود"),
            whole,
        ),
        row(
            kind,
            "mappings.valid_from, mappings.valid_to",
            (ALL_30, ONLY_XML),
            ("a mapping is valid by day; the time is left out", "اعتبار نگاشت با روز است؛ ساعت نوشته نمی‌شود"),
            change.dates_only,
        ),
        row(
            kind,
            "mappings.valid_from, mappings.valid_to",
            (ONLY_30, ONLY_JSON),
            ("a date is completed to a date-time in UTC", "تاریخ به تاریخ و زمان UTC کامل می‌شود"),
            change.whole_moments,
        ),
    )


MAPS: tuple[Gap, ...] = (
    *SETS,
    *_of("RepresentationMap", change.whole_representation_map),
    *_of("StructureMap", change.whole_scheme_map)[:3],
    row(
        "StructureMap",
        "component_maps.sources, component_maps.targets",
        (ALL_30, ONLY_XML),
        (
            "a map that names a metadata attribute within another is left out",
            "نگاشتی که ویژگی فراداده‌ای درون ویژگی دیگر را می‌نامد نوشته نمی‌شود",
        ),
        change.plain_components,
    ),
    row(
        "StructureMap",
        "epoch_maps.uri, date_pattern_maps.uri, frequency_formats.uri",
        (ONLY_30, ONLY_JSON),
        ("the uri of a part without id is left out", "uri بخش بدون شناسه نوشته نمی‌شود"),
        change.no_uri_without_id,
    ),
    *(gap for kind in _SCHEME_MAPS for gap in _of(kind, change.whole_scheme_map)),
)
"""In the order in which they are applied."""
