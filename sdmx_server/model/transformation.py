"""The schemes of the Validation and Transformation Language (information model, package ``transformation``).

A transformation scheme is a program in VTL: what it assigns to results, and the schemes of mappings, rules, operators,
types and names that it draws on. The statements themselves are kept as they are written; VTL is not parsed.
"""

from __future__ import annotations

from typing import ClassVar

from .common import ItemScheme, Nameable, Value
from .reference import Reference


class VtlDefinitionScheme(ItemScheme, frozen=True, kw_only=True):
    """Base of the schemes that hold VTL; ``vtl_version`` (``2.0``) is the version of the language, None if unsaid."""

    vtl_version: str | None = None


class CustomType(Nameable, frozen=True, kw_only=True):
    """What a scalar type of VTL becomes: ``data_type`` is one of SDMX or any other; None where it is the default.

    ``vtl_literal_format`` is how literals are written in the transformations, ``output_format`` how values are in the
    output, ``null_value`` what stands there for null.
    """

    vtl_scalar_type: str
    data_type: str
    vtl_literal_format: str | None = None
    output_format: str | None = None
    null_value: str | None = None


class CustomTypeScheme(VtlDefinitionScheme, frozen=True, kw_only=True):
    """Conversions of VTL scalar types that take the place of the default ones."""

    kind: ClassVar[str] = "CustomTypeScheme"
    items: tuple[CustomType, ...] = ()


class ToVtlMapping(Value, frozen=True, kw_only=True):
    """How a dataflow becomes a VTL data set: ``method`` (``Basic`` if unsaid), and the dimensions of a sub space."""

    method: str | None = None
    sub_space: tuple[str, ...] = ()


class FromVtlMapping(Value, frozen=True, kw_only=True):
    """How a VTL data set becomes a dataflow: ``method``, and the dimensions of a super space."""

    method: str | None = None
    super_space: tuple[str, ...] = ()


class VtlMapping(Nameable, frozen=True, kw_only=True):
    """``alias`` is what VTL calls ``target``: a dataflow, a codelist, a concept, or a concept scheme (2.1).

    Without a target it is the generic mapping: how all dataflows that have no mapping of their own are converted.
    ``to_vtl`` and ``from_vtl`` belong to dataflows.
    """

    alias: str
    target: Reference | None = None
    to_vtl: ToVtlMapping | None = None
    from_vtl: FromVtlMapping | None = None

    @property
    def mapped(self) -> str:
        """The class of what is mapped: ``Dataflow``, ``Codelist``, ``Concept`` or ``ConceptScheme``."""
        if self.target is None:
            return "Dataflow"
        return "Concept" if self.target.item is not None else self.target.kind


class VtlMappingScheme(ItemScheme, frozen=True, kw_only=True):
    """Aliases of SDMX artefacts in VTL, and how their data are converted."""

    kind: ClassVar[str] = "VtlMappingScheme"
    items: tuple[VtlMapping, ...] = ()


class NamePersonalisation(Nameable, frozen=True, kw_only=True):
    """``personalised_name`` stands for a standard name of VTL; ``vtl_artefact`` is ``variable`` or ``valuedomain``."""

    vtl_default_name: str
    personalised_name: str
    vtl_artefact: str


class NamePersonalisationScheme(VtlDefinitionScheme, frozen=True, kw_only=True):
    """Names that take the place of standard names of VTL."""

    kind: ClassVar[str] = "NamePersonalisationScheme"
    items: tuple[NamePersonalisation, ...] = ()


class Ruleset(Nameable, frozen=True, kw_only=True):
    """A VTL statement that defines rules; ``ruleset_type`` is ``datapoint`` or ``hierarchical`` in VTL 2.

    ``scope`` is what it is defined on: ``variable`` or ``valuedomain``.
    """

    definition: str
    ruleset_type: str
    scope: str


class RulesetScheme(VtlDefinitionScheme, frozen=True, kw_only=True):
    """Rulesets, and the mapping scheme that has their aliases."""

    kind: ClassVar[str] = "RulesetScheme"
    items: tuple[Ruleset, ...] = ()
    vtl_mapping_scheme: Reference | None = None


class Transformation(Nameable, frozen=True, kw_only=True):
    """``result`` is assigned the value of ``expression``, and stored for other schemes if ``is_persistent``."""

    expression: str
    result: str
    is_persistent: bool


class TransformationScheme(VtlDefinitionScheme, frozen=True, kw_only=True):
    """Transformations that are run together, and the schemes that they use. VTL works out what is run first."""

    kind: ClassVar[str] = "TransformationScheme"
    items: tuple[Transformation, ...] = ()
    vtl_mapping_scheme: Reference | None = None
    name_personalisation_scheme: Reference | None = None
    custom_type_scheme: Reference | None = None
    ruleset_schemes: tuple[Reference, ...] = ()
    user_defined_operator_schemes: tuple[Reference, ...] = ()


class UserDefinedOperator(Nameable, frozen=True, kw_only=True):
    """A VTL statement that defines an operator."""

    definition: str


class UserDefinedOperatorScheme(VtlDefinitionScheme, frozen=True, kw_only=True):
    """Operators, the mapping scheme that has their aliases, and the schemes of rulesets that they use."""

    kind: ClassVar[str] = "UserDefinedOperatorScheme"
    items: tuple[UserDefinedOperator, ...] = ()
    vtl_mapping_scheme: Reference | None = None
    ruleset_schemes: tuple[Reference, ...] = ()


VTL_SCHEMES = (
    CustomTypeScheme,
    VtlMappingScheme,
    NamePersonalisationScheme,
    RulesetScheme,
    TransformationScheme,
    UserDefinedOperatorScheme,
)
"""The six kinds, in the order in which a message lists them."""
