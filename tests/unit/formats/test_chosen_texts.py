"""Which of several texts a client gets, and when two clients want the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdmx_server.formats.texts import best_language, tried

TAGS = st.sampled_from(("en", "fa", "fr", "de", "en-GB", "fa-IR", "fr-CH"))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("fa",), ("fa",)),
        (("fa-IR", "fa", "en-US", "en"), ("fa",)),
        (("en-US", "en"), ("en",)),
        (("fr", "fa"), ("fr", "fa")),
        (("en", "fa"), ("en", "fa")),
        (("de", "en"), ("de",)),
        (("fr", "*", "fa"), ("fr",)),
        (("*", "fa"), ()),
    ],
)
def test_what_comes_to_the_same_is_the_same(wanted: tuple[str, ...], found: tuple[str, ...]) -> None:
    assert tried(("en", "fa", "fr"), wanted) == found


@given(st.data(), st.lists(TAGS, min_size=1, max_size=4), st.sets(TAGS, min_size=1))
def test_the_same_language_is_found_either_way(data: st.DataObject, wanted: list[str], there: set[str]) -> None:
    """``there`` are the languages of all texts; a text is in some of them."""
    own = data.draw(st.sets(st.sampled_from(sorted(there)), min_size=1))
    texts = dict.fromkeys(sorted(own), "")
    assert best_language(texts, tried(there, wanted)) == best_language(texts, wanted)
