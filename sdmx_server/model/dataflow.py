"""Dataflows and provision agreements: what is disseminated, and by whom it is provided."""

from __future__ import annotations

from typing import ClassVar

from .common import Maintainable
from .reference import Reference


class Dataflow(Maintainable, frozen=True, kw_only=True):
    """A dataflow; ``structure`` may be a wildcard reference (``1.0+.0``), and is None in a stub.

    ``dimension_constraint`` (3.1) lists the dimensions that are used, when the structure is evolving.
    """

    kind: ClassVar[str] = "Dataflow"
    structure: Reference | None = None
    dimension_constraint: tuple[str, ...] = ()


class ProvisionAgreement(Maintainable, frozen=True, kw_only=True):
    """A data provider's agreement to provide data for a dataflow."""

    kind: ClassVar[str] = "ProvisionAgreement"
    dataflow: Reference | None = None
    data_provider: Reference | None = None
