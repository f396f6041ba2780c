"""The attribution finder: who does the text say is the source of what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractor.text import Document, Span
from extractor.validator.attribution.clauses import with_phrases
from extractor.validator.attribution.cues import cue_attributions, points_back
from extractor.validator.attribution.glance import may_attribute
from extractor.validator.attribution.lexicon import lexicon
from extractor.validator.attribution.openers import Openers, opener_of
from extractor.validator.attribution.quotes import quotations, running, stretched
from extractor.validator.attribution.resolution import Names
from extractor.validator.attribution.tables import table_sources
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
    page = _Page(text)
    pieces = [piece for span in document.sentences for piece in _pieces(span)]
    raws: list[Raw] = []
    before: Span | None = None
    for piece in pieces:
        found = _of_sentence(page.sentence(piece), before) if may_attribute(piece.of(text)) else []
        raws += found
        before = _unsaid(piece, found)
    raws += table_sources(text, page.sentence)
    quotes = quotations(text)
    raws = stretched(raws, quotes)
    raws += running(text, raws, quotes)
    openers = Openers(pieces, lambda piece: opener_of(page.sentence(piece)))
    return _resolved(raws, Names(text, page.words, openers))


def attributions_at(found: Document | Sequence[Attribution], span: Span) -> tuple[Attribution, ...]:
    """The attributions whose scope covers `span`, the most specific first, running ones last."""
    attributions = find_attributions(found) if isinstance(found, Document) else found
    covering = [a for a in attributions if a.scope.contains(span)]
    covering.sort(key=lambda a: (_RANK.get(a.how, 0), len(a.scope), abs(a.cue.start - span.start)))
    return tuple(covering)


class _Page:
    """What the sentences of a document share."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = lexicon()
        self._small: frozenset[str] | None = None

    def __contains__(self, word: object) -> bool:
        """Whether the document also uses the word in small letters."""
        if self._small is None:
            self._small = frozenset(_SMALL_WORD.findall(self.text))
        return word in self._small

    def sentence(self, span: Span) -> Sentence:
        """One sentence of it, as tokens."""
        return Sentence(self.text, span, self.words, self)


def _pieces(span: Span) -> Iterator[Span]:
    """A sentence whole, or the pieces of one that is too long to be prose."""
    for start in range(span.start, span.end, _LONGEST_SENTENCE):
        yield Span(start, min(span.end, start + _LONGEST_SENTENCE))


def _unsaid(sentence: Span, found: Sequence[Raw]) -> Span:
    """What a source named in the next sentence may answer for: not what another's word covers.

    "The palace said 12 had died, but now it appears that 40 did. The figures were published by …"
    """
    said = (raw.scope.end for raw in found if raw.how != "cites")
    end = max((end for end in said if sentence.start < end < sentence.end), default=sentence.start)
    return Span(end, sentence.end)


def _of_sentence(sentence: Sentence, before: Span | None) -> list[Raw]:
    verbs = verb_attributions(sentence)
    phrases = list(cue_attributions(sentence))
    raws = _with_channel(sentence, with_phrases(sentence, phrases, verbs))
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
    if not raws:
        return raws
    nouns = tuple(
        sentence.lower(at)
        for at in range(2, len(sentence))
        if sentence.words.is_in(sentence.lower(at), "document")
        and any(sentence.lower(i) in ("in", "via", "through") for i in (at - 2, at - 3))
    )
    if not nouns:
        return raws
    first = min(raws, key=lambda raw: raw.cue.start)
    mention = replace(first.mention, via=nouns)
    return [replace(raw, mention=mention) if raw is first else raw for raw in raws]


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
