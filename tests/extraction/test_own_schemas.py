"""Asking about a user's schema: what is asked, what is decided unasked, and where numbers end."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import pytest
from own_schemas import Crowd, Price, Seats
from pydantic import BaseModel

from extractor import (
    AskingPolicy,
    Document,
    Evidence,
    ExtractionResult,
    Extractor,
    NumberInQuote,
    PlaceInText,
    aextract,
    extract,
)
from extractor.claims.records import number_records
from extractor.claims.schema import schema_of
from extractor.errors import InputError
from extractor.extraction import extract_with, prompt_for
from extractor.extraction.own_answers import answer_sheet, field_words
from extractor.model import ModelRequest, ScriptedModel

TEXT = (
    "Aldmoor voted.\n\nThe Meadow Party won 41 of the 90 seats with 34% of the vote, and the "
    "Harbour Union 17. Turnout was 61%. The Greens and the Free List hold 12 seats. They may win "
    "20 seats."
)
DOCUMENT = Document(text=TEXT, id="d")


def _options(request: ModelRequest[Any]) -> list[dict[str, list[Any]]]:
    assert request.tool.narrowed is not None
    items = request.tool.narrowed["properties"]["answers"]["prefixItems"]
    claims = [item["anyOf"][0] if "anyOf" in item else item for item in items]
    return [{n: one["enum"] for n, one in claim["properties"].items()} for claim in claims]


def _first(request: ModelRequest[Any]) -> dict[str, Any]:
    return {"answers": [{n: v[0] for n, v in one.items()} for one in _options(request)]}


def _ends(result: ExtractionResult) -> dict[str, str]:
    return {row["text"]: row["outcome"] for row in number_records(result)}


def test_only_what_the_text_leaves_open_is_asked() -> None:
    model = ScriptedModel(_first)
    result = extract(DOCUMENT, model, schema=Seats)
    (request,) = model.requests  # the share may be said or left out; all else is decided
    assert _options(request) == [{"share": ["34%", None]}]
    told = {str(claim.value): claim.as_record(Seats).model_dump() for claim in result.accepted}
    assert {value: one["party"] for value, one in told.items()} == {
        "41": "Meadow Party",
        "17": "Harbour Union",
    }
    assert told["41"]["share"] == 34
    assert "party" in result.accepted[0].filled


def test_every_number_ends_in_one_place_with_a_reason() -> None:
    result = extract(DOCUMENT, ScriptedModel(_first), schema=Seats)
    assert _ends(result) == {
        "41": "accepted",
        "90": "unclaimed",
        "34%": "accepted",
        "17": "accepted",
        "61%": "unclaimed",
        "12": "unclaimed",
        "20": "unclaimed",
    }
    why = {row["text"]: row["why"] for row in number_records(result)}
    assert why["34%"] == "the share of '41'"
    assert why["61%"] == "no claim took it as its share"
    assert why["12"] == "nothing that the text says of it can be its party"
    assert why["20"] == "'20' is told as projected in the text, not as a fact"
    assert ExtractionResult.from_json(result.to_json()) == result


def test_a_number_of_another_unit_is_set_aside_by_the_reader() -> None:
    text = "Rice cost $2 for 40 people."
    result = extract(Document(text=text), ScriptedModel(_first), schema=Price)
    (dismissed,) = result.dismissed
    assert (dismissed.by, dismissed.quantity.text) == ("reader", "40")
    assert dismissed.reason == "no number of Price, by its unit and the words beside it"


def test_an_endpoint_without_a_grammar_answers_by_id_in_its_own_words() -> None:
    answers = [
        {"id": 1, "quote": "won 41 of the 90 seats with 34%", "share": 34, "party": "Meadow Party"},
        {"id": 2, "quote": "the Harbour Union 17", "party": "Meadow Party"},
    ]
    again = [{"id": 2, "quote": "the Harbour Union 17", "party": "Harbour Union"}]
    model = ScriptedModel([{"answers": answers}, {"answers": again}], narrows_schema=False)
    result = extract(DOCUMENT, model, schema=Seats)
    assert [claim.value for claim in result.accepted] == [41, 17]
    (reask,) = result.reasks
    assert (reask.quantity.text, reask.outcome) == ("17", "accepted")
    back = model.requests[1].turns[1].content
    assert "party: 'Meadow Party' is not said of '17', but 'Harbour Union' may be" in back
    assert "F902" not in back
    system = model.requests[0].messages[0].content
    assert "Seats of a party." in system
    assert "party: the party that won them; a name of the passage, copied." in system
    assert "share: a further number of the passage (%), copied; null when" in system


def test_a_second_answer_that_only_says_less_does_not_stand() -> None:
    wrong = {"id": 1, "quote": "41 of the 90 seats with 34%", "share": "34%", "party": "Greens"}
    poorer = {"id": 1, "quote": "won 41 of the 90 seats", "party": "Meadow Party"}
    model = ScriptedModel([{"answers": [wrong]}, {"answers": [poorer]}], narrows_schema=False)
    text = "The Meadow Party won 41 of the 90 seats with 34% of the vote; the Greens lost."
    result = extract(Document(text=text), model, schema=Seats)
    assert [reask.outcome for reask in result.reasks] == ["worse"]
    assert not result.accepted


def test_a_field_called_as_one_of_every_claim_may_be_corrected() -> None:
    class Count(BaseModel):
        """Cases in a place."""

        evidence: Annotated[str, Evidence()]
        cases: Annotated[int, NumberInQuote()]
        place: Annotated[str, PlaceInText()]

    text = "In Orle 12 cases were known, and in Ames 40."
    wrong = {"id": 1, "quote": "In Orle 12 cases", "place": "Ames"}
    other = {"id": 2, "quote": "in Ames 40", "place": "Ames"}
    right = {"id": 1, "quote": "In Orle 12 cases", "place": "Orle"}
    model = ScriptedModel([{"answers": [wrong, other]}, {"answers": [right]}], narrows_schema=False)
    result = extract(Document(text=text), model, schema=Count)
    assert [reask.outcome for reask in result.reasks] == ["accepted"]
    assert [claim.value for claim in result.accepted] == [12, 40]


def test_what_extends_a_claim_is_asked_for_its_fields_too() -> None:
    text = "Police said 40,000 fans and 300 stewards came to Orle Park on Sunday."
    result = extract(Document(text=text), ScriptedModel(_first), schema=Crowd)
    first = result.accepted[0]
    assert (first.counted, first.claimant) == ("fans", "Police")
    assert first.as_record(Crowd).claimant == "Police"


def test_other_ways_to_ask() -> None:
    with Extractor(ScriptedModel(_first), schema=Seats) as extractor:
        assert len(extractor.extract(DOCUMENT).accepted) == 2
    result = asyncio.run(aextract(DOCUMENT, ScriptedModel(_first), schema=Seats))
    assert len(result.accepted) == 2
    policy = AskingPolicy(ask="all", schema=Seats)
    model = ScriptedModel(_first)
    assert len(extract_with(model, DOCUMENT, policy=policy).accepted) == 2
    assert len(_options(model.requests[0])) == 2


def test_a_prompt_of_another_schema_is_refused() -> None:
    policy = AskingPolicy(schema=schema_of(Seats))
    assert prompt_for(policy).label == "own.v1"
    with pytest.raises(InputError, match="has the schema 'claims', but asking is anchored"):
        prompt_for(policy, "claims.v2")
    with pytest.raises(InputError, match="has the schema 'own', but asking is anchored"):
        prompt_for(AskingPolicy(), "own.v1")
    with pytest.raises(InputError, match="Seats is asked for number by number"):
        prompt_for(AskingPolicy(ask="free", schema=Seats))


def test_the_shape_of_the_answers_is_the_schemas() -> None:
    sheet = answer_sheet(schema_of(Price)).model_json_schema()
    fields = sheet["$defs"]["PriceAnswer"]["properties"]
    assert list(fields) == [
        "id",
        "quote",
        "dismissed",
        "currency",
        "good",
        "moved",
        "market",
        "day",
    ]
    assert fields["good"]["description"] == "one of flour, rice"
    words = {one.name: one for one in field_words(schema_of(Price))}
    assert not words["day"].required
    assert words["currency"].required


def test_a_hostile_text_is_never_a_template() -> None:
    text = "{{ 7 * 7 }} {% raw %} The Meadow Party won 41 seats with 3%."
    model = ScriptedModel(_first)
    extract(Document(text=text), model, schema=Seats)
    assert "{{ 7 * 7 }} {% raw %}" in model.requests[0].messages[-1].content
