"""How a message names the structure of its data, and whether that is the structure that is being loaded."""

from __future__ import annotations

from sdmx_server.loading.api import Source
from sdmx_server.model.annotations import COMPUTED
from sdmx_server.model.common import Maintainable
from sdmx_server.model.resolved import ResolvedStructure


def fits(artefact: Maintainable | None, agency: str, name: str, version: str) -> bool:
    """Whether these are agency, id and version of the artefact, or of a compatible version of it (semantic versions).

    An empty version is 1.0, the default of SDMX 2.1.
    """
    if artefact is None or (agency, name) != (artefact.agency, artefact.id):
        return False
    version = version or "1.0"
    compatible = version.count(".") == 2 and version.split(".")[0] == artefact.version.split(".")[0]
    return version == artefact.version or compatible


def expected(structure: ResolvedStructure) -> str:
    """What a message should name: ``AGENCY:ID(VERSION)`` of the dataflow, or of the structure without one."""
    artefact = structure.dataflow or structure.structure
    return f"{artefact.agency}:{artefact.id}({artefact.version})"


def not_loaded(source: Source) -> set[str]:
    """Components that are left out: attributes that the server computes, and those of the option ``ignore``."""
    attributes = source.structure.structure.attributes
    computed = {a.id for a in attributes if any(n.type == COMPUTED for n in a.annotations)}
    return computed | set(source.options.get("ignore", ()))
