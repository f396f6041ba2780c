"""U: the unit and the counted thing are the text's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.claims import Finding
from extractor.quantities import read, unit_of
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, stem, words
from extractor.validator.case import Case
from extractor.validator.figures import is_of_unit, mixes_ratios
from extractor.validator.lexicons import function_stems, general_stems, negators
from extractor.validator.nouns import heads, noun_field
from extractor.validator.registry import rule
from extractor.validator.sided import side_of, sides_of
from extractor.validator.sides import supports_side

_SEVEN = Decimal(7)
_COUNTED = ("count", "number")
_OF_SIDES = (Kind.COUNT, Kind.VAGUE, Kind.FRACTION, Kind.PERCENT)  # a sum has no side
_KINDS = {
    "fraction": Kind.FRACTION,
    "times": Kind.MULTIPLE,
    "multiple": Kind.MULTIPLE,
    "ordinal": Kind.ORDINAL,
}
_RATE_REACH = 60  # characters after a number in which "per day" is looked for
_LONGEST_UNIT = 60  # characters
_LONGEST_COUNTED = 200  # characters


@rule("U401")
def unit_is_the_texts(case: Case) -> Iterator[Finding]:
    """A unit or currency that is given must be the one that the number carries in the text.

    Text: The dam cost €40 million and took 300 workers.
    Rejected: {"quote": "cost €40 million", "value": "40000000", "unit": "USD"}
    Accepted: {"quote": "cost €40 million", "value": "40000000", "unit": "euros"}
    """
    quantity, given = case.matched, case.candidate.unit
    if quantity is None or given is None:
        return
    if is_of_unit(case.text, quantity, given) or mixes_ratios(
        quantity, given
    ):  # N205 tells the latter
        return
    if _KINDS.get(given.lower()) is quantity.kind or _is_rate(case, quantity, given):
        return
    if quantity.unit is None:
        # a plain count takes its noun as unit ("people"), never a scale, a currency or a measure
        if given.lower() not in _COUNTED and not _is_noun_of(case, given):
            message = (
                f"the unit {given[:60]!r} is not the text's: {quantity.text!r} is a plain count"
            )
            yield case.finding("U401", "unit", message, quantity.span)
    elif quantity.unit not in _units(given):
        message = (
            f"the unit differs: {given[:60]!r} is claimed, {quantity.text!r} is {quantity.unit}"
        )
        yield case.finding("U401", "unit", message, quantity.span)


def _is_rate(case: Case, quantity: Quantity, given: str) -> bool:
    """Whether "people per day" is said of a number: "40 soldiers are dying each day"."""
    noun, per, period = given[:_LONGEST_UNIT].lower().partition(" per ")
    if not per or not period.strip().isalpha():
        return False
    rate = rf"\b(?:per|each|every|an?)\s+{re.escape(period.strip())}\b"
    sentence = case.source.sentence_of(quantity.number)
    said = re.compile(rate, re.IGNORECASE).search(
        case.text, quantity.number.end, min(sentence.end, quantity.number.end + _RATE_REACH)
    )
    return said is not None and (noun in _COUNTED or _is_noun_of(case, noun))


def _units(given: str) -> set[str]:
    """The units that a name may mean: "pounds" are money or a weight."""
    name = given[:_LONGEST_UNIT].lower().removesuffix(" old").removesuffix("-old").strip()
    also = {"GBP"} if name in ("pound", "pounds") else set()
    also |= {"won"} if given in ("KRW", "KPW") else set()
    return {given, unit_of(given[:_LONGEST_UNIT]) or "", unit_of(name) or ""} | also


def _is_noun_of(case: Case, unit: str) -> bool:
    """Whether the words of a plain count's unit stand in the text, none of them a unit or scale."""
    unit = unit[:_LONGEST_UNIT]
    if any(unit_of(part) for part in (unit, *unit.split())) or read(unit).quantities:
        return False
    sample = read(f"7 {unit}").quantities  # "million people", "bn"
    if len(sample) != 1 or sample[0].value != _SEVEN or sample[0].unit is not None:
        return False
    content = list(_content(unit))
    return (
        bool(content)
        and all(_stands(case, unit, word) for word in content)
        and (case.quantity is None or _strange_noun(case, case.quantity, unit) is None)
    )


@rule("U402")
def counted_thing_is_this_numbers(case: Case) -> Iterator[Finding]:
    """The counted thing must be what this number counts, of the side that the text gives it.

    Text: The raid destroyed 17 Aldorian trucks and 56 radar masts.
    Rejected: {"quote": "56 radar masts", "value": "56", "counted": "trucks"}
    Accepted: {"quote": "56 radar masts", "value": "56", "counted": "radar masts"}
    """
    quantity, counted = case.matched, case.candidate.counted
    if quantity is None or counted is None or len(counted) > _LONGEST_COUNTED:
        return
    place = noun_field(case.source, quantity).phrase or quantity.span
    strange = _strange_noun(case, quantity, counted)
    if strange is not None:
        yield case.finding("U402", "counted", _counts_another(case, quantity, strange), place)
        return
    side = side_of(counted) if quantity.kind in _OF_SIDES else None
    theirs = sides_of(case.source, quantity) if side is not None else ()
    if theirs and side not in theirs:
        message = f"what {quantity.text!r} counts is {' or '.join(theirs)}, not {side}"
        yield case.finding("U402", "counted", message, place)


def _strange_noun(case: Case, quantity: Quantity, phrase: str) -> str | None:
    """The first noun of a phrase that the number does not count, if there is one."""
    if quantity.unit is not None and quantity.unit in _units(phrase):
        return None
    field = noun_field(case.source, quantity)
    strange = (
        head.lower
        for head in heads(phrase)
        if not field.counts(head.stem)
        or (head.stem not in field.own and unit_of(head.lower) is not None)
    )
    return next(strange, None)


def _counts_another(case: Case, quantity: Quantity, noun: str) -> str:
    field = noun_field(case.source, quantity)
    if field.phrase is not None and field.settled:
        own = " ".join(field.phrase.of(case.text).split())[:80]
        return f"{quantity.text!r} counts {own!r}, not {noun!r}"
    if stem(noun) in field.taken:
        return f"{noun!r} is what another number of the sentence counts, not {quantity.text!r}"
    return f"nothing near {quantity.text!r} says that it counts {noun!r}"


@rule("U403")
def counted_thing_is_in_the_document(case: Case) -> Iterator[Finding]:
    """Each word of the counted thing must stand in the document, or its country for a side.

    Text: Aldor said 61 of its sailors and 4 pilots were lost.
    Rejected: {"quote": "61 of its sailors", "value": "61", "counted": "Aldorian tanks"}
    Accepted: {"quote": "61 of its sailors", "value": "61", "counted": "Aldorian sailor"}
    """
    quantity, counted = case.matched, case.candidate.counted
    if quantity is None or counted is None:
        return
    if len(counted) > _LONGEST_COUNTED:
        yield case.finding("U403", "counted", "what is counted is no noun phrase", quantity.span)
        return
    if quantity.unit is not None and quantity.unit in _units(counted):
        return
    strange = [word.lower for word in _content(counted) if not _stands(case, counted, word)]
    strange += [run for run in re.findall(r"\d+", counted) if run not in case.source.digit_runs]
    strange += [word.lower for word in words(counted, Span(0, len(counted))) if _negates(word)]
    if strange or not any(True for _ in _content(counted)):
        message = f"what is counted is not in the document: {', '.join(strange) or counted[:60]!r}"
        yield case.finding("U403", "counted", message, quantity.span)


def _negates(word: Word) -> bool:
    """What is counted is a thing; "soldiers not killed" is a statement."""
    return word.lower in negators()


def _content(phrase: str) -> Iterator[Word]:
    everything = words(phrase, Span(0, len(phrase)))
    return (word for word in everything if word.stem not in function_stems())


def _stands(case: Case, phrase: str, word: Word) -> bool:
    if word.stem in case.source.stems or word.stem in general_stems():
        return True
    written = word.span.of(phrase)
    return written[:1].isupper() and case.source.remembered(
        ("side", written), lambda: supports_side(case.text, written)
    )
