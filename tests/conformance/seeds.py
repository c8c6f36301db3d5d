"""Real ids of the shipped products, put into generated queries so that they find something."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from support.asking import PRODUCTS, ask

Values = Mapping[str, Any]

REGISTRATIONS = ("CPI", "VITAL")
"""Provision agreements ``PA_{id}`` of the products that a test registers data for, by registrations of these ids."""

PERIODS = ("2016", "2011-03-21/P365D", "2016-03-20/P366D", "2019-11", "2023-Q1")
MOMENTS = ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00.5+03:30", "2026-11-01T12:00:00")
OPERATORS = ("", "eq:", "ne:", "lt:", "le:", "gt:", "ge:", "co:", "nc:", "sw:", "ew:")


class Flow:
    """A dataflow as a client knows it: the codes of its dimensions, its attributes and measures."""

    def __init__(self, base: str, name: str) -> None:
        text = ask(base, f"/data/dataflow/SCI/{name}/1.0.0/*?lastNObservations=1", "text/csv").content.decode()
        rows = list(csv.DictReader(io.StringIO(text)))[:400]
        columns = [name.partition("[")[0] for name in list(rows[0])[3:]]
        split = columns.index("TIME_PERIOD")
        self.name = name
        self.dimensions = columns[:split]
        self.others = columns[split + 1 :]
        self.keys = [[row[d] for d in self.dimensions] for row in rows]


class Artefact:
    """An artefact as a client knows it: its resource, and what names it."""

    def __init__(self, resource: str, found: Values) -> None:
        self.resource, self.agency, self.id, self.version = resource, found["agencyID"], found["id"], found["version"]


def _resource(section: str) -> str:
    return section.removesuffix("s").lower()


def flows(base: str) -> list[Flow]:
    """All products."""
    return [Flow(base, name) for name in PRODUCTS]


def artefacts(base: str) -> list[Artefact]:
    """All artefacts and quality reports of the products."""
    found = ask(base, "/structure/*/*/*/*?detail=allstubs").json()["data"]
    reports = ask(base, "/metadata/metadataset?detail=allstubs").json()["data"]
    return [Artefact(_resource(section), one) for section, many in {**found, **reports}.items() for one in many]


@st.composite
def data_seeds(draw: st.DrawFn, version: str, found: list[Flow]) -> dict[str, Any]:
    """Values by name of parameter that ask for data that are there."""
    flow = draw(st.sampled_from(found))
    key = draw(st.sampled_from(flow.keys))
    any_value = "" if version == "v1" else "*"
    shown = ".".join(code if keep else any_value for code, keep in zip(key, draw(_flags(len(key))), strict=True))
    at = draw(st.integers(0, len(key) - 1))
    test = draw(st.sampled_from(OPERATORS)) + key[at]
    dimension = draw(st.sampled_from((*flow.dimensions, "TIME_PERIOD")))
    other = draw(st.sampled_from(flow.others))
    return {
        "context": "dataflow",
        "agencyID": "SCI",
        "resourceID": flow.name,
        "version": draw(st.sampled_from(("1.0.0", "~", "+", "*", "1+.0.0"))),
        "key": shown if shown != "." * (len(key) - 1) else "all",
        "componentID": dimension,
        "flow": draw(st.sampled_from((flow.name, f"SCI,{flow.name}", f"SCI,{flow.name},1.0.0"))),
        "provider": draw(st.sampled_from(("all", "SCI"))),
        "c": draw(
            st.sampled_from(
                (
                    {flow.dimensions[at]: test},
                    {"TIME_PERIOD": draw(st.sampled_from(OPERATORS)) + draw(st.sampled_from(PERIODS))},
                    {other: test},
                )
            )
        ),
        "dimensionAtObservation": draw(st.sampled_from((dimension, "AllDimensions"))),
        "attributes": [draw(st.sampled_from((other, "dsd", "series", "obs", "none")))],
        "measures": [draw(st.sampled_from(("OBS_VALUE", "all", "none")))],
        "sort": draw(st.sampled_from((f"{dimension}:desc", "series_key", "*:asc", f"{other}+TIME_PERIOD"))),
        "startPeriod": draw(st.sampled_from(("2006", "2016-03", "2019-11-22"))),
        "endPeriod": draw(st.sampled_from(("2017", "2024-12", "2030-01-01"))),
        **_moments(draw),
    }


@st.composite
def structure_seeds(draw: st.DrawFn, version: str, found: list[Artefact]) -> dict[str, Any]:
    """Values by name of parameter that ask for artefacts that are there."""
    one = draw(st.sampled_from(found))
    every, latest = ("all", "latest") if version == "v1" else ("*", "~")
    return {
        "artefactType": one.resource,
        "structureType": one.resource,
        "resource": one.resource,
        "agencyID": draw(st.sampled_from((one.agency, every))),
        "resourceID": draw(st.sampled_from((one.id, every))),
        "version": draw(st.sampled_from((one.version, latest, every))),
        "itemID": draw(st.sampled_from(("IR", "IR-23", "_T", "M", "SCI", every))),
        **_moments(draw),
    }


@st.composite
def metadata_seeds(draw: st.DrawFn, version: str, found: list[Artefact]) -> dict[str, Any]:
    """Values by name of parameter that ask for quality reports that are there, and for registrations."""
    one = draw(st.sampled_from([one for one in found if one.resource == "metadataset"]))
    about = draw(st.sampled_from([one for one in found if one.resource == "dataflow"]))
    every, latest = ("all", "latest") if version == "v1" else ("*", "~")
    flow = "QUALITY_REPORT"
    return {
        "providerID": draw(st.sampled_from((one.agency, every))),
        "metadatasetID": draw(st.sampled_from((one.id, every))),
        "version": draw(st.sampled_from((one.version, latest))),
        "flowAgencyID": draw(st.sampled_from((one.agency, every))),
        "flowID": draw(st.sampled_from((flow, every))),
        "flowVersion": draw(st.sampled_from(("1.0.0", latest, every))),
        "flow": draw(st.sampled_from((flow, f"SCI,{flow}", f"SCI,{flow},1.0.0"))),
        "key": "all",
        "provider": draw(st.sampled_from(("SCI", every))),
        "artefactType": draw(st.sampled_from((about.resource, every))),
        "context": draw(st.sampled_from(("dataflow", "provisionagreement", every))),
        "agencyID": draw(st.sampled_from((about.agency, every))),
        "resourceID": draw(st.sampled_from((about.id, every))),
        "registrationID": draw(st.sampled_from(REGISTRATIONS)),
        "providerAgencyID": draw(st.sampled_from(("SCI", every))),
        "startPeriod": "2006",
        "endPeriod": "2030-01-01",
        **_moments(draw),
    }


def _flags(count: int) -> st.SearchStrategy[list[bool]]:
    return st.lists(st.booleans(), min_size=count, max_size=count)


def _moments(draw: st.DrawFn) -> dict[str, str]:
    return {name: draw(st.sampled_from(MOMENTS)) for name in ("updatedAfter", "asOf", "updatedBefore")}
