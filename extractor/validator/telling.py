"""How a number is told: as a fact, a forecast, a condition, or something that somebody denies.

What decides is the stretch that leads up to a number: its own clause, and the clauses before it
that it shares a verb with ("could reach 40 dead and 50 wounded"); and the verb that follows it
("40 people could die").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from extractor.claims import Modality
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.text.clauses import boundaries
from extractor.text.words import Word, is_irregular_past
from extractor.validator.events import Cue, event_field
from extractor.validator.lexicons import modality_cues, negations
from extractor.validator.source import Source

_LONGEST_CUE = 3  # words
_BEFORE_CUE, _BEFORE_NUMBER = 4, 3  # words in which a negation is looked for
_AUXILIARIES = frozenset(
    "is are was were be been has have had do does did can could may might will would shall should "
    "must".split()
)
_TAIL = 8  # words after a number in which the verb of its clause is looked for
_OPENERS = frozenset("that which who whom whose where when because".split())
_NO_DENIAL = frozenset("only just least fewer less more including counting all merely".split())


@dataclass(frozen=True, slots=True)
class Telling:
    """The modality that the text decides for a number (None: told as a fact), and its cue.

    `possible` are all that some word around it opens, beside "asserted".
    """

    decided: Modality | None
    cue: Span | None
    possible: tuple[Modality, ...]


def telling(source: Source, quantity: Quantity) -> Telling:
    """How the text tells a number."""
    return source.remembered(("telling", quantity.span), lambda: _telling(source, quantity))


def _telling(source: Source, quantity: Quantity) -> Telling:
    text = source.document.text
    field = event_field(source, quantity)
    around = field.words
    lead = _lead(text, around, quantity)
    tail = _tail(text, around, quantity, field.piece)
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
    settled = _has_verb(_own_clause(text, after, quantity), directly_after=True)
    for mark in reversed(marks):
        if mark.of(text).lower() == "that":  # what is denied, or forecast, follows it
            continue
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
    kept = [word for word in after if word.span.end <= end]
    opened = next((i for i, word in enumerate(kept) if word.lower in _OPENERS), len(kept))
    return kept[:opened]


def _has_verb(found: list[Word], *, directly_after: bool) -> bool:
    """Whether a clause has a verb of its own; "50 wounded" after "19 killed" has none."""
    return any(
        word.lower in _AUXILIARIES
        or is_irregular_past(word.lower)
        or (word.lower.endswith("ed") and not (directly_after and word is found[0]))
        for word in found
    )


def _tail(text: str, around: tuple[Word, ...], quantity: Quantity, piece: Span) -> list[Word]:
    after = [w for w in around if quantity.number.end <= w.span.start < piece.end]
    return _own_clause(text, after, quantity)[:_TAIL]


def _decided(text: str, lead: list[Word], tail: list[Word]) -> tuple[Modality | None, Span | None]:
    for stretch in (lead, _verb_group(tail)):
        for name, cues in modality_cues().items():
            found = _cue_in(text, stretch, cues.strong)
            if found is not None:
                return cast("Modality", name), found
    return None, None


def _verb_group(tail: list[Word]) -> list[Word]:
    """The auxiliaries of the verb that follows a number, and what goes with them."""
    for place, word in enumerate(tail):
        if word.lower in _AUXILIARIES:
            return tail[place : place + 4]
        if is_irregular_past(word.lower):
            return []
    return []


def negation(source: Source, quantity: Quantity, cues: Sequence[Cue]) -> Span | None:
    """The word that turns an event into its contrary for a number; None where none does.

    It stands right before one of `cues` ("were not hurt", "failed to kill") or before the number
    ("none of the 40").
    """
    text = source.document.text
    around = event_field(source, quantity).words
    starts = [(cue.span.start, _BEFORE_CUE) for cue in cues]
    starts.append((quantity.span.start, _BEFORE_NUMBER))
    for start, reach in starts:
        before = [word for word in around if word.span.end <= start][-reach:]
        if before:
            marks = boundaries(text, Span(before[0].span.start, start))
            before = [w for w in before if not marks or w.span.start >= marks[-1].end]
        numbers = source.quantities_touching(Span(before[0].span.start, start)) if before else ()
        before = [w for w in before if all(w.span.start >= q.span.end for q in numbers)]
        known = negations() if reach == _BEFORE_CUE else frozenset({("none",), ("neither",)})
        found = _cue_in(text, [*before, *_next(around, start)], known)
        if found is not None:
            return found
    return None


def _next(around: Sequence[Word], start: int) -> list[Word]:
    """The word at `start`, which may end a negation ("not only …")."""
    return [word for word in around if word.span.start == start]


def _possible(text: str, near: list[Word]) -> tuple[Modality, ...]:
    return tuple(
        cast("Modality", name)
        for name, cues in modality_cues().items()
        if _cue_in(text, near, cues.strong | cues.weak) is not None
    )


def _cue_in(text: str, found: list[Word], cues: frozenset[tuple[str, ...]]) -> Span | None:
    """Where the first cue stands; the words of a cue stand together."""
    for place, word in enumerate(found):
        if _means_else(text, found, place):
            continue
        for length in range(1, _LONGEST_CUE + 1):
            stretch = found[place : place + length]
            if tuple(w.stem for w in stretch) in cues and len(stretch) == length:
                return Span(word.span.start, stretch[-1].span.end)
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
    return following == "not" or _is_name(text, word)


def _is_name(text: str, word: Word) -> bool:
    """Whether it is a month or a man; the first word of a sentence, or of a headline, may be none."""
    written = word.span.of(text)
    named = word.lower in ("may", "will") and written[:1].isupper() and not written.isupper()
    return named and text[: word.span.start].rstrip()[-1:] not in ("", ".", "?", "!")
