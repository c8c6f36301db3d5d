"""Hypothesis strategies for processes."""

from __future__ import annotations

from hypothesis import strategies as st

from sdmx_server.model.process import Computation, Process, ProcessArtefact, ProcessStep, Transition

from .artefact_parts import (
    CODE_IDS,
    IDENTITY,
    INTERNATIONAL,
    MAINTAINABLE,
    NAMEABLE,
    TEXTS,
    references,
    several,
    unique,
)

STEP_IDS = st.sampled_from(["COLLECT", "EDIT", "1", "A_B", "$"])


def processes(identity, nameable, maintainable, refer, texts=INTERNATIONAL):
    """Processes; the arguments are the fields that every artefact has, its references, and texts that must be there."""
    notes = identity["annotations"]
    things = st.builds(
        ProcessArtefact,
        artefact=refer("Dataflow") | refer("Codelist", CODE_IDS) | refer("Process", STEP_IDS),
        local_id=st.none() | STEP_IDS,
        annotations=notes,
    )
    computations = st.builds(
        Computation,
        descriptions=texts,
        local_id=st.none() | STEP_IDS,
        software_package=st.none() | TEXTS,
        software_language=st.none() | st.just("R"),
        software_version=st.none() | st.just("4.4.1"),
        annotations=notes,
    )
    transitions = st.builds(
        Transition,
        id=STEP_IDS,
        target=st.sampled_from(["EDIT", "EDIT.SUB", "1"]),
        conditions=texts,
        local_id=st.none() | STEP_IDS,
        **identity,
    ) | st.builds(Transition, target=st.just("COLLECT"), conditions=texts, annotations=notes)

    def steps(below):
        return st.builds(
            ProcessStep,
            id=STEP_IDS,
            inputs=several(things, 1),
            outputs=several(things, 1),
            computation=st.none() | computations,
            transitions=several(transitions, 1),
            steps=below,
            **nameable,
        )

    return st.builds(Process, steps=unique(steps(unique(steps(st.just(())), most=1)), most=2), **maintainable)


BY_KIND_PROCESS = {"Process": processes(IDENTITY, NAMEABLE, MAINTAINABLE, references)}
