"""The options of the loader ``excel``: their JSON Schema, and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_TEXT = {"type": "string", "minLength": 1}
_TEXTS = {"type": "array", "items": _TEXT, "minItems": 1}
_LETTERS = {"type": "string", "pattern": "^[A-Z]{1,3}$"}


def _object(required: list[str], **properties: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


SCHEMA: Mapping[str, Any] = _object(
    ["stubs", "levels"],
    sheets={"anyOf": [{"const": "all"}, _TEXTS, _object(["matches"], matches=_TEXT)]},
    sheet_column=_TEXT,
    head=_object(
        [],
        label=_TEXT,
        row={"type": "integer", "minimum": 1, "maximum": 1_048_576},
        rows={"type": "integer", "minimum": 1, "maximum": 20},
    ),
    levels={"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 20},
    stubs={
        "type": "array",
        "minItems": 1,
        "maxItems": 50,
        "items": {
            "anyOf": [_TEXT, _object(["name"], name=_TEXT, column=_LETTERS, head=_TEXT, fill={"type": "boolean"})]
        },
    },
    ignore={"type": "array", "items": _LETTERS},
    sections=_object(["name", "labels"], name=_TEXT, labels=_TEXTS),
    value=_TEXT,
    fill_heads={"type": "boolean"},
    until=_TEXT,
    skip=_TEXTS,
    empty=_TEXT,
    percent={"enum": ["fraction", "hundred"]},
    numbers_as_text={"type": "boolean"},
    arabic_letters={"type": "boolean"},
    hidden={"enum": ["refuse", "read", "skip"]},
    agree={
        "type": "array",
        "items": _object(
            ["columns"],
            columns={"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
            table={"type": "object", "additionalProperties": {"type": "string"}},
        ),
    },
    expect=_object(
        [],
        sheets={"type": "integer", "minimum": 1},
        rows={"type": "integer", "minimum": 1},
        labels={"type": "object", "additionalProperties": _TEXTS},
        heads=_TEXTS,
    ),
    totals={
        "type": "array",
        "items": _object(
            ["column", "whole", "parts"],
            column=_TEXT,
            whole=_TEXT,
            parts=_TEXTS,
            tolerance={"type": "number", "minimum": 0},
        ),
    },
)
"""The JSON Schema of the options; ``docs/recipes.md`` tells what each means."""


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the options' values."""


class Head(_Part, frozen=True, kw_only=True):
    """Where the head is: its first row by a label that stands in it, or by number; and how many rows it has."""

    label: str | None = None
    row: int | None = None
    rows: int | None = None


class Stub(_Part, frozen=True, kw_only=True):
    """A column of row labels: the next one, or the one with these letters or this head."""

    name: str
    column: str | None = None
    head: str | None = None
    fill: bool = False


class Sections(_Part, frozen=True, kw_only=True):
    """Labels that stand alone in their row, above the rows that they hold for."""

    name: str
    labels: tuple[str, ...]


class Agree(_Part, frozen=True, kw_only=True):
    """Two columns that say the same in two languages."""

    columns: tuple[str, str]
    table: dict[str, str] = {}


class Expect(_Part, frozen=True, kw_only=True):
    """What each sheet must look like."""

    sheets: int | None = None
    rows: int | None = None
    labels: dict[str, tuple[str, ...]] = {}
    heads: tuple[str, ...] = ()


class Total(_Part, frozen=True, kw_only=True):
    """A label of a column of row labels or a level of the head that is the sum of others."""

    column: str
    whole: str
    parts: tuple[str, ...]
    tolerance: float = 0.0


class Options(_Part, frozen=True, kw_only=True):
    """All options; see ``docs/recipes.md``."""

    stubs: tuple[str | Stub, ...]
    levels: tuple[str, ...]
    sheets: Any = None
    sheet_column: str | None = None
    head: Head = Head()
    ignore: tuple[str, ...] = ()
    sections: Sections | None = None
    value: str = "value"
    fill_heads: bool = False
    until: str | None = None
    skip: tuple[str, ...] = ()
    empty: str | None = None
    percent: str | None = None
    numbers_as_text: bool = False
    arabic_letters: bool = False
    hidden: str = "refuse"
    agree: tuple[Agree, ...] = ()
    expect: Expect = Expect()
    totals: tuple[Total, ...] = ()

    @property
    def depth(self) -> int:
        """How many rows the head has."""
        return self.head.rows or len(self.levels)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the rows that the loader yields, the value last."""
        sheet = (self.sheet_column,) if self.sheet_column else ()
        section = (self.sections.name,) if self.sections else ()
        stubs = tuple(stub if isinstance(stub, str) else stub.name for stub in self.stubs)
        return (*sheet, *section, *stubs, *(name for name in self.levels if name), self.value)

    def faults(self) -> Iterator[tuple[str, str, str]]:
        """What the schema cannot say: place, value and reason of each fault."""
        if self.depth != len(self.levels):
            yield "levels", ", ".join(self.levels), f"the head has {self.depth} rows, levels must name as many"
        for name in sorted({name for name in self.columns if self.columns.count(name) > 1}):
            yield "stubs", name, "two columns cannot have the same name"
        known = self.columns[:-1]
        named = [("agree", name) for pair in self.agree for name in pair.columns]
        named += [("totals", total.column) for total in self.totals]
        named += [("expect.labels", name) for name in self.expect.labels]
        for place, name in named:
            if name not in known:
                yield place, name, f"there is no such column; there are {', '.join(known)}"
        matches = [self.sheets["matches"]] if isinstance(self.sheets, dict) else []
        for pattern in (*matches, *([self.until] if self.until else ()), *self.skip):
            try:
                re.compile(pattern)
            except re.error as error:
                yield "/", pattern, str(error)
