"""Which unit follows (or, for money, precedes) a figure.

`unit_of` is public: the validator compares the unit that a claim names with the one that was read,
by this table and no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from extractor.quantities import unit_data as data
from extractor.quantities.figures import Figure
from extractor.quantities.tokens import DASHES, Tokens, phrase
from extractor.quantities.types import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing a unit: `raw` keeps the case where case decides ("MW", "5g", "5G")."""

    words: tuple[str, ...]
    name: str
    kind: Kind
    raw: str = ""
    sign: bool = False  # a sign or abbreviation, part of the quantity's span
    glued: bool = False  # only against the digits
    digits: bool = False  # only after digits


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit read in the text; `last` is the token after it, `inside` whether the span covers it.

    Signs, abbreviations, per cent and money belong to the span ("12 per cent", "116,347 sq mi",
    "5 million dollars"); a measure's name written out ("23,000 tonnes") is the noun that is
    counted and stays outside, as the counted noun of a plain count does.
    """

    name: str
    kind: Kind
    last: int
    inside: bool


def read_unit(t: Tokens, figure: Figure) -> Unit | None:
    """The unit after a figure, or None.

    >>> from extractor.quantities.figures import read_figure
    >>> t = Tokens("116,347 sq mi")
    >>> read_unit(t, read_figure(t, 0)).name
    'square mile'
    """
    j = figure.last
    hyphened = t.word(j) in DASHES and t.glued(j) and t.glued(j + 1)
    if hyphened:
        j += 1
    elif not t.near(j):
        return None
    for entry in _after().get(t.word(j), ()):
        if t.matches(j, entry.words) and _fits(t, j, figure, entry, hyphened=hyphened):
            inside = entry.sign or hyphened or entry.kind != Kind.MEASURE
            return Unit(entry.name, entry.kind, j + len(entry.words), inside)
    return None


def money_before(t: Tokens, i: int) -> tuple[str, int] | None:
    """A currency sign or code at `i` that a figure in digits follows: ISO code and next token."""
    for words, raw, code in _before().get(t.word(i), ()):
        j = i + len(words)
        if not t.matches(i, words) or not (t.digits(j) or _point(t, j)):
            continue
        as_written = t.text[t.starts[i] : t.ends[j - 1]]
        # letters keep their case, so that "a $50m grant" is in no Australian dollars
        if as_written in {raw, raw.upper()} and t.near(j):
            return code, j
    return None


def unit_of(phrase_: str) -> str | None:
    """The reader's name of a unit, however it is written; None for a word that is no unit.

    >>> [unit_of(u) for u in ("km", "Kilometers", "per cent", "dollars", "€", "USD", "hours")]
    ['kilometre', 'kilometre', '%', 'USD', 'EUR', 'USD', 'hour']
    >>> unit_of("soldiers") is None
    True
    """
    wanted = " ".join(phrase_.split())
    return _names().get(wanted) or _names().get(wanted.lower())


def is_time(unit: str | None) -> bool:
    """Whether a unit is one of time."""
    return unit in data.TIMES


def money_starts() -> frozenset[str]:
    """The words that a sum of money can begin with."""
    return frozenset(_before())


def _point(t: Tokens, j: int) -> bool:
    return t.word(j) == "." and t.glued(j) and t.glued(j + 1) and t.digits(j + 1)


def _fits(t: Tokens, j: int, figure: Figure, entry: Entry, *, hyphened: bool) -> bool:
    if entry.digits and not figure.digits:
        return False
    if entry.glued and not t.glued(j):
        return False
    if entry.raw and t.text[t.starts[j] : t.ends[j + len(entry.words) - 1]] != entry.raw:
        return False
    return _meant(t, j, figure, entry, hyphened=hyphened)


def _meant(t: Tokens, j: int, figure: Figure, entry: Entry, *, hyphened: bool) -> bool:
    """Words that are a unit only sometimes."""
    word = t.word(j)
    if word == "second":  # "two second-half goals"
        return hyphened
    if word in {"pound", "pounds"} and entry.name in {"GBP", "pound"}:
        # a large round sum is money; a bare number of pounds is a weight
        return (entry.name == "GBP") == (figure.scale >= 1000 or len(entry.words) > 1)
    if word == "p":  # pence; "1080p" is a screen
        return figure.value < 1000 and figure.value not in {240, 360, 480, 720}
    if word in {"won", "marks", "rand", "real"}:  # the verb; marks at school
        return figure.scale >= 1000 or figure.value >= 10_000
    return True


@lru_cache(maxsize=1)
def _after() -> Mapping[str, tuple[Entry, ...]]:
    return _index(_entries())


def _entries() -> Iterable[Entry]:
    for name, spelling in _spellings(data.WORDS):
        yield Entry(phrase(spelling), name, Kind.MEASURE)
    for name, spelling in _spellings(data.SIGNS):
        yield from _signs(name, spelling)
    for name, raw in _spellings(data.GLUED_SIGNS):
        glued = raw not in data.SPACED_LETTERS
        yield Entry(phrase(raw), name, Kind.MEASURE, raw, sign=True, glued=glued, digits=True)
    for spelling in data.PERCENT.split("|"):
        yield Entry(phrase(spelling), "%", Kind.PERCENT, sign=True, digits=spelling == "pc")
    for name, spelling in _spellings(data.POINTS):
        yield Entry(phrase(spelling), name, Kind.PERCENTAGE_POINT, sign=True)
    for table in (data.MONEY_AFTER, data.MONEY_NAMES):
        for name, spelling in _spellings(table):
            short = len(spelling) == 1  # "25p", "100€"
            raw = spelling if short else ""
            yield Entry(
                phrase(spelling), name, Kind.CURRENCY, raw, sign=True, glued=short, digits=short
            )


def _spellings(table: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    return ((name, one) for name, spellings in table.items() for one in spellings.split("|"))


def _signs(name: str, spelling: str) -> Iterable[Entry]:
    """A sign or abbreviation; two letters are met as written ("MW") or all in capitals ("KM")."""
    kind = Kind.PERCENTAGE_POINT if "point" in name else Kind.MEASURE
    short = spelling.isalpha() and len(spelling) < 3
    raws = dict.fromkeys((spelling, spelling.upper())) if short else ("",)
    for raw in raws:
        yield Entry(phrase(spelling), name, kind, raw, sign=True, digits=True)


def _index(entries: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    table: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        table[entry.words[0]].append(entry)
    # the longest first; of equals those whose case is prescribed, so that "MB" is no "mb"
    return {
        word: tuple(sorted(found, key=lambda e: (-len(e.words), not e.raw)))
        for word, found in table.items()
    }


@lru_cache(maxsize=1)
def _before() -> Mapping[str, tuple[tuple[tuple[str, ...], str, str], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
    for raw, code in data.MONEY_BEFORE.items():
        words = phrase(raw)
        table[words[0]].append((words, raw, code))
    return {word: tuple(sorted(f, key=lambda e: -len(e[0]))) for word, f in table.items()}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for entry in _entries():
        written = entry.raw or _spelling(entry.words)
        names.setdefault(written, entry.name)
    names["pounds"] = names["pound"] = "pound"
    for raw, code in data.MONEY_BEFORE.items():
        names.setdefault(raw, code)
        names.setdefault(raw.lower(), code)
    for name in data.WORDS:
        names.setdefault(name.lower(), name)
    return names


def _spelling(words: tuple[str, ...]) -> str:
    joined = " ".join(words)
    return joined.replace(" / ", "/").replace(" - ", "-").replace(" . ", ". ").replace("° c", "°c")
