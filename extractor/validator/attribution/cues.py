"""Attributions without a subject and a verb: "according to", "X's claim that", headlines."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from extractor.text import Span
from extractor.validator.attribution.content import segment_start
from extractor.validator.attribution.lexicon import lexicon
from extractor.validator.attribution.mentions import can_be_source, is_document, mention_of
from extractor.validator.attribution.phrases import (
    Phrase,
    is_dash,
    is_quote,
    phrase_ending,
    phrase_starting,
    possessor_ending,
)
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention, Raw

_BY = ("by", "from", "in")


def cue_attributions(s: Sentence) -> Iterator[Raw]:
    """Every attribution of the sentence that a set phrase makes, in text order."""
    for at, token in enumerate(s.tokens):
        for read in _READERS if _is_cue(token.lower) else ():
            raw = read(s, at)
            if raw is not None:
                yield raw
                break
    headline = _label(s) or _tail(s)
    if headline is not None:
        yield headline


def points_back(s: Sentence) -> tuple[Mention, Span] | None:
    """The source and cue in `The figures were published by X`, which is about what went before."""
    if s.lower(0) not in ("the", "these", "those", "this", "that", "his", "her", "their", "all"):
        return None
    noun = next((at for at in (1, 2) if s.words.is_in(s.lower(at), "figures")), -1)
    if noun < 0 or not s.is_in(noun + 1, "auxiliary"):
        return None
    for at in range(noun + 2, min(noun + 6, len(s))):
        made = s.lower(at).endswith("ed") or s.lower(at) in ("given", "made")
        if made and not any(s.is_in(i, "negation") for i in range(noun + 1, at)):
            by = next((i for i in range(at + 1, min(at + 4, len(s))) if s.lower(i) in _BY), -1)
            phrase = phrase_starting(s, by + 1) if by > 0 else None
            if phrase is not None and can_be_source(s, phrase):
                return mention_of(s, phrase), s.span_of(at, at + 1)
    return None


def _scope_around(s: Sentence, start: int, end: int) -> Span:
    """What a phrase from token `start` to before `end` answers for.

    Before its content: the rest of the sentence. Behind it: what stands before. Between commas:
    both. In each case as far as the next contrast.
    """
    opens = all(not s.tokens[at].is_word or s.is_adverb(at) for at in range(start))
    begin = segment_start(s, start)
    cut = s.last_cut(start)
    if opens or (cut and start - cut <= 2):
        return Span(s.offset(end), s.offset(s.next_cut(end)))
    if s.raw(end) == "," and s.raw(start - 1) == ",":
        return Span(begin, s.offset(s.next_cut(end)))
    return Span(begin, s.offset(start))


def _according_to(s: Sentence, at: int) -> Raw | None:
    if s.lower(at) != "according" or s.lower(at + 1) != "to":
        return None
    what = s.lower(at + 2) in ("what", "how")
    phrase = _one_told(s, at + 2) or phrase_starting(s, at + 3 if what else at + 2)
    if phrase is None or (what and not _tells(s, phrase.end)):
        return None
    if not what and s.is_in(phrase.start, "pronoun"):
        return None
    end = phrase.end
    while what and end < len(s) and s.tokens[end].is_word:  # "what it said in its report"
        end += 1
    scope = _scope_around(s, at, end)
    return Raw(mention_of(s, phrase), s.span_of(at, at + 2), scope, "according_to")


def _one_told(s: Sentence, at: int) -> Phrase | None:
    """The pronoun in "according to him"."""
    alone = s.is_in(at, "object_pronoun") and (at + 1 >= len(s) or not s.tokens[at + 1].is_word)
    return Phrase(at, at + 1, at) if alone else None


def _tells(s: Sentence, at: int) -> bool:
    """Whether a reporting verb follows, behind its auxiliaries: "what the agency has said"."""
    while s.is_in(at, "auxiliary") or (at < len(s) and s.is_adverb(at)):
        at += 1
    return bool(s.forms(at))


def _based_on(s: Sentence, at: int) -> Raw | None:
    """`based on data from X`, `in figures released by X`."""
    based = s.lower(at) == "based" and s.lower(at + 1) in ("on", "upon")
    opening = at == 0 or s.raw(at - 1) == ","
    if not based and not (s.lower(at) == "in" and opening):
        return None
    start = at + 2 if based else at + 1
    phrase = phrase_starting(s, start)
    if phrase is None or not is_document(s, phrase):
        return None
    mention = mention_of(s, phrase)
    if mention.core == mention.whole:
        return None  # data, but nobody's
    cue = s.span_of(at, start)
    return Raw(mention, cue, _scope_around(s, at, phrase.end), "according_to")


def _by_source(s: Sentence, at: int) -> Raw | None:
    """`as reported by X`, `was announced by X`: the passive of a reporting verb."""
    if s.lower(at + 1) != "by" or not any(
        f.tense in ("past", "part") and f.kinds & {"speech", "claim", "remark"} for f in s.forms(at)
    ):
        return None
    helper = at - 1
    while helper > 0 and s.is_adverb(helper):
        helper -= 1
    if s.lower(helper) != "as" and not s.is_in(helper, "passive"):
        return None
    if any(s.is_in(i, "negation") for i in range(max(0, helper - 2), at)):
        return None
    phrase = phrase_starting(s, at + 2)
    if phrase is None or not can_be_source(s, phrase):
        return None
    how = "according_to" if s.lower(helper) == "as" else "says"
    start = helper if how == "according_to" else at
    scope = _scope_around(s, start, phrase.end)
    if s.lower(phrase.end) == "that":
        scope = Span(s.offset(phrase.end), s.offset(s.next_cut(phrase.end)))
    return Raw(mention_of(s, phrase), s.span_of(at, at + 2), scope, how)


def _noun_claim(s: Sentence, at: int) -> Raw | None:
    """`X's claim that`, `X's estimate of`, `claims by X that`."""
    if not s.words.is_in(s.lower(at), "claim_noun") or at == 0:
        return None
    owner = _possessor(s, at)
    end = at + 1
    if owner is None and s.lower(at + 1) in ("by", "from"):
        owner = phrase_starting(s, at + 2)
        end = owner.end if owner is not None else end
    if owner is None or s.is_in(owner.start, "pronoun") or not can_be_source(s, owner):
        return None
    cue = s.span_of(at, at + 1)
    if s.lower(end) in ("that", "of") or s.raw(end) == ":" or is_dash(s, end):
        scope = Span(s.offset(end), s.offset(s.next_cut(end)))
        return Raw(mention_of(s, owner), cue, scope, "noun_claim")
    if s.lower(owner.start - 1) == "by" and _possessor(s, at) is not None:
        scope = _scope_around(s, owner.start - 1, end)  # "by the agency's count"
        return Raw(mention_of(s, owner), cue, scope, "noun_claim")
    return None


def _possessor(s: Sentence, noun: int) -> Phrase | None:
    for at in range(noun - 1, max(-1, noun - 4), -1):
        token = s.tokens[at]
        if token.possessive:
            return possessor_ending(s, at + 1)
        if not token.is_word or s.is_in(at, "preposition") or s.is_in(at, "determiner"):
            return None
    return None


def _label(s: Sentence) -> Raw | None:
    """`WHO: 4,000 ill`: a headline that opens with its source."""
    colon = next((at for at in range(1, min(7, len(s))) if s.raw(at) == ":"), 0)
    if not colon or s.shouting or any(s.is_in(at, "label") for at in range(colon)):
        return None
    phrase = phrase_starting(s, 0)
    if phrase is None or phrase.end != colon:
        return None
    speech = is_quote(s, colon + 1) and can_be_source(s, phrase)
    if not (speech or _is_sure_source(s, phrase)):
        return None
    scope = Span(s.offset(colon + 1), s.span.end)
    return Raw(
        mention_of(s, phrase),
        s.span_of(colon, colon + 1),
        scope,
        "says" if speech else "headline_says",
    )


def _tail(s: Sentence) -> Raw | None:
    """`4,000 ill - WHO`: a headline that closes with its source."""
    if not s.is_headline or s.shouting:
        return None
    dash = next((at for at in range(len(s) - 2, max(0, len(s) - 7), -1) if is_dash(s, at)), 0)
    if dash < 3:
        return None
    phrase = phrase_ending(s, len(s))
    if phrase is None or phrase.start != dash + 1 or not _is_sure_source(s, phrase):
        return None
    scope = Span(s.span.start, s.offset(dash))
    return Raw(mention_of(s, phrase), s.span_of(dash, dash + 1), scope, "headline_says")


def _is_sure_source(s: Sentence, phrase: Phrase) -> bool:
    """A noun that can speak, or an acronym: any other name before a colon may be a topic."""
    head = s.raw(phrase.head)
    acronym = (
        head.isupper() and head.isalpha() and 2 <= len(head) <= 6 and phrase.end == phrase.start + 1
    )
    return acronym or s.words.is_source_noun(s.lower(phrase.head))


_READERS = (_according_to, _based_on, _by_source, _noun_claim)


@lru_cache(maxsize=16_384)
def _is_cue(word: str) -> bool:
    """Whether one of the readers may make something of the lower-case word."""
    known = lexicon()
    verb = any(form.tense in ("past", "part") for form in known.verbs.get(word, ()))
    return verb or word in ("according", "based", "in") or known.is_in(word, "claim_noun")
