"""Use cases around artefacts: register, export."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from ..errors import Problem, Refused, SdmxServerError
from ..model.common import Maintainable
from ..model.kinds import BY_NAME, OLDER
from ..model.message import StructureMessage
from ..model.reference import Reference, reference_to
from ..registry.merging import adds, merged
from .ports import LoadLog, Progress, StructureStore

Origins = tuple[Maintainable, ...]
"""What an artefact was made from, in the kinds of another generation."""

READABLE = (".xml", ".json")
_BLOCK = 1 << 20
_TURNING = frozenset((*OLDER, *OLDER.values()))


class RegisterReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a registration did: artefacts read, those stored because they are new or changed, and the rest.

    ``replaced`` are those of the changed ones that were there before, with other content. ``remarks`` are what the
    messages did not have as the standard wants it, and how it was understood.
    """

    read: int
    changed: tuple[Reference, ...]
    replaced: frozenset[Reference] = frozenset()
    remarks: tuple[Problem, ...] = ()

    @property
    def unchanged(self) -> int:
        """How many were there already, the same."""
        return self.read - len(self.changed)


def find_messages(paths: Iterable[Path]) -> list[Path]:
    """The files named, and all ``.xml`` and ``.json`` files below the folders named; raises ``SdmxServerError``."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.suffix in READABLE and p.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise SdmxServerError("no-file-or-folder", path=path)
    return files


class Registrar:
    """Registers artefacts from messages. ``read`` turns a file into a message or raises ``Refused``."""

    def __init__(self, store: StructureStore, log: LoadLog, read: Callable[[Path], StructureMessage]) -> None:
        self._store = store
        self._log = log
        self._read = read

    def register(self, paths: Sequence[Path], progress: Progress) -> RegisterReport:
        """Register everything in files and folders, in one transaction.

        All files are read before anything is stored; the findings of all of them are reported together. Raises
        ``Refused``, ``Conflict`` (a stable version may not change), or ``SdmxServerError``; nothing is stored.
        """
        files = find_messages(paths)
        if not files:
            raise SdmxServerError("no-structure-files", paths=paths)
        remarks: list[Problem] = []
        artefacts = self._onto_stored(self._gather(files, progress, remarks))
        before = frozenset(row.reference for row in self._store.rows())
        changed = self._store.put(artefacts, actor="command line")
        return RegisterReport(
            read=len(artefacts),
            changed=tuple(changed),
            replaced=before & frozenset(changed),
            remarks=tuple(remarks),
        )

    def _gather(
        self, files: Sequence[Path], progress: Progress, remarks: list[Problem]
    ) -> dict[Reference, Maintainable]:
        """The artefacts of all files, each once; raises ``Refused`` with the findings of all files."""
        artefacts: dict[Reference, tuple[Maintainable, Path]] = {}
        problems: list[Problem] = []
        for number, file in enumerate(files):
            progress("reading structures", number, len(files))
            try:
                message = self._read(file)
            except Refused as refused:
                problems += refused.problems
                continue
            remarks += message.remarks
            for artefact in message.artefacts:
                reference = reference_to(artefact)
                earlier, other = artefacts.setdefault(reference, (artefact, file))
                if earlier != artefact and adds(artefact):
                    artefacts[reference] = (merged(earlier, artefact), other)
                elif earlier != artefact:
                    problems.append(_twice(reference, file, other))
        progress("reading structures", len(files), len(files))
        if problems:
            raise Refused(problems)
        return {reference: artefact for reference, (artefact, _) in artefacts.items()}

    def _onto_stored(self, arriving: dict[Reference, Maintainable]) -> list[Maintainable]:
        """The artefacts to store: schemes that add to what is stored are merged with it."""
        held = [row.reference for row in self._store.rows() if row.reference in arriving]
        held = [reference for reference in held if adds(arriving[reference])]
        for stored in self._store.load(held):
            reference = reference_to(stored)
            arriving[reference] = merged(stored, arriving[reference])
        return list(arriving.values())

    def register_shipped(self, folder: Path, progress: Progress) -> RegisterReport | None:
        """Register a folder unless its files are the same as last time, which returns None."""
        fingerprint = fingerprint_of(find_messages([folder]))
        source = "structures"
        if self._log.last(source) == fingerprint:
            return None
        report = self.register([folder], progress)
        self._log.record(source, fingerprint, True, f"{report.read} read, {len(report.changed)} registered")
        return report


def _twice(reference: Reference, file: Path, other: Path) -> Problem:
    texts = {
        "en": f"The artefact also stands in {other}, with other content. Keep one of the two, or import the files one "
        "after the other: the later one takes the place of a version that is not stable.",
        "fa": f"این مصنوع با محتوایی دیگر در {other} هم آمده است. یکی از آن دو را نگه دارید یا "
        "پرونده‌ها را یکی پس از دیگری وارد کنید: نسخهٔ ناپایدار با آخرین پرونده جایگزین می‌شود.",
    }
    return Problem(code="artefact-twice", texts=texts, file=str(file), value=reference.urn)


def fingerprint_of(files: Iterable[Path]) -> str:
    """A digest of the names and contents of files, in order."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as stream:
            while block := stream.read(_BLOCK):  # files of data may be larger than the memory
                digest.update(block)
    return digest.hexdigest()


def export_structures(
    store: StructureStore,
    folder: Path,
    suffix: str,
    write: Callable[[Maintainable, Origins], Iterator[bytes]],
    progress: Progress,
    *,
    turn: Callable[[Sequence[Maintainable]], Sequence[tuple[Maintainable, Origins]]] | None = None,
) -> int:
    """Write every artefact into ``folder/<resource>s/<agency>/<id>/<version>.<suffix>``; returns how many.

    ``turn`` gives the artefacts of kinds that not every generation has in those of another, with their origins.
    """
    references = [row.reference for row in store.rows()]
    kept = [one for one in references if turn is None or one.kind not in _TURNING]
    turned = () if turn is None else turn(store.load(one for one in references if one.kind in _TURNING))
    loaded = ((one, ()) for reference in kept for one in store.load([reference]))
    for number, (artefact, origins) in enumerate(itertools.chain(loaded, turned)):
        progress("writing structures", number, len(kept) + len(turned))
        place = folder / f"{BY_NAME[artefact.kind].resource}s" / artefact.agency / artefact.id
        place.mkdir(parents=True, exist_ok=True)
        with (place / f"{artefact.version}.{suffix}").open("wb") as file:
            for chunk in write(artefact, origins):
                file.write(chunk)
    return len(kept) + len(turned)
