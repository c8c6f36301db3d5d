"""The gaps of processes."""

from __future__ import annotations

import msgspec

from ...model.process import Process, ProcessStep
from ...model.rebuild import rebuild
from .changes_21 import exact_references
from .gap import ALL, BOTH, ONLY_21, ONLY_XML, Gap, row

_with = msgspec.structs.replace


def _described(step: ProcessStep) -> ProcessStep:
    """The step with a description of its computation and with conditions."""
    computation = step.computation
    if computation is not None and not computation.descriptions:
        computation = _with(computation, descriptions={"en": step.id})
    transitions = tuple(
        one if one.conditions else _with(one, conditions={"en": one.target}) for one in step.transitions
    )
    return _with(step, computation=computation, transitions=transitions)


def described(process: Process) -> Process:
    """Steps with the texts that the schema wants."""
    result: Process = rebuild(process, ProcessStep, _described)
    return result


PROCESSES: tuple[Gap, ...] = (
    row(
        "Process",
        "steps.computation.descriptions, steps.transitions.conditions",
        (ALL, ONLY_XML),
        (
            "a computation is described and a transition has a condition; where there is none the id of the step is "
            "written",
            "محاسبه توصیف و گذار شرط دارد؛ جایی که نباشد شناسهٔ گام نوشته می‌شود",
        ),
        described,
    ),
    row(
        "Process",
        "references.version",
        (ONLY_21, BOTH),
        (
            "a reference has an exact version: that of the artefact in the message, else the lowest that fits",
            "ارجاع نسخهٔ دقیق دارد: نسخهٔ شیء موجود در پیام، وگرنه پایین‌ترین نسخهٔ مناسب",
        ),
        exact_references,
    ),
)
"""In the order in which they are applied."""
