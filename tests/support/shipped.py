"""What the product ships, read by plain means: JSON files, TOML recipes and CSV sources."""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sdmx_server.formats.sdmx_json.structure import read_structures
from sdmx_server.registry.catalogue import Catalogue
from support.catalogues import catalogue_of

ROOT = Path(__file__).resolve().parents[2]
STRUCTURES = sorted((ROOT / "structures").glob("*/*/*/*.json"))
RECIPES = sorted((ROOT / "dataflows").glob("*/dataflow.toml"))
ITEMS = ("codes", "concepts", "agencies", "dataProviders", "metadataProviders", "categories")
KINDS = {
    "agencySchemes": ("agencyschemes", "base.AgencyScheme"),
    "dataProviderSchemes": ("dataproviderschemes", "base.DataProviderScheme"),
    "codelists": ("codelists", "codelist.Codelist"),
    "conceptSchemes": ("conceptschemes", "conceptscheme.ConceptScheme"),
    "dataStructures": ("datastructures", "datastructure.DataStructure"),
    "dataflows": ("dataflows", "datastructure.Dataflow"),
    "categorySchemes": ("categoryschemes", "categoryscheme.CategoryScheme"),
    "categorisations": ("categorisations", "categoryscheme.Categorisation"),
    "provisionAgreements": ("provisionagreements", "registry.ProvisionAgreement"),
    "metadataStructures": ("metadatastructures", "metadatastructure.MetadataStructure"),
    "metadataflows": ("metadataflows", "metadatastructure.Metadataflow"),
    "metadataProviderSchemes": ("metadataproviderschemes", "base.MetadataProviderScheme"),
    "metadataProvisionAgreements": ("metadataprovisionagreements", "registry.MetadataProvisionAgreement"),
    "dataConstraints": ("dataconstraints", "registry.DataConstraint"),
}
"""Keys of SDMX-JSON: the folder of their files, and package and class in URNs."""

Json = dict[str, Any]


def artefact(path: Path) -> tuple[str, Json]:
    """The key and the object of a file's only artefact."""
    [(key, [found])] = json.loads(path.read_text(encoding="utf-8"))["data"].items()
    return key, found


@functools.cache
def artefacts() -> dict[str, Json]:
    """All artefacts by URN."""
    found = {}
    for path in STRUCTURES:
        key, one = artefact(path)
        urn = f"urn:sdmx:org.sdmx.infomodel.{KINDS[key][1]}={one['agencyID']}:{one['id']}({one['version']})"
        found[urn] = one
    return found


def items(scheme: Json, above: str = "") -> Iterator[tuple[str, Json]]:
    """The items of a scheme by dotted path."""
    for member in ITEMS:
        for item in scheme.get(member, []):
            yield above + item["id"], item
            if member == "categories":
                yield from items(item, above + item["id"] + ".")


@functools.cache
def codes(codelist: str) -> frozenset[str]:
    """The codes of one of the office's codelists."""
    found = artefacts()[f"urn:sdmx:org.sdmx.infomodel.codelist.Codelist=SCI:{codelist}(1.0.0)"]
    return frozenset(path for path, _ in items(found))


@functools.cache
def recipe(product: str) -> Json:
    return tomllib.loads((ROOT / "dataflows" / product / "dataflow.toml").read_text(encoding="utf-8"))


def source(product: str, name: str, **types: type[pl.DataType]) -> pl.DataFrame:
    """A source; columns are numbers unless ``types`` say otherwise."""
    return pl.read_csv(ROOT / "dataflows" / product / "source" / name, schema_overrides=types)


def components(product: str) -> dict[str, Json]:
    """The components of a product's data structure by id, time left out."""
    flow = artefacts()[f"urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=SCI:{product}(1.0.0)"]
    parts = artefacts()[flow["structure"].replace("1.0+.0", "1.0.0")]["dataStructureComponents"]
    lists = (
        parts["dimensionList"]["dimensions"],
        parts["attributeList"]["attributes"],
        parts["measureList"]["measures"],
    )
    return {component["id"]: component for one in lists for component in one}


def codelist_of(component: Json) -> str | None:
    """The id of a component's codelist."""
    urn = component["localRepresentation"].get("enumeration")
    return None if urn is None else urn.split(":")[-1].split("(")[0]


@functools.cache
def catalogue() -> Catalogue:
    """All artefacts, as the server has them."""
    artefacts = []
    for path in STRUCTURES:
        with path.open("rb") as stream:
            artefacts += read_structures(stream, path.name).artefacts
    return catalogue_of(artefacts)
