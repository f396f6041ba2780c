"""Where a second source speaks in a clause of its own, the first one's word ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from extractor.text import Span
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Raw

_LONGEST = 60  # tokens of a clause that are looked through
_RECENT = 12  # attributions back, or ahead, that one may end
_PRONOUNS = frozenset(("he", "she", "it", "they"))
_TELLING = ("auxiliary", "verb", "past", "number_word", "pronoun")
_FORWARD = ("says", "headline_says", "puts_at", "denies")


def end_earlier(s: Sentence, found: list[Raw]) -> None:
    """Shorten the scopes in `found` that end where the clause of its last attribution begins.

    A source that is told of in another's words stays inside them: "Aldor said that Norvia claims".
    """
    new = found[-1]
    recent = range(max(0, len(found) - 1 - _RECENT), len(found) - 1)
    if new.scope.end <= new.cue.start:
        found[-1] = _parted(s, new, found, recent)
        return
    for index in recent:
        found[index] = _ended(s, found[index], new)


def with_phrases(s: Sentence, phrases: Sequence[Raw], verbs: Sequence[Raw]) -> list[Raw]:
    """The attributions by verbs and by set phrases, each ended where another's clause begins."""
    found = list(verbs)
    starts = [verb.cue.start for verb in verbs]
    out = []
    for phrase in phrases:
        at, own = bisect_left(starts, phrase.cue.start), phrase
        if own.scope.end <= own.cue.start:
            own = _parted(s, own, found, range(max(0, at - _RECENT), at))
        elif own.scope.start >= own.cue.start:
            for verb in found[at : at + _RECENT]:
                own = _ended(s, own, verb)
        out.append(own)
    return found + out


def _ended(s: Sentence, first: Raw, new: Raw) -> Raw:
    if first.scope.end <= new.cue.start or first.cue.end > new.cue.start:
        return first
    if first.mention.whole == new.mention.whole and new.how != "denies":
        return first  # the same speaker goes on
    place = _own_clause(s, first, new)
    if place is None or not first.scope.start < place < first.scope.end:
        return first
    return replace(first, scope=Span(first.scope.start, place))


def _parted(s: Sentence, new: Raw, found: list[Raw], recent: range) -> Raw:
    """A trailing attribution parted, at the contrast, from the last one in `found`, and that too.

    "Aldor says 12 died, while 40 were hurt, police said."
    """
    at = next((index for index in reversed(recent) if new.scope.contains(found[index].cue)), -1)
    if at < 0 or found[at].scope.start < found[at].cue.start:
        return new
    first, last = s.token_at(found[at].cue.end), s.token_at(new.scope.end)
    near = range(last - 1, max(first, last - 1 - _LONGEST), -1)
    contrast = next((index for index in near if _is_contrast(s, index)), None)
    if contrast is None:
        return new
    offset = s.offset(contrast)
    end = max(found[at].scope.start, min(found[at].scope.end, offset))
    found[at] = replace(found[at], scope=Span(found[at].scope.start, end))
    return replace(new, scope=Span(offset, new.scope.end))


def _is_contrast(s: Sentence, at: int) -> bool:
    joins = s.is_in(at, "contrast") or s.lower(at) == "and"
    return joins and s.raw(at - 1) == "," and not s.in_quotes(at)


def _own_clause(s: Sentence, first: Raw, new: Raw) -> int | None:
    """Where the clause begins in which `new` speaks for itself and not in `first`'s words."""
    cue, subject = s.token_at(new.cue.start), s.token_at(new.mention.whole.start)
    if new.mention.whole.start < first.cue.start:
        return _carried_clause(s, cue, first)
    if subject > cue or new.scope.start < new.cue.start or new.how not in _FORWARD:
        return None
    lead = _before_times(s, subject - 1)
    if s.in_quotes(lead) or not _is_statement(s, s.token_at(first.cue.end), lead):
        return None
    if s.is_in(lead, "contrast"):
        return s.offset(lead)
    if s.lower(lead) == "and":
        own = s.raw(lead - 1) == "," or not _tenses(s, first).isdisjoint(_tenses(s, new))
        return s.offset(lead) if own else None
    return s.offset(lead) if s.raw(lead) == "," and _may_be_spliced(s, first, lead) else None


def _carried_clause(s: Sentence, cue: int, first: Raw) -> int | None:
    """The clause of a verb whose subject stood before: "Aldor's claim of 12, putting it at 4"."""
    lead = cue - 1
    while lead > 0 and s.is_adverb(lead):
        lead -= 1
    aside = s.raw(lead) == "," and s.lower(cue).endswith("ing")
    joined = s.lower(lead) in ("and", "but") and first.how == "noun_claim"
    return s.offset(lead) if aside or joined else None


def _before_times(s: Sentence, at: int) -> int:
    """The token to the left that is no adverb and no time: "but on Monday the army said"."""
    for _ in range(8):
        leads = s.is_in(at, "time_lead") and s.is_in(at + 1, "time")
        if at <= 0 or not (s.is_adverb(at) or s.is_in(at, "time") or leads):
            break
        at -= 1
    return at


def _tenses(s: Sentence, raw: Raw) -> set[str]:
    return {form.tense for form in s.forms(s.token_at(raw.cue.start))}


def _is_statement(s: Sentence, begin: int, end: int) -> bool:
    """Whether something is said between two tokens; not in "said on Monday, and Aldor agreed,"."""
    return any(
        s.tokens[at].is_number
        or s.lower(at).endswith("ed")
        or any(s.is_in(at, name) for name in _TELLING)
        for at in range(begin, min(end, begin + _LONGEST))
    )


def _may_be_spliced(s: Sentence, first: Raw, comma: int) -> bool:
    """Whether nothing but a comma may part two statements.

    "The rebels say they won, the governor says they lost"; but "She said that in May, police say"
    and "She said that, on the army's word, 12 died" are one.
    """
    begin = s.token_at(first.cue.end)
    if first.how not in _FORWARD or s.lower(begin) == "that" or s.lower(comma + 1) in _PRONOUNS:
        return False
    return not (s.is_in(begin, "preposition") or s.is_in(begin, "break"))
