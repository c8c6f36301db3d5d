"""The use case of a structure query, and which languages there are."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import msgspec

from ..errors import NotFound
from ..model.common import Maintainable, Nameable
from ..model.message import StructureMessage
from ..model.reference import reference_to
from ..query.structure import StructureQuery
from ..registry.catalogue import Catalogue, CatalogueCache
from ..registry.concrete import concrete
from ..registry.counterparts import in_kinds_of
from ..registry.generations import seen_in
from ..registry.structures import answer_structure_query
from ..remembered import Same
from .headers import header
from .languages import languages_within_all


class FoundStructures(msgspec.Struct, frozen=True):
    """What a structure query found, and the artefacts among which it was found."""

    message: StructureMessage
    catalogue: Catalogue

    def of(self, generation: str) -> StructureMessage:
        """The message for formats of a generation: for SDMX 2.1 in its kinds, every reference at an exact version."""
        return _concrete(self.catalogue, self.message) if generation == "2.1" else self.message


def _concrete(catalogue: Catalogue, message: StructureMessage) -> StructureMessage:
    """The message in kinds of 2.1 and at exact versions; of what is stored always the same objects."""

    def at_versions(artefact: Maintainable) -> Maintainable:
        return catalogue.once(("concrete", Same(artefact)), partial(concrete, catalogue, artefact))

    turned = in_kinds_of("2.1", catalogue, message.artefacts, message.origins)
    wholes = seen_in("3.1", catalogue).wholes
    told = {*turned, *(part for part, whole in wholes.items() if whole in turned)}
    origins = tuple(one for one in (*message.origins, *message.artefacts) if reference_to(one) not in told)
    return msgspec.structs.replace(message, artefacts=tuple(map(at_versions, turned.values())), origins=origins)


class OpenStructures:
    """A structure query whose revision is known and whose work is yet to be done."""

    def __init__(self, catalogue: Catalogue, query: StructureQuery, sender: str) -> None:
        self._catalogue = catalogue
        self._query = query
        self._sender = sender
        self.updated = catalogue.updated
        self.seed = (catalogue.revision,)

    def message(self) -> FoundStructures | None:
        """The artefacts asked for; None when a search finds none.

        Raises ``NotFound`` when artefacts that are named by their ids are not there.
        """
        answer = answer_structure_query(self._catalogue, self._query)
        if not answer.matching:
            if self._query.path.ids is None:
                return None
            raise NotFound("no-artefact", path=self._query.path)
        message = StructureMessage(
            header=header(self._sender, self.updated, *self.seed), artefacts=answer.artefacts, origins=answer.origins
        )
        return FoundStructures(message, self._catalogue)

    def close(self) -> None:
        """Nothing stays open: ``message`` reads everything at once."""


class StructureService:
    """Answers structure queries. ``sender`` is the id in message headers."""

    def __init__(self, catalogues: CatalogueCache, sender: str) -> None:
        self._catalogues = catalogues
        self._sender = sender

    def open(self, query: StructureQuery, catalogue: Catalogue | None = None) -> OpenStructures:
        """Begin with a catalogue, by default that of the moment that the query names; the work is left to ``message``.

        Raises ``HistoryPruned`` for a moment whose structures are no longer kept.
        """
        if catalogue is None:
            catalogue = self._catalogues.at(query.as_of) if query.as_of else self._catalogues.current()
        return OpenStructures(catalogue, query, self._sender)

    def concrete(self, message: StructureMessage) -> StructureMessage:
        """The message with every reference at an exact version, as SDMX 2.1 needs it."""
        return _concrete(self._catalogues.current(), message)

    def languages(self, catalogue: Catalogue | None = None) -> frozenset[str]:
        """The languages that names of artefacts are written in, worked out once per structure revision."""
        catalogue = catalogue or self._catalogues.current()
        return catalogue.once("languages", lambda: _languages(catalogue.load(catalogue.all())))

    def every_language(self, catalogue: Catalogue | None = None) -> frozenset[str]:
        """The languages of any text of the artefacts, those of items among them; worked out likewise, if asked for."""
        catalogue = catalogue or self._catalogues.current()
        return catalogue.once("every language", lambda: languages_within_all(catalogue.all(), catalogue.load))


def _languages(artefacts: Iterable[Nameable]) -> frozenset[str]:
    return frozenset(language for artefact in artefacts for language in artefact.names)
