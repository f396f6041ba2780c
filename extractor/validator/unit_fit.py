"""Which unit a number has, and which noun: what a claim may call it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from extractor.quantities import read, unit_of
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, words
from extractor.validator.figures import is_of_unit
from extractor.validator.lexicons import function_stems, general_stems
from extractor.validator.nouns import heads, noun_field
from extractor.validator.sides import supports_side
from extractor.validator.source import Source

_SEVEN = Decimal(7)
_COUNTED = ("count", "number")
_KINDS = {
    "fraction": Kind.FRACTION,
    "times": Kind.MULTIPLE,
    "multiple": Kind.MULTIPLE,
    "ordinal": Kind.ORDINAL,
}
_RATE_REACH = 60  # characters after a number in which "per day" is looked for
_LONGEST_UNIT = 60  # characters


def unit_fault(source: Source, quantity: Quantity, given: str) -> str | None:
    """Why a number has not this unit, one sentence; None where it has.

    A plain count takes its noun as unit ("people"), never a scale, a currency or a measure.
    """
    if is_of_unit(source.document.text, quantity, given):
        return None
    if _KINDS.get(given.lower()) is quantity.kind or _is_rate(source, quantity, given):
        return None
    if quantity.unit is None:
        if given.lower() in _COUNTED or _is_noun_of(source, quantity, given):
            return None
        return f"the unit {given[:60]!r} is not the text's: {quantity.text!r} is a plain count"
    if quantity.unit in unit_names(given):
        return None
    return f"the unit differs: {given[:60]!r} is claimed, {quantity.text!r} is {quantity.unit}"


def unit_names(given: str) -> set[str]:
    """The units that a name may mean: "pounds" are money or a weight."""
    name = given[:_LONGEST_UNIT].lower().removesuffix(" old").removesuffix("-old").strip()
    also = {"GBP"} if name in ("pound", "pounds") else set()
    also |= {"won"} if given in ("KRW", "KPW") else set()
    return {given, unit_of(given[:_LONGEST_UNIT]) or "", unit_of(name) or ""} | also


def strange_noun(source: Source, quantity: Quantity, phrase: str) -> str | None:
    """The first noun of a phrase that the number does not count, if there is one."""
    if quantity.unit is not None and quantity.unit in unit_names(phrase):
        return None
    field = noun_field(source, quantity)
    strange = (
        head.lower
        for head in heads(phrase)
        if not field.counts(head.stem)
        or (head.stem not in field.own and unit_of(head.lower) is not None)
    )
    return next(strange, None)


def content(phrase: str) -> Iterator[Word]:
    """The words of a phrase that carry meaning."""
    everything = words(phrase, Span(0, len(phrase)))
    return (word for word in everything if word.stem not in function_stems())


def stands(source: Source, phrase: str, word: Word) -> bool:
    """Whether a word of a phrase stands in the document, or is implied there."""
    if word.stem in source.stems or word.stem in general_stems():
        return True
    written = word.span.of(phrase)
    return written[:1].isupper() and source.remembered(
        ("side", written), lambda: supports_side(source.document.text, written)
    )


def _is_rate(source: Source, quantity: Quantity, given: str) -> bool:
    """Whether "people per day" is said of a number: "40 soldiers are dying each day"."""
    noun, per, period = given[:_LONGEST_UNIT].lower().partition(" per ")
    if not per or not period.strip().isalpha():
        return False
    rate = rf"\b(?:per|each|every|an?)\s+{re.escape(period.strip())}\b"
    sentence = source.sentence_of(quantity.number)
    said = re.compile(rate, re.IGNORECASE).search(
        source.document.text,
        quantity.number.end,
        min(sentence.end, quantity.number.end + _RATE_REACH),
    )
    return said is not None and (noun in _COUNTED or _is_noun_of(source, quantity, noun))


def _is_noun_of(source: Source, quantity: Quantity, unit: str) -> bool:
    """Whether the words of a plain count's unit stand in the text, none of them a unit or scale."""
    unit = unit[:_LONGEST_UNIT]
    if any(unit_of(part) for part in (unit, *unit.split())) or read(unit).quantities:
        return False
    sample = read(f"7 {unit}").quantities  # "million people", "bn"
    if len(sample) != 1 or sample[0].value != _SEVEN or sample[0].unit is not None:
        return False
    said = list(content(unit))
    return (
        bool(said)
        and all(stands(source, unit, word) for word in said)
        and strange_noun(source, quantity, unit) is None
    )
