"""What threads lend from one another: each has one user at a time, and all are given back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from time import sleep

import pytest

from extractor.spares import Spares


def test_the_last_one_given_back_is_taken_first() -> None:
    made = count()
    spares = Spares(lambda: next(made), lambda _: None)
    first, second = spares.take(), spares.take()
    spares.give_back(first)
    spares.give_back(second)
    assert (first, second) == (0, 1)
    assert spares.take() == second
    assert spares.take() == first
    assert spares.take() == 2


def test_each_has_one_user_at_a_time() -> None:
    class Thing:
        users = 0

    spares = Spares(Thing, lambda _: None)
    together = Barrier(8)

    def use() -> set[int]:
        together.wait()
        ids = set()
        for _ in range(50):
            with spares.lent() as thing:
                thing.users += 1
                sleep(0)  # so that others come by
                assert thing.users == 1
                ids.add(id(thing))
                thing.users -= 1
        return ids

    with ThreadPoolExecutor(8) as pool:
        seen = set().union(*(job.result() for job in [pool.submit(use) for _ in range(8)]))
    assert len(seen) <= 8


def test_all_are_disposed_of_once_even_those_in_use() -> None:
    made, gone = count(), list[int]()
    with Spares(lambda: next(made), gone.append) as spares:
        spares.take()
        spares.give_back(spares.take())
        spares.close()
        with pytest.raises(RuntimeError, match="disposed of"):
            spares.take()
    assert sorted(gone) == [0, 1, 2]


def test_one_that_fails_to_be_used_is_given_back() -> None:
    made = count()
    spares = Spares(lambda: next(made), lambda _: None)
    with pytest.raises(ZeroDivisionError), spares.lent():
        _ = 1 // 0
    assert spares.take() == 0
