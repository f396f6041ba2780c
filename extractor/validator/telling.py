"""How a number is told: as a fact, a forecast, a condition, or something that somebody denies.

What decides is the stretch that leads up to a number: its own clause, and the clauses before it
that it shares a verb with ("could reach 40 dead and 50 wounded"); and the verb that follows it
("40 people could die").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import cast

from extractor.claims import Modality
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries
from extractor.text.words import Word, is_irregular_past, stem
from extractor.validator.events import event_field
from extractor.validator.lexicons import (
    Phrase,
    clause_words,
    counted_out,
    denying_stems,
    function_stems,
    modality_cues,
    negations,
    told_stems,
)
from extractor.validator.source import Source

_BEFORE_CUE, _BEFORE_NUMBER = 4, 4  # words in which a negation is looked for
_OF = frozenset("of the his her its their our these those".split())
_HEADLINE_VERB = 3  # words behind a number in which "feared dead" is looked for
_QUOTE_MARKS = ("'", '"', "\u2018", "\u201c")
_DENIAL_REACH = 8  # words between a denial and what is denied
_EXPECTING = frozenset(map(stem, ("expect", "want", "seek", "target")))
_AIMING = frozenset(
    "expect expects expecting want wants seek seeks seeking target targets targeting".split()
)
_OBJECT_REACH = 5  # words between a verb and a number that is its object: "revenue of about"
_TAIL = 8  # words after a number in which the verb of its clause is looked for
_NO_DENIAL = frozenset("only just least fewer less more including counting all merely".split())


@dataclass(frozen=True, slots=True)
class Telling:
    """The modality that the text decides for a number (None: told as a fact), and its cue.

    `possible` are all that some word around it opens, beside "asserted".
    """

    decided: Modality | None
    cue: Span | None
    possible: tuple[Modality, ...]


_FACT = Telling(None, None, ())


@lru_cache(maxsize=1)
def _any_cue() -> re.Pattern[str]:
    """A quick look for what any cue has; most sentences have none of it."""
    classes = modality_cues().values()
    phrases = {phrase for cues in classes for phrase in cues.strong | cues.weak}
    telling_stems = {_most_telling(phrase) for phrase in phrases} | denying_stems() | _EXPECTING
    whole = telling_stems & function_stems()
    begun = sorted(stem.removesuffix("y") for stem in telling_stems - whole)
    # a stem may lack a letter of its word: "wil" of "will"
    parts = [*(rf"{re.escape(word)}\w?\b" for word in sorted(whole)), *map(re.escape, begun)]
    return re.compile(rf"\b(?:{'|'.join(parts)})", re.IGNORECASE)


def _most_telling(phrase: Phrase) -> str:
    """The word of a cue by which it is looked for: "evidence" in "no evidence"."""
    return max(phrase, key=lambda word: (word not in function_stems(), len(word)))


def telling(source: Source, quantity: Quantity) -> Telling:
    """How the text tells a number."""
    return source.remembered(("telling", quantity.span), lambda: _telling(source, quantity))


def _telling(source: Source, quantity: Quantity) -> Telling:
    text = source.document.text
    sentence = source.window_of(quantity)
    if not _any_cue().search(text, sentence.start, max(sentence.end, quantity.span.end)):
        return _FACT
    field = event_field(source, quantity)
    around = field.words
    lead = _lead(text, around, quantity)
    tail = _tail(text, around, quantity, field.piece)
    if _is_told_behind(text, around, quantity):
        lead = []
    decided, cue = _decided(text, lead, tail)
    return Telling(decided, cue, _possible(text, [*lead, *tail]))


def _lead(text: str, around: tuple[Word, ...], quantity: Quantity) -> list[Word]:
    """The words before a number from the start of its clause, or of one that it continues."""
    before = [word for word in around if word.span.end <= quantity.span.start]
    if not before:
        return []
    marks = boundaries(text, Span(before[0].span.start, quantity.span.start))
    after = [word for word in around if word.span.start >= quantity.number.end]
    before = _without_asides(text, before, marks)
    settled = _has_verb(_main_clause(_own_clause(text, after, quantity)), directly_after=True)
    for mark in reversed(marks):
        opener = mark.of(text).lower()
        quoted = text[mark.end :].lstrip()[:1] in _QUOTE_MARKS
        if opener == "that" or (opener == "as" and quoted):
            continue  # what is denied follows it: "dismissed as “fantasy” reports that"
        clause = [word for word in before if word.span.start >= mark.end]
        if settled or _has_verb(clause, directly_after=False):
            return clause
    return before


def _without_asides(text: str, before: list[Word], marks: list[Span]) -> list[Word]:
    """The words without a relative clause between commas: "the toll, which may rise, stands at"."""
    kept = before
    for opening, closing in pairwise(marks):
        if (
            opening.of(text).lower() in ("which", "who", "whom", "whose")
            and closing.of(text) == ","
        ):
            kept = [w for w in kept if not opening.start <= w.span.start < closing.end]
    return kept


def _own_clause(text: str, after: list[Word], quantity: Quantity) -> list[Word]:
    """The words after a number up to where the next clause opens."""
    if not after:
        return []
    marks = boundaries(text, Span(quantity.number.end, after[-1].span.end))
    end = marks[0].start if marks else after[-1].span.end
    return [word for word in after if word.span.end <= end]


def _has_verb(found: list[Word], *, directly_after: bool) -> bool:
    """Whether a clause has a verb of its own; "50 wounded" after "19 killed" has none."""
    if not directly_after and found and found[0].lower.endswith("ing"):
        return True  # "after falling 8%"
    return any(
        word.lower in clause_words("auxiliaries")
        or is_irregular_past(word.lower)
        or (word.lower.endswith("ed") and not (directly_after and word is found[0]))
        or (
            word.lower in clause_words("unchanging")
            and (found[place - 1].lower if place else "") not in clause_words("before nouns")
        )
        for place, word in enumerate(found)
    )


def _main_clause(found: list[Word]) -> list[Word]:
    """The words before a relative clause."""
    opened = next(
        (i for i, word in enumerate(found) if word.lower in clause_words("relative")), len(found)
    )
    return found[:opened]


def _tail(text: str, around: tuple[Word, ...], quantity: Quantity, piece: Span) -> list[Word]:
    after = [w for w in around if quantity.number.end <= w.span.start < piece.end]
    return _own_clause(text, after, quantity)[:_TAIL]


def _decided(text: str, lead: list[Word], tail: list[Word]) -> tuple[Modality | None, Span | None]:
    denial = _denial_in(lead)
    if denial is not None:
        return "denied", denial
    expected = _expectation_in(lead)
    if expected is not None:
        return "projected", expected
    for stretch in (lead, _verb_group(_main_clause(tail)), tail[:_HEADLINE_VERB]):
        for name, cues in modality_cues().items():
            found = _cue_in(text, stretch, cues.strong)
            if found is not None:
                return cast("Modality", name), found
    return None, None


def _is_told_behind(text: str, around: tuple[Word, ...], quantity: Quantity) -> bool:
    """Whether a relative clause tells as past what befell the counted: "31 sailors who drowned"."""
    after = [word for word in around if word.span.start >= quantity.number.end][:_TAIL]
    for word, following in pairwise(after):
        between = Span(quantity.number.end, max(quantity.number.end, word.span.start))
        if word.lower in ("who", "that", "which") and not boundaries(text, between):
            return is_irregular_past(following.lower) or following.lower.endswith("ed")
    return False


def _expectation_in(lead: list[Word]) -> Span | None:
    """Whom something is expected of: "expect exports to fall", "wants the army to leave".

    Or what is: "expects 40,000 fans", "expects revenue of $5bn".
    """
    for place, word in enumerate(lead):
        if word.stem not in _EXPECTING:
            continue
        if word.lower in _AIMING and _is_object(lead[place + 1 :]):
            return word.span
        for follower in lead[place + 2 : place + 2 + _DENIAL_REACH]:
            if follower.lower == "to":
                return Span(word.span.start, follower.span.end)
    return None


def _is_object(between: list[Word]) -> bool:
    """Whether the words between a verb and a number make it the verb's object."""
    return len(between) <= _OBJECT_REACH and not any(
        is_irregular_past(word.lower)
        or word.lower.endswith("ed")
        or word.lower in clause_words("auxiliaries")
        for word in between
    )


def _verb_group(tail: list[Word]) -> list[Word]:
    """The auxiliaries of the verb that follows a number, and what goes with them."""
    for place, word in enumerate(tail):
        if word.lower in clause_words("auxiliaries"):
            return tail[place : place + 6]
        if is_irregular_past(word.lower):
            return []
    return []


def negation(source: Source, quantity: Quantity, places: Sequence[int]) -> Span | None:
    """The word that turns an event into its contrary for a number; None where none does.

    It stands before one of the event words that begin at `places` ("were not hurt", "refused to
    pay"), or before the number ("none of the 40", "instead of 60").
    """
    text = source.document.text
    around = event_field(source, quantity).words
    for start in places:
        before = _clause_before(source, around, start)[-_BEFORE_CUE:]
        following = [word for word in around if word.span.start == start]
        found = _cue_in(text, [*before, *following], negations())
        if found is not None:
            return found
    before = _clause_before(source, around, quantity.span.start)[-_BEFORE_NUMBER:]
    return _cue_in(text, before, counted_out(), closing=True)


def _clause_before(source: Source, around: Sequence[Word], start: int) -> list[Word]:
    """The words before a place, from the last boundary of clauses or the last number on."""
    before = [word for word in around if word.span.end <= start]
    if not before:
        return []
    whole = Span(before[0].span.start, start)
    cuts = [mark.end for mark in boundaries(source.document.text, whole)]
    cuts += [number.span.end for number in source.quantities_touching(whole)]
    last = max((cut for cut in cuts if cut <= start), default=whole.start)
    return [word for word in before if word.span.start >= last]


def _possible(text: str, near: list[Word]) -> tuple[Modality, ...]:
    return tuple(
        cast("Modality", name)
        for name, cues in modality_cues().items()
        if _cue_in(text, near, cues.strong | cues.weak) is not None
    )


def _cue_in(
    text: str, found: list[Word], cues: frozenset[Phrase], *, closing: bool = False
) -> Span | None:
    """Where the first cue stands; its words stand together, and `closing` wants them at the end."""
    begun = _by_first_word(cues)
    for place, word in enumerate(found):
        for phrase in begun.get(word.stem, ()):
            stretch = found[place : place + len(phrase)]
            if tuple(w.stem for w in stretch) != phrase or _means_else(text, found, place):
                continue
            if not closing or all(w.lower in _OF for w in found[place + len(phrase) :]):
                return Span(word.span.start, stretch[-1].span.end)
    return None


@lru_cache(maxsize=32)
def _by_first_word(cues: frozenset[Phrase]) -> dict[str, list[Phrase]]:
    index: dict[str, list[Phrase]] = {}
    for phrase in sorted(cues, key=lambda phrase: (len(phrase), phrase)):
        index.setdefault(phrase[0], []).append(phrase)
    return index


def _denial_in(lead: list[Word]) -> Span | None:
    """A denial with what is denied: "flatly denied on Tuesday that", "disputes their figure of"."""
    for place, word in enumerate(lead):
        if word.stem not in denying_stems():
            continue
        earlier = lead[place - 1].lower if place else ""
        if earlier in ("not", "never") or earlier.endswith("n't"):
            continue
        for follower in lead[place + 1 : place + 2 + _DENIAL_REACH]:
            told = follower.lower == "that" or follower.stem in told_stems()
            if told or (follower.lower.endswith("ing") and follower is lead[place + 1]):
                return Span(word.span.start, follower.span.end)
    return None


def _means_else(text: str, found: list[Word], place: int) -> bool:
    """A month ("May"), "could not be reached", "if not thousands", "not only"."""
    word = found[place]
    earlier = found[place - 1].lower if place else ""
    if earlier in ("not", "never") or earlier.endswith("n't"):  # "did not deny"
        return word.lower not in ("confirmed", "confirm", "clarified", "clarify")
    following = found[place + 1].lower if place + 1 < len(found) else ""
    if word.lower in ("not", "never"):
        return following in _NO_DENIAL
    if following in ("appear", "seem"):  # "it would seem that 40 towns were flooded"
        return True
    return following == "not" or _is_name(text, word)


def _is_name(text: str, word: Word) -> bool:
    """Whether it is a month or a man; the first word of a sentence or a headline may be none."""
    written = word.span.of(text)
    named = word.lower in ("may", "will") and written[:1].isupper() and not written.isupper()
    return named and text[: word.span.start].rstrip()[-1:] not in ("", ".", "?", "!")
