"""From a noun phrase to a mention of a source: who is named, and is it a source at all."""

from __future__ import annotations

from extractor.validator.attribution.phrases import Phrase, phrase_ending, phrase_starting
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention

_SUBJECTS = {"him": "he", "her": "she", "them": "they"}
_OWNER_PREPOSITIONS = ("by", "from", "of")


def mention_of(s: Sentence, phrase: Phrase, extra: tuple[Phrase, ...] = ()) -> Mention:
    """The mention that a phrase makes."""
    head = s.lower(phrase.head)
    alone = phrase.end - phrase.start == 1
    if alone and s.is_in(phrase.start, "object_pronoun"):
        kind, head = "pronoun", _SUBJECTS[head]
    elif alone and s.is_in(phrase.start, "pronoun"):
        kind = "pronoun"
    else:
        kind = "name" if s.is_capital(phrase.head) else "noun"
    core = _core(s, phrase)
    if kind == "noun" and extra and is_person_name(s, extra[0]):
        core = extra[0].start, extra[0].end  # "a passenger, Ines Varga, said"
    return Mention(
        whole=s.span_of(phrase.start, phrase.end),
        core=s.span_of(*core),
        head=head,
        kind=kind,
        extra=tuple(s.span_of(piece.start, piece.end) for piece in extra),
    )


def is_person_name(s: Sentence, phrase: Phrase) -> bool:
    """Whether the phrase is nothing but a name of two or more words, and no body's by its nouns."""
    words = range(phrase.start, phrase.end)
    named = len(words) > 1 and all(s.is_capital(at) for at in words)
    return named and not any(s.words.is_in(s.lower(at), "organisation") for at in words)


def _core(s: Sentence, phrase: Phrase) -> tuple[int, int]:
    """The part of a phrase that names the source itself."""
    if s.words.is_in(s.lower(phrase.head), "document"):
        return _owner(s, phrase) or (phrase.start, phrase.end)
    start = phrase.start
    if phrase.head + 1 < phrase.end and s.is_capital(phrase.head):
        person = not s.words.is_source_noun(s.lower(phrase.head))
        if person and phrase.head - start >= 1 and not s.is_in(start, "determiner"):
            return start, phrase.head + 1
    return start, phrase.end


def _owner(s: Sentence, phrase: Phrase) -> tuple[int, int] | None:
    """Whose report, figures or data they are, if the phrase says so."""
    for at in range(phrase.start, phrase.head):
        if s.tokens[at].possessive and not s.is_in(at, "time"):
            return phrase.start, at + 1
    for at in range(phrase.head + 1, phrase.end - 1):
        if s.is_in(at - 1, "reader"):
            return None  # "a memo seen by the Courier" is not the Courier's
        if s.lower(at) in _OWNER_PREPOSITIONS and not s.is_in(at + 1, "time"):
            owner = phrase_starting(s, at + 1, phrase.end)
            if owner is not None and can_be_source(s, owner):
                return owner.start, owner.end
    first = phrase.start + (1 if s.is_in(phrase.start, "determiner") else 0)
    if first < phrase.head and all(
        s.raw(at).isupper() and len(s.raw(at)) > 1 for at in range(first, phrase.head)
    ):
        return first, phrase.head
    return None


def can_be_source(s: Sentence, phrase: Phrase) -> bool:
    """Whether the phrase by itself looks like a source: a name, or a noun that can speak."""
    if phrase.end - phrase.start == 1 and s.is_in(phrase.start, "pronoun"):
        return True
    upto_head = [s.lower(at) for at in range(phrase.start, phrase.head + 1)]
    if any(s.words.is_in(word, "event") for word in upto_head):
        return False
    if s.words.is_source_noun(upto_head[-1]):
        return True
    determined = s.is_in(phrase.start, "determiner")
    if s.shouting or not s.is_capital(phrase.head):
        return s.shouting and determined
    if not (determined or s.is_capital(phrase.start)):
        return any(s.words.is_source_noun(word) for word in upto_head)
    # a first word has its capital from there: it is no name where the text also has it small
    return not (phrase.head == 0 and phrase.end == 1 and upto_head[-1] in s.common)


def is_document(s: Sentence, phrase: Phrase) -> bool:
    """Whether the phrase names a text or a count: a report, figures, a survey."""
    return s.words.is_in(s.lower(phrase.head), "document")


def with_apposition(s: Sentence, end: int) -> tuple[Phrase, tuple[Phrase, ...]] | None:
    """The phrase before an apposition that the comma at `end - 1` closes, and the appositions."""
    pieces: list[Phrase] = []
    closing = end - 1
    for comma in s.commas_before(closing, 5):
        if closing - comma > 30 or not _is_apposition(s, comma + 1, closing):
            return None
        piece = phrase_starting(s, comma + 1)
        if piece is not None and not (s.tokens[comma + 1].is_number or _is_deed(s, comma + 1)):
            pieces.append(piece)
        phrase = phrase_ending(s, comma)
        if phrase is not None and can_be_source(s, phrase) and _stands_free(s, phrase):
            return phrase, tuple(pieces)
        closing = comma
    return None


def _is_deed(s: Sentence, at: int) -> bool:
    """Whether an aside tells what was done: "backed by Norvia's air force", "based in Tessel"."""
    done = s.lower(at).endswith(("ed", "ing")) and not s.is_capital(at)
    return done and s.is_in(at + 1, "preposition")


def _stands_free(s: Sentence, phrase: Phrase) -> bool:
    before = phrase.start - 1
    return before < 0 or not s.tokens[before].is_word or not s.is_in(before, "preposition")


def _is_apposition(s: Sentence, start: int, end: int) -> bool:
    if start >= end or any(s.in_quotes(at) != s.in_quotes(end) for at in (start, end - 1)):
        return False
    if s.lower(start) in ("who", "which", "whose", "whom", "where"):
        return True
    if s.tokens[start].is_number:
        return end - start == 1
    if any(s.is_in(at, "auxiliary") for at in range(start, end)):
        return False
    opens = any(s.is_in(start, name) for name in ("determiner", "preposition")) or s.is_adverb(
        start
    )
    opens = opens or s.lower(start).endswith(("ing", "ed"))  # "speaking in Tessel", "based in"
    noun = any(s.words.is_in(s.lower(at), "person") for at in range(start, min(end, start + 6)))
    organ = any(s.words.is_in(s.lower(at), "organisation") for at in range(start, end))
    return opens or noun or organ or (s.is_capital(start) and end - start <= 3)
