"""The head of an SDMX-CSV metadata message: its separators, and what each column is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ...errors import Problem
from .problems import problem

_FIRST = re.compile(
    r'"?MDSTRUCTURE(?:\[(?P<sub>[^"\]])\])?"?(?P<first>[^"A-Za-z0-9_])"?MDSTRUCTURE_ID"?(?P<next>[^"\r\n])'
)
_STEP = re.compile(r"(?P<id>[A-Za-z0-9_@$-]+)(?P<several>\[\])?(?:\[(?P<languages>[A-Za-z][^\[\]]*)\])?")
_TAG = re.compile(r"[A-Za-z0-9-]+")

FIXED = (
    *("MDSTRUCTURE", "MDSTRUCTURE_ID", "MDSTRUCTURE_NAME", "METADATASET_ID", "METADATASET_NAME", "ACTION"),
    *("IS_PARTIAL_LANGUAGE", "TARGET_TYPES", "TARGET_IDS", "TARGET_NAMES"),
)
CUSTOM = {
    "reportingBegin": "reporting_begin",
    "reportingEnd": "reporting_end",
    "publicationYear": "publication_year",
    "publicationPeriod": "publication_period",
}
"""Columns that the field guide names as custom ones, with the fields of a set that they carry."""

_PASSED_OVER = ("prepared",)
_NEEDED = ("MDSTRUCTURE", "MDSTRUCTURE_ID", "METADATASET_ID")


class Separators(NamedTuple):
    """What separates cells, and the values within a cell (None: each has one)."""

    cells: str
    values: str | None


class AttributeColumn(NamedTuple):
    """A column of a metadata attribute: its path, which of its steps have several instances, whether it has texts in
    languages.
    """

    place: int
    title: str
    path: tuple[str, ...]
    several: tuple[bool, ...]
    languages: bool


class Head(NamedTuple):
    """The columns of a message: places of the fixed and custom ones, and the metadata attributes.

    ``labelled``: ids are followed by ``: `` and names.
    """

    fixed: dict[str, int]
    custom: dict[str, int]
    attributes: tuple[AttributeColumn, ...]
    width: int
    labelled: bool


def separators(text: str) -> tuple[Separators, str] | None:
    """The separators of a message, and its text with a uniform head; None when it does not begin with such a head.

    An example of the field guide has another character behind the first head than behind all others; that counts which
    follows the second.
    """
    found = _FIRST.match(text)
    if found is None:
        return None
    place = found.start("first")
    return Separators(found["next"], found["sub"]), text[:place] + found["next"] + text[place + 1 :]


def _attribute(place: int, title: str) -> AttributeColumn | None:
    """The attribute that a head means; None when it means none."""
    path: list[str] = []
    several: list[bool] = []
    languages = None
    for step in title.split("."):
        found = _STEP.fullmatch(step)
        if found is None or languages is not None:
            return None
        path.append(found["id"])
        several.append(found["several"] is not None)
        languages = found["languages"]
    known = languages is not None and bool(_TAG.findall(languages))
    return AttributeColumn(place, title, tuple(path), tuple(several), known)


def read_head(cells: Sequence[str], file: str) -> tuple[Head, list[Problem]]:
    """What the columns are, and what is wrong with them."""
    problems: list[Problem] = []
    fixed: dict[str, int] = {}
    custom: dict[str, int] = {}
    attributes: list[AttributeColumn] = []
    named = "MDSTRUCTURE_NAME" in cells
    labelled = False
    beside = False  # whether the column is that of the names of the one before
    for place, cell in enumerate(cells):
        title, colon, _ = cell.partition(": ")
        title = title.partition("[")[0] if place == 0 else title
        if title in FIXED and title not in fixed:
            fixed[title] = place
        elif title in CUSTOM and title not in custom:
            custom[title] = place
        elif beside:
            beside = False
        elif title not in _PASSED_OVER:
            found = _attribute(place, title)
            twice = title in fixed or title in custom or any(one.title == title for one in attributes)
            if found is None or twice:
                problems.append(problem("csv.column-twice" if twice else "csv.column", file, row=1, column=cell))
                continue
            attributes.append(found)
            labelled, beside = labelled or bool(colon), named
    if any(title not in fixed for title in _NEEDED):
        problems.append(problem("csv.head", file, row=1))
    return Head(fixed, custom, tuple(attributes), len(cells), labelled), problems
