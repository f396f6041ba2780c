"""Linear work: ten times the text, about ten times the steps, whatever the text is made of.

Steps are lines of the reader's own code, counted by a trace, not seconds: the ratio is the same on
any machine. Long inputs of each kind are then read to their end, once.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from extractor.quantities import read

UNITS = {
    "digits": "7",
    "zeros": "0",
    "letters": "a",
    "spaces": " ",
    "scale words": "million ",
    "tens": "twenty ",
    "scales with ands": "hundred and ",
    "commas": "1,",
    "points": "1.",
    "bare points": ".5",
    "hyphens": "1-",
    "slashes": "5/",
    "groups": "123 ",
    "letters and digits": "a1",
    "addresses": "x.1.com",
    "accounts": "@a1",
    "signs": "+1",
    "currency": "$",
    "brackets": "(",
    "hedges": "well over ",
    "halves": "half a ",
    "ones": "one in ",
    "ranges": "between 3 and ",
    "vague": "hundreds of ",
    "lists": "articles 5, ",
    "years": "1990-",
    "months": "may 3 ",
    "lines": "\n5. ",
    "prose": "On May 5, 2022 more than 1,067 of 44 million people paid $5-6 million. ",
}


def steps(text: str) -> int:
    count = 0

    def local(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001
        nonlocal count
        count += event == "line"
        return local

    def calls(frame: FrameType, event: str, arg: Any) -> Any:  # noqa: ARG001
        return local if "quantities" in frame.f_code.co_filename else None

    previous = sys.gettrace()
    sys.settrace(calls)
    try:
        read(text)
    finally:
        sys.settrace(previous)
    return count


@pytest.fixture(scope="module", autouse=True)
def everything_loaded() -> None:
    """What is built at its first use is built before anything is counted, in any order of tests."""
    for unit in UNITS.values():
        read(unit * 60)
        read(unit * 600)


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS.keys())
def test_ten_times_the_text_is_ten_times_the_work(unit: str) -> None:
    short, long = 60, 600
    assert steps(unit * long) <= 12 * steps(unit * short) + 200


@pytest.mark.parametrize("unit", ["7", "million ", "1,", ".5", "a1", "@a1", "one in ", "$", "("])
def test_a_long_line_is_read_to_its_end(unit: str) -> None:
    read((unit * 20_000)[:20_000])
