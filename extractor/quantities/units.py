"""Which unit follows (or, for money, precedes) a figure.

`unit_of` is public: the validator compares the unit that a claim names with the one that was read,
by this table and no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from extractor.quantities import unit_data as data
from extractor.quantities.figures import read_figure
from extractor.quantities.scales import Figure
from extractor.quantities.tokens import DASHES, Tokens, phrase
from extractor.quantities.types import Kind
from extractor.quantities.words import FUNCTION_WORDS


class Entry(NamedTuple):
    """One way of writing a unit: `raw` keeps the case where case decides ("MW", "5g", "5G").

    A named tuple, since some 1,700 are made at the first reading.
    """

    words: tuple[str, ...]
    written: str
    name: str
    kind: Kind
    raw: str = ""
    sign: bool = False  # a sign or abbreviation, part of the quantity's span
    glued: bool = False  # only against the digits
    digits: bool = False  # only after digits


class Unit(NamedTuple):
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
    hyphened = t.words[j] in DASHES and t.glued(j) and t.glued(j + 1)
    if hyphened:
        j += 1
    elif not t.near(j):
        return None
    for entry in _after().get(t.words[j], ()):
        if t.matches(j, entry.words) and _fits(t, j, figure, entry, hyphened=hyphened):
            inside = entry.sign or hyphened or entry.kind != Kind.MEASURE
            inside = inside or "100" in entry.words  # "litres per 100 kilometres"
            return Unit(entry.name, entry.kind, j + len(entry.words), inside)
    return None


def money_before(t: Tokens, i: int) -> tuple[str, int] | None:
    """A currency sign or code at `i` that a figure in digits follows: ISO code and next token."""
    for words, raw, code in _before().get(t.words[i], ()):
        j = i + len(words)
        if not t.matches(i, words) or not (t.words[j].isnumeric() or _point(t, j)) or not t.near(j):
            continue
        if not _as_written(t.text[t.starts[i] : t.ends[j - 1]], raw):
            continue
        if raw not in data.DOUBTFUL_MONEY or _clear_sum(t, i, j):
            return code, j
    return None


def _as_written(found: str, raw: str) -> bool:
    """Letters keep their case and stand against their sign; only of three and more may be apart.

    So "a $50m grant" and "A $50m grant" are in no Australian dollars, but "US $5" is in those of
    the United States.
    """
    return found in {raw, raw.upper()} or (len(raw) > 2 and "".join(found.split()) == raw)


def _clear_sum(t: Tokens, i: int, j: int) -> bool:
    """Whether the figure at `j`, after the word at `i`, can be nothing but a sum of money."""
    figure = read_figure(t, j, money=True)
    return figure is not None and _large(figure) and not _shouted(t, i, figure.last)


def _large(figure: Figure) -> bool:
    """A scale or a grouping, and no years, numbers of models or of goals ("COP 27", "SDG 3.8")."""
    return figure.value >= 1000 and not figure.plain


def _shouted(t: Tokens, first: int, last: int) -> bool:
    """Whether a word in capitals stands beside these tokens, as in a headline."""
    beside = (t.raw(k) for k in (first - 1, last) if t.alpha(k))
    return any(len(word) > 1 and word.isupper() for word in beside)


def unit_of(phrase_: str) -> str | None:
    """The reader's name of a unit, however it is written; None for a word that is no unit.

    >>> [unit_of(u) for u in ("km", "Kilometers", "per cent", "dollars", "€", "USD", "hours")]
    ['kilometre', 'kilometre', '%', 'USD', 'EUR', 'USD', 'hour']
    >>> [unit_of(u) for u in ("U.S. dollars", "Swiss francs", "chf", "barrels per day")]
    ['USD', 'CHF', 'CHF', 'barrel per day']
    >>> unit_of("soldiers") is None
    True
    """
    wanted = " ".join(phrase_.split()).replace(" $", "$")
    return _names().get(wanted) or _names().get(wanted.lower())


def is_time(unit: str | None) -> bool:
    """Whether a unit is one of time."""
    return unit in data.TIMES


def money_starts() -> Mapping[str, frozenset[str]]:
    """The words that a currency before its figure begins with, and the words next in it."""
    following: dict[str, set[str]] = defaultdict(set)
    for word, found in _before().items():
        following[word] |= {words[1] for words, *_ in found if len(words) > 1}
    return {word: frozenset(words) for word, words in following.items()}


def _point(t: Tokens, j: int) -> bool:
    return t.words[j] == "." and t.glued(j) and t.glued(j + 1) and t.digits(j + 1)


def _fits(t: Tokens, j: int, figure: Figure, entry: Entry, *, hyphened: bool) -> bool:
    if entry.digits and not figure.digits:
        return False
    if entry.glued and not t.glued(j):
        return False
    last = j + len(entry.words)
    if entry.raw and t.text[t.starts[j] : t.ends[last - 1]] != entry.raw:
        return False
    if (
        entry.raw
        and not t.glued(j)
        and t.words[j + 1] in DASHES
        and t.glued(j + 1)
        and t.digits(j + 2)
    ):
        return False  # "6 m-16 rifles"
    if entry.kind is Kind.CURRENCY:
        return _is_money(t, j, last, figure, entry)
    return _meant(t, j, figure, entry, hyphened=hyphened)


def _is_money(t: Tokens, j: int, last: int, figure: Figure, entry: Entry) -> bool:
    """Words and signs that are money only sometimes."""
    word = t.words[j]
    if entry.raw and entry.digits and _begins_another(t, last):  # "in 2020 $5m", "5 $TSLA"
        return False
    if entry.raw in data.DOUBTFUL_MONEY:
        return _sure_code(t, last, figure)
    if word in {"pound", "pounds"} and entry.name == "GBP":
        # a large round sum is money; a bare number of pounds is a weight
        return figure.scale >= 1000 or len(entry.words) > 1 or _paid(t, figure, last)
    return _said_of_money(t, j, figure)


def _sure_code(t: Tokens, last: int, figure: Figure) -> bool:
    """As in "5m TRY", "30bn MAD": a large figure, and nothing that the letters could belong to."""
    counted = t.near(last) and t.lower(last) and t.words[last] not in FUNCTION_WORDS
    return _large(figure) and not counted and not _shouted(t, figure.first, last)


def _said_of_money(t: Tokens, j: int, figure: Figure) -> bool:
    """Names of coins and currencies that are words too."""
    word = t.words[j]
    if word == "crown":  # "two crown princes"
        return figure.value == 1 or t.glued(j)
    if word == "p":  # pence; "1080p" is a screen
        return figure.value < 1000 and figure.value not in {240, 360, 480, 720}
    if word in {"won", "marks", "rand", "real"}:  # the verb; marks at school
        return figure.scale >= 1000 or figure.value >= 10_000
    return True


def _paid(t: Tokens, figure: Figure, last: int) -> bool:
    """As in "fined 50,000 pounds"; not "50,000 pounds of explosives"."""
    before = t.words[max(0, figure.first - 4) : figure.first]
    return t.words[last] != "of" and not data.PAYING.isdisjoint(before)


def _begins_another(t: Tokens, j: int) -> bool:
    """Whether the sign before token `j` belongs to what follows it."""
    return t.digits(j) or _point(t, j) or (t.glued(j) and t.alpha(j))


def _meant(t: Tokens, j: int, figure: Figure, entry: Entry, *, hyphened: bool) -> bool:
    """Words that are a measure only sometimes."""
    word = t.words[j]
    if word == "second":  # "two second-half goals"
        return hyphened
    if word in {"pound", "pounds"} and entry.name == "pound":
        return figure.scale < 1000 and not _paid(t, figure, j + 1)
    if entry.raw == "s":  # "747s" are aeroplanes
        return figure.value < 100 or not figure.plain
    return True


@lru_cache(maxsize=1)
def _after() -> Mapping[str, tuple[Entry, ...]]:
    return _index(_entries())


@lru_cache(maxsize=1)
def _entries() -> tuple[Entry, ...]:
    return (*_measures(), *_money())


def _measures() -> Iterable[Entry]:
    for name, spelling in _spellings(data.WORDS):
        yield Entry(_cut(spelling), spelling, name, Kind.MEASURE)
    for name, spelling in _spellings(data.SIGNS):
        yield from _signs(name, spelling)
    for name, raw in _spellings(data.GLUED_SIGNS):
        glued = raw not in data.SPACED_SIGNS
        yield Entry(_cut(raw), raw, name, Kind.MEASURE, raw, sign=True, glued=glued, digits=True)
    for spelling in data.PERCENT:
        yield Entry(_cut(spelling), spelling, "%", Kind.PERCENT, sign=True, digits=spelling == "pc")
    for name, spelling in _spellings(data.POINTS):
        yield Entry(_cut(spelling), spelling, name, Kind.PERCENTAGE_POINT, sign=True)


def _money() -> Iterable[Entry]:
    for name, spelling in _spellings(data.MONEY_NAMES):
        short = len(spelling) == 1  # "25p"
        yield Entry(
            _cut(spelling),
            spelling,
            name,
            Kind.CURRENCY,
            spelling if short else "",
            sign=True,
            glued=short,
            digits=short,
        )
    for code in data.CODES:
        raw = "" if code in data.SMALL_CODES else code
        yield Entry((code.lower(),), code, code, Kind.CURRENCY, raw, sign=True)
    for name, spelling in _spellings(data.MONEY_SIGNS):
        for raw in dict.fromkeys((spelling, spelling.upper())):
            yield Entry(_cut(spelling), spelling, name, Kind.CURRENCY, raw, sign=True, digits=True)


def _cut(spelling: str) -> tuple[str, ...]:
    """The words of a spelling; most have nothing but letters and need no cutting into tokens."""
    if spelling.replace(" ", "").isalpha():
        return tuple(spelling.lower().split())
    return phrase(spelling)


def _spellings(table: data.Spellings) -> Iterable[tuple[str, str]]:
    return ((name, one) for name, spellings in table.items() for one in spellings)


def _signs(name: str, spelling: str) -> Iterable[Entry]:
    """A sign or abbreviation; two letters are met as written ("MW") or all in capitals ("KM")."""
    kind = Kind.PERCENTAGE_POINT if "point" in name else Kind.MEASURE
    short = spelling.isascii() and spelling.isalpha() and len(spelling) < 3
    raws = dict.fromkeys((spelling, spelling.upper())) if short else ("",)
    for raw in raws:
        yield Entry(_cut(spelling), spelling, name, kind, raw, sign=True, digits=True)


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
    for code in data.CODES:
        table[code.lower()].append(((code.lower(),), code, code))
        table[code.lower()].append(((code.lower(), "$"), f"{code}$", code))  # "AUD$ 15"
    for name, raw in _spellings(data.MONEY_SIGNS):
        words = _cut(raw)
        table[words[0]].append((words, raw, name))
    return {word: tuple(sorted(f, key=lambda e: -len(e[0]))) for word, f in table.items()}


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {"pound": "pound", "pounds": "pound"}
    for entry in _entries():
        names.setdefault(entry.raw or entry.written.lower(), entry.name)
    for code in (*data.CODES, *data.FORMER_CODES):
        names.setdefault(code, code)
        if code in data.CODES and code not in data.DOUBTFUL_MONEY:
            names.setdefault(code.lower(), code)
    for name, sign in _spellings(data.MONEY_SIGNS):
        if sign not in data.DOUBTFUL_MONEY:
            names.setdefault(sign.lower(), name)
    for name in data.WORDS:
        names.setdefault(name.lower(), name)
    return names | data.ALSO_CALLED
