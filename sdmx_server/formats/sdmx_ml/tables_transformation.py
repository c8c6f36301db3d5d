"""Tables of the VTL schemes (XSD ``SDMXStructureTransformation``)."""

from __future__ import annotations

from lxml import etree
from typing_extensions import override

from ...model.common import ItemScheme, Value
from ...model.transformation import (
    CustomType,
    CustomTypeScheme,
    FromVtlMapping,
    NamePersonalisation,
    NamePersonalisationScheme,
    Ruleset,
    RulesetScheme,
    ToVtlMapping,
    Transformation,
    TransformationScheme,
    UserDefinedOperator,
    UserDefinedOperatorScheme,
    VtlMapping,
    VtlMappingScheme,
)
from .engine import Element, Reading, Row, Shape, Values, Writing, sub
from .rows import FLAG, ONLY_21, Attribute, Child, Inline, Text
from .rows_reference import Refers
from .tables import MAINTAINABLE, NAMEABLE, PARTIAL, version_of_urn

_PACKAGE = "transformation"
_VTL_VERSION = Attribute("vtl_version", "vtlVersion")
_MAPPING_SCHEME = Refers("vtl_mapping_scheme", "str:VtlMappingScheme", "VtlMappingScheme")
_RULESET_SCHEMES = Refers("ruleset_schemes", "str:RulesetScheme", "RulesetScheme", many=True)


def _scheme(model: type[ItemScheme], *rows: Row) -> Shape:
    return Shape(model, *MAINTAINABLE, PARTIAL, *rows, urn=f"{_PACKAGE}.{model.kind}", finish=version_of_urn)


def _items(model: type[Value], *rows: Row) -> Child:
    """The row of a scheme's items, which are named by their class."""
    name = model.__name__
    return Child("items", f"str:{name}", Shape(model, *NAMEABLE, *rows, urn=f"{_PACKAGE}.{name}"), many=True)


CUSTOM_TYPE_SCHEME = _scheme(
    CustomTypeScheme,
    _VTL_VERSION,
    _items(
        CustomType,
        Text("vtl_scalar_type", "str:VtlScalarType"),
        Text("data_type", "str:DataType"),
        Text("vtl_literal_format", "str:VtlLiteralFormat"),
        Text("output_format", "str:OutputFormat"),
        Text("null_value", "str:NullValue"),
    ),
)
NAME_PERSONALISATION_SCHEME = _scheme(
    NamePersonalisationScheme,
    _VTL_VERSION,
    _items(
        NamePersonalisation,
        Attribute("vtl_artefact", "vtlArtefact"),
        Text("vtl_default_name", "str:VtlDefaultName"),
        Text("personalised_name", "str:PersonalisedName"),
    ),
)
RULESET_SCHEME = _scheme(
    RulesetScheme,
    _VTL_VERSION,
    _items(
        Ruleset,
        Attribute("ruleset_type", "rulesetType"),
        Attribute("scope", "rulesetScope"),
        Text("definition", "str:RulesetDefinition"),
    ),
    _MAPPING_SCHEME,
)
TRANSFORMATION_SCHEME = _scheme(
    TransformationScheme,
    _VTL_VERSION,
    _items(
        Transformation,
        Attribute("is_persistent", "isPersistent", FLAG),
        Text("expression", "str:Expression"),
        Text("result", "str:Result"),
    ),
    _MAPPING_SCHEME,
    Refers("name_personalisation_scheme", "str:NamePersonalisationScheme", "NamePersonalisationScheme"),
    Refers("custom_type_scheme", "str:CustomTypeScheme", "CustomTypeScheme"),
    _RULESET_SCHEMES,
    Refers(
        "user_defined_operator_schemes",
        "str:UserDefinedOperatorScheme",
        "UserDefinedOperatorScheme",
        many=True,
    ),
)
USER_DEFINED_OPERATOR_SCHEME = _scheme(
    UserDefinedOperatorScheme,
    _VTL_VERSION,
    _items(UserDefinedOperator, Text("definition", "str:OperatorDefinition")),
    _MAPPING_SCHEME,
    _RULESET_SCHEMES,
)

# -- mappings ----------------------------------------------------------------------------------------------------------


class _Generic(Row):
    """The empty element of a mapping that is for any dataflow."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        return

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        if getattr(holder, self.field) is None:
            sub(parent, self.xml, to)


def _mapping(mapped: str, *rows: Row) -> Shape:
    own = (*NAMEABLE, Attribute("alias", "alias"))
    return Shape(VtlMapping, *own, *rows, urn=f"{_PACKAGE}.Vtl{mapped}Mapping")


_METHOD = Attribute("method", "method")
_TO_VTL = Shape(ToVtlMapping, _METHOD, Inline("str:ToVtlSubSpace", Text("sub_space", "str:Key", many=True)))
_FROM_VTL = Shape(FromVtlMapping, _METHOD, Inline("str:FromVtlSuperSpace", Text("super_space", "str:Key", many=True)))
_MAPPINGS = {
    "Codelist": _mapping("Codelist", Refers("target", "str:Codelist", "Codelist")),
    "Concept": _mapping("Concept", Refers("target", "str:Concept", "Concept")),
    "ConceptScheme": _mapping(
        "ConceptScheme", Refers("target", "str:ConceptScheme", "ConceptScheme", versions=ONLY_21)
    ),
    "Dataflow": _mapping(
        "Dataflow",
        Refers("target", "str:Dataflow", "Dataflow"),
        _Generic("target", "str:GenericDataflow"),
        Child("to_vtl", "str:ToVtlMapping", _TO_VTL),
        Child("from_vtl", "str:FromVtlMapping", _FROM_VTL),
    ),
}


class _Mappings(Row):
    """The mappings of a scheme: what is mapped gives each its shape, and the class in its URN."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        named = (etree.QName(child).localname for child in element)
        mapped = next((name for name in named if name in _MAPPINGS), "Dataflow")
        values.setdefault(self.field, []).append(_MAPPINGS[mapped].read(element, to))

    @override
    def write(self, holder: Value, parent: Element, to: Writing) -> None:
        for mapping in getattr(holder, self.field):
            _MAPPINGS[mapping.mapped].write(mapping, sub(parent, self.xml, to), to)


VTL_MAPPING_SCHEME = _scheme(VtlMappingScheme, _Mappings("items", "str:VtlMapping"))
