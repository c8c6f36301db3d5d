"""Half a million observations as the generator of the shapes makes them: as SDMX-CSV, and as what must come back.

With ``notes`` a shape gets the levels of attributes that it lacks: a text in languages for the data set, and one for
each area in a named group. Both hold what every format has to escape.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

import polars as pl

from benchmarks import shapes

SOURCE, AREA_NOTE = "SOURCE", "AREA_NOTE"
_ACTIONS = {"2.0": "I", "2.1": "R"}
_SOURCE = {"en": 'Survey "2016", part <1> & more; revised', "fa": "آمارگیری «۱۳۹۵»؛ بخش ۱، بازنگری‌شده"}


def text_of(texts: Mapping[str, str]) -> str:
    """A text in languages as one text, to compare."""
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)


def _area_note(area: str) -> str | None:
    """The text of an area; every fifth has none."""
    number = int(area[2:])
    return text_of({"en": f'Area "{number}"; <old> & new', "fa": f"ناحیهٔ {number}، «نو»"}) if number % 5 else None


class Material:
    """One shape at one size, plain or with the attributes of all levels."""

    def __init__(self, name: str, count: int, *, notes: bool = True, agency: str = "BENCH") -> None:
        self.name, self.count, self.agency = name, count, agency
        extra = (AREA_NOTE, SOURCE) if notes else ()
        self.flow = f"{agency}:DF_{name}(1.0.0)"
        self.sizes = shapes.radices(name, count)
        self.periods = shapes.SHAPES[name].periods
        self.key = (*self.sizes, "TIME_PERIOD")
        self.measures = dict(shapes.SHAPES[name].measures)
        self.notes = tuple(f"NOTE_{i}" for i in range(1, shapes.SHAPES[name].series_attributes + 1))
        self.in_languages = frozenset((*self.notes[::4], *extra))
        self.attributes = ("OBS_STATUS", *self.notes, *extra)

    def codes(self, dimension: str) -> list[str]:
        """The codes of a dimension."""
        return [shapes.code(dimension, i) for i in range(self.sizes[dimension])]

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Every observation with the attributes of all levels, in the generator's scattered order."""
        frame = pl.concat(list(shapes.observations(self.name, self.count)))
        if self.notes:
            attached = pl.concat(list(shapes.series_attributes(self.name, self.count)))
            texts = [each(attached[n], lambda t: text_of(json.loads(t))) for n in self.notes[::4]]
            attached = attached.with_columns(texts)
            frame = frame.join(attached, on=list(self.sizes), how="left", validate="m:1", maintain_order="left")
        if AREA_NOTE not in self.attributes:
            return frame
        notes = each(frame["REF_AREA"], _area_note).rename(AREA_NOTE)
        return frame.with_columns(notes, pl.lit(text_of(_SOURCE)).alias(SOURCE))

    @cached_property
    def expected(self) -> pl.DataFrame:
        """What every export must hold, see ``numbered``."""
        return self.numbered(self.frame)

    @cached_property
    def in_english(self) -> pl.DataFrame:
        """The same for a format that has texts in one language only."""
        texts = [each(self.expected[a], lambda t: json.loads(t)["en"]) for a in sorted(self.in_languages)]
        return self.expected.with_columns(texts)

    def numbered(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame sorted by the number of each key, which takes the place of the key.

        Fails for a code or period that is not of the shape, and for a key that occurs twice.
        """
        number = pl.lit(0, pl.Int64)
        for dimension in self.key:
            codes = self.periods if dimension == "TIME_PERIOD" else self.codes(dimension)
            number = number * len(codes) + pl.col(dimension).cast(pl.Enum(codes)).to_physical().cast(pl.Int64)
        found = frame.select(number.alias("number"), *self.measures, *self.attributes).sort("number")
        assert found["number"].null_count() == 0
        assert found["number"].n_unique() == len(found)
        return found

    def write_csv(self, path: Path, version: str) -> None:
        """The observations as an SDMX-CSV message of a version (2.0, 2.1)."""
        frame = self.frame.select(
            pl.lit("dataflow").alias("STRUCTURE[;]"),
            pl.lit(self.flow).alias("STRUCTURE_ID"),
            pl.lit(_ACTIONS[version]).alias("ACTION"),
            *self.key,
            *(pl.col(m).cast(pl.String) for m in self.measures),
            *(
                each(self.frame[a], _field).alias(f"{a}[en;fa]") if a in self.in_languages else pl.col(a)
                for a in self.attributes
            ),
        )
        frame.write_csv(path, line_terminator="\r\n")


def each(column: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """The column with each of its distinct texts changed."""
    texts = column.unique().drop_nulls().to_list()
    return column.replace_strict(texts, [change(t) for t in texts], default=None, return_dtype=pl.String)


def _field(text: str) -> str:
    """A text in languages as SDMX-CSV has it: ``en:Text;fa:متن``."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow([f"{tag}:{t}" for tag, t in json.loads(text).items()])
    return out.getvalue()
