"""The use case of handing registrations in: registry messages, checked whole, then stored in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from ..errors import Problem, Refused, SdmxServerError
from ..model.registration import Registration, Submission, SubmissionMessage
from ..registry.catalogue import Catalogue, CatalogueCache
from .metadata_ports import RegistrationStore
from .registrations import checked

_ACTOR = "command line"
_ACTIONS = frozenset({"Append", "Replace", "Merge"})
"""What a registration may be handed in for; Delete is a command of its own."""


class SubmissionReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of messages: registrations read, and those stored because they are new or changed.

    ``replaced`` are the ids of those that were there before.
    """

    read: int
    changed: tuple[Registration, ...] = ()
    replaced: frozenset[str] = frozenset()

    def summary(self) -> str:
        """One line for the user."""
        return f"{self.read} registrations read, {len(self.changed)} stored, {self.read - len(self.changed)} unchanged."


class RegistrationLoader:
    """Takes registrations from messages. ``read`` turns a file into a message or raises ``Refused``."""

    def __init__(
        self, catalogues: CatalogueCache, store: RegistrationStore, read: Callable[[Path], SubmissionMessage]
    ) -> None:
        self._catalogues, self._store, self._read = catalogues, store, read

    def load(self, files: Sequence[Path]) -> SubmissionReport:
        """Add or replace the registrations of files, in one transaction; one without an id gets a new one.

        What is there with the same content stays as it is, its moment too. All is read and checked before anything is
        stored; the findings of all files are reported together. Raises ``Refused``, or ``SdmxServerError`` for a file
        that is not there; nothing is stored then.
        """
        for file in files:
            if not file.is_file():
                raise SdmxServerError("no-file", path=file)
        found = self._gather(files)
        before = frozenset(one.id for one in self._store.state().registrations)
        changed = tuple(self._store.put(found, _ACTOR))
        replaced = before.intersection(one.id for one in changed)
        return SubmissionReport(read=len(found), changed=changed, replaced=replaced)

    def _gather(self, files: Sequence[Path]) -> list[Registration]:
        """The registrations of all files; raises ``Refused`` with the findings of all of them."""
        catalogue = self._catalogues.current()
        problems: list[Problem] = []
        found: dict[str, Registration] = {}
        for file in files:
            try:
                message = self._read(file)
            except Refused as refused:
                problems += refused.problems
                continue
            for submission in message.submissions:
                problems += _taken(submission, catalogue, found, str(file))
        if problems:
            raise Refused(problems)
        return list(found.values())


def _taken(
    submission: Submission, catalogue: Catalogue, found: dict[str, Registration], file: str
) -> Iterator[Problem]:
    """Put a submission among what was found; what is wrong with it comes back."""
    given = submission.registration
    try:
        if submission.action not in _ACTIONS:
            raise SdmxServerError("registration-action", action=submission.action)
        own = checked(msgspec.structs.replace(given, id=given.id or uuid.uuid4().hex, last_updated=None), catalogue)
        if found.setdefault(own.id, own) != own:
            raise SdmxServerError("registration-twice", name=own.id)
    except SdmxServerError as error:
        yield Problem(code=error.code, texts=error.texts, file=file, row=submission.row, value=given.id or None)
