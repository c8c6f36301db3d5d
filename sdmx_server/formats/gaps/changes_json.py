"""The changes of gaps that only SDMX-JSON has: each gives the artefact as it will be written."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from ...model.common import Annotation, Link, Maintainable
from ...model.concept import ConceptScheme
from ...model.constraint import Constraint, TimeBound, TimeRange
from ...model.datastructure import DataStructure
from ...model.metadatastructure import MetadataAttribute, MetadataStructure
from ...model.rebuild import rebuild
from ..text_formats import ANY_LIST, BASIC, CODELIST_ONLY, NO_LIST, SIMPLE, TIME, Allowed, fitting

_YEAR_ON = re.compile(r"-?\d{4,}(-\d\d(-\d\d)?)?")
_DAY_ZONED = re.compile(r"(-?\d{4,}-\d\d-\d\d)(Z|[+-]\d\d:\d\d)")
_ZONED = re.compile(r".*(Z|[+-]\d\d:\d\d)")
_MOMENT = re.compile(r"-?\d{4,}-\d\d-\d\dT[\d:.]+")
_with = msgspec.structs.replace
_URN = re.compile(r"urn:sdmx:org\.sdmx\.infomodel\.[a-z]+\.([A-Za-z]+)=[^:()]+:[^()]+\([^()]*\)(\..+)?")
_OLD_CLASSES = frozenset(
    {
        *("HierarchicalCodelist", "AttachmentConstraint", "StructureSet", "CodelistMap", "HybridCodelistMap"),
        *("MeasureDimension", "PrimaryMeasure", "ReportingYearStartDay", "MetadataTarget", "ReportStructure"),
        *("IdentifiableObjectTarget", "DimensionDescriptorValuesTarget", "KeyDescriptorValuesTarget"),
        *("DataSetTarget", "ConstraintContentTarget", "ReportPeriodTarget"),
    }
)
"""Classes that only URNs of 2.1 have (JSON Schemas of 2.0 and 2.1, pattern of the URN of a link)."""
C = TypeVar("C", bound=Constraint)


def moment(text: str) -> str:
    """A date-time with offset, as SDMX-JSON wants it; what SDMX-ML may leave out becomes the beginning, in UTC."""
    if _YEAR_ON.fullmatch(text):
        missing = 2 - text.lstrip("-").count("-")
        return text + "-01" * missing + "T00:00:00Z"
    day = _DAY_ZONED.fullmatch(text)
    if day is not None:
        return f"{day[1]}T00:00:00{day[2]}"
    return text if _ZONED.fullmatch(text) else text + "Z"


def _moment_or_none(text: str | None) -> str | None:
    return None if text is None else moment(text)


def names_artefact(urn: str) -> bool:
    """Whether a URN is one of SDMX 3."""
    found = _URN.fullmatch(urn)
    return found is not None and found[1] not in _OLD_CLASSES


def _sdmx_urn(link: Link) -> Link:
    alone = link.urn is None or link.href is None  # a URN alone stands as the address
    return link if alone or names_artefact(str(link.urn)) else _with(link, urn=None)


def sdmx_links(artefact: Maintainable) -> Maintainable:
    """Links without URNs that are none of SDMX."""
    result: Maintainable = rebuild(artefact, Link, _sdmx_urn)
    return result


def no_addresses(artefact: Maintainable) -> Maintainable:
    """Without the addresses of an external artefact."""
    return _with(artefact, service_url=None, structure_url=None)


def complete_moments(artefact: Maintainable) -> Maintainable:
    """With complete moments of validity."""
    return _with(artefact, valid_from=_moment_or_none(artefact.valid_from), valid_to=_moment_or_none(artefact.valid_to))


def no_range_validity(constraint: C) -> C:
    """Time ranges without validity."""
    result: C = rebuild(constraint, TimeRange, lambda held: _with(held, valid_from=None, valid_to=None))
    return result


def complete_bounds(constraint: C) -> C:
    """Time ranges whose ends, where they are moments, have an offset."""
    result: C = rebuild(constraint, TimeBound, _complete_bound)
    return result


def _complete_bound(held: TimeBound) -> TimeBound:
    return _with(held, period=f"{held.period}Z") if _MOMENT.fullmatch(held.period) else held


def no_usage_uri(structure: DataStructure) -> DataStructure:
    """Metadata attribute usages without uri."""
    usages = tuple(_with(one, uri=None) for one in structure.metadata_attribute_usages)
    return _with(structure, metadata_attribute_usages=usages)


def typed_time(structure: DataStructure) -> DataStructure:
    """Time dimension whose format, when there is one, names its type."""
    time = structure.time_dimension
    held = None if time is None else time.representation
    if time is None or held is None or (held.text_format is not None and held.text_format.text_type is not None):
        return structure
    typed = _with(held, text_format=TIME.fitting(held.text_format)) if held.text_format is not None else held
    return _with(structure, time_dimension=_with(time, representation=typed))


def _fit(components: Any, free: Allowed, lists: frozenset[str], field: str = "representation") -> Any:
    return tuple(_with(one, **{field: fitting(getattr(one, field), free, lists)}) for one in components)


def fitting_concepts(scheme: ConceptScheme) -> ConceptScheme:
    """Concepts with what their representations may hold."""
    return _with(scheme, items=_fit(scheme.items, BASIC, ANY_LIST, "core_representation"))


def fitting_components(structure: DataStructure) -> DataStructure:
    """Components with what their representations may hold."""
    time = structure.time_dimension
    return _with(
        structure,
        dimensions=_fit(structure.dimensions, SIMPLE, CODELIST_ONLY),
        time_dimension=None if time is None else _fit((time,), TIME, NO_LIST)[0],
        attributes=_fit(structure.attributes, BASIC, ANY_LIST),
        measures=_fit(structure.measures, BASIC, ANY_LIST),
    )


def _fit_metadata(attribute: MetadataAttribute) -> MetadataAttribute:
    held = fitting(attribute.representation, BASIC, CODELIST_ONLY)
    if held is not None:
        held = _with(held, min_occurs=None, max_occurs=None)
    return _with(attribute, representation=held)


def fitting_metadata(structure: MetadataStructure) -> MetadataStructure:
    """Metadata attributes with what their representations may hold."""
    result: MetadataStructure = rebuild(structure, MetadataAttribute, _fit_metadata)
    return result


def no_annotation_values(artefact: Maintainable) -> Maintainable:
    """Annotations without value."""
    result: Maintainable = rebuild(artefact, Annotation, lambda held: _with(held, value=None))
    return result


def left_out(_artefact: Maintainable) -> None:
    """Nothing."""
    return


def placed_dimensions(structure: DataStructure) -> DataStructure:
    """Dimensions with ascending positions when one of them is a measure dimension."""
    if not any(one.is_measure_dimension for one in structure.dimensions):
        return structure
    given = [one.position for one in structure.dimensions]
    if all(one is not None for one in given) and sorted(set(given)) == given:  # type: ignore[type-var]
        return structure
    return _with(
        structure, dimensions=tuple(_with(one, position=n) for n, one in enumerate(structure.dimensions, start=1))
    )


def no_exclusions(constraint: C) -> C | None:
    """The constraint, unless it leaves out values within a region or a key set."""
    parts: list[Any] = [*constraint.cube_regions, *constraint.metadata_regions]
    parts += [key for held in constraint.key_sets for key in held.keys]
    selections = [one for part in parts for one in (*part.keys, *part.components)]
    keys = [key for held in constraint.key_sets for key in held.keys]
    return constraint if all(one.include for one in (*selections, *keys)) else None
