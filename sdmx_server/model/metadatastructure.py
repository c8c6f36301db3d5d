"""Metadata structure definitions and metadataflows (information model 7; 2.1 has targets and reports, 3.x a list)."""

from __future__ import annotations

from typing import ClassVar

from .common import Identifiable, Identity, Maintainable
from .datastructure import Component
from .reference import Reference
from .representation import Representation


class MetadataAttribute(Component, frozen=True, kw_only=True):
    """A metadata attribute with its sub-attributes. ``max_occurs`` may be ``"unbounded"``; None means one.

    ``is_presentational`` when it only holds others and takes no value.
    """

    min_occurs: int | None = None
    max_occurs: int | str | None = None
    is_presentational: bool = False
    attributes: tuple[MetadataAttribute, ...] = ()


class TargetObject(Identifiable, frozen=True, kw_only=True):
    """What a metadata target names (2.1 only).

    ``element`` is the kind in the standard's words (``IdentifiableObjectTarget``, ``ReportPeriodTarget`` ...),
    ``object_type`` the class of the identifiable object.
    """

    element: str
    object_type: str | None = None
    representation: Representation | None = None


class MetadataTarget(Identifiable, frozen=True, kw_only=True):
    """What metadata may be attached to: all of its objects together name one thing (2.1 only)."""

    objects: tuple[TargetObject, ...] = ()


class ReportStructure(Identifiable, frozen=True, kw_only=True):
    """The attributes of one kind of report, and the ids of the targets that it is about (2.1 only)."""

    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[str, ...] = ()


class MetadataStructure(Maintainable, frozen=True, kw_only=True):
    """A metadata structure definition: ``targets`` and ``reports`` in 2.1, ``attributes`` from 3.0 on.

    ``descriptors`` keeps annotations and links of the attribute list under ``MetadataAttributeDescriptor``.
    """

    kind: ClassVar[str] = "MetadataStructure"
    attributes: tuple[MetadataAttribute, ...] = ()
    targets: tuple[MetadataTarget, ...] = ()
    reports: tuple[ReportStructure, ...] = ()
    descriptors: dict[str, Identity] = {}

    @property
    def attribute_list(self) -> tuple[MetadataAttribute, ...]:
        """The attributes as one list: those of all reports when there is no list; of two of one id the first stays."""
        if self.attributes:
            return self.attributes
        found: dict[str, MetadataAttribute] = {}
        for report in self.reports:
            for attribute in report.attributes:
                found.setdefault(attribute.id, attribute)
        return tuple(found.values())


class Metadataflow(Maintainable, frozen=True, kw_only=True):
    """A metadataflow; ``targets`` (3.x) are URNs, wildcards included, of what its metadata may be attached to."""

    kind: ClassVar[str] = "Metadataflow"
    structure: Reference | None = None
    targets: tuple[str, ...] = ()


class MetadataProvisionAgreement(Maintainable, frozen=True, kw_only=True):
    """A metadata provider's agreement to provide metadata for a metadataflow, about ``targets`` (from 3.0 on)."""

    kind: ClassVar[str] = "MetadataProvisionAgreement"
    metadataflow: Reference | None = None
    metadata_provider: Reference | None = None
    targets: tuple[str, ...] = ()
