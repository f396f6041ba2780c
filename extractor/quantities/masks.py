"""Numbers that are no quantities: the kinds of masks, and the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from extractor.quantities import addresses, dates, names, pronouns, scores, years
from extractor.quantities.expressions import Mask
from extractor.quantities.tokens import Tokens

Masker = Callable[[Tokens, int, int], Mask | None]

WHY: Final = MappingProxyType(
    {
        "date": "It is part of a date.",
        "year": "It stands for a year or a run of years.",
        "time": "It is a time of day or a running time.",
        "phone": "It is a telephone number.",
        "url": "It is part of a web address, an e-mail address or an account name.",
        "identifier": "It is part of a name: a model, a designation, a numbered thing.",
        "section": "It numbers a part of a text or of a place, and counts nothing.",
        "score": "It is a score, a vote or a ratio of two figures.",
        "version": "It is a version or another number in several parts.",
        "list": "It numbers an item of a list.",
        "pronoun": "Here “one” is a pronoun or part of an idiom, and counts nothing.",
        "age": "It names an age group, not the age of anybody.",
    }
)

# The first that answers wins: what has the clearer form comes first.
DIGIT_MASKS: Final[tuple[Masker, ...]] = (
    addresses.mask_address,
    dates.mask_date,
    dates.mask_time,
    addresses.mask_phone,
    addresses.mask_list_item,
    years.mask_decade,
    years.mask_years,
    addresses.mask_street,
    names.mask_marker,
    names.mask_format,
    names.mask_alias,
    names.mask_postcode,
    names.mask_numbered,
    names.mask_glued,
    names.mask_version,
    scores.mask_slash,
    scores.mask_score,
    years.mask_year,
    names.mask_serial,
)
WORD_MASKS: Final[tuple[Masker, ...]] = (
    pronouns.mask_one,
    dates.mask_spelled_time,
    names.mask_numbered,
    names.mask_name,
    years.mask_spelled_year,
)


def mask_digits(t: Tokens, i: int, floor: int) -> Mask | None:
    """The mask over the digits at token `i`, reaching back no further than token `floor`."""
    for masker in DIGIT_MASKS:
        mask = masker(t, i, floor)
        if mask is not None:
            return mask
    return None


def mask_word(t: Tokens, i: int, floor: int) -> Mask | None:
    """The mask over the number word at token `i`."""
    for masker in WORD_MASKS:
        mask = masker(t, i, floor)
        if mask is not None:
            return mask
    return None
