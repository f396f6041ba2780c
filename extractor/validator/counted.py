"""What a number counts, by light rules: the noun phrase beside it, and the side it belongs to.

The phrase follows its number ("4,300 Russian soldiers", "498 of its troops"). Where it is left out
("a further 1,597 wounded", "572 others") the number continues the phrase of a neighbour in its
sentence. A possessive ("its troops"), or a noun that belongs to a side in a conflict, takes the
adjective of a country that the sentence names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from extractor.quantities import unit_of
from extractor.quantities.types import Kind, Quantity
from extractor.text import Span
from extractor.text.words import Word, is_irregular_past, stem, words
from extractor.validator.lexicons import event_classes, lines, person_stems
from extractor.validator.sides import sides, sides_in

_COUNTS = (Kind.COUNT, Kind.VAGUE, Kind.FRACTION)
_LONGEST_OF = 5  # words between a part and its whole
_HEDGING = frozenset("about some roughly nearly almost over more than up to".split())
_PERIODS = frozenset("year month week day decade century quarter season".split())
_LONGEST_PHRASE = 6  # words
_POSSESSIVES = frozenset("its their his her our my your".split())
_SKIPPED = frozenset("of the a an all both some these those such own".split()) | _POSSESSIVES
_PERSONS = frozenset("civilian soldier worker migrant officer passenger protester".split())
_PARTICIPLES = frozenset("dead missing hostage captive hurt alive homeless ill prisoner".split())
_SEPARATOR = re.compile(r"[^\s\"'\u2018\u2019\u201c\u201d-]")
_NUMBER_OF = re.compile(r"\b(?:number|total|count|tally) of\b", re.IGNORECASE)
_OWNER = re.compile(r"(?:'s|s')\Z")
_OWNER_BEFORE = re.compile(r"([A-Z]\w+(?:'s|\u2019s|s'|s\u2019))\s+\Z")


def counted_phrases(
    text: str, sentence: Span, quantities: Sequence[Quantity], quantity: Quantity
) -> tuple[str, ...]:
    """The phrases that may name what `quantity` counts, the likeliest first; empty if unknown.

    `quantities` are the numbers of the sentence.

    >>> from extractor.quantities import read_quantities
    >>> text = "Russia says 498 of its troops were killed and a further 1,597 wounded"
    >>> first, second = read_quantities(text)
    >>> counted_phrases(text, Span(0, len(text)), (first, second), second)
    ('Russian troops',)
    """
    if quantity.kind not in _COUNTS:
        return ()
    before = [q for q in quantities if q.span.end <= quantity.span.start and q.kind in _COUNTS]
    own = phrase_before(text, before[-1].span.end if before else sentence.start, quantity)
    if own is not None and phrase_after(text, sentence, quantity) is None:
        return _with_sides(text, sentence, own, quantity)
    for number in (quantity, *whole_of(text, quantities, quantity), *reversed(before)):
        phrase = phrase_after(text, sentence, number)
        if phrase is None:
            continue
        if phrase[-1].stem in event_noun_stems():
            people = _people(text, phrase)
            return (people,) if people else (_bare(text, phrase),) if number is quantity else ()
        return _with_sides(text, sentence, phrase, number)
    return ()


def implied_people(quantity: Quantity, classes: frozenset[str]) -> tuple[str, ...]:
    """Whom a number without a noun counts, by the classes of its event: "Seven killed" are people.

    Empty where the event may befall things as well.
    """
    counts = quantity.kind in (Kind.COUNT, Kind.VAGUE)
    return ("people",) if counts and classes & people_events() else ()


def noun_chunks(text: str, sentence: Span, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    """The runs of words between the verbs, prepositions and numbers of a sentence, in order.

    They are what is offered where no phrase can be tied to a number; names alone are left out.

    >>> text = "Turnout in the northern districts of Aldor was 12%."
    >>> noun_chunks(text, Span(0, len(text)), ())
    ('Turnout', 'northern districts')
    """
    chunks: list[list[Word]] = [[]]
    end = sentence.start
    for word in words(text, sentence):
        apart = _SEPARATOR.search(text, end, word.span.start)
        numeral = any(quantity.span.overlaps(word.span) for quantity in quantities)
        if apart or numeral or len(chunks[-1]) == _LONGEST_PHRASE:
            chunks.append([])
        if numeral or unit_of(word.lower) or _ends_phrase(word) or word.lower in _SKIPPED:
            chunks.append([])
        else:
            chunks[-1].append(word)
        end = word.span.end
    named = (
        _bare(text, chunk) for chunk in chunks if chunk and not _is_name(text, chunk, sentence)
    )
    return tuple(dict.fromkeys(named))


def _is_name(text: str, chunk: Sequence[Word], sentence: Span) -> bool:
    """Whether every word is capitalised; the sentence's first tells only if it is a country."""
    if any(not word.span.of(text)[:1].isupper() for word in chunk):
        return False
    return chunk[0].span.start > sentence.start or chunk[0].span.of(text) in sides()


def whole_of(text: str, quantities: Sequence[Quantity], quantity: Quantity) -> list[Quantity]:
    """The whole that a number is a part of, where that is a number too.

    "a quarter of Aldor's 4 million", "40 out of 60 villages", "3 of the 12 ships".
    """
    following = [q for q in quantities if q.span.start >= quantity.span.end][:1]
    if not following:
        return []
    between = list(words(text, Span(quantity.span.end, following[0].span.start)))
    lower = [word.lower for word in between]
    if "of" not in lower[:2] or len(lower) > _LONGEST_OF:
        return []
    # "40 out of 60", "a quarter of Aldor's 4 million", but not "9 tonnes of oil, 6 ships"
    inner = lower[lower.index("of") + 1 :]
    owned = all(w in _SKIPPED or w.endswith(("'s", "s'")) or w in _HEDGING for w in inner)
    return (
        following if owned and "," not in text[quantity.span.end : following[0].span.start] else []
    )


def phrase_after(text: str, sentence: Span, quantity: Quantity) -> tuple[Word, ...] | None:
    """The words of the noun phrase after a number, a possessive first; None where there is none."""
    return phrase_from(text, quantity.span.end, max(sentence.end, quantity.span.end))


def phrase_before(text: str, start: int, quantity: Quantity) -> tuple[Word, ...] | None:
    """The noun phrase of "the number of its soldiers … stands at 9,861"."""
    heads = list(_NUMBER_OF.finditer(text, start, quantity.span.start))
    return phrase_from(text, heads[-1].end(), quantity.span.start) if heads else None


def phrase_from(text: str, start: int, limit: int) -> tuple[Word, ...] | None:
    """The words of the noun phrase that begins at `start`; None where none does."""
    found = list(islice(words(text, Span(start, limit)), _LONGEST_PHRASE + 7))
    phrase: list[Word] = []
    end = start
    for index, word in enumerate(found[: _LONGEST_PHRASE + 4]):
        if _is_when(found, index) or (not phrase and _is_verb(text, found, index)):
            break  # "24 a year earlier", "11 needed surgery"
        if _SEPARATOR.search(text, end, word.span.start):
            break
        if not phrase and word.lower in _SKIPPED:
            end = word.span.end
            if word.lower in _POSSESSIVES:
                phrase.append(word)
            continue
        if _qualifies(text, found, index, phrase):  # "internally displaced people"
            phrase.append(word)
            end = word.span.end
            continue
        joined = word.lower == "and" and bool(phrase) and _another_noun(text, found, index)
        verb = bool(phrase) and word.span.of(text)[:1].islower() and word.lower.endswith("ed")
        if not joined and (_ends_phrase(word) or verb or len(phrase) >= _LONGEST_PHRASE):
            break
        phrase.append(word)
        end = word.span.end
    nouns = [word for word in phrase if word.lower not in _POSSESSIVES | {"own"}]
    if not nouns or _OWNER.search(nouns[-1].lower):
        return None
    return tuple(phrase)


def _is_when(found: Sequence[Word], index: int) -> bool:
    """Whether "year ago", "month earlier" begins here."""
    following = found[index + 1 : index + 2]
    behind = any(word.lower in ("ago", "earlier", "before", "later") for word in following)
    return behind and found[index].lower in _PERIODS


def _is_verb(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether a word right behind a number is a past form, not a participle before a noun."""
    word = found[index]
    small = word.span.of(text)[:1].islower()
    return (
        small
        and len(word.lower) > 4
        and word.lower.endswith("ed")
        and not _qualifies(text, found, index, ())
    )


def _qualifies(text: str, found: Sequence[Word], index: int, phrase: Sequence[Word]) -> bool:
    """Whether a participle stands before its noun: "40 wounded men", not "40 wounded in Ames"."""
    word, following = found[index], found[index + 1 : index + 2]
    if not word.lower.endswith("ed") or any(not w.lower.endswith("ly") for w in phrase):
        return False
    return (
        all(
            w.lower.endswith(("s", "men", "people", "children")) or w.stem in person_stems()
            for w in following
        )
        and bool(following)
        and not (
            _ends_phrase(following[0])
            or following[0].span.of(text)[:1].isupper()
            or _SEPARATOR.search(text, word.span.end, following[0].span.start)
        )
    )


def _ends_phrase(word: Word) -> bool:
    return (
        word.lower in phrase_ends()
        or word.lower in _PARTICIPLES
        or word.lower in ("and", "the", "a", "an")
        or (word.lower.endswith(("ed", "en", "ing")) and word.stem in _event_stems())
        or word.lower == "of"
        or is_irregular_past(word.lower)
    )


def _another_noun(text: str, found: Sequence[Word], index: int) -> bool:
    """Whether "and" joins another plural noun: "posts and contact centers", not "and taken 200"."""
    following = found[index + 1 : index + 3]
    for place, word in enumerate(following):
        if _ends_phrase(word) or (
            place and _SEPARATOR.search(text, following[0].span.end, word.span.start)
        ):
            return False
        if word.lower.endswith("s"):
            return not any(char.isdigit() for char in text[found[index].span.end : word.span.start])
    return False


def _with_sides(
    text: str, sentence: Span, phrase: Sequence[Word], quantity: Quantity
) -> tuple[str, ...]:
    possessive = phrase[0].lower in _POSSESSIVES
    nouns = phrase[1:] if possessive else phrase
    bare = _bare(text, nouns)
    if any(word.span.of(text)[:1].isupper() for word in nouns):
        return (bare,)  # it has its adjective
    owner = _OWNER_BEFORE.search(text, sentence.start, quantity.span.start)
    if owner:
        return (f"{owner.group(1)} {bare}",)
    takes_side = possessive or nouns[-1].stem in _sided_nouns()
    if not takes_side:
        return (bare,)
    lead = Span(sentence.start, quantity.span.start)
    bears = not possessive and any(word.stem in bearing_stems() for word in words(text, lead))
    sided = tuple(f"{side} {bare}" for side in sides_in(text, lead if possessive else sentence))
    if bears:  # who loses or admits them is whose they are
        sided = tuple(f"{side} {bare}" for side in sides_in(text, lead))[:1] or sided
    if possessive or bears:
        return sided or (bare,)
    return (*sided, bare)


def _people(text: str, phrase: Sequence[Word]) -> str | None:
    """Who an event befell, where its noun has an adjective that says so: "498 Russian deaths"."""
    if len(phrase) < 2:
        return None
    modifier = phrase[-2].span.of(text)
    if modifier.lower() in _PERSONS:
        return f"{modifier}s"
    if modifier not in sides().values():
        return None
    return f"{modifier}s" if modifier.endswith(("n", "i")) else f"{modifier} people"


def _bare(text: str, nouns: Sequence[Word]) -> str:
    return " ".join(_closed(text, Span(nouns[0].span.start, nouns[-1].span.end)).split())


def _closed(text: str, span: Span) -> str:
    """The phrase, with the quote mark that closes one opened inside it."""
    phrase = span.of(text)
    after = text[span.end : span.end + 1]
    opened = phrase.count("\u201c") > phrase.count("\u201d") or phrase.count('"') % 2 == 1
    return phrase + after if opened and after in ("\u201d", '"') else phrase


@lru_cache(maxsize=1)
def _sided_nouns() -> frozenset[str]:
    return frozenset(stem(word) for line in lines("sided_nouns.txt") for word in line.split())


@lru_cache(maxsize=1)
def people_events() -> frozenset[str]:
    """The event classes that befall people."""
    return frozenset(name for line in lines("people_events.txt") for name in line.split())


@lru_cache(maxsize=1)
def bearing_stems() -> frozenset[str]:
    """The stems of verbs whose subject bears the loss."""
    return frozenset(stem(word) for line in lines("bearing_verbs.txt") for word in line.split())


@lru_cache(maxsize=1)
def event_noun_stems() -> frozenset[str]:
    """The stems of nouns that name an event, not whom it befell."""
    return frozenset(stem(word) for line in lines("event_nouns.txt") for word in line.split())


@lru_cache(maxsize=1)
def phrase_ends() -> frozenset[str]:
    """The words at which the noun phrase of a count ends."""
    return frozenset(word for line in lines("phrase_ends.txt") for word in line.split())


@lru_cache(maxsize=1)
def _event_stems() -> frozenset[str]:
    classes = event_classes().values()
    return frozenset(phrase[0] for event in classes for phrase in event.strong | event.weak)
