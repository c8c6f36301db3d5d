"""The list of items has what the official OpenAPI documents enumerate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conformance import items
from conformance.documents import DOCUMENTS, Document, resolved
from sdmx_server.query.paths import GEO_TYPES

AREAS = {
    "data": "data",
    "availability": "availability",
    "availableconstraint": "availability",
    "schema": "schema",
    "metadata": "metadata",
    "registration": "registration",
}
NAMES = {
    "flow": "flowRef",
    "provider": "providerRef",
    "structureType": "artefactType",
    "itemSchemeType": "itemID of",
}
SLIPS = {"namealiasscheme", "structureset"}
"""Values of the official documents that their own pages do not have: an older name, and in 2.2.2 a type of SDMX 2.1."""

OURS = {
    ("availability", "context", "*"),
    *(("structure", parameter, word) for parameter in ("artefactType", "itemID of") for word in GEO_TYPES),
}
"""What we read beyond the specification, because clients send it or have no other way to ask."""


def enumerated(document: Document) -> Iterator[tuple[str, str, str]]:
    """Area, parameter and value of everything that a document enumerates."""
    for path, found in document.whole["paths"].items():
        first = path.strip("/").partition("/")[0]
        area = AREAS.get(first, "structure")
        for reference in found["get"]["parameters"]:
            parameter = resolved(document.whole, reference)
            schema = parameter["schema"]
            for value in schema.get("enum") or schema.get("items", {}).get("enum") or ():
                if parameter["in"] != "header":
                    yield area, NAMES.get(parameter["name"], parameter["name"]), str(value)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_value_of_the_documents_is_listed(document: Document) -> None:
    areas = items.SPECIFICATION[document.version]
    own = ("format", "compression")
    missing = {
        (area, parameter, value)
        for area, parameter, value in enumerated(document)
        if parameter not in own and value not in SLIPS
        if (area, parameter, value) not in OURS
        if value not in next((v for n, v in areas[area].items() if n.rpartition(": ")[2] == parameter), ())
    }
    assert missing == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_parameter_of_the_documents_is_listed(document: Document) -> None:
    known = {name.rpartition(": ")[2] for area in items.SPECIFICATION[document.version].values() for name in area}
    told = {
        NAMES.get(parameter["name"], parameter["name"])
        for found in document.whole["paths"].values()
        for parameter in (resolved(document.whole, reference) for reference in found["get"]["parameters"])
    }
    assert told - known - {"format", "formatVersion", "compression", "lang"} == set()
