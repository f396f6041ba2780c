"""`verify` as a whole: total, deterministic, and what acceptance implies."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.claims import CandidateClaim, Verdict
from extractor.claims.records import claim_record, verdict_record
from extractor.errors import InputError
from extractor.text import Document, fold
from extractor.validator import verify

TEXT = (
    "Sylvania’s navy ministry has confirmed 61 of its sailors were killed and a further 340 "
    "wounded. More than 5,000 people fled Ames. The ministry spent €3.5bn on 61 boats."
)
DOCUMENT = Document(text=TEXT, id="d")

_scalars = st.none() | st.text(max_size=12) | st.integers() | st.floats() | st.booleans()
_records = st.dictionaries(
    st.sampled_from([*CandidateClaim.model_fields, "other"]), _scalars, max_size=6
)


@given(st.text(max_size=120), _records)
def test_any_text_and_any_candidate_get_a_verdict(text: str, record: dict[str, Any]) -> None:
    (verdict,) = verify(Document(text=text), [record])
    assert verdict.accepted or verdict.findings
    assert isinstance(verdict.explain(), str)
    json.dumps(verdict_record(verdict, "d"))


@given(
    st.integers(0, len(TEXT) - 1),
    st.integers(1, 60),
    st.sampled_from(["61", "340", "5000", "3500000000", "16", "5", "1"]),
)
def test_accepted_implies_that_quote_and_figure_stand_in_the_text(
    start: int, length: int, value: str
) -> None:
    quote = TEXT[start : start + length]
    (verdict,) = verify(DOCUMENT, [{"quote": quote, "value": value}])
    if verdict.claim is not None:
        claim = verdict.claim
        assert fold(claim.quote).text == fold(quote).text.strip(" ")
        assert claim.quote_span.contains(claim.quantity.number)
        assert claim.value is not None
        assert str(claim.value).rstrip("0").rstrip(".") == value.rstrip("0").rstrip(".")


@given(st.text(alphabet="abc ,\n", max_size=30))
def test_text_before_shifts_a_claim_and_changes_no_verdict(prefix: str) -> None:
    candidates = [
        {"quote": "61 of its sailors were killed", "value": "61", "event": "killed"},
        {"quote": "a further 340 wounded", "value": "340", "event": "killed"},
        {"quote": "61 of its sailors were killed", "value": "16"},
    ]
    plain = verify(DOCUMENT, candidates)
    shifted = verify(Document(text=prefix + "\n\n" + TEXT), candidates)
    assert [v.accepted for v in plain] == [v.accepted for v in shifted] == [True, False, False]
    assert plain[0].claim is not None
    assert shifted[0].claim is not None
    moved = len(prefix) + 2
    assert shifted[0].claim.quote_span == plain[0].claim.quote_span.shifted(moved)


def test_the_order_of_candidates_changes_nothing() -> None:
    candidates = [
        {"quote": "a further 340 wounded", "value": "340"},
        {"quote": "61 boats", "value": "61"},
        {"quote": "61 boats", "value": "16"},
    ]
    forward = verify(DOCUMENT, candidates)
    backward = verify(DOCUMENT, candidates[::-1])[::-1]
    assert forward == backward == verify(DOCUMENT, candidates)


def test_every_occurrence_of_a_quote_is_tried() -> None:
    text = "Ames lost 5 boats. In all 5 boats were burned, and 5 boats were painted."
    (verdict,) = verify(
        Document(text=text), [{"quote": "5 boats", "value": "5", "event": "painted"}]
    )
    assert verdict.claim is not None
    assert verdict.claim.quote_span.start == text.rindex("5 boats")


def test_what_the_candidate_left_out_is_filled_from_the_text_and_said_so() -> None:
    (verdict,) = verify(DOCUMENT, [{"quote": "5,000 people fled", "value": "5000"}])
    assert verdict.claim is not None
    assert verdict.claim.qualifier.value == "more_than"
    assert "qualifier" in verdict.claim.filled
    (money,) = verify(DOCUMENT, [{"quote": "spent €3.5bn", "value": "3.5bn", "unit": "€"}])
    assert money.claim is not None
    assert money.claim.unit == "EUR"
    assert "unit" not in money.claim.filled


def test_a_claim_keeps_the_documents_wording_not_the_candidates() -> None:
    (verdict,) = verify(DOCUMENT, [{"quote": "61 OF ITS  sailors", "value": "61"}])
    assert verdict.claim is not None
    assert verdict.claim.quote == "61 of its sailors"
    assert claim_record(verdict.claim)["quote_span"] == [39, 56]


def test_explain_points_at_the_text() -> None:
    (verdict,) = verify(DOCUMENT, [{"quote": "61 of its sailors", "value": "16"}])
    told = verdict.explain()
    assert told.startswith("rejected: N201 the value differs: 16 is claimed, and '61' is 61")
    sentence, mark = told.splitlines()[1:3]
    assert sentence[mark.index("~") : mark.index("^") + 1] == "61"


def test_a_hostile_document_cannot_break_the_excerpt() -> None:
    text = "It was\x1b[2J said that\u2028 61 sailors\x00 died."
    (verdict,) = verify(Document(text=text), [{"quote": "61 sailors", "value": "16"}])
    assert len(verdict.explain().splitlines()) == 3
    assert "\x1b" not in verdict.explain()


def test_rules_can_be_chosen_by_code_and_family() -> None:
    wrong = {"quote": "61 of its sailors", "value": "61", "event": "sang", "claimant": "Nobody"}

    def codes(verdicts: list[Verdict]) -> set[str]:
        return {finding.code for verdict in verdicts for finding in verdict.findings}

    assert codes(verify(DOCUMENT, [wrong])) == {"E501", "A601"}
    assert codes(verify(DOCUMENT, [wrong], rules=["E"])) == {"E501"}
    assert codes(verify(DOCUMENT, [wrong], rules=["A601"])) == {"A601"}


@pytest.mark.parametrize("rules", [["E"], ["A601"], "H", None])
@pytest.mark.parametrize(
    "candidate",
    [{"quote": "61 of its sailors", "value": "16"}, {"quote": "62 boats", "value": "61"}],
)
def test_no_selection_of_rules_lets_a_wrong_number_or_quote_pass(
    candidate: dict[str, Any], rules: Any
) -> None:
    (verdict,) = verify(DOCUMENT, [candidate], rules=rules)
    assert not verdict.accepted
    assert verdict.findings


@pytest.mark.parametrize("rules", [["N21"], [], ["E", "Z9"], ""])
def test_an_unknown_or_empty_selection_is_refused(rules: Any) -> None:
    with pytest.raises(InputError, match="no rule"):
        verify(DOCUMENT, [{"quote": "61 boats", "value": "61"}], rules=rules)


@pytest.mark.parametrize("candidate", [{}, {"quote": "x"}, {"quote": None, "value": "1"}])
def test_a_candidate_of_another_shape_is_a_finding(candidate: dict[str, Any]) -> None:
    (verdict,) = verify(DOCUMENT, [candidate])
    assert {finding.code for finding in verdict.findings} == {"S001"}
    assert not verdict.accepted


def test_strict_keeps_one_of_two_claims_that_say_the_same() -> None:
    document = Document(text="The coast guard said 12 crew were saved.")
    told = {"quote": "12 crew were saved", "value": "12", "event": "saved"}  # nobody is named
    bare = {"quote": "12 crew", "value": "12"}
    lenient = verify(document, [told, bare])
    assert [[f.code for f in verdict.findings] for verdict in lenient] == [["A603"], ["D801"]]
    strict = verify(document, [told, bare], strict=True)
    assert [verdict.accepted for verdict in strict] == [False, True]


def test_the_furniture_of_a_page_contradicts_nobody() -> None:
    text = "In all 13 crew had drowned.\n\nRelated articles\n\n12 crew drowned off Orle"
    claims = [
        {"quote": "13 crew", "value": "13", "counted": "crew", "event": "drowned"},
        {"quote": "12 crew", "value": "12", "counted": "crew", "event": "drowned"},
    ]
    body, link = verify(Document(text=text), claims)
    assert body.findings == ()
    assert [finding.code for finding in link.findings] == ["D803"]


def test_a_claim_has_the_reading_that_it_was_made_in() -> None:
    document = Document(text="Officials counted 1.067 bases in all.")
    for value, other in (("1067", "1.067"), ("1.067", "1067")):
        (verdict,) = verify(document, [{"quote": "counted 1.067 bases", "value": value}])
        assert verdict.claim is not None
        assert {verdict.claim.value, verdict.claim.low, verdict.claim.high} == {Decimal(value)}
        assert f"is {value}, exact, count, though its form may also be read as {other}," in (
            verdict.explain()
        )


def test_the_ends_of_a_figure_are_judged_beside_the_texts_own_words() -> None:
    claim = {"quote": "paid $100m", "value": "100m"}
    document = Document(text="The firm paid $100m.")
    assert verify(document, [claim])[0].accepted
    assert not verify(document, [claim | {"low": "5"}])[0].accepted
