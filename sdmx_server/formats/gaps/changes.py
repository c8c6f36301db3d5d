"""What the gaps do to an artefact: each function gives it as it can be written, the same when nothing changes."""

from __future__ import annotations

import itertools
import re
from typing import Any, TypeVar

import msgspec

from ...model.codelist import Code, Codelist, CodelistExtension
from ...model.common import Annotation, Link, Maintainable, Nameable
from ...model.constraint import Constraint, ConstraintAttachment, CubeRegion, DataConstraint, DataKey, MemberSelection
from ...model.dataflow import Dataflow
from ...model.datastructure import DataStructure, Dimension
from ...model.metadatastructure import Metadataflow, MetadataStructure
from ...model.rebuild import rebuild
from ...model.reference import Reference
from ...model.representation import Representation, SentinelValue, TextFormat

_CONTROL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LETTERED = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_MEMBER = re.compile(r"[A-Za-z0-9_@$%]+")
ANY_DATAFLOW = "urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=*:*(*)"
_ATTACHABLE = ("DataProviderScheme", "DataStructure", "Dataflow", "ProvisionAgreement")

_with = msgspec.structs.replace
C = TypeVar("C", bound=Constraint)


def _each(parts: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    return tuple(_with(part, **changes) for part in parts)


def same(artefact: Maintainable) -> Maintainable:
    """Nothing changes in the model; the gap is told all the same."""
    return artefact


def holds_control(value: Any) -> bool:
    """Whether any text in the value has a character that XML 1.0 cannot hold."""
    if isinstance(value, str):
        return _CONTROL.search(value) is not None
    if isinstance(value, dict):
        return any(holds_control(part) for part in value.values())
    if isinstance(value, tuple):
        return any(holds_control(part) for part in value)
    if isinstance(value, msgspec.Struct):
        return any(holds_control(getattr(value, name)) for name in value.__struct_fields__)
    return False


# -- fields of 2.1 -----------------------------------------------------------------------------------------------------


def not_final(artefact: Maintainable) -> Maintainable:
    """Without ``is_final``."""
    return artefact if artefact.is_final is None else _with(artefact, is_final=None)


def version_one(artefact: Maintainable) -> Maintainable:
    """With version 1.0."""
    return artefact if artefact.version == "1.0" else _with(artefact, version="1.0")


def _free(held: Representation) -> Representation:
    if held.enumeration is None or held.enumeration.kind != "ValueList":
        return held
    return _with(held, enumeration=None, enumeration_format=None, text_format=held.enumeration_format or TextFormat())


def no_value_lists(artefact: Maintainable) -> Maintainable:
    """Components with free text instead of the values of a list."""
    result: Maintainable = rebuild(artefact, Representation, _free)
    return result


def no_listed_dimensions(structure: DataStructure) -> DataStructure:
    """Dimensions with free text instead of the values of a list."""
    dimensions = (rebuild(one, Representation, _free) for one in structure.dimensions)
    return _with(structure, dimensions=tuple(dimensions))


def _plain_dimension(dimension: Dimension) -> Dimension:
    if not dimension.is_measure_dimension:
        return dimension
    held = dimension.representation
    if held is not None and held.enumeration is not None and held.enumeration.kind != "Codelist":
        held = None
    return _with(dimension, is_measure_dimension=False, representation=held)


def plain_dimensions(structure: DataStructure) -> DataStructure:
    """Measure dimensions made plain."""
    return _with(structure, dimensions=tuple(_plain_dimension(one) for one in structure.dimensions))


def time_without_position(structure: DataStructure) -> DataStructure:
    """Time dimension without position."""
    time = structure.time_dimension
    return structure if time is None else _with(structure, time_dimension=_with(time, position=None))


def groups_of_dimensions(structure: DataStructure) -> DataStructure:
    """Without groups that an attachment constraint defines."""
    return _with(structure, groups=tuple(one for one in structure.groups if one.attachment_constraint is None))


def no_attachment_groups(structure: DataStructure) -> DataStructure:
    """Attributes without attachment groups."""
    attributes = tuple(
        _with(one, relationship=_with(one.relationship, attachment_groups=())) for one in structure.attributes
    )
    return _with(structure, attributes=attributes)


def attribute_list(structure: MetadataStructure) -> MetadataStructure:
    """The attributes of all reports in one list, without targets."""
    return _with(structure, attributes=structure.attribute_list, targets=(), reports=())


def targeted(flow: Metadataflow) -> Metadataflow:
    """With a target."""
    return flow if flow.targets else _with(flow, targets=(ANY_DATAFLOW,))


def plain_measures(structure: DataStructure) -> DataStructure:
    """No measure is primary."""
    return _with(structure, measures=_each(structure.measures, is_primary=False))


def _attachment(constraint: C, **changes: Any) -> C:
    held = constraint.attachment
    if held is None:
        return constraint
    new = _with(held, **changes)
    return _with(constraint, attachment=None if new == ConstraintAttachment() and new != held else new)


def no_data_sets(constraint: DataConstraint) -> DataConstraint:
    """Attachment without data sets."""
    return _attachment(constraint, data_sets=())


def no_metadata_attachment(constraint: DataConstraint) -> DataConstraint:
    """Attachment to what holds data only; data sources stand beside artefacts, and go with the last of them."""
    held = constraint.attachment
    if held is None:
        return constraint
    kept = tuple(one for one in held.references if one.kind in _ATTACHABLE)
    sources = held.queryable_data_sources if kept or not held.references else ()
    return _attachment(constraint, references=kept, queryable_data_sources=sources)


def one_kind_attached(constraint: C) -> C:
    """Attachment to artefacts of the first one's kind; to the first alone if it is a provider."""
    held = constraint.attachment
    if held is None or not held.references:
        return constraint
    first = held.references[0]
    same = (first,) if first.item is not None else tuple(one for one in held.references if one.kind == first.kind)
    return _attachment(constraint, references=same)


def _takes_sources(reference: Reference) -> bool:
    return reference.item is None and reference.kind != "MetadataSet"


def fitting_sources(constraint: C) -> C:
    """Attachment with queryable sources beside artefacts that are no provider, with simple ones alone."""
    held = constraint.attachment
    if held is None:
        return constraint
    queryable = held.queryable_data_sources if any(_takes_sources(one) for one in held.references) else ()
    simple = () if held.references else held.simple_data_sources
    return _attachment(constraint, queryable_data_sources=queryable, simple_data_sources=simple)


def no_reference_period(constraint: C) -> C:
    """Without reference period."""
    return _with(constraint, reference_period=None)


def two_regions(constraint: DataConstraint) -> DataConstraint | None:
    """None when there are more than two cube regions."""
    return constraint if len(constraint.cube_regions) <= 2 else None


def one_region_each(constraint: DataConstraint) -> DataConstraint | None:
    """None when several cube regions include, or several exclude."""
    kinds = [region.include for region in constraint.cube_regions]
    return constraint if len(kinds) == len(set(kinds)) else None


# -- between 3.0 and 3.1 -----------------------------------------------------------------------------------------------


def whole_language(artefact: Maintainable) -> Maintainable:
    """Without ``is_partial_language``."""
    return _with(artefact, is_partial_language=False) if artefact.is_partial_language else artefact


def not_evolving(structure: DataStructure) -> DataStructure:
    """Without ``evolving_structure``."""
    return _with(structure, evolving_structure=False)


def no_dimension_constraint(dataflow: Dataflow) -> Dataflow:
    """Without dimension constraint."""
    return _with(dataflow, dimension_constraint=())


def _lettered(code: Code) -> Code:
    return code if code.parent is None or _LETTERED.fullmatch(code.parent) else _with(code, parent=None)


def lettered_parents(codelist: Codelist) -> Codelist:
    """Codes without parents that do not begin with a letter."""
    return _with(codelist, items=tuple(_lettered(code) for code in codelist.items))


def _single(key: DataKey) -> list[DataKey]:
    choices = [[_with(part, values=(value,)) for value in part.values] or [part] for part in key.keys]
    return [_with(key, keys=combination) for combination in itertools.product(*choices)]


def single_keys(constraint: DataConstraint) -> DataConstraint:
    """Keys with one value for each dimension."""
    sets = tuple(
        _with(held, keys=tuple(itertools.chain.from_iterable(_single(key) for key in held.keys)))
        for held in constraint.key_sets
    )
    return _with(constraint, key_sets=sets)


def no_actual(constraint: C) -> C | None:
    """None for an actual constraint."""
    return None if constraint.role == "Actual" else constraint


def no_calendar(constraint: C) -> C:
    """Without release calendar."""
    return _with(constraint, release_calendar=None)


def no_sources(constraint: C) -> C:
    """Attachment without data sources."""
    return _attachment(constraint, simple_data_sources=(), queryable_data_sources=())


# -- what the XSDs of 3.x forbid or require ----------------------------------------------------------------------------


def _named(part: Any) -> Any:
    if part.names:
        return part
    return _with(part, names={"en": part.value if isinstance(part, SentinelValue) else part.id})


def named(artefact: Maintainable) -> Maintainable:
    """A name wherever the schema wants one."""
    result: Maintainable = rebuild(artefact, (Nameable, SentinelValue), _named)
    return result


def _plain_link(link: Link) -> Link:
    return _with(link, uri=None, titles={}, hreflang=None)


def plain_links(artefact: Maintainable) -> Maintainable:
    """Links with what SDMX-ML has of them."""
    result: Maintainable = rebuild(artefact, Link, _plain_link)
    return result


def _plain_annotation(annotation: Annotation) -> Annotation:
    return _with(annotation, links=()) if annotation.links else annotation


def no_annotation_links(artefact: Maintainable) -> Maintainable:
    """Annotations without links."""
    result: Maintainable = rebuild(artefact, Annotation, _plain_annotation)
    return result


def _selecting(extension: CodelistExtension) -> CodelistExtension | None:
    held = extension.selection
    if held is None:
        return extension
    members = tuple(one for one in held.members if _MEMBER.fullmatch(one.value))
    if members:
        return _with(extension, selection=_with(held, members=members))
    return None if held.include else _with(extension, selection=None)


def members_without_hyphen(codelist: Codelist) -> Codelist:
    """Selections without the members that the schema's pattern shuts out; an extension left without any goes too."""
    chosen = (_selecting(extension) for extension in codelist.extensions)
    return _with(codelist, extensions=tuple(one for one in chosen if one is not None))


def no_parents(scheme: Any) -> Any:
    """Organisations without parents."""
    return _with(scheme, items=_each(scheme.items, parent=None))


def whole_list(scheme: Any) -> Any:
    """Without ``is_partial``."""
    return _with(scheme, is_partial=False)


def no_group_links(structure: DataStructure) -> DataStructure:
    """Groups without links."""
    return _with(structure, groups=_each(structure.groups, links=()))


def one_usage_link(structure: DataStructure) -> DataStructure:
    """Metadata attribute usages with at most one link."""
    usages = tuple(_with(one, links=one.links[:1]) for one in structure.metadata_attribute_usages)
    return _with(structure, metadata_attribute_usages=usages)


def usage_by_id(structure: DataStructure) -> DataStructure:
    """Metadata attribute usages by the id of the metadata attribute, without those that it stands in."""
    usages = tuple(
        _with(one, metadata_attribute=one.metadata_attribute.rpartition(".")[2])
        for one in structure.metadata_attribute_usages
    )
    return _with(structure, metadata_attribute_usages=usages)


def time_without_roles(structure: DataStructure) -> DataStructure:
    """Time dimension without roles."""
    time = structure.time_dimension
    return structure if time is None else _with(structure, time_dimension=_with(time, roles=()))


def time_represented(structure: DataStructure) -> DataStructure:
    """Time dimension with a representation."""
    time = structure.time_dimension
    if time is None or time.representation is not None:
        return structure
    default = Representation(text_format=TextFormat(text_type="ObservationalTimePeriod"))
    return _with(structure, time_dimension=_with(time, representation=default))


def _single_valued(component: Any) -> Any:
    held = component.representation
    return component if held is None else _with(component, representation=_with(held, min_occurs=None, max_occurs=None))


def single_dimensions(structure: DataStructure) -> DataStructure:
    """Dimensions without occurrences."""
    time = structure.time_dimension
    return _with(
        structure,
        dimensions=tuple(_single_valued(one) for one in structure.dimensions),
        time_dimension=None if time is None else _single_valued(time),
    )


def _no_lang(part: MemberSelection) -> MemberSelection:
    return _with(part, values=_each(part.values, lang=None))


def _no_validity(part: MemberSelection) -> MemberSelection:
    return _with(part, valid_from=None, valid_to=None)


def _plain_key(key: DataKey) -> DataKey:
    bare: dict[str, Any] = {"lang": None, "cascade": None, "valid_from": None, "valid_to": None}
    return _with(
        key,
        include=True,
        keys=tuple(_with(_no_validity(part), include=True, values=_each(part.values, **bare)) for part in key.keys),
        components=tuple(
            _with(_no_validity(part), values=_each(part.values, valid_from=None, valid_to=None))
            for part in key.components
        ),
    )


def _plain_region(region: CubeRegion) -> CubeRegion:
    return _with(
        region,
        keys=tuple(_no_lang(part) for part in region.keys),
        components=tuple(_no_validity(part) for part in region.components),
    )


def plain_selections(constraint: DataConstraint) -> DataConstraint:
    """Selections with what the schema lets each of them hold."""
    sets = tuple(_with(held, keys=tuple(_plain_key(key) for key in held.keys)) for held in constraint.key_sets)
    regions = tuple(_plain_region(region) for region in constraint.cube_regions)
    return _with(constraint, key_sets=sets, cube_regions=regions)
