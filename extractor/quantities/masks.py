"""Numbers that are no quantities: the kinds of masks, and the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from extractor.quantities import addresses, dates, names, pronouns, scores, years
from extractor.quantities.digits import read_digits
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
# These look only at digits that are grown together with a neighbour.
_GROWN: Final = frozenset(
    {
        addresses.mask_address,
        years.mask_decade,
        names.mask_marker,
        names.mask_format,
        names.mask_glued,
    }
)
_OPENING: Final = frozenset("([{\"'\u201c\u2018$£€")
_CLOSING: Final = frozenset(".,;:!?)]}\"'\u201d\u2019%")
_FREE_MASKS: Final = tuple(masker for masker in DIGIT_MASKS if masker not in _GROWN)
# The words beside a figure that any of the masks looks at.
_TELLING: Final = (
    dates.BEHIND_DATES
    | dates.BEHIND_TIMES
    | dates.BEFORE_TIMES
    | addresses.BESIDE_PHONES
    | names.BESIDE_NAMES
    | frozenset("under over ad ' \u2018 \u2019 \u02bc".split())
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
    if _grown(t, i):
        maskers = DIGIT_MASKS
    elif _plain(t, i):
        return None
    else:
        maskers = _FREE_MASKS
    for masker in maskers:
        mask = masker(t, i, floor)
        if mask is not None:
            return mask
    return None


def _grown(t: Tokens, i: int) -> bool:
    """Whether the figure at `i` touches a word or a sign that could make it part of a name."""
    if t.glued(i) and t.words[i - 1] not in _OPENING:
        return True
    numeral = read_digits(t, i)
    j = i + 1 if numeral is None else numeral.last
    return t.glued(j) and not (t.words[j] in _CLOSING and not t.glued(j + 1))


def _plain(t: Tokens, i: int) -> bool:
    """Whether nothing beside a free figure could make a mask of it; most figures are so plain.

    Four digits can be a year, five a postcode, eight a date; a leading nought a serial number.
    """
    numeral = read_digits(t, i)
    if numeral is None or numeral.leading_zero:
        return False
    if numeral.plain and len(t.words[i]) not in {1, 2, 3, 6, 7} and not _no_year(t.words[i]):
        return False
    before, after = t.words[i - 1], t.words[numeral.last]
    quiet = before not in _TELLING and after not in _TELLING and t.words[i - 2] not in _TELLING
    return quiet and not (t.capital(numeral.last) or t.digits(numeral.last))


def _no_year(digits: str) -> bool:
    return len(digits) == 4 and not "1000" <= digits <= "2100"


def mask_word(t: Tokens, i: int, floor: int) -> Mask | None:
    """The mask over the number word at token `i`."""
    for masker in WORD_MASKS:
        mask = masker(t, i, floor)
        if mask is not None:
            return mask
    return None
