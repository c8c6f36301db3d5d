"""The sheet of notes: what the data are, where they come from, what is doubtful, and what the columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ...model.resolved import ComponentKind, ResolvedComponent
from ..api import DataMessage, DataPart, WriteOptions
from ..texts import best_language, best_text
from ..values import context_names
from .cells import columns_of

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
_WORDS: dict[str, tuple[str, str]] = {
    "notes": ("Notes", "یادداشت‌ها"),
    "title": ("Title", "عنوان"),
    "description": ("Description", "شرح"),
    "dataflow": ("Dataflow", "جریان داده"),
    "urn": ("URN", "URN"),
    "structure": ("Data structure", "ساختار داده"),
    "sheets": ("Sheets", "برگه‌ها"),
    "observations": ("Observations", "تعداد مشاهده‌ها"),
    "updated": ("Last update (UTC)", "آخرین به‌روزرسانی (UTC)"),
    "sender": ("Sent by", "فرستنده"),
    "query": ("Query", "پرس‌وجو"),
    "notice": ("Notice", "توجه"),
    "source": ("Source", "منبع"),
    "doubt": ("Doubt", "تردید"),
    "licence": ("Licence", "پروانه"),
    "column": ("Column", "ستون"),
    "name": ("Name", "نام"),
    "kind": ("Kind", "نوع"),
    "codes": ("Codes", "کدها"),
    "dimension": ("dimension", "بُعد"),
    "time": ("time dimension", "بُعد زمان"),
    "measure": ("measure", "سنجه"),
    "attribute": ("attribute", "ویژگی"),
}
_OWN = "sdmx-server:"


class Sheet(msgspec.Struct):
    """A sheet of observations: of which part of the message, its name, and how many rows it has beside the head."""

    part: int
    name: str
    rows: int = 0


def language_of(message: DataMessage, options: WriteOptions) -> str:
    """The language that the workbook is in: the best of those that the titles have."""
    names = context_names(message.parts[0])
    return (best_language(names, options.languages) or next(iter(options.languages), "en")).lower()


def is_right_to_left(language: str) -> bool:
    """Whether the script of a language runs from right to left."""
    return language.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT


def word(key: str, language: str) -> str:
    """One of the workbook's own words."""
    return _WORDS[key][language.split("-", maxsplit=1)[0] == "fa"]


def note_lines(message: DataMessage, options: WriteOptions, sheets: Sequence[Sheet]) -> Iterator[tuple[str, ...]]:
    """The lines of the notes; an empty one stands between sections."""
    language = language_of(message, options)
    for number, part in enumerate(message.parts):
        yield from _of_part(part, options, language, [s for s in sheets if s.part == number])
        yield ()
    yield word("updated", language), message.header.prepared
    yield word("sender", language), message.header.sender.id
    if options.self_url:
        yield word("query", language), options.self_url
    for part in message.parts:
        yield ()
        yield tuple(word(key, language) for key in ("column", "name", "kind", "codes"))
        for component in columns_of(part):
            yield _column(component, options, language)


def _of_part(
    part: DataPart, options: WriteOptions, language: str, sheets: Sequence[Sheet]
) -> Iterator[tuple[str, ...]]:
    schema = part.dataset.schema
    flow = schema.dataflow or schema.structure
    yield word("title", language), best_text(context_names(part), options.languages) or part.context.id
    description = best_text(flow.descriptions, options.languages)
    if description:
        yield word("description", language), description
    for note in flow.annotations:
        text = best_text(note.texts, options.languages)
        if text:
            yield _note(note.type or note.id or "", language), text
    yield word("dataflow", language), part.context.short
    yield word("urn", language), part.context.urn
    structure = schema.structure
    yield word("structure", language), f"{structure.agency}:{structure.id}({structure.version})"
    yield word("sheets", language), ", ".join(sheet.name for sheet in sheets)
    yield word("observations", language), str(sum(sheet.rows for sheet in sheets))


def _note(kind: str, language: str) -> str:
    """What a kind of annotation is called; one that is not ours keeps its own name."""
    key = kind.removeprefix(_OWN).lower()
    key = {"license": "licence"}.get(key, key)
    return word(key, language) if key in _WORDS else kind


def _column(component: ResolvedComponent, options: WriteOptions, language: str) -> tuple[str, ...]:
    listed = component.enumeration
    kind = "time" if component.kind is ComponentKind.TIME else component.kind.value
    codes = f"{listed.agency}:{listed.id}({listed.version})" if listed is not None else ""
    return component.id, best_text(component.names, options.languages) or "", word(kind, language), codes
