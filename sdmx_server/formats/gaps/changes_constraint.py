"""The changes of gaps of metadata constraints and attachment constraints."""

from __future__ import annotations

import msgspec

from ...model.constraint import (
    AttachmentConstraint,
    Constraint,
    ConstraintAttachment,
    DataConstraint,
    MetadataConstraint,
    MetadataTargetRegion,
    content_constraint,
)
from .changes_21 import ANY_TARGET, METADATA_REPORT

_with = msgspec.structs.replace
_METADATA = ("MetadataStructure", "Metadataflow", "MetadataProvisionAgreement", "MetadataProviderScheme", "MetadataSet")
_IN_21 = (
    *("DataStructure", "MetadataStructure", "Dataflow", "Metadataflow", "ProvisionAgreement"),
    "DataProviderScheme",
)


# -- from 3.0 on -------------------------------------------------------------------------------------------------------


def no_metadata_content(constraint: DataConstraint) -> DataConstraint:
    """Without what it says of metadata."""
    return _with(constraint, metadata_key_sets=(), metadata_regions=())


def by_attributes_alone(constraint: MetadataConstraint) -> MetadataConstraint | None:
    """None for a constraint by keys, by objects of a target or by data: without these it would say something else."""
    keys = constraint.key_sets or constraint.metadata_key_sets or constraint.cube_regions
    return None if keys or any(region.keys for region in constraint.metadata_regions) else constraint


def one_target_region_each(constraint: MetadataConstraint) -> MetadataConstraint | None:
    """None when several regions include, or several exclude."""
    kinds = [region.include for region in constraint.metadata_regions]
    return constraint if len(kinds) == len(set(kinds)) else None


def two_target_regions(constraint: MetadataConstraint) -> MetadataConstraint | None:
    """None when there are more than two regions."""
    return constraint if len(constraint.metadata_regions) <= 2 else None


def no_target(constraint: MetadataConstraint) -> MetadataConstraint:
    """Regions of any report and target."""
    regions = tuple(_with(region, report=None, target=None) for region in constraint.metadata_regions)
    return _with(constraint, metadata_regions=regions)


def no_region_annotations(constraint: MetadataConstraint) -> MetadataConstraint:
    """Regions without annotations."""
    regions = tuple(_with(region, annotations=()) for region in constraint.metadata_regions)
    return _with(constraint, metadata_regions=regions)


def _valid_always(region: MetadataTargetRegion) -> MetadataTargetRegion:
    parts = tuple(_with(part, valid_from=None, valid_to=None) for part in region.components)
    return _with(region, components=parts)


def no_selection_validity(constraint: MetadataConstraint) -> MetadataConstraint:
    """Selections of attributes without validity."""
    return _with(constraint, metadata_regions=tuple(_valid_always(one) for one in constraint.metadata_regions))


def _attached(constraint: MetadataConstraint, kinds: tuple[str, ...], **changes: tuple[()]) -> MetadataConstraint:
    """Attachment to these kinds; queryable sources stand beside artefacts, and go with the last of them."""
    held = constraint.attachment
    if held is None:
        return constraint
    kept = tuple(one for one in held.references if one.kind in kinds)
    sources = held.queryable_data_sources if kept or not held.references else ()
    new = _with(held, references=kept, queryable_data_sources=sources, **changes)
    return _with(constraint, attachment=None if new == ConstraintAttachment() and new != held else new)


def attached_to_metadata(constraint: MetadataConstraint) -> MetadataConstraint:
    """Attachment to what holds metadata only, and to no sets."""
    return _attached(constraint, _METADATA, data_sets=(), metadata_sets=())


def not_attached_to_sets(constraint: MetadataConstraint) -> MetadataConstraint:
    """Attachment to no metadata sets."""
    return _attached(constraint, _METADATA[:-1])


# -- 2.1 ---------------------------------------------------------------------------------------------------------------


def attached_in_21(constraint: MetadataConstraint) -> MetadataConstraint:
    """Attachment to kinds that 2.1 has."""
    return _attached(constraint, _IN_21)


def about_a_target(constraint: MetadataConstraint) -> MetadataConstraint:
    """Regions that name a report and a target: those of a metadata structure that has none."""
    regions = tuple(
        _with(region, report=region.report or METADATA_REPORT, target=region.target or ANY_TARGET.id)
        for region in constraint.metadata_regions
    )
    return _with(constraint, metadata_regions=regions)


def as_content(constraint: MetadataConstraint) -> Constraint:
    """What its reader will take it for."""
    return content_constraint(**{name: getattr(constraint, name) for name in constraint.__struct_fields__})


def attached_once(constraint: AttachmentConstraint) -> AttachmentConstraint:
    """Attachment to artefacts of one kind, or to sets, or to simple sources."""
    held = constraint.attachment
    if held is None:
        return constraint
    if held.references:
        kind = held.references[0].kind
        new = ConstraintAttachment(references=tuple(one for one in held.references if one.kind == kind))
    elif held.data_sets:
        new = ConstraintAttachment(data_sets=held.data_sets)
    elif held.metadata_sets:
        new = ConstraintAttachment(metadata_sets=held.metadata_sets)
    else:
        new = ConstraintAttachment(simple_data_sources=held.simple_data_sources)
    return _with(constraint, attachment=new if new != ConstraintAttachment() else None)
