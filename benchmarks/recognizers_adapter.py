"""What the reader finds, said in the terms of the English case files of Recognizers-Text.

The suite cuts text by other conventions than the reader does, so one fixed mapping a model stands
between them. It sees the text and the reading, never the answer, and reads no number itself:

- NumberModel wants bare numerals. Every figure gives its `number` and `value`; a range gives its
  two `parts`. A minus belongs to the span, and so does the article of a fraction in one word ("a
  half"). Ordinals, vague magnitudes and multiples in one word ("doubled") are not numerals there,
  nor is a figure with letters glued to it ("180ml").
- PercentModel: quantities of kind percent; the span runs from the figure to the per-cent sign,
  without the hedge. Of a range only the second figure counts, at which the sign stands.
- OrdinalModel: quantities of kind ordinal, with their own span.
- NumberRangeModel: quantities with a bound, as an interval in signs. The span is the figure with
  the hedge that sets the bound, without the unit; for a range it runs from "between" or "from" to
  the second figure. more_than and less_than give an open end; at_least, at_most and up_to a closed
  one; a range is closed below and open above, as the suite always has it. Exact, about, almost and
  vague are no intervals there, but an exact figure after "equal to" is one, closed at both sides.
  A lower and an upper bound of one unit with only "and", "but" or a comma between them are one
  interval where the lower is below the upper.
- AgeModel, CurrencyModel and DimensionModel, for information: spans and values only, since their
  names of units are not ours; the span is widened over the unit's name and, for an age, "old".

Values are compared as Decimal, rounded to the 15 digits that the suite's doubles are printed with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Final, TypeAlias

from extractor.quantities import Kind, Qualifier, Quantity, is_time, qualifier_of, read, unit_of
from extractor.text.spans import Span

_DOUBLE = Context(prec=15)  # the digits that the suite prints of a double
_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]?\d+)?")
_MINUS = re.compile(r"(?:\b(?:minus|negative)\b|[-\u2212\u2013])\s*$", re.IGNORECASE)
_ARTICLE = re.compile(r"\ban?\s+$", re.IGNORECASE)
_EQUAL = re.compile(r"\bequal(?:s|ing)?(?:\s+to)?\s+$", re.IGNORECASE)
_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:,|,?\s+and|,?\s+but)\s+", re.IGNORECASE)
_OLD = re.compile(r"[\s-]*(?:olds?|of age)\b", re.IGNORECASE)
# what may stand between a hedge and its figure
_LEADING = re.compile(r"\s*(?:(?:an?|the|another|further|additional|extra)\s+)*", re.IGNORECASE)
_UNIT_WORD = re.compile(r"[\s-]*[^\s\d,;:()-]+")
_LONGEST_UNIT = 3  # words
_CLOSED: Final = frozenset({Qualifier.AT_LEAST, Qualifier.AT_MOST, Qualifier.UP_TO})
_BOUNDS: Final = _CLOSED | {Qualifier.MORE_THAN, Qualifier.LESS_THAN}


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """One found thing in the suite's terms; `value` is written as `canonical` writes it."""

    start: int
    end: int
    value: str


Adapter: TypeAlias = Callable[[str, Iterable[Quantity]], Iterable[Answer]]


def adapt(model: str, text: str) -> list[Answer]:
    """What the reader finds in `text`, in the convention of the suite's `model`, in text order.

    >>> adapt("NumberRangeModel", "more than 7,000 of them")
    [Answer(start=0, end=15, value='(7000,)')]
    """
    # what has neither a value nor two ends ("dozens") has no counterpart in any model
    quantities = [q for q in read(text).quantities if q.value is not None or q.parts]
    return sorted(_ADAPTERS[model](text, quantities))


def canonical(value: object) -> str:
    """A value of the suite with every figure in one spelling; nothing at all is "null".

    >>> canonical("1E-12"), canonical("[10,15.0)"), canonical("20.50%"), canonical(None)
    ('0.000000000001', '[10,15)', '20.5%', 'null')
    """
    if value is None:
        return "null"
    return _NUMERAL.sub(lambda match: _written(Decimal(match[0])), str(value))


def _written(value: Decimal) -> str:
    rounded = _DOUBLE.plus(value).normalize()
    return f"{rounded:f}" if rounded else "0"


def _numbers(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    for q in quantities:
        one_word = q.kind is Kind.MULTIPLE and q.number == q.span
        if q.kind in {Kind.ORDINAL, Kind.VAGUE} or one_word:
            continue
        if text[q.number.end : q.number.end + 1].isalpha():
            continue
        if q.value is None:
            for part in q.parts:
                yield _answer(_signed(text, part.span, part.value), _written(part.value))
        else:
            yield _answer(_numeral(text, q), _written(q.value))


def _percents(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    for q in quantities:
        if q.kind is not Kind.PERCENT:
            continue
        end = _unhedged(q).end
        if q.value is not None:
            yield Answer(_numeral(text, q).start, end, f"{_written(q.value)}%")
        else:
            yield Answer(q.parts[-1].span.start, end, f"{_written(q.parts[-1].value)}%")


def _ordinals(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    del text
    for q in quantities:
        if q.kind is Kind.ORDINAL and q.value is not None:
            yield _answer(q.span, _written(q.value))


@dataclass(frozen=True, slots=True)
class _Interval:
    """A quantity with a bound; `span` is the suite's, `last` where the quantity itself ends."""

    span: Span
    last: int
    low: Decimal | None
    high: Decimal | None
    signs: str  # the two brackets
    unit: str | None

    def answer(self) -> Answer:
        low, high = ("" if end is None else _written(end) for end in (self.low, self.high))
        return _answer(self.span, f"{self.signs[0]}{low},{high}{self.signs[1]}")


def _ranges(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    waiting: _Interval | None = None
    for q in quantities:
        interval = _interval(text, q)
        if interval is None:
            continue
        both = None if waiting is None else _both(text, waiting, interval)
        if both is not None:
            yield both.answer()
            waiting = None
            continue
        if waiting is not None:
            yield waiting.answer()
        waiting = interval
    if waiting is not None:
        yield waiting.answer()


def _interval(text: str, q: Quantity) -> _Interval | None:
    if q.qualifier is Qualifier.RANGE:
        span = _widened(text, Span(_unhedged(q).start, q.number.end), _FROM)
        return _Interval(span, q.span.end, q.low, q.high, "[)", q.unit)
    span = _numeral(text, q)
    if q.qualifier in _BOUNDS:
        closed = q.qualifier in _CLOSED
        signs = "[" if closed and q.low is not None else "("
        signs += "]" if closed and q.high is not None else ")"
        if q.hedge is not None:
            hedge = _bounding(text, q.hedge)
            span = Span(min(span.start, hedge.start), max(span.end, hedge.end))
        span = _widened(text, span, _EQUAL)
        return _Interval(span, q.span.end, q.low, q.high, signs, q.unit)
    equal = _widened(text, span, _EQUAL)
    if q.qualifier is Qualifier.EXACT and equal != span:
        return _Interval(equal, q.span.end, q.value, q.value, "[]", q.unit)
    return None


def _bounding(text: str, hedge: Span) -> Span:
    """The hedge without a word of nearness in front: of "about more than", "more than" bounds."""
    first, _, rest = hedge.of(text).partition(" ")
    if rest and qualifier_of(first) is Qualifier.ABOUT:
        return Span(hedge.end - len(rest.lstrip()), hedge.end)
    return hedge


def _both(text: str, a: _Interval, b: _Interval) -> _Interval | None:
    """Two bounds that stand side by side as one interval, or None where they are two."""
    if a.unit != b.unit or not _JOINS.fullmatch(text[a.last : b.span.start]):
        return None
    lower, upper = (a, b) if a.high is None else (b, a)
    if lower.high is not None or upper.low is not None:
        return None
    if lower.low is None or upper.high is None or not lower.low < upper.high:
        return None
    signs = lower.signs[0] + upper.signs[1]
    span = Span(a.span.start, b.span.end)
    return _Interval(span, b.last, lower.low, upper.high, signs, a.unit)


def _ages(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    for q in quantities:
        if q.kind is Kind.AGE:
            measured = _measured(text, q)
            old = _OLD.match(text, measured.end)
            yield measured if old is None else replace(measured, end=old.end())


def _currencies(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    del text
    for q in quantities:
        if q.kind is Kind.CURRENCY and q.value is not None:
            yield _answer(_unhedged(q), _written(q.value))
        elif q.kind is Kind.CURRENCY:
            whole, (low, high) = _unhedged(q), q.parts
            yield Answer(whole.start, low.span.end, _written(low.value))
            yield Answer(high.span.start, whole.end, _written(high.value))


def _dimensions(text: str, quantities: Iterable[Quantity]) -> Iterable[Answer]:
    for q in quantities:
        if q.kind is Kind.MEASURE and not is_time(q.unit):
            yield _measured(text, q)


def _measured(text: str, q: Quantity) -> Answer:
    """The figure with the unit that follows; of a range, the figure that the unit stands at."""
    end = max(_unit_end(text, q), _unhedged(q).end)
    if q.value is not None:
        return Answer(_numeral(text, q).start, end, _written(q.value))
    return Answer(q.parts[-1].span.start, end, _written(q.parts[-1].value))


def _unit_end(text: str, q: Quantity) -> int:
    """Where the unit's name after the figure ends; the figure's own end where none stands there."""
    longest = end = q.number.end
    for _ in range(_LONGEST_UNIT):
        word = _UNIT_WORD.match(text, end)
        if word is None:
            break
        end = word.end()
        name = text[q.number.end : end].strip(" -").rstrip(".")
        if q.unit is not None and unit_of(name) == q.unit:
            longest = q.number.end + text[q.number.end : end].index(name) + len(name)
    return longest


def _numeral(text: str, q: Quantity) -> Span:
    """The bare figure with its minus and, for a fraction in one word, its article."""
    span = q.number if q.value is None else _signed(text, q.number, q.value)
    if q.kind is Kind.FRACTION and span.of(text).isalpha():
        return _widened(text, span, _ARTICLE)
    return span


def _signed(text: str, span: Span, value: Decimal) -> Span:
    return _widened(text, span, _MINUS) if value < 0 else span


def _widened(text: str, span: Span, before: re.Pattern[str]) -> Span:
    """The span with what `before` finds directly in front of it."""
    found = before.search(text[: span.start])
    return span if found is None else Span(found.start(), span.end)


def _unhedged(q: Quantity) -> Span:
    """The quantity's span without its hedge, on whichever side that stands."""
    if q.hedge is None:
        return q.span
    if q.hedge.end <= q.number.start:
        behind = _LEADING.match(q.text, q.hedge.end - q.span.start)
        return Span(q.span.start + (behind.end() if behind else 0), q.span.end)
    kept = q.text[: q.hedge.start - q.span.start].rstrip(" -")
    return Span(q.span.start, q.span.start + len(kept))


def _answer(span: Span, value: str) -> Answer:
    return Answer(span.start, span.end, value)


_ADAPTERS: Final[Mapping[str, Adapter]] = MappingProxyType(
    {
        "NumberModel": _numbers,
        "PercentModel": _percents,
        "NumberRangeModel": _ranges,
        "OrdinalModel": _ordinals,
        "AgeModel": _ages,
        "CurrencyModel": _currencies,
        "DimensionModel": _dimensions,
    }
)
