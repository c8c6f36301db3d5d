"""The list of dataflows: one whose data are damaged is there, and takes no other one with it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from support.world import FLOW, WORLD, catalogue

from sdmx_server.batches import Availability
from sdmx_server.errors import Damaged
from sdmx_server.model.dataflow import Dataflow
from sdmx_server.model.reference import Reference
from sdmx_server.services.overview import OverviewService
from sdmx_server.services.ports import Revision

OTHER = Dataflow(agency="SCI", id="OTHER", version="1.0.0", structure=FLOW.structure, names={"en": "Others"})


class _Observations:
    """Two dataflows with data, of which those of ``damaged`` cannot be read, or, ``whole``, not even found."""

    damaged: str | None = "CPI"
    whole = False

    def revision(self, reference: Reference) -> Revision:
        if self.whole and reference.id == self.damaged:
            raise Damaged("damaged-cube", dataflow=reference)
        return Revision(1, 1, 1, 1, dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    def reading(self, reference: Reference) -> Any:
        observations = self

        class Reading:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_error: object) -> None:
                """Nothing is open."""

            def availability(self, *_asked: object) -> Availability:
                if reference.id == observations.damaged:
                    raise Damaged("damaged-only-row", dataflow=reference, column="n")
                codes = {"FREQ": ("M",), "REF_AREA": ("IR",), "ITEM": ("_T",)}
                return Availability(codes=codes, periods=(), observations=3, series=1)

        return Reading()


def counts(service: OverviewService) -> dict[str, int | None]:
    """How many observations each dataflow is shown with."""
    entries = [entry for subject in service.subjects() for entry in subject.dataflows]
    return {entry.reference.id: entry.contents.observations if entry.contents else None for entry in entries}


@pytest.mark.parametrize("whole", [False, True])
def test_damage_in_one_dataflow_leaves_the_list_alone(whole: bool) -> None:
    artefacts = catalogue(*WORLD, OTHER)
    known: Any = SimpleNamespace(current=lambda: artefacts)
    observations = _Observations()
    observations.whole = whole
    service = OverviewService(known, observations)  # type: ignore[arg-type]
    assert counts(service) == {"CPI": None, "OTHER": 3}
    observations.damaged = None  # restored from a backup, with the same revision
    assert counts(service) == {"CPI": 3, "OTHER": 3}
