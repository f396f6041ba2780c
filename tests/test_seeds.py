"""The recorded seeds: they replay offline, whole, and as well as they were when recorded."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from extractor.batch.gold_scoring import Score, score
from extractor.claims import ExtractionResult, Usage
from extractor.claims.records import claim_record, number_records
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import QWEN, ModelChoice, open_for_replay, replaying
from extractor.quantities import read
from extractor.text import Document

REPOSITORY = Path(__file__).parent.parent
CASSETTES = REPOSITORY / "cassettes" / "seeds"
SEEDS = sorted((REPOSITORY / "seeds").glob("*.txt"))
GOLD = json.loads((REPOSITORY / "tests" / "data" / "gold_seeds.json").read_text("utf-8"))["claims"]


RECORDED: dict[str, AskingPolicy] = {
    "seeds": AskingPolicy(),
    "seeds-all": AskingPolicy(ask="all"),  # about numbers that the text decides, too
}


@pytest.fixture(scope="module", params=RECORDED)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def results(name: str) -> list[ExtractionResult]:
    """Each seed extracted from its recording, none of which may be left unplayed."""
    found = []
    folder = REPOSITORY / "cassettes" / name
    with open_for_replay(ModelChoice(), folder) as model:
        for path in SEEDS:
            with replaying(folder / f"{path.stem}.json") as tape:
                document = Document.from_path(path)
                found.append(extract_with(model, document, policy=RECORDED[name]))
            assert tape.unplayed == 0, path.stem
    return found


@pytest.fixture(scope="module")
def scored(results: list[ExtractionResult]) -> Score:
    return score(GOLD, [claim_record(claim) for result in results for claim in result.accepted])


def test_every_seed_has_its_recording_and_no_recording_is_an_orphan(name: str) -> None:
    recorded = (REPOSITORY / "cassettes" / name).glob("*.json")
    assert {path.stem for path in recorded} == {path.stem for path in SEEDS}


def test_every_number_ends_in_exactly_one_place(results: list[ExtractionResult]) -> None:
    for path, result in zip(SEEDS, results, strict=True):
        spans = [row["span"] for row in number_records(result)]
        numbers = read(Document.from_path(path).text).quantities
        assert spans == [[number.span.start, number.span.end] for number in numbers]


def test_every_result_goes_through_json_and_pickle(results: list[ExtractionResult]) -> None:
    for result in results:
        written = json.dumps(result.to_json(), allow_nan=False)
        assert ExtractionResult.from_json(json.loads(written)) == result
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own


def test_every_call_is_accounted_for(name: str, results: list[ExtractionResult]) -> None:
    assert sum(result.calls for result in results) == {"seeds": 3, "seeds-all": 30}[name]
    for result in results:
        assert len(result.call_records) == result.calls
        assert result.usage == sum((call.usage for call in result.call_records), Usage())
        assert result.unmetered == 0


def test_no_wrong_number_is_accepted(scored: Score) -> None:
    assert scored.spurious == 0, scored.misses


def test_the_figures_of_the_readme_hold(scored: Score) -> None:
    """Floors: they may only go up."""
    assert scored.core == 43
    assert scored.found >= 43, scored.misses
    assert scored.full >= 41, scored.misses


def test_every_accepted_claim_is_verbatim_with_its_spans(results: list[ExtractionResult]) -> None:
    for path, result in zip(SEEDS, results, strict=True):
        text = Document.from_path(path).text
        for claim in result.accepted:
            assert claim.quote_span.of(text) == claim.quote
            assert claim.quantity.span.of(text) == claim.quantity.text
            assert claim.claimant is None or claim.claimant_span is not None


def test_recordings_say_what_answered_and_hold_no_secret() -> None:
    for path in CASSETTES.glob("*.json"):
        heading = json.loads(path.read_text("utf-8"))["cassette"]
        assert heading["model"] == QWEN.name
        assert heading["weights_sha256"] == QWEN.sha256
        assert "xllamacpp" in heading["server"]
        assert len(heading["recorded"]) == len("2026-11-22")
        assert "authorization" not in path.read_text("utf-8").lower()


def _replay(tmp_path: Path, *more: str, name: str = "seeds") -> subprocess.CompletedProcess[str]:
    """The command of the README, as on a machine with no model, no key and no home."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("OPENAI", "EXTRACTOR"))}
    command = [sys.executable, "-m", "extractor.cli.app", "run", "seeds/", "--replay"]
    return subprocess.run(
        [*command, f"cassettes/{name}", "--out", str(tmp_path / "run"), *more],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=environment | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )


def test_the_command_replays_the_seeds_offline(
    tmp_path: Path, name: str, results: list[ExtractionResult]
) -> None:
    done = _replay(tmp_path, "--ask", RECORDED[name].ask, name=name)
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "run" / "accepted.jsonl").read_text("utf-8").splitlines()
    claims = [claim for result in results for claim in result.accepted]
    assert [json.loads(line) for line in lines] == [claim_record(claim) for claim in claims]
    assert not (tmp_path / "cache").exists(), "no model was fetched"


def test_a_changed_prompt_is_stale(tmp_path: Path) -> None:
    prompt = (REPOSITORY / "prompts" / "claims.v2.md").read_text("utf-8")
    changed = tmp_path / "changed.md"
    changed.write_text(prompt.replace("in order, say", "in order, tell"), "utf-8")
    done = _replay(tmp_path, "--prompt", str(changed))
    assert done.returncode == 5
    assert "STALE CASSETTE" in done.stderr
    assert "the prompt changed" in done.stderr


def test_recorded_bodies_are_readable() -> None:
    for path in (REPOSITORY / "cassettes" / "seeds-all").glob("*.json"):
        first: dict[str, Any] = json.loads(path.read_text("utf-8"))["interactions"][0]
        body = first["request"]["body"]
        assert body["tool_choice"]["function"]["name"] == "explain_numbers"
