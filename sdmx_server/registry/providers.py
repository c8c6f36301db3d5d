"""Who provides the data of a dataflow: its provision agreements say so (information model, section 8)."""

from __future__ import annotations

from collections.abc import Sequence

from ..model.dataflow import ProvisionAgreement
from ..model.reference import Reference
from ..query.paths import ProviderName
from .catalogue import Catalogue


def providers_of(catalogue: Catalogue, dataflow: Reference) -> list[Reference]:
    """The data providers, as items of their schemes, that have agreed to provide the data of a stored dataflow."""
    parents = [parent for parent in catalogue.parents(dataflow) if parent.kind == ProvisionAgreement.kind]
    return [
        agreement.data_provider
        for agreement in catalogue.load(parents)
        if isinstance(agreement, ProvisionAgreement) and agreement.data_provider is not None
    ]


def provides(catalogue: Catalogue, dataflow: Reference, wanted: Sequence[ProviderName] | None) -> bool:
    """Whether one of the wanted providers (None = any at all) has agreed to provide the data of a stored dataflow."""
    if wanted is None:
        return True
    agreed = providers_of(catalogue, dataflow)
    return any(name.means(provider.agency, provider.item) for name in wanted for provider in agreed)
