"""Attributions that a reporting verb makes: `X said that …`, `…, said X`, `X puts the toll at`."""

from __future__ import annotations

from collections.abc import Sequence

from extractor.text import Span
from extractor.validator.attribution.clauses import end_earlier
from extractor.validator.attribution.constructions import construction
from extractor.validator.attribution.content import content_scope, scope_ahead, segment_start
from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.mentions import can_be_source, is_document, mention_of
from extractor.validator.attribution.phrases import Phrase, is_dash, is_quote, phrase_starting
from extractor.validator.attribution.subjects import Subject, before_comma, standing, subject_of
from extractor.validator.attribution.tokens import Sentence
from extractor.validator.attribution.types import Raw
from extractor.validator.attribution.wordclass import is_verb

_CONTENT_KINDS = frozenset(("speech", "remark", "claim", "document"))


def verb_attributions(s: Sentence) -> list[Raw]:
    """Every attribution that a reporting verb of the sentence makes, in text order."""
    found: list[Raw] = []
    for verb in s.verb_places:
        readings = (_of_verb(s, verb, form, found) for form in s.forms(verb))
        raw = next(filter(None, readings), None) or construction(s, verb, found)
        if raw is not None:
            found.append(raw)
            end_earlier(s, found)
    return found


def _of_verb(s: Sentence, verb: int, form: Form, found: Sequence[Raw]) -> Raw | None:
    if "quote" in form.kinds:
        return _quoting(s, verb, form)
    inverted = _inverted(s, verb, form) if form.kinds & _CONTENT_KINDS else None
    if inverted is not None:
        return inverted
    subject = subject_of(s, verb, form, found)
    if subject is None or not is_verb(s, verb, form, subject):
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


# --- can this subject report with this verb?


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
    spoken = s.raw(verb + 1) == ":" and is_quote(s, verb + 2)
    return source or that or spoken or form.lemma in ("say", "tell", "add")


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
