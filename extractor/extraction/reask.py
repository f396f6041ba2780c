"""What a model is told when its answers are refused, in words that no library's version changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from extractor.claims import Verdict
from extractor.errors import AnswerError
from extractor.extraction.second_answers import missing
from extractor.extraction.tally import Outcome
from extractor.model import Message, UnusableAnswerError

OMITTED = "the model's answer leaves it out or gives it twice"

_LONGEST_ECHO = 4_000  # characters of an unusable answer that go back with what was wrong with it
_SAID_NOTHING = "(no answer)"  # many chat templates want the turns to alternate
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


def turns_back(said: str, words: str) -> tuple[Message, Message]:
    """What a re-ask adds: the model's own words in its turn, and ours in the user's."""
    return Message("assistant", said if said.strip() else _SAID_NOTHING), Message("user", words)


def echo(fault: AnswerError) -> str:
    """What of an unusable answer goes back."""
    return fault.raw[:_LONGEST_ECHO] if isinstance(fault, UnusableAnswerError) else ""


def objection(kept: Outcome, latest: Outcome, decided: Collection[str]) -> str:
    """What is wrong with the latest answer about a number of which `kept` still stands."""
    if isinstance(latest, Verdict) and not latest.accepted:
        return latest.reask()
    if not isinstance(kept, Verdict):
        return "It has no answer, or two."
    lost = missing(kept, latest, decided) if isinstance(latest, Verdict) else []
    poorer = f"The new answer leaves out what it should say: {', '.join(lost)}. " if lost else ""
    return poorer + kept.reask()


def words_for(objections: Iterable[str], closing: str, fault: AnswerError | None) -> str:
    """The message that goes back: what is wrong with each answer, and what to answer again."""
    if isinstance(fault, UnusableAnswerError):
        lines = [f"That answer cannot be used: {_FAULTS[fault.reason]}"]
    else:
        lines = ["These answers do not stand in the passage.", *objections]
    return "\n".join([*lines, closing])


def numbers_again(numbers: Sequence[str]) -> str:
    """The closing line of a re-ask that names its numbers."""
    return f"Answer again, for these numbers only: {'; '.join(numbers)}"
