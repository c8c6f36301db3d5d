"""Metadata sets: reference metadata reported about artefacts (information model 8; SDMX-ML ``MetadataSetType``)."""

from __future__ import annotations

from typing import ClassVar

from .common import Annotation, International, Maintainable, Value
from .reference import Reference
from .representation import TextFormat


class ReportedAttribute(Value, frozen=True, kw_only=True):
    """One reported value of a metadata attribute, with those of its sub-attributes.

    It has a ``value``, or ``texts`` in languages (XHTML when ``structured``), or neither: then it only holds others.
    An attribute that occurs several times is reported as often. ``text_format``: what SDMX-JSON says beside a value.
    """

    id: str
    value: str | None = None
    texts: International = {}
    structured: bool = False
    text_format: TextFormat | None = None
    annotations: tuple[Annotation, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()


class ReferenceValue(Value, frozen=True, kw_only=True):
    """One object that a report of 2.1 is about: an artefact by its URN, or a period."""

    id: str
    target: str | None = None
    period: str | None = None


class Report(Value, frozen=True, kw_only=True):
    """How SDMX 2.1 names what a report is about: ids of report structure and metadata target, and the objects."""

    id: str
    target: str
    values: tuple[ReferenceValue, ...] = ()


class MetadataSet(Maintainable, frozen=True, kw_only=True):
    """A set of reported metadata attributes about ``targets`` (URNs, wildcards included).

    The ``agency`` is the metadata provider. It is reported for a metadataflow, or under a provision agreement that
    names the flow. ``reports``: of 2.1 only. Periods and the year are kept as they are written.
    """

    kind: ClassVar[str] = "MetadataSet"
    metadataflow: Reference | None = None
    provision_agreement: Reference | None = None
    targets: tuple[str, ...] = ()
    attributes: tuple[ReportedAttribute, ...] = ()
    reports: tuple[Report, ...] = ()
    action: str | None = None
    reporting_begin: str | None = None
    reporting_end: str | None = None
    publication_year: str | None = None
    publication_period: str | None = None
