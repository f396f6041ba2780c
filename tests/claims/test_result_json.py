"""A result goes through JSON and through pickle, and an equal one comes back."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.claims import (
    Attempt,
    CallRecord,
    CandidateClaim,
    Dismissal,
    ExtractionResult,
    Unclaimed,
    Usage,
    Verdict,
)
from extractor.claims.result_json import MisfitError, decoded, encoded
from extractor.errors import InputError
from extractor.extraction import extract_with
from extractor.model import ModelRequest, ScriptedModel
from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

TEXT = (
    "Sylvania said 61 of its sailors were killed and between 300 and 400 wounded. It has 1.067 "
    "bases, seven out of ten at sea, and spent almost €3.50bn on dozens of boats."
)


def through_json(result: ExtractionResult) -> ExtractionResult:
    return ExtractionResult.from_json(json.loads(json.dumps(result.to_json(), allow_nan=False)))


def whole() -> ExtractionResult:
    """A result with something in every field there is."""
    document = Document(text=TEXT, id="d")
    candidates: list[Any] = [
        CandidateClaim(quote="61 of its sailors", value="61", event="killed", position=14),
        CandidateClaim(quote="61 of its sailors", value="16", derived_from=("a", "b")),
        {"quote": ["61"], "value": {"deep": [1, None, 2.5, True, "\ud800"]}},
    ]
    verdicts = verify(document, candidates)
    assert [type(one.candidate) for one in verdicts] == [CandidateClaim, CandidateClaim, dict]
    numbers = read(TEXT).quantities
    assert any(one.parts for one in numbers)
    assert any(one.readings for one in numbers)
    assert any(one.hedge for one in numbers)
    attempts = (Attempt("http 429", 0.25), Attempt("ok", 1.5, Usage(100, 20, 64)))
    return ExtractionResult(
        "d",
        document.sha256,
        tuple(one.claim for one in verdicts if one.claim is not None),
        tuple(one for one in verdicts if not one.accepted),
        tuple(Dismissal(one, "no claim", "reader") for one in numbers),
        tuple(Unclaimed(one, "left out") for one in numbers),
        calls=1,
        usage=Usage(100, 20, 64),
        seconds=1.75,
        call_records=(CallRecord(0, 76, 1, attempts),),
    )


def test_every_field_comes_back() -> None:
    result = whole()
    assert result.accepted
    assert len(result.rejected) == 2
    assert through_json(result) == result
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own


def test_figures_are_strings_and_names_are_in_order() -> None:
    record = whole().to_json()
    ranged = next(one for one in record["dismissed"] if one["quantity"]["parts"])["quantity"]
    assert (ranged["value"], ranged["low"], ranged["high"]) == (None, "300", "400")
    assert ranged["parts"][0]["value"] == "300"
    (claim,) = record["accepted"]
    assert claim["filled"] == sorted(claim["filled"])


def test_no_digit_is_lost() -> None:
    (number,) = read("61").quantities
    for figure in ("1E+30", "0.10", "123456789012345678901234567890.5", "-0"):
        result = replace(
            whole(), unclaimed=(Unclaimed(replace(number, value=Decimal(figure)), "x"),)
        )
        (entry,) = through_json(result).unclaimed
        assert str(entry.quantity.value) == figure


def test_a_candidate_stays_parsed_or_raw() -> None:
    """A raw mapping that could be parsed is not: an old verdict stays what it was."""
    fields = {"quote": "61 of its sailors", "value": "61"}
    for candidate in (fields, CandidateClaim.model_validate(fields)):
        result = replace(whole(), rejected=(Verdict(candidate, None),))
        (verdict,) = through_json(result).rejected
        assert type(verdict.candidate) is type(candidate)
        assert verdict.candidate == candidate


@dataclass(frozen=True, slots=True)
class _Later:
    """A field of a kind that no result has yet."""

    result: ExtractionResult
    notes: tuple[CallRecord, ...] = ()
    verdict: Verdict | None = None


def test_a_new_field_needs_no_new_code() -> None:
    result = whole()
    later = _Later(result, result.call_records, result.rejected[1])
    assert decoded(_Later, json.loads(json.dumps(encoded(later))), "later") == later
    old = {"result": result.to_json()}
    assert decoded(_Later, old, "later") == _Later(result), "what it did not have has its default"


def _without(record: dict[str, Any]) -> None:
    del record["accepted"][0]["quantity"]["text"]


def _put(*path: str | int, value: object) -> Callable[[dict[str, Any]], None]:
    def change(record: Any) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return change


BAD: dict[str, Callable[[dict[str, Any]], None]] = {
    "result.accepted[0].quantity.text is missing": _without,
    "result.accepted is no list": _put("accepted", value={}),
    "result.accepted[0] is no object": _put("accepted", 0, value=None),
    "result has a field of another name: more": _put("more", value=1),
    "result.calls is not of the type int": _put("calls", value=True),
    "result.seconds is not of the type float": _put("seconds", value="1"),
    "result.document_id is not of the type str": _put("document_id", value=None),
    "result.unclaimed[0].quantity.value is no string": _put(
        "unclaimed", 0, "quantity", "value", value=61
    ),
    "result.unclaimed[0].quantity.value is no Decimal": _put(
        "unclaimed", 0, "quantity", "value", value="many"
    ),
    "result.unclaimed[0].quantity.value is no finite figure": _put(
        "unclaimed", 0, "quantity", "value", value="NaN"
    ),
    "result.unclaimed[0].quantity.kind is no Kind": _put(
        "unclaimed", 0, "quantity", "kind", value="guess"
    ),
    "result.unclaimed[0].quantity.span is no Span": _put(
        "unclaimed", 0, "quantity", "span", value={"start": 5, "end": 2}
    ),
    "result.dismissed[0].by is none of model, reader": _put("dismissed", 0, "by", value="me"),
    "result.rejected[1].candidate is neither parsed nor raw": _put(
        "rejected", 1, "candidate", value={"quote": "61"}
    ),
}


@pytest.mark.parametrize("message", BAD)
def test_another_shape_is_refused_by_its_place(message: str) -> None:
    record = json.loads(json.dumps(whole().to_json()))
    BAD[message](record)
    with pytest.raises(InputError) as caught:
        ExtractionResult.from_json(record)
    assert f"This is no extraction result: {message}; give" in str(caught.value)


@pytest.mark.parametrize("given", [None, [], "{}", 5])
def test_what_is_no_object_is_refused(given: Any) -> None:
    with pytest.raises(InputError, match="result is no object"):
        ExtractionResult.from_json(given)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@settings(deadline=None)
@given(_json, st.data())
def test_no_json_gives_anything_but_a_result_or_an_input_error(given: Any, data: Any) -> None:
    record = whole().to_json()
    record[data.draw(st.sampled_from(sorted(record)))] = given
    try:
        result = ExtractionResult.from_json(record)
    except InputError:
        return
    assert isinstance(result, ExtractionResult)


PIECES = [
    *("Sylvania said", "61 of its sailors", "were killed", "between 300 and 400", "wounded.", "."),
    *("almost €3.5bn", "1.067 bases", "seven out of ten", "dozens", "the 2nd", "12%", "\n\n"),
    *("\ud800", "{{ 7 }}", "aged 40,", "for 3 days", "more than 10,000 troops", "\u202e"),
]
_answer = st.fixed_dictionaries(
    {},
    optional={
        "id": st.integers(0, 4),
        "quote": st.sampled_from([*PIECES[:8], "", "nowhere"]),
        "event": st.sampled_from(["killed", "wounded", "", "\u2028", "x\x00"]),
        "counted": st.sampled_from(["sailors", "boats"]),
        "dismissed": st.sampled_from(["no claim", "\u2028"]),
    },
)
_reply = st.fixed_dictionaries({"answers": st.lists(_answer, max_size=4)}) | st.just("{")


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.data(), st.booleans())
def test_whatever_is_extracted_comes_back(words: list[str], data: Any, narrows: bool) -> None:
    def answer(_: ModelRequest[Any]) -> Any:
        return data.draw(_reply)

    model = ScriptedModel(answer, narrows_schema=narrows, usage=Usage(9, 2, 1))
    result = extract_with(model, Document(text=" ".join(words), id="d"))
    assert len(result.call_records) == result.calls == len(model.requests)
    assert result.usage == sum((call.usage for call in result.call_records), Usage())
    assert through_json(result) == result
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own


def test_a_kind_that_has_no_form_is_not_made_up() -> None:
    with pytest.raises(MisfitError, match="x is no Decimal"):
        decoded(Decimal, "", "x")
