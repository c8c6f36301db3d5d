"""Metadata sets as SDMX 2.1 has them: reports, each about one target.

A set of 3.x is written as one report for each of its targets, all of them with the same content; read again they are
one set. What 2.1 says of a target beside the artefact itself - which metadata target it is, a period - stays in
``MetadataSet.reports``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ...model.metadataset import MetadataSet, ReferenceValue, Report
from ...model.metadatastructure import MetadataStructure, MetadataTarget
from ...model.reference import Reference
from ...model.resolved_metadata import MetadataPart
from ..gaps.changes_21 import ANY_TARGET, METADATA_REPORT
from .tables_metadataset import ReportContent, ReportTarget, SetOfReports

Named = tuple[str, str, str]
"""Ids of a report structure, a metadata target, and the object in it that names an artefact."""

_ANY: Named = (METADATA_REPORT, ANY_TARGET.id, ANY_TARGET.objects[0].id)
"""Those of the metadata structure that 3.x attribute lists become in 2.1 (``formats.gaps``)."""


def sets_of(held: SetOfReports, about: Reference | None, provider: str) -> Iterator[MetadataPart]:
    """The sets that a set of reports means: those of one content, about whatever target, are one.

    ``about`` is the metadataflow or metadata structure that the header names for it; ``provider`` the id of who
    reports.
    """
    groups: list[list[ReportContent]] = []
    for report in held.reports:
        same = next((group for group in groups if _content(group[0]) == _content(report)), None)
        if same is None:
            groups.append([report])
        else:
            same.append(report)
    base = held.set_id or (about.id if about else held.structure_id)
    is_flow = about is not None and about.kind == "Metadataflow"
    for number, group in enumerate(groups, start=1):
        identifier = base if len(groups) == 1 else f"{base}_{number}"
        reported = _set(held, group, identifier, held.data_provider.item if held.data_provider else provider)
        if is_flow:
            reported = msgspec.structs.replace(reported, metadataflow=about)
        yield MetadataPart(metadata_set=reported, flow=None if is_flow else about)


def _content(report: ReportContent) -> tuple[object, ...]:
    return report.id, report.annotations, report.attributes


def _named_report(report: ReportContent) -> Report:
    return Report(id=report.id, target=report.target.id, values=report.target.values)


def _says_nothing_more(report: ReportContent) -> bool:
    """Whether a report only says which artefact it is about, as those written for sets of 3.x do."""
    values = report.target.values
    return len(values) == 1 and values[0].period is None and (report.id, report.target.id, values[0].id) == _ANY


def _set(held: SetOfReports, group: Sequence[ReportContent], identifier: str, provider: str | None) -> MetadataSet:
    targets = (value.target for report in group for value in report.target.values if value.target is not None)
    return MetadataSet(
        id=identifier,
        agency=provider or "unknown",
        names=held.names,
        annotations=(*held.annotations, *group[0].annotations),
        valid_from=held.valid_from,
        valid_to=held.valid_to,
        targets=tuple(dict.fromkeys(targets)),
        attributes=group[0].attributes,
        reports=() if all(map(_says_nothing_more, group)) else tuple(map(_named_report, group)),
        action=held.action,
        reporting_begin=held.reporting_begin,
        reporting_end=held.reporting_end,
        publication_year=held.publication_year,
        publication_period=held.publication_period,
    )


def _object(target: MetadataTarget) -> str | None:
    return next((one.id for one in target.objects if one.element == "IdentifiableObjectTarget"), None)


def _named(structure: MetadataStructure | None) -> Named:
    """How the metadata structure, as 2.1 has it, calls a report about an artefact."""
    if structure is None or not structure.reports:
        return _ANY
    report = structure.reports[0]
    for target in structure.targets:
        found = _object(target)
        if target.id in report.targets and found is not None:
            return report.id, target.id, found
    return _ANY


def reports_of(part: MetadataPart, structure_id: str) -> SetOfReports:
    """The set as reports: those that it came with, else one about each target."""
    reported = part.metadata_set
    report, target, name = _named(part.structure.structure if part.structure else None)
    reports = reported.reports or tuple(
        Report(id=report, target=target, values=(ReferenceValue(id=name, target=urn),)) for urn in reported.targets
    )
    return SetOfReports(
        structure_id=structure_id,
        set_id=reported.id,
        names=reported.names,
        annotations=reported.annotations,
        reports=tuple(
            ReportContent(
                id=one.id, target=ReportTarget(id=one.target, values=one.values), attributes=reported.attributes
            )
            for one in reports
        ),
        action=reported.action,
        reporting_begin=reported.reporting_begin,
        reporting_end=reported.reporting_end,
        publication_year=reported.publication_year,
        publication_period=reported.publication_period,
        valid_from=reported.valid_from,
        valid_to=reported.valid_to,
    )
