"""Tables of the structure sets of 2.1 (XSD ``SDMXStructureStructureSet``)."""

from __future__ import annotations

from lxml import etree
from typing_extensions import override

from ...model.common import Value
from ...model.kinds import PARTS
from ...model.mapping import ItemMap, MappedValue
from ...model.reference import parse_urn
from ...model.structure_set import (
    CONTAINERS,
    ComponentName,
    ComponentPair,
    SchemeMap,
    StructureMapping,
    StructureSet,
    ValuePair,
)
from .engine import Element, Reading, Row, Shape, Values, Writing, sub
from .rows import FLAG, ONLY_21, Attribute, Child, Inline, Text, clean
from .rows_reference import LocalIds, Refers
from .tables import ANNOTATIONS, MAINTAINABLE, NAMEABLE, TEXT_FORMAT

_SOURCE, _TARGET = "str:Source", "str:Target"
_CLASSES = {"Attribute": "DataAttribute", "ConstraintTarget": "ConstraintContentTarget"}
_NAMES = {component: name for name, component in _CLASSES.items()}


class _Item(Row):
    """An item of the scheme that is mapped; the hierarchy of a hierarchical code is its container."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        ref = element.find("Ref")
        if ref is not None:
            item = ".".join(filter(None, (ref.get("containerID"), ref.get("id"))))
        else:
            try:
                item = parse_urn(element.findtext("URN") or "").item or ""
            except ValueError as error:
                to.add("xml.reference", element, reason=str(error), expected="Code")
                return
        values[self.field] = MappedValue(value=item) if self.field == "source" else item

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        assert isinstance(holder, ItemMap)  # noqa: S101 - the table says so
        item = holder.source.value if self.field == "source" else holder.target or ""
        self._put(sub(parent, self.xml, to), item)

    def _put(self, node: Element, item: str) -> None:
        etree.SubElement(node, "Ref").set("id", clean(item))


class _AnyItem(_Item):
    """A code of any codelist."""

    @override
    def _put(self, node: Element, item: str) -> None:
        container, _, own = item.partition(".")
        ref = etree.SubElement(node, "Ref")
        if own:
            ref.set("containerID", clean(container))
        ref.set("id", clean(own or container))


class _Component(Row):
    """A component of the structure that is mapped."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        ref = element[0]
        component = _CLASSES.get(ref.get("class", ""), ref.get("class", ""))
        container = ref.get("containerID")
        values[self.field] = ComponentName(
            id=ref.get("id", ""),
            component=component,
            container=None if container == CONTAINERS.get(component) else container,
        )

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        named: ComponentName = getattr(holder, self.field)
        ref = etree.SubElement(sub(parent, self.xml, to), "Ref")
        ref.set("id", clean(named.id))
        ref.set("containerID", clean(named.container or CONTAINERS.get(named.component, named.id)))
        ref.set("class", _NAMES.get(named.component, named.component))
        ref.set("package", PARTS[named.component].lower())


def _scheme_map(element: str, item: Shape, association: str, *kinds: str) -> Shape:
    first, *others = kinds
    return Shape(
        SchemeMap,
        *NAMEABLE,
        Refers("source", _SOURCE, first, others=tuple(others)),
        Refers("target", _TARGET, first, others=tuple(others)),
        Child("items", f"str:{association}", item, many=True),
        urn=f"mapping.{element}",
    )


_ITEM_MAP = Shape(ItemMap, ANNOTATIONS, _Item("source", _SOURCE), _Item("target", _TARGET))
_CODE_MAP = Shape(ItemMap, ANNOTATIONS, _AnyItem("source", _SOURCE), _AnyItem("target", _TARGET))
_ORGANISATIONS = ("AgencyScheme", "DataConsumerScheme", "DataProviderScheme", "OrganisationUnitScheme")
_MAPS: tuple[tuple[str, str, Shape], ...] = tuple(
    (
        field,
        element,
        _scheme_map(element, _CODE_MAP if element.startswith("Hybrid") else _ITEM_MAP, association, *kinds),
    )
    for field, element, association, *kinds in (
        ("organisation_scheme_maps", "OrganisationSchemeMap", "OrganisationMap", *_ORGANISATIONS),
        ("category_scheme_maps", "CategorySchemeMap", "CategoryMap", "CategoryScheme"),
        ("codelist_maps", "CodelistMap", "CodeMap", "Codelist"),
        ("concept_scheme_maps", "ConceptSchemeMap", "ConceptMap", "ConceptScheme"),
        ("reporting_taxonomy_maps", "ReportingTaxonomyMap", "ReportingCategoryMap", "ReportingTaxonomy"),
        ("hybrid_codelist_maps", "HybridCodelistMap", "HybridCodeMap", "Codelist", "HierarchicalCodelist"),
    )
)

_VALUE_PAIR = Shape(ValuePair, Attribute("source", "source"), Attribute("target", "target"))
_COMPONENT_PAIR = Shape(
    ComponentPair,
    ANNOTATIONS,
    _Component("source", _SOURCE),
    _Component("target", _TARGET),
    Inline(
        "str:RepresentationMapping",
        LocalIds("codelist_map", "str:CodelistMap"),
        Child("to_text_format", "str:ToTextFormat", TEXT_FORMAT),
        Text("to_value_type", "str:ToValueType"),
        Child("values", "str:ValueMap/str:ValueMapping", _VALUE_PAIR, many=True),
    ),
)
_STRUCTURES = ("Dataflow", "MetadataStructure", "Metadataflow")
_STRUCTURE_MAP = Shape(
    StructureMapping,
    *NAMEABLE,
    Refers("source", _SOURCE, "DataStructure", others=_STRUCTURES),
    Refers("target", _TARGET, "DataStructure", others=_STRUCTURES),
    Child("components", "str:ComponentMap", _COMPONENT_PAIR, many=True),
    Attribute("is_extension", "isExtension", FLAG, skip=False),
    urn="mapping.StructureMap",
)
STRUCTURE_SET = Shape(
    StructureSet,
    *MAINTAINABLE,
    Refers("related", "str:RelatedStructure", "DataStructure", others=_STRUCTURES, many=True, versions=ONLY_21),
    *(Child(field, f"str:{element}", shape, many=True) for field, element, shape in _MAPS),
    Child("structure_maps", "str:StructureMap", _STRUCTURE_MAP, many=True),
    urn="mapping.StructureSet",
)
