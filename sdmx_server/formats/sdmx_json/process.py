# rows and codecs have one signature, of which each uses what it needs
"""Tables of processes."""

from __future__ import annotations

import dataclasses
from typing import Any

from ...model.process import Computation, ProcessArtefact, ProcessStep, Transition
from .engine import BOTH, PLAIN, URN, V10, Codec, Field, Json, Place, Reading, Row, Table, Texts, Writing, many, texts
from .identity import ANNOTATIONS, Children, identifiable, nameable

_STEP_URN = "urn:sdmx:org.sdmx.infomodel.process.ProcessStep="
_LOCAL_ID = Field("localID", "local_id", PLAIN)


class _StepUrn:
    """A step of the same process, which 1.0 names by URN."""

    def write(self, value: str, to: Writing) -> str:
        return f"{_STEP_URN}{to.owner}.{value}"

    def read(self, source: Any, place: Place, of: Reading) -> Any:
        reference = URN.read(source, place, of)
        if reference is not None and reference.item is None:
            of.report("json.urn", place, source)
        return None if reference is None else reference.item


@dataclasses.dataclass(frozen=True)
class _Needed(Texts):
    """A text that has to be there: an empty one, in no language, stands for none."""

    def write(self, value: Any, out: Json, to: Writing) -> None:
        """Put both keys."""
        super().write(value, out, to)
        if self.single not in out:
            out[self.single], out[self.map] = "", {}


_ARTEFACT = Table(ProcessArtefact, (_LOCAL_ID, ANNOTATIONS, Field("objectReference", "artefact", URN)))
_COMPUTATION = Table(
    Computation,
    (
        _LOCAL_ID,
        Field("softwarePackage", "software_package", PLAIN),
        Field("softwareLanguage", "software_language", PLAIN),
        Field("softwareVersion", "software_version", PLAIN),
        ANNOTATIONS,
        _Needed("description", "descriptions", "descriptions"),
    ),
)
_TRANSITION: list[Codec] = [
    Table(
        Transition,
        identifiable(
            "process.Transition",
            _LOCAL_ID,
            Field("targetStep", "target", PLAIN, versions=BOTH),
            Field("targetStep", "target", _StepUrn(), versions=(V10,)),
            texts("condition", "conditions", instead="target"),
        ),
    )
]
_WITHIN: list[Codec] = []
_STEP = Table(
    ProcessStep,
    nameable(
        "process.ProcessStep",
        many("inputs", "inputs", _ARTEFACT),
        many("outputs", "outputs", _ARTEFACT),
        Field("computation", "computation", _COMPUTATION),
        Children("transitions", "transitions", _TRANSITION),
        Children("processSteps", "steps", _WITHIN),
    ),
)
_WITHIN.append(_STEP)

PROCESS_ROWS: tuple[Row, ...] = (many("processSteps", "steps", _STEP),)
"""What a process has beyond any maintainable artefact."""
