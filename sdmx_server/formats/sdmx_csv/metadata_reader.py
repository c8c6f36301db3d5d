"""Reading SDMX-CSV metadata messages 2.0.0 and 2.1.0 (field guide of metadata messages): one set a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from ...errors import Problem, Refused
from ...model.kinds import BY_RESOURCE
from ...model.message import Header, Party
from ...model.metadataset import MetadataSet, ReportedAttribute
from ...model.reference import Reference
from ...model.resolved_metadata import MetadataMessage, MetadataPart
from .metadata_head import CUSTOM, AttributeColumn, Head, Separators, read_head, separators
from .problems import problem
from .sub_fields import SEPARATOR, by_language, split

MOST_BYTES = 200_000_000
MOST_PROBLEMS = 50
_BOM = b"\xef\xbb\xbf"
_IDENTIFICATION = re.compile(
    r"(?P<agency>[A-Za-z][A-Za-z0-9_.-]*|\*):(?P<id>[A-Za-z0-9_@$-]+|\*)(?:\((?P<version>[^()]+)\))?(?:\.(?P<item>\S+))?"
)
_CONTEXTS = {"metadataflow": "Metadataflow", "metadataprovision": "MetadataProvisionAgreement"}
_ACTIONS = {"D": "Delete", "Delete": "Delete"}
"""Other actions say nothing: the field guide of 2.1 has them ignored, and every load replaces."""

_HEADER = Header(id="unnamed", prepared="1970-01-01T00:00:00Z", sender=Party(id="unknown"))

_Path = tuple[tuple[str, int], ...]
"""Steps to a reported attribute: an id, and which of its instances."""


class _Node(NamedTuple):
    """An attribute being put together."""

    own: dict[str, Any]
    below: dict[tuple[str, int], _Node]


class _Row(NamedTuple):
    line: int
    cells: list[str]


def _records(text: str, separator: str, file: str) -> Iterator[_Row]:
    """The records of a text, each with the line that it begins on; raises ``Refused`` for wrong quotation marks."""
    place, line = 0, 1
    ends = re.compile(f"[{re.escape(separator)}\r\n]")
    while place < len(text):
        cells, begins = [], line
        while True:
            if text[place : place + 1] == '"':
                cell, end = _quoted(text, place, begins, file)
            else:
                found = ends.search(text, place)  # one search: the characters one by one would each read on to the end
                end = len(text) if found is None else found.start()
                cell = text[place:end]
            line += text.count("\n", place, end)
            cells.append(cell)
            if text[end : end + 1] != separator:
                break
            place = end + 1
        place = end + (2 if text.startswith("\r\n", end) else 1)
        line += 1
        if cells != [""]:
            yield _Row(begins, cells)


def _quoted(text: str, place: int, line: int, file: str) -> tuple[str, int]:
    parts = []
    place += 1
    while True:
        end = text.find('"', place)
        if end < 0:
            raise Refused([problem("csv.quote", file, row=line)])
        parts.append(text[place:end])
        if text[end + 1 : end + 2] != '"':
            return "".join(parts), end + 1
        parts.append('"')
        place = end + 2


def read_metadata(stream: BinaryIO, name: str) -> MetadataMessage:
    """Read a metadata message from a stream called ``name`` in findings; raises ``Refused`` with all of them."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Refused([problem("csv.too-large", name, limit=MOST_BYTES)])
    try:
        text = content.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused([problem("csv.encoding", name, row=line)]) from None
    found = separators(text)
    if found is None:
        raise Refused([problem("csv.head", name, row=1)])
    marks, whole = found
    records = _records(whole, marks.cells, name)
    head, problems = read_head(next(records).cells, name)
    parts: list[MetadataPart] = []
    if not problems:
        reader = _Reader(head, marks, name, problems)
        parts = [part for row in records if (part := reader.part(row)) is not None]
    if problems:
        raise Refused(_capped(problems, name))
    return MetadataMessage(header=_HEADER, parts=tuple(parts), labelled=head.labelled)


def _capped(problems: list[Problem], name: str) -> list[Problem]:
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 0 else [*problems[:MOST_PROBLEMS], problem("csv.more", name, count=more)]


class _Reader:
    """Makes sets of lines."""

    def __init__(self, head: Head, marks: Separators, file: str, problems: list[Problem]) -> None:
        self._head, self._file, self._problems = head, file, problems
        self._separator = marks.values or SEPARATOR

    def _report(self, code: str, row: _Row, column: str, value: str | None = None, **words: str | int) -> None:
        self._problems.append(problem(code, self._file, row=row.line, column=column, value=value, **words))

    def _cell(self, row: _Row, title: str) -> str:
        place = self._head.fixed.get(title)
        return "" if place is None else row.cells[place]

    def part(self, row: _Row) -> MetadataPart | None:
        """The set of a line; None when something is wrong with it, which is then among the problems."""
        if len(row.cells) != self._head.width:
            self._report("csv.ragged", row, "", found=len(row.cells), expected=self._head.width)
            return None
        before = len(self._problems)
        kind = _CONTEXTS.get(self._cell(row, "MDSTRUCTURE"))
        if kind is None:
            self._report("csv.context", row, "MDSTRUCTURE", self._cell(row, "MDSTRUCTURE"))
        context = self._reference(row, "MDSTRUCTURE_ID", kind or "Metadataflow")
        own = self._reference(row, "METADATASET_ID", MetadataSet.kind)
        targets = self._targets(row)
        attributes = self._attributes(row)
        if len(self._problems) > before or context is None or own is None:
            return None
        name = self._cell(row, "METADATASET_NAME") or self._cell(row, "METADATASET_ID").partition(": ")[2]
        custom: dict[str, Any] = {CUSTOM[t]: row.cells[place] or None for t, place in self._head.custom.items()}
        reported = MetadataSet(
            id=own.id,
            agency=own.agency,
            version=own.version,
            names={"en": name} if name else {},
            metadataflow=context if kind == "Metadataflow" else None,
            provision_agreement=None if kind == "Metadataflow" else context,
            targets=targets,
            attributes=attributes,
            action=_ACTIONS.get(self._cell(row, "ACTION")),
            is_partial_language=self._cell(row, "IS_PARTIAL_LANGUAGE") in ("1", "true"),
            **custom,
        )
        return MetadataPart(metadata_set=reported, row=row.line)

    def _reference(self, row: _Row, title: str, kind: str) -> Reference | None:
        text = self._cell(row, title).partition(": ")[0]
        found = _IDENTIFICATION.fullmatch(text)
        if found is None or found["item"] is not None:
            self._report("csv.identification", row, title, text)
            return None
        return Reference(kind=kind, agency=found["agency"], id=found["id"], version=found["version"] or "1.0")

    def _targets(self, row: _Row) -> tuple[str, ...]:
        types, ids = (self._values(row, title, self._cell(row, title)) for title in ("TARGET_TYPES", "TARGET_IDS"))
        urns = [_urn(kind, own) for kind, own in zip(types, ids, strict=False)]
        if len(types) != len(ids) or None in urns:
            self._report("csv.target", row, "TARGET_IDS", self._cell(row, "TARGET_IDS"))
        return tuple(urn for urn in urns if urn is not None)

    def _values(self, row: _Row, title: str, cell: str) -> list[str]:
        try:
            return split(cell, self._separator) if cell else []
        except ValueError as error:
            self._report("csv.sub-fields", row, title, cell, reason=str(error))
            return []

    def _attributes(self, row: _Row) -> tuple[ReportedAttribute, ...]:
        root: dict[tuple[str, int], _Node] = {}
        for column in self._head.attributes:
            cell = row.cells[column.place]
            if cell:
                try:
                    for path, content in self._contents(cell, column, ()):
                        _put(root, path, content)
                except ValueError as error:
                    self._report("csv.sub-fields", row, column.title, cell, reason=str(error))
        return _whole(root)

    def _contents(self, field: str, column: AttributeColumn, above: _Path) -> Iterator[tuple[_Path, dict[str, Any]]]:
        """The values of a cell, each with the steps to it; a step with several instances is a list of sub-fields."""
        step = len(above)
        parts = split(field, self._separator) if column.several[step] else [field]
        for number, part in enumerate(parts):
            path = (*above, (column.path[step], number))
            if step + 1 < len(column.path):
                if part:
                    yield from self._contents(part, column, path)
            elif column.languages:
                if part:
                    yield path, {"texts": by_language(part, self._separator)}
            elif part or column.several[step]:
                yield path, {"value": part}


def _urn(resource: str, identification: str) -> str | None:
    """The URN of a target; None when type or identification is none."""
    kind = BY_RESOURCE.get(resource.strip())
    found = _IDENTIFICATION.fullmatch(identification.partition(": ")[0].strip())
    if kind is None or found is None:
        return None
    version = found["version"] or "1.0"
    return Reference(kind=kind.name, agency=found["agency"], id=found["id"], version=version, item=found["item"]).urn


def _put(root: dict[tuple[str, int], _Node], path: _Path, content: dict[str, Any]) -> None:
    below = root
    for number, step in enumerate(path):
        node = below.setdefault(step, _Node({}, {}))
        if number == len(path) - 1:
            node.own.update(content)
        below = node.below


def _whole(nodes: dict[tuple[str, int], _Node]) -> tuple[ReportedAttribute, ...]:
    """The attributes: where ids first stand in the head, the instances of each in their order."""
    order = {name: place for place, name in reversed(list(enumerate(name for name, _ in nodes)))}
    found = []
    for name, number in sorted(nodes, key=lambda step: (order[step[0]], step[1])):
        node = nodes[name, number]
        found.append(ReportedAttribute(id=name, attributes=_whole(node.below), **node.own))
    return tuple(found)
