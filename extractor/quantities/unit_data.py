"""Units and currencies as data: how each is written, and the one name it is reported under.

The greater part stands in two files made from the Unicode CLDR (cldr_units.txt and
cldr_currencies.txt, see docs/decisions/0008-units-from-cldr.md). Typed by hand here is what the
CLDR lacks: the spellings and abbreviations of news text, money that is no more, and the rules for
what is a unit only sometimes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import get_data
from types import MappingProxyType
from typing import Final

Spellings = Mapping[str, tuple[str, ...]]

# Units written out that the CLDR lacks, or that news text spells in more ways than the CLDR does;
# "two foot" is said like "two feet". name: spellings, separated by "|".
_WORDS = {
    "kilometre": "kms",
    "micrometre": "micron|microns",
    "light year": "light-year|light-years",
    "square mile": "sq miles|sq mile|sq. miles",
    "square foot": "sq feet",
    "dunam": "dunum|dunums",
    "feddan": "feddan|feddans",
    "kanal": "kanal|kanals",
    "marla": "marla|marlas",
    "kilogram": "kilogramme|kilogrammes|kilo|kilos",
    "gram": "gramme|grammes",
    "milligram": "milligramme|milligrammes",
    "microgram": "microgramme|microgrammes",
    "tonne": "metric tonne|metric tonnes",
    "ton": "short ton|short tons|long ton|long tons",
    "megaton": "megaton|megatons",
    "kiloton": "kiloton|kilotons",
    "quintal": "quintal|quintals",
    "therm": "therm|therms",
    "ampere": "amp|amps",
    "megawatt hour": "megawatt hour|megawatt hours|megawatt-hour|megawatt-hours",
    "gigawatt hour": "gigawatt hour|gigawatt hours|gigawatt-hour|gigawatt-hours",
    "terawatt": "terawatt|terawatts",
    "terawatt hour": "terawatt hour|terawatt hours|terawatt-hour|terawatt-hours",
    "decibel": "decibel|decibels",
    "exabyte": "exabyte|exabytes",
    "megabit per second": "megabits per second|megabits a second",
    "gigabit per second": "gigabits per second|gigabits a second",
    "sievert": "sievert|sieverts",
    "millisievert": "millisievert|millisieverts",
    "microsievert": "microsievert|microsieverts",
    "becquerel": "becquerel|becquerels",
    "pound-force per square inch": "pounds per square inch",
    "part per trillion": "parts per trillion",
    "barrel per day": "barrels per day|barrel per day|barrels a day|barrel a day|barrels daily"
    "|barrels-per-day|barrel-per-day|barrels-a-day|barrel-a-day",
    "mile per gallon": "miles to the gallon|miles a gallon",
    "mile per hour": "miles an hour|mile an hour|mile-an-hour|miles-per-hour|mile-per-hour",
    "kilometre per hour": "kilometres an hour|kilometers an hour|kilometre an hour"
    "|kilometer an hour",
    "metre per second": "metres a second|meters a second",
    "kilometre per second": "kilometres per second|kilometers per second|kilometres a second"
    "|kilometers a second",
    "mile per second": "miles per second|miles a second",
    "cubic metre per second": "cubic metres per second|cubic meters per second"
    "|cubic metres a second|cubic meters a second",
    "cubic foot per second": "cubic feet per second|cubic feet a second",
    "litre per second": "litres per second|liters per second|litres a second|liters a second",
    "revolution per minute": "revolutions per minute|revolutions a minute",
    "beat per minute": "beats per minute|beats a minute",
    "degree Celsius": "degrees centigrade|degree centigrade|celsius|degrees c",
    "degree Fahrenheit": "fahrenheit|degrees f",
    "magnitude": "magnitude",  # "a 6.6-magnitude quake"
    "fortnight": "fortnight|fortnights",
    "quarter-year": "fiscal quarters",
}
# Signs and abbreviations, case as written; they belong to the quantity's span.
_SIGNS = {
    "kilometre": "Km",
    "yard": "yds",
    "square kilometre": "km2|sq km|sq. km|sq kms|sqkm|km^2",
    "square metre": "m2|sq m|sq. m|sqm",
    "square mile": "sq. mi",
    "square foot": "sq. ft|sqft",
    "cubic metre": "m3|cu m|cu. m",
    "cubic foot": "cu ft|cu. ft",
    "kilogram": "kgs|Kg",
    "microgram": "mcg",
    "gigabyte": "gb",
    "pound": "lbs",
    "barrel": "bbls",
    "barrel per day": "bpd|b/d|bbl/d|bbls/d",
    "million barrels per day": "mb/d|mbd|mbpd",
    "billion cubic metres": "bcm|Bcm",
    "billion cubic feet": "bcf|Bcf",
    "megawatt hour": "MWh",
    "gigawatt hour": "GWh",
    "terawatt": "TW",
    "terawatt hour": "TWh",
    "kilovolt": "kV",
    "decibel": "dB",
    "kilobyte": "KB",
    "megabit per second": "Mbps|Mbit/s|Mb/s",
    "gigabit per second": "Gbps|Gbit/s|Gb/s",
    "revolution per minute": "rpm",
    "beat per minute": "bpm",
    "kilometre per hour": "kmh|kph|kmph|km/hr|km per hour|km an hour|km/hour",
    "kilometre per second": "km/s",
    "knot": "kt|kts",
    "degree Celsius": "° C|ºC|℃|° Celsius|º Celsius",
    "degree Fahrenheit": "° F|ºF|℉|° Fahrenheit|º Fahrenheit",
    "degree": "º",
    "millisievert": "mSv",
    "percentage point": "pp|ppt|ppts",
    "basis point": "bp|bps",
}
# Those of one or two letters that are also words or initials must stand against the digits.
_GLUED_SIGNS = {
    "tonne": "mt",
    "cubic centimetre": "cc",
    "newton metre": "Nm",
    "degree Celsius": "C",
    "degree Fahrenheit": "F",
}
# Of the signs that keep their case, these may stand apart from the digits too.
SPACED_SIGNS: Final = frozenset({"m", "g", "t", "h", "W", "V", "Hz", "hp"})

PERCENT: Final = (
    "%",
    "percent",
    "per cent",
    "pct",
    "pct.",
    "per-cent",
    "pc",
    "percents",
    "percentage",
)
_POINTS = {
    "percentage point": "percentage point|percentage points|percent points|% points|%-points"
    "|pct points|pct point|per cent points|percentage-point|percentage-points",
    "basis point": "basis point|basis points",
}
# What shows that pounds are money.
PAYING: Final = frozenset(
    "fined fine paid pay pays paying cost costs costing worth spent spend earn earns earned stole "
    "stolen donated price priced bail salary wages debt owe owed loan prize jackpot sold bought "
    "raised".split()
)
# Names of units that behind a figure are something else ("a 600 million guilder facility").
ALSO_CALLED: Final = MappingProxyType({"bitcoin": "bitcoin", "guilder": "guilder"})

# Units of time; "over" before one of them may mean "during" (see hedges.py).
TIMES: Final = frozenset(
    "nanosecond microsecond millisecond second minute hour day week fortnight month year decade "
    "century".split()
)

# Money's names that the CLDR lacks. A noun shared by several countries is the one that
# international news means by it.
_MONEY_NAMES = {
    "USD": "dlr|dlrs|u.s. dollars|u.s. dollar|u.s. dlrs|american dollars|american dollar|bucks",
    "AUD": "australian dlrs",
    "CAD": "canadian dlrs",
    "HKD": "hk dlrs",
    "NZD": "n.z. dlrs",
    "TWD": "taiwan dollars|taiwanese dollars",
    "GYD": "guyanese dollars",
    "GBP": "pounds sterling|pound sterling|stg|sterling|quid",
    "CNY": "renminbi|yuan renminbi|rmb",
    "INR": "rs",
    "RUB": "rouble|roubles|russian roubles",
    "BYN": "belarusian roubles",
    "UAH": "hryvnya|hryvnyas|hryven|ukrainian hryvnya|ukrainian hryvnyas",
    "CHF": "sfr",
    "SEK": "swedish crowns",
    "NOK": "norwegian crowns",
    "DKK": "danish crowns",
    "ISK": "icelandic crowns",
    "CZK": "czech crowns|koruny|korun",
    "ILS": "new shekels|israeli shekels",
    "TRY": "liras|turkish liras",
    "BRL": "reais|real brasileiro|brazilian reais",
    "PLN": "zloties|polish zloties",
    "PYG": "guaranies",
    "GTQ": "quetzales|guatemalan quetzales",
    "CRC": "colones|costa rican colones",
    "VES": "bolivares",
    "MZN": "meticais",
    "LSL": "maloti",
    "MNT": "togrog",
    "ALL": "leks|albanian leks",
    "KZT": "kazakh tenge",
    "KGS": "kyrgyz som|kyrgyz soms",
    "UZS": "uzbek som|uzbek soms|uzbek sum",
    "OMR": "omani riyals",
    "AED": "emirati dirhams",
    "XDR": "sdr|sdrs|special drawing rights",
    "DEM": "deutsche marks|deutschmarks|deutschemarks|marks|dm",
    "FRF": "french francs",
    "ITL": "lire|italian lire",
    "NLG": "dutch guilders",
    "ESP": "pesetas",
    "GRD": "drachmas",
    "ATS": "schillings",
    "FIM": "markkas|finnish marks",
    "IEP": "irish punts",
}
# Parts of money, and money whose country is not said: reported under their own name.
_OTHER_MONEY = {
    "cent": "cent|cents|cts|ct",
    "penny": "penny|pence|p",
    "crown": "crown|crowns|kroner|krone|krona",
    "guilder": "guilders",
    "escudo": "escudo|escudos",
    "CFA franc": "cfa franc|cfa francs|francs cfa",
    "bitcoin": "bitcoins|btc",
}
# Signs before or after the figure that the CLDR lacks; one that several countries share is the one
# that international news means by it.
_MONEY_SIGNS = {
    "USD": "U.S.$",
    "GBP": "stg",
    "CNY": "RMB",
    "CHF": "SFr",
    "AUD": "AU$|$A",
    "CAD": "C$",
    "SGD": "S$",
    "JMD": "J$",
    "TTD": "TT$",
    "ILS": "NIS",
    "BDT": "Tk",
    "GHS": "₵",
    "ZAR": "R",
    "DEM": "DM",
    "crown": "kr",
    "CFA franc": "FCFA|F CFA",
    "bitcoin": "₿",
}
# Codes that a text writes in small letters too.
SMALL_CODES: Final = frozenset(
    "USD AUD CAD EUR GBP JPY CNY INR PKR RUB UAH CHF SEK NOK DKK".split()
)
# Codes that are never read, and codes and signs that are money only beside a figure that can be
# nothing else ("TRY 30bn", "MAD 1,500"), each with what it is besides.
NEVER_MONEY: Final = MappingProxyType(
    {"ALL": "the word, before a number everywhere", "TOP": "the word, before a number everywhere"}
)
DOUBTFUL_MONEY: Final = MappingProxyType(
    {
        "AMD": "a chip maker",
        "AWG": "a gauge of wires",
        "BAM": "an exclamation, an academy of music",
        "BMD": "ballistic missile defence",
        "BND": "Germany's secret service",
        "BOB": "the name",
        "BSD": "an operating system",
        "CDF": "several armed forces",
        "COP": "the word; a conference on the climate, with its number",
        "CRC": "several committees",
        "CUP": "the word",
        "CVE": "a flaw in software, with its number",
        "DOP": "a seal on food",
        "ETB": "initials",
        "GEL": "the word",
        "GIP": "initials",
        "GMD": "missile defence",
        "IRR": "a rate of return",
        "KGS": "kilograms",
        "LAK": "initials",
        "MAD": "the word",
        "MOP": "the word",
        "NAD": "a molecule",
        "NIO": "a car maker",
        "NPR": "a broadcaster",
        "PAB": "initials",
        "PEN": "the word",
        "R": "a letter before the numbers of many things",
        "RON": "the name; the octane number of petrol",
        "SCR": "a filter",
        "SDG": "a goal of the United Nations, with its number",
        "SLE": "a disease",
        "SOS": "the call",
        "SRD": "initials",
        "SSP": "a rank of the police",
        "STN": "a station",
        "TMT": "a telescope",
        "TRY": "the word",
        "WST": "a time zone",
    }
)


def _table(name: str) -> dict[str, list[list[str]]]:
    """The lines of a data file, cut into cells, by their section."""
    source = get_data("extractor.quantities", name)  # lighter than importlib.resources
    if source is None:
        raise FileNotFoundError(name)
    sections: dict[str, list[list[str]]] = {}
    rows = sections.setdefault("", [])
    for line in source.decode().splitlines():
        if line.startswith("["):
            rows = sections.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            rows.append(line.split(" | "))
    return sections


def _columns(rows: list[list[str]], *numbers: int) -> Spellings:
    """The spellings in some columns of a section, by what stands in the first."""
    columns: dict[str, tuple[str, ...]] = {}
    for row in rows:
        cells = [row[n] for n in numbers if n < len(row) and row[n]]
        if cells:
            columns[row[0]] = tuple(", ".join(cells).split(", "))
    return columns


def _typed(table: Mapping[str, str]) -> Spellings:
    return {name: tuple(spellings.split("|")) for name, spellings in table.items()}


def _joined(*tables: Spellings) -> Spellings:
    joined: dict[str, tuple[str, ...]] = {}
    for table in tables:
        for name, spellings in table.items():
            joined[name] = joined.get(name, ()) + spellings
    return MappingProxyType(joined)


_UNITS = _table("cldr_units.txt")[""]
_MONEY = _table("cldr_currencies.txt")

# Of every measure: how it is written out, its signs, and those that must stand against the digits.
WORDS: Final = _joined(_columns(_UNITS, 1), _typed(_WORDS))
SIGNS: Final = _joined(_columns(_UNITS, 2), _typed(_SIGNS))
GLUED_SIGNS: Final = _joined(_columns(_UNITS, 3), _typed(_GLUED_SIGNS))
POINTS: Final = _typed(_POINTS)
# ISO 4217 codes of today's money, and of money that is no more: these are known, but not read.
CODES: Final = tuple(row[0] for row in _MONEY["current"] if row[0] not in NEVER_MONEY)
FORMER_CODES: Final = tuple(row[0] for row in _MONEY["former"])
# Of every currency: its names, and its signs, which stand before the figure or behind it.
MONEY_NAMES: Final = _joined(
    _columns(_MONEY["current"], 1, 2),
    _columns(_MONEY["former"], 1),
    _columns(_MONEY["shared"], 1),
    _typed(_MONEY_NAMES),
    _typed(_OTHER_MONEY),
)
MONEY_SIGNS: Final = _joined(_columns(_MONEY["current"], 3), _typed(_MONEY_SIGNS))
