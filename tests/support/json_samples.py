"""The official samples of SDMX-JSON 1.0 as they can be read: the generated one names nothing that there is."""

from __future__ import annotations

import io
import itertools
import json
from typing import Any

from sdmx_server.errors import Refused
from sdmx_server.formats.sdmx_json.structure import read_structures
from sdmx_server.model.message import StructureMessage

from .compare_json import SUPPORTED

MODEL = "urn:sdmx:org.sdmx.infomodel."
REAL = {
    **dict.fromkeys(("parent", "conceptIdentity", "conceptRoles"), MODEL + "conceptscheme.Concept=A.A:A(0.0).A"),
    "isoConceptReference": MODEL + "conceptscheme.Concept=A:B(1.0).C",
    "enumeration": MODEL + "codelist.Codelist=A:A(0.0)",
    "attachmentConstraint": MODEL + "registry.AttachmentConstraint=A:A(0.0)",
    **dict.fromkeys(
        ("structure", "dataStructures", "structuralMetadata"), MODEL + "datastructure.DataStructure=A.A:S(0.0)"
    ),
    **dict.fromkeys(
        ("source", "structureUsage", "dataflows", "provisioningMetadata"), MODEL + "datastructure.Dataflow=A.A:S(0.0)"
    ),
    "target": MODEL + "categoryscheme.Category=A.A:S(0.0).A",
    "dataProvider": MODEL + "base.DataProvider=A.A:DATA_PROVIDERS(1.0).A",
    "provisionAgreements": MODEL + "registry.ProvisionAgreement=A.A:S(0.0)",
    **dict.fromkeys(("objectReference", "relatedStructures"), MODEL + "datastructure.Dataflow=A.A:S(0.0)"),
    **dict.fromkeys(("object", "objects"), MODEL + "datastructure.Dataflow=A.A:S(0.0)"),
    "metadataflows": MODEL + "metadatastructure.Metadataflow=A.A:S(0.0)",
    "timeInterval": "P1Y2M3DT4H5M6S",
    "targetStep": MODEL + "process.ProcessStep=A.A:$(0.0).A",
    "code": MODEL + "codelist.Code=A.A:A(0.0).A",
    "level": MODEL + "codelist.Level=A.A:$(0.0).$.$",
    "a": MODEL + "codelist.Codelist=A.A:A(0.0)",
    "codelistMap": MODEL + "mapping.CodelistMap=A.A:$(0.0).$",
}
"""URNs in the place of the generated sample's stand-ins, which name nothing."""
MAPPED = {
    "categorySchemeMaps": ("categoryscheme.CategoryScheme", "categoryMaps", "categoryscheme.Category"),
    "codelistMaps": ("codelist.Codelist", "codeMaps", "codelist.Code"),
    "conceptSchemeMaps": ("conceptscheme.ConceptScheme", "conceptMaps", "conceptscheme.Concept"),
    "hybridCodelistMaps": ("codelist.HierarchicalCodelist", "hybridCodeMaps", "codelist.HierarchicalCode"),
    "organisationSchemeMaps": ("base.DataProviderScheme", "organisationMaps", "base.DataProvider"),
    "reportingTaxonomyMaps": (
        "categoryscheme.ReportingTaxonomy",
        "reportingCategoryMaps",
        "categoryscheme.ReportingCategory",
    ),
    "structureMaps": ("datastructure.DataStructure", "componentMaps", "datastructure.Dimension"),
}
"""What the maps of a structure set map: classes of the schemes, and of what the pairs under a key name."""
IMPOSSIBLE = (*("/coreRepresentation/id", "/coreRepresentation/version", "/coreRepresentation/agencyID"),)
"""Keys of the generated sample that its schema does not define."""


def read(message: Any) -> StructureMessage:
    return read_structures(io.BytesIO(json.dumps(message).encode()), "sample.json")


def real(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: real(held, k) for k, held in value.items()}
    if isinstance(value, list):
        return [real(held, key) for held in value]
    return REAL[key] if key in REAL and str(value).startswith(("urn:a", "https://a", "a", "PYM")) else value


_FIXED = {
    "agencySchemes": "AGENCIES",
    "dataProviderSchemes": "DATA_PROVIDERS",
    "dataConsumerSchemes": "DATA_CONSUMERS",
}


def _sound_organisations(data: Any) -> None:
    for kind, name in _FIXED.items():
        for scheme in data.get(kind, ()):
            scheme.update(id=name, version="1.0")
    for scheme in data.get("organisationUnitSchemes", ()):
        owner = f"{scheme['agencyID']}:{scheme['id']}({scheme['version']})"
        for unit in scheme["organisationUnits"]:
            unit["parent"] = f"{MODEL}base.OrganisationUnit={owner}.{unit['id']}"


def _sound_set(held: Any) -> None:
    for key, (whole, pairs, item) in MAPPED.items():
        for one, side in itertools.product(held[key], ("source", "target")):
            one[side] = f"{MODEL}{whole}=A:A(0.0)"
            for pair in one[pairs]:
                pair[side] = f"{MODEL}{item}=A:A(0.0).A" + (".B" if key.startswith("hybrid") else "")


def _sound_structure(held: Any) -> None:
    for name in ("attributeList", "dimensionList", "measureList"):
        del held["dataStructureComponents"][name]["id"]  # it is fixed, and none of these is "$"
    dimensions = held["dataStructureComponents"]["dimensionList"]
    dimensions["dimensions"][0]["position"] = 1
    dimensions["measureDimensions"][0]["position"] = 2
    concepts = MODEL + "conceptscheme.ConceptScheme=A.A:A(0.0)"
    dimensions["measureDimensions"][0]["localRepresentation"]["enumeration"] = concepts


def _two_constraints(held: Any) -> list[Any]:
    """The one of data, and the one of metadata, that the generated content constraint is at once."""
    attachment = held["constraintAttachment"]
    of_metadata = {key: held.pop(key) for key in ("metadataKeySets", "metadataTargetRegions")}
    for key in ("metadataSets", "metadataStructures"):
        attachment.pop(key)
    flows = {"metadataflows": attachment.pop("metadataflows")}
    identity = {key: held[key] for key in ("agencyID", "version", "name", "names", "type")}
    return [held, {**identity, **of_metadata, "id": "M", "constraintAttachment": flows}]


def _without(message: Any, path: str) -> None:
    *parents, last = path.split("/")[1:]
    inner = message
    for part in parents:
        inner = inner[int(part)] if isinstance(inner, list) else inner[part]
    del inner[last]


def sound(message: Any) -> Any:
    """The generated sample made possible: names that name, one place each, fixed ids and versions as they are fixed."""
    message = real({"meta": message["meta"], "data": {k: v for k, v in message["data"].items() if k in SUPPORTED}})
    data = message["data"]
    data.pop("metadataStructures", None)
    data.pop("metadataflows", None)
    _sound_organisations(data)
    for held in data.get("structureSets", ()):
        _sound_set(held)
    data["contentConstraints"] = _two_constraints(data["contentConstraints"][0])
    for held in data.get("dataStructures", ()):
        _sound_structure(held)
    try:
        read(message)
    except Refused as refusal:
        for problem in refusal.problems:
            path = problem.path or ""
            assert problem.code == "json.unknown-key"
            assert path.endswith(IMPOSSIBLE), path
            _without(message, path)
    return message


def said_once(message: Any) -> Any:
    """The sample with one of what it says at once: selections by values and by ranges, all ways to attach."""
    for held in message["data"].get("contentConstraints", ()):
        for region in held.get("cubeRegions", ()):
            for part in (*region.get("keyValues", ()), *region.get("attributes", ())):
                if "values" in part:
                    part.pop("timeRange", None)
    for held in message["data"].get("dataStructures", ()):
        attributes = held["dataStructureComponents"].get("attributeList", {})
        for attribute in (*attributes.get("attributes", ()), *attributes.get("reportingYearStartDays", ())):
            attached = attribute["attributeRelationship"]
            if {"dimensions", "group"} <= attached.keys():
                attribute["attributeRelationship"] = {"dimensions": attached["dimensions"]}
    return message


def unlike(fact: tuple[str, ...]) -> bool:
    """What only the generated sample has: everything in one place where the standard allows one of it."""
    return (
        any(
            part in fact[4]
            for part in (
                "/textFormat/",
                "reportingYearStartDays",
                "/attributes/1/",
                "/attributeRelationship/",
                "timeDimensions/0/id",
                "primaryMeasure/id",
                "/constraintAttachment/",
            )
        )
        and fact[1] == "A.A"
    )
