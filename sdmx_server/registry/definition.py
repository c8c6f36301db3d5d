"""The artefacts that define what is valid in a context, cut to what counts there (REST 2.2.2 ``schema.md``).

Beside the structure: its codelists and value lists with the codes that are allowed, its concept schemes with the
concepts that it uses, the agency schemes with the agencies that maintain these artefacts, and the constraints.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..errors import BadSemantics
from ..model.codelist import Codelist, ValueList
from ..model.common import Maintainable
from ..model.concept import ConceptScheme
from ..model.metadatastructure import MetadataAttribute, Metadataflow, MetadataProvisionAgreement, MetadataStructure
from ..model.organisation import AgencyScheme
from ..model.reference import Reference, reference_to
from ..model.resolved import ResolvedStructure
from .catalogue import Catalogue
from .codes import cut_scheme, only
from .concrete import concrete
from .constraints import allowed_codes, constraints_on
from .partial import codes_by_list, items_used, whole
from .references import references_of
from .resolve import resolve_structure

_Lists = dict[Reference, Codelist | ValueList]


def metadata_structure(catalogue: Catalogue, context: Reference) -> MetadataStructure:
    """The structure of the metadata of a metadata structure, metadataflow or metadata provision agreement.

    Raises ``NotFound`` when the context is not stored, ``BadSemantics`` when what it refers to is not.
    """
    current = catalogue.load([context])[0]
    while not isinstance(current, MetadataStructure):
        written = None
        if isinstance(current, MetadataProvisionAgreement):
            written = current.metadataflow
        elif isinstance(current, Metadataflow):
            written = current.structure
        found = catalogue.resolve(written) if written is not None else None
        if found is None:
            by = reference_to(current)
            if written is None:
                raise BadSemantics("structure-unnamed", reference=by)
            raise BadSemantics("structure-absent", by=by, reference=written)
        current = catalogue.load([found])[0]
    return current


def definition_of_data(catalogue: Catalogue, context: Reference) -> list[Maintainable]:
    """The artefacts that define the data of a data structure, dataflow or provision agreement.

    Every reference among them is at the version that it means. Raises as ``resolve_structure`` does.
    """
    schema = resolve_structure(catalogue, context)
    allowed = allowed_codes(schema)
    lists, codes = _lists_of(catalogue, schema), codes_by_list(schema, allowed)
    above = [reference_to(value) for value in (schema.structure, schema.dataflow) if value is not None]
    constraints = constraints_on(catalogue, dict.fromkeys((*above, context)))
    structures: list[Maintainable] = [schema.structure]
    if schema.structure.metadata is not None and (found := catalogue.resolve(schema.structure.metadata)):
        structures += catalogue.load([found])
    measures = _measures(catalogue, schema, allowed)
    return _definition(catalogue, _Parts(structures, lists, codes, measures, constraints))


def definition_of_metadata(catalogue: Catalogue, context: Reference) -> list[Maintainable]:
    """The same for the metadata of a metadata structure, metadataflow or metadata provision agreement."""
    return _definition(catalogue, _Parts([metadata_structure(catalogue, context)]))


class _Parts(NamedTuple):
    """What a definition is made of, before it is cut.

    ``codes``: what is allowed of each list (None or no entry = all); ``measures``: the concepts of measure dimensions.
    """

    structures: Sequence[Maintainable]
    lists: _Lists = {}
    codes: Mapping[Reference, Collection[str] | None] = {}
    measures: Mapping[Reference, Collection[str]] = {}
    constraints: Iterable[Maintainable] = ()


def _definition(catalogue: Catalogue, parts: _Parts) -> list[Maintainable]:
    lists = dict(parts.lists)
    for structure in parts.structures:
        if isinstance(structure, MetadataStructure):
            lists = {**_lists_of_metadata(catalogue, structure), **lists}
    used = items_used(catalogue, parts.structures)
    for scheme, items in parts.measures.items():
        used.setdefault(scheme, set()).update(items)
    allowed = ((listed, parts.codes.get(reference)) for reference, listed in lists.items())
    found: list[Maintainable] = [
        *parts.structures,
        *(listed if left is None else only(listed, left) for listed, left in allowed),
        *(cut_scheme(catalogue.get(scheme, ConceptScheme), items) for scheme, items in _concepts(used)),
        *parts.constraints,
    ]
    agencies = items_used(catalogue, found)
    wanted = {scheme: items for scheme, items in agencies.items() if scheme.kind == AgencyScheme.kind}
    schemes = [catalogue.get(scheme, AgencyScheme) for scheme in wanted]
    for scheme, items in items_used(catalogue, schemes).items():
        wanted[scheme] = wanted.get(scheme, set()) | items
    found += (cut_scheme(catalogue.get(scheme, AgencyScheme), items) for scheme, items in sorted(wanted.items()))
    return [concrete(catalogue, artefact) for artefact in found]


def _concepts(used: Mapping[Reference, Collection[str]]) -> Iterator[tuple[Reference, Collection[str]]]:
    return ((scheme, items) for scheme, items in sorted(used.items()) if scheme.kind == ConceptScheme.kind)


def _measures(
    catalogue: Catalogue, schema: ResolvedStructure, allowed: Mapping[str, Collection[str] | None]
) -> dict[Reference, Collection[str]]:
    """The concepts that the measure dimension of a structure of 2.1 may hold."""
    found: dict[Reference, Collection[str]] = {}
    for dimension in schema.structure.dimensions:
        written = dimension.representation.enumeration if dimension.representation else None
        scheme = catalogue.resolve(written) if written is not None and dimension.is_measure_dimension else None
        if scheme is not None:
            left = allowed.get(dimension.id)
            items = catalogue.get(scheme, ConceptScheme).items
            found[scheme] = left if left is not None else [item.id for item in items]
    return found


def _lists_of(catalogue: Catalogue, schema: ResolvedStructure) -> _Lists:
    """The lists of the components; the concepts of a measure dimension are no codelist."""
    found: _Lists = {}
    for component in schema.components:
        listed = component.enumeration
        if listed is not None and catalogue.resolve(reference_to(listed)) is not None:
            found[reference_to(listed)] = listed
    return found


def _lists_of_metadata(catalogue: Catalogue, structure: MetadataStructure) -> _Lists:
    """The lists that metadata attributes and targets name themselves, or else their concepts."""
    wanted = [written for written in references_of(structure) if written.item is None]
    reports = (attribute for report in structure.reports for attribute in report.attributes)
    for attribute in _flat((*structure.attributes, *reports)):
        if attribute.representation is None and attribute.concept is not None:
            scheme = catalogue.resolve(attribute.concept)
            items = catalogue.get(scheme, ConceptScheme).items if scheme else ()
            held = next((item.core_representation for item in items if item.id == attribute.concept.item), None)
            wanted += [held.enumeration] if held is not None and held.enumeration is not None else []
    found: _Lists = {}
    for written in wanted:
        reference = catalogue.resolve(written)
        listed = whole(catalogue, catalogue.load([reference])[0]) if reference else None
        if isinstance(listed, Codelist | ValueList):
            found[reference_to(listed)] = listed
    return found


def _flat(attributes: Iterable[MetadataAttribute]) -> Iterator[MetadataAttribute]:
    for attribute in attributes:
        yield attribute
        yield from _flat(attribute.attributes)
