# ruff: noqa: ARG002 # rows and codecs have one signature, of which each uses what it needs
"""Tables of the VTL schemes (2.x): transformations, rulesets, operators, custom types, personalised names, mappings."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

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
from .engine import BOTH, EXTENSION, PLAIN, URN, V21, Field, Json, Place, Reading, Row, Table, Writing, many
from .identity import nameable
from .maintainable import IS_PARTIAL, maintainable

_PACKAGE = "transformation."
_VTL_VERSION = Field("vtlVersion", "vtl_version", PLAIN)
_MAPPING_SCHEME = Field("vtlMappingScheme", "vtl_mapping_scheme", URN)


class _Distinct:
    """References, each once: two may mean the same version."""

    def write(self, value: Any, to: Writing) -> list[str]:
        return list(dict.fromkeys(URN.write(one, to) for one in value))

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        return tuple(URN.read(one, place / index, of) for index, one in enumerate(source))


_RULESET_SCHEMES = Field("rulesetSchemes", "ruleset_schemes", _Distinct(), ())


def _text(key: str, field: str) -> Field:
    """A row for a text that the schemas require."""
    return Field(key, field, PLAIN, always=True)


def _scheme(cls: Any, *rows: Row) -> Table:
    return Table(cls, maintainable(cls.kind, IS_PARTIAL, *rows))


_CUSTOM_TYPE = Table(
    CustomType,
    nameable(
        _PACKAGE + "CustomType",
        _text("vtlScalarType", "vtl_scalar_type"),
        _text("dataType", "data_type"),
        Field("vtlLiteralFormat", "vtl_literal_format", PLAIN),
        Field("outputFormat", "output_format", PLAIN),
        Field("nullValue", "null_value", PLAIN),
    ),
)
_NAME_PERSONALISATION = Table(
    NamePersonalisation,
    nameable(
        _PACKAGE + "NamePersonalisation",
        _text("vtlDefaultName", "vtl_default_name"),
        _text("personalisedName", "personalised_name"),
        _text("vtlArtefact", "vtl_artefact"),
    ),
)
_RULESET = Table(
    Ruleset,
    nameable(
        _PACKAGE + "Ruleset",
        _text("rulesetDefinition", "definition"),
        _text("rulesetType", "ruleset_type"),
        _text("rulesetScope", "scope"),
    ),
)
_TRANSFORMATION = Table(
    Transformation,
    nameable(
        _PACKAGE + "Transformation",
        _text("expression", "expression"),
        _text("result", "result"),
        Field("isPersistent", "is_persistent", PLAIN, always=True),
    ),
)
_OPERATOR = Table(
    UserDefinedOperator, nameable(_PACKAGE + "UserDefinedOperator", _text("operatorDefinition", "definition"))
)

# -- mappings ----------------------------------------------------------------------------------------------------------


class _Space:
    """Dimensions by id, in an object of their own."""

    def write(self, value: tuple[str, ...], to: Writing) -> Json | None:
        return {"keys": list(dict.fromkeys(value))} if value else None

    def read(self, source: Any, place: Place, of: Reading) -> tuple[str, ...]:
        return tuple(source.get("keys", ()))


_METHOD = Field("method", "method", PLAIN)
_TO_VTL = Table(ToVtlMapping, (_METHOD, Field("toVtlSubSpace", "sub_space", _Space(), ())))
_FROM_VTL = Table(FromVtlMapping, (_METHOD, Field("fromVtlSuperSpace", "super_space", _Space(), ())))


class _Generic:
    """The row of a mapping that is for any dataflow: an empty object says so."""

    versions = BOTH
    keys = ("genericDataflow",)

    def write(self, value: Any, out: Json, to: Writing) -> None:
        if value.target is None:
            out["genericDataflow"] = {}

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        return


def _mapping(mapped: str, *rows: Row) -> Table:
    return Table(VtlMapping, nameable(f"{_PACKAGE}Vtl{mapped}Mapping", _text("alias", "alias"), *rows))


_MAPPINGS = {
    "Codelist": _mapping("Codelist", Field("codelist", "target", URN)),
    "Concept": _mapping("Concept", Field("concept", "target", URN)),
    "ConceptScheme": _mapping("ConceptScheme", Field("conceptScheme", "target", URN)),
    "Dataflow": _mapping(
        "Dataflow",
        Field("dataflow", "target", URN),
        _Generic(),
        Field("toVtlMapping", "to_vtl", _TO_VTL),
        Field("fromVtlMapping", "from_vtl", _FROM_VTL),
    ),
}
_KEYS = {"codelist": "Codelist", "concept": "Concept", "conceptScheme": "ConceptScheme"}


def _read_mapping(source: Json, place: Place, of: Reading) -> Any:
    mapped = next((mapped for key, mapped in _KEYS.items() if key in source), "Dataflow")
    return _MAPPINGS[mapped].read(source, place, of)


@dataclasses.dataclass(frozen=True)
class _Mappings:
    """The row of a scheme's mappings.

    Mappings of concept schemes are of 2.1 alone. Where there is one, an extension has all of them, in their order.
    """

    versions: tuple[str, ...] = BOTH
    keys: tuple[str, ...] = ("vtlMappings", EXTENSION + "vtlMappings")

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put the mappings, twice if the key cannot hold all."""
        written = [_MAPPINGS[item.mapped].write(item, to) for item in value.items]
        plain = [one for one in written if "conceptScheme" not in one]
        if plain:
            out["vtlMappings"] = plain
        if len(plain) < len(written) and to.version == V21:
            out[EXTENSION + "vtlMappings"] = written

    def read(self, source: Json, fields: Json, place: Place, of: Reading) -> None:
        """Take the mappings; an alias that stands twice is reported."""
        key = next((key for key in reversed(self.keys) if key in source), None)
        if key is None:
            return
        below = place / key
        fields["items"] = tuple(_read_mapping(item, below / index, of) for index, item in enumerate(source[key]))
        for alias, times in Counter(item.alias for item in fields["items"]).items():
            if times > 1:
                of.report("json.duplicate-alias", below, alias, alias=alias)


# -- schemes -----------------------------------------------------------------------------------------------------------

VTL_SCHEMES: tuple[tuple[str, Table], ...] = (
    ("customTypeSchemes", _scheme(CustomTypeScheme, _VTL_VERSION, many("customTypes", "items", _CUSTOM_TYPE))),
    ("vtlMappingSchemes", _scheme(VtlMappingScheme, _Mappings())),
    (
        "namePersonalisationSchemes",
        _scheme(NamePersonalisationScheme, _VTL_VERSION, many("namePersonalisations", "items", _NAME_PERSONALISATION)),
    ),
    (
        "rulesetSchemes",
        _scheme(RulesetScheme, _VTL_VERSION, many("rulesets", "items", _RULESET), _MAPPING_SCHEME),
    ),
    (
        "transformationSchemes",
        _scheme(
            TransformationScheme,
            _VTL_VERSION,
            many("transformations", "items", _TRANSFORMATION),
            _MAPPING_SCHEME,
            Field("namePersonalisationScheme", "name_personalisation_scheme", URN),
            Field("customTypeScheme", "custom_type_scheme", URN),
            _RULESET_SCHEMES,
            Field("userDefinedOperatorSchemes", "user_defined_operator_schemes", _Distinct(), ()),
        ),
    ),
    (
        "userDefinedOperatorSchemes",
        _scheme(
            UserDefinedOperatorScheme,
            _VTL_VERSION,
            many("userDefinedOperators", "items", _OPERATOR),
            _MAPPING_SCHEME,
            _RULESET_SCHEMES,
        ),
    ),
)
"""The sections of the six kinds: the key of their list, and the table."""
