"""The structures that samples of data speak of: read from their own files, or made where they bring none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_structure_file
from sdmx_server.model.common import Maintainable
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.datastructure import DataStructure
from sdmx_server.model.reference import Reference
from sdmx_server.model.resolved import ResolvedStructure
from sdmx_server.registry.resolve import resolve_structure

from .cases import TIME, attribute, codelist, dimension, measure
from .catalogues import catalogue_of

ACCOUNTS = ("DIM_1", "DIM_2", "DIM_3")
DEMOGRAPHY = Reference(kind="DataStructure", agency="ESTAT", id="DEMOGRAPHY", version="1.0")


def demography(files: Iterable[Path]) -> ResolvedStructure:
    """The structure of the samples of 2.1, which these files hold; one may bring an artefact that another refers to."""
    artefacts: dict[str, Maintainable] = {}
    for file in files:
        for artefact in read_structure_file(file, FORMATS).artefacts:
            name = f"{artefact.kind} {artefact.agency}:{artefact.id}({artefact.version})"
            if name not in artefacts or not artefact.is_external_reference:
                artefacts[name] = artefact
    return resolve_structure(catalogue_of(artefacts.values()), DEMOGRAPHY)


def accounts() -> ResolvedStructure:
    """A structure that the samples fit, with the names of their labels in English and French."""
    answers = codelist("CL_ANSWER", {"Y": {"en": "Yes", "fr": "Oui"}, "N": {"en": "No", "fr": "Non"}})
    time = msgspec.structs.replace(TIME, id="DIM_3")
    return ResolvedStructure(
        structure=DataStructure(agency="ESTAT", id="NA", version="1.6"),
        dataflow=Dataflow(agency="ESTAT", id="NA_MAIN", version="1.6"),
        dimensions=(
            dimension("DIM_1", codelist("CL_1", {"A": {"en": "Value A"}})),
            dimension("DIM_2", codelist("CL_2", {"B": {"en": "Value B"}})),
        ),
        time=time,
        measures=(measure("OBS_VALUE"),),
        attributes=tuple(
            attribute(name, ACCOUNTS, enumeration=listed)
            for name, listed in (("ATTR_1", answers), ("ATTR_2", answers), ("ATTR_3", None))
        ),
    )
