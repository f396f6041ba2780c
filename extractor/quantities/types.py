"""What the number reader returns."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from extractor.text.spans import Span


class Kind(StrEnum):
    """What sort of figure it is, by its form and its nearest words."""

    COUNT = "count"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    CURRENCY = "currency"
    MEASURE = "measure"
    FRACTION = "fraction"
    MULTIPLE = "multiple"
    ORDINAL = "ordinal"
    AGE = "age"
    VAGUE = "vague"


class Qualifier(StrEnum):
    """The hedge of a figure, in the ten classes that the whole project uses."""

    EXACT = "exact"
    ABOUT = "about"
    ALMOST = "almost"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    UP_TO = "up_to"
    LESS_THAN = "less_than"
    AT_MOST = "at_most"
    RANGE = "range"
    VAGUE = "vague"


@dataclass(frozen=True, slots=True)
class Part:
    """One end of a range: the figure as named, where it stands."""

    span: Span
    value: Decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of the text.

    `span` covers the whole expression with its hedge and unit sign ("almost 10,000", "£4.2m",
    "12%"); `number` the bare figure with its scale ("10,000", "4.2m"); `hedge` the hedge's own
    words, or None. `value` is the figure as named, scale applied, None for a range or a vague
    magnitude. `low` and `high` are the interval that the text says; None is an open side, so
    "more than 7,000" is 7000 to None, "almost 10,000" None to 10000, "498" 498 to 498, "dozens"
    24 to None. `parts` are the two ends of a range, or the two figures of a proportion ("seven out
    of ten"). `unit` is "%" for per cent, an ISO 4217 code for money, the unit's English name for a
    measure ("kilometre", "hour"; see `unit_of`), or None for a plain count.
    `readings` are the values that the form allows, most likely first, where the form alone cannot
    decide ("1.067"); empty where it does.
    """

    span: Span
    text: str
    number: Span
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    kind: Kind
    qualifier: Qualifier = Qualifier.EXACT
    hedge: Span | None = None
    unit: str | None = None
    parts: tuple[Part, ...] = ()
    readings: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Masked:
    """A number in the text that is no quantity, and why: part of a date, a name, a score.

    `kind` is one word (date, time, year, score, phone, url, identifier, pronoun, section, version);
    `why` is one sentence for a person.
    """

    span: Span
    text: str
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the reader found in a text, each list in text order, nothing overlapping."""

    quantities: tuple[Quantity, ...]
    masked: tuple[Masked, ...]
