"""Attributions that a reporting verb makes: `X said that …`, `…, said X`, `X puts the toll at`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractor.text import Span
from extractor.validator.attribution.content import content_scope, scope_ahead, segment_start
from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.mentions import can_be_source, is_document, mention_of
from extractor.validator.attribution.phrases import (
    Phrase,
    is_boundary,
    is_dash,
    is_quote,
    phrase_starting,
)
from extractor.validator.attribution.subjects import Subject, before_comma, standing, subject_of
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Raw

_CONTENT_KINDS = frozenset(("speech", "remark", "claim", "document"))
_AFTER_NOUN = frozenset(("of", "by", "from", "about"))


def verb_attributions(s: Sentence) -> Iterator[Raw]:
    """Every attribution that a reporting verb of the sentence makes, in text order."""
    found: list[Raw] = []
    for verb in s.verb_places:
        for form in s.forms(verb):
            raw = _of_verb(s, verb, form, found)
            if raw is not None:
                found.append(raw)
                break
    yield from found


def _of_verb(s: Sentence, verb: int, form: Form, found: Sequence[Raw]) -> Raw | None:
    if "quote" in form.kinds:
        return _quoting(s, verb, form)
    inverted = _inverted(s, verb, form) if form.kinds & _CONTENT_KINDS else None
    if inverted is not None:
        return inverted
    subject = subject_of(s, verb, form, found)
    if subject is None or not _is_verb(s, verb, form, subject):
        return None
    if form.kinds & {"put", "deny"}:
        return _putting(s, verb, subject) if "put" in form.kinds else _denying(s, verb, subject)
    scope = None
    if _may_report(s, verb, form, subject):
        scope = content_scope(s, verb, form, subject.start)
    return None if scope is None else Raw(subject.mention, _cue(s, verb), scope, _how(s))


def _cue(s: Sentence, verb: int) -> Span:
    return s.span_of(verb, verb + 1)


def _how(s: Sentence) -> str:
    return "headline_says" if s.is_headline else "says"


# --- is it a reporting verb here?


def _is_verb(s: Sentence, verb: int, form: Form, subject: Subject) -> bool:
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


def _may_report(s: Sentence, verb: int, form: Form, subject: Subject) -> bool:
    """Whether this subject can be the source of what this verb reports."""
    phrase = subject.phrase
    source = phrase is None or can_be_source(s, phrase)
    that = s.lower(verb + 1) == "that"
    if phrase is not None and is_document(s, phrase):
        return True
    if form.kinds == {"document"}:
        return that and source
    if "claim" in form.kinds:
        return source and not _claims_otherwise(s, verb, form)
    if s.lower(verb + 1) == "to" and s.is_in(verb + 2, "auxiliary"):
        return False  # "the man said to have led"
    return source or that or form.lemma in ("say", "tell", "add")


def _claims_otherwise(s: Sentence, verb: int, form: Form) -> bool:
    """Whether it reports nothing: "claimed 40 lives", "believed to have", "estimated at"."""
    near = range(verb + 1, min(verb + 6, len(s)))
    if form.lemma == "claim" and any(s.is_in(at, "claimed_thing") for at in near):
        return True
    if form.tense != "past":
        return False
    # "reported to Radio Tessel that" is one
    to_state = s.lower(verb + 1) == "to" and not s.is_capital(verb + 2) and form.lemma != "claim"
    return to_state or s.lower(verb + 1) == "at"


# --- verbs with a construction of their own


def _inverted(s: Sentence, verb: int, form: Form) -> Raw | None:
    """`…, said Igor Petrov`: the source after the verb, the content before it."""
    mark = verb - 1
    tense_ok = form.tense in ("past", "s") or form.lemma == "say"  # "…, say police"
    if not tense_ok or mark < 1 or form.lemma in s.words["addressee"]:
        return None
    if not (s.raw(mark) == "," or is_quote(s, mark) or is_dash(s, mark)):
        return None
    phrase = phrase_starting(s, verb + 1)
    if phrase is None or s.is_in(phrase.start, "pronoun") or not _may_trail(s, phrase, form):
        return None
    # "Varga, the head, said rain …" is the usual order after all
    closes = can_be_source(s, phrase) and _ends(s, phrase.end)
    if s.raw(mark) == "," and not closes and before_comma(s, mark) is not None:
        return None
    extra = phrase_starting(s, phrase.end + 1) if s.raw(phrase.end) == "," else None
    beside = (extra,) if extra is not None and not s.forms(phrase.end + 1) else ()
    goes_on = s.is_mark(phrase.end, ",:") and is_quote(s, phrase.end + 1)
    end = s.offset(s.next_cut(verb)) if goes_on else s.offset(verb)
    scope = Span(segment_start(s, mark), end)
    return Raw(mention_of(s, phrase, beside), _cue(s, verb), scope, _how(s))


def _may_trail(s: Sentence, phrase: Phrase, form: Form) -> bool:
    """Whether a phrase after the verb is its subject rather than the subject of a clause."""
    if "claim" in form.kinds and not can_be_source(s, phrase):
        return False
    after = phrase.end
    if any(s.is_in(after, name) for name in ("auxiliary", "verb")) or s.lower(after) == "that":
        return False
    return _ends(s, after) or s.is_in(after, "preposition") or s.is_in(after, "time")


def _ends(s: Sentence, index: int) -> bool:
    return index >= len(s) or not s.tokens[index].is_word or s.is_in(index, "break")


def _is_source(s: Sentence, subject: Subject) -> bool:
    return subject.phrase is None or can_be_source(s, subject.phrase)


def _putting(s: Sentence, verb: int, subject: Subject) -> Raw | None:
    """`X puts the toll at 40`, `X puts the figure much higher`."""
    near = range(verb + 1, min(verb + 12, len(s)))
    figure = any(s.words.is_in(s.lower(at), "figures") for at in near)
    if not _is_source(s, subject) or not (figure or any(_is_at_number(s, at) for at in near)):
        return None
    return Raw(subject.mention, _cue(s, verb), scope_ahead(s, verb), "puts_at")


def _is_at_number(s: Sentence, at: int) -> bool:
    near = range(at + 1, min(at + 6, len(s)))
    return s.lower(at) in ("at", "as") and any(s.tokens[number].is_number for number in near)


def _denying(s: Sentence, verb: int, subject: Subject) -> Raw | None:
    """`X rejected reports that …`: X does not assert what follows."""
    told = any(
        s.lower(at) in ("that", "any", "having")
        or any(s.words.is_in(s.lower(at), name) for name in ("claim_noun", "figures"))
        for at in range(verb + 1, min(verb + 9, len(s)))
    )
    if not told or not _is_source(s, subject):
        return None
    return Raw(subject.mention, _cue(s, verb), scope_ahead(s, verb), "denies")


def _quoting(s: Sentence, verb: int, form: Form) -> Raw | None:
    """`quoted X as saying`, `X was quoted as saying`, `citing X`."""
    saying = _as_saying(s, verb)
    if saying and form.tense == "past" and s.is_in(verb - 1, "passive"):
        subject = standing(s, verb - 1)
        mention = subject.mention if subject is not None else None
    else:
        phrase = phrase_starting(s, verb + 1)
        mention = mention_of(s, phrase) if phrase and can_be_source(s, phrase) else None
    if mention is None:
        return None
    if saying:
        return Raw(mention, _cue(s, verb), scope_ahead(s, saying), _how(s))
    scope = Span(segment_start(s, verb), s.offset(verb))
    return Raw(mention, _cue(s, verb), scope, "cites") if form.tense == "ing" and scope else None


def _as_saying(s: Sentence, verb: int) -> int:
    """The token "saying" in "quoted a man as saying"; 0 where it does not follow."""
    for at in range(verb + 1, min(verb + 20, len(s) - 1)):
        if s.lower(at) == "as" and s.lower(at + 1).endswith("ing"):
            return at + 1
    return 0
