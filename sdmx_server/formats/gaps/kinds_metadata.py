"""The gaps of metadata sets."""

from __future__ import annotations

from typing import cast

import msgspec

from ...model.metadataset import MetadataSet, ReportedAttribute
from ...model.rebuild import rebuild
from .gap import ALL, ALL_30, ONLY_21, ONLY_30, ONLY_JSON, ONLY_XML, Gap, row

_with = msgspec.structs.replace
_KIND = MetadataSet.kind
_HERE = (ONLY_21, ONLY_XML)


def no_reports(reported: MetadataSet) -> MetadataSet:
    """Without what only 2.1 says of its targets."""
    return _with(reported, reports=())


def no_formats(reported: MetadataSet) -> MetadataSet:
    """Values without the formats that SDMX-JSON may give beside them."""
    return cast("MetadataSet", rebuild(reported, ReportedAttribute, lambda held: _with(held, text_format=None)))


def no_agreement(reported: MetadataSet) -> MetadataSet:
    """Without the provision agreement."""
    return _with(reported, provision_agreement=None)


def no_version(reported: MetadataSet) -> MetadataSet:
    """As a set without version."""
    return _with(reported, version="1.0")


def no_descriptions(reported: MetadataSet) -> MetadataSet:
    """Without descriptions."""
    return _with(reported, descriptions={})


def no_merging(reported: MetadataSet) -> MetadataSet:
    """Without the action Merge, which 2.1 does not know."""
    return _with(reported, action=None) if reported.action == "Merge" else reported


def same(reported: MetadataSet) -> MetadataSet:
    """The set: what is told of it is not a part of it."""
    return reported


METADATA: tuple[Gap, ...] = (
    *(
        row(
            _KIND,
            "reports",
            where,
            (
                "the ids of report structures and metadata targets of 2.1, and their periods, are left out",
                "شناسهٔ ساختار گزارش و هدف فراداده در 2.1 و دورهٔ آن‌ها نوشته نمی‌شود",
            ),
            no_reports,
        )
        for where in ((ALL_30, ONLY_XML), (ONLY_30, ONLY_JSON))
    ),
    row(
        _KIND,
        "targets",
        (ALL_30, ONLY_JSON),
        (
            "a target with wildcards is written as all that it means now",
            "هدفی که نویسهٔ عام دارد به صورت همهٔ آنچه اکنون در بر می‌گیرد نوشته می‌شود",
        ),
        same,
        tells=lambda reported: any("*" in urn for urn in reported.targets),
    ),
    row(
        _KIND,
        "attributes.text_format",
        (ALL, ONLY_XML),
        ("the format beside a value is left out", "قالبی که کنار مقدار آمده نوشته نمی‌شود"),
        no_formats,
    ),
    row(
        _KIND,
        "agency",
        _HERE,
        ("there are no metadata providers; the provider is left out", "ارائه‌دهندهٔ فراداده وجود ندارد و نوشته نمی‌شود"),
        same,
        tells=lambda _: True,
    ),
    row(
        _KIND,
        "provision_agreement",
        _HERE,
        (
            "a set is reported for its metadataflow; the provision agreement is left out",
            "مجموعه برای جریان فراداده گزارش می‌شود؛ توافق ارائه نوشته نمی‌شود",
        ),
        no_agreement,
    ),
    row(_KIND, "version", _HERE, ("a metadata set has no version", "مجموعهٔ فراداده نسخه ندارد"), no_version),
    row(_KIND, "descriptions", _HERE, ("the description is left out", "شرح مجموعه نوشته نمی‌شود"), no_descriptions),
    row(_KIND, "action", _HERE, ("the action Merge is left out", "کنش Merge نوشته نمی‌شود"), no_merging),
)
"""In the order in which they are applied. None of them leaves a set out."""
