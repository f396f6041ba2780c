"""Asking again: what goes back, what may stand afterwards, and that it ends."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from reask_scripted import Damaged, extracted

from extractor.batch.gold_scoring import score
from extractor.claims import Unclaimed, Usage, Verdict
from extractor.claims.records import claim_record, number_records
from extractor.errors import InputError
from extractor.extraction import AskingPolicy, extract_with
from extractor.extraction.anchored import AnchoredAsking
from extractor.extraction.answers import Options, Question
from extractor.extraction.conversation import converse
from extractor.extraction.desk import Desk
from extractor.extraction.passages import passages
from extractor.extraction.tally import Tally
from extractor.model import ModelRequest, ScriptedModel, UnusableAnswerError
from extractor.prompts import load_prompt
from extractor.text import Document
from extractor.validator import Source, select_rules

TEXT = "Sylvania’s navy ministry said 61 of its sailors were killed and a further 340 wounded."
DOCUMENT = Document(text=TEXT, id="d")
RIGHT: list[dict[str, Any]] = [
    {
        "id": 1,
        "quote": "61 of its sailors were killed",
        "counted": "Sylvanian sailors",
        "event": "killed",
        "claimant": "Sylvania’s navy ministry",
    },
    {
        "id": 2,
        "quote": "a further 340 wounded",
        "counted": "Sylvanian sailors",
        "event": "wounded",
        "claimant": "Sylvania’s navy ministry",
    },
]


def static(*answers: list[dict[str, Any]] | BaseException) -> ScriptedModel:
    """An endpoint without grammar, which says everything itself."""
    said = [one if isinstance(one, BaseException) else {"answers": one} for one in answers]
    return ScriptedModel(said, narrows_schema=False, usage=Usage(10, 5))


def outcomes(model: ScriptedModel, **policy: Any) -> tuple[dict[str, str], list[str]]:
    result = extract_with(model, DOCUMENT, policy=AskingPolicy(**policy))
    assert len(number_records(result)) == 2
    rows = {row["text"]: row["outcome"] for row in number_records(result)}
    return rows, [one.outcome for one in result.reasks]


def test_only_what_is_refused_goes_back_in_words_of_our_own() -> None:
    wrong = [RIGHT[0], RIGHT[1] | {"event": "killed"}]
    model = static(wrong, [RIGHT[1]])
    result = extract_with(model, DOCUMENT)
    assert [claim.quantity.text for claim in result.accepted] == ["61", "340"]
    first, second = model.requests
    assert first.turns == ()
    assert second.messages == first.messages
    assert second.document == first.document
    said, back = second.turns
    assert (said.role, back.role) == ("assistant", "user")
    assert '"event": "killed"' in said.content
    assert back.content == (
        "These answers do not stand in the passage.\n"
        'Number 2) 340: The claim with the quote "a further 340 wounded" was refused:\n'
        "- event: what is said of '340' is wounded; 'killed' is said of others\n"
        "Correct it from the text, or leave it out if the text does not say it.\n"
        "Answer again, for these numbers only: 2) 340"
    )


def test_what_changed_is_kept_and_every_turn_is_counted() -> None:
    wrong = [RIGHT[0], RIGHT[1] | {"event": "killed"}]
    result = extract_with(static(wrong, [RIGHT[1]]), DOCUMENT)
    (again,) = result.reasks
    assert (again.quantity.text, again.turn, again.outcome) == ("340", 1, "accepted")
    assert isinstance(again.before, Verdict)
    assert [finding.code for finding in again.before.findings] == ["E502"]
    assert [(one.field, one.before, one.after) for one in again.changed] == [
        ("event", "killed", "wounded")
    ]
    assert [(call.turn, call.usage) for call in result.call_records] == [
        (0, Usage(10, 5)),
        (1, Usage(10, 5)),
    ]
    assert result.usage == Usage(20, 10)
    assert result.rejected == ()


WRONG = RIGHT[1] | {"event": "killed"}
AFTERWARDS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "right": ([RIGHT[1]], "accepted", "accepted"),
    "the same again": ([WRONG], "rejected", "rejected"),
    "worse than before": ([WRONG | {"quote": "340 fled"}], "rejected", "rejected"),
    "nothing": ([], "rejected", "unclaimed"),
    "twice": ([RIGHT[1], RIGHT[1]], "rejected", "unclaimed"),
    "set aside": ([{"id": 2, "dismissed": "no claim"}], "rejected", "dismissed"),
    "the refused field left out, which the text decides": (
        [{k: v for k, v in RIGHT[1].items() if k != "event"}],
        "rejected",
        "worse",
    ),
    "what nobody objected to left out": (
        [{k: v for k, v in RIGHT[1].items() if k != "counted"}],
        "rejected",
        "worse",
    ),
    "an answer for the number that was accepted": ([RIGHT[0]], "rejected", "unclaimed"),
}


@pytest.mark.parametrize("case", AFTERWARDS)
def test_what_stands_after_a_second_answer(case: str) -> None:
    second, ends, told = AFTERWARDS[case]
    rows, reasks = outcomes(static([RIGHT[0], WRONG], second))
    assert rows == {"61": "accepted", "340": ends}
    assert reasks == [told]


def test_a_claimant_that_the_text_names_is_not_got_rid_of() -> None:
    """A refused claimant may be corrected; a claim without one would only be poorer."""
    wrong = RIGHT[1] | {"claimant": "Freedonia"}
    without = {k: v for k, v in RIGHT[1].items() if k != "claimant"}
    rows, reasks = outcomes(static([RIGHT[0], wrong], [without]))
    assert (rows["340"], reasks) == ("rejected", ["worse"])
    rows, reasks = outcomes(static([RIGHT[0], wrong], [RIGHT[1]]))
    assert (rows["340"], reasks) == ("accepted", ["accepted"])


def test_nothing_is_left_of_a_claim_by_leaving_out_all_that_was_refused() -> None:
    """Both fields were refused, and without an event no rule misses the claimant."""
    wrong = RIGHT[1] | {"event": "killed", "claimant": "Freedonia"}
    bare = {"id": 2, "quote": "a further 340 wounded", "counted": "Sylvanian sailors"}
    rows, reasks = outcomes(static([RIGHT[0], wrong], [bare]))
    assert (rows["340"], reasks) == ("rejected", ["worse"])


def test_what_the_text_does_not_say_may_be_left_out() -> None:
    document = Document(text="On the quay stood 340 Sylvanian sailors.")
    said = {"id": 1, "quote": "340 Sylvanian sailors", "counted": "Sylvanian sailors"}
    model = static([said | {"claimant": "Freedonia"}], [said])
    result = extract_with(model, document)
    assert [claim.counted for claim in result.accepted] == ["Sylvanian sailors"]
    assert [one.outcome for one in result.reasks] == ["accepted"]


def test_a_claim_is_not_told_as_a_fact_by_saying_no_more_how_it_is_told() -> None:
    """The text leaves it open here: nobody objected to "projected", so it stays."""
    document = Document(text="They anticipate 20 killed.")
    told = {
        "id": 1,
        "quote": "They anticipate 20 killed",
        "event": "killed",
        "modality": "projected",
    }
    silent = {name: value for name, value in told.items() if name != "modality"}
    result = extract_with(static([told | {"claimant": "Freedonia"}], [silent]), document)
    assert [one.outcome for one in result.reasks] == ["worse"]
    result = extract_with(static([told | {"claimant": "Freedonia"}], [told]), document)
    assert [claim.modality for claim in result.accepted] == ["projected"]


def test_the_words_of_a_third_turn_are_about_the_second_answer() -> None:
    poorer = {k: v for k, v in RIGHT[1].items() if k != "counted"}
    model = static([RIGHT[0], WRONG], [poorer], [RIGHT[1]])
    rows, reasks = outcomes(model, reasks=2)
    assert (rows["340"], reasks) == ("accepted", ["worse", "accepted"])
    said, back = model.requests[2].turns[2:]
    assert '"counted"' not in said.content
    assert "Number 2) 340: The new answer leaves out what it should say: counted. " in back.content
    assert [message.role for message in model.requests[2].turns] == ["assistant", "user"] * 2


def test_a_number_that_was_left_out_is_asked_for() -> None:
    model = static([RIGHT[0]], [RIGHT[1]])
    result = extract_with(model, DOCUMENT)
    assert len(result.accepted) == 2
    assert "Number 2) 340: It has no answer, or two." in model.requests[1].turns[1].content
    assert isinstance(result.reasks[0].before, Unclaimed)


@pytest.mark.parametrize("reason", ["not_json", "wrong_shape", "no_tool_call", "wrong_tool"])
def test_an_answer_of_another_form_is_asked_for_again(reason: str) -> None:
    model = static(UnusableAnswerError("no", reason=reason, raw='{"answers'), RIGHT)
    rows, _ = outcomes(model)
    assert set(rows.values()) == {"accepted"}
    said, back = model.requests[1].turns
    assert (said.role, said.content) == ("assistant", '{"answers')
    assert back.content.startswith("That answer cannot be used: ")


def test_the_turns_alternate_though_nothing_was_said() -> None:
    model = static(UnusableAnswerError("no", reason="no_tool_call"), RIGHT)
    outcomes(model)
    assert [(one.role, bool(one.content)) for one in model.requests[1].turns] == [
        ("assistant", True),
        ("user", True),
    ]


def test_an_endpoint_that_does_not_hold_to_its_grammar_is_asked_again() -> None:
    text = "The mayor said 61 sailors were hurt or died."
    answers: list[Any] = [{"answers": []}, {"answers": [{"event": "died"}]}]
    result = extract_with(ScriptedModel(answers), Document(text=text))
    assert [claim.event for claim in result.accepted] == ["died"]


@pytest.mark.parametrize("wrong", [{"reasks": -1}, {"ask": "nicely"}, {"passage": "page"}])
def test_a_policy_that_makes_no_sense_is_told(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(wrong))} is .*; wanted is "):
        AskingPolicy(**wrong)


@pytest.mark.parametrize("reason", ["refused", "filtered", "truncated", "too_long", "cut_off"])
def test_what_asking_again_cannot_mend_is_not_asked_again(reason: str) -> None:
    model = static(UnusableAnswerError("no", reason=reason))
    rows, _ = outcomes(model)
    assert set(rows.values()) == {"unclaimed"}
    assert len(model.requests) == 1


@pytest.mark.parametrize("reasks", [0, 1, 3])
def test_it_ends_after_as_many_turns_as_the_policy_says(reasks: int) -> None:
    model = static(*[[RIGHT[0], WRONG]] * 9)
    outcomes(model, reasks=reasks)
    assert len(model.requests) == 1 + reasks


def test_where_a_grammar_holds_a_refused_option_is_not_offered_again() -> None:
    offered: list[list[str]] = []

    def first_option(request: ModelRequest[Any]) -> dict[str, Any]:
        assert request.tool.narrowed is not None
        (item,) = request.tool.narrowed["properties"]["answers"]["prefixItems"]
        offered.append(item["properties"]["event"]["enum"])
        return {"answers": [{"event": offered[-1][0]}]}

    source = Source(DOCUMENT)
    (passage,) = passages(source)
    hurt = passage.quantities[1]
    choices = {"counted": ("sailors",), "event": ("killed", "wounded", "fled")}
    options = Options(("a further 340 wounded",), choices, dismissible=False)
    question = Question(hurt, lambda: options)
    model = ScriptedModel(first_option)
    desk = Desk(model, source, select_rules(None), AskingPolicy(reasks=2), Tally())
    converse(desk, AnchoredAsking(load_prompt(), narrows=True), passage, [question])
    assert offered == [["killed", "wounded", "fled"], ["wounded", "fled"]]
    (verdict,) = desk.tally.accepted
    assert verdict.claim is not None
    assert verdict.claim.event == "wounded"
    assert desk.tally.rejected == []


@pytest.mark.parametrize("seed", [1, 2])
def test_asking_again_adds_right_claims_of_the_seeds_and_no_wrong_ones(
    seeds: Path, seed: int
) -> None:
    """Gold answers, a third of them damaged; the second time half of those are put right."""
    gold = json.loads((seeds.parent / "tests/data/gold_seeds.json").read_text("utf-8"))["claims"]
    documents = [Document.from_path(path) for path in sorted(seeds.glob("*.txt"))]
    once, again = (
        score(
            gold,
            [
                claim_record(claim)
                for document in documents
                for claim in extracted(document, Damaged(document, gold, 0.3, seed), n).accepted
            ],
        )
        for n in (0, 1)
    )
    assert again.full > once.full
    assert again.spurious == once.spurious == 0
    assert again.found - again.full <= once.found - once.full


@pytest.mark.parametrize("seed", range(20))
def test_answers_damaged_at_random_never_get_in(seed: int) -> None:
    """Each turn damages one field of each answer: only what is right may be accepted."""
    rng = random.Random(seed)  # noqa: S311 - a test's dice
    damages: list[dict[str, Any]] = [
        {"event": "captured"},
        {"claimant": "Freedonia"},
        {"counted": "Freedonian tanks"},
        {"quote": "16 of its sailors were killed"},
        {"modality": "projected"},
        {"event": None},
        {},
    ]

    def damaged(_: ModelRequest[Any]) -> dict[str, Any]:
        return {"answers": [answer | rng.choice(damages) for answer in RIGHT]}

    model = ScriptedModel(damaged, narrows_schema=False)
    result = extract_with(model, DOCUMENT, policy=AskingPolicy(reasks=2))
    for claim in result.accepted:
        right = RIGHT[0] if claim.quantity.text == "61" else RIGHT[1]
        assert claim.event in (right["event"], None)
        assert claim.claimant == right["claimant"]
        assert claim.counted == right["counted"]
        assert claim.modality == "asserted"
    assert len(number_records(result)) == 2
    assert len(model.requests) <= 3
