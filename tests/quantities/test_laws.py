"""Laws that hold for any text: total, exact spans, order, shifting; and figures that read back."""

from __future__ import annotations

import decimal
import itertools
from dataclasses import replace
from decimal import Decimal
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.quantities import Masked, Qualifier, Quantity, Reading, masks, read, read_quantities
from extractor.quantities.candidates import worth_reading
from extractor.quantities.tokens import Tokens

# Pieces that look like numbers, thrown together, reach further into the grammar than any text.
PIECES = st.sampled_from(
    "1 22 333 1,067 1.067 000 2011 1990s 3-1 -5 −2 ½ ⅔ ⁵ ٤٣ ² × ^ % $ £ € Rs US$ A$ m k bn million "
    "thousand hundred dozen one two twenty half quarter third a an the of and or to in out between "
    "from more than up at least over about some almost - – , . : / ' ’ ( ) # @ + ~ am pm GMT May "
    "March Feb. old year years -year-old times fold per cent points km m² sq mi p. No. Section "
    "below zero degrees negative minus plus point perhaps passed like aged ages crore lakhs bn odd "
    "e5 10⁶ + ( ) [ ] ¼ &gt; &nbsp; \u00ad ． （ up by rose through least exceed scores score "
    "thirds twenty-fifth hundredth first second quarter quarters million, thousand, hundred-and- "
    "mm 2000 levels them bed died was he she girl 737 Max 4K update NY 5·5 &amp; girl, "
    "several few couple dozens hundreds http://a.b/1 İ ǰ \u00a0 \u200b \ud800 \n \n\n \t people"
    "".split(" ")
)
SOUP = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", " "])), max_size=30).map(
    lambda pairs: "".join(piece + gap for piece, gap in pairs)
)
TEXTS = st.one_of(SOUP, st.text(max_size=80))


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_reading_is_total_and_its_spans_are_exact(text: str) -> None:
    reading = read(text)
    found: list[Quantity | Masked] = [*reading.quantities, *reading.masked]
    found.sort(key=lambda item: item.span)
    assert all(text[item.span.start : item.span.end] == item.text != "" for item in found)
    for before, after in itertools.pairwise(found):
        assert before.span.end <= after.span.start
    assert list(reading.quantities) == sorted(reading.quantities, key=lambda q: q.span)
    assert list(reading.masked) == sorted(reading.masked, key=lambda m: m.span)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_quantity_holds_together(text: str) -> None:
    for q in read_quantities(text):
        assert q.span.contains(q.number)
        assert q.hedge is None or q.span.contains(q.hedge)
        assert all(q.number.contains(part.span) for part in q.parts)
        assert q.value is None or q.value.is_finite()
        assert q.low is not None or q.high is not None
        assert q.low is None or q.high is None or q.low <= q.high
        assert (q.value is None) == (q.qualifier in {Qualifier.RANGE, Qualifier.VAGUE})
        assert not q.readings or q.readings[0] == q.value


@given(TEXTS, st.integers(1, 9))
@settings(max_examples=200, deadline=None)
def test_a_prefix_shifts_every_span(text: str, length: int) -> None:
    prefix = "x" * length + ".\n\n"
    plain, moved = read("\n\n" + text), read(prefix + text)
    by = len(prefix) - 2
    assert [q.span.shifted(by) for q in plain.quantities] == [q.span for q in moved.quantities]
    assert [m.span.shifted(by) for m in plain.masked] == [m.span for m in moved.masked]


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_the_quick_look_at_plain_figures_leaves_no_mask_out(text: str) -> None:
    tokens = Tokens(text)
    for i in range(tokens.size):
        if tokens.digits(i):
            found = (masker(tokens, i, 0) for masker in masks.DIGIT_MASKS)
            assert masks.mask_digits(tokens, i, 0) == next((m for m in found if m), None)


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_nothing_is_read_where_no_number_can_be(text: str) -> None:
    if not worth_reading(text):
        with patch("extractor.quantities.reader.worth_reading", return_value=True):
            assert read(text) == Reading((), ())


@given(st.lists(TEXTS.filter(lambda text: "\n" not in text), max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_document_is_read_as_its_paragraphs_are(pieces: list[str]) -> None:
    whole = read("\n\n".join(pieces))
    quantities: list[Quantity] = []
    masked: list[Masked] = []
    start = 0
    for piece in pieces:
        own = read(piece)
        quantities += [replace(q, span=q.span.shifted(start)) for q in own.quantities]
        masked += [replace(m, span=m.span.shifted(start)) for m in own.masked]
        start += len(piece) + 2
    assert [(m.span, m.kind) for m in masked] == [(m.span, m.kind) for m in whole.masked]
    # where a form is ambiguous, the document's habit orders its readings
    assert [_essence(q) for q in quantities] == [_essence(q) for q in whole.quantities]


def _essence(q: Quantity) -> tuple[object, ...]:
    if q.readings:
        return (q.span, q.qualifier, frozenset(q.readings))
    return (q.span, q.qualifier, q.value, q.kind, q.unit)


@given(st.integers(0, 10**15))
@settings(max_examples=200, deadline=None)
def test_a_whole_number_reads_back_plain_and_grouped(number: int) -> None:
    for written in (f"{number:,}", f"{number:_}".replace("_", "\u202f")):
        (quantity,) = read_quantities(f"There were {written} people.")
        assert (quantity.value, quantity.text) == (Decimal(number), written)
    (quantity,) = read_quantities(f"There were {number} people.")
    assert quantity.value == number


@given(st.integers(0, 10**9), st.integers(1, 10**6))
@settings(max_examples=100, deadline=None)
def test_decimals_are_exact(whole: int, fraction: int) -> None:
    written = f"{whole}.{fraction:07d}"
    (quantity,) = read_quantities(f"It is {written} per cent.")
    assert quantity.value == Decimal(written)


SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen".split()
)
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def spell(number: int, joint: str) -> str:
    """British spelling: "one million two hundred and three thousand and four"."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        unit = "" if number % 10 == 0 else f"-{SMALL[number % 10]}"
        return TENS[number // 10 - 2] + unit
    for scale, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= scale:
            head, rest = f"{spell(number // scale, joint)} {name}", number % scale
            if rest == 0:
                return head
            return f"{head}{joint if rest < 100 else ' '}{spell(rest, joint)}"
    raise AssertionError


@given(st.integers(2, 10**12 - 1), st.sampled_from([" ", " and "]))
@settings(max_examples=300, deadline=None)
def test_a_spelled_number_reads_back(number: int, joint: str) -> None:
    written = spell(number, joint)
    (quantity,) = read_quantities(f"They saw {written} birds.")
    assert (quantity.value, quantity.text) == (Decimal(number), written)


def test_the_callers_decimal_settings_change_nothing() -> None:
    expected = read("About 12345678901234567.5 million and two-thirds of 99,999,999,999,999,999.")
    with decimal.localcontext(decimal.Context(prec=3, traps=[decimal.Inexact])):
        again = read("About 12345678901234567.5 million and two-thirds of 99,999,999,999,999,999.")
    assert again == expected
    assert again.quantities[0].value == Decimal(12345678901234567500000)
