"""Writing SDMX-CSV metadata messages 2.0.0 and 2.1.0 (field guide of metadata messages): one line for each set.

Every text in languages is written in all of them; the names of ``labels`` are in the wanted language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ...model.kinds import BY_NAME
from ...model.metadataset import MetadataSet, ReportedAttribute
from ...model.reference import Reference, parse_urn, reference_to
from ...model.resolved_metadata import MetadataMessage, MetadataPart, ResolvedMetadataAttribute
from ..api import WriteOptions
from ..texts import best_text
from .metadata_head import CUSTOM
from .sub_fields import SEPARATOR, in_languages, joined

_Path = tuple[str, ...]
_CONTEXTS = {"Metadataflow": "metadataflow", "MetadataProvisionAgreement": "metadataprovision"}


class _Column(NamedTuple):
    """One metadata attribute of the message: whether the attributes of its path have several instances, the languages
    that its texts are in (none: it has single values), the names of the attribute and of its codes.
    """

    path: _Path
    several: tuple[bool, ...]
    languages: tuple[str, ...]
    names: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]

    def head(self) -> str:
        """The id with its parents, brackets behind those with several instances, then the languages."""
        steps = (f"{step}[]" if several else step for step, several in zip(self.path, self.several, strict=True))
        languages = f"[{SEPARATOR.join(self.languages)}]" if self.languages else ""
        return ".".join(steps) + languages


class _Columns:
    """Gathers the columns of a message: in the order of the metadata structures, one after the other."""

    def __init__(self) -> None:
        self._found: dict[_Path, ResolvedMetadataAttribute | None] = {}
        self._several: set[_Path] = set()
        self._languages: dict[_Path, dict[str, None]] = {}
        self._valued: set[_Path] = set()

    def take(self, part: MetadataPart) -> None:
        """Take the attributes of a structure and what is reported for them."""
        for above, own in part.structure.paths() if part.structure else ():
            path = (*(one.id for one in above), own.id)
            self._found.setdefault(path, own)
            if own.max_occurs != 1:
                self._several.add(path)
        self._reported((), part.metadata_set.attributes)

    def _reported(self, above: _Path, attributes: Sequence[ReportedAttribute]) -> None:
        seen: set[str] = set()
        for one in attributes:
            path = (*above, one.id)
            self._found.setdefault(path, None)
            if one.id in seen:
                self._several.add(path)
            seen.add(one.id)
            if one.value is not None or one.texts:
                self._valued.add(path)
            meant = self._found[path]
            if one.texts and (
                meant is None or meant.component.multilingual or len(one.texts) > 1 or not one.structured
            ):
                self._languages.setdefault(path, {}).update(dict.fromkeys(one.texts))
            self._reported(path, one.attributes)

    def columns(self) -> list[_Column]:
        """The columns of attributes that have values."""
        return [self._column(path, meant) for path, meant in self._found.items() if path in self._valued]

    def _column(self, path: _Path, meant: ResolvedMetadataAttribute | None) -> _Column:
        several = tuple(path[: length + 1] in self._several for length in range(len(path)))
        names = meant.component.names if meant else {}
        listed = meant.component.enumeration if meant else None
        codes = {item.id: item.names for item in listed.items} if listed else {}
        return _Column(path, several, tuple(self._languages.get(path, ())), names, codes)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(character in text for character in ',"\r\n') else text


def _line(cells: Sequence[str]) -> bytes:
    return (",".join(map(_quoted, cells)) + "\n").encode()


class _Lines:
    """Makes the lines of a message."""

    def __init__(self, message: MetadataMessage, options: WriteOptions, version: str) -> None:
        self._languages = options.languages
        self._labels = options.parameters.get("labels", "id")
        gathered = _Columns()
        for part in message.parts:
            gathered.take(part)
        self._columns = gathered.columns()
        sets = [part.metadata_set for part in message.parts]
        self._custom = {head: name for head, name in CUSTOM.items() if any(getattr(one, name) for one in sets)}
        self._action = version == "2.0.0"
        self._partial = not self._action and any(one.is_partial_language for one in sets)
        self._several = any(len(one.targets) > 1 for one in sets) or any(
            any(column.several) or column.languages for column in self._columns
        )

    def _named(self, text: str, names: Mapping[str, str]) -> list[str]:
        """An id in one cell, with its name when both are wanted; in two cells when only names are."""
        name = best_text(names, self._languages) or ""
        if self._labels == "both":
            return [f"{text}: {name}" if name else text]
        return [text, name] if self._labels == "name" else [text]

    def _titles(self, title: str, name: str) -> list[str]:
        return [title, name] if self._labels == "name" else [title]

    def head(self) -> bytes:
        """The line of heads."""
        cells = [f"MDSTRUCTURE[{SEPARATOR}]" if self._several else "MDSTRUCTURE"]
        cells += self._titles("MDSTRUCTURE_ID", "MDSTRUCTURE_NAME")
        cells += self._titles("METADATASET_ID", "METADATASET_NAME")
        cells += ["ACTION"] if self._action else []
        cells += ["IS_PARTIAL_LANGUAGE"] if self._partial else []
        cells += ["TARGET_TYPES", *self._titles("TARGET_IDS", "TARGET_NAMES")]
        for column in self._columns:
            cells += self._named(column.head(), column.names)
        return _line([*cells, *self._custom])

    def line(self, part: MetadataPart) -> bytes:
        """The line of a set."""
        reported = part.metadata_set
        context = reported.provision_agreement or part.flow or reported.metadataflow
        kind = context.kind if context else "Metadataflow"
        cells = [_CONTEXTS[kind], *self._named(context.short if context else "", part.context_names)]
        cells += self._named(reference_to(reported).short, reported.names)
        cells += ["D" if reported.action == "Delete" else "I"] if self._action else []
        cells += [str(int(reported.is_partial_language))] if self._partial else []
        cells += self._targets(reported, part)
        for column in self._columns:
            cells += self._cells(reported, column)
        return _line([*cells, *(getattr(reported, name) or "" for name in self._custom.values())])

    def _targets(self, reported: MetadataSet, part: MetadataPart) -> list[str]:
        targets = [_target(urn) for urn in reported.targets]
        names = [*part.target_names, *[{}] * len(targets)][: len(targets)]
        named = [self._named(own, name) for (_, own), name in zip(targets, names, strict=True)]
        columns = [joined(part) for part in zip(*named, strict=True)] or [""] * len(self._titles("", ""))
        return [SEPARATOR.join(kind for kind, _ in targets), *columns]

    def _cells(self, reported: MetadataSet, column: _Column) -> list[str]:
        if self._labels != "name":
            return [_cell(reported.attributes, column, self._shown)]
        names = _cell(reported.attributes, column, self._name) if column.codes else ""
        return [_cell(reported.attributes, column, _alone), names]

    def _shown(self, attribute: ReportedAttribute, column: _Column) -> str:
        text = _alone(attribute, column)
        return self._named(text, column.codes[text])[0] if text in column.codes else text

    def _name(self, attribute: ReportedAttribute, column: _Column) -> str:
        return best_text(column.codes.get(attribute.value or "", {}), self._languages) or ""


_Shown = Callable[[ReportedAttribute, _Column], str]


def _alone(attribute: ReportedAttribute, column: _Column) -> str:
    if attribute.texts and column.languages:
        return in_languages(attribute.texts)
    return next(iter(attribute.texts.values()), attribute.value or "")


def _cell(attributes: Sequence[ReportedAttribute], column: _Column, shown: _Shown, depth: int = 0) -> str:
    """What the attributes say in a column: those of the path's step at ``depth``, and below them the other steps."""
    instances = [one for one in attributes if one.id == column.path[depth]]
    last = depth == len(column.path) - 1
    parts = [shown(one, column) if last else _cell(one.attributes, column, shown, depth + 1) for one in instances]
    if not column.several[depth]:
        return parts[0] if parts else ""
    return joined(parts) if any(parts) else ""


def _target(urn: str) -> tuple[str, str]:
    """The type of a target and its identification; an item's id follows its scheme."""
    try:
        found: Reference = parse_urn(urn)
    except ValueError:
        return "", urn
    item = f".{found.item}" if found.item is not None else ""
    return BY_NAME[found.kind].resource, f"{found.short}{item}"


def write_metadata(message: MetadataMessage, options: WriteOptions, version: str) -> Iterator[bytes]:
    """Write a metadata message; ``version`` is ``2.0.0`` or ``2.1.0``."""
    lines = _Lines(message, options, version)
    yield lines.head()
    for part in message.parts:
        yield lines.line(part)
