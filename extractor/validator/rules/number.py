"""N: the figure is what the text names there, and it is a quantity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.claims import Finding
from extractor.claims.records import plain
from extractor.quantities.types import Kind, Quantity
from extractor.validator.case import Case
from extractor.validator.derived import worked_out
from extractor.validator.events import classes_of, event_field
from extractor.validator.figures import Mismatch, is_of_unit, mismatch, mixes_ratios
from extractor.validator.registry import rule

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CHANGES = frozenset(("rose", "fell"))
_AGE_WORDS = re.compile(r"\b(?:age|aged|ages|old|years?)\b", re.IGNORECASE)


@rule("N201")
def value_is_the_texts(case: Case) -> Iterator[Finding]:
    """The value must be the figure that the text names.

    Text: Rescuers pulled 489 people from the rubble.
    Rejected: {"quote": "489 people from the rubble", "value": "498"}
    Accepted: {"quote": "489 people from the rubble", "value": "489"}
    """
    if case.quantity is None or _miss(case) is not Mismatch.VALUE:
        return
    if case.candidate.derived_from is None and worked_out(case) is None:  # else it is N207's
        yield _differs(case, "N201", case.quantity, "the value differs")


@rule("N202")
def scale_is_the_texts(case: Case) -> Iterator[Finding]:
    """The value must have the scale of the figure that the text names.

    Text: The repairs will cost 1.5 million crowns.
    Rejected: {"quote": "cost 1.5 million crowns", "value": "1500"}
    Accepted: {"quote": "cost 1.5 million crowns", "value": "1500000"}
    """
    if case.quantity is not None and _miss(case) is Mismatch.SCALE:
        yield _differs(case, "N202", case.quantity, "the scale differs")


@rule("N203")
def range_is_whole(case: Case) -> Iterator[Finding]:
    """A range must be given with both its ends, and a single figure as one.

    Text: Between 300 and 400 jobs will go.
    Rejected: {"quote": "Between 300 and 400 jobs", "value": "350"}
    Accepted: {"quote": "Between 300 and 400 jobs", "low": "300", "high": "400"}
    """
    if case.quantity is not None and _miss(case) is Mismatch.RANGE:
        yield _differs(case, "N203", case.quantity, "a range is collapsed or half given")


@rule("N204")
def sign_is_the_texts(case: Case) -> Iterator[Finding]:
    """The sign of the value, and the direction of a change, must be the text's.

    Text: Exports fell 12% while imports rose by 3%.
    Rejected: {"quote": "Exports fell 12%", "value": "12", "event": "rose"}
    Accepted: {"quote": "Exports fell 12%", "value": "12", "event": "fell"}
    """
    quantity = case.quantity
    if quantity is not None and _miss(case) is Mismatch.SIGN:
        yield _differs(case, "N204", quantity, "the sign differs")
    elif case.matched is not None and case.candidate.event is not None:
        said, told = classes_of(case.candidate.event), event_field(case.source, case.matched).own
        if said & _CHANGES and told & _CHANGES and not said & told:
            way = " or ".join(sorted(told & _CHANGES))
            message = f"the direction differs: {case.matched.text!r} {way}"
            yield case.finding("N204", "event", message, case.matched.span)


@rule("N205")
def ratio_is_the_texts(case: Case) -> Iterator[Finding]:
    """Per cent, percentage points, shares and multiples must not be taken for one another.

    Text: Support grew by 4 percentage points to 31%.
    Rejected: {"quote": "grew by 4 percentage points", "value": "4", "unit": "%"}
    Accepted: {"quote": "grew by 4 percentage points", "value": "4", "unit": "percentage points"}
    """
    quantity, given = case.quantity, case.candidate.unit
    if quantity is not None and _miss(case) is Mismatch.RATIO:
        yield _differs(case, "N205", quantity, "a share is told in another measure")
    elif case.matched is None or given is None or is_of_unit(case.text, case.matched, given):
        return
    elif mixes_ratios(case.matched, given):
        message = f"{case.matched.text!r} is {_named(case.matched)}, not {given[:60]!r}"
        yield case.finding("N205", "unit", message, case.matched.span)


@rule("N206")
def number_is_a_quantity(case: Case) -> Iterator[Finding]:
    """A date, time, name, score, ordinal or age is no count of things.

    Text: On March 12 the court freed 9 sailors.
    Rejected: {"quote": "On March 12 the court freed 9 sailors", "value": "12"}
    Accepted: {"quote": "On March 12 the court freed 9 sailors", "value": "9"}
    """
    if case.quote is None or case.figure.unreadable:
        return
    matched = case.matched
    if matched is None:
        for masked in case.source.masked_touching(case.quote):
            if case.figure.value in _figures_of(masked.text):
                message = f"{masked.text!r} is no quantity: {masked.why}"
                yield case.finding("N206", "value", message, masked.span)
                return
    elif matched.kind is Kind.ORDINAL:
        message = f"{matched.text!r} is an ordinal: it says which, not how many"
        yield case.finding("N206", "value", message, matched.span)
    elif matched.kind is Kind.AGE and not _speaks_of_age(case):
        counted = case.candidate.counted or case.candidate.unit or "things"
        message = f"{matched.text!r} is an age, not a count of {counted[:60]!r}"
        yield case.finding("N206", "counted", message, matched.span)


@rule("N207")
def derived_value_is_declared(case: Case) -> Iterator[Finding]:
    """A value that is worked out must say so, and be what the two figures it names give.

    Text: A third of Aldor's 6 million people live by the sea.
    Rejected: {"quote": "A third of Aldor's 6 million people", "value": "2000000"}
    Accepted: {"quote": "Aldor's 6 million people", "value": "6000000"}
    """
    if case.quote is None or case.figure.unreadable:
        return
    if case.candidate.derived_from is not None:
        if case.quantity is None:
            message = (
                "the quote does not hold, as a share and its whole, the figures of derived_from"
            )
            yield case.finding("N207", "derived_from", message, case.quote)
        elif _miss(case) is not None:
            yield _differs(case, "N207", case.quantity, "the parts give another value")
        return
    found = worked_out(case) if _miss(case) is Mismatch.VALUE else None
    if found is not None:
        message = (
            f"{_stated(case)} is not named but worked out of {found.text!r}; say so in derived_from"
        )
        yield case.finding("N207", "value", message, found.span)


@rule("N208")
def figures_are_finite(case: Case) -> Iterator[Finding]:
    """Each stated figure must be a finite number.

    Text: Some 40 bridges were closed.
    Rejected: {"quote": "40 bridges", "value": "NaN"}
    Accepted: {"quote": "40 bridges", "value": "4E+1"}
    """
    name = case.figure.unreadable
    if name is not None:
        shown = str(getattr(case.candidate, name))[:60]
        span = case.quantity.span if case.quantity else case.quote
        yield case.finding("N208", name, f"{shown!r} is not a finite number", span)


def _miss(case: Case) -> Mismatch | None:
    if case.quantity is None or case.figure.unreadable:
        return None
    return mismatch(case.figure, case.quantity)


def _differs(case: Case, code: str, quantity: Quantity, what: str) -> Finding:
    message = f"{what}: {_stated(case)} is claimed, and {quantity.text!r} is {_named(quantity)}"
    return case.finding(code, "value", message, quantity.span)


def _stated(case: Case) -> str:
    candidate = case.candidate
    if candidate.value is not None:
        return candidate.value[:60]
    return f"{candidate.low or 'open'} to {candidate.high or 'open'}"


def _named(quantity: Quantity) -> str:
    if quantity.readings:
        return " or ".join(str(plain(reading)) for reading in quantity.readings)
    if quantity.value is not None:
        unit = f" {quantity.unit}" if quantity.unit else ""
        return f"{plain(quantity.value)}{unit}"
    return f"{plain(quantity.low) or 'open'} to {plain(quantity.high) or 'open'}"


def _figures_of(masked: str) -> set[Decimal]:
    """The numbers that somebody might lift out of a date, a time, a name."""
    found = set()
    for run in _DIGITS.findall(masked):
        found.add(Decimal(re.sub(r"[.,]", "", run)))
        found.update(Decimal(part) for part in re.split(r"[.,]", run))
        if run.count(".") == 1 and "," not in run:
            found.add(Decimal(run))
    return found


def _speaks_of_age(case: Case) -> bool:
    said = (case.candidate.unit, case.candidate.counted)
    return all(text is None for text in said) or any(
        text is not None and _AGE_WORDS.search(text) for text in said
    )
