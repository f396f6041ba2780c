"""Which of several phrases of a sentence a number belongs to: light rules, no parser.

Nearness is counted in three steps. What stands in the number's own piece of the sentence comes
first, then what stands before it, with as few other numbers between as may be ("Labour won 211
seats and 34% of the vote": the share has no name of its own and goes on with Labour's), then what
stands behind as few clause boundaries as may be. What stands behind the piece is another number's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries, piece
from extractor.text.words import is_irregular_past, words
from extractor.validator.noun_phrases import whole_of
from extractor.validator.source import Source

Distance = tuple[int, int, int]

_REACH = 12  # numbers on either side of one that are looked at
_MOST_PLACES = 48  # of one sort in one sentence
_WITHIN_LIST = 2  # words between two numbers of a list: "5, 7 and 9"
_BRACKET = 40  # characters within which a bracket closes
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
_PRONOUNS = frozenset(("it", "they", "he", "she"))
_EACH = re.compile(r"\b(?:each|apiece)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:together|combined|jointly|between them)\b", re.IGNORECASE)
_OPENING = (
    "which|who|whose|where|having|unlike|led|owned|founded|backed|headed|based|controlled|formerly|"
    "previously|including|despite|after|as"
)
_RELATIVE = re.compile(
    rf",\s+(?=(?:{_OPENING})\b)(?:[^,;\n]|,(?=\d)){{1,200}},"
    rf"(?:\s+(?=(?:{_OPENING})\b)(?:[^,;\n]|,(?=\d)){{1,200}},){{0,3}}"
)
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
    text, window = source.document.text, source.window_of(quantity)
    around = source.numbers_around(window, quantity, _REACH)
    others = tuple(one.span for one in around if one.span != quantity.span)
    # a number in brackets parts nothing: "21 seats (18%) went to the Blues"
    if not _is_bracketed(text, quantity.span):
        others = tuple(one for one in others if not _is_bracketed(text, one))
    own = piece(text, window, others, quantity.span)
    before = [one for one in around if one.span.end <= quantity.span.start][-1:]
    whole = (whole_of(text, around, one) for one in before)
    part = before[0].span if any(quantity in found for found in whole) else None
    return Neighbourhood(window, own, others, part)


def _is_bracketed(text: str, number: Span) -> bool:
    opened = text.rfind("(", max(0, number.start - _BRACKET), number.start)
    return (
        opened >= 0
        and ")" not in text[opened : number.start]
        and (")" in text[number.end : number.end + _BRACKET])
    )


def _asides(source: Source, window: Span) -> Sequence[Span]:
    """The relative clauses and the like between two commas: "Selby, which bought Marsh, …"."""
    text = source.document.text
    return source.remembered(
        ("asides", window),
        lambda: [Span(*m.span()) for m in _RELATIVE.finditer(text, window.start, window.end)],
    )


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
    passed = sum(one.overlaps(between) for one in near.others)
    follows = place.start >= quantity.span.end
    if follows:
        after = min((one for one in near.others if one.start >= place.end), default=None)
        leads_on = after is not None and _LEADS_ON.match(text, place.end, after.start)
        step = 0 if near.piece.contains(place) and not leads_on else _BEYOND
    else:
        step = 0 if near.piece.contains(place) else 1
    for aside in _asides(source, near.window):
        if aside.contains(place) and not aside.contains(quantity.span):
            step = _BEYOND  # what a relative clause speaks of besides
    return step, passed, _boundaries(source, near.window, between, is_before=not follows)


def _boundaries(source: Source, window: Span, between: Span, *, is_before: bool) -> int:
    """The clause boundaries between a place and its number, asides apart."""
    text = source.document.text
    marks = source.remembered(("boundaries", window), lambda: boundaries(text, window))
    if is_before:  # "Labour, led by Ana Ruiz, won 211 seats"
        aside = _ASIDE.match(text, between.start, between.end)
        if aside is not None and not any(char.isdigit() for char in aside[0]):
            between = Span(aside.end(), between.end)
    first = bisect_left(marks, between.start, key=lambda mark: mark.start)
    last = bisect_left(marks, between.end, key=lambda mark: mark.start)
    inside = [one for one in _asides(source, window) if between.contains(one)]
    return sum(not any(one.contains(mark) for one in inside) for mark in marks[first:last])


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
    own = near.piece.of(source.document.text)
    places = _nearest(quantity, places)
    rivals = _nearest(quantity, rivals)
    far = {one: distance(source, quantity, one) for one in (*places, *rivals)}
    for place in places:
        if far[place][0] == _BEYOND or (near.part is not None and place.end <= near.part.start):
            continue  # what is said of 41 of the 90 is not said of the 90
        joined = _joined_to(source, place, rivals)
        numbers = _listed(source, quantity)
        if joined and len(numbers) == len(joined) + 1 and not _EACH.search(own):
            # "A and B won 25 and 9 seats": two lists are paired in their order
            if sorted({place, *joined}).index(place) == numbers.index(quantity.span):
                found.append(place)
            continue
        if joined and not _EACH.search(own):
            continue
        others = (far[one] for one in far if one not in joined)
        if far[place] <= min(others):
            found.append(place)
    if _TOGETHER.search(own) and any(far[one][0] < _BEYOND for one in rivals):
        return []  # "the Centre and its ally, the Ecologists, together won 39 seats"
    return found


def _nearest(quantity: Quantity, places: Sequence[Span]) -> list[Span]:
    """The places nearest to a number, in order: of an endless list the others cannot matter."""
    if len(places) <= _MOST_PLACES:
        return list(places)
    nearest = sorted(places, key=lambda place: abs(place.start - quantity.span.start))
    return sorted(nearest[:_MOST_PLACES])


def _listed(source: Source, quantity: Quantity) -> list[Span]:
    """The numbers of the list that a number stands in, in order; it alone where it is in none."""
    text = source.document.text
    numbers = [quantity.span]
    others = sorted(neighbourhood(source, quantity).others)
    for other in (one for one in others if one.start >= quantity.span.end):
        if len(text[numbers[-1].end : other.start].split()) > _WITHIN_LIST:
            break
        numbers.append(other)
    for other in reversed([one for one in others if one.end <= quantity.span.start]):
        if len(text[other.end : numbers[0].start].split()) > _WITHIN_LIST:
            break
        numbers.insert(0, other)
    return numbers


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

    `known` are the stems of words that say nothing of that. A name says whose the number is, and a
    pronoun goes on with what was spoken of.
    """
    text, near = source.document.text, neighbourhood(source, quantity)
    lead = list(words(text, Span(near.piece.start, max(near.piece.start, quantity.span.start))))
    if any(word.lower in _PRONOUNS for word in lead):
        return False
    return any(
        word.stem not in known
        and not word.lower.endswith(("ed", "ing", "ly"))
        and not is_irregular_past(word.lower)
        and not text[word.span.start].isupper()
        for word in lead
    )


def goes_on_by_pronoun(source: Source, quantity: Quantity) -> bool:
    """Whether a pronoun in a number's piece goes on with what was spoken of: "it traded at $9"."""
    near = neighbourhood(source, quantity)
    lead = Span(near.piece.start, max(near.piece.start, quantity.span.start))
    return any(word.lower in _PRONOUNS for word in words(source.document.text, lead))
