"""What a model is told when its answers are refused, in words that no library's version changes."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.claims import Verdict
from extractor.errors import AnswerError
from extractor.extraction.tally import Outcome
from extractor.model import UnusableAnswerError

OMITTED = "the model's answer leaves it out or gives it twice"

_FAULTS = {
    "no_tool_call": "the function was not called.",
    "wrong_tool": "another function was called.",
    "several_calls": "more than one function was called; call it once, for all numbers.",
    "not_json": "its arguments are not JSON.",
    "wrong_shape": "its arguments do not have the shape that was asked for.",
    "empty": "it is empty.",
}
"""The faults of form that asking again may mend: the model's own, not the endpoint's."""


def is_worth_another(fault: AnswerError | None) -> bool:
    """Whether asking again may mend what was wrong with a whole answer, if anything was."""
    return fault is None or (isinstance(fault, UnusableAnswerError) and fault.reason in _FAULTS)


def words_for(
    numbers: Sequence[str], outcomes: Sequence[Outcome], fault: AnswerError | None
) -> str:
    """The message that goes back: what is wrong with each number, and which to answer again.

    `numbers` are named as in the first question, each with what its answer came to.
    """
    if isinstance(fault, UnusableAnswerError):
        lines = [f"That answer cannot be used: {_FAULTS[fault.reason]}"]
    else:
        lines = ["These answers do not stand in the passage."]
        for number, outcome in zip(numbers, outcomes, strict=True):
            why = outcome.reask() if isinstance(outcome, Verdict) else "It has no answer, or two."
            lines.append(f"Number {number}: {why}")
    lines.append(f"Answer again, for these numbers only: {'; '.join(numbers)}")
    return "\n".join(lines)
