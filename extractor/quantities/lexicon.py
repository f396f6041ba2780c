"""The words that spell numbers. Data only: a word, what it is worth, and why if not plain."""

from __future__ import annotations

from decimal import Decimal
from types import MappingProxyType
from typing import Final

SMALL: Final = MappingProxyType(
    {
        word: Decimal(value)
        for value, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
            "fifteen sixteen seventeen eighteen nineteen".split()
        )
    }
    | dict.fromkeys(("nought", "naught"), Decimal(0))
)
TENS: Final = MappingProxyType(
    {
        word: Decimal(10 * (value + 2))
        for value, word in enumerate(
            "twenty thirty forty fifty sixty seventy eighty ninety".split()
        )
    }
    | {"fourty": Decimal(40)}
)  # a misspelling that no other word could be

HUNDRED: Final = Decimal(100)
# Scale words stand after a figure, spelled or in digits: "five thousand", "3 lakh crore".
SCALES: Final = MappingProxyType(
    {
        "thousand": Decimal(10) ** 3,
        "million": Decimal(10) ** 6,
        "billion": Decimal(10)
        ** 9,  # the short scale: news English has used no other since the 1970s
        "trillion": Decimal(10) ** 12,
        "quadrillion": Decimal(10) ** 15,
        "lakh": Decimal(10) ** 5,  # South Asian English
        "crore": Decimal(10) ** 7,
    }
)
# Said after a figure by many who write English as a second language: "5 millions".
PLURAL_SCALES: Final = MappingProxyType(
    {f"{word}s": value for word, value in SCALES.items() if word != "quadrillion"}
)
# Written after digits only, with or without a space: "5.93 mln", "7.7bn".
SCALE_SIGNS: Final = MappingProxyType(
    {
        "mln": SCALES["million"],
        "mn": SCALES["million"],
        "mio": SCALES["million"],
        "bln": SCALES["billion"],
        "bn": SCALES["billion"],
        "mld": SCALES["billion"],
        "mlrd": SCALES["billion"],
        "mrd": SCALES["billion"],
        "tn": SCALES["trillion"],
        "tln": SCALES["trillion"],
        "trn": SCALES["trillion"],
        "trln": SCALES["trillion"],
        "cr": SCALES["crore"],
    }
)
# Written against the digits ("5k"); capital M and K mean a scale, small m only in money
# ("£4.2m"), since "4.2m" elsewhere is metres.
GLUED_SCALES: Final = MappingProxyType(
    {
        "k": SCALES["thousand"],
        "K": SCALES["thousand"],
        "M": SCALES["million"],
        "MM": SCALES["million"],  # of the trade press: a thousand thousands
    }
)
# Behind a space they still mean a scale after a sum of money ("$5 m", "£20 k").
SPACED_SCALES: Final = frozenset("m k b M K B T MM".split())
MONEY_SCALES: Final = MappingProxyType(
    {
        "m": SCALES["million"],
        "b": SCALES["billion"],
        "t": SCALES["trillion"],
        "mm": SCALES["million"],
        "mil": SCALES["million"],
    }
)
DOZEN: Final = Decimal(12)
# After digits these multiply too ("3 hundred", "2 dozen"); spelled.py has its own use for them.
COUNTED_IN: Final = MappingProxyType(
    {"hundred": HUNDRED, "hundreds": HUNDRED, "dozen": DOZEN, "dozens": DOZEN}
    | dict.fromkeys("doz dozs dz dzs".split(), DOZEN)
)

# No magnitude of news text is larger; a pile of scale words beyond it is not a number.
LARGEST: Final = Decimal(10) ** 36

# Ordinals; "first" and "second" stand in ORDINAL_UNITS, since they are one only in few places.
ORDINALS: Final = MappingProxyType(
    {
        word: value
        for value, word in enumerate(
            "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
            "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
            start=3,
        )
    }
    | {
        word: 10 * (value + 2)
        for value, word in enumerate(
            "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split()
        )
    }
    | {"nineth": 9, "hundredth": 100}
    | {f"{word}th": int(value) for word, value in SCALES.items()}
)
ORDINAL_UNITS: Final = MappingProxyType(
    {"first": 1, "second": 2} | {w: v for w, v in ORDINALS.items() if v < 10}
)
ORDINAL_SUFFIXES: Final = frozenset({"st", "nd", "rd", "th"})
# Denominators; "second" is left out, since it is an ordinal or a unit of time, never a half.
DENOMINATORS: Final = MappingProxyType(
    {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
    | dict(ORDINALS)
    | {f"{word}s": value for word, value in ORDINALS.items()}
)

# Vague magnitudes: the plural of a scale says at least two of it; "dozens" 24, "hundreds" 200.
VAGUE_PLURALS: Final = MappingProxyType(
    {
        "tens": Decimal(20),
        "dozens": Decimal(24),
        "hundreds": Decimal(200),
        "thousands": Decimal(2) * 10**3,
        "millions": Decimal(2) * 10**6,
        "billions": Decimal(2) * 10**9,
        "trillions": Decimal(2) * 10**12,
        "lakhs": Decimal(2) * 10**5,
        "crores": Decimal(2) * 10**7,
    }
)
# The least that each can mean; "a couple" is not here: it is two (see vague.py).
VAGUE_FEW: Final = MappingProxyType(
    {
        ("several",): Decimal(3),
        ("a", "few"): Decimal(3),
        ("a", "handful"): Decimal(3),
    }
)
# Words for one exact multiple of what is named: "doubled", "sixfold".
MULTIPLE_VERBS: Final = MappingProxyType(
    dict.fromkeys("doubled doubling doubles redoubled".split(), Decimal(2))
    | dict.fromkeys("tripled tripling triples trebled trebling trebles".split(), Decimal(3))
    | dict.fromkeys("quadrupled quadrupling quadruples".split(), Decimal(4))
    | dict.fromkeys("quintupled quintupling quintuples".split(), Decimal(5))
    | dict.fromkeys("halved halving".split(), Decimal("0.5"))
)
# Multiples only where they compare: "twice as many", "double the number", not "a double murder".
MULTIPLE_WORDS: Final = MappingProxyType(
    dict.fromkeys("twice double".split(), Decimal(2))
    | dict.fromkeys("thrice triple treble".split(), Decimal(3))
    | {"quadruple": Decimal(4)}
)
FOLD_WORDS: Final = MappingProxyType(
    {f"{word}fold": value for word, value in [*SMALL.items(), *TENS.items()] if value > 1}
    | {"hundredfold": HUNDRED, "thousandfold": SCALES["thousand"]}
)
