"""Tables of processes (XSD ``SDMXStructureProcess``)."""

from __future__ import annotations

from typing_extensions import override

from ...model.process import Computation, Process, ProcessArtefact, ProcessStep, Transition
from .engine import Element, Reading, Shape, Values
from .rows import Attribute, Child, Texts
from .rows_reference import LocalIds, Refers, local_id
from .tables import ANNOTATIONS, DESCRIPTIONS, IDENTIFIABLE, MAINTAINABLE, NAMEABLE, version_of_urn


class _TargetStep(LocalIds):
    """A step, named with those around it; 2.1 may name these apart."""

    @override
    def read(self, element: Element, values: Values, to: Reading) -> None:
        ref = element.find("Ref")
        around = None if ref is None else ref.get("containerID")
        values[self.field] = ".".join(filter(None, (around, local_id(element))))


_LOCAL_ID = Attribute("local_id", "localID")
_ARTEFACT = Shape(ProcessArtefact, _LOCAL_ID, ANNOTATIONS, Refers("artefact", "str:ObjectReference", None))
_COMPUTATION = Shape(
    Computation,
    _LOCAL_ID,
    Attribute("software_package", "softwarePackage"),
    Attribute("software_language", "softwareLanguage"),
    Attribute("software_version", "softwareVersion"),
    ANNOTATIONS,
    DESCRIPTIONS,
)
_TRANSITION = Shape(
    Transition,
    *IDENTIFIABLE,
    _LOCAL_ID,
    _TargetStep("target", "str:TargetStep"),
    Texts("conditions", "str:Condition"),
    urn="process.Transition",
)
_STEP = Shape(
    ProcessStep,
    *NAMEABLE,
    Child("inputs", "str:Input", _ARTEFACT, many=True),
    Child("outputs", "str:Output", _ARTEFACT, many=True),
    Child("computation", "str:Computation", _COMPUTATION),
    Child("transitions", "str:Transition", _TRANSITION, many=True),
    urn="process.ProcessStep",
)
_STEPS = Child("steps", "str:ProcessStep", _STEP, many=True)
_STEP.table.rows += (_STEPS,)
PROCESS = Shape(Process, *MAINTAINABLE, _STEPS, urn="process.Process", finish=version_of_urn)
