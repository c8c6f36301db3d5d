"""The official sample messages, read against their own structures, give what a plain tree walk finds in them."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from sdmx_loaders.sdmx_ml import SdmxMlLoader
from support.catalogues import catalogue_of

from sdmx_server.formats import FORMATS
from sdmx_server.formats.detect import read_structure_file
from sdmx_server.loading.api import Findings, Source
from sdmx_server.model.common import Maintainable
from sdmx_server.model.reference import Reference
from sdmx_server.registry.resolve import resolve_structure

SAMPLES = Path(os.environ.get("SDMX_SAMPLES", Path(__file__).resolve().parents[4] / "shared" / "samples"))
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DEMOGRAPHY = ("2.1/ml/demography/demography_xs.xml", ("2.1/ml/common/common.xml", "2.1/ml/demography/demography.xml"))
CASES = [case for case in [DEMOGRAPHY] if all((SAMPLES / file).is_file() for file in (case[0], *case[1]))]


def walked(path: Path, explicit: str) -> Counter[frozenset[tuple[str, str]]]:
    """The cells of each observation; the measure's type stands for the dimension ``explicit``."""
    found: Counter[frozenset[tuple[str, str]]] = Counter()
    for obs in etree.parse(path).getroot().iter("Obs"):
        parent = obs.getparent()
        assert parent is not None
        cells = {**parent.attrib, **obs.attrib, explicit: obs.attrib[TYPE].split(":")[1]}
        found[frozenset((str(n), str(t)) for n, t in cells.items() if n != TYPE)] += 1
    return found


@pytest.mark.parametrize(("data", "structures"), CASES)
def test_cross_sectional_demography(data: str, structures: tuple[str, ...]) -> None:
    """Births, deaths and rates of 2.1, each measure a type of its own."""
    artefacts: dict[str, Maintainable] = {}
    for file in structures:
        for artefact in read_structure_file(SAMPLES / file, FORMATS).artefacts:
            name = f"{artefact.kind} {artefact.agency}:{artefact.id}({artefact.version})"
            if name not in artefacts or not artefact.is_external_reference:
                artefacts[name] = artefact
    known = catalogue_of(artefacts.values())
    reference = Reference(kind="DataStructure", agency="ESTAT", id="DEMOGRAPHY", version="1.0")
    findings = Findings()
    path = SAMPLES / data
    assert SdmxMlLoader().structures(path) == (reference,)
    source = Source(
        path=path, name=path.name, options={}, structure=resolve_structure(known, reference), findings=findings
    )
    rows = [row for batch in SdmxMlLoader().read(source) for row in batch.frame.drop("ACTION").iter_rows(named=True)]
    assert not findings
    read = Counter(frozenset((n, t) for n, t in row.items() if t is not None) for row in rows)
    assert read == walked(path, "DEMO")
    assert len(rows) > 50
