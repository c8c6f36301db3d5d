"""Fields of SDMX-CSV: columns and their headers, the text of values, quoting (field guide 2.1; RFC 4180).

A field is quoted when it holds a comma, a quote or a line break; an empty text is ``""`` and so differs from no value.
Several values share a field, separated by ``;``. A value among several is itself quoted when it holds that separator or
a line break, or begins with a quote, and so is each set of texts of a multilingual component with several values.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from ...batches import DataSet
from ...model.period import Period
from ...model.resolved import ResolvedComponent
from ..texts import best_text
from ..values import SEPARATOR, Decoded, decoded, joined

_SPECIAL = re.compile('[",\r\n]')
_DAY = 86_400_000_000
_EPOCH = dt.date(1970, 1, 1)


def quoted(text: str) -> str:
    """One field by RFC 4180."""
    return '"' + text.replace('"', '""') + '"' if not text or _SPECIAL.search(text) else text


def needs_quotes(texts: Iterable[str | None]) -> bool:
    """Whether any of the texts does."""
    return any(t is not None and _SPECIAL.search(t) for t in texts)


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the table: a component, and how its values stand in a field.

    ``several``: it is multi-valued; ``languages``: those of a multilingual component, in the header's order; ``path``:
    what stands in the header in place of the id.
    """

    id: str
    name: str = ""
    path: str = ""
    several: bool = False
    languages: tuple[str, ...] = ()

    @property
    def divided(self) -> bool:
        """Whether a field may hold several texts."""
        return self.several or bool(self.languages)

    def header(self, labels: str) -> str:
        """The header field, or two of them."""
        term = self.path or self.id
        if self.languages:
            term += f"[{SEPARATOR.join(self.languages)}]"
        elif self.several:
            term += "[]"
        if labels == "both":
            return quoted(f"{term}: {self.name or self.id}")
        return f"{quoted(term)},{quoted(self.name or self.id)}" if labels == "name" else quoted(term)

    def joined(self, other: Column) -> Column:
        """One column for the components of that id of two structures."""
        languages = tuple(dict.fromkeys((*self.languages, *other.languages)))
        return msgspec.structs.replace(self, several=self.several or other.several, languages=languages)


def column(component: ResolvedComponent, dataset: DataSet, languages: Sequence[str]) -> Column:
    """The column of a component; the languages of its values are those that its dictionary holds."""
    name = best_text(component.names, languages) or ""
    used: tuple[str, ...] = ()
    if component.multilingual:
        texts = [*dataset.codes(component.id), dataset.dataset_attributes.get(component.id)]
        found: dict[str, None] = {}
        for text in texts:
            for part in _parts(decoded(component, text)) if text is not None else ():
                found.update(dict.fromkeys(part if isinstance(part, dict) else ()))
        used = tuple(found) or ("en",)
    several = component.multi_valued
    return Column(id=component.id, name=name, path=component.path, several=several, languages=used)


def plain_column(name: str, component: ResolvedComponent, languages: Sequence[str]) -> Column:
    """The column of a component in 1.0, where no field is divided."""
    return Column(id=name, name=best_text(component.names, languages) or "")


def _parts(value: Decoded) -> list[str] | list[dict[str, str]]:
    return value if isinstance(value, list) else [value]  # type: ignore[return-value]


def value_text(value: Decoded, separated: bool, names: Mapping[str, str] | None = None) -> str:
    """The text of a value before quoting. ``names`` given: ``ID: Name`` for each code (labels=both)."""
    if isinstance(value, str):
        return _labelled(value, names)
    if isinstance(value, dict):
        return _in_languages(value)
    if value and isinstance(value[0], dict):
        sets = [_in_languages(v) if isinstance(v, dict) else v for v in value]
        return SEPARATOR.join('"' + s.replace('"', '""') + '"' for s in sets) if separated else sets[0]
    return joined(_labelled(str(v), names) for v in value)


def _labelled(code: str, names: Mapping[str, str] | None) -> str:
    return f"{code}: {names[code]}" if names and code in names else code


def _in_languages(texts: Mapping[str, str]) -> str:
    return joined(f"{lang}:{text}" for lang, text in texts.items())


def name_text(value: Decoded, names: Mapping[str, str]) -> str:
    """The text of the name column (labels=name): empty for a value without a localised name."""
    if isinstance(value, dict) or (isinstance(value, str) and value not in names):
        return ""
    if isinstance(value, str):
        return quoted(names[value])
    found = [names.get(v, "") if isinstance(v, str) else "" for v in value]
    return quoted(joined(found)) if any(found) else ""


def normalized(periods: Sequence[Period | None], used: Iterable[int]) -> list[str]:
    """ISO 8601 texts of all periods: their first day, or first second when any used period is shorter than a day.

    The guide wants one comparable form for frequencies that are mixed in a message, and gives the start of a period as
    the way to read 2014-01; the same rule serves reporting and other calendars' periods.
    """
    fine = any(p is not None and (p.end - p.start < _DAY or p.start % _DAY) for p in (periods[int(i)] for i in used))
    return ["" if p is None else _iso(p.start, fine) for p in periods]


def _iso(moment: int, fine: bool) -> str:
    days, rest = divmod(moment, _DAY)
    date = (_EPOCH + dt.timedelta(days=days)).isoformat()
    if not fine:
        return date
    seconds, micro = divmod(rest, 1_000_000)
    fraction = f".{micro:06d}".rstrip("0") if micro else ""
    return f"{date}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"
