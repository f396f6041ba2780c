"""Who is the subject of a verb: before it, before an apposition, or carried over from before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.mentions import can_be_source, mention_of, with_apposition
from extractor.validator.attribution.phrases import (
    Phrase,
    before_verb,
    is_dash,
    phrase_ending,
    phrase_starting,
    skip_fronted,
)
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Mention, Raw

_FRONTED = 25  # tokens that a fronted phrase may take
_MOST_COMMAS = 3  # in it
_RECENT = 8  # attributions back
_CARRYING = frozenset(("and", "but", "or", "then", "yet"))
_BEFORE_PARTICIPLE = frozenset(("and", "while", "before", "after"))


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a verb: its mention and, where it stands before the verb, its phrase.

    `start` is the token where the subject begins; -1 where it is carried over from before.
    """

    mention: Mention
    start: int
    phrase: Phrase | None


def subject_of(s: Sentence, verb: int, form: Form, found: Sequence[Raw]) -> Subject | None:
    """The subject of the verb, or None: no subject, passive, negated, or a mere possibility.

    `found` are the attributions of the sentence so far, whose last source may be carried over.
    """
    at = verb - 1
    helpers: list[str] = []
    while at >= 0 and (_is_helper(s, at) or s.is_adverb(at) or _is_inner_time(s, at)):
        if _is_helper(s, at):
            helpers.append(s.lower(at))
        at -= 1
    if not _agrees(s, form, helpers):
        return None
    if form.tense == "ing" and not any(helper in s.words["passive"] for helper in helpers):
        return _of_participle(s, at, found)
    return _before(s, verb, at, found, helped=bool(helpers))


def _is_helper(s: Sentence, at: int) -> bool:
    return s.is_in(at, "auxiliary") or s.is_in(at, "negation")


def _before(
    s: Sentence, verb: int, at: int, found: Sequence[Raw], *, helped: bool
) -> Subject | None:
    """The subject whose last token is `at`, or that the token at `at` shows to stand elsewhere."""
    if at < 0 or is_dash(s, at):
        return None
    if s.raw(at) == ",":
        return before_comma(s, at) or (_carried(s, verb, found) if helped else None)
    if s.lower(at) in _CARRYING:
        return _carried(s, verb, found)
    if s.lower(at) in ("who", "which"):
        end = at - 1 if s.raw(at - 1) == "," else at
        return standing(s, end) if end > 0 else None
    return standing(s, at + 1) or _before_relative(s, at)


def _before_relative(s: Sentence, end: int) -> Subject | None:
    """`A man who asked not to be named said`: the subject before a relative clause."""
    for at in range(end, max(0, end - 12), -1):
        if not s.tokens[at].is_word:
            return None
        if s.lower(at) == "who":
            phrase = phrase_ending(s, at)
            source = phrase is not None and can_be_source(s, phrase)
            return standing(s, at) if source else None
    return None


def _is_inner_time(s: Sentence, at: int) -> bool:
    """A time between subject and verb: "the bank on Monday said"."""
    if at == 0 or s.tokens[at].possessive:
        return False
    if s.is_in(at, "time") or (s.tokens[at].is_number and s.is_in(at + 1, "time")):
        return True
    if s.lower(at) in ("on", "of", "in") and s.tokens[at + 1].is_number:
        return s.is_in(at + 2, "time")
    return s.lower(at) in ("on", "last", "this", "late", "early") and s.is_in(at + 1, "time")


def _agrees(s: Sentence, form: Form, helpers: list[str]) -> bool:
    """Whether the auxiliaries make the form an assertion in the active voice."""
    if any(helper in s.words["negation"] or helper in s.words["modal"] for helper in helpers):
        return False
    nearest = helpers[0] if helpers else ""
    if form.tense == "part" and not helpers:
        return False
    if form.tense in ("base", "s") and nearest in s.words["perfect"]:
        return False
    return form.tense == "ing" or nearest not in s.words["passive"]


def standing(s: Sentence, end: int) -> Subject | None:
    """The subject that ends before token `end`."""
    phrase = phrase_ending(s, end)
    if phrase is None:
        return None
    return Subject(mention_of(s, phrase), phrase.start, phrase)


def before_comma(s: Sentence, comma: int) -> Subject | None:
    """The subject before the apposition that the comma closes."""
    found = with_apposition(s, comma + 1)
    if found is None:
        return None
    phrase, extra = found
    return Subject(mention_of(s, phrase, extra), phrase.start, phrase)


def _of_participle(s: Sentence, at: int, found: Sequence[Raw]) -> Subject | None:
    """Whose "saying" it is: ", saying", "while saying", "with the agency saying"."""
    if at < 0:
        return None
    if s.raw(at) == "," or is_dash(s, at) or s.lower(at) in _BEFORE_PARTICIPLE:
        return _carried(s, at, _outermost(found))
    start = at
    while start > 0 and at - start < 12 and s.lower(start) != "with" and s.tokens[start].is_word:
        start -= 1
    phrase = phrase_starting(s, start + 1) if s.lower(start) == "with" else None
    if phrase is None or phrase.end != at + 1:
        return None
    return Subject(mention_of(s, phrase), phrase.start, phrase)


def _outermost(found: Sequence[Raw]) -> Sequence[Raw]:
    """The last attribution that stands in no other's words: whose ", adding that …" it is."""
    recent = found[-_RECENT:]
    for at in range(len(recent) - 1, -1, -1):
        outer = any(one.scope.contains(recent[at].cue) for one in recent[:at])
        if not outer:
            return recent[at : at + 1]
    return found


def _carried(s: Sentence, verb: int, found: Sequence[Raw]) -> Subject | None:
    """The subject of an earlier verb of the sentence, which a further verb goes on with."""
    if found:
        # "say ok" after "she said that we have to …" belongs to another subject
        earlier = s.words.verbs.get(found[-1].cue.of(s.text).lower(), ())
        clash = _is_base(s.forms(verb)) and bool(earlier) and not _is_base(earlier)
        return None if clash else Subject(found[-1].mention, -1, None)
    phrase = leading_subject(s, verb, any_noun=True)
    if phrase is None or phrase.end > verb:
        return None
    return Subject(mention_of(s, phrase), -1, phrase)


def leading_subject(s: Sentence, before: int, *, any_noun: bool = False) -> Phrase | None:
    """The subject with which the sentence begins, behind fronted phrases, if it can be a source.

    `any_noun` takes any noun with its article whose verb follows: "the line sold 4 and said …".
    """
    for start in _first_places(s, min(before, len(s))):
        phrase = phrase_starting(s, start)
        phrase = before_verb(s, phrase) if phrase is not None else None
        if phrase is not None and (can_be_source(s, phrase) or (any_noun and _acts(s, phrase))):
            return phrase
    return None


def _acts(s: Sentence, phrase: Phrase) -> bool:
    verb = any(s.is_in(phrase.end, name) for name in ("auxiliary", "verb"))
    verb = verb or bool(s.forms(phrase.end)) or s.lower(phrase.end).endswith("ed")
    return verb and s.is_in(phrase.start, "determiner")


def _first_places(s: Sentence, before: int) -> list[int]:
    """Where the subject of the first verb may begin: at once, or behind "In a post on Tuesday,"."""
    clause = s.is_in(0, "preposition") or s.is_in(0, "break")
    if clause or s.lower(0).endswith(("ing", "ed")):
        near = range(1, min(before, _FRONTED))
        commas = [at + 1 for at in near if s.raw(at) == ","][:_MOST_COMMAS]
        if commas or not s.is_in(0, "preposition"):
            return commas
    start = skip_fronted(s, 0, before)
    return [] if start is None else [start + 1 if s.raw(start) == "," else start]


def _is_base(forms: tuple[Form, ...]) -> bool:
    return any(form.tense == "base" for form in forms)
