"""The closed list of what a format cannot say, or says in another way: field by field, with what becomes of it.

Everything that is not listed here survives being written and read back. ``docs/gaps.md`` shows the same list.
"""

from __future__ import annotations

import msgspec

JSON_20, JSON_21 = "sdmx-json-2.0", "sdmx-json-2.1"


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a model class that one format does not carry as it is.

    ``kind`` is the class in ``sdmx_server.model``, ``target`` the format and its version, ``consequence`` what a reader
    of that format gets instead.
    """

    kind: str
    field: str
    target: str
    consequence: str


_NOT_WRITTEN = "not written"
_EXTENSION = "written as an extension key (x-sdmx-ml-...), which this server reads back and others pass over"


def _extended(kind: str, *fields: str) -> tuple[Gap, ...]:
    """Facts that only SDMX-ML has a place for: SDMX-JSON 2.1 allows extension keys, 2.0 does not."""
    return tuple(
        Gap(kind=kind, field=field, target=target, consequence=consequence)
        for field in fields
        for target, consequence in ((JSON_20, _NOT_WRITTEN), (JSON_21, _EXTENSION))
    )


_JSON: tuple[Gap, ...] = (
    *_extended("Maintainable", "service_url", "structure_url"),
    Gap(
        kind="Maintainable",
        field="is_final",
        target=JSON_20,
        consequence="written as isFinal, which the schema of 2.0 lets pass without defining it",
    ),
    Gap(kind="Maintainable", field="is_final", target=JSON_21, consequence=_EXTENSION),
    Gap(kind="Maintainable", field="is_partial_language", target=JSON_20, consequence=_NOT_WRITTEN),
    *(
        Gap(kind="Maintainable", field=field, target=target, consequence=consequence)
        for field in ("valid_from", "valid_to")
        for target, consequence in (
            (JSON_20, "a date, or a time without offset, is completed to a date-time in UTC"),
            (JSON_21, "as in 2.0, and the original form in an extension key"),
        )
    ),
    Gap(kind="Nameable", field="names", target=JSON_20, consequence="without any, name is the id and names is empty"),
    Gap(kind="Nameable", field="names", target=JSON_21, consequence="without any, name is the id and names is empty"),
    *_extended("Organisation", "parent"),
    *_extended("ValueList", "is_partial"),
    Gap(kind="DataStructure", field="evolving_structure", target=JSON_20, consequence=_NOT_WRITTEN),
    Gap(kind="Dataflow", field="dimension_constraint", target=JSON_20, consequence=_NOT_WRITTEN),
    *_extended("Dimension", "is_measure_dimension"),
    *_extended("TimeDimension", "position"),
    Gap(
        kind="TimeDimension",
        field="representation",
        target=JSON_20,
        consequence="without one, the default of the standard is written: ObservationalTimePeriod",
    ),
    *_extended("Measure", "is_primary"),
    *_extended("Group", "attachment_constraint"),
    *_extended("AttributeRelationship", "attachment_groups"),
    *_extended("MetadataAttributeUsage", "uri"),
    Gap(
        kind="Representation",
        field="enumeration",
        target=JSON_20,
        consequence="a list of a kind that the component may not name (a concept scheme, say) is not written",
    ),
    Gap(
        kind="Representation",
        field="enumeration",
        target=JSON_21,
        consequence="a list of a kind that the component may not name is an extension key",
    ),
    *_extended("Representation", "min_occurs and max_occurs of a dimension"),
    *_extended("TextFormat", "text_type, facets and sentinels that the component may not have"),
    *_extended("MemberValue", "lang of a dimension's value"),
    Gap(kind="TimeRange", field="valid_from, valid_to", target=JSON_20, consequence=_NOT_WRITTEN),
    Gap(
        kind="DataKey",
        field="keys",
        target=JSON_20,
        consequence="a key with several values of a dimension is written as one key for each combination",
    ),
    Gap(kind="DataConstraint", field="role", target=JSON_21, consequence=_EXTENSION),
    Gap(kind="DataConstraint", field="release_calendar", target=JSON_21, consequence=_EXTENSION),
    *_extended("DataConstraint", "reference_period"),
    *_extended("ConstraintAttachment", "data_sets", "references of kinds other than the four of 3.x"),
    Gap(kind="ConstraintAttachment", field="simple_data_sources", target=JSON_21, consequence=_EXTENSION),
    Gap(kind="ConstraintAttachment", field="queryable_data_sources", target=JSON_21, consequence=_EXTENSION),
    Gap(kind="Header", field="sources", target=JSON_20, consequence=_NOT_WRITTEN),
    Gap(kind="Header", field="sources", target=JSON_21, consequence=_NOT_WRITTEN),
)

GAPS: tuple[Gap, ...] = _JSON
"""All gaps of all formats that are written."""
