"""What SDMX 2.1 cannot say of data, and what is written instead: a closed table, shown in ``docs/gaps.md``.

For artefacts see ``gaps``. From this table the footer of an SDMX-ML data message tells its reader what concerns it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ...model.message import FooterMessage
from ..api import DataPart
from ..primary_measure import OBS_VALUE, primary_measure
from ..values import attributes, measures

_NAMED = 10
"""Components that one message names."""

_FIRST_CODE = 2001
"""Code of the first row: clients read codes as numbers, and those from 1000 on are the service's own (SDMX REST)."""


class DataGap(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that cannot be expressed. ``concerned`` names the components of an answer that it is about."""

    field: str
    versions: frozenset[str]
    texts: dict[str, str]
    concerned: Callable[[DataPart], list[str]]
    lost: bool = False  # something is left out, not only said in another way
    when_missing: bool = False  # told only when an intentionally missing value was written


def _others(part: DataPart) -> list[str]:
    primary = primary_measure([m.id for m in part.dataset.schema.measures])
    return [m.id for m in measures(part) if m.id != primary]


def _renamed(part: DataPart) -> list[str]:
    primary = primary_measure([m.id for m in part.dataset.schema.measures])
    return [m.id for m in measures(part) if m.id == primary != OBS_VALUE]


def _several(part: DataPart) -> list[str]:
    return [c.id for c in (*measures(part), *attributes(part)) if c.multi_valued]


def _in_languages(part: DataPart) -> list[str]:
    return [c.id for c in (*measures(part), *attributes(part)) if c.multilingual]


def _alone(part: DataPart) -> list[str]:
    if not part.attributes_only:
        return []
    level = part.dataset.schema.level
    return [a.id for a in attributes(part) if a.group is None and level(a) == "group"]


def _all(part: DataPart) -> list[str]:
    return [*part.dataset.measures, *part.dataset.attributes]


def _metadata(part: DataPart) -> list[str]:
    return [a.id for a in attributes(part) if a.metadata]


_ONLY_21 = frozenset({"2.1"})

DATA_GAPS: tuple[DataGap, ...] = (
    DataGap(
        field="measures",
        versions=_ONLY_21,
        texts={
            "en": "there is one measure; the others are written as attributes of the observation",
            "fa": "تنها یک سنجه هست؛ بقیه به‌صورت ویژگی مشاهده نوشته می‌شوند",
        },
        concerned=_others,
    ),
    DataGap(
        field="measures.id",
        versions=_ONLY_21,
        texts={"en": "the measure is called OBS_VALUE", "fa": "نام سنجه OBS_VALUE است"},
        concerned=_renamed,
    ),
    DataGap(
        field="values",
        versions=_ONLY_21,
        texts={
            "en": "several values are joined to one text, with ; between them",
            "fa": "چند مقدار با ; به یک متن پیوسته می‌شوند",
        },
        concerned=_several,
    ),
    DataGap(
        field="values.texts",
        versions=_ONLY_21,
        texts={
            "en": "a text is written in one language, the best of Accept-Language",
            "fa": "متن به یک زبان نوشته می‌شود، بهترین زبان Accept-Language",
        },
        concerned=_in_languages,
        lost=True,
    ),
    DataGap(
        field="values.missing",
        versions=_ONLY_21,
        texts={
            "en": "an intentionally missing value is written as NaN if it is a number, else as #N/A",
            "fa": "مقداری که عمداً نیست اگر عدد باشد NaN و گرنه #N/A نوشته می‌شود",
        },
        concerned=_all,
        when_missing=True,
    ),
    DataGap(
        field="changes.attributes",
        versions=_ONLY_21,
        texts={
            "en": "an attribute that changed by itself is left out, except of the data set, a named group or series",
            "fa": "ویژگی‌ای که خود به تنهایی تغییر کرده نوشته نمی‌شود مگر از مجموعه‌داده، گروه نام‌دار یا سری باشد",
        },
        concerned=_alone,
        lost=True,
    ),
    DataGap(
        field="attributes.metadata",
        versions=_ONLY_21,
        texts={
            "en": "a metadata attribute is written as an attribute, which the data structure does not list",
            "fa": "ویژگی فراداده همچون ویژگی‌ای نوشته می‌شود که ساختار داده آن را فهرست نمی‌کند",
        },
        concerned=_metadata,
    ),
)
"""The closed table."""


def told(parts: Sequence[DataPart], version: str, *, missing: bool = False) -> tuple[FooterMessage, ...]:
    """What a message in a generation tells of the gaps: one message for each, with the components it concerns.

    ``missing``: whether intentionally missing values were written.
    """
    messages = []
    for number, gap in enumerate(DATA_GAPS):
        if version not in gap.versions or (gap.when_missing and not missing):
            continue
        names = list(dict.fromkeys(name for part in parts for name in gap.concerned(part)))
        if not names:
            continue
        shown = ", ".join(names[:_NAMED]) + (" ..." if len(names) > _NAMED else "")
        about = "" if gap.when_missing else f" ({shown})"
        texts = {language: f"{text}{about}" for language, text in gap.texts.items()}
        severity = "Warning" if gap.lost else "Information"
        messages.append(FooterMessage(code=str(_FIRST_CODE + number), severity=severity, texts=texts))
    return tuple(messages)


def table() -> str:
    """The table as Markdown."""
    lines = ["| field | not in | what happens |", "|---|---|---|"]
    lines += [f"| `{gap.field}` | {', '.join(sorted(gap.versions))} | {gap.texts['en']} |" for gap in DATA_GAPS]
    return "\n".join(lines)
