"""Tables of structure sets (1.0)."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec

from ...model.kinds import BY_NAME, PARTS
from ...model.mapping import ItemMap, MappedValue
from ...model.reference import Reference
from ...model.structure_set import CONTAINERS, ComponentName, ComponentPair, SchemeMap, StructureMapping, ValuePair
from ..text_formats import TO_TEXT
from .engine import ALL, PLAIN, URN, Field, Json, Part, Place, Reading, Row, Table, Writing, flag, many, read_rows
from .identity import ANNOTATIONS, nameable
from .representation import Format

_INFOMODEL = "urn:sdmx:org.sdmx.infomodel."
_NAMED: tuple[Row, ...] = (ANNOTATIONS, Field("source", "source", URN), Field("target", "target", URN))
_NOTES = Table(ItemMap, (ANNOTATIONS,))


def _named(source: Any, place: Place, of: Reading) -> tuple[Json, tuple[Reference, Reference] | None]:
    """The fields of an object, and what its source and its target name, None when one of them names nothing."""
    fields: Json = {}
    read_rows(_NAMED, source, fields, place, of)
    named = fields.pop("source", None), fields.pop("target", None)
    return fields, None if None in named else named


class _ItemMap:
    """A pair of items. It is written by the row that holds it, which knows their schemes."""

    def write(self, value: ItemMap, to: Writing) -> Json:
        return _NOTES.write(value, to)

    def read(self, source: Any, place: Place, of: Reading) -> ItemMap:
        fields, named = _named(source, place, of)
        first, second = ("", "") if named is None else (one.item or "" for one in named)
        return ItemMap(source=MappedValue(value=first), target=second, **fields)


@dataclasses.dataclass(frozen=True)
class _Items:
    """The row of the pairs of a map between schemes; in JSON each item has its URN."""

    key: str
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: SchemeMap, out: Json, to: Writing) -> None:
        """Put the pairs."""
        codec = _ItemMap()
        for one in value.items:
            urns = {"source": _item(value.source, one.source.value), "target": _item(value.target, one.target or "")}
            out.setdefault(self.key, []).append(codec.write(one, to) | urns)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the pairs."""
        many(self.key, "items", _ItemMap()).read(source, fields, place, of)


def _item(scheme: Reference, item: str) -> str:
    part = "HierarchicalCode" if scheme.kind == "HierarchicalCodelist" else None
    return msgspec.structs.replace(scheme, item=item, part=part).urn


class _CodelistMap:
    """A map of the same set by its URN."""

    def write(self, value: str, to: Writing) -> str:
        return f"{_INFOMODEL}mapping.CodelistMap={to.owner}.{value}"

    def read(self, source: Any, place: Place, of: Reading) -> str | None:
        reference = URN.read(source, place, of)
        return None if reference is None else reference.item


_VALUE_PAIR = Table(ValuePair, (Field("source", "source", PLAIN), Field("target", "target", PLAIN)))
_REPRESENTATION: Row = Part(
    "representationMapping",
    (
        Field("codelistMap", "codelist_map", _CodelistMap()),
        Field("toTextFormat", "to_text_format", Format(TO_TEXT)),
        Field("toValueType", "to_value_type", PLAIN),
        Part("valueMap", (many("valueMappings", "values", _VALUE_PAIR),)),
    ),
)
_COMPONENT_PAIR = Table(ComponentPair, (ANNOTATIONS, _REPRESENTATION))


class _ComponentMap:
    """A pair of components. It is written by the row that holds it, which knows their structures."""

    def write(self, value: ComponentPair, to: Writing) -> Json:
        return _COMPONENT_PAIR.write(value, to)

    def read(self, source: Any, place: Place, of: Reading) -> ComponentPair:
        plain = {key: held for key, held in source.items() if key != "representationMapping"}
        fields, named = _named(plain, place, of)
        read_rows(
            (_REPRESENTATION,), {key: held for key, held in source.items() if key not in plain}, fields, place, of
        )
        first, second = (ComponentName(id=""),) * 2 if named is None else map(_component_name, named)
        return ComponentPair(source=first, target=second, **fields)


@dataclasses.dataclass(frozen=True)
class _Components:
    """The row of the pairs of components; in JSON each has its URN, below the structure or the flow that is mapped."""

    key: str
    versions: tuple[str, ...] = ALL

    @property
    def keys(self) -> tuple[str, ...]:
        """The one key."""
        return (self.key,)

    def write(self, value: StructureMapping, out: Json, to: Writing) -> None:
        """Put the pairs."""
        codec = _ComponentMap()
        for one in value.components:
            urns = {"source": _component(value.source, one.source), "target": _component(value.target, one.target)}
            out.setdefault(self.key, []).append(codec.write(one, to) | urns)

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the pairs."""
        many(self.key, "components", _ComponentMap()).read(source, fields, place, of)


def _component(structure: Reference, named: ComponentName) -> str:
    holder = BY_NAME[PARTS[named.component]]
    container = named.container or CONTAINERS.get(named.component)
    path = f"{container}.{named.id}" if container and holder.name == "MetadataStructure" else named.id
    return f"{_INFOMODEL}{holder.package}.{named.component}={structure.short}.{path}"


def _component_name(reference: Reference) -> ComponentName:
    component, path = reference.part or "Dimension", reference.item or ""
    if PARTS[component] != "MetadataStructure":
        return ComponentName(id=path, component=component)
    container, _, own = path.partition(".")
    held = None if container == CONTAINERS.get(component) else container
    return (
        ComponentName(id=own, component=component, container=held)
        if own
        else ComponentName(id=path, component=component)
    )


def _scheme_maps(key: str, field: str, items: str) -> Row:
    cls = f"mapping.{key[0].upper()}{key[1:-1]}"
    rows = (Field("source", "source", URN), Field("target", "target", URN), _Items(items))
    return many(key, field, Table(SchemeMap, nameable(cls, *rows)))


_STRUCTURE_MAP = Table(
    StructureMapping,
    nameable(
        "mapping.StructureMap",
        Field("source", "source", URN),
        Field("target", "target", URN),
        flag("isExtension", "is_extension"),
        _Components("componentMaps"),
    ),
)
STRUCTURE_SET_ROWS: tuple[Row, ...] = (
    many("relatedStructures", "related", URN),
    _scheme_maps("organisationSchemeMaps", "organisation_scheme_maps", "organisationMaps"),
    _scheme_maps("categorySchemeMaps", "category_scheme_maps", "categoryMaps"),
    _scheme_maps("codelistMaps", "codelist_maps", "codeMaps"),
    _scheme_maps("conceptSchemeMaps", "concept_scheme_maps", "conceptMaps"),
    _scheme_maps("reportingTaxonomyMaps", "reporting_taxonomy_maps", "reportingCategoryMaps"),
    _scheme_maps("hybridCodelistMaps", "hybrid_codelist_maps", "hybridCodeMaps"),
    many("structureMaps", "structure_maps", _STRUCTURE_MAP),
)
"""What a structure set has beyond any maintainable artefact."""
