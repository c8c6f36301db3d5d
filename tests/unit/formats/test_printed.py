"""Artefacts are printed once for each way in which they are asked for, and never out of date."""

import msgspec
import pytest
from support.world import AREA, FLOW

from sdmx_server.batches import WriteOptions
from sdmx_server.formats import FORMATS, printed
from sdmx_server.model.message import Header, Party, StructureMessage
from sdmx_server.remembered import Remembered

HEADER = Header(id="T", prepared="2026-01-01T00:00:00Z", sender=Party(id="SCI"))
WRITERS = [pytest.param(f.write_structures, id=f.name) for f in FORMATS if f.write_structures]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(printed, "_printed", Remembered(printed.BUDGET))


def test_an_object_is_printed_once_for_each_way():
    made = []

    def make(text):
        made.append(text)
        return text.encode()

    for _ in range(2):
        assert printed.printed(AREA, ("xml", "fa"), lambda: make("one")) == b"one"
        assert printed.printed(AREA, ("xml", "en"), lambda: make("two")) == b"two"
        assert printed.printed(FLOW, ("xml", "fa"), lambda: make("three")) == b"three"
    assert made == ["one", "two", "three"]


def test_an_equal_object_of_another_revision_is_another():
    same = msgspec.structs.replace(AREA)
    assert same == AREA
    assert printed.printed(AREA, "x", lambda: b"1") == b"1"
    assert printed.printed(same, "x", lambda: b"2") == b"2"


def test_what_is_very_large_is_not_kept():
    large = b"x" * (printed._LARGEST + 1)
    assert printed.printed(AREA, "x", lambda: large) == large
    assert printed.printed(AREA, "x", lambda: b"again") == b"again"


@pytest.mark.parametrize("write", WRITERS)
def test_answers_are_the_same_the_second_time(write):
    def answer(*artefacts, **options):
        return b"".join(write(StructureMessage(header=HEADER, artefacts=artefacts), WriteOptions(**options)))

    changed = msgspec.structs.replace(AREA, names={"en": "Other", "fa": "دیگر"})
    first = [answer(AREA), answer(AREA, languages=("fa",)), answer(changed), answer(AREA, base_url="http://x")]
    assert first == [answer(AREA), answer(AREA, languages=("fa",)), answer(changed), answer(AREA, base_url="http://x")]
    assert len({*first[:3]}) == 3
