"""Numbers in names: models, numbered things, versions, serial numbers."""

from __future__ import annotations

from extractor.quantities.digits import SEPARATORS, chain_end, in_chain, read_digits
from extractor.quantities.expressions import Mask
from extractor.quantities.figures import read_figure
from extractor.quantities.lexicon import GLUED_SCALES, MONEY_SCALES, ORDINAL_SUFFIXES, SCALE_SIGNS
from extractor.quantities.name_data import (
    ALIASES,
    BRANDS,
    FORMATS,
    INDEXES,
    NUMBERED,
    PAGES,
    PLURAL_NUMBERED,
    STATES,
    YEAR_PREFIXES,
)
from extractor.quantities.scales import Figure
from extractor.quantities.spelled import STARTS
from extractor.quantities.tokens import APOSTROPHES, DASHES, Tokens
from extractor.quantities.units import money_before, read_unit
from extractor.quantities.words import FUNCTION_WORDS, MANY, plural

_VERSION_BEFORE = frozenset({"version", "update", "firmware", "v", "patch"})
_BEHIND_ALIAS = frozenset({"max", "(", "]"})
_ABBREVIATED = 4  # letters that an abbreviation with a full stop has at most
_ANY = frozenset("each every per any another".split())
_PARTING = DASHES | {"."}
_UPDATES = frozenset("update updated updates updating upgrade upgraded upgrading".split())
_VERSION_AFTER = frozenset({"update", "patch", "firmware", "release"})
_NO_NAMES = frozenset("s to and or than of some magnitude an a".split())
# The words and signs that a name can have before its number; looked at before all else.
_NAMING = NUMBERED | PLURAL_NUMBERED | BRANDS | INDEXES | PAGES | DASHES | set("#.:") | {"of"}
BESIDE_NAMES = _NAMING | _BEHIND_ALIAS | _VERSION_BEFORE | _VERSION_AFTER | _UPDATES | set("[/")
# The names that hold a digit, by that digit.
_ALIASES_WITH = {d: [alias for alias in ALIASES if d in alias] for d in "0123456789"}
_CLAUSES = frozenset("abcdefghijk")
_LONGEST_NAME = 60  # characters of a name that is reported as one mask


def mask_numbered(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "Terminal 2", "Section 4", "Articles 5 and 6", "Boeing 737-800", "Group of Seven"."""
    if t.words[i - 1] not in _NAMING:
        return None
    if t.words[i - 1] == "of" and t.words[i - 2] in {"group", "gang"} and _grouped(t, i):
        return _named(t, i - 2, i + 1, floor)
    j = _designator(t, i)
    return _numbered(t, i, j, floor) if j >= floor and t.near(i) else None


def _numbered(t: Tokens, i: int, j: int, floor: int) -> Mask | None:
    """The name that the word at token `j` makes of the number at `i`."""
    word = t.words[j]
    brand = not t.raw(j).islower() and (word in BRANDS or word in INDEXES)
    page = word in PAGES and (t.words[j + 1] == "." or t.glued(i))
    if not (brand or page or word in NUMBERED or word in PLURAL_NUMBERED):
        return None
    figure = read_figure(t, i)
    if figure is None or not _can_name(t, figure, decimals=brand):
        return None
    if not (brand or page or _designates(t, j, i, figure.last)):
        return None
    last = _rest_of_name(t, figure.last)
    if word in PLURAL_NUMBERED or page:
        last = _rest_of_list(t, last)
    first = j - 2 if word == "p" and t.words[j - 1] == "&" else j  # "S&P 500"
    return _named(t, first, last, floor)


def _grouped(t: Tokens, i: int) -> bool:
    """As in "the Group of Seven", "the Group of 20"; not "a group of 20"."""
    return t.capital(i) or (t.digits(i) and t.capital(i - 2) and len(t.words[i]) < 3)


def mask_postcode(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "New York, NY 10036", "zip 90210"."""
    alone = not t.glued(i) and t.near(i) and not (t.glued(i + 1) and t.digits(i + 2))
    if len(t.words[i]) != 5 or not alone:
        return None
    state = t.words[i - 1] in STATES and t.raw(i - 1).isupper() and t.capital(i - 2 - _comma(t, i))
    return Mask(i, i + 1, t.starts[i], t.ends[i], "identifier") if state else None


def _comma(t: Tokens, i: int) -> int:
    return 1 if t.words[i - 2] == "," else 0


def mask_format(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "a 4K image", "2K resolution"; "4K people" are counted."""
    if t.words[i] not in {"2", "4", "8"} or t.words[i + 1] != "k" or not t.glued(i + 1):
        return None
    if t.glued(i) or not (t.words[i + 2] in FORMATS and t.near(i + 2)):
        return None
    return Mask(i, i + 2, t.starts[i], t.ends[i + 1], "identifier")


def mask_alias(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "the 737 Max", "401(k)", "P5+1"; and a mark of a footnote in brackets: "40[3]"."""
    following = t.words[i + 1]
    if (named := _named_so(t, i, floor)) is not None:
        return named
    if following == "max" and t.capital(i + 1) and t.near(i + 1) and not t.glued(i):
        return Mask(i, i + 2, t.starts[i], t.ends[i + 1], "identifier")
    if following in {"(", "]"}:
        return _clause(t, i)
    return None


def _clause(t: Tokens, i: int) -> Mask | None:
    """As in "401(k)", and the footnote in "40[3]"."""
    tight = all(t.glued(k) for k in range(i + 1, i + 4))
    if tight and [t.words[k] for k in (i + 1, i + 3)] == ["(", ")"] and t.words[i + 2] in _CLAUSES:
        return Mask(i, i + 4, t.starts[i], t.ends[i + 3], "section")
    inside = t.words[i - 1] == "[" and t.words[i + 1] == "]" and t.glued(i) and t.glued(i + 1)
    if inside and t.glued(i - 1) and len(t.words[i]) < 4:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "section")
    return None


def _named_so(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "3M", "7-Eleven", "the P5+1"; "3M people" are counted."""
    for alias in _ALIASES_WITH.get(t.words[i], ()):
        start = t.starts[i] - alias.index(t.words[i])
        if start < 0 or not t.text.startswith(alias, start):
            continue
        first, last = t.at(start), t.at(start + len(alias))
        whole = not t.glued(first) or not t.words[first - 1].isalnum()
        ended = not (t.glued(last) and t.words[last].isalnum())
        if first >= floor and whole and ended and t.words[last] not in MANY:
            return Mask(first, last, start, start + len(alias), "identifier")
    return None


def mask_marker(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "2People hid": the mark of a list or a footnote, grown together with its sentence."""
    grown = t.glued(i + 1) and t.capital(i + 1) and t.raw(i + 1)[1:].islower()
    begins = t.line_start(i) or t.words[i - 1] in {".", "\u201d", '"', "!", "?"}
    if grown and begins and len(t.words[i]) < 3 and len(t.words[i + 1]) > 2:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "list")
    return None


def _designator(t: Tokens, i: int) -> int:
    """The token of the word that the number at `i` may belong to."""
    before, word = t.words[i - 1], t.words[i - 2]
    short = before == "#" or (before == "." and len(word) <= _ABBREVIATED)
    if short and (word in NUMBERED or word in PAGES):  # "No. 3", "pp.32-33", not "radio. Sixty"
        return i - 2
    return i - 2 if before in DASHES and word in BRANDS else i - 1


def _can_name(t: Tokens, figure: Figure, *, decimals: bool) -> bool:
    """A bare number, without scale or unit: "no 100% safe place" is no "No. 100"."""
    plain = figure.plain or not figure.digits or decimals
    unit = read_unit(t, figure)
    measured = unit is not None and (not t.glued(figure.last) or unit.name == "%")
    return figure.scale == 1 and plain and not measured


def _designates(t: Tokens, j: int, i: int, after: int) -> bool:
    """A numbered thing, not a noun before a count ("at this stage 300 people")."""
    shouted_no = t.raw(after).isupper() and t.words[j - 1] in FUNCTION_WORDS
    if t.words[j] == "no" and j == i - 1 and (not t.capital(j) or shouted_no):
        return False  # "THERE IS NO 4 DAY WEEK"
    if t.words[j] == "number" and t.words[j - 1] == "the":  # "the number 10 bus"
        return not plural(t.words[after])
    if t.words[j - 1] in _ANY and not t.capital(j):
        return False  # "each day 900 Russian soldiers die"
    shouted = t.raw(j).isupper() and t.raw(after).isupper() and len(t.words[j]) > 2
    if t.capital(j) and not shouted:
        return True
    followed = t.near(after) and t.alpha(after) and (t.lower(after) or shouted)
    return not followed or t.words[after] in FUNCTION_WORDS


def _rest_of_name(t: Tokens, last: int) -> int:
    """As in "737-800", "4A", "5(2)": what is glued to the number belongs to the name."""
    stop = last + 8
    while (
        last < stop
        and t.glued(last)
        and ((t.words[last] in DASHES and t.glued(last + 1)) or t.digits(last) or t.lettered(last))
    ):
        last += 1
    clause = t.words[last] == "(" and all(t.glued(k) for k in range(last, last + 3))
    return last + 3 if clause and t.words[last + 2] == ")" else last


def _rest_of_list(t: Tokens, last: int) -> int:
    """As in "Articles 5, 6 and 7", "pages 12-14"."""
    stop = last + 40
    while (
        last < stop
        and t.words[last] in {",", "and", "to", "or", "&"} | DASHES
        and (t.near(last + 1) and t.digits(last + 1))
    ):
        last += 2
    return last


def _named(t: Tokens, first: int, last: int, floor: int) -> Mask:
    first = max(first, floor)
    return Mask(first, last, t.starts[first], t.ends[last - 1], "identifier")


def mask_glued(t: Tokens, i: int, floor: int) -> Mask | None:
    """As in "COVID-19", "F-16", "RT360", "G7", "5G", "#1": digits grown together with letters."""
    first = _letters_before(t, i, floor)
    if first is None and not _letters_after(t, i):
        return None
    first = i if first is None else first
    last = i + 1
    stop = last + 12
    while (
        last < stop
        and t.glued(last)
        and (
            t.digits(last)
            or t.lettered(last)
            or (
                t.words[last] in DASHES | {"_", "."}
                and t.glued(last + 1)
                and (t.digits(last + 1) or t.lettered(last + 1))
            )
        )
    ):
        last += 1
    if t.ends[last - 1] - t.starts[first] > _LONGEST_NAME:
        first, last = i, i + 1
    return Mask(first, last, t.starts[first], t.ends[last - 1], "identifier")


def _letters_before(t: Tokens, i: int, floor: int) -> int | None:
    """The token where the name begins whose letters stand before the digits at `i`."""
    if not t.glued(i) or i - 1 < floor:
        return None
    if t.words[i - 1] in {"#", "№", "_"}:
        return i - 1
    if t.words[i - 1] == "." and t.words[i - 2] == "c":  # "c.300", about
        return None
    if t.words[i - 1] == "." and t.glued(i - 1) and len(t.words[i - 2]) == 1 and t.alpha(i - 2):
        return i - 2 if i - 2 >= floor else None  # "an M.2 drive"
    j = i - 1
    if t.words[j] in DASHES and t.glued(j) and j - 1 >= floor:
        j -= 1
    money = money_before(t, j)
    is_money = money is not None and money[1] == i  # "Rs500", "USD5m"
    hyphened_word = j < i - 1 and t.words[j] in _NO_NAMES and not _missile(t, j)
    if not t.lettered(j) or t.words[j] in YEAR_PREFIXES or is_money or hyphened_word:
        return None
    while j - 2 >= floor and t.glued(j) and t.words[j - 1] in DASHES and t.glued(j - 1):
        if not (t.lettered(j - 2) or t.digits(j - 2)):
            break
        j -= 2
    return j


def _missile(t: Tokens, j: int) -> bool:
    """As in "S-300": the letter is a name's, not the end of "Monday's-300"."""
    return t.words[j] == "s" and t.capital(j) and t.words[j - 1] not in APOSTROPHES


def _letters_after(t: Tokens, i: int) -> bool:
    """As in "5G", "3D", "4x4", "24/7": letters after the digits, no unit, scale or ending."""
    j = i + 1
    if not (t.glued(j) and t.lettered(j)):
        return False
    word = t.words[j]
    if word == "ish" or (word == "s" and t.words[i].endswith("0")):  # "300ish", "the 300s"
        return False
    if word in ORDINAL_SUFFIXES or word in SCALE_SIGNS or t.raw(j) in GLUED_SCALES or word == "x":
        return word == "x" and t.digits(j + 1)
    if word in MONEY_SCALES and t.words[i - 1] in {"$", "£", "€", ".", ","}:
        return False
    figure = read_figure(t, i)
    if figure is None or figure.last > j or read_unit(t, figure) is not None:
        return False
    return len(word) < 4  # a longer word has only lost its space: "16people"


def mask_version(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "1.2.3", "192.168.1.1", "1-2-3-4": numbers in several parts, and "version 5.50"."""
    parted = t.words[i + 1] in _PARTING and t.digits(i + 2)
    if not (parted or t.words[i - 1] in _VERSION_BEFORE) or in_chain(t, i):
        return None
    last = chain_end(t, i, frozenset({"."}))
    parts = (last - i + 1) // 2
    named = t.near(i) and t.words[i - 1] in _VERSION_BEFORE
    updated = t.words[i - 1] == "to" and t.words[i - 2] in _UPDATES and t.near(i) and parts == 2
    if (
        (named and (parts > 1 or t.words[i - 1] in {"version", "v"}))
        or updated
        or (
            parts == 2 and t.words[last] in _VERSION_AFTER  # "the 5.50 update"
        )
    ):
        return Mask(i, last, t.starts[i], t.ends[last - 1], "version")
    numeral = read_digits(t, i)
    if parts > 2 and (numeral is None or numeral.last == i + 1):
        return Mask(i, last, t.starts[i], t.ends[last - 1], "version")
    last = chain_end(t, i, DASHES)
    if last - i >= 5:
        return Mask(i, last, t.starts[i], t.ends[last - 1], "identifier")
    return None


def mask_serial(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A run too long to count anything, or with a leading zero ("007")."""
    numeral = read_digits(t, i)
    if numeral is None:
        last = chain_end(t, i, SEPARATORS)
        return Mask(i, last, t.starts[i], t.ends[last - 1], "identifier")
    if numeral.leading_zero and numeral.plain:
        return Mask(i, i + 1, t.starts[i], t.ends[i], "identifier")
    return None


def mask_name(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "the Five Eyes", "at Three Mile Island": a capitalised number word in a name.

    In running text only: the word before must be in lower case and on the same line, so that
    neither a sentence nor a headline in title case is taken for a name.
    """
    if t.words[i] in STARTS and t.glued(i + 1) and t.digits(i + 1):  # "Twenty20"
        return Mask(i, i + 2, t.starts[i], t.ends[i + 1], "identifier")
    titled = (
        t.words[i] in STARTS and t.capital(i) and t.raw(i)[1:].islower() and not t.line_start(i)
    )
    if not (titled and t.lower(i - 1) and t.near(i)):
        return None
    if not (t.capital(i + 1) and t.near(i + 1) and t.raw(i + 1)[1:].islower()):
        return None
    return Mask(i, i + 2, t.starts[i], t.ends[i + 1], "identifier")
