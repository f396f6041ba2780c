"""Where the content of a reporting verb stands: after it, before it, or around it."""

from __future__ import annotations

from extractor.text import Span
from extractor.validator.attribution.lexicon import Form
from extractor.validator.attribution.phrases import is_dash, is_quote, phrase_starting
from extractor.validator.attribution.tokens import Sentence

_LONGEST_ASIDE = 40  # tokens
_SUBORDINATE = frozenset(("as", "when", "while", "after", "before", "because"))


def content_scope(s: Sentence, verb: int, form: Form, subject_start: int) -> Span | None:
    """What the verb reports, as a stretch of the text; None where it reports nothing.

    `subject_start` is the token where the subject begins, -1 where it is carried over.
    """
    addressee = phrase_starting(s, verb + 1) if form.lemma in s.words["addressee"] else None
    rest = addressee.end if addressee is not None else verb + 1
    while rest < len(s) and (s.is_adverb(rest) or s.is_in(rest, "time") or _leads_time(s, rest)):
        rest += 1
    if subject_start > 0:
        before = _scope_before(s, form, subject_start, rest)
        if before is not None:
            return before
    told = addressee is not None and form.lemma == "tell"
    if _ends_clause(s, rest) or not (told or _has_content(s, rest, form)):
        return None
    begin = s.tokens[verb].end
    if addressee is not None:
        near = range(verb, min(verb + 12, len(s)))
        begin = next((s.tokens[at].end for at in near if s.lower(at) == "that"), begin)
    end = s.offset(min(s.next_cut(verb), end_of_aside(s, verb, subject_start)))
    return Span(min(begin, end), end)


def scope_ahead(s: Sentence, after: int) -> Span:
    """From behind the token `after` to the end of the sentence or the next contrast."""
    return Span(s.tokens[after].end, s.offset(s.next_cut(after)))


def segment_start(s: Sentence, before: int) -> int:
    """Where the content begins that stands before a trailing cue: the sentence or its last cut."""
    cut = s.last_cut(before)
    for at in range(before - 1, max(cut, before - _LONGEST_ASIDE), -1):
        if s.raw(at) == ")":
            break
        if s.raw(at) == "(":
            cut = at
            break
    return s.span.start if cut == 0 else s.tokens[cut].end


def end_of_aside(s: Sentence, verb: int, subject: int) -> int:
    """Where the aside ends in which the verb stands; the end of the sentence where it is in none.

    An aside is a bracket, what stands between two dashes, a relative clause behind a comma ("The
    fire, which police say was set on purpose, injured 31"), or a clause in front ("While police
    say").
    """
    lead = _lead_of_aside(s, verb, subject)
    if lead < 0:
        return len(s)
    near = range(verb + 1, min(verb + _LONGEST_ASIDE, len(s)))
    if s.raw(lead) == "(":
        return next((at for at in near if s.raw(at) == ")"), len(s))
    if s.is_in(lead, "contrast"):
        return next((at for at in near if s.raw(at) == "," and not s.in_quotes(at)), len(s))
    if is_dash(s, lead):
        return next((at for at in near if _closes_aside(s, at)), len(s))
    return next((at for at in near if s.raw(at) == "," and _resumes(s, at + 1)), len(s))


def _lead_of_aside(s: Sentence, verb: int, subject: int) -> int:
    """The bracket, dash or relative pronoun with which an aside begins that the verb is in; or -1.

    The subject stands right behind it ("which police say"), or it is the subject ("who said").
    """
    lead = verb - 1
    while lead > 0 and (s.is_in(lead, "auxiliary") or s.is_adverb(lead)):
        lead -= 1
    if s.lower(lead) not in ("who", "which"):
        lead = subject - 1
        while lead > 0 and s.is_adverb(lead):
            lead -= 1
    if lead < 0:
        return -1
    if s.raw(lead) == "(" or is_dash(s, lead):
        return lead
    if s.is_in(lead, "contrast") and s.lower(lead) not in ("but", "yet"):  # "While police say"
        return lead if lead == 0 or s.lower(lead - 1) == "that" or s.forms(lead - 1) else -1
    before = range(lead - 1, max(-1, lead - 5), -1)  # ", some of whom", ", in which"
    comma = next((at for at in before if not s.tokens[at].is_word), -1)
    return lead if s.is_in(lead, "relative") and s.raw(comma) == "," else -1


def _closes_aside(s: Sentence, dash: int) -> bool:
    return is_dash(s, dash) and s.tokens[dash].end < s.offset(dash + 1)  # not "de -escalation"


def _resumes(s: Sentence, at: int) -> bool:
    """Whether the main clause goes on at a token with its verb."""
    while at < len(s) and s.is_adverb(at):
        at += 1
    if at >= len(s) or s.in_quotes(at):
        return False
    finite = any(s.is_in(at, name) for name in ("auxiliary", "verb", "past"))
    told = any(form.tense in ("past", "s") for form in s.forms(at))
    small = not s.is_capital(at) and s.tokens[at].is_word
    return finite or told or (small and s.lower(at).endswith("ed"))


def _scope_before(s: Sentence, form: Form, start: int, rest: int) -> Span | None:
    """The scope of a verb that follows its content or stands inside it; None if it precedes it."""
    mark = start - 1
    quote, as_clause = is_quote(s, mark), s.lower(mark) == "as"
    if not (quote or as_clause or s.is_mark(mark, ",?!") or is_dash(s, mark)):
        return None
    begin = _quotation_start(s, mark) if quote else segment_start(s, mark)
    if s.is_in(mark - 1, "relative") or s.lower(mark - 1) == "that":
        begin = s.offset(mark)  # "a raid in which, she said, 22 were shot"
    if s.raw(rest) == ",":
        return Span(begin, s.offset(_end_around(s, rest)))
    behind = Span(begin, s.offset(start))
    if _ends_clause(s, rest):
        return behind
    if as_clause or (form.lemma in s.words["needs_that"] and not quote):
        return None
    statement = _closes_speech(s, mark) or _main_clause_before(s, mark)
    return behind if statement and (quote or _is_adverbial(s, rest)) else None


def _end_around(s: Sentence, comma: int) -> int:
    """Where the content ends that goes on after "…, she said,": at the next contrast."""
    near = range(comma, min(comma + 60, len(s) - 1))
    end = next((at for at in near if s.raw(at) == "," and s.lower(at + 1) == "but"), len(s))
    return min(end, s.next_cut(comma))


def _is_adverbial(s: Sentence, at: int) -> bool:
    """Whether what follows the verb is a circumstance ("in Tessel", "as chairman"), no content."""
    if s.is_in(at, "preposition"):
        hedge = s.is_in(at, "hedge") or s.lower(at) == "at"
        return not (hedge and _is_figure(s, at + 1))
    return _is_participle(s, at) or s.lower(at) in _SUBORDINATE


def _is_participle(s: Sentence, at: int) -> bool:
    return s.lower(at).endswith("ing") and not s.is_in(at, "not_source")  # "nothing"


def _is_figure(s: Sentence, at: int) -> bool:
    return at < len(s) and (s.tokens[at].is_number or s.is_in(at, "hedge"))


def _ends_clause(s: Sentence, at: int) -> bool:
    return at >= len(s) or s.is_mark(at, ".!?);") or (is_quote(s, at) and at + 1 >= len(s))


def _leads_time(s: Sentence, at: int) -> bool:
    return s.is_in(at, "time_lead") and s.is_in(at + 1, "time")


def _quotation_start(s: Sentence, closing: int) -> int:
    """Where the quotation that ends at token `closing` begins, if a sentence ends before it."""
    for at in range(closing - 1, max(0, closing - 150), -1):
        opens = is_quote(s, at) and not s.in_quotes(at) and s.tokens[at].end == s.offset(at + 1)
        if opens and s.is_mark(at - 1, ".!?:"):
            return s.tokens[at].start
    return segment_start(s, closing)


def _closes_speech(s: Sentence, mark: int) -> bool:
    return is_quote(s, mark) and s.is_mark(mark - 1, ",.?!\u2026")


def _main_clause_before(s: Sentence, mark: int) -> bool:
    """Whether a statement, and not a fronted phrase, stands before the comma at `mark`."""
    first = s.last_cut(mark)
    first = first + 1 if first else 0
    while first < mark and not s.tokens[first].is_word:
        first += 1
    fronted = any(s.is_in(first, name) for name in ("preposition", "break", "time_lead"))
    fronted = fronted or s.is_adverb(first) or _is_participle(s, first)
    return not fronted or len(s.commas_before(mark, 2)) > 1


def _has_content(s: Sentence, rest: int, form: Form) -> bool:
    """Whether what follows the verb can be what is reported."""
    if s.lower(rest) == "that" or s.raw(rest) == ":" or is_quote(s, rest):
        return True
    if s.lower(rest) in ("about", "of") and not _is_figure(s, rest + 1):
        return False  # "what she said of the bridges"
    if form.lemma in s.words["needs_that"]:
        near = range(rest, min(rest + 6, len(s)))
        return any(s.lower(at) == "that" or s.raw(at) == ":" for at in near)
    if form.kinds & {"speech", "claim", "document"}:
        return True
    figure = s.tokens[rest].is_number or s.is_in(rest, "hedge") or not s.tokens[rest].is_word
    if not figure and form.lemma in ("add", "warn"):
        return True
    return any(_is_finite(s, at) for at in range(rest, min(rest + 18, len(s))))


def _is_finite(s: Sentence, at: int) -> bool:
    auxiliary = s.is_in(at, "auxiliary") and not s.is_capital(at)  # not the month of May
    return auxiliary or s.is_in(at, "verb") or bool(s.forms(at))
