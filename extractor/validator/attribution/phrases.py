"""Noun phrases without a tagger: the phrase that ends, or begins, at a token."""

from __future__ import annotations

from dataclasses import dataclass

from extractor.validator.attribution.tokens import DASHES, QUOTES, Sentence

_REACH = 24  # tokens that a source phrase may have at most
_INSIDE = frozenset(("of", "for", "the", "de", "van", "von", "al", "el", "bin", "da", "del", "la"))


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens `start` to before `end`; `head` is the index of the head noun."""

    start: int
    end: int
    head: int


def phrase_ending(s: Sentence, end: int) -> Phrase | None:
    """The longest noun phrase that ends before token `end`, if it can be a subject."""
    start = skip_fronted(s, _walk_left(s, end), end)
    if start is None or start >= end:
        return None
    return _phrase(s, start, end)


def phrase_starting(s: Sentence, start: int, before: int | None = None) -> Phrase | None:
    """The noun phrase that begins at token `start`, if one does; `before` bounds its end."""
    end = start
    limit = min(len(s) if before is None else before, start + _REACH)
    while end < limit:
        if s.raw(end) == "(" and s.raw(end + 2) == ")" and s.raw(end + 1).isupper():
            end += 3
        elif _goes_on(s, start, end):
            end += 1
        else:
            break
    end = min(end, limit)
    while end > start and (_is_function(s, end - 1) or s.is_adverb(end - 1)):
        end -= 1
    if end == start:
        return None
    # the bound is handed on, so that "report issued by a report issued by …" comes to an end
    bound = min(len(s), start + 2 * _REACH) if before is None else before
    return _phrase(s, start, _with_maker(s, start, end, bound))


def _with_maker(s: Sentence, start: int, end: int, bound: int) -> int:
    """The end of a phrase with who made the report added: "figures released today by the bank"."""
    if s.words.is_in(s.lower(end - 1), "document"):
        made = next((at for at in (end, end + 1) if s.is_in(at, "postmodifier")), 0)
        return _end_of_maker(s, made + 1, end, bound) if made else end
    dangling = s.is_in(end - 1, "postmodifier") and not s.is_capital(end - 1)
    return _end_of_maker(s, end, end - 1, bound) if dangling and end - start > 1 else end


def _end_of_maker(s: Sentence, made: int, end: int, bound: int) -> int:
    """Where "report released on Monday by the agency" ends, given the token after "released".

    `end` is where the phrase ends if nobody is named.
    """
    for at in range(made, min(made + 6, bound)):
        if s.lower(at) in ("by", "from") and not s.is_in(at + 1, "time"):
            maker = phrase_starting(s, at + 1, bound)
            return maker.end if maker is not None else end
        if not s.tokens[at].is_word:
            break
    return end


def possessor_ending(s: Sentence, end: int) -> Phrase | None:
    """The short phrase before a possessive ending: names, or a noun with its determiner."""
    start = end - 1
    if not s.tokens[start].is_word:
        return None
    while start > 0 and end - start < _REACH and _possessor_goes_on(s, start, end):
        start -= 1
    while start < end - 1 and s.lower(start) in ("of", "for", "and"):
        start += 1
    return _phrase(s, start, end)


def _possessor_goes_on(s: Sentence, start: int, end: int) -> bool:
    left = start - 1
    if not s.tokens[left].is_word or s.is_in(left, "auxiliary") or s.forms(left):
        return False
    if s.lower(left) in ("of", "for"):
        return s.is_capital(left - 1) or s.words.is_source_noun(s.lower(left - 1))
    if _is_function(s, left):
        return s.is_in(left, "determiner") and not s.is_in(start, "determiner")
    if s.is_capital(left) or s.is_in(start, "determiner"):
        return s.is_capital(left) and not s.is_in(start, "determiner")
    # a small adjective or noun before a small head: "the state weather office's"
    return not s.is_capital(start) and s.lower(end - 1) not in s.words["place"]


def _goes_on(s: Sentence, start: int, end: int) -> bool:
    """Whether the phrase that begins at `start` takes in the token at `end`."""
    if not s.tokens[end].is_word:
        return s.raw(end) == "&"
    if _is_clause_word(s, end) or _is_finite(s, end):
        return False
    if end > start and (s.is_in(end, "pronoun") or s.is_in(end, "not_source")):
        return False
    if end == start:
        return not (s.is_in(end, "preposition") or s.is_adverb(end)) or s.is_capital(end)
    if s.is_in(end, "time") or _leads_time(s, end):
        return False
    return _postmodifies(s, end) if s.is_in(end, "preposition") else _word_goes_on(s, start, end)


def _word_goes_on(s: Sentence, start: int, end: int) -> bool:
    if s.lower(end) == "and":
        return s.is_capital(end - 1) and s.is_capital(end + 1) and not s.is_in(end + 1, "time")
    if s.is_in(end, "determiner"):
        return _after_preposition(s, end)
    if s.is_capital(end) or s.tokens[end - 1].possessive or _after_preposition(s, end):
        return True
    # a small word: inside "the … ministry", or after a name where a source noun is near
    if s.raw(end - 1) == ")" or (s.is_capital(end - 1) and not s.is_in(start, "determiner")):
        return _source_noun_near(s, end)
    return not s.is_adverb(end)


def _after_preposition(s: Sentence, index: int) -> bool:
    return s.is_in(index - 1, "preposition")


def _source_noun_near(s: Sentence, index: int) -> bool:
    for at in range(index, min(index + 4, len(s))):
        if not s.tokens[at].is_word or s.is_capital(at) or _is_function(s, at):
            return False
        if s.words.is_source_noun(s.lower(at)):
            return True
    return False


def _postmodifies(s: Sentence, at: int) -> bool:
    """Whether the preposition at `at` carries the phrase on: "head of", "officials in"."""
    if s.is_in(at + 1, "time") or (s.is_in(at + 2, "time") and s.lower(at) == "on"):
        return False
    if s.lower(at) in ("of", "for"):
        return True
    if s.lower(at) in ("in", "at", "from", "with", "by"):
        return not s.is_capital(at - 1) or s.words.is_source_noun(s.lower(at - 1))
    return False


def _is_finite(s: Sentence, index: int) -> bool:
    """Whether the token is surely a verb: an auxiliary, a common past, a reporting verb."""
    if s.is_in(index, "auxiliary") or s.is_in(index, "verb"):
        return True
    lower = s.lower(index)
    sure = any(f.tense in ("past", "ing") or f.lemma in ("say", "tell") for f in s.forms(index))
    return sure and not s.is_in(index, "postmodifier") and not s.words.is_source_noun(lower)


def _is_clause_word(s: Sentence, index: int) -> bool:
    return s.is_in(index, "break")


def _is_function(s: Sentence, index: int) -> bool:
    return s.lower(index) in ("and", "or") or any(
        s.is_in(index, name) for name in ("preposition", "determiner", "break", "auxiliary")
    )


def _walk_left(s: Sentence, end: int) -> int:
    start = end
    while start > 0 and end - start < _REACH:
        left = start - 1
        if s.raw(left) == ")":
            opened = next(
                (i for i in range(left - 1, max(-1, left - 6), -1) if s.raw(i) == "("), -1
            )
            if opened < 0:
                break
            start = opened
            continue
        if s.lower(left) in ("and", "or", "&"):
            if not _joins(s, left, end):
                break
        elif _ends_subject(s, left):
            break
        start = left
    return start


def _ends_subject(s: Sentence, left: int) -> bool:
    """Whether no subject reaches over the token to its left: a mark, a conjunction, a verb."""
    if not s.tokens[left].is_word or _is_clause_word(s, left):
        return True
    if s.lower(left) in ("after", "before", "since", "until") and left > 0:
        return True  # "fell after the company said": a clause of its own
    return _is_finite(s, left) or _is_loose_past(s, left)


def _is_loose_past(s: Sentence, index: int) -> bool:
    """Whether a small word in -ed is more likely a verb than an adjective or a postmodifier."""
    lower = s.lower(index)
    if s.is_capital(index) or not lower.endswith("ed") or "-" in lower or len(lower) < 5:
        return False
    if s.is_in(index, "postmodifier") or s.lower(index + 1) == "by":
        return False
    before = index - 1
    return not (
        before < 0
        or s.is_in(before, "determiner")
        or s.is_in(before, "preposition")
        or s.is_adverb(before)
        or s.tokens[before].possessive
    )


def _joins(s: Sentence, conjunction: int, end: int) -> bool:
    """Whether "and" joins two parts of one phrase rather than two clauses."""
    left, right = conjunction - 1, conjunction + 1
    if right >= end or left < 0:
        return False
    start = left
    while start > 0 and left - start < 8 and _is_name_part(s, start - 1):
        start -= 1
    opens = start == 0 or not s.tokens[start - 1].is_word or _is_clause_word(s, start - 1)
    whole = opens and s.is_in(right, "determiner")  # "the army and the police"
    if s.is_capital(left):
        part_of_name = s.is_in(start - 1, "preposition") or s.lower(start - 1) == "the"
        return whole or ((opens or part_of_name) and s.is_capital(right))
    noun = s.words.is_source_noun(s.lower(left)) or s.is_in(start - 1, "preposition")
    joined = opens or _is_function(s, start - 1)
    return noun and joined and (whole or not _is_function(s, right))


def _is_name_part(s: Sentence, index: int) -> bool:
    return s.is_capital(index) or s.lower(index) in _INSIDE


def skip_fronted(s: Sentence, start: int, end: int) -> int | None:
    """Where the subject begins behind adverbs, times and fronted prepositional phrases."""
    while start < end:
        if s.is_adverb(start) and not s.tokens[start].possessive:
            start += 1
        elif s.is_in(start, "time_lead") and _is_time(s, start + 1):
            start += 1
            while start < end and _is_time(s, start):
                start += 1
        elif _end_of_distance(s, start) > start:
            start = _end_of_distance(s, start)
        elif s.is_in(start, "time") and not s.tokens[start].possessive and start + 1 < end:
            start += 1
        elif s.is_in(start, "preposition"):
            return _after_fronted(s, start, end)
        else:
            return start
    return None


def _end_of_distance(s: Sentence, start: int) -> int:
    """Where "A day later", "Two weeks ago" or "The next morning" ends; `start` if none is there."""
    at = start
    if s.is_in(at, "determiner") or s.tokens[at].is_number:
        at += 1
    other = s.is_in(at, "next")
    units = at = at + 1 if other else at
    while _is_time(s, at) and not s.is_in(at, "later"):
        at += 1
    if at == units or at > start + 6:
        return start
    if s.is_in(at, "later"):
        return at + 1
    return at if other else start


def _leads_time(s: Sentence, index: int) -> bool:
    return s.is_in(index, "time_lead") and s.is_in(index + 1, "time")


def _is_time(s: Sentence, index: int) -> bool:
    if index >= len(s) or s.tokens[index].possessive:
        return False
    return s.is_in(index, "time") or s.tokens[index].is_number


def _after_fronted(s: Sentence, start: int, end: int) -> int | None:
    """The last place in a prepositional phrase with no comma after it where a subject can begin."""
    for at in range(end - 1, start + 1, -1):
        before = at - 1
        if s.is_in(at, "preposition") or s.is_in(before, "preposition"):
            continue
        if _is_time(s, before) and not _is_time(s, at):
            return at
        if s.is_in(at, "determiner") and not s.is_in(before, "determiner"):
            return at
        small_before = s.tokens[before].is_word and not s.is_capital(before)
        if s.is_capital(at) and small_before and not _is_function(s, before):
            return at if not s.words.is_source_noun(s.lower(before)) else None
    if s.is_capital(start + 1) and end - start == 3 and s.words.is_source_noun(s.lower(end - 1)):
        return end - 1  # "In Aldor officials said"
    return None


def _phrase(s: Sentence, start: int, end: int) -> Phrase | None:
    """The phrase with its head noun, unless its first word shows that it names no source."""
    if s.is_in(start, "preposition") or s.is_in(start, "break") or s.is_in(start, "auxiliary"):
        return None
    if not s.tokens[start].is_word or s.lower(start) in ("no", "and", "or"):
        return None
    head = start
    for at in range(start, end):
        if at > start and (s.is_in(at, "preposition") or s.raw(at) in ("(", ",")):
            break
        if at > start and _opens_postmodifier(s, at):
            break
        if at == start or not s.is_adverb(at):
            head = at
    if end - start == 1 and s.is_in(start, "not_source"):
        return None
    if s.is_in(head, "determiner") and s.lower(head) not in ("others", "some", "many", "several"):
        return None
    if (s.is_in(head, "time") or s.tokens[head].is_number) and not s.is_capital(start):
        return None
    return Phrase(start, end, head)


def _opens_postmodifier(s: Sentence, at: int) -> bool:
    """Whether a participle goes on with the phrase: "figures released …", "dealers polled by"."""
    polled = s.lower(at).endswith("ed") and s.lower(at + 1) == "by"
    return (s.is_in(at, "postmodifier") or polled) and not s.is_capital(at)


def before_verb(s: Sentence, phrase: Phrase) -> Phrase:
    """The phrase without a verb that was taken for a part of it: "the bank cut" before "its rate".

    For a subject at the head of a sentence, where no list can hold every verb.
    """
    for at in range(phrase.start + 1, phrase.end):
        if s.is_capital(at) or _is_function(s, at) or not s.tokens[at].is_word:
            continue
        named = s.is_capital(at - 1) or s.words.is_source_noun(s.lower(at - 1))
        follow = s.is_in(at + 1, "determiner") or s.is_in(at + 1, "hedge")
        follow = follow or (at + 1 < len(s) and s.tokens[at + 1].is_number)
        if (named and follow) or _is_loose_past(s, at):
            return _phrase(s, phrase.start, at) or phrase
    return phrase


def is_boundary(s: Sentence, index: int) -> bool:
    """Whether a subject may begin after token `index`: start, mark, conjunction or clause word."""
    if index < 0 or not s.tokens[index].is_word:
        return True
    if s.lower(index) in ("and", "or", "then") or _is_clause_word(s, index):
        return True
    return s.is_adverb(index) or bool(s.forms(index)) or _is_time(s, index)


def is_dash(s: Sentence, index: int) -> bool:
    """Whether the token is a dash that stands by itself."""
    return s.is_mark(index, DASHES)


def is_quote(s: Sentence, index: int) -> bool:
    """Whether the token is a quotation mark."""
    return s.is_mark(index, QUOTES)
