"""Makes the reader's tables of units and currencies out of the Unicode CLDR, as Babel ships it.

`python tests/quantities/cldr_tables.py` prints the tables, `--write` puts them where the reader
looks for them (cldr_units.txt and cldr_currencies.txt). What is left out of the CLDR's data, and
which of two owners a sign or a noun goes to, is decided here, each with its reason.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal

from babel import Locale, UnknownLocaleError
from babel.core import get_cldr_version
from babel.languages import get_official_languages
from babel.numbers import get_currency_name, get_territory_currencies
from babel.units import format_unit

FOLDER = Path(__file__).parents[2] / "extractor" / "quantities"
LOCALES = ("en_GB", "en_001", "en")  # British first: it names the units
LENGTHS: Final[tuple[Literal["long", "short", "narrow"], ...]] = ("long", "short", "narrow")
_LONG_AGO = date(1900, 1, 1)
_TODAY = date(2026, 2, 1)  # of Babel 2.18; a fixed day, so that the tables change with Babel alone

# Units that the reader does not take, by their CLDR name.
UNITS_LEFT_OUT: Mapping[str, str] = {
    "angle-revolution": "an uprising, or a turn that is counted",
    "concentr-item": "any thing that is counted",
    "concentr-mole": "an animal, a spy",
    "concentr-percent": "per cent is a kind of its own in the reader",
    "concentr-permyriad": "news says basis points",
    "digital-bit": "'a few bits of news'",
    "duration-night": "nights are counted; what lasts is told in days",
    "duration-quarter": "a fourth part, or a quarter of a town; of a year only in set phrases",
    "energy-foodcalorie": "the calorie with a capital letter; the reader does not look at it",
    "graphics-dot": "any spot",
    "graphics-dot-per-centimeter": "printers' alone",
    "graphics-em": "a typesetter's measure, and a name",
    "graphics-pixel-per-centimeter": "printers' alone",
    "length-mile-scandinavian": "not in English news",
    "length-point": "points are scored, gained and lost",
    "mass-dalton": "a surname",
    "mass-grain": "what is harvested",
    "mass-stone": "'42 stone steps'",
    "pressure-atmosphere": "the air, a mood",
    "pressure-bar": "where one drinks, behind what one is put",
    "pressure-gasoline-energy-density": "no name of its own",
    "speed-beaufort": "stands before its figure",
    "speed-light-speed": "an adjective, a lamp",
    "temperature-generic": "the degree under another name",
    "volume-cup": "what is won",
    "volume-cup-metric": "cooks' alone",
    "volume-dessert-spoon": "a spoon",
    "volume-dessert-spoon-imperial": "a spoon",
    "volume-dram": "a whisky, and Armenia's money",
    "volume-drop": "a fall",
    "volume-jigger": "bartenders' alone",
    "volume-pinch": "cooks' alone",
    "volume-pint-metric": "not in news",
}
# Names and spellings that are not the British singular's, by their CLDR name.
NAMES: Mapping[str, str] = {
    "concentr-karat": "karat",  # of gold; in Britain it is spelled like the weight of a stone
    "energy-kilowatt-hour": "kilowatt hour",
}
# Signs that the reader does not take, though it takes their unit.
SIGNS_LEFT_OUT: Mapping[str, str] = {
    "A": "a grade, a size, a road",
    "ac": "alternating current, an account",
    "ac ft": "waterworks' alone",
    "au": "the African Union, a chemist's gold",
    "B": "a billion",
    "c": "about, or a copyright",
    "cal": "a calibre",
    "cd": "a record",
    "CD": "a record",
    "ct": "a cent",
    "d": "an old penny, 'died'",
    "dec": "December",
    "dm": "Deutschmarks",
    "fur": "what coats are made of",
    "G": "a generation of telephones",
    "Gb": "news writes it for gigabits and gigabytes alike",
    "Gs": "as G",
    "J": "an initial",
    "K": "a thousand",
    "kb": "as Gb",
    "kt": "knots, of the sea",
    "lm": "an initialism of many",
    "Mb": "as Gb",
    "mb": "megabytes, mostly",
    "mbar": "a megabar, with a capital",
    "Ml": "millilitres, in capitals",
    "ML": "millilitres, in capitals",
    "N": "a direction, an initial",
    "nm": "nanometres of chips and nautical miles of the sea alike",
    "oz t": "jewellers' alone",
    "Pa": "a father, a state",
    "pc": "per cent",
    "pm": "the afternoon",
    "ppi": "producer prices",
    "pt": "a part, a point",
    "px": "the furniture of web pages",
    "rad": "a dose, and slang",
    "Tb": "as Gb",
    "tn": "a trillion",
    "w": "with, and a direction",
    "y": "a letter of many uses",
    "#": "a number's sign",
    "′": "feet, minutes and quotation marks",
    "″": "inches, seconds and quotation marks",
    "″ Hg": "as ″",
}
# The one unit that a sign or a spelling of several goes to.
OWNERS: Mapping[str, str] = {
    "m": "length-meter",
    "°": "angle-degree",
    "carat": "mass-carat",
    "carats": "mass-carat",
}
# Signs of two letters that are also words, initials or other signs: only against the digits. Every
# sign of one letter is one of these.
GLUED: Mapping[str, str] = {
    "bu": "initials",
    "cL": "initials",
    "cl": "initials",
    "dL": "initials",
    "dl": "initials",
    "eV": "electric vehicles",
    "hL": "initials",
    "hl": "initials",
    "hp": "a computer firm, in capitals",
    "Hz": "as the signs of one letter",
    "in": "the preposition",
    "kJ": "initials",
    "lx": "initials",
    "mA": "a master's degree, in capitals",
    "MP": "a member of parliament",
    "ms": "a form of address",
    "mW": "megawatts, in capitals",
    "ns": "initials",
    "PB": "a sportsman's best",
    "qt": "initials",
}

# Bare nouns of money that the reader does not take; with their country they are taken.
NOUNS_LEFT_OUT: Mapping[str, str] = {
    "afghani": "the people",
    "afghanis": "the people",
    "balboa": "a name of men, parks and streets",
    "balboas": "as balboa",
    "colon": "a punctuation mark; colón and colones are money",
    "colons": "punctuation marks",
    "cordoba": "a city; córdoba and cordobas are money",
    "dram": "a whisky",
    "drams": "whiskies",
    "escudo": "of Portugal, in older news",
    "escudos": "of Portugal, in older news",
    "florin": "an old coin of many countries",
    "gold": "the metal, the medal",
    "guarani": "a people and its language",
    "guaranis": "as guarani",
    "guilder": "of the Netherlands, in older news",
    "guilders": "of the Netherlands, in older news",
    "krona": "crowns go by several spellings, see the reader's own table",
    "krone": "as krona",
    "kroner": "as krona",
    "leone": "Sierra Leone itself",
    "leones": "Spanish lions",
    "mark": "Germany's, in older news",
    "marks": "Germany's, in older news",
    "quetzal": "a bird",
    "quetzals": "birds",
    "real": "the adjective",
    "reals": "not what news writes",
    "sol": "the sun",
    "soles": "of shoes",
}
# The country that international news means by a noun or a sign that several share. A shared noun
# that is not here is reported under its own name ("peso").
MEANT: Mapping[str, str] = {
    "dirham": "AED",
    "dirhams": "AED",
    "dollar": "USD",
    "dollars": "USD",
    "pound": "GBP",
    "pounds": "GBP",
    "ruble": "RUB",
    "rubles": "RUB",
    "rupee": "INR",
    "rupees": "INR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "Rs": "INR",
    "Rs.": "INR",
}
# Currency signs that are something else in an English text, or another country's.
MONEY_SIGNS_LEFT_OUT: Mapping[str, str] = {
    "Ar": "initials",
    "Br": "an abbreviation of many words",
    "Bs": "Bolivia's and Venezuela's",
    "C$": "Canada's in the news, Nicaragua's at home",
    "CF": "initials",
    "DA": "a district attorney",
    "Db": "initials",
    "DT": "initials",
    "FC": "a football club",
    "FCFA": "of two regions, see the reader's own table",
    "F CFA": "of two regions, see the reader's own table",
    "FG": "initials",
    "Ft": "feet",
    "KM": "kilometres",
    "kr": "of four countries, see the reader's own table",
    "kr.": "of four countries, see the reader's own table",
    "Le": "the French article",
    "Lekë": "a noun",
    "MK": "a make of many things",
    "MTn": "megatonnes",
    "RF": "the Russian Federation",
    "S/": "a slash",
    "SR": "senior, and initials",
    "T$": "what an apostrophe leaves of a word",
    "VT": "Vermont",
}


@dataclass
class Unit:
    """What CLDR calls one unit: `words` written out, `signs`, and those only against digits."""

    name: str = ""
    words: dict[str, None] = field(default_factory=dict)
    signs: dict[str, None] = field(default_factory=dict)
    glued: dict[str, None] = field(default_factory=dict)


@dataclass
class Currency:
    """What CLDR calls one currency: `names` with its country, `nouns` without it, `signs`."""

    names: dict[str, None] = field(default_factory=dict)
    nouns: dict[str, None] = field(default_factory=dict)
    signs: dict[str, None] = field(default_factory=dict)


def units() -> list[tuple[str, Unit]]:
    """The units in the CLDR's order, each with its CLDR name."""
    found: dict[tuple[str, str], Unit] = defaultdict(Unit)
    for identifier in sorted(Locale("en").unit_display_names):
        if identifier in UNITS_LEFT_OUT:
            continue
        for locale in LOCALES:
            for number, length, text in patterns(identifier, locale):
                _add(found, identifier, text, written_out=length == "long", singular=number == 1)
    return [(key[0], unit) for key, unit in sorted(found.items()) if unit.words]


def patterns(identifier: str, locale: str) -> Iterator[tuple[int, str, str]]:
    """Number, length and unit of what stands after "1" and "2" in a locale."""
    for length in LENGTHS:
        for number in (1, 2):
            text = format_unit(number, identifier, length=length, locale=locale)
            yield number, length, " ".join(text.removeprefix(str(number)).split())


def _add(
    found: dict[tuple[str, str], Unit],
    identifier: str,
    text: str,
    *,
    written_out: bool,
    singular: bool,
) -> None:
    """Add one way of writing to its unit.

    The bare gallon is the British one in Britain and the American one in America, so that no text
    says which it means; "US gallon" and "imperial gallon" are units of their own.
    """
    if OWNERS.get(text, identifier) != identifier:
        return
    qualifier = "US" if "US" in text else "imperial" if "Im" in text or "UK" in text else ""
    unit = found[identifier.removesuffix("-imperial"), qualifier]
    if written_out:
        full = text.replace("Imp.", "imperial")
        if singular and not unit.name:
            unit.name = NAMES.get(identifier, full)
        unit.words |= dict.fromkeys((full, full.replace("-", " "), text))
    elif text not in unit.words and text not in SIGNS_LEFT_OUT and not qualifier:
        one_letter = len(text) == 1 and text.isalpha()
        signs = unit.glued if one_letter or text in GLUED else unit.signs
        signs |= dict.fromkeys((text, text.replace("μ", "µ")))  # the Greek letter, the micro sign


def currencies() -> tuple[dict[str, Currency], dict[str, Currency]]:
    """The currencies that are some country's legal tender today, and those that were."""
    homes = homes_of_money()
    current = {code: Currency(names=_money_names(code)) for code in sorted(homes)}
    taken = {name for currency in current.values() for name in currency.names}
    former: dict[str, Currency] = {}
    for code in sorted(homes_of_money(since=_LONG_AGO).keys() - homes.keys()):
        names = {name: None for name in _money_names(code) if name not in taken}
        if names:
            former[code] = Currency(names=names)
    _share(current, {code: nouns_of(currency.names) for code, currency in current.items()}, "nouns")
    _share(current, {code: signs_of(code, homes[code]) for code in current}, "signs")
    return current, former


def shared_nouns() -> dict[str, dict[str, None]]:
    """Nouns of several countries' money that nobody can tell apart, in singular and plural."""
    current, _ = currencies()
    owned = {noun for currency in current.values() for noun in currency.nouns}
    owners: dict[str, dict[str, None]] = defaultdict(dict)
    for currency in current.values():
        singular, *plurals = nouns_of(currency.names)
        if singular not in owned and singular not in NOUNS_LEFT_OUT:
            owners[singular] |= dict.fromkeys((singular, *plurals))
    return dict(sorted(owners.items()))


def homes_of_money(since: date = _TODAY) -> dict[str, list[str]]:
    """The territories where a currency is legal tender, or has been since a day."""
    homes: dict[str, list[str]] = defaultdict(list)
    for territory in sorted(Locale("en").territories):
        for code in get_territory_currencies(territory, since, _TODAY):
            homes[str(code)].append(territory)
    return homes


def _money_names(code: str) -> dict[str, None]:
    """Singular and plural; none where a name says more than a text would ("(1953–1962)")."""
    names: dict[str, None] = {}
    for count in (1, 2):
        name = get_currency_name(code, count, locale="en")
        if "(" not in name and name != code:
            names |= dict.fromkeys((name, _plain(name)))
    return names


def _plain(name: str) -> str:
    """The name without accents, as most newspapers write it."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return plain.replace(" & ", " and ").replace("ʻ", "'")


def nouns_of(names: Iterable[str]) -> dict[str, None]:
    """The last word of each name."""
    return {name.split()[-1].lower(): None for name in names}


def signs_of(code: str, homes: list[str]) -> dict[str, None]:
    """The signs of a currency in English and at home, as far as an English text may have them."""
    signs: dict[str, None] = {}
    for locale in ("en", "en_001", *_home_locales(homes)):
        try:
            written = Locale.parse(locale).currency_symbols.get(code, code)
        except UnknownLocaleError:
            continue
        sign = " ".join("".join(c for c in written if unicodedata.category(c) != "Cf").split())
        if sign != code and _readable(sign):
            signs[sign] = None
    return signs


def _home_locales(homes: list[str]) -> Iterator[str]:
    for territory in homes:
        for language in get_official_languages(territory, de_facto=True):
            yield f"{language}_{territory}"


def _readable(sign: str) -> bool:
    """Currency signs, and Latin letters unless there is but one."""
    if len(sign) == 1 and sign.isalpha():
        return False
    return sign != "" and all(
        c in " ./" or unicodedata.category(c) == "Sc" or "LATIN" in unicodedata.name(c)
        for c in sign
    )


def _share(
    current: dict[str, Currency], written: Mapping[str, Mapping[str, None]], what: str
) -> None:
    """Give what one currency alone has, or is meant by, to that currency."""
    left_out = NOUNS_LEFT_OUT if what == "nouns" else MONEY_SIGNS_LEFT_OUT
    owners: dict[str, set[str]] = defaultdict(set)
    for code, found in written.items():
        for one in found:
            owners[one].add(code)
    for one in list(owners):
        # a plural in -s is shared by all who share its singular ("soms")
        codes = owners[one] | owners[one.removesuffix("s")]
        owner = MEANT.get(one) or (min(codes) if len(codes) == 1 else None)
        if owner is not None and one not in left_out:
            getattr(current[owner], what)[one] = None


def unit_table() -> str:
    """The text of cldr_units.txt."""
    rows = [_header("Units of measure"), "# name | written out | signs | signs against the digits"]
    family = ""
    for identifier, unit in units():
        if identifier.partition("-")[0] != family:
            family = identifier.partition("-")[0]
            rows.append(f"# {family}")
        rows.append(_row(unit.name, unit.words, unit.signs, unit.glued))
    return "\n".join(rows) + "\n"


def currency_table() -> str:
    """The text of cldr_currencies.txt."""
    current, former = currencies()
    rows = [_header("Currencies"), "# code | names | nouns that mean no other money | signs"]
    rows.append("[current]")
    rows += [_row(code, c.names, c.nouns, c.signs) for code, c in current.items()]
    rows.append("# money that is no more: code | names")
    rows.append("[former]")
    rows += [_row(code, c.names) for code, c in former.items()]
    rows.append("# what several countries call their money: noun | its forms")
    rows.append("[shared]")
    rows += [_row(noun, words) for noun, words in shared_nouns().items()]
    return "\n".join(rows) + "\n"


def _header(what: str) -> str:
    cldr, babel = get_cldr_version(), version("babel")
    return f"""\
# {what} as English text writes them, from the Unicode CLDR {cldr} (locales en, en_001
# and en_GB) by way of Babel {babel}. Copyright © 2004-2025 Unicode, Inc., under the Unicode
# License v3 (docs/licenses/UNICODE.txt). Made by tests/quantities/cldr_tables.py, which says what
# is left out and why; not to be edited by hand."""


def _row(first: str, *cells: Iterable[str]) -> str:
    return " | ".join([first, *(", ".join(cell) for cell in cells)]).rstrip(" |")


def main() -> None:
    """Print the tables, or write them with --write."""
    for name, text in (
        ("cldr_units.txt", unit_table()),
        ("cldr_currencies.txt", currency_table()),
    ):
        if "--write" in sys.argv[1:]:
            (FOLDER / name).write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)


if __name__ == "__main__":
    main()
