"""Whether a word like "reports" or "counts" is a verb where it stands, or a noun."""

from __future__ import annotations

from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.phrases import Phrase, is_boundary
from extractor.validator.attribution.subjects import Subject
from extractor.validator.attribution.tokens import Sentence

_AFTER_NOUN = frozenset(("of", "by", "from", "about"))


def is_verb(s: Sentence, verb: int, form: Form, subject: Subject) -> bool:
    """Whether the form is a verb here: "Aldor claims 40", but not "insurance claims rose"."""
    if form.tense == "past" and s.is_in(verb + 1, "participle_state"):
        return False
    if s.lower(verb) not in s.words["noun_like"]:
        return True
    if _is_noun(s, verb):
        return False
    phrase = subject.phrase
    if subject.start < 0 or phrase is None:
        return not s.is_in(verb - 1, "preposition")
    return _number_agrees(s, form, phrase) and is_boundary(s, phrase.start - 1)


def _is_noun(s: Sentence, at: int) -> bool:
    """Whether a word like "reports" is a noun, by what follows it or by a capital of its own."""
    after = at + 1
    if s.lower(after) in _AFTER_NOUN or s.raw(after) == ",":
        return True
    if s.is_in(after, "auxiliary") or s.is_in(after, "verb"):
        return True
    if any(form.tense != "ing" for form in s.forms(after)):
        return True
    headline = s.is_headline and _opens_content(s, after)
    return s.is_capital(at) and not headline  # "Release Notes", "State Department"


def _opens_content(s: Sentence, at: int) -> bool:
    figure = at < len(s) and s.tokens[at].is_number
    return figure or any(s.is_in(at, name) for name in ("hedge", "determiner"))


def _number_agrees(s: Sentence, form: Form, phrase: Phrase) -> bool:
    """Whether subject and verb agree in number: "the agency reports", "officials report"."""
    if s.shouting:
        return True
    head = s.lower(phrase.head)
    plural = s.words.is_plural(head)
    # the first word of a sentence has its capital from there
    named = s.is_capital(phrase.head) and not (phrase.head == 0 and s.words.is_source_noun(head))
    if form.tense == "base":
        several = any(s.lower(at) == "and" for at in range(phrase.start, phrase.end))
        return head == "they" or several or (plural and not named)
    if form.tense != "s" or named or head in s.words["pronoun"]:
        return True
    determined = s.is_in(phrase.start, "determiner") or s.tokens[phrase.start].possessive
    return not plural and (determined or s.is_capital(phrase.start))
