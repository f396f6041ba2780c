"""Claims of a user's schema: accepted with typed values, refused with the field that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_schemas import Crowd, Price, Seats
from pydantic import BaseModel, Field, field_validator

from extractor import (
    Claim,
    Document,
    Evidence,
    NumberInQuote,
    OneOf,
    UnitOf,
    Verdict,
    own_rule,
    verify,
)
from extractor.claims.result_json import decoded, encoded
from extractor.quantities import Qualifier

TEXT = "The Meadow Party won 41 seats with almost 34% of the vote, and the Harbour Union 17 seats."
RIGHT = {
    "evidence": "won 41 seats with almost 34% of the vote",
    "seats": "41",
    "share": "34%",
    "party": "Meadow Party",
}


def judged(text: str, schema: type[BaseModel], **stated: Any) -> Verdict:
    (verdict,) = verify(Document(text=text, id="d"), [stated], schema=schema)
    return verdict


def codes(verdict: Verdict) -> list[tuple[str, str]]:
    return [(finding.code, finding.field) for finding in verdict.findings]


def test_an_accepted_claim_is_an_instance_of_the_class() -> None:
    claim = judged(TEXT, Seats, **RIGHT).claim
    assert claim is not None
    assert claim.as_record(Seats) == Seats(
        evidence=RIGHT["evidence"], seats=41, share=Decimal(34), party="Meadow Party"
    )
    share = claim.field("share")
    assert share is not None
    assert share.quantity is not None
    told = (share.value, share.quantity.qualifier, share.quantity.unit)
    assert told == (Decimal(34), Qualifier.ALMOST, "%")
    assert share.span is not None
    assert share.span.of(TEXT) == "almost 34%"
    party = claim.field("party")
    assert party is not None
    assert party.span is not None
    assert party.span.of(TEXT) == "Meadow Party"
    assert claim.field("region") is None


def test_an_instance_of_the_class_is_judged_as_its_fields() -> None:
    instance = Seats(evidence="won 41 seats", seats=41, party="Meadow Party")
    (verdict,) = verify(Document(text=TEXT), [instance], schema=Seats)  # type: ignore[list-item]
    assert verdict.accepted


def test_dates_units_and_labels_are_typed() -> None:
    text = "In Orle, wheat flour rose to $3.20 on 4 May 2026; in Ames rice fell to €2."
    claim = judged(
        text,
        Price,
        words="wheat flour rose to $3.20 on 4 May 2026",
        price="3.20",
        currency="USD",
        good="flour",
        moved="up",
        market="Orle",
        day="2026-05-04",
    ).claim
    assert claim is not None
    assert claim.as_record(Price) == Price(
        words=claim.quote,
        price=Decimal("3.20"),
        currency="USD",
        good="flour",
        moved="up",
        market="Orle",
        day=date(2026, 5, 4),
    )


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"seats": "14"}, ("N201", "seats")),
        ({"seats": "17"}, ("N201", "seats")),
        ({"share": "43%"}, ("F905", "share")),
        ({"share": "exactly 34%"}, ("H302", "share")),
        ({"share": "34,5"}, ("F905", "share")),
        ({"party": "Harbour Union"}, ("F902", "party")),
        ({"party": "Union"}, ("F902", "party")),
        ({"party": "Sea Party"}, ("F901", "party")),
        ({"party": "seats"}, ("F902", "party")),
        ({"party": None}, ("S001", "party")),
        ({"party": ["Meadow Party"]}, ("S001", "party")),
        ({"party": "Meadow\x1b[2JParty"}, ("S001", "party")),
        ({"party": "x" * 500}, ("S001", "party")),
        ({"share": {"value": 34}}, ("S001", "share")),
        ({"evidence": "won 41 seats in May"}, ("Q101", "evidence")),
        ({"evidence": None}, ("S001", "evidence")),
        ({"seats": None}, ("S001", "candidate")),
        ({"seats": True}, ("S001", "seats")),
    ],
)
def test_one_wrong_field_costs_the_claim(changed: dict[str, Any], found: tuple[str, str]) -> None:
    verdict = judged(TEXT, Seats, **{**RIGHT, **changed})
    assert not verdict.accepted
    assert found in codes(verdict)


def test_what_is_no_field_of_the_schema_is_passed_over() -> None:
    assert judged(TEXT, Seats, **RIGHT, region="Orle", event="lost").accepted


@pytest.mark.parametrize(
    "text",
    [
        "The Meadow Party could win 41 seats.",
        "The Meadow Party expects to win 41 seats.",
        "The Meadow Party denied that it had won 41 seats.",
    ],
)
def test_a_class_without_a_modality_takes_facts_alone(text: str) -> None:
    verdict = judged(text, Seats, evidence="41 seats", seats="41", party="Meadow Party")
    assert not verdict.accepted
    assert {"E503", "E504"} & {code for code, _ in codes(verdict)}


def test_what_extends_a_claim_may_say_how_it_is_told() -> None:
    text = "The club expects 40,000 fans at Orle Park."
    stated = {"quote": "40,000 fans", "value": "40000", "venue": "Orle Park"}
    assert not judged(text, Crowd, **stated).accepted
    verdict = judged(text, Crowd, **stated, modality="projected")
    assert verdict.claim is not None
    record = verdict.claim.as_record(Crowd)
    assert (record.value, record.venue, record.modality) == ("40000", "Orle Park", "projected")


def test_a_range_is_no_single_figure() -> None:
    text = "The Meadow Party won between 40 and 45 seats."
    stated = {"evidence": "between 40 and 45 seats", "party": "Meadow Party"}
    verdict = judged(text, Seats, **stated, seats="40 to 45")
    assert codes(verdict) == [("S001", "seats")]

    class Loose(BaseModel):
        """A number as the text words it."""

        evidence: Annotated[str, Evidence()]
        seats: Annotated[str, NumberInQuote(), UnitOf("seats")]

    claim = judged(text, Loose, **stated, seats="40 to 45").claim
    assert claim is not None
    assert claim.as_record(Loose).seats == "between 40 and 45"


def test_a_rule_of_ones_own_refuses_with_its_code_and_place() -> None:
    text = "The Meadow Party won 13 seats."
    verdict = judged(text, Seats, evidence="won 13 seats", seats="13", party="Meadow Party")
    (finding,) = verdict.findings
    assert (finding.code, finding.field) == ("SE101", "seats")
    assert finding.message == "thirteen seats in d"
    assert "~^" in finding.excerpt


def test_a_rule_that_fails_refuses_what_it_could_not_judge() -> None:
    class Mine(BaseModel):
        """Seats."""

        evidence: Annotated[str, Evidence()]
        seats: Annotated[int, NumberInQuote()]

    @own_rule(Mine, "MI101")
    def divides(_: Claim, document: Document) -> Iterator[tuple[str, str]]:
        """It divides by nothing."""
        yield "seats", str(1 / (len(document.text) - len(document.text)))

    @own_rule(Mine, "MI102")
    def babbles(*_: object) -> Any:
        """It yields what is no finding."""
        return [object()]

    verdict = judged("It won 41 seats.", Mine, evidence="41 seats", seats="41")
    assert not verdict.accepted
    assert [code for code, _ in codes(verdict)] == ["MI101", "MI102"]
    assert "the rule MI101 failed (ZeroDivisionError" in verdict.findings[0].message


def test_what_the_class_itself_refuses_is_refused() -> None:
    class Small(BaseModel):
        """At most ten seats."""

        evidence: Annotated[str, Evidence()]
        seats: Annotated[int, NumberInQuote()] = Field(le=10)

    assert codes(judged("It won 41 seats.", Small, evidence="41 seats", seats="41")) == [
        ("S001", "seats")
    ]
    assert judged("It won 4 seats.", Small, evidence="4 seats", seats="4").accepted


def test_what_the_class_changes_afterwards_is_refused() -> None:
    class Liar(BaseModel):
        """It makes seven of everything."""

        evidence: Annotated[str, Evidence()]
        seats: Annotated[int, NumberInQuote()]

        @field_validator("seats")
        @classmethod
        def _seven(cls, given: int) -> int:
            if given == 4:
                raise RuntimeError("no four")
            return 7

    verdict = judged("It won 41 seats.", Liar, evidence="41 seats", seats="41")
    assert [finding.message for finding in verdict.findings] == [
        "the class itself changes seats after it was checked"
    ]
    verdict = judged("It won 4 seats.", Liar, evidence="4 seats", seats="4")
    assert [finding.message for finding in verdict.findings] == [
        "the class failed (RuntimeError: no four)"
    ]


@pytest.mark.parametrize("candidate", [None, "x", 7, Seats, object(), [RIGHT]])
def test_what_is_no_candidate_has_its_verdict(candidate: Any) -> None:
    (verdict,) = verify(Document(text=TEXT), [candidate], schema=Seats)
    assert not verdict.accepted
    (huge,) = verify(Document(text=TEXT), [{**RIGHT, "share": 10**6000}], schema=Seats)
    assert codes(huge) == [("S001", "share")]


def test_a_value_inside_anothers_words_is_not_said() -> None:
    class Cases(BaseModel):
        """Cases of a disease."""

        evidence: Annotated[str, Evidence()]
        cases: Annotated[int, NumberInQuote()]
        disease: Annotated[str, OneOf("flu", "bird flu")]

    stated = {"evidence": "12 cases of bird flu", "cases": "12"}
    text = "Orle had 12 cases of bird flu."
    assert judged(text, Cases, **stated, disease="bird flu").accepted
    assert codes(judged(text, Cases, **stated, disease="flu")) == [("F903", "disease")]


def test_the_order_of_equal_claims_decides_nothing() -> None:
    short, long = {**RIGHT, "evidence": "41 seats with almost 34%"}, RIGHT
    for order in ([short, long], [long, short]):
        verdicts = verify(Document(text=TEXT), order, schema=Seats)
        flagged = [one for one, verdict in zip(order, verdicts, strict=True) if verdict.findings]
        assert flagged == [long]


def test_a_selection_of_rules_leaves_the_fields_checked() -> None:
    stated = {**RIGHT, "party": "Harbour Union"}
    (verdict,) = verify(Document(text=TEXT), [stated], rules=["H"], schema=Seats)
    assert not verdict.accepted


def test_a_verdict_goes_through_json() -> None:
    verdict = judged(TEXT, Seats, **RIGHT)
    assert decoded(Verdict, json.loads(json.dumps(encoded(verdict))), "verdict") == verdict
    record = verdict.to_json()["claim"]["fields"]
    assert record["party"] == {"value": "Meadow Party", "span": [4, 16]}
    assert (record["share"]["text"], record["share"]["value"]) == ("almost 34%", "34")


@given(
    st.text(max_size=60),
    st.dictionaries(
        st.sampled_from(["evidence", "seats", "share", "party", "position", "quote"]),
        st.one_of(st.none(), st.text(max_size=20), st.integers(), st.floats(), st.lists(st.text())),
    ),
)
def test_no_text_and_no_candidate_raises(text: str, stated: dict[str, Any]) -> None:
    for whole in (text, TEXT + text):
        verify(Document(text=whole), [stated, {**RIGHT, **stated}], schema=Seats)


@given(st.text(max_size=40))
def test_what_stands_before_changes_no_verdict(before: str) -> None:
    """A paragraph before shifts every span by its length and changes nothing else."""
    prefix = "".join(char for char in before if char.islower()) + ".\n\n"
    plain, shifted = judged(TEXT, Seats, **RIGHT).claim, judged(prefix + TEXT, Seats, **RIGHT).claim
    assert plain is not None
    assert shifted is not None
    for one, other in zip(plain.fields, shifted.fields, strict=True):
        assert one.span is not None
        assert other.span is not None
        assert (other.name, other.text) == (one.name, one.text)
        assert other.span.start == one.span.start + len(prefix)


@given(st.sampled_from(["14", "17", "34", "410", "4.1", "-41", "41.5"]))
def test_no_other_figure_passes(figure: str) -> None:
    assert not judged(TEXT, Seats, **{**RIGHT, "seats": figure}).accepted
