"""Metadata sets, checked against the structure that they follow, and put into the form in which they are kept.

In that form a text in languages is one also where the message gave it in one language alone, and XHTML is marked as
such: SDMX-CSV and SDMX-JSON do not tell it from other texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from ..model.metadataset import MetadataSet, ReportedAttribute
from ..model.reference import reference_to
from ..model.resolved import ResolvedComponent
from ..model.resolved_metadata import (
    MetadataMessage,
    MetadataPart,
    ResolvedMetadataAttribute,
    ResolvedMetadataStructure,
)
from ..model.version import parse_version
from . import xhtml
from .periods import has_shape, parse
from .problems import Findings, suggestion
from .texts import CONTROL, Fault, judge
from .values import MISSING, code_judge

MOST_LEVELS = 64
"""Attributes within each other: ESMS has four."""

_INTENTIONALLY_MISSING = (MISSING, "NaN")
_UNPRINTABLE = re.compile(CONTROL)


def check_identity(part: MetadataPart, findings: Findings, file: str) -> None:
    """Findings about a set that need no structure: its version, its action, its periods."""
    reported = part.metadata_set
    about: dict[str, Any] = {"file": file, "row": part.row, "path": reference_to(reported).short}
    try:
        version = parse_version(reported.version)
        if not version.semantic and reported.version != "1.0":
            raise ValueError(reported.version)
    except ValueError:
        findings.add("metadata-version", value=reported.version, **about)
    if reported.action == "Delete":
        findings.add("metadata-delete", value=reference_to(reported).short, **about)
    for column, text, text_type, example in (
        ("reportingBegin", reported.reporting_begin, "BasicTimePeriod", "2024-03"),
        ("reportingEnd", reported.reporting_end, "BasicTimePeriod", "2024-03"),
        ("publicationYear", reported.publication_year, "GregorianYear", "2024"),
        ("publicationPeriod", reported.publication_period, "ObservationalTimePeriod", "2024-Q1"),
    ):
        if text is not None and not _is_period(text, text_type):
            findings.add("metadata-period", column=column, value=text, type=text_type, example=example, **about)


def _is_period(text: str, text_type: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return has_shape(text, text_type)


class _Where(NamedTuple):
    """Where attributes stand: the ids above, and how findings name the set."""

    above: tuple[str, ...]
    about: dict[str, Any]

    def column(self, attribute: str) -> str:
        return ".".join((*self.above, attribute))


class SetChecker:
    """Checks the sets of one message that follow one structure."""

    def __init__(
        self, structure: ResolvedMetadataStructure, message: MetadataMessage, findings: Findings, file: str
    ) -> None:
        self._structure, self._findings, self._file = structure, findings, file
        self._language, self._labelled = message.language, message.labelled
        self._judges: dict[int, Callable[[str], Fault | None] | None] = {}

    def checked(self, part: MetadataPart) -> MetadataSet:
        """The set in the form in which it is kept; what is wrong with it is among the findings."""
        reported = part.metadata_set
        about: dict[str, Any] = {"file": self._file, "row": part.row, "path": reference_to(reported).short}
        where = _Where((), about)
        attributes = self._attributes(reported.attributes, self._structure.attributes, where)
        return msgspec.structs.replace(reported, attributes=attributes)

    def _attributes(
        self,
        reported: Sequence[ReportedAttribute],
        allowed: Sequence[ResolvedMetadataAttribute],
        where: _Where,
    ) -> tuple[ReportedAttribute, ...]:
        if len(where.above) >= MOST_LEVELS:
            self._add("metadata-too-deep", where, "", most=MOST_LEVELS)
            return ()
        known = {one.id: one for one in allowed}
        counts = Counter(one.id for one in reported)
        for expected in allowed:
            self._occurrences(expected, counts[expected.id], where)
        found = []
        for one in reported:
            meant = known.get(one.id)
            if meant is None:
                self._add("metadata-attribute-unknown", where, one.id, hint=suggestion(one.id, known))
            else:
                found.append(self._attribute(one, meant, where))
        return tuple(found)

    def _occurrences(self, attribute: ResolvedMetadataAttribute, count: int, where: _Where) -> None:
        most = attribute.max_occurs
        if not count and attribute.min_occurs:
            self._add("metadata-attribute-missing", where, attribute.id)
        elif count and (count < attribute.min_occurs or (most is not None and count > most)):
            limits: dict[str, Any] = {"least": attribute.min_occurs, "most": "∞" if most is None else most}
            self._add("metadata-occurrences", where, attribute.id, found=count, **limits)

    def _attribute(
        self, reported: ReportedAttribute, meant: ResolvedMetadataAttribute, where: _Where
    ) -> ReportedAttribute:
        if meant.is_presentational:
            if reported.value is not None or reported.texts:
                self._add("metadata-presentational", where, reported.id, value=_shown(reported))
            kept = reported
        else:
            kept = self._valued(reported, meant.component, where)
        below = _Where((*where.above, reported.id), where.about)
        return msgspec.structs.replace(kept, attributes=self._attributes(reported.attributes, meant.attributes, below))

    def _valued(self, reported: ReportedAttribute, component: ResolvedComponent, where: _Where) -> ReportedAttribute:
        markup = component.text_type == "XHTML" and component.enumeration is None
        if reported.value is None and not reported.texts:
            if not reported.attributes:
                self._add("metadata-value-missing", where, reported.id)
            return reported
        if reported.structured and not markup:
            self._add("type-wrong", where, reported.id, value=_shown(reported), type=component.text_type)
            return reported
        if reported.value is not None and (markup or component.multilingual):
            texts = {self._language: reported.value}
            reported = msgspec.structs.replace(reported, value=None, texts=texts, structured=markup)
        elif reported.texts:
            if not markup and not self._in_languages(component):
                self._add("metadata-languages", where, reported.id, value=_shown(reported))
            reported = msgspec.structs.replace(reported, structured=markup)
        if markup:
            plain = {language: xhtml.plain(text) for language, text in reported.texts.items()}
            reported = msgspec.structs.replace(reported, texts=plain)
        if self._labelled and reported.value is not None and component.enumeration is not None:
            reported = msgspec.structs.replace(reported, value=_code(reported.value, component))
        for text in [*reported.texts.values(), *([] if reported.value is None else [reported.value])]:
            self._text(text, component, where, reported.id)
        return reported

    def _in_languages(self, component: ResolvedComponent) -> bool:
        """Whether texts in languages are allowed; before 3.0 they are unless the structure says otherwise."""
        older = bool(self._structure.structure.reports) and component.enumeration is None
        return component.multilingual or (older and "isMultiLingual" not in component.text_format.facets)

    def _text(self, text: str, component: ResolvedComponent, where: _Where, attribute: str) -> None:
        if text in _INTENTIONALLY_MISSING:
            return
        if _UNPRINTABLE.search(text):
            self._add("control-character", where, attribute, value=text)
        elif component.enumeration is None and component.text_type == "XHTML" and (reason := xhtml.fault(text)):
            self._add("metadata-xhtml", where, attribute, value=text, reason=reason)
        elif (judged := self._judge(component)) and (fault := judged(text)):
            code, more = fault
            self._add(code, where, attribute, value=text, **more)

    def _judge(self, component: ResolvedComponent) -> Callable[[str], Fault | None] | None:
        key = id(component)  # the structure keeps its components for as long as this lives
        if key not in self._judges:
            single = msgspec.structs.replace(component, multilingual=False, multi_valued=False)
            self._judges[key] = judge(single, code_judge(component))
        return self._judges[key]

    def _add(self, code: str, where: _Where, attribute: str, value: str | None = None, **more: Any) -> None:
        self._findings.add(code, column=where.column(attribute), value=value, **where.about, **more)


def _shown(reported: ReportedAttribute) -> str:
    return reported.value if reported.value is not None else next(iter(reported.texts.values()), "")


def _code(text: str, component: ResolvedComponent) -> str:
    """The code of ``CODE: its name``."""
    codes = {item.id for item in component.enumeration.items} if component.enumeration else set()
    code, colon, _ = text.partition(": ")
    return code if colon and text not in codes and code in codes else text
