"""What is offered for a number: the counted thing and the event, by sentences of both kinds."""

from __future__ import annotations

from typing import NoReturn

import pytest

from extractor.extraction import extract_with
from extractor.extraction.anchored import questions_of
from extractor.extraction.answers import Question
from extractor.extraction.passages import passages
from extractor.model import ScriptedModel
from extractor.text import Document, Span
from extractor.validator import Source
from extractor.validator.counted import noun_chunks


def _question(text: str, number: str) -> Question:
    source = Source(Document(text=text))
    asked = [question for passage in passages(source) for question in questions_of(source, passage)]
    return next(question for question in asked if number in question.quantity.text)


@pytest.mark.parametrize(
    ("text", "number", "counted"),
    [
        # a share, a measure or a sum of something
        ("About 7% of the harvest was lost.", "7%", ("harvest",)),
        ("The fire burnt 300 hectares of pine forest.", "300", ("pine forest",)),
        ("Aldor promised $40m in farm loans.", "$40m", ("farm loans",)),
        ("It earned $40m in the third quarter.", "$40m", None),
        # what a number is the size of
        ("Orle has a population of 2 million.", "2 million", ("population",)),
        ("The infection rate in spring was 7%.", "7%", None),
        ("The infection rate is about 7%.", "7%", ("infection rate",)),
        ("The storm beat the record of 80 millimetres.", "80", None),
        ("They built a 300-mile fence.", "300-mile", ("fence",)),
        # what kind of people they are said to be
        ("Of the 20 dead, five were women.", "five", ("women",)),
        ("In Orle five were injured.", "five", ("people",)),
        # a tally
        ("The refugee number could reach 40,000.", "40,000", ("refugees",)),
        ("The number of refugees rose by 35% to 4 million.", "4 million", ("refugees",)),
        # a number goes on with the phrase of another
        ("A raid killed one woman and wounded two more.", "two", ("people",)),
        ("Two Aldorian sailors were hurt, one seriously.", "one", ("Aldorian sailors",)),
        ("They killed 9 Aldorian troops, then 5 troops fled.", "5", ("Aldorian troops",)),
        # where a phrase ends
        ("She lost two of her five children.", "two", ("children",)),
        ("Police seized 10 AK-47 rifles.", "10", ("AK-47 rifles",)),
        ("In all 77 people reportedly died.", "77", ("people",)),
        ("It hit four southern districts - Ames, Orle and Tarn.", "four", ("southern districts",)),
        ("Ames - 4.1 Orle Bridge - 3.9", "4.1", None),
    ],
)
def test_the_counted_thing(text: str, number: str, counted: tuple[str, ...] | None) -> None:
    question = _question(text, number)
    if counted is None:  # one of the sentence's nouns, or none, is left to be chosen
        numbers = Source(Document(text=text)).reading.quantities
        assert {*question.choices["counted"]} <= {*noun_chunks(text, Span(0, len(text)), numbers)}
    else:
        assert question.choices["counted"] == counted


@pytest.mark.parametrize(
    ("text", "number", "events"),
    [
        # the verb, not the noun that tells the occasion
        ("Floods have affected 9,600 people.", "9,600", ("affected",)),
        ("About 40 people were killed in attacks on Orle.", "40", ("killed",)),
        ("The raid killed 12 guards.", "12", ("killed",)),
        ("Some 200 firefighters arrived for the rescue.", "200", ("arrived", "rescue")),
        ("There were 21 deaths as floods ravaged the valley.", "21", ("deaths",)),
        # a length of time has no event of its own
        ("Eight months ago rebels killed 130 people.", "130", ("killed",)),
        # a verb for the whole list
        ("The storm damaged 60 houses; 4 bridges and 12 roads.", "12", ("damaged",)),
        ("As many as 60 houses; 4 bridges and 12 roads were damaged.", "60", ("damaged",)),
        ("Police seized 370 rifles, 82 mortars and 26 drones.", "26", ("seized",)),
        ("The south saw 6,000 cases and 309 fatalities.", "6,000", ("cases", "saw")),
        # a level
        ("On Monday the river stood at 24 feet after floods.", "24", ("stood",)),
        ("The rate is 7% in the north.", "7%", ()),
        # names and describing words are no events
        ("The office in Sioux Falls has 40 desks for its lodgers.", "40", ()),
        ("Aldor is sending 1,600 strike missiles.", "1,600", ("sending",)),
        ("The victims\u2019 families had called that 40 men were there.", "40", ("called",)),
        # all in capitals
        ("THE ARMY CONFISCATED 10 RIFLES.", "10", ("CONFISCATED",)),
        # light verbs say nothing
        ("The tram took the corner at 40 mph.", "40", ()),
    ],
)
def test_the_event(text: str, number: str, events: tuple[str, ...]) -> None:
    assert _question(text, number).choices["event"] == events


@pytest.mark.parametrize(
    ("text", "number", "quote"),
    [
        ("The rebels killed 12 guards and took 30 hostage.", "30", "took 30 hostage"),
        ("Over 9,600 people in 30 villages fled.", "9,600", "Over 9,600 people"),
        ("In all 14,076 households (70,380 people) fled.", "14,076", "14,076 households"),
        ("On 3 May 2021 about 40 people died there.", "40", "about 40 people died there"),
    ],
)
def test_the_quote(text: str, number: str, quote: str) -> None:
    assert _question(text, number).quote == quote


def test_a_hedge_is_no_forecast() -> None:
    asked = _question("It would seem that seven towns were flooded.", "seven")
    assert asked.choices["modality"] == ("asserted",)


def test_options_are_not_looked_for_where_nobody_chooses_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each option passes the gate first: an endpoint that is right without them costs none."""

    def looked_for(*_: object) -> NoReturn:
        raise AssertionError("the options were looked for")

    monkeypatch.setattr("extractor.extraction.anchored._options", looked_for)
    answer = {"id": 1, "quote": "40 sailors died", "counted": "sailors", "event": "died"}
    model = ScriptedModel([{"answers": [answer]}], narrows_schema=False)
    result = extract_with(model, Document("Last night 40 sailors died."))
    assert [claim.quote for claim in result.accepted] == ["40 sailors died"]
