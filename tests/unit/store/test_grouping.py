"""Portions of stored rows: between prefixes where that is possible, and a long prefix in pieces."""

from __future__ import annotations

from sdmx_server.store.grouping import portions


def cut(prefixes: str, longest: int | None) -> list[tuple[str, str | None]]:
    """Rows of 10 entries each, one per letter, with batches of 20: what every portion holds, and its long prefix."""
    rows = [(letter, part, 10) for part, letter in enumerate(prefixes)]
    found = portions(rows, 1, 20, longest)
    return [("".join(row[0] for row in p.rows), p.long[0] if p.long else None) for p in found]


def test_portions_end_between_prefixes() -> None:
    assert cut("aabbbcd", 40) == [("aa", None), ("bbb", None), ("cd", None)]
    assert cut("", 40) == []


def test_a_long_prefix_comes_in_pieces_apart_from_its_neighbours() -> None:
    assert cut("abbbbbbbc", 40) == [("a", None), ("bbb", "b"), ("bb", "b"), ("bb", "b"), ("c", None)]


def test_two_long_prefixes_side_by_side_are_told_apart() -> None:
    assert cut("aaaaabbbbb", 40) == [("aaaa", "a"), ("a", "a"), ("bbbb", "b"), ("b", "b")]


def test_without_a_longest_prefix_none_is_cut() -> None:
    assert cut("aaaaaaaaab", None) == [("aaaaaaaaa", None), ("b", None)]
