"""Which dataflows hold the data that a query asks for by a dataflow, data structure or provision agreement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..error_texts import texts_of
from ..errors import BadSemantics, NotFound
from ..model.dataflow import Dataflow, ProvisionAgreement
from ..model.datastructure import DataStructure
from ..model.reference import Reference
from ..query.paths import DataPath
from .catalogue import Catalogue
from .providers import provides

_CALLED = {
    Dataflow.kind: "called-dataflow",
    DataStructure.kind: "called-structure",
    ProvisionAgreement.kind: "called-agreement",
}


class DataContext(NamedTuple):
    """An artefact that was asked for, and the dataflows whose data are its data."""

    asked: Reference
    dataflows: tuple[Reference, ...]


def data_contexts(catalogue: Catalogue, path: DataPath) -> list[DataContext]:
    """The contexts that a path names, sorted (REST 2.2.2 ``data.md``, parameter ``context``).

    The data of a structure are those of all dataflows that refer to it; the data of an agreement are those of its
    dataflow, for data are not told apart by provider: all of them come from each provider that agreed to provide them.
    Any context means dataflows. Raises ``NotFound`` when there is none, or none of its providers.
    """
    kinds: Sequence[str] = path.kinds if Dataflow.kind not in path.kinds else (Dataflow.kind,)
    found = catalogue.select(kinds, path.agencies, path.ids, path.versions)
    if not found:
        raise NotFound("no-data-context", called=[texts_of(_CALLED[kind]) for kind in kinds], path=path)
    contexts = [DataContext(asked, tuple(_dataflows(catalogue, asked))) for asked in found]
    if path.providers is None:
        return contexts
    provided = [c for c in contexts if all(provides(catalogue, flow, path.providers) for flow in c.dataflows)]
    if not provided:
        raise NotFound("provider-none")
    return provided


def _dataflows(catalogue: Catalogue, asked: Reference) -> Iterator[Reference]:
    if asked.kind == Dataflow.kind:
        yield asked
    elif asked.kind == DataStructure.kind:
        yield from sorted(parent for parent in catalogue.parents(asked) if parent.kind == Dataflow.kind)
    else:
        agreement = catalogue.get(asked, ProvisionAgreement)
        found = catalogue.resolve(agreement.dataflow) if agreement.dataflow is not None else None
        if found is None:
            raise BadSemantics("agreement-without-flow", reference=asked)
        yield found
