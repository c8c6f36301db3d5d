"""Turns: short work comes one after the other, long work does not hold up anybody."""

from __future__ import annotations

import threading
import time

import pytest

from sdmx_server.web import turns as module
from sdmx_server.web.turns import Turns

_NEVER = 600.0


def _together(count: int, work) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert not any(thread.is_alive() for thread in threads)


def test_short_work_is_done_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONG", _NEVER)  # a busy machine may stop a thread for long
    turns, working, most = Turns(), [0], [0]

    def work() -> None:
        for _ in range(20):
            with turns.mine():
                working[0] += 1
                most[0] = max(most[0], working[0])
                time.sleep(0.0001)
                working[0] -= 1

    _together(6, work)
    assert most == [1]


def test_others_go_on_while_one_works_for_long() -> None:
    turns, begun, end, done = Turns(), threading.Event(), threading.Event(), []

    def long() -> None:
        with turns.mine():
            begun.set()
            assert end.wait(10)

    def short() -> None:
        with turns.mine():
            done.append(time.monotonic())

    longest = threading.Thread(target=long)
    longest.start()
    assert begun.wait(10)
    began = time.monotonic()
    _together(5, short)
    assert len(done) == 5
    assert max(done) - began < 1
    began = time.monotonic()
    short()  # the long one still works, and is not waited for a second time
    assert time.monotonic() - began < 1
    end.set()
    longest.join(10)


def test_work_that_fails_ends_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONG", _NEVER)
    turns, done = Turns(), []
    with pytest.raises(ZeroDivisionError), turns.mine():
        _ = 1 / 0

    def work() -> None:
        with turns.mine():
            done.append(True)

    _together(1, work)
    assert done == [True]
