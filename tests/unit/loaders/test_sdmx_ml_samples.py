"""Sample messages, official and our own, read against their own structures: what a plain walk finds in them."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree
from sdmx_loaders.sdmx_ml import SdmxMlLoader
from support.sample_structures import DEMOGRAPHY, demography

from sdmx_server.loading.api import Findings, Source

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(os.environ.get("SDMX_SAMPLES", ROOT.parent / "shared" / "samples"))
OWN = ROOT / "tests" / "data" / "sdmx_ml" / "demography"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
CASES = [
    pytest.param(folder, data, files, observations, id=folder.name)
    for folder, data, files, observations in (
        (OWN, "demography_xs.xml", ("structure.xml",), 3),
        (
            SAMPLES / "2.1" / "ml",
            "demography/demography_xs.xml",
            ("common/common.xml", "demography/demography.xml"),
            60,
        ),
    )
    if all((folder / file).is_file() for file in (data, *files))
]


def walked(path: Path, explicit: str) -> Counter[frozenset[tuple[str, str]]]:
    """The cells of each observation; the measure's type stands for the dimension ``explicit``."""
    found: Counter[frozenset[tuple[str, str]]] = Counter()
    for obs in etree.parse(path).getroot().iter("Obs"):
        parent = obs.getparent()
        assert parent is not None
        cells = {**parent.attrib, **obs.attrib, explicit: obs.attrib[TYPE].split(":")[1]}
        found[frozenset((str(n), str(t)) for n, t in cells.items() if n != TYPE)] += 1
    return found


@pytest.mark.parametrize(("folder", "data", "files", "observations"), CASES)
def test_cross_sectional_demography(folder: Path, data: str, files: tuple[str, ...], observations: int) -> None:
    """Births, deaths and rates of 2.1, each measure a type of its own."""
    path = folder / data
    schema = demography(folder / file for file in files)
    findings = Findings()
    assert SdmxMlLoader().structures(path) == (DEMOGRAPHY,)
    source = Source(path=path, name=path.name, options={}, structure=schema, findings=findings)
    rows = [row for batch in SdmxMlLoader().read(source) for row in batch.frame.drop("ACTION").iter_rows(named=True)]
    assert not findings
    read = Counter(frozenset((n, t) for n, t in row.items() if t is not None) for row in rows)
    assert read == walked(path, "DEMO")
    assert len(rows) == observations
