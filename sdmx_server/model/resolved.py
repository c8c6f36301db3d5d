"""A data structure with everything it refers to put in place, ready for the store, the writers and the checks.

Built once per structure revision by ``registry.resolve``; plain data here so that every layer can read it.
"""

from __future__ import annotations

import enum

from .codelist import Codelist, ValueList
from .common import International, Value
from .constraint import CubeRegion, DataKeySet
from .dataflow import Dataflow
from .datastructure import DataStructure, Group
from .reference import Reference
from .representation import TextFormat


class ComponentKind(enum.Enum):
    """What a component is."""

    DIMENSION = "dimension"
    TIME = "time"
    MEASURE = "measure"
    ATTRIBUTE = "attribute"


class Storage(enum.Enum):
    """How values of a component are kept in packed columns.

    FLOAT float64, INTEGER int64 (exact above 2**53), CODE a dictionary id (codes, text, multi-valued and multilingual
    values as canonical JSON), PERIOD an id of the period dictionary.
    """

    FLOAT = "float"
    INTEGER = "integer"
    CODE = "code"
    PERIOD = "period"


class ResolvedComponent(Value, frozen=True, kw_only=True):
    """A component with its concept's names, its list of values and its attachment.

    ``attached_to``: for attributes the ids of the dimensions that the value depends on (``()`` = the data set; all
    dimensions including time = the observation), in DSD order; empty for other components. ``metadata``: a metadata
    attribute that the structure uses (``MetadataAttributeUsage``); ``above`` are the ids of the metadata attributes
    that it stands in, outermost first.
    """

    id: str
    kind: ComponentKind
    storage: Storage
    names: International = {}
    descriptions: International = {}
    concept: Reference | None = None
    roles: tuple[Reference, ...] = ()
    enumeration: Codelist | ValueList | None = None
    text_format: TextFormat = TextFormat()
    multi_valued: bool = False
    multilingual: bool = False
    min_occurs: int = 1
    max_occurs: int | None = 1  # None = unbounded
    mandatory: bool = False
    attached_to: tuple[str, ...] = ()
    group: str | None = None  # when the DSD attaches the attribute to a named group
    measures: tuple[str, ...] = ()
    metadata: bool = False
    above: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The id with those of the metadata attributes above it, as tables head columns: ``CONTACT.NAME``."""
        return ".".join((*self.above, self.id))

    @property
    def text_type(self) -> str:
        """The effective text type; the standard's default is String."""
        return self.text_format.text_type or "String"

    @property
    def structured(self) -> bool:
        """Whether values are XHTML, which of the attributes in data only metadata attributes may be."""
        return self.metadata and self.enumeration is None and self.text_type == "XHTML"


class ResolvedStructure(Value, frozen=True, kw_only=True):
    """A resolved data structure, seen through a dataflow when there is one.

    ``dimensions`` are in DSD order without time, ``attributes`` likewise, behind them the metadata attributes that are
    used. ``key_sets`` and ``cube_regions`` are the allowed content of the
    dataflow (and its structure), as the standard combines them.
    """

    structure: DataStructure
    dataflow: Dataflow | None
    dimensions: tuple[ResolvedComponent, ...]
    time: ResolvedComponent | None
    measures: tuple[ResolvedComponent, ...]
    attributes: tuple[ResolvedComponent, ...]
    groups: tuple[Group, ...] = ()
    cube_regions: tuple[CubeRegion, ...] = ()
    key_sets: tuple[DataKeySet, ...] = ()

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """Ids of all dimensions in DSD order, time last."""
        ids = tuple(d.id for d in self.dimensions)
        return (*ids, self.time.id) if self.time else ids

    @property
    def components(self) -> tuple[ResolvedComponent, ...]:
        """All components: dimensions, time, measures, attributes."""
        time = (self.time,) if self.time else ()
        return (*self.dimensions, *time, *self.measures, *self.attributes)

    def component(self, component_id: str) -> ResolvedComponent | None:
        """The component of that id, or None."""
        return next((c for c in self.components if c.id == component_id), None)

    def level(self, attribute: ResolvedComponent) -> str:
        """Where an attribute attaches: ``dataset``, ``group``, ``series`` or ``observation``.

        ``series`` means all dimensions but time; a structure without time has no series level. A group that includes
        time depends on the period and is therefore carried by observations, but stored as a group.
        """
        attached = set(attribute.attached_to)
        if not attached:
            return "dataset"
        if attached == set(self.dimension_ids):
            return "observation"
        if attached == {d.id for d in self.dimensions}:
            return "series"
        return "group"
