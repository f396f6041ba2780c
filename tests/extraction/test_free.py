"""Free asking: the model finds the claims, the text decides, and every number is accounted for."""

from __future__ import annotations

from typing import Any

from extractor.claims import ExtractionResult
from extractor.claims.records import number_records
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import ScriptedModel, UnusableAnswerError
from extractor.text import Document

TEXT = (
    "Sylvania’s navy ministry said 61 of its sailors were killed and a further 340 wounded.\n\n"
    "The 2nd boat, 12 metres long, sank off Orle with 7 tonnes of fish."
)
DEAD = {
    "quote": "61 of its sailors were killed",
    "value": "61",
    "counted": "Sylvanian sailors",
    "event": "killed",
    "claimant": "Sylvania’s navy ministry",
}
HURT = {"quote": "a further 340 wounded", "value": 340, "event": "wounded"}


def freely(*answers: Any, reasks: int = 0, **more: Any) -> tuple[ExtractionResult, ScriptedModel]:
    model = ScriptedModel([{"claims": claims} for claims in answers], narrows_schema=False)
    policy = AskingPolicy(ask="free", reasks=reasks, **more)
    return extract_with(model, Document(text=TEXT), policy=policy), model


def ends(result: ExtractionResult) -> dict[str, str]:
    return {row["text"]: row["outcome"] for row in number_records(result)}


def test_what_stands_is_accepted_and_the_rest_accounted_for() -> None:
    result, model = freely([DEAD, HURT], [{"quote": "12 metres long", "value": "12", "unit": "m"}])
    assert ends(result) == {
        "61": "accepted",
        "340": "accepted",
        "2nd": "dismissed",
        "12": "accepted",
        "7": "unclaimed",
    }
    first, second = model.requests
    assert "61 of its sailors" in first.messages[-1].content
    assert "12 metres" in second.messages[-1].content
    assert first.tool.name == "report_claims"
    assert first.tool.narrowed is None


def test_a_claim_that_does_not_stand_is_refused_and_told() -> None:
    invented = {"quote": "900 Sylvanians were killed", "value": "900"}
    moved = DEAD | {"value": "340", "event": "wounded"}
    result, _ = freely([invented, moved], [])
    assert result.accepted == ()
    assert [next(f.code for f in v.findings) for v in result.rejected] == ["Q101", "N201"]
    assert ends(result)["61"] == "rejected"


def test_the_first_claim_on_a_number_counts() -> None:
    result, _ = freely([DEAD, DEAD | {"event": None}], [DEAD])
    assert len(result.accepted) == 1
    assert [v.findings[0].code for v in result.rejected] == ["S002", "S002"]
    assert ends(result)["61"] == "accepted"


def test_a_number_that_is_set_aside_may_still_be_claimed_but_is_never_in_two_places() -> None:
    result, _ = freely([DEAD], [{"quote": "The 2nd boat", "value": "2"}])
    assert list(ends(result)) == ["61", "340", "2nd", "12", "7"]


def test_refused_claims_go_back_and_may_be_corrected() -> None:
    wrong = DEAD | {"value": "16"}
    result, model = freely([wrong], [DEAD], [], reasks=1)
    assert ends(result)["61"] == "accepted"
    assert "Number 61: The claim with the quote" in model.requests[1].turns[1].content
    (again,) = result.reasks
    assert [(one.field, one.before, one.after) for one in again.changed] == [("value", "16", "61")]


def test_a_correction_that_only_says_less_is_not_accepted() -> None:
    wrong = DEAD | {"value": "16"}
    poorer = {"quote": DEAD["quote"], "value": "61"}
    result, _ = freely([wrong], [poorer], [], reasks=1)
    assert ends(result)["61"] == "rejected"
    assert [one.outcome for one in result.reasks] == ["worse"]


def test_what_came_of_each_refused_claim_is_kept() -> None:
    wrong, moved = DEAD | {"value": "16"}, HURT | {"event": "killed"}
    result, _ = freely([wrong, moved], [moved], [], reasks=1)
    told = [(one.quantity.text, one.outcome) for one in result.reasks]
    assert told == [("61", "unclaimed"), ("340", "rejected")]
    assert [v.quantity.text for v in result.rejected if v.quantity] == ["61", "340"]


def test_a_refused_claim_on_a_number_that_has_a_right_one_costs_no_call() -> None:
    result, model = freely([DEAD | {"event": "wounded"}, DEAD], [], reasks=1)
    assert len(model.requests) == 2
    assert [claim.event for claim in result.accepted] == ["killed"]
    assert len(result.rejected) == 1


def test_an_invented_number_goes_back_once_and_stays_refused() -> None:
    invented = {"quote": "900 Sylvanians were killed", "value": "900"}
    result, model = freely([invented], [invented], [], reasks=1)
    assert "Claim 1: The claim with the quote" in model.requests[1].turns[1].content
    assert result.accepted == ()
    assert len(result.rejected) == 2


def test_what_the_text_fills_in_is_not_missed_in_a_correction() -> None:
    wrong = DEAD | {"value": "16", "qualifier": "exact"}
    result, _ = freely([wrong], [DEAD], [], reasks=1)
    assert ends(result)["61"] == "accepted"


def test_an_unusable_answer_between_keeps_what_was_refused() -> None:
    wrong = {"claims": [DEAD | {"value": "16"}]}
    broken = UnusableAnswerError("no", reason="not_json", raw="{")
    model = ScriptedModel([wrong, broken, {"claims": [DEAD]}, {"claims": []}])
    policy = AskingPolicy(ask="free", reasks=2)
    result = extract_with(model, Document(text=TEXT), policy=policy)
    assert ends(result)["61"] == "accepted"
    assert [one.outcome for one in result.reasks] == ["unclaimed", "accepted"]


def test_the_same_words_in_two_passages_are_two_claims() -> None:
    text = "Ames lost 5 carts.\n\nOrle lost 5 carts."
    claim = {"quote": "5 carts", "value": "5", "counted": "carts"}
    model = ScriptedModel([{"claims": [claim]}, {"claims": [claim]}])
    result = extract_with(model, Document(text=text), policy=AskingPolicy(ask="free"))
    places = [claim.quantity.span.start for claim in result.accepted]
    assert places == [text.index("5"), text.rindex("5")]
    assert result.rejected == ()


def test_a_claim_of_another_passage_is_judged_against_the_document_and_counts_once() -> None:
    fish = {"quote": "7 tonnes of fish", "value": "7", "unit": "tonne"}
    result, _ = freely([fish], [fish])
    assert [claim.quantity.text for claim in result.accepted] == ["7"]
    assert [v.findings[0].code for v in result.rejected] == ["S002"]


def test_nothing_found_is_not_asked_again() -> None:
    result, model = freely([], [], reasks=3)
    assert len(model.requests) == 2
    assert ends(result)["61"] == "unclaimed"


def test_claims_of_odd_shapes_are_refused_not_raised() -> None:
    odd: list[dict[str, Any]] = [
        {},
        {"quote": "61 of its sailors"},
        {"quote": "61 of its sailors", "value": "61", "event": "killed\x1b[2J"},
        {"quote": "61 of its sailors", "value": "61", "modality": "perhaps"},
        {"quote": "61 of its sailors", "value": "NaN"},
    ]
    result, _ = freely(odd, [])
    assert result.accepted == ()
    assert len(result.rejected) == 5
    assert all(verdict.explain() for verdict in result.rejected)


def test_a_whole_document_in_one_call() -> None:
    result, model = freely([DEAD, HURT], passage="document")
    assert len(model.requests) == 1
    assert len(result.accepted) == 2
