"""Verbs that name a source only in a set construction: "counted 51", "spoke of 50", "published"."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.text import Span
from extractor.validator.attribution.content import end_of_aside
from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.mentions import can_be_source
from extractor.validator.attribution.phrases import Phrase
from extractor.validator.attribution.subjects import Subject, subject_of
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Raw
from extractor.validator.attribution.wordclass import is_verb

_BODIES = ("organisation", "document")


def construction(s: Sentence, verb: int, found: Sequence[Raw]) -> Raw | None:
    """What a verb reports that is no reporting verb by itself; None where it only tells a deed.

    `found` are the attributions of the sentence so far.
    """
    for form in s.words.constructions.get(s.lower(verb), ()):
        scope = _scope(s, verb, form)
        subject = subject_of(s, verb, form, found) if scope is not None else None
        if scope is None or subject is None or not is_verb(s, verb, form, subject):
            continue
        if _may_tell(s, form, subject):
            end = s.offset(end_of_aside(s, verb, subject.start))
            scope = Span(scope.start, max(scope.start, min(scope.end, end)))
            how = "headline_says" if s.is_headline else "says"
            return Raw(subject.mention, s.span_of(verb, verb + 1), scope, how)
    return None


def _scope(s: Sentence, verb: int, form: Form) -> Span | None:
    if "publish" in form.kinds:
        return _after_colon(s, verb)
    figure = verb + 1
    if "speak" in form.kinds:
        if s.lower(figure) != "of":
            return None
        figure += 1
    elif form.tense == "ing" or _is_scored(s, figure):
        return None
    return _object(s, verb) if _is_figure(s, figure) else None


def _may_tell(s: Sentence, form: Form, subject: Subject) -> bool:
    """Whether the subject's doing makes a figure its own.

    Who speaks of 50 dead or publishes a table is its source. To count is to tell only for a body
    or a text: an office that counted 51 graves vouches for them, a boy who counted sheep does not.
    """
    phrase = subject.phrase
    if "tally" in form.kinds and not form.kinds & {"speak", "publish"}:
        return phrase is not None and _is_body(s, phrase)
    return phrase is None or can_be_source(s, phrase)


def _is_body(s: Sentence, phrase: Phrase) -> bool:
    if not can_be_source(s, phrase):
        return False
    acronym = s.raw(phrase.head).isupper() and len(s.raw(phrase.head)) > 1 and not s.shouting
    named = (s.lower(at) for at in range(phrase.start, phrase.end))
    if s.words.is_in(s.lower(phrase.head), "person"):
        return False
    return acronym or any(s.words.is_in(word, kind) for word in named for kind in _BODIES)


def _is_figure(s: Sentence, at: int) -> bool:
    """Whether a number begins at the token, behind its hedges."""
    for place in range(at, min(at + 5, len(s))):
        if s.tokens[place].is_number or s.is_in(place, "number_word"):
            return True
        if not (s.is_in(place, "hedge") or s.lower(place) in ("the", "at", "as", "many", "than")):
            return False
    return False


def _is_scored(s: Sentence, at: int) -> bool:
    """Whether what is recorded or listed is a success or a share, not a finding."""
    return any(s.is_in(near, "unscored") for near in range(at, min(at + 6, len(s))))


def _object(s: Sentence, verb: int) -> Span:
    """From the verb to where its clause ends: at a contrast, or a comma with a new clause."""
    end = s.next_cut(verb)
    for at in range(verb + 1, min(verb + 40, end - 1)):
        joined = s.is_in(at + 1, "break") or s.lower(at + 1) in ("and", "or", "after", "before")
        if s.raw(at) == "," and joined and not s.in_quotes(at):
            end = at
            break
    return Span(s.tokens[verb].end, s.offset(end))


def _after_colon(s: Sentence, verb: int) -> Span | None:
    """What stands behind the colon in "published a table on Monday: …"."""
    near = range(verb + 1, min(verb + 16, len(s)))
    colon = next((at for at in near if s.raw(at) == ":"), 0)
    if not any(s.words.is_in(s.lower(at), "document") for at in range(verb + 1, colon)):
        return None
    return Span(s.tokens[colon].end, s.span.end)
