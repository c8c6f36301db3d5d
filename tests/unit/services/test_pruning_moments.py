"""Ages and moments of pruning, as people write them."""

from __future__ import annotations

import datetime as dt

import pytest

from sdmx_server.errors import SdmxServerError
from sdmx_server.services.pruning import moment_before

NOW = dt.datetime(2026, 3, 1, 12, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("older_than", "before", "expected"),
    [
        ("36h", None, "2026-02-28T00:30:00+00:00"),
        ("400d", None, "2025-01-25T12:30:00+00:00"),
        ("۴۰۰d", None, "2025-01-25T12:30:00+00:00"),
        (" 2w ", None, "2026-02-15T12:30:00+00:00"),
        ("1y", None, "2025-03-01T12:30:00+00:00"),
        ("0d", None, "2026-03-01T12:30:00+00:00"),
        (None, "2025-01-01T00:00:00Z", "2025-01-01T00:00:00+00:00"),
        (None, "2025-01-01T00:00:00", "2025-01-01T00:00:00+00:00"),
        (None, "2025-01-01T00:00:00.25+03:30", "2024-12-31T20:30:00.250000+00:00"),
    ],
)
def test_an_age_or_a_moment(older_than: str | None, before: str | None, expected: str) -> None:
    assert moment_before(older_than, before, NOW).isoformat() == expected


@pytest.mark.parametrize(
    ("older_than", "before", "why"),
    [
        (None, None, "give either"),
        ("1d", "2025-01-01T00:00:00Z", "give either"),
        ("", None, "no age"),
        ("-1d", None, "no age"),
        ("400", None, "no age"),
        ("1 month", None, "no age"),
        ("9999y", None, "longer ago"),
        (None, "2025-13-01T00:00:00Z", "not a date and time"),
        (None, "yesterday", "not a date and time"),
        (None, "2026-03-01T12:30:01Z", "in the future"),
    ],
)
def test_what_is_no_age_is_refused(older_than: str | None, before: str | None, why: str) -> None:
    with pytest.raises(SdmxServerError, match=why):
        moment_before(older_than, before, NOW)
