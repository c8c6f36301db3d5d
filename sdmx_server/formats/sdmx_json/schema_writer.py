"""Writes the JSON Schema of a structure's data in SDMX-JSON (REST 2.2.2 ``schema.md``; no specification details it).

The schema is that of all data messages, which it holds, and what the structure adds: which components a message may
have, at which level dimensions stand, the codes that constraints leave of each, and what its values may be. SDMX-JSON
gives most values by their place in lists, so it is the lists that are restricted; values in place are of a kind that
one of the components has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import orjson

from ...model.reference import Reference, reference_to
from ...model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from ...model.validity import ANYTHING, Validity
from ..values import ALL_DIMENSIONS
from .data_values import ID_FORM, missing_literal
from .engine import V20, Json
from .schema_base import one_of, write_rules

_NUMBER: Json = {"type": "number"}
_WHOLE: Json = {"type": "integer"}
_TEXT: Json = {"type": "string"}
_TYPES: Mapping[str, Json] = {
    **dict.fromkeys(("Integer", "Long", "Short", "BigInteger", "Count"), _WHOLE),
    **dict.fromkeys(("Float", "Double", "Decimal", "InclusiveValueRange", "ExclusiveValueRange"), _NUMBER),
    **dict.fromkeys(("Incremental", "Numeric"), _NUMBER),
    "Boolean": {"type": "boolean"},
}
_ENDLESS: Json = {"enum": ["INF", "-INF"]}
_DAY = r"\d{4}-\d{2}-\d{2}"
_MOMENT = _DAY + r"(T\d{2}:\d{2}:\d{2}(\.\d+)?)?"
_ZONE = r"(Z|[+-]\d{2}:\d{2})?"
_PERIOD: Json = {
    "type": "string",
    "pattern": rf"^(\d{{4}}(-\d{{2}})?{_ZONE}|{_MOMENT}{_ZONE}|\d{{4}}-([ASTQ]\d|[MW]\d{{2}}|D\d{{3}}){_ZONE}"
    rf"|{_MOMENT}{_ZONE}/P.+)$",
}
"""Standard periods and ranges (``ObservationalTimePeriod``)."""

_INDEX = "[0-9]+"
_LEVELS = ("dataSet", "dimensionGroup", "series", "observation")


def write_schema(
    schema: ResolvedStructure,
    *,
    version: str,
    dimension_at_observation: str,
    context: Reference | None = None,
    validity: Validity = ANYTHING,
) -> bytes:
    """The schema, as UTF-8 JSON; ``version`` is that of SDMX-JSON (2.0.0 or 2.1.0).

    ``context`` is the dataflow, data structure or provision agreement that was asked for; by default the dataflow, or
    else the structure. Deletion messages have the one action, and may leave out dimensions.
    """
    asked = context or reference_to(schema.dataflow or schema.structure)
    rules = _Rules(schema, dimension_at_observation, validity, version)
    return write_rules(
        "data",
        version,
        name=f"{asked.urn}:ObsLevelDim:{dimension_at_observation}",
        context=asked,
        members={"structures": {"items": rules.structure(asked)}, "dataSets": {"items": rules.data_set()}},
        definitions=rules.components(),
    )


class _Rules:
    """What a structure adds to the schema of all messages."""

    def __init__(self, schema: ResolvedStructure, at: str, validity: Validity, version: str) -> None:
        self._schema, self._validity, self._version = schema, validity, version
        self._dimensions = [*schema.dimensions, *((schema.time,) if schema.time else ())]
        self._flat = at == ALL_DIMENSIONS or len(self._dimensions) == 1
        self._at = self._dimensions if self._flat else [d for d in self._dimensions if d.id == at]
        self._key = [d for d in self._dimensions if d not in self._at]

    def structure(self, asked: Reference) -> Json:
        """An entry of ``structures``: about this context, with the components of the structure."""
        schema = self._schema
        named = (asked, reference_to(schema.structure), *((reference_to(schema.dataflow),) if schema.dataflow else ()))
        urns = list(dict.fromkeys(reference.urn for reference in named))
        levels = {level: self._components(schema.attributes) for level in _LEVELS}
        return {
            "properties": {
                "links": {"contains": {"properties": {"urn": {"enum": urns}}, "required": ["urn"]}},
                "dimensions": self._levels_of_dimensions(),
                "measures": {"properties": {"observation": self._components(schema.measures)}},
                "attributes": {"properties": levels},
            }
        }

    def _levels_of_dimensions(self) -> Json:
        """Every dimension somewhere: those of the key for series or the whole data set, the others for observations.

        Attributes that are told by themselves need only the dimensions that they attach to; there are no observations.
        In 2.0, where a dimension cannot be without values, they are known by it that there is no time.
        """
        lists = {
            "dataSet": self._components(self._key),
            "series": self._components(self._dimensions if self._flat else self._key),
            "observation": self._components(self._at),
        }
        out: Json = {"properties": lists}
        if not self._validity.deletion:
            places = ("dataSet", "series", "observation")
            every = [{"anyOf": [_holding(place, d) for place in places]} for d in self._dimensions]
            told: Json = {"properties": {"observation": {"minItems": 1}}}
            if self._version == V20 and self._schema.time is not None:
                told["anyOf"] = [_holding(place, self._schema.time) for place in places]
            out |= {"if": told, "then": {"allOf": every}}
        return out

    def _components(self, components: Sequence[ResolvedComponent]) -> Json:
        """A list of components, of which each is one of these and has their values."""
        ids = [component.id for component in components]
        ways = [
            {"if": {"properties": {"id": {"const": c.id}}}, "then": {"$ref": f"#/$defs/{c.id}"}} for c in components
        ]
        return {"items": {"properties": {"id": {"enum": ids}}, "allOf": ways}} if ids else {"maxItems": 0}

    def components(self) -> Json:
        """What each component adds to the entry that describes it, by its id."""
        found: Json = {}
        for component in self._schema.components:
            properties: Json = {"values": {"items": self._listed(component)}}
            if component in self._dimensions:
                properties["keyPosition"] = {"const": self._dimensions.index(component)}
            found[component.id] = {"properties": properties}
        return found

    def _listed(self, component: ResolvedComponent) -> Json:
        """What an entry of ``values`` may be; one for a code that cannot be an id has it as its value."""
        allowed = self._validity.allowed.get(component.id)
        if component.enumeration is None:
            return {"properties": {"value": self._in_place(component), "id": self._in_place(component)}}
        codes = [i.id for i in component.enumeration.items if allowed is None or i.id in allowed]
        ids, others = [c for c in codes if ID_FORM.fullmatch(c)], [c for c in codes if not ID_FORM.fullmatch(c)]
        if component.multi_valued:
            return {"properties": {"id": one_of(ids), "values": {"items": one_of(codes)}}}
        return {"properties": {"id": one_of(ids), "value": one_of(others)}}

    def _in_place(self, component: ResolvedComponent) -> Json:
        """What a value that is no code may be: texts of anything, for that is how a number too long is written too."""
        if component.kind is ComponentKind.TIME:
            return _PERIOD
        allowed = self._validity.allowed.get(component.id)
        kind = _TYPES.get(component.text_type)
        if kind is not None:
            return {"anyOf": [kind, _TEXT]}
        return _TEXT if allowed is None else one_of(sorted(allowed))

    def data_set(self) -> Json:
        """An entry of ``dataSets``: its keys, and values that one of the components may have."""
        schema = self._schema
        observation = self._values((*schema.measures, *schema.attributes))
        attributes = self._values(schema.attributes)
        observations: Json = {
            "propertyNames": {"pattern": _key(len(self._at))},
            "additionalProperties": observation,
        }
        series: Json = {
            "propertyNames": {"pattern": _key(len(self._key) or len(self._dimensions), 1)},
            "additionalProperties": {"properties": {"attributes": attributes, "observations": observations}},
        }
        out: Json = {
            "properties": {
                "attributes": attributes,
                "dimensionGroupAttributes": {"additionalProperties": attributes},
                "series": {"maxProperties": 0} if self._flat else series,
                "observations": observations if self._flat else {"maxProperties": 0},
            }
        }
        if self._validity.deletion:
            out["properties"]["action"] = {"const": "Delete"}
            out["required"] = ["action"]
        return out

    def _values(self, components: Sequence[ResolvedComponent]) -> Json:
        """An array of values, each null or what one of the components may hold."""
        kinds = [{"type": "null"}, *(kind for component in components for kind in self._kinds(component))]
        unique = {orjson.dumps(kind): kind for kind in kinds}
        return {"items": {"anyOf": list(unique.values())}, "maxItems": len(components)}

    def _kinds(self, component: ResolvedComponent) -> Iterable[Json]:
        """What a value may be in the data: an index or a value in place, several of them, or the mark of a missing."""
        one: list[Json]
        if component.multilingual:
            one = [{"type": "object", "additionalProperties": _TEXT}]
        elif component.enumeration is not None:
            one = [{"type": "integer", "minimum": 0}]
        else:
            kind = _TYPES.get(component.text_type, _TEXT)
            one = [kind] if kind is not _NUMBER else [kind, _ENDLESS]
        if component.multi_valued:
            one = [{"type": "array", "items": {"anyOf": [*one, _TEXT]}}]
        return [*one, {"const": orjson.loads(missing_literal(component))}]


def _holding(place: str, dimension: ResolvedComponent) -> Json:
    held = {"contains": {"properties": {"id": {"const": dimension.id}}}}
    return {"required": [place], "properties": {place: held}}


def _key(most: int, least: int | None = None) -> str:
    """The pattern of keys of indices: as many as there are dimensions, or at least some of them."""
    return f"^{_INDEX}(:{_INDEX}){{{(most if least is None else least) - 1},{most - 1}}}$"
