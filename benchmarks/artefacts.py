"""The artefacts of a shape as an SDMX-JSON 2.1 structure message, put together by hand."""

from __future__ import annotations

from typing import Any

from benchmarks.material import AREA_NOTE, SOURCE, Material
from sdmx_server.model.resolved import Storage

Json = dict[str, Any]
_URN = "urn:sdmx:org.sdmx.infomodel"
_TYPES = {Storage.FLOAT: "Double", Storage.INTEGER: "Long"}
_IN_LANGUAGES = {"format": {"dataType": "String", "isMultiLingual": True}}


def message(material: Material) -> Json:
    """Codelists, concepts, data structure and dataflow."""
    lists = {d: material.codes(d) for d in material.sizes} | {"OBS_STATUS": ["E", "M"]}
    components = (*material.key, *material.measures, *material.attributes)
    agency = material.agency
    return {
        "meta": {"id": "SCALE", "test": True, "prepared": "2026-11-22T10:00:00Z", "sender": {"id": agency}},
        "data": {
            "codelists": [
                _artefact(agency, f"CL_{name}") | {"codes": [_named(c, f"{name} {i}") for i, c in enumerate(codes)]}
                for name, codes in lists.items()
            ],
            "conceptSchemes": [
                _artefact(agency, "CONCEPTS") | {"concepts": [_named(c, c.title()) for c in components]}
            ],
            "dataStructures": [
                _artefact(agency, f"DSD_{material.name}") | {"dataStructureComponents": _components(material)}
            ],
            "dataflows": [
                _artefact(agency, f"DF_{material.name}")
                | {"structure": f"{_URN}.datastructure.DataStructure={agency}:DSD_{material.name}(1.0.0)"}
            ],
        },
    }


def _named(name: str, text: str) -> Json:
    return {"id": name, "name": text, "names": {"en": text}}


def _artefact(agency: str, name: str) -> Json:
    return _named(name, name.title()) | {"agencyID": agency, "version": "1.0.0"}


def _components(material: Material) -> Json:
    agency = material.agency
    return {
        "dimensionList": {
            "id": "DimensionDescriptor",
            "dimensions": [
                _component(agency, d, _coded(agency, d)) | {"position": i}
                for i, d in enumerate(material.sizes, start=1)
            ],
            "timeDimension": _component(agency, "TIME_PERIOD", {"format": {"dataType": "ObservationalTimePeriod"}}),
        },
        "groups": [{"id": "Area", "groupDimensions": ["REF_AREA"]}],
        "measureList": {
            "id": "MeasureDescriptor",
            "measures": [
                _component(agency, m, {"format": {"dataType": _TYPES[storage]}})
                for m, storage in material.measures.items()
            ],
        },
        "attributeList": {"id": "AttributeDescriptor", "attributes": _attributes(material)},
    }


def _component(agency: str, name: str, representation: Json) -> Json:
    concept = f"{_URN}.conceptscheme.Concept={agency}:CONCEPTS(1.0.0).{name}"
    return {"id": name, "conceptIdentity": concept, "localRepresentation": representation}


def _coded(agency: str, name: str) -> Json:
    return {"enumeration": f"{_URN}.codelist.Codelist={agency}:CL_{name}(1.0.0)"}


def _attributes(material: Material) -> list[Json]:
    relations: dict[str, Json] = {
        "OBS_STATUS": {"observation": {}},
        AREA_NOTE: {"group": "Area"},
        SOURCE: {"dataflow": {}},
    }
    found = []
    for name in material.attributes:
        representation = _IN_LANGUAGES if name in material.in_languages else {"format": {"dataType": "String"}}
        if name == "OBS_STATUS":
            representation = _coded(material.agency, name)
        relation = relations.get(name, {"dimensions": list(material.sizes)})
        found.append(_component(material.agency, name, representation) | {"attributeRelationship": relation})
    return found
