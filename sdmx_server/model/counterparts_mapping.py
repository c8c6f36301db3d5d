"""Structure sets of 2.1 as the maps of 3.x."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec

from .mapping import (
    CategorySchemeMap,
    ConceptSchemeMap,
    ItemMap,
    ItemSchemeMap,
    MappedList,
    MappedValue,
    OrganisationSchemeMap,
    ReportingTaxonomyMap,
    RepresentationMap,
    ValueMapping,
)
from .parts import artefact_fields, part_id
from .reference import Reference, reference_to
from .structure_map import ComponentMap, StructureMap
from .structure_set import ComponentPair, SchemeMap, StructureMapping, StructureSet

SCHEME_MAPS: dict[type[ItemSchemeMap], str] = {
    OrganisationSchemeMap: "organisation_scheme_maps",
    CategorySchemeMap: "category_scheme_maps",
    ConceptSchemeMap: "concept_scheme_maps",
    ReportingTaxonomyMap: "reporting_taxonomy_maps",
}
"""The maps between item schemes that both have, with the fields of a structure set that hold them."""

FREE_VALUES = MappedList(data_type="String")
"""What the values of a pair of components are of: 2.1 does not say."""


def maps_of(held: StructureSet) -> tuple[ItemSchemeMap | RepresentationMap | StructureMap, ...]:
    """The maps of a structure set as artefacts of its agency and version.

    Maps of codes, and the pairs of values of components, are representation maps. A map of hierarchical codes is left
    out.
    """
    schemes = (
        cls(**artefact_fields(held, one, cls.kind), source=one.source, target=one.target, items=one.items)  # type: ignore[arg-type]
        for cls, field in SCHEME_MAPS.items()
        for one in getattr(held, field)
    )
    codes = (_of_codes(held, one, "CodelistMap") for one in held.codelist_maps)
    hybrid = (_of_codes(held, one, "HybridCodelistMap") for one in held.hybrid_codelist_maps if _plain(one))
    structures = (made for one in held.structure_maps for made in _of_structures(held, one))
    return (*schemes, *codes, *hybrid, *structures)


def _plain(one: SchemeMap) -> bool:
    return one.source.kind == one.target.kind == "Codelist"


def _value_mapping(item: ItemMap) -> ValueMapping:
    return ValueMapping(sources=(item.source,), targets=(item.target or "",), annotations=item.annotations)


def _of_codes(whole: StructureSet, one: SchemeMap, cls: str) -> RepresentationMap:
    return RepresentationMap(
        **artefact_fields(whole, one, cls, own_class=cls == "CodelistMap"),  # type: ignore[arg-type]
        sources=(MappedList(codelist=one.source),),
        targets=(MappedList(codelist=one.target),),
        mappings=tuple(_value_mapping(item) for item in one.items),
    )


def _of_structures(whole: StructureSet, one: StructureMapping) -> Iterator[RepresentationMap | StructureMap]:
    """The structure map, after a representation map for each pair of components whose values it gives."""
    own = artefact_fields(whole, one, "StructureMap")
    pairs, taken = [], {part_id(whole.id, held.id) for held in whole.codelist_maps}
    for pair in one.components:
        made = _of_values(own, pair, taken) if pair.values else None
        if made is not None:
            yield made
        pairs.append(_component_map(whole, pair, None if made is None else reference_to(made)))
    yield StructureMap(**own, source=one.source, target=one.target, component_maps=tuple(pairs))  # type: ignore[arg-type]


def _of_values(own: dict[str, object], pair: ComponentPair, taken: set[str]) -> RepresentationMap:
    name = f"{own['id']}_{pair.source.id}_{pair.target.id}".replace(".", "_")
    chosen = next(one for n in itertools.count(1) if (one := name if n == 1 else f"{name}_{n}") not in taken)
    taken.add(chosen)
    plain: dict[str, object] = {"id": chosen, "annotations": (), "links": (), "uri": None, "descriptions": {}}
    return RepresentationMap(
        **own | plain,  # type: ignore[arg-type]
        sources=(FREE_VALUES,),
        targets=(FREE_VALUES,),
        mappings=tuple(
            ValueMapping(sources=(MappedValue(value=one.source),), targets=(one.target,)) for one in pair.values
        ),
    )


def _component_map(whole: StructureSet, pair: ComponentPair, values: Reference | None) -> ComponentMap:
    if pair.codelist_map is not None:
        named = part_id(whole.id, pair.codelist_map)
        values = Reference(kind="RepresentationMap", agency=whole.agency, id=named, version=whole.version)
    return ComponentMap(
        sources=(pair.source.id,), targets=(pair.target.id,), representation_map=values, annotations=pair.annotations
    )


def with_maps(held: StructureSet, kinds: frozenset[str], ids: frozenset[str] | None) -> StructureSet | None:
    """The set with the maps that become an artefact of these kinds and ids (None = any); None without any."""

    def becomes(field: str, one: SchemeMap | StructureMapping) -> bool:
        alone = StructureSet(agency=held.agency, id=held.id, version=held.version)
        made = maps_of(msgspec.structs.replace(alone, **{field: (one,)}))
        return any(each.kind in kinds and (ids is None or each.id in ids) for each in made)

    fields = (*SCHEME_MAPS.values(), "codelist_maps", "hybrid_codelist_maps", "structure_maps")
    kept = {field: tuple(one for one in getattr(held, field) if becomes(field, one)) for field in fields}
    return msgspec.structs.replace(held, **kept) if any(kept.values()) else None
