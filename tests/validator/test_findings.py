"""What a finding says: its code, its field, how severe it is, where it points, in which words."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from extractor.claims import Finding, Severity
from extractor.text import Document, Span
from extractor.validator import all_rules, verify
from extractor.validator.fields.example import example_schema

LONG = "x" * 300


class Told(NamedTuple):
    """A text with «marks» around the place, a candidate, and its finding."""

    text: str
    candidate: dict[str, Any]
    code: str
    field: str
    message: str
    severity: Severity = Severity.ERROR


def of(quote: str, value: str, **said: Any) -> dict[str, Any]:
    return {"quote": quote, "value": value, **said}


BOATS = "The harbour master counted 412 boats."
HOMES = "The storm left «12,870» homes without power."
LOST = "Ames lost «5» boats and 9 men."
JOBS = "«Between 300 and 400» jobs will go."
BOY = "A «15-year-old» boy drowned."
THIRD = "«A third of Aldor's 6 million» people left."
BURNED = "«Nearly» 900 hectares burned."
DAM = "The dam cost «€40 million» and took 300 workers."
WORKERS = "The dam cost €40 million and took «300» workers."
RAID = "The raid destroyed 17 «Aldorian trucks» and 56 radar masts."
SAILORS = "Aldor said «61» of its sailors and 4 pilots were lost."
QUAKE = "The quake injured «64» people in the valley."
GUARD = "The coast guard said «12 crew were saved»."
FRIDAY = "On Friday «40 boats were lost» off Ames."
OFFICE = (
    "the Superintendents of Interdepartmental Communications and Reconstruction Administrations"
)

TOLD = [
    Told(
        BOATS,
        of("counted 421 boats", "421"),
        "Q101",
        "quote",
        "the quote is not in the document: 'counted 421 boats'",
    ),
    Told(
        BOATS,
        of(LONG, "412"),
        "Q101",
        "quote",
        f"the quote is not in the document: it begins '{LONG[:70]}'",
    ),
    Told(
        BOATS,
        of("x" * 80, "412"),
        "Q101",
        "quote",
        f"the quote is not in the document: '{'x' * 80}'",
    ),
    Told(
        "«The storm», the worst in years, sank 14 boats in the old harbour.",
        of("The storm ... sank 14 boats", "14"),
        "Q104",
        "quote",
        "the quote is glued from pieces of the document: 'The storm ... sank 14 boats'",
    ),
    Told(HOMES, of("870 homes", "870"), "Q102", "quote", "the quote cuts '12,870'"),
    Told(
        "The storm left 12,870 homes «without» power.",
        of("12,870 homes with", "12870"),
        "Q102",
        "quote",
        "the quote cuts 'without'",
    ),
    Told(
        "«The figure rose again», and 31 villages were cut off.",
        of("The figure rose again", "31"),
        "Q103",
        "quote",
        "the quote holds no number",
    ),
    Told(
        LOST,
        of("5 boats", "5", position=22),
        "Q103",
        "position",
        "the number at character 22 is not the one of this quote",
    ),
    Told(
        "Rescuers pulled «489» people out.",
        of("489 people", "9" * 80),
        "N201",
        "value",
        f"the value differs: {'9' * 60} is claimed, and '489' is 489",
    ),
    Told(
        "There were «1.067» people.",
        of("1.067 people", "5"),
        "N201",
        "value",
        "the value differs: 5 is claimed, and '1.067' is 1067 or 1.067",
    ),
    Told(
        "«Dozens» of boats sank.",
        {"quote": "Dozens of boats", "high": "9"},
        "N201",
        "value",
        "the value differs: open to 9 is claimed, and 'Dozens' is 24 to open",
    ),
    Told(
        "The repairs cost «€1.5 million».",
        of("€1.5 million", "1500"),
        "N202",
        "value",
        "the scale differs: 1500 is claimed, and '€1.5 million' is 1500000 EUR",
    ),
    Told(
        JOBS,
        {"quote": "Between 300 and 400 jobs", "low": "300"},
        "N203",
        "value",
        "a range is collapsed or half given: 300 to open is claimed, "
        "and 'Between 300 and 400' is 300 to 400",
    ),
    Told(
        "Exports fell «12%».",
        of("fell 12%", "-12"),
        "N204",
        "value",
        "the sign differs: -12 is claimed, and '12%' is 12 %",
    ),
    Told(
        "The lake fell «12%».",
        of("fell 12%", "12", event="rose"),
        "N204",
        "event",
        "the direction differs: '12%' fell",
    ),
    Told(
        "Support grew by «4%».",
        of("grew by 4%", "0.04"),
        "N205",
        "value",
        "a share is told in another measure: 0.04 is claimed, and '4%' is 4 %",
    ),
    Told(
        "Support grew by «4 percentage points».",
        of("by 4 percentage points", "4", unit="%"),
        "N205",
        "unit",
        "'4 percentage points' is 4 percentage point, not '%'",
    ),
    Told(
        "On «March 12» the court freed 9 sailors.",
        of("On March 12 the court freed 9 sailors", "12"),
        "N206",
        "value",
        "'March 12' is no quantity: It is part of a date.",
    ),
    Told(
        "The «22nd» boat came in.",
        of("The 22nd boat", "22"),
        "N206",
        "value",
        "'22nd' is an ordinal: it says which, not how many",
    ),
    Told(
        BOY,
        of("15-year-old boy", "15", counted="boy" * 30),
        "N206",
        "counted",
        f"'15-year-old' is an age, not a count of '{'boy' * 20}'",
    ),
    Told(
        BOY,
        of("15-year-old boy", "15", unit="boys"),
        "N206",
        "counted",
        "'15-year-old' is an age, not a count of 'boys'",
    ),
    Told(
        THIRD,
        of("A third of Aldor's 6 million people", "2000000"),
        "N207",
        "value",
        '2000000 is not named but worked out of "A third of Aldor\'s 6 million"; '
        "say so in derived_from",
    ),
    Told(
        THIRD,
        of("A third of Aldor's 6 million people", "3000000", derived_from=["a third", "6 million"]),
        "N207",
        "value",
        "the parts give another value: 3000000 is claimed, "
        'and "A third of Aldor\'s 6 million" is 2000000',
    ),
    Told(
        "A third of Aldor's «6 million people» left.",
        of("6 million people", "2000000", derived_from=["a third", "6 million"]),
        "N207",
        "derived_from",
        "the quote does not hold, as a share and its whole, the figures of derived_from",
    ),
    Told(
        "«Some 40» bridges were closed.",
        of("40 bridges", "NaN"),
        "N208",
        "value",
        "'NaN' is not a finite number",
    ),
    Told(
        "Some 40 «bridges» were closed.",
        {"quote": "bridges", "low": "much " * 20},
        "N208",
        "low",
        f"'{'much ' * 12}' is not a finite number",
    ),
    Told(
        BURNED,
        of("900 hectares", "900", qualifier="more_than"),
        "H301",
        "qualifier",
        "the hedge is changed to more_than: the text says 'Nearly 900', which is almost",
    ),
    Told(
        "«Nearly 900» hectares burned.",
        of("900 hectares", "900", qualifier="oddly"),
        "H301",
        "qualifier",
        "'oddly' is no hedge that this project knows",
    ),
    Told(
        BURNED,
        of("900 hectares", "900", qualifier="exact"),
        "H302",
        "qualifier",
        "the hedge is dropped: the text says 'Nearly 900', which is almost",
    ),
    Told(
        "The ferry carried «212» passengers.",
        of("212 passengers", "212", qualifier="about"),
        "H303",
        "qualifier",
        "the hedge about is invented: the text says '212'",
    ),
    Told(
        DAM,
        of("cost €40 million", "40000000", unit=LONG),
        "U401",
        "unit",
        f"the unit differs: '{LONG[:60]}' is claimed, '€40 million' is EUR",
    ),
    Told(
        WORKERS,
        of("300 workers", "300", unit=LONG),
        "U401",
        "unit",
        f"the unit '{LONG[:60]}' is not the text's: '300' is a plain count",
    ),
    Told(
        RAID,
        of("17 Aldorian trucks", "17", counted="raids"),
        "U402",
        "counted",
        "'17' counts 'Aldorian trucks', not 'raids'",
    ),
    Told(
        "The raid destroyed 17 «Irish trucks» and 5 Danish masts.",
        of("17 Irish trucks", "17", counted="Danish trucks"),
        "U402",
        "counted",
        "what '17' counts is Irish, not Danish",
    ),
    Told(
        SAILORS,
        of("61 of its sailors", "61", counted="goats and 7 sailors"),
        "U403",
        "counted",
        "what is counted is not in the document: 'goats, 7'",
    ),
    Told(
        SAILORS,
        of("61 of its sailors", "61", counted="the " * 40),
        "U403",
        "counted",
        f"what is counted is not in the document: '{'the ' * 15}'",
    ),
    Told(
        SAILORS,
        of("61 of its sailors", "61", counted="sailors not lost"),
        "U403",
        "counted",
        "what is counted is not in the document: 'not'",
    ),
    Told(
        SAILORS,
        of("61 of its sailors", "61", counted=LONG),
        "U403",
        "counted",
        "what is counted is no noun phrase",
    ),
    Told(
        QUAKE,
        of("64 people", "64", event="killed"),
        "E501",
        "event",
        "nothing in the sentence says 'killed' of '64'",
    ),
    Told(
        QUAKE,
        of("64 people", "64", event="killed or captured"),
        "E501",
        "event",
        "nothing in the sentence says 'killed or captured' of '64'",
    ),
    Told(
        QUAKE,
        of("64 people", "64", event="of the " * 20),
        "E501",
        "event",
        f"'{('of the ' * 20)[:60]}' names no event",
    ),
    Told(
        "The blast left 19 dead and 40 «wounded».",
        of("19 dead", "19", event="wounded"),
        "E502",
        "event",
        "what is said of '19' is killed; 'wounded' is said of others",
    ),
    Told(
        "The blast left 19 dead and 40 «wounded».",
        of("19 dead", "19", event="wounded " * 9),
        "E502",
        "event",
        f"what is said of '19' is killed; '{('wounded ' * 9)[:60]}' is said of others",
    ),
    Told(
        "The boat drowned «40 km» off; 3 men died.",
        of("40 km", "40", event="drowned " * 9),
        "E502",
        "event",
        f"'40 km' measures something; nobody can be '{('drowned ' * 9)[:60]}' by it",
    ),
    Told(
        "On Monday 12 guards were «not» hurt.",
        of("12 guards were not hurt", "12", event="hurt " * 15),
        "E503",
        "event",
        f"the text says 'not' of '{('hurt ' * 15)[:60]}'",
    ),
    Told(
        "The boat drowned «40 km» off; 3 men died.",
        of("40 km", "40", event="drowned"),
        "E502",
        "event",
        "'40 km' measures something; nobody can be 'drowned' by it",
    ),
    Told(
        "Two men were killed by «12» soldiers.",
        of("killed by 12 soldiers", "12", event="killed " * 10),
        "E502",
        "event",
        f"'12' are those by whom it was done, not those who were '{('killed ' * 10)[:60]}'",
    ),
    Told(
        "The ministry «denied that» 30 crew had died.",
        of("30 crew had died", "30", event="died"),
        "E503",
        "modality",
        "'30' is denied in the text, not stated",
    ),
    Told(
        "On Monday 12 guards were «not» hurt.",
        of("12 guards were not hurt", "12", event="hurt"),
        "E503",
        "event",
        "the text says 'not' of 'hurt'",
    ),
    Told(
        "The navy lost «30» crew.",
        of("30 crew", "30", modality="denied"),
        "E503",
        "modality",
        "nothing in the text denies '30'",
    ),
    Told(
        "The navy lost «30» crew.",
        of("30 crew", "30", modality="hypothetical"),
        "E504",
        "modality",
        "nothing in the text makes '30' hypothetical: it is told as a fact",
    ),
    Told(
        "The lake «could» reach 12 metres by June.",
        of("reach 12 metres", "12", event="reached"),
        "E504",
        "modality",
        "'12' is told as projected in the text, not as a fact",
    ),
    Told(
        GUARD,
        of("12 crew were saved", "12", claimant="the navy"),
        "A601",
        "claimant",
        "the claimant 'the navy' is not named in the document",
    ),
    Told(
        GUARD,
        of("12 crew were saved", "12", claimant=LONG),
        "A601",
        "claimant",
        f"the claimant '{LONG[:80]}' is not named in the document",
    ),
    Told(
        GUARD,
        of("12 crew were saved", "12", claimant="said of " * 20),
        "A601",
        "claimant",
        f"'{('said of ' * 20)[:80]}' names nobody",
    ),
    Told(
        "Aldor's navy was at sea when «the coast guard» said 12 crew were saved.",
        of("12 crew were saved", "12", claimant="Aldor's navy"),
        "A602",
        "claimant",
        "'12' is given to 'the coast guard', not to \"Aldor's navy\"",
    ),
    Told(
        "«The coast guard» said 12 crew were saved.",
        of("12 crew were saved", "12", event="saved"),
        "A603",
        "claimant",
        "'12' is given on the word of 'The coast guard'; the claim names nobody",
        Severity.WARNING,
    ),
    Told(
        "The coast guard lost sight of the ferry. Later «12» crew were saved.",
        of("12 crew were saved", "12", claimant="The coast guard"),
        "A604",
        "claimant",
        "nothing in the text makes 'The coast guard' the source of '12'",
    ),
    Told(
        f"In May {OFFICE} slept. Later «the coast guard» said 12 crew were saved.",
        of("12 crew were saved", "12", claimant=OFFICE),
        "A602",
        "claimant",
        f"'12' is given to 'the coast guard', not to '{OFFICE[:80]}'",
    ),
    Told(
        f"In May {OFFICE} slept. Later «12» crew were saved.",
        of("12 crew were saved", "12", claimant=OFFICE),
        "A604",
        "claimant",
        f"nothing in the text makes '{OFFICE[:80]}' the source of '12'",
    ),
    Told(
        f"In May «{OFFICE}» said 12 crew were saved.",
        of("12 crew were saved", "12", event="saved"),
        "A603",
        "claimant",
        f"'12' is given on the word of '{OFFICE[:80]}'; the claim names nobody",
        Severity.WARNING,
    ),
    Told(
        FRIDAY,
        of("40 boats were lost", "40", place="Orle"),
        "T701",
        "place",
        "'Orle' is not in the document",
    ),
    Told(
        FRIDAY,
        of("40 boats were lost", "40", place="Ames", when=LONG),
        "T701",
        "when",
        f"'{LONG[:80]}' is not in the document",
    ),
    Told(
        "The ferry saved 12 crew.\n\nRelated articles\n\n«40» lost off Orle",
        of("40 lost off Orle", "40"),
        "D803",
        "quote",
        "'40' stands in the furniture of the page, not in the article",
        Severity.WARNING,
    ),
]


OWN = [
    Told(
        "The Meadow Party «won 41 seats».",
        {"evidence": "won 41 seats", "seats": "41", "party": "Meadow League"},
        "F901",
        "party",
        "'Meadow League' is not in the document",
    ),
    Told(
        "The «Meadow Party» won 41 seats and the Harbour Union 17.",
        {"evidence": "the Harbour Union 17", "seats": "17", "party": "Meadow Party"},
        "F902",
        "party",
        "'Meadow Party' is not said of '17', but 'Harbour Union' may be",
    ),
    Told(
        "It won 41 seats of the «assembly».",
        {"evidence": "won 41 seats", "seats": "41", "chamber": "senate"},
        "F903",
        "chamber",
        "'senate' is not said of '41', but 'assembly' may be",
    ),
    Told(
        "It has «not» won 41 seats.",
        {"evidence": "won 41 seats", "seats": "41", "outcome": "won"},
        "F904",
        "outcome",
        "the text says 'not' of 'won'",
    ),
    Told(
        "It «won 41 seats with 34%».",
        {"evidence": "won 41 seats with 34%", "seats": "41", "share": "43%"},
        "F905",
        "share",
        "no other number of the quote is '43%' (there: '34%')",
    ),
    Told(
        "It won 41 seats with «34%».",
        {"evidence": "won 41 seats with 34%", "seats": "34"},
        "F906",
        "seats",
        "seats is of the unit seats, and '34%' is not",
    ),
    Told(
        "It won «41» seats.",
        {"evidence": "won 41 seats", "seats": "41", "day": "3 May 2026"},
        "F907",
        "day",
        "'3 May 2026' is no date of the document",
    ),
]


@pytest.mark.parametrize("told", OWN, ids=[told.code for told in OWN])
def test_a_finding_about_a_users_field_says_what_is_wrong_and_where(told: Told) -> None:
    text, place = _unmarked(told.text)
    (verdict,) = verify(Document(text=text), [told.candidate], schema=example_schema())
    (finding,) = (finding for finding in verdict.findings if finding.code == told.code)
    assert finding.message == told.message
    assert (finding.field, finding.severity, finding.span) == (told.field, told.severity, place)
    assert not verdict.accepted


def _unmarked(text: str) -> tuple[str, Span | None]:
    before, opened, rest = text.partition("«")
    inside, _, after = rest.partition("»")
    place = Span(len(before), len(before) + len(inside)) if opened else None
    return before + inside + after, place


@pytest.mark.parametrize("told", TOLD, ids=[f"{told.code}-{told.message[:40]}" for told in TOLD])
def test_a_finding_says_what_is_wrong_and_where(told: Told) -> None:
    text, place = _unmarked(told.text)
    (verdict,) = verify(Document(text=text), [told.candidate])
    (finding,) = (finding for finding in verdict.findings if finding.code == told.code)
    assert finding.message == told.message
    assert (finding.field, finding.severity, finding.span) == (told.field, told.severity, place)
    assert verdict.accepted is (told.severity is Severity.WARNING)
    assert ("~" in finding.excerpt or "^" in finding.excerpt) is (place is not None)


def _findings(text: str, *candidates: dict[str, Any]) -> list[list[Finding]]:
    return [list(verdict.findings) for verdict in verify(Document(text=text), candidates)]


def test_the_claim_that_says_less_is_the_one_that_is_made_again() -> None:
    less, more = of("saved 12 crew", "12"), of("saved 12 crew", "12", counted="crew")
    (flagged,), none = _findings("The ferry saved 12 crew.", less, more)
    assert (flagged.code, flagged.field, flagged.severity) == ("D801", "quote", Severity.WARNING)
    assert flagged.message == "the same is claimed of '12' more than once"
    assert flagged.span == Span(16, 18)
    assert not none


def test_two_values_of_one_source_point_at_each_other() -> None:
    text = "Storm: 12 crew drowned\n\nOn Monday 13 crew had drowned off Orle."
    said = {"counted": "crew", "event": "drowned"}
    (one,), (other,) = _findings(
        text, of("12 crew drowned", "12", **said), of("13 crew had drowned", "13", **said)
    )
    for finding in (one, other):
        assert (finding.code, finding.field) == ("D802", "value")
        assert finding.severity is Severity.WARNING
    assert one.message == "'12' here, but '13' elsewhere for the same thing"
    assert other.message == "'13' here, but '12' elsewhere for the same thing"
    assert (one.span, other.span) == (Span(34, 36), Span(7, 9))


def test_every_rule_is_told() -> None:
    assert {told.code for told in (*TOLD, *OWN)} | {"D801", "D802"} == {
        rule.code for rule in all_rules()
    }
