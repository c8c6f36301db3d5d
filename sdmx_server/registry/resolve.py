"""A data structure with everything that it refers to put in place (information model 5; ``model.resolved``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..errors import BadSemantics, NotFound
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.datastructure import DataStructure, Dimension, Measure
from ..model.reference import Reference, reference_to
from ..model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from .catalogue import Catalogue
from .components import Resolver, needed
from .constraints import Content, combine, constraints_on
from .used_metadata import refuse_twice, used_metadata


def _ordered(dimensions: Sequence[Dimension]) -> list[Dimension]:
    """In the order of their positions when every one has its own, else as the message lists them."""
    positions = [dimension.position for dimension in dimensions if dimension.position is not None]
    if len(set(positions)) < len(dimensions):
        return list(dimensions)
    return sorted(dimensions, key=lambda dimension: dimension.position or 0)


def _measure(resolver: Resolver, measure: Measure) -> ResolvedComponent:
    return resolver.component(measure, ComponentKind.MEASURE, mandatory=measure.mandatory)


def _assemble(catalogue: Catalogue, structure: DataStructure, above: Sequence[Maintainable]) -> ResolvedStructure:
    """``above``: the dataflow and provision agreement that the structure is seen through."""
    resolver = Resolver(catalogue, structure)
    dimensions = tuple(resolver.component(d, ComponentKind.DIMENSION) for d in _ordered(structure.dimensions))
    time = resolver.component(structure.time_dimension, ComponentKind.TIME) if structure.time_dimension else None
    ids = [dimension.id for dimension in dimensions] + ([time.id] if time else [])
    measures = tuple(_measure(resolver, measure) for measure in structure.measures)
    attributes = (
        *(resolver.attribute(attribute, ids) for attribute in structure.attributes),
        *used_metadata(catalogue, structure, resolver, ids),
    )
    refuse_twice(structure, [*ids, *(part.id for part in (*measures, *attributes))])
    lists = {part.id: part.enumeration for part in (*dimensions, *measures, *attributes)}
    constraints = constraints_on(catalogue, [reference_to(value) for value in (structure, *above)])
    content: Content = combine(constraints, lists)
    return ResolvedStructure(
        structure=structure,
        dataflow=next((value for value in above if isinstance(value, Dataflow)), None),
        dimensions=dimensions,
        time=time,
        measures=measures,
        attributes=attributes,
        groups=structure.groups,
        cube_regions=content.cube_regions,
        key_sets=content.key_sets,
    )


def _resolve(catalogue: Catalogue, reference: Reference) -> ResolvedStructure:
    current = catalogue.load([reference])[0]
    above: list[Maintainable] = []
    while not isinstance(current, DataStructure):
        if isinstance(current, ProvisionAgreement):
            written = current.dataflow
        elif isinstance(current, Dataflow):
            written = current.structure
        else:
            raise BadSemantics("holds-no-data", reference=reference_to(current))
        if written is None:
            raise BadSemantics("stub-of-structure", reference=reference_to(current))
        above.append(current)
        current = needed(catalogue, current, written)
    if not current.dimensions and current.time_dimension is None:
        raise BadSemantics("stub-of-dimensions", reference=reference_to(current))
    return _assemble(catalogue, current, above)


def resolve_structure(catalogue: Catalogue, written: Reference) -> ResolvedStructure:
    """The data structure of a dataflow, data structure or provision agreement, with all it needs in place.

    Worked out once per catalogue, that is, per structure revision. A reporting constraint counts when it is attached
    to the structure, or to the dataflow or agreement that it is seen through. Raises ``NotFound`` when the artefact
    asked for is not stored, and ``BadSemantics`` naming both ends when something that it needs is missing or wrong.
    """
    reference = catalogue.resolve(written)
    if reference is None:
        raise NotFound("not-stored", reference=written)
    return catalogue.once(("resolved", reference), partial(_resolve, catalogue, reference))


def explicit_measures(catalogue: Catalogue, schema: ResolvedStructure) -> tuple[ResolvedComponent, ...]:
    """The concepts of a 2.1 measure dimension as measures, each with its own values; none where there is no such.

    Raises ``BadSemantics`` when a list that a concept takes its values from is not stored.
    """
    structure = schema.structure
    for dimension in structure.dimensions:
        written = dimension.representation.enumeration if dimension.representation else None
        if dimension.is_measure_dimension and written is not None:
            scheme = needed(catalogue, structure, written, dimension.id)
            items = scheme.items if isinstance(scheme, ConceptScheme) else ()
            resolver = Resolver(catalogue, structure)
            measures = (Measure(id=item.id, representation=item.core_representation) for item in items)
            return tuple(_measure(resolver, measure) for measure in measures)
    return ()
