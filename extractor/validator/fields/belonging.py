"""Which of several phrases of a sentence a number belongs to: light rules, no parser.

Nearness is counted in three steps. What stands in the number's own piece of the sentence comes
first, then what stands before it, with as few other numbers between as may be ("Labour won 211
seats and 34% of the vote": the share has no name of its own and goes on with Labour's), then what
stands behind as few clause boundaries as may be. What stands behind the piece is another number's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import words
from extractor.validator.noun_phrases import whole_of
from extractor.validator.source import Source

Distance = tuple[int, int, int]

_REACH = 12  # numbers on either side of one that are looked at
_BEYOND = 2  # the first step of what belongs to another number
# what leads from a label right to its number: "revenue of $4bn", "Deaths: 12", "profit rose to $3m"
_VERBS = "of|was|were|is|are|stood at|stands at|reached|hit|totall?ed|totals|came to"
_LEADS_ON = re.compile(rf"\s*(?:(?:{_VERBS})\s+)?[:(\s\u2013\u2014-]*\Z", re.IGNORECASE)
_LEADING = re.compile(
    rf"\s*(?:(?:{_VERBS}|\w+|a|an|the)\s+)?(?:(?:to|at|by|of|a|an|the)\s+){{0,2}}"
    r"[:(\s\u2013\u2014-]*\Z",
    re.IGNORECASE,
)
_CONJUNCTION = re.compile(r"\s*,?\s+(?:and|or|plus|&)\s+(?:the\s+|an?\s+)?\Z", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s+(?:the\s+|an?\s+)?\Z", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|apiece|respectively)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\s*,[^,;()]{1,80},\s+(?!and\b|or\b)(?=[a-z])|\s*\([^()]{1,80}\)\s+")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The sentence of one number, the piece of it that is its own, and its other numbers.

    `part` is the number that it is the whole of: the 41 of "41 of the 90 seats".
    """

    window: Span
    piece: Span
    others: tuple[Span, ...]
    part: Span | None = None


def neighbourhood(source: Source, quantity: Quantity) -> Neighbourhood:
    """What stands around a number."""
    return source.remembered(
        ("neighbourhood", quantity.span), lambda: _neighbourhood(source, quantity)
    )


def _neighbourhood(source: Source, quantity: Quantity) -> Neighbourhood:
    window = source.window_of(quantity)
    around = source.numbers_around(window, quantity, _REACH)
    others = tuple(one.span for one in around if one.span != quantity.span)
    own = piece(source.document.text, window, others, quantity.span)
    before = [one for one in around if one.span.end <= quantity.span.start][-1:]
    whole = (whole_of(source.document.text, around, one) for one in before)
    part = before[0].span if any(quantity in found for found in whole) else None
    return Neighbourhood(window, own, others, part)


def distance(source: Source, quantity: Quantity, place: Span) -> Distance:
    """How far a place of a number's sentence is from it; less is nearer.

    >>> from extractor.text import Document
    >>> source = Source(Document(text="Labour won 211 seats and the Greens 4."))
    >>> first, second = source.reading.quantities
    >>> [distance(source, first, place) for place in (Span(0, 6), Span(29, 35))]
    [(0, 0, 0), (2, 0, 1)]
    >>> distance(source, second, Span(0, 6)) > distance(source, second, Span(29, 35))
    True
    """
    text, near = source.document.text, neighbourhood(source, quantity)
    if place.end <= quantity.span.start:
        between = Span(place.end, quantity.span.start)
    else:
        between = Span(quantity.span.end, max(quantity.span.end, place.start))
    passed = [one for one in near.others if one.overlaps(between)]
    follows = place.start >= quantity.span.end
    if follows:
        after = min((one for one in near.others if one.start >= place.end), default=None)
        leads_on = after is not None and _LEADS_ON.match(text[place.end : after.start])
        step = 0 if near.piece.contains(place) and not leads_on else _BEYOND
    else:
        step = 0 if near.piece.contains(place) else 1
    return step, len(passed), _boundaries(text, between, is_before=not follows)


def _boundaries(text: str, between: Span, *, is_before: bool) -> int:
    """The clause boundaries between a place and its number, an aside of the place's apart."""
    if is_before:  # "Labour, led by Ana Ruiz, won 211 seats"
        aside = _ASIDE.match(text, between.start, between.end)
        if aside is not None and not any(char.isdigit() for char in aside[0]):
            between = Span(aside.end(), between.end)
    return len(boundaries(text, between))


def is_in_reach(source: Source, quantity: Quantity, place: Span) -> bool:
    """Whether a place of a number's sentence may belong to it at all: it is no later number's."""
    return distance(source, quantity, place)[0] < _BEYOND


def own_places(
    source: Source, quantity: Quantity, places: Sequence[Span], rivals: Sequence[Span]
) -> list[Span]:
    """Those of some places that belong to a number, where `rivals` are what else could be meant.

    None is nearer than they are, and none stands beside them as their equal ("Labour and the Greens
    won 215 seats"), unless the text says "each".
    """
    near, found = neighbourhood(source, quantity), list[Span]()
    is_shared, part = _EACH.search(near.piece.of(source.document.text)), near.part
    for place in places:
        far = distance(source, quantity, place)
        if part is not None and place.end <= part.start:
            continue  # what is said of 41 of the 90 is not said of the 90
        joined = _joined_to(source, place, rivals)
        if far[0] == _BEYOND or (joined and not is_shared):
            continue
        others = [rival for rival in (*rivals, *places) if rival not in joined]
        if far <= min((distance(source, quantity, other) for other in others), default=far):
            found.append(place)
    return found


def leading_places(source: Source, quantity: Quantity, places: Sequence[Span]) -> list[Span]:
    """Those of some places that stand at a number itself: in its piece, or right before it."""
    text = source.document.text
    return [
        place
        for place in places
        if distance(source, quantity, place)[:2] == (0, 0)
        or (
            place.end <= quantity.span.start
            and _LEADING.match(text[place.end : quantity.span.start])
        )
    ]


def _joined_to(source: Source, place: Span, rivals: Sequence[Span]) -> list[Span]:
    """The rivals that a place is one of a list with: "Orle, Ames and Brack"."""
    ordered = sorted({*rivals, place})
    at = ordered.index(place)
    text, chain, is_list = source.document.text, [place], False
    for others, end in ((ordered[at + 1 :], -1), (ordered[:at][::-1], 0)):
        for other in others:
            first, second = sorted((chain[end], other))
            between = text[first.end : second.start]
            conjoined = _CONJUNCTION.match(between) is not None
            if not conjoined and not _COMMA.match(between):
                break
            is_list |= conjoined
            chain.insert(len(chain) if end else 0, other)
    return [one for one in chain if one != place] if is_list else []


def has_own_lead(source: Source, quantity: Quantity, known: frozenset[str]) -> bool:
    """Whether words of a number's piece stand before it that may say what it belongs to.

    `known` are the stems of words that say nothing of that.
    """
    near = neighbourhood(source, quantity)
    lead = Span(near.piece.start, max(near.piece.start, quantity.span.start))
    return any(
        word.stem not in known and not word.lower.endswith(("ed", "ing", "ly"))
        for word in words(source.document.text, lead)
    )
