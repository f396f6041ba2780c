"""One document through a scripted model: what is asked, what is judged, where each number ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from extractor.claims import ExtractionResult, Usage, Verdict
from extractor.claims.records import number_records
from extractor.errors import AnswerError, ModelError
from extractor.extraction import extract_with
from extractor.extraction.anchored import candidate, questions_of
from extractor.extraction.answers import Answer
from extractor.extraction.passages import passages
from extractor.extraction.policy import AskingPolicy
from extractor.model import ModelRequest, ScriptedModel
from extractor.quantities import read
from extractor.text import Document
from extractor.validator import Source, judge, select_rules

TEXT = (
    "Sylvania’s navy ministry said 61 of its sailors were killed and a further 340 wounded.\n"
    "Nobody was on the ferry. The 2nd boat, 12 metres long, sank."
)
DOCUMENT = Document(text=TEXT, id="d")
ONE_TURN = AskingPolicy(reasks=0)
OPEN_TEXT = "Sylvania and Aldor lost ships, and 40 soldiers were killed or wounded."
OPEN = Document(text=OPEN_TEXT, id="open")  # the text leaves the choice of the event


def _claim_schemas(request: ModelRequest[Any]) -> list[dict[str, Any]]:
    """For each pinned number, the fields that the model is asked for."""
    assert request.tool.narrowed is not None
    items = request.tool.narrowed["properties"]["answers"]["prefixItems"]
    return [item.get("anyOf", [item])[0]["properties"] for item in items]


def _first_of_each(request: ModelRequest[Any]) -> Mapping[str, Any]:
    """Answer every pinned number with the first value that its schema allows."""
    answers = [
        {name: schema.get("enum", ["sailors"])[0] for name, schema in properties.items()}
        for properties in _claim_schemas(request)
    ]
    return {"answers": answers}


def _outcomes(result: ExtractionResult) -> dict[str, str]:
    return {row["text"]: row["outcome"] for row in number_records(result)}


def test_what_passes_is_accepted_with_its_spans() -> None:
    model = ScriptedModel(_first_of_each, usage=Usage(100, 40))
    result = extract_with(model, DOCUMENT)
    claim = result.accepted[0]
    assert claim.quantity.text == "61"
    assert claim.quote_span.of(TEXT) == claim.quote
    assert claim.event == "killed"
    assert claim.claimant == "Sylvania’s navy ministry"


def test_calls_and_tokens_are_counted() -> None:
    model = ScriptedModel(_first_of_each, usage=Usage(100, 40))
    result = extract_with(model, Document(text=f"{OPEN_TEXT} {OPEN_TEXT}"))
    assert result.calls == len(model.requests) == 2
    assert result.usage == Usage(200, 80)


def test_what_the_text_decides_is_not_asked_and_is_marked_as_filled() -> None:
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text=TEXT.splitlines()[0]))
    assert model.requests == []
    assert len(result.accepted) == 2
    for claim in result.accepted:
        assert claim.filled >= {"quote", "counted", "event", "claimant", "modality"}


def test_what_the_text_decides_is_judged_like_any_other_candidate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged = []

    def counting(*given: Any) -> Verdict:
        judged.append(given[1]["quote"])
        return judge(*given)

    monkeypatch.setattr("extractor.extraction.desk.judge", counting)
    result = extract_with(ScriptedModel(_first_of_each), Document(text=TEXT.splitlines()[0]))
    assert judged == [claim.quote for claim in result.accepted]


def test_only_open_numbers_are_asked_about_and_only_for_open_fields() -> None:
    text = "The storm sank 12 boats, while 40 sailors were killed or wounded."
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text=text))
    assert [claim.quantity.text for claim in result.accepted] == ["12", "40"]
    assert model.requests[0].messages[-1].content.endswith("Numbers: 40")
    assert [set(claim) for claim in _claim_schemas(model.requests[0])] == [{"event"}]
    assert "event" not in result.accepted[1].filled
    assert {"quote", "counted"} <= result.accepted[1].filled


def test_every_number_is_asked_about_on_demand() -> None:
    text = TEXT.splitlines()[0]
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text=text), policy=AskingPolicy(ask="all"))
    (request,) = model.requests
    for schema, number in zip(_claim_schemas(request), ("61", "340"), strict=True):
        assert set(schema) == {"quote"}
        assert all(quote in text and number in quote for quote in schema["quote"]["enum"])
    for claim in result.accepted:
        assert "quote" not in claim.filled
        assert {"counted", "event", "claimant", "modality"} <= claim.filled


def test_claims_come_in_text_order_whoever_answered() -> None:
    text = f"{OPEN_TEXT} The raid killed 12 guards. {OPEN_TEXT.replace('40', '50')}"
    result = extract_with(ScriptedModel(_first_of_each), Document(text=text))
    assert [claim.quantity.text for claim in result.accepted] == ["40", "12", "50"]


def test_every_option_would_pass_the_gate() -> None:
    text = "The raid sank 3 boats near Orle, and 40 soldiers of the town were hurt or killed."
    source = Source(Document(text=text))
    (passage,) = passages(source)
    for question in questions_of(source, passage):
        for name, values in question.choices.items():
            for value in values:
                answer = Answer.model_validate({name: value})
                proposed = candidate(question, answer, pinned=True)
                assert judge(source, proposed, select_rules(None)).accepted, (name, value)


def test_a_number_alone_is_not_asked_about() -> None:
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text="Most read\n\n1\n\n-5.44%"))
    assert model.requests == []
    assert [entry.by for entry in result.dismissed] == ["reader", "reader"]


def test_a_choice_is_asked_where_the_text_leaves_one() -> None:
    model = ScriptedModel(_first_of_each)
    extract_with(model, OPEN)
    (claim,) = _claim_schemas(model.requests[0])
    assert claim["event"]["enum"] == ["killed", "wounded"]


def test_an_endpoint_without_grammar_gets_ids_and_the_static_schema() -> None:
    model = ScriptedModel(
        [
            {
                "answers": [
                    {"id": 2, "quote": "a further 340 wounded", "event": "wounded"},
                    {"id": 1, "quote": "61 of its sailors were killed", "event": "killed"},
                ]
            },
            {"answers": [{"id": 1, "dismissed": "no claim"}]},
        ],
        narrows_schema=False,
    )
    result = extract_with(model, DOCUMENT)
    assert [claim.quantity.text for claim in result.accepted] == ["61", "340"]
    assert model.requests[0].tool.narrowed is None
    assert "1) 61" in model.requests[0].messages[-1].content


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [{"quote": "61 of its sailors were killed"}],
        [{"id": 1, "dismissed": "age"}, {"id": 1, "dismissed": "name"}],
        [{"id": 7, "quote": "61 of its sailors were killed"}],
    ],
)
def test_numbers_left_out_or_answered_twice_end_as_unclaimed(answers: list[Any]) -> None:
    model = ScriptedModel([{"answers": answers}, {"answers": []}], narrows_schema=False)
    result = extract_with(model, DOCUMENT, policy=ONE_TURN)
    assert [entry.quantity.text for entry in result.unclaimed] == ["61", "340", "12"]


def test_wrong_answers_are_rejected_with_reasons() -> None:
    answers = [
        {"quote": "61 of its sailors were killed", "event": "wounded"},
        {"quote": "340 wounded by the enemy", "event": "wounded"},
    ]
    model = ScriptedModel(
        [{"answers": answers}, {"answers": [{"dismissed": "age"}]}], narrows_schema=False
    )
    result = extract_with(model, DOCUMENT, policy=ONE_TURN)
    codes = [[f.code for f in verdict.findings if f.rejects] for verdict in result.rejected]
    assert codes == [["E502"], ["Q101"]]
    assert _outcomes(result) == {
        "61": "rejected",
        "340": "rejected",
        "2nd": "dismissed",
        "12": "dismissed",
    }


def test_an_answer_for_another_place_is_not_accepted_here() -> None:
    text = "Ames lost 5 boats. Orle lost 5 carts."
    answers = [{"answers": [{"quote": "5 carts"}]}, {"answers": [{"quote": "5 carts"}]}]
    policy = AskingPolicy(passage="sentence", reasks=0)
    model = ScriptedModel(answers, narrows_schema=False)
    result = extract_with(model, Document(text=text), policy=policy)
    assert [claim.quote for claim in result.accepted] == ["5 carts"]
    assert len(result.rejected) == 1
    assert result.rejected[0].quantity is not None
    assert result.rejected[0].quantity.span.start == text.index("5 boats")


def test_an_unusable_answer_costs_its_numbers_only() -> None:
    model = ScriptedModel(
        [AnswerError("cut off"), {"answers": [{"dismissed": "no claim"}]}], narrows_schema=False
    )
    result = extract_with(model, DOCUMENT)
    assert [entry.reason for entry in result.unclaimed] == ["cut off", "cut off"]
    assert len(result.dismissed) == 2


def test_a_model_that_cannot_be_asked_ends_the_document() -> None:
    with pytest.raises(ModelError):
        extract_with(ScriptedModel([ModelError("no server")]), OPEN)


@pytest.mark.parametrize("index", range(4))
def test_the_accounting_adds_up_on_every_seed(seeds: Path, index: int) -> None:
    document = Document.from_path(sorted(seeds.glob("*.txt"))[index])
    result = extract_with(ScriptedModel(_first_of_each), document)
    rows = number_records(result)
    found = read(document.text).quantities
    assert [row["span"] for row in rows] == [[q.span.start, q.span.end] for q in found]
    assert {row["outcome"] for row in rows} <= {"accepted", "rejected", "dismissed", "unclaimed"}


def test_a_document_is_data_and_never_a_template() -> None:
    text = (
        "{{ 7 * 7 }} {% for x in y %} The mayor said 61 sailors drowned or died. {# 12 #} ${HOME}"
    )
    model = ScriptedModel(_first_of_each)
    extract_with(model, Document(text=text))
    assert any("{{ 7 * 7 }}" in request.messages[-1].content for request in model.requests)


def test_a_table_of_figures_is_asked_about_in_several_calls() -> None:
    text = ", ".join(f"{number} men were hurt or killed" for number in range(1000, 1030))
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text=text))
    assert len(model.requests) > 2
    assert len(number_records(result)) == len(read(text).quantities)


def test_an_endless_line_is_asked_about_in_short_passages() -> None:
    text = ("word " * 20_000) + "then 61 sailors were hurt or died " + ("word " * 20_000)
    model = ScriptedModel(_first_of_each)
    result = extract_with(model, Document(text=text))
    assert [claim.quantity.text for claim in result.accepted] == ["61"]
    assert len(model.requests[0].messages[-1].content) < 2_000
