"""The use case of loading reference metadata: messages, checked whole, then stored in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ..errors import Malformed, Problem, Refused, SdmxServerError
from ..loading.metadata import SetChecker, check_identity
from ..loading.problems import Findings
from ..model.metadataset import MetadataSet
from ..model.metadatastructure import Metadataflow
from ..model.reference import Reference, parse_short, parse_urn, reference_to
from ..model.resolved_metadata import MetadataMessage, MetadataPart, ResolvedMetadataStructure
from ..registry.catalogue import WILD, Catalogue, CatalogueCache
from ..registry.generations import meant_by, seen_in
from ..registry.partial import ITEM_SCHEMES, cut_to_items
from ..registry.resolve_metadata import agreement_of, flow_of, provider_of, resolve_metadataflow
from .metadata_ports import MetadataStore
from .ports import LoadLog, Progress
from .structures import fingerprint_of

READABLE = (".xml", ".json", ".csv")
_ACTOR = "command line"


class MetadataReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a load of metadata did: sets read, and those stored because they are new or changed.

    ``replaced`` are those of the changed ones that were there before. ``stored`` is false when it only checked.
    ``remarks`` are as those of a ``RegisterReport``.
    """

    read: int
    changed: tuple[Reference, ...] = ()
    replaced: frozenset[Reference] = frozenset()
    stored: bool = True
    remarks: tuple[Problem, ...] = ()

    def summary(self) -> str:
        """One line for the user."""
        if not self.stored:
            return f"{self.read} metadata sets are valid; nothing was loaded."
        return f"{self.read} metadata sets read, {len(self.changed)} stored, {self.read - len(self.changed)} unchanged."


class MetadataLoader:
    """Loads metadata messages. ``read`` turns a file into a message or raises ``Refused``."""

    def __init__(
        self,
        catalogues: CatalogueCache,
        store: MetadataStore,
        log: LoadLog,
        read: Callable[[Path], MetadataMessage],
    ) -> None:
        self._catalogues, self._store, self._log, self._read = catalogues, store, log, read

    def load(self, paths: Sequence[Path], progress: Progress, *, validate_only: bool = False) -> MetadataReport:
        """Load every set of files, and of the messages in folders, in one transaction.

        All are read and checked before anything is stored; the findings of all are reported together. Raises
        ``Refused``, ``Conflict`` (a stable version may not change), or ``SdmxServerError``; nothing is stored.
        """
        files = _files(paths)
        if not files:
            raise SdmxServerError("no-metadata-files", paths=paths)
        remarks: list[Problem] = []
        sets = self._gather(files, progress, remarks)
        if validate_only:
            return MetadataReport(read=len(sets), stored=False, remarks=tuple(remarks))
        before = frozenset(reference_to(head.metadata_set) for head in self._store.state().heads)
        changed = self._store.put(sets, actor=_ACTOR)
        replaced = before & frozenset(changed)
        return MetadataReport(read=len(sets), changed=tuple(changed), replaced=replaced, remarks=tuple(remarks))

    def load_shipped(self, files: Sequence[Path], progress: Progress) -> MetadataReport | None:
        """Load files unless they and the structures are the same as last time, which returns None."""
        if not files:
            return None
        fingerprint = f"{fingerprint_of(files)}-{self._catalogues.current().revision}"
        source = "metadata"
        if self._log.last(source) == fingerprint:
            return None
        report = self.load(files, progress)
        self._log.record(source, fingerprint, True, report.summary())
        return report

    def remove(self, text: str) -> Reference:
        """Take the set ``AGENCY:ID(VERSION)`` away; past states keep it. Raises ``NotFound``."""
        try:
            reference = parse_short(text, MetadataSet.kind)
        except Malformed as error:
            raise SdmxServerError("reference-wrong", reason=error.texts, example="SCI:QUALITY_CPI(1.0.0)") from error
        self._store.remove(reference, _ACTOR)
        return reference

    def _gather(self, files: Sequence[Path], progress: Progress, remarks: list[Problem]) -> list[MetadataSet]:
        """The sets of all files; raises ``Refused`` with the findings of all of them."""
        catalogue = self._catalogues.current()
        findings = Findings()
        problems: list[Problem] = []
        sets: dict[Reference, MetadataSet] = {}
        for number, file in enumerate(files):
            progress("reading metadata", number, len(files))
            try:
                message = self._read(file)
            except Refused as refused:
                problems += refused.problems
                continue
            remarks += message.remarks
            for one in _Message(catalogue, message, findings, str(file)).sets():
                reference = reference_to(one)
                if sets.setdefault(reference, one) != one:
                    findings.add("metadata-set-twice", file=str(file), value=reference.short)
        progress("reading metadata", len(files), len(files))
        problems += findings.problems()
        if problems:
            raise Refused(problems)
        return list(sets.values())


def _files(paths: Sequence[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.suffix in READABLE and p.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise SdmxServerError("no-file-or-folder", path=path)
    return files


class _Message:
    """Checks the sets of one message against what is stored."""

    def __init__(self, catalogue: Catalogue, message: MetadataMessage, findings: Findings, file: str) -> None:
        self._catalogue, self._message, self._findings, self._file = catalogue, message, findings, file
        self._checkers: dict[Reference, SetChecker] = {}

    def sets(self) -> Iterator[MetadataSet]:
        """The sets in the form in which they are kept; what is wrong with them is among the findings."""
        for part in self._message.parts:
            check_identity(part, self._findings, self._file)
            placed = self._placed(part)
            if placed is None:
                continue
            structure, reported = placed
            self._targets(part, structure.flow)
            self._provider(part)
            yield self._checker(structure).checked(msgspec.structs.replace(part, metadata_set=reported))

    def _add(self, code: str, part: MetadataPart, value: str, **more: Any) -> None:
        path = reference_to(part.metadata_set).short
        self._findings.add(code, file=self._file, row=part.row, path=path, value=value, **more)

    def _checker(self, structure: ResolvedMetadataStructure) -> SetChecker:
        flow = reference_to(structure.flow)
        if flow not in self._checkers:
            self._checkers[flow] = SetChecker(structure, self._message, self._findings, self._file)
        return self._checkers[flow]

    def _placed(self, part: MetadataPart) -> tuple[ResolvedMetadataStructure, MetadataSet] | None:
        """The structure that a set follows, and the set with its flow named; None when it cannot be found."""
        reported = part.metadata_set
        if reported.metadataflow is None and reported.provision_agreement is None:
            flow = self._flow_of_structure(part)
            if flow is None:
                return None
            reported = msgspec.structs.replace(reported, metadataflow=flow)
        written = reported.metadataflow or reported.provision_agreement
        name = f"{written.kind} {written.short}" if written else ""
        found = flow_of(self._catalogue, reported)
        if found is None:
            self._add("metadata-flow", part, name)
            return None
        try:
            return resolve_metadataflow(self._catalogue, found), reported
        except SdmxServerError as error:
            self._add("metadata-structure", part, name, reason=error.texts)
            return None

    def _flow_of_structure(self, part: MetadataPart) -> Reference | None:
        """The only metadataflow of the metadata structure that a message of 2.1 names; else a finding."""
        structure = None if part.flow is None else self._catalogue.resolve(part.flow)
        name = "" if part.flow is None else f"{part.flow.kind} {part.flow.short}"
        if structure is None:
            self._add("metadata-flow", part, name)
            return None
        flows = [one for one in self._catalogue.parents(structure) if one.kind == Metadataflow.kind]
        if len(flows) != 1:
            self._add("metadata-flow-unclear", part, name, found=len(flows))
            return None
        return flows[0]

    def _targets(self, part: MetadataPart, flow: Metadataflow) -> None:
        if not part.metadata_set.targets:
            self._add("metadata-target-none", part, reference_to(part.metadata_set).short)
        agreement = agreement_of(self._catalogue, part.metadata_set)
        for urn in part.metadata_set.targets:
            try:
                target = parse_urn(urn)
            except ValueError:
                self._add("metadata-target", part, urn)
                continue
            meant = frozenset(meant_by(self._catalogue, target))
            if not meant:
                self._add("metadata-target-absent", part, urn)
            elif target.item is not None and WILD not in target.item:
                self._item(part, urn, target.item, meant)
            for holder in (flow, agreement):
                if (
                    holder is not None
                    and holder.targets
                    and not any(self._allows(p, target, meant) for p in holder.targets)
                ):
                    name = f"{holder.kind} {reference_to(holder).short}"
                    self._add("metadata-target-other", part, urn, flow=name, allowed=", ".join(holder.targets))

    def _item(self, part: MetadataPart, urn: str, item: str, meant: frozenset[Reference]) -> None:
        """A finding unless one of the schemes has the item; parts of other artefacts are not looked at."""
        later = seen_in("3.1", self._catalogue).catalogue
        schemes = [held for held in later.load(sorted(meant)) if isinstance(held, ITEM_SCHEMES)]
        if schemes and all(cut_to_items(held, {item}) is None for held in schemes):
            names = ", ".join(f"{held.kind} {reference_to(held).short}" for held in schemes)
            self._add("metadata-target-item", part, urn, scheme=names)

    def _allows(self, pattern: str, target: Reference, meant: frozenset[Reference]) -> bool:
        """Whether a flow's target, which may have wildcards, takes in all that a set's target means."""
        try:
            allowed = parse_urn(pattern)
        except ValueError:
            return False
        return meant <= frozenset(meant_by(self._catalogue, allowed)) and allowed.item in (
            None,
            "*",
            target.item,
        )

    def _provider(self, part: MetadataPart) -> None:
        reported = part.metadata_set
        if agreement_of(self._catalogue, reported) is None:
            return
        agency, own = provider_of(self._catalogue, reported)
        if reported.agency not in (own, f"{agency}.{own}"):
            self._add("metadata-provider", part, reported.agency, provider=f"{agency}.{own}")
