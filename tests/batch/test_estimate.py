"""`--dry-run`: what is foreseen is what a run asks, and no call is made."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest

from extractor.batch.estimate import (
    CHARACTERS_A_TOKEN,
    CountingModel,
    Estimate,
    Terms,
    estimate,
)
from extractor.batch.input_document import InputOptions
from extractor.batch.input_stream import stream_documents
from extractor.claims import Usage
from extractor.extraction import AskingPolicy, extract_with, prompt_for
from extractor.model import (
    ModelReply,
    ModelRequest,
    RateCeilings,
    ScriptedModel,
    UnusableAnswerError,
)
from extractor.model.prices import Price, cost_of
from extractor.model.protocol import Response
from extractor.text import Document

SEEDS = Path(__file__).parents[2] / "seeds"
PRICE = Price(Decimal(1), Decimal("0.1"), Decimal(10), "USD", "2026-11-02", "a test")


def foreseen(policy: AskingPolicy, ceilings: RateCeilings, *, narrows: bool) -> Estimate:
    documents = stream_documents([str(SEEDS)], InputOptions())
    terms = Terms(PRICE, ceilings, 2.0)
    return estimate(documents, prompt_for(policy), policy, terms, narrows=narrows)


@pytest.mark.parametrize("narrows", [True, False])
@pytest.mark.parametrize("ask", ["anchored", "all", "free"])
def test_the_calls_are_those_of_a_run(ask: str, narrows: bool) -> None:
    policy = AskingPolicy(ask, reasks=0)  # type: ignore[arg-type]
    model = ScriptedModel(lambda _: {"claims": []} if ask == "free" else {"answers": []},
                          narrows_schema=narrows)  # fmt: skip
    documents = [Document.from_path(path) for path in sorted(SEEDS.glob("*.txt"))]
    for document in documents:
        extract_with(model, document, policy=policy)
    found = foreseen(policy, RateCeilings(8), narrows=narrows)
    assert found.low.calls == found.expected.calls == found.high.calls == len(model.requests)
    assert found.documents == len(documents)
    assert found.characters == sum(len(document.text) for document in documents)


def test_high_is_above_expected_and_low_below() -> None:
    found = foreseen(AskingPolicy(reasks=2), RateCeilings(4, 10, 5000), narrows=False)
    parts = (found.low, found.expected, found.high)
    assert found.high.calls == 3 * found.low.calls
    for name in ("calls", "cost", "seconds"):
        values = [getattr(part, name) for part in parts]
        assert values == sorted(values)
        assert values[0] < values[2]
    assert found.expected.cost == cost_of(found.expected.usage, PRICE)
    assert found.low.seconds >= found.low.calls * 6, "ten calls a minute"


def test_an_unknown_price_is_unknown() -> None:
    terms = Terms(None, RateCeilings(1), 2.0)
    documents = stream_documents([str(SEEDS)], InputOptions())
    policy = AskingPolicy()
    found = estimate(documents, prompt_for(policy), policy, terms, narrows=False)
    assert found.expected.cost is None
    assert found.expected.usage != Usage()


def test_the_command_makes_no_call_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x00")
    command = [sys.executable, "-m", "extractor.cli.app", "run", str(SEEDS), str(tmp_path)]
    done = subprocess.run(
        [*command, "--dry-run", "--json", "--limit", "5"],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (found["documents"], found["unreadable"]) == (4, 1)
    assert found["expected"]["cost"] == "0"
    assert [path.name for path in tmp_path.iterdir()] == ["bad.txt"]


class Verbose(CountingModel):
    """Answers as much as it may, and nothing that can be used."""

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        with suppress(UnusableAnswerError):
            super().ask(request)
        raw = "x" * (CHARACTERS_A_TOKEN * request.max_tokens)
        raise UnusableAnswerError("This is no JSON.", reason="not_json", raw=raw)


@pytest.mark.parametrize("reasks", [0, 1, 3])
@pytest.mark.parametrize("narrows", [True, False])
@pytest.mark.parametrize("ask", ["anchored", "all", "free"])
def test_an_endpoint_that_says_as_much_as_it_may_stays_below_high(
    ask: str, narrows: bool, reasks: int
) -> None:
    policy = AskingPolicy(ask, reasks=reasks)  # type: ignore[arg-type]
    model = Verbose(narrows=narrows)
    for path in sorted(SEEDS.glob("*.txt")):
        extract_with(model, Document.from_path(path), policy=policy)
    high = foreseen(policy, RateCeilings(8), narrows=narrows).high
    assert model.calls == high.calls
    assert model.most_tokens == high.usage.completion_tokens
    assert model.prompt_tokens <= high.usage.prompt_tokens


def test_equal_texts_are_counted_once(tmp_path: Path) -> None:
    text = (SEEDS / "003_8c1a0b1954c14f49.txt").read_bytes()
    for name in "abc":
        (tmp_path / f"{name}.txt").write_bytes(text)
    policy = AskingPolicy("all")
    terms = Terms(None, RateCeilings(1), 2.0)
    documents = stream_documents([str(tmp_path)], InputOptions())
    found = estimate(documents, prompt_for(policy), policy, terms, narrows=True)
    assert (found.documents, found.duplicates, found.low.calls) == (1, 2, 7)
