"""Proper names of a stretch of text: runs of capitals, by light rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractor.quantities import qualifier_of, unit_of
from extractor.text import Span
from extractor.text.words import is_irregular_past, stem, words
from extractor.validator.counted import change_stems
from extractor.validator.lexicons import function_stems
from extractor.validator.source import Source

_RUN = re.compile(
    r"[A-Z\u00c0-\u00de][\w'\u2019.&-]*"
    r"(?:\s+(?:(?:of|for)\s+(?:the\s+)?|(?:de|la|del|al|el|van|von)\s+){0,2}"
    r"[A-Z\u00c0-\u00de][\w'\u2019.&-]*)*"
)
_OWNER = re.compile(r"(\w+)(['\u2019]s)\s+(?=[A-Z])")
_FOR = re.compile(r"\s+for\s+(?:the\s+)?(?=[A-Z])")
_OWNING = ("'", "\u2019")
_TAIL = "'\u2019.,-"
_WHERE = "in near across around outside inside throughout off under beyond beside".split()
_WHERE_BEFORE = re.compile(
    rf"\b(?:{'|'.join(_WHERE)})[^\S\n]+(?:(?:the|its|their)\s+)?\Z", re.IGNORECASE
)
_ARTICLES = frozenset("the a an its their".split())
_CALENDAR = frozenset(
    "january february march april may june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_CALENDAR_LEAD = re.compile(rf"(?:{'|'.join(sorted(_CALENDAR))})\s+(?=[A-Z])", re.IGNORECASE)
_ADVERBS = frozenset(
    "however meanwhile worse better moreover furthermore nevertheless nonetheless instead still "
    "yet overall separately elsewhere earlier later today yesterday tomorrow here there then now "
    "otherwise also additionally similarly finally first second third last next once only even "
    "where when if whether unlike despite although while since after before during among between "
    "most many some".split()
)
_PERIODS = re.compile(r"[QH][1-4]\Z|FY\d+\Z|CEO\Z|CFO\Z")
_SHORT = 3  # letters of a word that a headline may leave small, and words that are no headline


@dataclass(frozen=True, slots=True)
class ProperName:
    """A name, and whether it says where: "in Orle".

    `opener` is the stem of a capital word that opens a sentence and stands with a capital nowhere
    else: it may be a name, or a common word. None of what is surely a name. `following` is the stem
    of the small word right behind it.
    """

    span: Span
    is_where: bool
    opener: str | None = None
    following: str | None = None

    def is_common(self, common: frozenset[str]) -> bool:
        """Whether it is no name, since `common` words are none, nor what stands before such a noun.

        "Sales rose", "Annual sales rose".
        """
        return self.opener is not None and (
            self.opener in common or (self.following is not None and self.following in common)
        )


def names_in(source: Source, within: Span) -> Sequence[ProperName]:
    """The proper names of a sentence, in order; none of a headline in title case.

    >>> from extractor.text import Document
    >>> text = "In Orle it was calm, but the Bank of Aldmoor lost 3 branches."
    >>> [name.span.of(text) for name in names_in(Source(Document(text=text)), Span(0, len(text)))]
    ['Orle', 'Bank of Aldmoor']
    """
    return source.remembered(("names", within), lambda: list(_names(source, within)))


def is_where(source: Source, place: Span) -> bool:
    """Whether a place of the text says where: a preposition of place stands right before it."""
    text = source.document.text
    return _WHERE_BEFORE.search(text, max(0, place.start - 24), place.start) is not None


def _names(source: Source, within: Span) -> Iterator[ProperName]:
    text = source.document.text
    if _is_title_case(source, within):
        return
    for match in _RUN.finditer(text, within.start, within.end):
        for run in _parts(source, Span(*match.span())):
            span = _trimmed(source, run, within)
            if span is not None and not source.quantities_touching(span):
                opener = _opener(source, span, within)
                following = None if opener is None else _following(text, span, within)
                yield ProperName(span, is_where(source, span), opener, following)


def _parts(source: Source, run: Span) -> Iterator[Span]:
    """A run, or its owner and the rest, where the owner is named elsewhere: "Brack's Labour"."""
    text = source.document.text
    joined = _FOR.search(text, run.start, run.end)
    if joined is not None and not _is_of_a_body(text, Span(run.start, joined.start())):
        # "paid Valmonte for Luca Ferri", but "the Institute for Health"
        yield from _parts(source, Span(run.start, joined.start()))
        yield from _parts(source, Span(joined.end(), run.end))
        return
    owner = _OWNER.match(text, run.start, run.end)
    alone = source.remembered("words alone", lambda: _words_alone(text))
    if owner is None or owner[1] not in alone:
        yield run
        return
    yield Span(run.start, owner.start(2))
    yield Span(owner.end(), run.end)


def _is_of_a_body(text: str, span: Span) -> bool:
    from extractor.validator.attribution.lexicon import lexicon

    bodies = lexicon()["organisation"]
    return any(word.lower in bodies for word in words(text, span))


def _words_alone(text: str) -> frozenset[str]:
    """The capital words of a text that stand without an apostrophe behind them."""
    return frozenset(re.findall(r"(?<!\w)([A-Z]\w*)(?![\w'\u2019])", text))


def _opener(source: Source, span: Span, within: Span) -> str | None:
    """The stem of a single word that opens a sentence, if nothing else shows that it is a name."""
    text = source.document.text
    found = list(words(text, span))
    if (
        len(found) != 1
        or not _opens(text, span.start, within)
        or text[span.end : span.end + 1] in _OWNING
    ):
        return None
    names = source.remembered("capital words", lambda: _inside_sentences(source))
    return None if span.of(text) in names else found[0].stem


def _following(text: str, span: Span, within: Span) -> str | None:
    """The stem of the noun right behind a word; a verb in the past or of change is none."""
    behind = next(words(text, Span(span.end, max(span.end, within.end))), None)
    if behind is None or text[span.end : behind.span.start].strip():
        return None
    is_verb = behind.lower.endswith("ed") or is_irregular_past(behind.lower)
    return None if is_verb or behind.stem in change_stems() else behind.stem


def _inside_sentences(source: Source) -> frozenset[str]:
    """The words that stand with a capital where no sentence begins."""
    text, found = source.document.text, set[str]()
    for sentence in source.document.sentences:
        if _is_title_case(source, sentence):
            continue
        for word in words(text, sentence):
            if text[word.span.start].isupper() and not _opens(text, word.span.start, sentence):
                found.add(word.span.of(text).removesuffix("'s").removesuffix("\u2019s"))
    return frozenset(found)


def _trimmed(source: Source, span: Span, within: Span) -> Span | None:
    """The run without what is no name: the capital that opens a sentence, a month, a unit."""
    text = source.document.text
    start, end = span.start, span.end
    if _opens(text, start, within):
        first = re.compile(r"\S+\s*").match(text, start, end)
        if first is not None and _is_common(source, first.group()):
            start = first.end()
            while text[start:end].startswith(("of ", "the ", "for ")):
                start = text.index(" ", start) + 1
    while end > start and text[end - 1] in _TAIL:
        end -= 1
    if text[max(start, end - 2) : end] in ("'s", "\u2019s"):
        end -= 2
    leading = _CALENDAR_LEAD.match(text, start, end)  # "In May Labour won"
    if leading is not None and _opens_with_preposition(text, start):
        start = leading.end()
    if start >= end or not text[start].isupper():
        return None
    said = [word.lower for word in words(text, Span(start, end))]
    if not said or all(word in _CALENDAR or unit_of(word) for word in said):
        return None
    if _PERIODS.match(text, start, end):
        return None
    return Span(start, end)


def _opens_with_preposition(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].lower().split()
    return bool(before) and before[-1] in ("in", "on", "by", "since", "until", "from")


def _opens(text: str, start: int, within: Span) -> bool:
    """Whether a capital is owed to its place: after it nothing can be told of the word."""
    before = text[within.start : start].rstrip(" \u201c\"'\u2018(")
    return not before.strip() or before.endswith((".", "?", "!", ":", "\n"))


def _is_common(source: Source, word: str) -> bool:
    """Whether the word that opens a sentence is a common one, as far as can be told."""
    bare = word.strip(" ,.'\u2019\u201d\"").lower()
    if bare in _ADVERBS:
        return True
    if stem(bare) in function_stems() or bare in _ARTICLES or qualifier_of(bare) is not None:
        return True
    return bare in source.remembered("lower words", lambda: _written_small(source))


def _written_small(source: Source) -> frozenset[str]:
    text = source.document.text
    return frozenset(
        word.lower for word in words(text, Span(0, len(text))) if text[word.span.start].islower()
    )


def _is_title_case(source: Source, within: Span) -> bool:
    """Whether every word of weight of a line has a capital, as headlines may be set."""
    text = source.document.text
    if len(source.quantities_touching(within)) > 1:
        return False  # "Seats: Greens 14, Blues 21"
    found = [word for word in words(text, within) if word.stem not in function_stems()]
    long = [word for word in found if len(word.lower) > _SHORT]
    return len(long) > _SHORT and all(text[word.span.start].isupper() for word in long)
