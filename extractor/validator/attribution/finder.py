"""The attribution finder: who does the text say is the source of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.text import Document, Span
from extractor.validator.attribution.cues import cue_attributions, points_back
from extractor.validator.attribution.lexicon import lexicon
from extractor.validator.attribution.mentions import can_be_source, mention_of
from extractor.validator.attribution.phrases import Phrase, phrase_starting
from extractor.validator.attribution.quotes import quotations, running, stretched
from extractor.validator.attribution.resolution import Names, Opener
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Attribution, Raw
from extractor.validator.attribution.verbs import verb_attributions

_SMALL_WORD = re.compile(r"\b[a-z][a-z\-]+\b")
_RANK = {"cites": 1, "running": 2}
_LONGEST_SENTENCE = 6000  # characters; longer ones are taken in pieces


def find_attributions(document: Document) -> tuple[Attribution, ...]:
    """Every attribution of the document, in text order of its source.

    >>> text = "Aldor's ministry of health said 40 died. The ministry also said 12 are missing."
    >>> for found in find_attributions(Document(text=text)):
    ...     print(found.name, "|", found.full_name, "|", found.scope.of(text))
    Aldor's ministry of health | Aldor's ministry of health |  40 died.
    The ministry | Aldor's ministry of health |  12 are missing.
    """
    text = document.text
    words = lexicon()
    common = frozenset(_SMALL_WORD.findall(text))
    raws: list[Raw] = []
    openers: list[Opener] = []
    before: Span | None = None
    for span in document.sentences:
        for piece in _pieces(span):
            sentence = Sentence(text, piece, words, common)
            raws += _of_sentence(sentence, before)
            opener = _opener(sentence)
            if opener is not None:
                openers.append(opener)
        before = span
    quotes = quotations(text)
    raws = stretched(raws, quotes)
    raws += running(text, raws, quotes)
    return _resolved(raws, Names(text, words, openers))


def attributions_at(found: Document | Sequence[Attribution], span: Span) -> tuple[Attribution, ...]:
    """The attributions whose scope covers `span`, the most specific first, running ones last."""
    attributions = find_attributions(found) if isinstance(found, Document) else found
    covering = [a for a in attributions if a.scope.contains(span)]
    covering.sort(key=lambda a: (_RANK.get(a.how, 0), len(a.scope), abs(a.cue.start - span.start)))
    return tuple(covering)


def _pieces(span: Span) -> Iterator[Span]:
    """A sentence whole, or the pieces of one that is too long to be prose."""
    for start in range(span.start, span.end, _LONGEST_SENTENCE):
        yield Span(start, min(span.end, start + _LONGEST_SENTENCE))


def _of_sentence(sentence: Sentence, before: Span | None) -> list[Raw]:
    raws = _with_channel(sentence, [*verb_attributions(sentence), *cue_attributions(sentence)])
    back = points_back(sentence)
    if back is not None and before is not None:
        mention, cue = back
        raws.append(Raw(mention, cue, before, "cites"))
        raws += [
            Raw(raw.mention, raw.cue, before, "cites")
            for raw in raws
            if raw.how == "cites" and raw.scope != before
        ]
    return raws


def _with_channel(sentence: Sentence, raws: list[Raw]) -> list[Raw]:
    """Note on the first source of the sentence the statement or report that it speaks in."""
    nouns = tuple(
        sentence.lower(at)
        for at in range(2, len(sentence))
        if sentence.words.is_in(sentence.lower(at), "document")
        and any(sentence.lower(i) in ("in", "via", "through") for i in (at - 2, at - 3))
    )
    if not raws or not nouns:
        return raws
    first = min(raws, key=lambda raw: raw.cue.start)
    mention = replace(first.mention, via=nouns)
    return [replace(raw, mention=mention) if raw is first else raw for raw in raws]


def _opener(s: Sentence) -> Opener | None:
    """The person or body with which the sentence begins as its subject, if it looks like one."""
    start = 0
    if s.is_in(0, "preposition"):  # "During the visit, Varga met"
        start = next((at + 1 for at in range(min(len(s), 15)) if s.raw(at) == ","), 0)
    phrase = None if s.shouting else phrase_starting(s, start)
    phrase = _owner(s, phrase) if phrase is not None else None
    if phrase is None or s.is_in(start, "pronoun") or not can_be_source(s, phrase):
        return None
    words = [s.lower(at) for at in range(start, phrase.end)]
    body = any(s.words.is_in(w, kind) for w in words for kind in ("organisation", "place"))
    body = body or s.raw(phrase.head).isupper()
    named = all(map(s.is_capital, range(start, phrase.end))) and len(words) <= 6
    other = any(s.words.is_in(w, kind) for w in words for kind in ("time", "adverb", "determiner"))
    if not body and (not named or other or s.is_headline):
        return None
    return Opener(mention_of(s, phrase), person=not body)


def _owner(s: Sentence, phrase: Phrase) -> Phrase:
    """The body of whose thing a sentence speaks: "Osterberg Rail" in "Shares in Osterberg Rail"."""
    thing = s.lower(phrase.head)
    for at in range(phrase.start + 1, phrase.end - 1):
        if s.lower(at) in ("in", "of", "at") and s.is_capital(at + 1):
            inner = phrase_starting(s, at + 1)
            things = phrase.head < at and s.words.is_plural(thing)
            if inner is not None and things and not s.words.is_source_noun(thing):
                return inner
    return phrase


def _resolved(raws: list[Raw], names: Names) -> tuple[Attribution, ...]:
    ordered = sorted(
        raws, key=lambda raw: (raw.mention.whole.start, raw.cue.start, raw.scope.start)
    )
    entities = [(raw, names.resolve(raw.mention)) for raw in ordered]
    out = []
    for raw, entity in entities:
        if entity is None:
            continue
        name = raw.mention.whole.of(names.text)
        others = tuple(form for form in entity.forms if form not in (name, entity.full))
        out.append(
            Attribution(raw.mention.whole, name, entity.full, others, raw.cue, raw.scope, raw.how)
        )
    return tuple(out)
