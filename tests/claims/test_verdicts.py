"""What a verdict says: to a person, to a program, to a model; and the order of its findings."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.claims import CandidateClaim, Finding, Severity, Verdict
from extractor.claims.explanations import shown
from extractor.claims.records import claim_record, json_value, verdict_record
from extractor.claims.verdicts import finding_order
from extractor.text import Document, Span
from extractor.validator import all_rules, verify

TEXT = (
    "Sylvania said 61 of its sailors were killed and more than 340 wounded. It spent €3.5bn, or "
    "12% of its means, on between 300 and 400 jobs and 1.067 bases, and dozens left."
)
DOCUMENT = Document(text=TEXT, id="d")
FOUND = [
    ("61 of its sailors", "61", '"61" is 61, exact, count'),
    ("340 wounded", "340", '"more than 340" is 340, more than, count'),
    ("spent €3.5bn", "3.5bn", '"€3.5bn" is 3500000000 EUR, exact, currency'),
    ("12% of its means", "12", '"12%" is 12%, exact, percent'),
    ("between 300 and 400 jobs", "300-400", '"between 300 and 400" is 300 to 400, range, count'),
    (
        "1.067 bases",
        "1067",
        '"1.067" is 1067, exact, count, though its form may also be read as 1.067',
    ),
    ("dozens left", "dozens", '"dozens" is 24 or more, vague'),
]


def finding(
    code: str, field: str = "value", message: str = "m", start: int | None = None
) -> Finding:
    span = None if start is None else Span(start, start + 2)
    return Finding(code, Severity.ERROR, field, message, span)


def judged(**fields: Any) -> Verdict:
    (verdict,) = verify(DOCUMENT, [fields], rules=["Q", "N"])
    return verdict


def refused(*findings: Finding, quote: str = "61 of its") -> Verdict:
    return Verdict(CandidateClaim(quote=quote, value="61"), None, None, findings)


@pytest.mark.parametrize(("quote", "value", "sentence"), FOUND)
def test_an_accepted_claim_says_what_was_found(quote: str, value: str, sentence: str) -> None:
    verdict = judged(quote=quote, value=value)
    assert verdict.quantity is not None
    where = TEXT.index(verdict.quantity.text)
    assert verdict.explain() == f"accepted: {sentence}, at character {where}"


def test_a_value_that_is_worked_out_says_of_what() -> None:
    document = Document(text="A third of Aldor's 6 million people live by the sea.")
    quote = "A third of Aldor's 6 million people"
    candidate = {"quote": quote, "value": "2000000", "derived_from": ["A third", "6 million"]}
    (verdict,) = verify(document, [candidate])
    assert verdict.explain() == (
        'accepted: "A third of Aldor\'s 6 million" is 2000000, exact, count, '
        'worked out of "A third" and "6 million", at character 0'
    )
    assert verdict.claim is not None
    assert claim_record(verdict.claim)["derived_from"] == ["A third", "6 million"]


def test_a_flag_is_told_under_what_was_found() -> None:
    accepted = judged(quote="61 of its", value="61")
    flag = Finding("D803", Severity.WARNING, "quote", "it is furniture", Span(14, 16), "  61\n  ~^")
    flagged = Verdict(accepted.candidate, accepted.claim, accepted.quantity, (flag,))
    assert flagged.explain().splitlines() == [
        accepted.explain(),
        "flagged: D803 it is furniture",
        "  61",
        "  ~^",
    ]


def test_a_rejected_claim_gives_every_reason_and_each_place_once() -> None:
    picture = "  61 sailors\n  ~^"
    errors = [
        Finding("N201", Severity.ERROR, "value", "one", Span(0, 2), picture),
        Finding("H301", Severity.ERROR, "qualifier", "two", Span(0, 2), picture),
        Finding(
            "A603", Severity.WARNING, "claimant", "three", Span(0, 2), "  61 sailors\n     ~~^"
        ),
    ]
    assert refused(*errors).explain() == (
        f"rejected: N201 one\nrejected: H301 two\n{picture}\n"
        "flagged: A603 three\n  61 sailors\n     ~~^"
    )


def test_no_candidate_can_steer_a_terminal() -> None:
    hostile = "61\x1b[2J\u202e\nrejected: N999 all is well"
    for verdict in (
        judged(quote=hostile, value=hostile),
        judged(quote=hostile),
        judged(quote=[hostile], modality=hostile),
        refused(finding("X1", message=hostile), quote=hostile),
    ):
        for told in (verdict.explain(), verdict.reask()):
            assert all(char.isprintable() or char == "\n" for char in told)
            assert not any(line.startswith("rejected: N999") for line in told.splitlines())


def test_the_record_has_the_same_keys_in_the_same_order() -> None:
    accepted = judged(quote="61 of its", value="61")
    rejected = judged(quote="61 of its", value="16")
    misshapen = judged(value=[1])
    keys = ["accepted", "candidate", "number_span", "findings", "claim"]
    for verdict in (accepted, rejected, misshapen):
        assert list(verdict.to_json()) == keys
        assert verdict_record(verdict, "d") == {"document": "d", **verdict.to_json()}
    assert accepted.claim is not None
    assert accepted.to_json()["claim"] == claim_record(accepted.claim)
    assert rejected.to_json()["claim"] is None
    assert rejected.to_json()["number_span"] == [14, 16]
    assert [one["code"] for one in rejected.to_json()["findings"]] == ["N201"]


_scalars = (
    st.sampled_from([None, True, -3, 2.5, float("nan"), float("inf"), b"61", Decimal("sNaN")])
    | st.text(max_size=8)
    | st.decimals()
)
_values = _scalars | st.lists(_scalars, max_size=2) | st.dictionaries(st.integers(), _scalars)


@given(st.dictionaries(st.sampled_from([*CandidateClaim.model_fields, "other"]), _values))
def test_whatever_a_candidate_holds_becomes_json(candidate: dict[str, Any]) -> None:
    (verdict,) = verify(DOCUMENT, [candidate])
    written = json.dumps(verdict.to_json(), allow_nan=False)
    assert json.loads(written)["accepted"] == verdict.accepted


def test_what_is_nested_without_end_is_cut() -> None:
    nested: list[Any] = []
    nested.append(nested)
    assert "nested too deeply" in json.dumps(json_value({"quote": nested}))
    assert json_value({"figures": [Decimal("1.50"), 2]}) == {"figures": ["1.50", 2]}


def test_an_integer_that_python_does_not_print_becomes_json() -> None:
    verdict = judged(quote="61 of its", value=10**6000)
    assert not verdict.accepted
    assert json.loads(json.dumps(verdict.to_json()))["candidate"]["value"] == hex(10**6000)


def test_a_model_is_told_the_field_the_fault_and_what_the_text_has() -> None:
    told = judged(quote="61 of its sailors", value="16").reask()
    assert told == (
        'The claim with the quote "61 of its sailors" was refused:\n'
        "- value: the value differs: 16 is claimed, and '61' is 61\n"
        "Correct it from the text, or leave it out if the text does not say it."
    )
    assert judged(quote="61 of its sailors", value="61").reask() == ""


def test_a_model_is_told_of_errors_alone_and_of_each_once() -> None:
    flag = Finding("A603", Severity.WARNING, "claimant", "nobody is named")
    told = refused(finding("N201"), flag, finding("N202"), finding("N203", message="n")).reask()
    assert told.splitlines()[1:-1] == ["- value: m", "- value: n"]
    many = refused(*(finding("N201", message=str(k)) for k in range(40))).reask().splitlines()
    assert many[-2] == "- and 28 more"
    assert len(many) == 15


def test_a_model_is_told_no_codes_no_offsets_and_nothing_of_a_library() -> None:
    position = judged(quote="61 of its", value="61", position=70)
    shapes = judged(quote=5, value="NaN", low=[], modality="maybe", position=-1, unit=3)
    figureless = judged(quote="61 of its")
    for verdict in (position, shapes, figureless):
        assert not verdict.accepted
        assert not any(one.code in verdict.reask() for one in verdict.findings)
    assert "- position: it is not where the number of the quote stands" in position.reask()
    assert "70" not in position.reask()
    assert shapes.reask().splitlines() == [
        "A claim was refused:",
        "- quote: wanted is a passage copied verbatim from the text",
        '- low: wanted is one figure as a string, like "12"',
        "- unit: its form is not the one asked for",
        "- modality: wanted is one of asserted, projected, denied, hypothetical",
        "- position: wanted is a whole number",
        "Correct it from the text, or leave it out if the text does not say it.",
    ]
    assert "- candidate: a claim wants a quote and a figure: value, or" in figureless.reask()
    assert "- quote: it is missing; wanted is a passage" in judged(value="61").reask()


def test_a_model_is_not_told_a_value_to_copy() -> None:
    """Where a finding does not point at the number in the text, its value is nowhere told."""
    candidates = (
        {"quote": "of its sailors", "value": "16"},
        {"quote": "its sailors were killed", "value": "16"},
        {"quote": "61 sailors of Sylvania", "value": "61", "qualifier": "about"},
        {"quote": "its sailors", "value": "NaN"},
        {"value": "16"},
    )
    for candidate in candidates:
        verdict = judged(**candidate)
        assert not verdict.accepted
        told = verdict.reask().replace(str(candidate.get("quote")), "")
        assert "61" not in told
        assert TEXT[:40] not in told


@given(st.text(max_size=3000), st.text(max_size=300), st.text(max_size=3000))
def test_a_model_is_told_it_shortly_and_always_alike(quote: str, value: str, event: str) -> None:
    fields = {"quote": quote, "value": value, "event": event, "qualifier": value}
    (verdict,) = verify(DOCUMENT, [fields])
    told = verdict.reask()
    assert told == verify(DOCUMENT, [fields])[0].reask()
    assert bool(told) != verdict.accepted
    assert all(char.isprintable() or char == "\n" for char in told)
    assert all(len(line) <= 300 for line in told.splitlines())


def test_what_is_shown_keeps_the_beginning_and_the_end() -> None:
    assert shown("abc", 3) == "abc"
    for longest in (3, 4, 9, 80):
        cut = shown("a" * 60 + "z" * 60, longest)
        assert len(cut) == longest
        assert (cut[0], cut[-1]) == ("a", "z")


_findings = st.builds(
    Finding,
    st.sampled_from(["", "Z9", "N201", "N202", "Q101", "E501", "D801", "S001"]),
    st.sampled_from(Severity),
    st.sampled_from(["value", "quote"]),
    st.sampled_from(["one", "two"]),
    st.none() | st.builds(Span, st.integers(0, 2), st.integers(2, 4)),
)


@given(st.sets(_findings, max_size=6), st.randoms())
def test_the_order_of_findings_is_strict(findings: set[Finding], random: Any) -> None:
    ordered = sorted(findings, key=finding_order)
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert sorted(shuffled, key=finding_order) == ordered
    assert len({finding_order(one) for one in findings}) == len(findings)


def test_findings_go_by_family_then_code_then_place() -> None:
    codes = ["Q103", "N201", "H301", "U401", "E501", "A601", "T701", "D801", "S001", "", "X1"]
    findings = [finding(code) for code in codes]
    assert sorted(findings[5:] + findings[:5], key=finding_order) == findings
    ordered = [
        finding("N201", start=None),
        finding("N201", start=3),
        finding("N201", start=9, field="low"),
        finding("N201", start=9, field="value", message="a"),
        finding("N201", start=9, field="value", message="b"),
        finding("N202", start=1),
    ]
    assert sorted(ordered[3:] + ordered[:3], key=finding_order) == ordered


def test_the_rules_are_listed_in_the_order_of_their_findings() -> None:
    codes = [rule.code for rule in all_rules()]
    assert codes == sorted(codes, key=lambda code: finding_order(finding(code)))
