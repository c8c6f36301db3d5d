"""What is remembered stays within its budget, and is found by the very same objects alone."""

from sdmx_server.remembered import Remembered, Same


def test_the_longest_unused_goes_first() -> None:
    held: Remembered[str] = Remembered(10)
    held.put("a", "A", 4)
    held.put("b", "B", 4)
    assert held.get("a") == "A"
    held.put("c", "C", 4)
    assert (held.get("a"), held.get("b"), held.get("c")) == ("A", None, "C")


def test_a_value_that_is_put_again_is_counted_once() -> None:
    held: Remembered[int] = Remembered(10)
    for i in range(5):
        held.put("a", i, 6)
    held.put("b", 7, 4)
    assert (held.get("a"), held.get("b")) == (4, 7)


def test_what_is_larger_than_the_budget_is_not_kept() -> None:
    held: Remembered[int] = Remembered(10)
    held.put("a", 1, 11)
    assert held.get("a") is None


def test_equal_objects_are_not_the_same() -> None:
    one, other = [1], [1]
    assert {Same(one): "one"}.get(Same(other)) is None
    assert {Same(one): "one"}[Same(one)] == "one"
