"""Processes: how data or metadata is collected, checked and published, step by step (information model 13)."""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, Identity, International, Maintainable, Nameable, Value
from .reference import Reference


class ProcessArtefact(Value, frozen=True, kw_only=True):
    """What a step takes in or gives: any identifiable thing. ``local_id`` is its name within the process."""

    artefact: Reference
    local_id: str | None = None
    annotations: tuple[Annotation, ...] = ()


class Computation(Value, frozen=True, kw_only=True):
    """How a step computes, in words, and by which software."""

    descriptions: International = {}
    local_id: str | None = None
    software_package: str | None = None
    software_language: str | None = None
    software_version: str | None = None
    annotations: tuple[Annotation, ...] = ()


class Transition(Identity, frozen=True, kw_only=True):
    """The step that follows under a condition; ``target`` is its id, with those of the steps around it (``A.B``)."""

    id: str | None = None
    target: str
    conditions: International = {}
    local_id: str | None = None


class ProcessStep(Nameable, frozen=True, kw_only=True):
    """A step of a process, with the steps within it."""

    inputs: tuple[ProcessArtefact, ...] = ()
    outputs: tuple[ProcessArtefact, ...] = ()
    computation: Computation | None = None
    transitions: tuple[Transition, ...] = ()
    steps: tuple[ProcessStep, ...] = ()


class Process(Maintainable, frozen=True, kw_only=True):
    """Steps in their order."""

    kind: ClassVar[str] = "Process"
    steps: tuple[ProcessStep, ...] = ()
