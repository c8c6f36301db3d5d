"""The changes of gaps of 2.1: each function gives the artefact as 2.1 can say it, the same when nothing changes."""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from ...model.codelist import Codelist, ValueList
from ...model.common import Annotation, Identity, Maintainable
from ...model.concept import ConceptScheme
from ...model.constraint import (
    Constraint,
    ConstraintAttachment,
    CubeRegion,
    DataKey,
    DataKeySet,
    MemberSelection,
    MetadataTargetRegion,
)
from ...model.datastructure import (
    Attribute,
    AttributeRelationship,
    DataStructure,
    Dimension,
    DimensionRelation,
    Measure,
)
from ...model.metadatastructure import (
    MetadataAttribute,
    Metadataflow,
    MetadataStructure,
    MetadataTarget,
    ReportStructure,
    TargetObject,
)
from ...model.rebuild import rebuild
from ...model.reference import Reference
from ...model.representation import Representation, TextFormat
from ...model.version import Wildcard
from ..primary_measure import OBS_VALUE, primary_measure
from ..text_formats import BASIC_21, CODED_21, CODELIST_ONLY, NO_LIST, SIMPLE_21, TIME_21, Allowed, fitting
from .changes_json import moment

_with = msgspec.structs.replace
C = TypeVar("C", bound=Constraint)
_EXACT = re.compile(r"[0-9]+(\.[0-9]+)*")
_MARKS = "".join(mark.value for mark in Wildcard)
_ONLY_CONCEPTS = frozenset({"ConceptScheme"})
_OBSERVATION_CONCEPT = Reference(
    kind="ConceptScheme", agency="SDMX", id="CROSS_DOMAIN_CONCEPTS", version="2.0", item=OBS_VALUE
)
_DATE = re.compile(r"-?\d{4,}(-\d\d(-\d\d)?)?")


# -- what all artefacts share ------------------------------------------------------------------------------------------


def exact_version(version: str) -> str:
    """The version in the syntax of 2.1: the lowest that a wildcard admits, a pre-release without its extension."""
    lowest = "".join(mark for mark in version.partition("-")[0] if mark not in _MARKS)
    return lowest if _EXACT.fullmatch(lowest) else "1.0"


def without_extension(artefact: Maintainable) -> Maintainable:
    """With a version without extension; a draft is not final."""
    exact = exact_version(artefact.version)
    if exact == artefact.version:
        return artefact
    return _with(artefact, version=exact, is_final=artefact.is_final or False)


def _exact(reference: Reference) -> Reference:
    return _with(reference, version=exact_version(reference.version))


def exact_references(artefact: Maintainable) -> Maintainable:
    """With references to exact versions."""
    result: Maintainable = rebuild(artefact, Reference, _exact)
    return result


def no_links(artefact: Maintainable) -> Maintainable:
    """Without links."""
    result: Maintainable = rebuild(artefact, Identity, lambda held: _with(held, links=()) if held.links else held)
    lists: dict[str, Identity] = getattr(result, "descriptors", {})
    kept = {name: identity for name, identity in lists.items() if identity != Identity()}
    return result if kept == lists else _with(result, descriptors=kept)


def _plain_annotation(held: Annotation) -> Annotation:
    if held.value is None and len(held.urls) < 2 and all(url.lang is None for url in held.urls):
        return held
    return _with(held, value=None, urls=tuple(_with(url, lang=None) for url in held.urls[:1]))


def plain_annotations(artefact: Maintainable) -> Maintainable:
    """Annotations without value, and with one address at most."""
    result: Maintainable = rebuild(artefact, Annotation, _plain_annotation)
    return result


def _moment(text: str | None) -> str | None:
    return moment(text) if text is not None and _DATE.fullmatch(text) else text


def whole_moments(artefact: Maintainable) -> Maintainable:
    """With date-times of validity."""
    return _with(artefact, valid_from=_moment(artefact.valid_from), valid_to=_moment(artefact.valid_to))


def never_final(scheme: Maintainable) -> Maintainable:
    """Without ``is_final``."""
    return _with(scheme, is_final=None) if scheme.is_final else scheme


# -- lists and representations -----------------------------------------------------------------------------------------


def no_value_list(artefact: ValueList) -> None:
    """None: value lists are left out."""
    del artefact


def no_extensions(codelist: Codelist) -> Codelist:
    """Without extensions."""
    return _with(codelist, extensions=())


def _single(held: Representation) -> Representation:
    return _with(held, min_occurs=None, max_occurs=None)


def single_values(artefact: Maintainable) -> Maintainable:
    """Components with one value each."""
    result: Maintainable = rebuild(artefact, Representation, _single)
    return result


def no_sentinels(artefact: Maintainable) -> Maintainable:
    """Text formats without sentinel values."""
    result: Maintainable = rebuild(artefact, TextFormat, lambda held: _with(held, sentinels=()))
    return result


def _fit(parts: Any, free: Allowed, field: str = "representation", lists: frozenset[str] = CODELIST_ONLY) -> Any:
    return tuple(_with(one, **{field: fitting(getattr(one, field), free, lists, CODED_21)}) for one in parts)


def fitting_concepts(scheme: ConceptScheme) -> ConceptScheme:
    """Concepts with what their representations may hold."""
    return _with(scheme, items=_fit(scheme.items, BASIC_21, "core_representation"))


def _fit_dimension(dimension: Dimension) -> Dimension:
    held = dimension.representation
    listed = held is not None and held.enumeration is not None and held.enumeration.kind in _ONLY_CONCEPTS
    if dimension.is_measure_dimension and held is not None and listed:
        return _with(dimension, representation=_with(held, text_format=None, enumeration_format=None))
    plain: Dimension = _fit((_with(dimension, is_measure_dimension=False),), SIMPLE_21)[0]
    return plain


def fitting_components(structure: DataStructure) -> DataStructure:
    """Components with what their representations may hold."""
    time = structure.time_dimension
    return _with(
        structure,
        dimensions=tuple(_fit_dimension(one) for one in structure.dimensions),
        time_dimension=None if time is None else _fit((time,), TIME_21, lists=NO_LIST)[0],
        attributes=_fit(structure.attributes, SIMPLE_21),
        measures=_fit(structure.measures, SIMPLE_21),
    )


def fitting_metadata(structure: MetadataStructure) -> MetadataStructure:
    """Metadata attributes with what their representations may hold."""
    result: MetadataStructure = rebuild(structure, MetadataAttribute, lambda held: _fit((held,), BASIC_21)[0])
    return result


# -- data structures ---------------------------------------------------------------------------------------------------


def _as_attribute(measure: Measure) -> Attribute:
    return Attribute(
        id=measure.id,
        uri=measure.uri,
        annotations=measure.annotations,
        links=measure.links,
        concept=measure.concept,
        representation=measure.representation,
        roles=measure.roles,
        mandatory=measure.mandatory,
        relationship=AttributeRelationship(observation=True),
    )


def one_measure(structure: DataStructure) -> DataStructure:
    """One primary measure, OBS_VALUE; the other measures are attributes of the observation (``primary_measure``)."""
    if not structure.dimensions and structure.time_dimension is None:
        return structure  # a stub
    chosen = primary_measure([one.id for one in structure.measures])
    measure = next((one for one in structure.measures if one.id == chosen), None)
    primary = measure or Measure(id=OBS_VALUE, concept=_OBSERVATION_CONCEPT)
    others = tuple(_as_attribute(one) for one in structure.measures if one is not measure)
    return _with(
        structure,
        measures=(_with(primary, id=OBS_VALUE, is_primary=True, mandatory=False, roles=()),),
        attributes=(*structure.attributes, *others),
    )


def loses_measures(structure: DataStructure) -> bool:
    """Whether more becomes of the measures than that the only one is called primary."""
    plain = tuple(_with(one, is_primary=False) for one in structure.measures)
    return tuple(_with(one, is_primary=False) for one in one_measure(structure).measures) != plain


def no_metadata(structure: DataStructure) -> DataStructure:
    """Without metadata structure and what is used of it, nor what a list of attributes that is empty then says."""
    lists = structure.descriptors
    if not structure.attributes:
        lists = {name: identity for name, identity in lists.items() if name != "AttributeDescriptor"}
    return _with(structure, metadata=None, metadata_attribute_usages=(), descriptors=lists)


def no_measure_relationship(structure: DataStructure) -> DataStructure:
    """Attributes that do not name measures."""
    return _with(structure, attributes=tuple(_with(one, measures=()) for one in structure.attributes))


def no_optional_dimensions(structure: DataStructure) -> DataStructure:
    """Attributes whose dimensions are none of them optional."""
    result: DataStructure = rebuild(structure, DimensionRelation, lambda held: _with(held, optional=False))
    return result


# -- metadata structures -----------------------------------------------------------------------------------------------

ANY_TARGET = MetadataTarget(
    id="ANY_TARGET",
    objects=(
        TargetObject(
            id="ANY_OBJECT",
            element="IdentifiableObjectTarget",
            object_type="Any",
            representation=Representation(text_format=TextFormat(text_type="IdentifiableReference")),
        ),
    ),
)
METADATA_REPORT = "METADATA_REPORT"


def one_report(structure: MetadataStructure) -> MetadataStructure:
    """The attribute list as the one report, about anything."""
    if not structure.attributes:
        return _with(structure, descriptors={})
    report = ReportStructure(id=METADATA_REPORT, attributes=structure.attributes, targets=(ANY_TARGET.id,))
    return _with(structure, attributes=(), targets=(ANY_TARGET,), reports=(report,), descriptors={})


def no_targets(flow: Metadataflow) -> Metadataflow:
    """Without targets."""
    return _with(flow, targets=())


# -- constraints -------------------------------------------------------------------------------------------------------


def _means_something_else(part: MemberSelection) -> bool:
    return bool(part.remove_prefix) or any(value.cascade == "excluderoot" for value in part.values)


def plain_cascades(constraint: C) -> C | None:
    """None when a selection cascades without its root or removes prefixes: without that it would say something else."""
    regions = [part for region in constraint.cube_regions for part in (*region.keys, *region.components)]
    regions += [part for held in constraint.metadata_regions for part in held.components]
    keys = [part for held in constraint.key_sets for key in held.keys for part in key.keys]
    return None if any(_means_something_else(part) for part in (*regions, *keys)) else constraint


def _plain_part(part: MemberSelection) -> MemberSelection:
    held = part.time_range
    return _with(
        part,
        remove_prefix=None,
        valid_from=None,
        valid_to=None,
        values=tuple(_with(one, lang=None, valid_from=None, valid_to=None) for one in part.values),
        time_range=None if held is None else _with(held, valid_from=None, valid_to=None),
    )


def _plain_region(region: CubeRegion) -> CubeRegion:
    return _with(
        region,
        annotations=(),
        keys=tuple(_plain_part(part) for part in region.keys),
        components=tuple(_plain_part(part) for part in region.components),
    )


def _plain_target(held: MetadataTargetRegion) -> MetadataTargetRegion:
    parts = tuple(_plain_part(part) for part in held.components)
    return _with(held, annotations=(), valid_from=None, valid_to=None, components=parts)


def _plain_key(key: DataKey) -> DataKey:
    keys = tuple(_plain_part(part) for part in key.keys)
    return _with(key, components=(), annotations=(), valid_from=None, valid_to=None, keys=keys)


def _plain_set(held: DataKeySet) -> DataKeySet:
    return _with(held, keys=tuple(_plain_key(key) for key in held.keys))


def plain_regions(constraint: C) -> C:
    """Regions and keys without validity, languages and annotations, keys without components."""
    return _with(
        constraint,
        cube_regions=tuple(_plain_region(region) for region in constraint.cube_regions),
        key_sets=tuple(_plain_set(held) for held in constraint.key_sets),
        metadata_regions=tuple(_plain_target(held) for held in constraint.metadata_regions),
    )


def one_attachment(constraint: C) -> C:
    """Attachment to artefacts of one kind (to one provider), or to one data set, or to one source."""
    held = constraint.attachment
    if held is None:
        return constraint
    if held.references:
        first = held.references[0]
        same = tuple(one for one in held.references if one.kind == first.kind)
        if first.item is not None:
            new = ConstraintAttachment(references=(first,))
        else:
            new = ConstraintAttachment(references=same, queryable_data_sources=held.queryable_data_sources)
    elif held.data_sets:
        new = ConstraintAttachment(data_sets=held.data_sets[:1])
    elif held.metadata_sets:
        new = ConstraintAttachment(metadata_sets=held.metadata_sets[:1])
    elif held.simple_data_sources:
        new = ConstraintAttachment(simple_data_sources=held.simple_data_sources[:1])
    else:
        return _with(constraint, attachment=None)
    return _with(constraint, attachment=new)
