"""The words that divide: "half", "thirds", "twenty-fifths"; and the parts of one that they name."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from extractor.quantities.lexicon import DENOMINATORS, ORDINAL_UNITS, SCALES, TENS
from extractor.quantities.spelled import small
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.words import FUNCTION_WORDS


class Denominator(NamedTuple):
    """What is divided by, the token after it, and whether it stands in the plural."""

    value: Decimal
    last: int
    plural: bool


def read_denominator(t: Tokens, j: int) -> Denominator | None:
    """The denominator at token `j`, which may be behind a hyphen; None where none stands.

    >>> read_denominator(Tokens("twenty-fifths"), 0)
    Denominator(value=Decimal('25'), last=3, plural=True)
    """
    spaced = t.words[j] == "-" and t.near(j) and t.near(j + 1) and t.lower(j + 1)
    if (t.words[j] in DASHES and t.glued(j) and t.glued(j + 1)) or spaced:
        j += 1
    elif not t.near(j) and j > 0:
        return None
    word = t.words[j]
    if word in DENOMINATORS:
        return Denominator(Decimal(DENOMINATORS[word]), j + 1, word.endswith("s"))
    if word not in TENS:
        return None
    k = j + 2 if t.words[j + 1] in DASHES and t.glued(j + 1) and t.glued(j + 2) else j + 1
    unit = t.words[k].removesuffix("s")
    if unit not in ORDINAL_UNITS or not t.near(k):
        return None
    return Denominator(TENS[word] + ORDINAL_UNITS[unit], k + 1, t.words[k] != unit)


def read_part(t: Tokens, j: int) -> tuple[Decimal, Decimal, int] | None:
    """The part of one at token `j`, after "and": numerator, denominator, the token after it.

    "two and a third was hurt" adds nothing: the name of a part after "a" could be an ordinal,
    unless the words end there.

    >>> read_part(Tokens("three and two-fifths."), 2)
    (Decimal('2'), Decimal('5'), 5)
    """
    if t.words[j] == "half" and t.words[j + 1] in SCALES and t.near(j + 1):
        return Decimal(1), Decimal(2), j + 1  # "two and half crore"
    if t.words[j] in {"a", "an", "one"}:
        top, last = Decimal(1), j + 1
    else:
        head = small(t, j)
        if head is None:
            return None
        top, last = head
    bottom = read_denominator(t, last)
    if bottom is None:
        return None
    scaled = t.glued(last) or t.words[bottom.last] in SCALES
    joined = scaled and bottom.value == 4  # "two and three-quarter million"
    if bottom.plural != (top != 1) and not joined:
        return None
    if bottom.value not in {2, 4} and _goes_on(t, bottom, article=t.words[j] in {"a", "an"}):
        return None
    return top, bottom.value, bottom.last


def _goes_on(t: Tokens, bottom: Denominator, *, article: bool) -> bool:
    """Whether the fraction is of something else, or the ordinal of a noun."""
    following = t.words[bottom.last] if t.near(bottom.last) else ""
    return following == "of" or (
        article and t.alpha(bottom.last) and following not in FUNCTION_WORDS - {"was", "is"}
    )
