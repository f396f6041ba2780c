"""The tables made from the CLDR: they are what the generator makes, and the reader goes by them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import cldr_tables
import pytest
from babel import Locale

from extractor.quantities import read_quantities, unit_data, unit_of

REPOSITORY = Path(__file__).parents[2]
UNITS = [pytest.param(unit, id=unit.name) for _, unit in cldr_tables.units()]
CURRENT, FORMER = cldr_tables.currencies()

# One quantity a sentence: its value and its unit as the reader names it.
UNITS_READ = [
    ("He was fined 30 US dollars.", "30", "USD"),
    ("The bridge cost 5 million U.S. dollars.", "5000000", "USD"),
    ("The painting went for 400 British pounds.", "400", "GBP"),
    ("A coffee is 20 Swiss francs.", "20", "CHF"),
    ("Ten Swiss francs bought it.", "10", "CHF"),
    ("Half a million US dollars were lost.", "500000", "USD"),
    ("The ticket is CHF 30.", "30", "CHF"),
    ("The army received UAH30bn.", "30000000000", "UAH"),
    ("It was a 500 UAH fine.", "500", "UAH"),
    ("The rent is 2,500 PLN.", "2500", "PLN"),
    ("The dam cost DZD 200 million.", "200000000", "DZD"),
    ("The levy is ISK 70.", "70", "ISK"),
    ("The contract is worth TRY 30bn.", "30000000000", "TRY"),
    ("The visa costs MAD 1,500.", "1500", "MAD"),
    ("The fine is 45,000 MAD for each.", "45000", "MAD"),
    ("A thief took COP 2,500,000.", "2500000", "COP"),
    ("The plant earned R500 million.", "500000000", "ZAR"),
    ("The loan is A$5m.", "5000000", "AUD"),
    ("The loan is CA$6m.", "6000000", "CAD"),
    ("The loan is R$10m.", "10000000", "BRL"),
    ("The loan is NT$11m.", "11000000", "TWD"),
    ("The loan is US $12 million.", "12000000", "USD"),
    ("The loan is HK $12 million.", "12000000", "HKD"),
    ("The loan is AUD$ 15.", "15", "AUD"),
    ("A $5m loan was given.", "5000000", "USD"),
    ("The loan is RM50 million.", "50000000", "MYR"),
    ("The loan is Tk 300 crore.", "3000000000", "BDT"),
    ("Bread is ₴50.", "50", "UAH"),
    ("Bread is 50₴.", "50", "UAH"),
    ("Bread is ₦800.", "800", "NGN"),
    ("Bread is ₾3.", "3", "GEL"),
    ("Bread is 6 zł.", "6", "PLN"),
    ("Bread is 40 Kč.", "40", "CZK"),
    ("Bread is 30 kr.", "30", "crown"),
    ("Bread is 3 €.", "3", "EUR"),
    ("Bread is 600 FCFA.", "600", "CFA franc"),
    ("Bread is 900 forints.", "900", "HUF"),
    ("Bread is 900 tenge.", "900", "KZT"),
    ("Bread is 80 hryvnias.", "80", "UAH"),
    ("Bread is 300 krónur.", "300", "ISK"),
    ("It cost 40 Egyptian pounds.", "40", "EGP"),
    ("It cost 40 New Taiwan dollars.", "40", "TWD"),
    ("It cost 40 Spanish pesetas.", "40", "ESP"),
    ("It cost 40 dollars.", "40", "USD"),
    ("It cost 40 francs.", "40", "franc"),
    ("It cost 40 pesos.", "40", "peso"),
    ("It cost 40 rials.", "40", "rial"),
    ("It cost 40 crowns.", "40", "crown"),
    ("It cost 40 shillings.", "40", "shilling"),
    ("It cost 3 million pounds.", "3000000", "GBP"),
    ("It weighs 3 pounds.", "3", "pound"),
    ("Output fell to 2 million barrels per day.", "2000000", "barrel per day"),
    ("Output fell to 2 million barrels a day.", "2000000", "barrel per day"),
    ("Output fell to 2.1 million bpd.", "2100000", "barrel per day"),
    ("The car does 40 miles per gallon.", "40", "mile per gallon"),
    ("The car does 40 mpg.", "40", "mile per gallon"),
    ("The air held 420 parts per million of it.", "420", "part per million"),
    ("The air held 420 ppm.", "420", "part per million"),
    ("The car takes 5 l/100 km.", "5", "litre per 100 kilometres"),
    ("The camp covers 300 dunams.", "300", "dunam"),
    ("The farm covers 500 hectares.", "500", "hectare"),
    ("The reservoir holds 900 acre-feet.", "900", "acre-foot"),
    ("Gold rose by 3 per troy ounce.", "3", None),
    ("They found 1,900 troy ounces.", "1900", "troy ounce"),
    ("They found 18-karat rings.", "18", "karat"),
    ("They lost 5 US gallons.", "5", "US gallon"),
    ("The tyre has 30 psi.", "30", "pound-force per square inch"),
    ("The storm has 950 hPa.", "950", "hectopascal"),
    ("The engine makes 300 hp.", "300", "horsepower"),
    ("The engine makes 900 rpm.", "900", "revolution per minute"),
    ("The drug has 120 μg.", "120", "microgram"),
    ("The drug has 120 micrograms.", "120", "microgram"),
    ("The disk holds 5PB.", "5", "petabyte"),
    ("The phone has a 12MP camera.", "12", "megapixel"),
    ("He drank a 70cl bottle.", "70", "centilitre"),
    ("The lamp gives 900 lumens.", "900", "lumen"),
    ("It is 20 microns wide.", "20", "micrometre"),
    ("It took 5 milliseconds.", "5", "millisecond"),
    ("It boils at 100° Celsius.", "100", "degree Celsius"),
    ("They stole 300 bitcoins.", "300", "bitcoin"),
    ("The salt is 35 per mille.", "35", "per mille"),
    ("It blew at 60 kilometres an hour.", "60", "kilometre per hour"),
    ("Prices rose half a percentage point.", "0.5", "percentage point"),
]
# Figures that count, whatever stands beside them.
NOT_UNITS = [
    ("She left at 5 in the morning.", "5"),
    ("The index lost 100 points.", "100"),
    ("They climbed 42 stone steps.", "42"),
    ("The 5 ALL stars came.", "5"),
    ("The 500 TOP firms came.", "500"),
    ("ALL 500 workers left.", "500"),
    ("ALL 5,000 workers left.", "5000"),
    ("It is one of the TOP 10 firms.", "10"),
    ("TRY 5 new recipes.", "5"),
    ("TRY 5,000 NEW RECIPES.", "5000"),
    ("They sold 45,000 AMD chips.", "45000"),
    ("Some 2,000 SDG projects failed.", "2000"),
    ("They filled in 50 MP forms.", "50"),
    ("They bought 200 HP laptops.", "200"),
    ("They opened 5 bars.", "5"),
    ("They won 12 cups.", "12"),
    ("They had 3 drops.", "3"),
    ("They had 7 real friends.", "7"),
    ("They won 200 gold medals.", "200"),
    ("They wore 40 soles.", "40"),
    ("They saw 6 dots.", "6"),
    ("They heard 9 bits of news.", "9"),
    ("They stayed 20 nights.", "20"),
    ("They stopped 3 grain ships.", "3"),
    ("They sold 8 items.", "8"),
    ("They caught 4 moles.", "4"),
    ("The crew had 300 Afghanis.", "300"),
    ("The crew had 300 AU troops.", "300"),
    ("He holds 5 $TSLA shares.", "5"),
    ("The rate is 7.5 in Aldor.", "7.5"),
    ("They licensed 90 bar owners.", "90"),
    ("They licensed 90 bitcoin miners.", "90"),
]


@pytest.mark.parametrize(("sentence", "value", "unit"), UNITS_READ)
def test_a_unit_is_read(sentence: str, value: str, unit: str | None) -> None:
    (quantity,) = read_quantities(sentence)
    assert (quantity.value, quantity.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(("sentence", "value"), NOT_UNITS)
def test_what_is_no_unit_is_counted(sentence: str, value: str) -> None:
    (quantity,) = read_quantities(sentence)
    assert (quantity.value, quantity.unit) == (Decimal(value), None)


@pytest.mark.parametrize(
    ("sentence", "units"),
    [
        ("He won 12 in 2020.", [None]),
        ("In 2020 $5m was lost.", ["USD"]),
        ("In 2020 €5m was lost.", ["EUR"]),
        ("It is 12 per 100,000 people.", [None, None]),
        ("They owe 5 and 6 Swiss francs.", ["CHF", "CHF"]),
        ("They owe between 5 and 6 million Swiss francs.", ["CHF"]),
        ("They owe hundreds of millions of Swiss francs.", ["CHF"]),
    ],
)
def test_units_of_several_figures_or_none(sentence: str, units: list[str | None]) -> None:
    assert [quantity.unit for quantity in read_quantities(sentence)] == units


@pytest.mark.parametrize(
    "sentence",
    [
        "The COP27 talks failed.",
        "Delegates met at COP 28.",
        "The fall of AMD 2023 was deep.",
        "They won the CUP 2022.",
        "He drives on RON 95.",
        "It serves SDG 13.",
        "It serves SDG 3.8.",
        "The R8 is a car.",
        "NPR 2022 was heard.",
    ],
)
def test_a_name_with_its_number_is_no_money(sentence: str) -> None:
    assert [quantity.unit for quantity in read_quantities(sentence) if quantity.unit] == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("US dollars", "USD"),
        ("U.S. dollars", "USD"),
        ("US Dollar", "USD"),
        ("British pounds", "GBP"),
        ("Swiss francs", "CHF"),
        ("Trinidad and Tobago dollars", "TTD"),
        ("chf", "CHF"),
        ("Uah", "UAH"),
        ("TRY", "TRY"),
        ("DEM", "DEM"),
        ("₴", "UAH"),
        ("zł", "PLN"),
        ("A$", "AUD"),
        ("dollars", "USD"),
        ("francs", "franc"),
        ("pesos", "peso"),
        ("pounds", "pound"),
        ("percentage", "%"),
        ("guilder", "guilder"),
        ("barrels per day", "barrel per day"),
        ("Barrels a day", "barrel per day"),
        ("litre", "litre"),
        ("British thermal unit", "British thermal unit"),
        ("try", None),
        ("all", None),
        ("ALL", None),
        ("mad", None),
        ("cup", None),
        ("point", None),
        ("real", None),
        ("R", "ZAR"),
        ("r", None),
    ],
)
def test_unit_of_knows_the_names(written: str, name: str | None) -> None:
    assert unit_of(written) == name


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("cldr_units.txt", cldr_tables.unit_table()),
        ("cldr_currencies.txt", cldr_tables.currency_table()),
    ],
)
def test_the_tables_are_what_the_generator_makes(name: str, table: str) -> None:
    assert (cldr_tables.FOLDER / name).read_text(encoding="utf-8") == table


def test_the_project_pins_the_babel_that_the_tables_are_made_with() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"babel=={version('babel')}" in project["optional-dependencies"]["dev"]
    assert not any(needed.startswith("babel") for needed in project["dependencies"])


def test_the_unicode_licence_goes_with_the_tables() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "docs/licenses/UNICODE.txt" in project["license-files"]
    notice = (REPOSITORY / "docs" / "licenses" / "UNICODE.txt").read_text(encoding="utf-8")
    assert "UNICODE LICENSE V3" in notice
    assert "Copyright © 2004-2025 Unicode, Inc." in notice


@pytest.mark.parametrize("unit", UNITS)
def test_every_spelling_of_a_unit_is_read(unit: cldr_tables.Unit) -> None:
    for word in unit.words:
        assert unit_of(word) == unit.name
        if word != "second":  # an ordinal, but for a hyphen before it
            assert read_quantities(f"They had 12.5 {word}.")[0].unit == unit.name
    for sign in unit.signs:
        assert read_quantities(f"They had 12.5 {sign}.")[0].unit == unit.name
    for sign in unit.glued:
        assert read_quantities(f"They had 12.5{sign}.")[0].unit == unit.name


@pytest.mark.parametrize("code", CURRENT)
def test_every_spelling_of_a_currency_is_read(code: str) -> None:
    currency = CURRENT[code]
    for word in (*currency.names, *currency.nouns):
        assert read_quantities(f"They had 12.5 million {word}.")[0].unit == code
    for sign in currency.signs:
        assert read_quantities(f"They had {sign}12.5 million.")[0].unit == code
        assert read_quantities(f"They had 12.5 million {sign}.")[0].unit == code
    read = code not in unit_data.NEVER_MONEY
    assert read_quantities(f"They had {code} 12.5 million.")[0].unit == (code if read else None)
    assert read_quantities(f"They had 12.5 million {code}.")[0].unit == (code if read else None)


@pytest.mark.parametrize("code", FORMER)
def test_money_that_is_no_more_is_known_by_name(code: str) -> None:
    for name in FORMER[code].names:
        assert read_quantities(f"They had 12.5 million {name}.")[0].unit == code
    assert unit_of(code) == code


def test_a_spelling_belongs_to_one_unit_alone() -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for table in (unit_data.WORDS, unit_data.SIGNS, unit_data.GLUED_SIGNS, unit_data.MONEY_NAMES):
        for name, spellings in table.items():
            for spelling in spellings:
                owners[spelling].add(name)
    shared = {spelling: names for spelling, names in owners.items() if len(names) > 1}
    # money or a weight, by the figure before it
    assert shared == {"pound": {"GBP", "pound"}, "pounds": {"GBP", "pound"}}


def test_what_is_left_out_is_in_the_cldr() -> None:
    """A reason for leaving out what is not there would explain nothing."""
    identifiers = set(Locale("en").unit_display_names)
    assert set(cldr_tables.UNITS_LEFT_OUT) | set(cldr_tables.NAMES) <= identifiers
    written = {
        text
        for identifier in identifiers - set(cldr_tables.UNITS_LEFT_OUT)
        for locale in cldr_tables.LOCALES
        for _, _, text in cldr_tables.patterns(identifier, locale)
    }
    decided = (cldr_tables.SIGNS_LEFT_OUT, cldr_tables.GLUED, cldr_tables.OWNERS)
    assert {sign for table in decided for sign in table} <= written


def test_what_is_left_out_of_money_is_in_the_cldr() -> None:
    homes = cldr_tables.homes_of_money()
    nouns = {noun for money in CURRENT.values() for noun in cldr_tables.nouns_of(money.names)}
    signs = {sign for code in homes for sign in cldr_tables.signs_of(code, homes[code])}
    assert set(cldr_tables.NOUNS_LEFT_OUT) <= nouns
    assert set(cldr_tables.MONEY_SIGNS_LEFT_OUT) <= signs
    assert set(cldr_tables.MEANT) <= nouns | signs


def test_the_rules_for_codes_are_about_codes_that_are_read() -> None:
    ruled = {*unit_data.DOUBTFUL_MONEY, *unit_data.NEVER_MONEY, *unit_data.SMALL_CODES}
    assert ruled - {"R"} <= set(CURRENT)
