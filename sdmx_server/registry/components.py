"""Components of data structures and metadata structures with their concepts and values in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..errors import BadSemantics
from ..model.codelist import Code, Codelist, ValueList
from ..model.common import Maintainable
from ..model.concept import Concept, ConceptScheme
from ..model.datastructure import Attribute, AttributeRelationship, Component, DataStructure
from ..model.metadatastructure import MetadataStructure
from ..model.reference import Reference, reference_to
from ..model.representation import Representation, TextFormat
from ..model.resolved import ComponentKind, ResolvedComponent, Storage
from .catalogue import Catalogue
from .codes import extended

_FLOATS = frozenset({"Float", "Double", "Decimal", "Incremental", "InclusiveValueRange", "ExclusiveValueRange"})
_INTEGERS = frozenset({"Integer", "Long", "Short", "BigInteger", "Count"})


def storage_of(kind: ComponentKind, representation: Representation | None) -> Storage:
    """How values of a component are kept.

    Only measures are kept as numbers: FLOAT for the text types Float, Double, Decimal, Incremental and the two value
    ranges, and for a measure without any representation; INTEGER for Integer, Long, Short, BigInteger and Count. Coded,
    multi-valued and multilingual measures and every other text type are CODE. ``Numeric`` is a text of digits whose
    leading zeros count, so it is CODE.
    """
    if kind is ComponentKind.TIME:
        return Storage.PERIOD
    if kind is not ComponentKind.MEASURE:
        return Storage.CODE
    if representation is None:
        return Storage.FLOAT
    text_format = representation.text_format or TextFormat()
    if representation.enumeration or _most(representation) != 1 or _multilingual(text_format):
        return Storage.CODE
    if text_format.text_type in _FLOATS:
        return Storage.FLOAT
    return Storage.INTEGER if text_format.text_type in _INTEGERS else Storage.CODE


def _most(representation: Representation | None) -> int | None:
    """The most values of one component; None = unbounded."""
    most = representation.max_occurs if representation else None
    if most == "unbounded":
        return None
    return 1 if most is None else int(most)


def _multilingual(text_format: TextFormat) -> bool:
    return text_format.facets.get("isMultiLingual") in ("true", "1")


def needed(catalogue: Catalogue, by: Maintainable, written: Reference, component: str = "") -> Maintainable:
    """The artefact that a stored artefact, or a component of it, refers to.

    Raises ``BadSemantics`` naming both when it is not there.
    """
    found = catalogue.resolve(written)
    if found is None:
        wrong = "component-refers-to-absent" if component else "refers-to-absent"
        raise BadSemantics(wrong, by=reference_to(by), component=component, reference=written)
    return catalogue.load([found])[0]


def _as_codelist(scheme: ConceptScheme) -> Codelist:
    """The concepts of a 2.1 measure dimension as codes."""
    items = tuple(
        Code(id=item.id, names=item.names, descriptions=item.descriptions, parent=item.parent) for item in scheme.items
    )
    return Codelist(agency=scheme.agency, id=scheme.id, version=scheme.version, names=scheme.names, items=items)


class Resolver:
    """Resolves the components of one data structure or metadata structure."""

    def __init__(self, catalogue: Catalogue, structure: DataStructure | MetadataStructure) -> None:
        self._catalogue = catalogue
        self._structure = structure
        self._name = reference_to(structure)
        self._groups = structure.groups if isinstance(structure, DataStructure) else ()
        self._schemes: dict[Reference, dict[str, Concept]] = {}

    def _concept(self, component: Component) -> Concept | None:
        written = component.concept
        if written is None:
            return None
        if written.maintainable not in self._schemes:
            scheme = needed(self._catalogue, self._structure, written, component.id)
            items = scheme.items if isinstance(scheme, ConceptScheme) else ()
            self._schemes[written.maintainable] = {concept.id: concept for concept in items}
        concept = self._schemes[written.maintainable].get(written.item or "")
        if concept is None:
            raise BadSemantics("concept-absent", structure=self._name, component=component.id, concept=written)
        return concept

    def _enumeration(self, component: Component, written: Reference) -> Codelist | ValueList:
        found = needed(self._catalogue, self._structure, written, component.id)
        if isinstance(found, Codelist):
            return self._catalogue.once(("extended", reference_to(found)), partial(extended, self._catalogue, found))
        if isinstance(found, ConceptScheme):
            return _as_codelist(found)
        if isinstance(found, ValueList):
            return found
        raise BadSemantics(
            "values-from", structure=self._name, component=component.id, kind=found.kind, reference=written
        )

    def component(
        self,
        component: Component,
        kind: ComponentKind,
        *,
        mandatory: bool = False,
        attached_to: tuple[str, ...] = (),
        group: str | None = None,
        measures: tuple[str, ...] = (),
    ) -> ResolvedComponent:
        """The component with its concept and its values; the local representation overrides the concept's."""
        concept = self._concept(component)
        representation = component.representation or (concept.core_representation if concept else None)
        shown = representation or Representation()
        text_format = (shown.enumeration_format if shown.enumeration else shown.text_format) or TextFormat()
        most = _most(representation)
        return ResolvedComponent(
            id=component.id,
            kind=kind,
            storage=storage_of(kind, representation),
            names=concept.names if concept else {},
            descriptions=concept.descriptions if concept else {},
            concept=component.concept,
            roles=component.roles,
            enumeration=self._enumeration(component, shown.enumeration) if shown.enumeration else None,
            text_format=text_format,
            multi_valued=most != 1,
            multilingual=_multilingual(text_format),
            min_occurs=1 if shown.min_occurs is None else shown.min_occurs,
            max_occurs=most,
            mandatory=mandatory,
            attached_to=attached_to,
            group=group,
            measures=measures,
        )

    def attribute(self, attribute: Attribute, dimension_ids: Sequence[str]) -> ResolvedComponent:
        """The attribute with the dimensions that it depends on, in DSD order."""
        return self.component(
            attribute,
            ComponentKind.ATTRIBUTE,
            mandatory=attribute.mandatory,
            attached_to=self.attachment(attribute.id, attribute.relationship, dimension_ids),
            group=attribute.relationship.group,
            measures=attribute.measures,
        )

    def attachment(
        self, attribute: str, relationship: AttributeRelationship, dimension_ids: Sequence[str]
    ) -> tuple[str, ...]:
        """The dimensions that an attribute depends on, in DSD order."""
        if relationship.observation:
            return tuple(dimension_ids)
        named = {relation.id for relation in relationship.dimensions}
        groups = {group.id: group.dimensions for group in self._groups}
        for group in (*relationship.attachment_groups, *([relationship.group] if relationship.group else [])):
            if group not in groups:
                raise BadSemantics("attached-to-group", structure=self._name, attribute=attribute, name=group)
            named.update(groups[group])
        unknown = sorted(named - set(dimension_ids))
        if unknown:
            raise BadSemantics("attached-to-dimension", structure=self._name, attribute=attribute, name=unknown[0])
        return tuple(dimension for dimension in dimension_ids if dimension in named)
