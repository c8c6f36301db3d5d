"""Names that a data message and the schema of its structure share: namespaces, types, escaping."""

from __future__ import annotations

from ...batches import DataPart
from ...model.reference import Reference, reference_to
from ...model.resolved import ComponentKind, ResolvedComponent, ResolvedStructure

GENERATIONS = {"2.1": "v2_1", "3.0.0": "v3_0", "3.1.0": "v3_1"}
"""The part of the standard's namespaces that tells the generation, by version of SDMX-ML."""

_BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_TEXT = str.maketrans(_MARKUP)
_ATTRIBUTE = str.maketrans({**_MARKUP, '"': "&quot;", "\t": "&#9;", "\n": "&#10;"})


def namespace(version: str, name: str) -> str:
    """A namespace of the standard: ``message``, ``common``, ``data/structurespecific``, ``data/generic`` ..."""
    return f"{_BASE}/{GENERATIONS[version]}/{name}"


def data_namespace(context: Reference, dimension_at_observation: str) -> str:
    """The namespace of the schema that a structure gives rise to, in one organisation of the data."""
    return f"{context.urn}:ObsLevelDim:{dimension_at_observation}"


def context_of(schema: ResolvedStructure) -> Reference:
    """What a schema is about when nothing else is said: the dataflow if there is one, else the structure."""
    return reference_to(schema.dataflow or schema.structure)


def text(value: str) -> str:
    """Text of an element."""
    return value.translate(_TEXT)


def attribute(value: str) -> str:
    """Text of an XML attribute: white space survives the normalisation that parsers do."""
    return value.translate(_ATTRIBUTE)


def complex_type(component: ResolvedComponent) -> str:
    """The name of the type of a ``Comp`` element."""
    return f"{component.id}_{'MEASURE' if component.kind is ComponentKind.MEASURE else 'ATTRIBUTE'}"


def is_complex(component: ResolvedComponent) -> bool:
    """Whether values need a ``Comp`` element: several of them, texts in languages, or XHTML."""
    return component.multi_valued or component.multilingual or component.structured


def flat(part: DataPart) -> bool:
    """Whether observations stand alone, not in series."""
    return part.dimension_at_observation == "AllDimensions"
