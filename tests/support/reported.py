"""Metadata sets of a small quality report as messages, and a loader for them over a store in memory."""

from __future__ import annotations

import datetime as dt
import json
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sdmx_server.errors import NotFound, Refused
from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_metadata_file
from sdmx_server.loading.metadata import MOST_LEVELS
from sdmx_server.model.category import Category, CategoryScheme
from sdmx_server.model.common import Maintainable
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.message import Header, Party
from sdmx_server.model.metadataset import MetadataSet, ReportedAttribute
from sdmx_server.model.metadatastructure import MetadataAttribute, Metadataflow, MetadataStructure, ReportStructure
from sdmx_server.model.reference import Reference, reference_to
from sdmx_server.model.resolved_metadata import MetadataMessage, MetadataPart
from sdmx_server.services.load_metadata import MetadataLoader
from sdmx_server.services.metadata_ports import MetadataState

from .catalogues import catalogue_of
from .in_process import silent
from .quality import AGREEMENT, QUALITY
from .world import ref, text

URN = "urn:sdmx:org.sdmx.infomodel."
CPI = f"{URN}datastructure.Dataflow=SCI:CPI(1.0.0)"
FLOW_URN = f"{URN}metadatastructure.Metadataflow=SCI:QUALITY(1.0.0)"


def _flow(name: str, **fields: Any) -> Dataflow:
    return Dataflow(agency="SCI", id=name, version="1.0.0", names={"en": name}, **fields)


def _metadataflow(name: str, structure: str | None, **fields: Any) -> Metadataflow:
    referred = None if structure is None else ref("MetadataStructure", structure, "1.0.0")
    return Metadataflow(agency="SCI", id=name, version="1.0.0", names={"en": name}, structure=referred, **fields)


def _attribute(name: str, concept: str, **fields: Any) -> MetadataAttribute:
    return MetadataAttribute(id=name, concept=ref("ConceptScheme", "QUALITY_CONCEPTS", "1.0.0", concept), **fields)


_DEEP = _attribute("LEAF", "UNUSED", min_occurs=0)
for _ in range(MOST_LEVELS):
    _DEEP = _attribute("LEVEL", "CONTACT", is_presentational=True, attributes=(_DEEP,))
TEXTS = MetadataStructure(
    agency="SCI",
    id="TEXTS",
    version="1.0.0",
    names={"en": "Texts"},
    attributes=(
        _attribute("MARKUP", "CONTACT", representation=text("XHTML", isMultiLingual="true"), min_occurs=0),
        _attribute("PLAIN", "CONTACT", representation=text("String", maxLength="10"), min_occurs=0),
        _attribute("DATE", "CONTACT", representation=text("GregorianDay"), min_occurs=0, max_occurs="unbounded"),
        _attribute("TWICE", "CONTACT", representation=text("String"), min_occurs=2, max_occurs=3),
    ),
)
OLDER = MetadataStructure(
    agency="SCI",
    id="OLDER",
    version="1.0.0",
    names={"en": "As 2.1 has it"},
    reports=(ReportStructure(id="R", attributes=(_attribute("NOTE", "CONTACT", representation=text("String")),)),),
)
CATEGORIES = CategoryScheme(
    agency="SCI",
    id="SUBJECTS",
    version="1.0",
    names={"en": "Subjects"},
    items=(Category(id="A", names={"en": "A"}, items=(Category(id="B", names={"en": "B"}),)),),
)
STORED: tuple[Maintainable, ...] = (
    *(one for one in QUALITY if one is not AGREEMENT),
    msgspec.structs.replace(AGREEMENT, targets=(CPI, f"{URN}datastructure.Dataflow=SCI:VITAL(1.0.0)")),
    CATEGORIES,
    TEXTS,
    OLDER,
    MetadataStructure(agency="SCI", id="DEEP", version="1.0.0", names={"en": "Deep"}, attributes=(_DEEP,)),
    _flow("CPI"),
    _flow("VITAL"),
    _metadataflow("TEXTS", "TEXTS"),
    _metadataflow("DEEP", "DEEP"),
    _metadataflow("OLDER", "OLDER"),
    _metadataflow("STUB", None),
    _metadataflow("BROKEN", "NOT_THERE"),
    _metadataflow("ANY", "OLDER", targets=(f"{URN}datastructure.Dataflow=*:*(*)",)),
    _metadataflow("ITEMS", "OLDER", targets=(f"{URN}categoryscheme.Category=SCI:SUBJECTS(1.0).A.B", "no URN")),
)


class Store:
    """What ``MetadataLoader`` needs of a store, in memory."""

    def __init__(self) -> None:
        self.sets: dict[Reference, MetadataSet] = {}

    def state(self, as_of: dt.datetime | None = None) -> MetadataState:
        del as_of
        heads = tuple(types.SimpleNamespace(metadata_set=one) for one in self.sets.values())
        return MetadataState(1, dt.datetime.now(dt.UTC), heads)  # type: ignore[arg-type]

    def put(self, sets: Iterable[MetadataSet], actor: str) -> list[Reference]:
        del actor
        changed = {reference_to(one): one for one in sets if self.sets.get(reference_to(one)) != one}
        self.sets |= changed
        return list(changed)

    def remove(self, reference: Reference, actor: str) -> None:
        del actor
        if self.sets.pop(reference, None) is None:
            raise NotFound("metadata-set-absent", reference=reference)


def loader(store: Store, read: Callable[[Path], MetadataMessage] | None = None) -> MetadataLoader:
    catalogues: Any = types.SimpleNamespace(current=lambda: catalogue_of(STORED))
    return MetadataLoader(
        catalogues,
        store,  # type: ignore[arg-type]
        types.SimpleNamespace(),  # type: ignore[arg-type]
        read or (lambda path: read_metadata_file(path, FORMATS)),
    )


GRADE = {"id": "GRADE", "value": "A"}


def reported(**changes: Any) -> dict[str, Any]:
    """A set of SDMX-JSON that is right, but for the changes; None takes a member out."""
    whole = {
        "id": "R",
        "agencyID": "SCI",
        "version": "1.0.0",
        "name": "Report",
        "metadataflow": FLOW_URN,
        "targets": [CPI],
        "attributes": [GRADE],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def of_flow(name: str, *attributes: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A set that is reported for a metadataflow of that id."""
    flow = FLOW_URN.replace("QUALITY", name)
    return reported(metadataflow=flow, attributes=list(attributes), **changes)


def under_agreement(**changes: Any) -> dict[str, Any]:
    agreement = f"{URN}registry.MetadataProvisionAgreement=SCI:QUALITY_OF_PRICES(1.0.0)"
    return reported(metadataflow=None, metadataProvisionAgreement=agreement, **({"agencyID": "PRICES"} | changes))


def message(*sets: dict[str, Any]) -> bytes:
    meta = {"id": "M", "prepared": "2026-11-23T10:00:00Z", "sender": {"id": "SCI"}}
    return json.dumps({"meta": meta, "data": {"metadataSets": list(sets)}}).encode()


def load(tmp_path: Path, content: bytes, store: Store | None = None, name: str = "message") -> list[MetadataSet]:
    """What is stored of a message."""
    file, held = tmp_path / name, store or Store()
    file.write_bytes(content)
    report = loader(held).load([file], silent)
    assert report.stored
    return list(held.sets.values())


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    for problem in refused.value.problems:
        assert problem.texts["en"]
        assert problem.texts["fa"]
    return {problem.code for problem in refused.value.problems}


DESK = {"id": "CONTACT", "attributes": [{"id": "NAME", "value": "Desk"}]}
BEFORE_TWICE = ({"id": "TWICE", "value": "a"}, {"id": "TWICE", "value": "b"})


def part(flow: Reference | None = None, **fields: Any) -> MetadataPart:
    whole = {"version": "1.0", "targets": (CPI,), "attributes": (ReportedAttribute(id="NOTE", value="x"),)} | fields
    return MetadataPart(metadata_set=MetadataSet(agency="SCI", id="R", **whole), flow=flow)


def given_parts(*parts: MetadataPart, store: Store | None = None) -> list[MetadataSet]:
    """What is stored of sets as a reader could give them."""
    header = Header(id="M", prepared="2026-11-23T10:00:00Z", sender=Party(id="SCI"))
    held = store or Store()
    loader(held, lambda _: MetadataMessage(header=header, parts=parts)).load([Path(__file__)], silent)
    return list(held.sets.values())
