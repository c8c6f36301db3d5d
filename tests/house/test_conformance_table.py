"""docs/conformance.md says what the tests prove, no more and no less."""

from __future__ import annotations

from itertools import groupby

from conformance import items, table
from conformance.not_offered import NOT_OFFERED


def test_items_have_names_of_their_own() -> None:
    names = items.names()
    assert len(names) > 600
    assert [name for name, same in groupby(sorted(names)) if len(list(same)) > 1] == []


def test_marks_name_items_of_the_specification() -> None:
    known = set(items.names())
    unknown = {item: tests for item, tests in table.marks().items() if item not in known}
    assert unknown == {}, "items are listed in tests/conformance/items_v1.py and items_v2.py"


def test_what_is_not_offered_is_of_the_specification_and_its_refusal_is_proven() -> None:
    assert set(NOT_OFFERED) <= set(items.names())
    assert set(NOT_OFFERED) <= set(table.marks()), "say by a test what is answered instead"


def test_the_document_is_what_the_marks_say() -> None:
    written = table.DOCUMENT.read_text(encoding="utf-8")
    assert written == table.text(), f"docs/conformance.md is not what the marks say: run `{table.COMMAND}`, commit it"
