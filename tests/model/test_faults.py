"""Every row of the fault table over real HTTP: calls, waits, error, sentence, and what it ends."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from fault_server import Raw
from runs_in_process import run_over
from scripted_server import Call, Reply, Scripted, Server, completion

from extractor.batch.runner import RunPlan
from extractor.claims import Attempt, Usage
from extractor.claims.records import number_records
from extractor.extraction import AskingPolicy, extract_with
from extractor.model import (
    CallFailedError,
    Capabilities,
    ChatModel,
    Endpoint,
    Message,
    RetryPolicy,
    UnavailableError,
    UnusableAnswerError,
)
from extractor.model.retries import Clock
from extractor.text import Document

from .conftest import KEY, Answer, api_error, make_request
from .fault_rows import MODEL, OK, ROWS, SHEET_TEXT, SHEETS, Row, Sheet


def repeated(script: tuple[Reply, ...]) -> Callable[[Call], Reply]:
    """The script, its last reply again and again."""
    left = list(script)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def asked(row: Row) -> Iterator[tuple[ChatModel, Server, list[float]]]:
    """A model under the standing policy whose server plays the row, and the waits that it makes."""
    waits: list[float] = []
    server = Server(repeated(row.script))
    policy = RetryPolicy(clock=Clock(sleep=waits.append))
    with row.host(server.host) as host:
        endpoint = Endpoint(f"http://{host}/v1", KEY, Capabilities(), timeout=row.timeout)
        with ChatModel(MODEL, endpoint, policy=policy) as model:
            yield model, server, waits
    server.close()


def failure_of(model: ChatModel) -> CallFailedError | UnusableAnswerError:
    try:
        model.ask(make_request())
    except (CallFailedError, UnusableAnswerError) as error:
        return error
    raise AssertionError("the call came to an answer")


ONE_TURN = RunPlan(policy=AskingPolicy(reasks=0))


@pytest.mark.parametrize("row", [row for row in ROWS if row.error], ids=lambda row: row.name)
def test_a_fault_costs_and_says_what_the_table_says(row: Row) -> None:
    with asked(row) as (model, server, waits):
        error = failure_of(model)
        assert (type(error), error.reason) == (row.error, row.reason)
        assert str(error) == row.told.replace("{host}", model.endpoint.host)
        assert outcomes(error.attempts) == row.outcomes
        assert KEY not in "".join(traceback.format_exception(error))
        assert "secret" not in str(error)
        server.await_calls(row.arriving)
        assert len(server.calls) == row.arriving
        assert_as_told(waits, row)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.error], ids=lambda row: row.name)
def test_a_fault_that_passes_costs_what_the_table_says(row: Row) -> None:
    with asked(row) as (model, server, waits):
        reply = model.ask(make_request())
        assert reply.arguments == Answer(event="killed")
        assert outcomes(reply.attempts) == row.outcomes
        known = Usage(11, 7, cached_tokens=5) if row.tells_usage else None
        assert [one.usage for one in reply.attempts] == [*[None] * (len(row.outcomes) - 1), known]
        server.await_calls(row.arriving)
        assert len(server.calls) == row.arriving
        assert_as_told(waits, row)


def outcomes(attempts: Sequence[Attempt]) -> tuple[str, ...]:
    return tuple(attempt.outcome for attempt in attempts)


def assert_as_told(waits: list[float], row: Row) -> None:
    assert len(waits) == len(row.waits)
    assert all(low <= wait <= high for wait, (low, high) in zip(waits, row.waits, strict=True))


ENDINGS = {(row.error, row.reason): row for row in ROWS if row.error}


@pytest.mark.parametrize("row", ENDINGS.values(), ids=lambda row: row.name)
def test_it_ends_the_passage_the_document_or_the_run(row: Row, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "d.txt").write_text("Last night 61 sailors died.", "utf-8")
    with asked(row) as (model, server, _):
        outcome = run_over(tmp_path / "run", docs, model, ONE_TURN)
        server.await_calls(row.arriving)
        assert len(server.calls) == row.arriving
    unclaimed = outcome.counts.unclaimed
    ended = {0: bool(unclaimed), 1: bool(outcome.errors), 3: bool(outcome.stopped_by)}
    assert ended == {code: code == row.exit_code for code in (0, 1, 3)}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_answers_for_other_numbers_than_were_asked(sheet: Sheet) -> None:
    arguments = json.dumps({"answers": sheet.answers})
    server = Server([Scripted(completion(arguments, name="explain_numbers"))])
    with ChatModel(MODEL, Endpoint(server.url, KEY)) as model:
        result = extract_with(model, Document(text=SHEET_TEXT), policy=ONE_TURN.policy)
    server.close()
    rows = number_records(result)
    assert tuple(row["outcome"] for row in rows) == sheet.ends
    assert {row["text"] for row in rows} == {"61", "340"}
    assert all(claim.quote in SHEET_TEXT for claim in result.accepted)
    assert (result.calls, len(server.calls)) == (1, 1)


def test_a_redirect_is_not_followed_anywhere() -> None:
    """Not even the text may go where the user did not send it."""
    elsewhere = Server([OK])
    for status in (301, 302, 303, 307, 308):
        target = {"location": f"{elsewhere.url}/chat/completions"}
        row = Row("", (Scripted("", status, target),), ())
        with asked(row) as (model, _, _):
            assert failure_of(model).reason == "redirected"
    elsewhere.close()
    assert elsewhere.calls == []


def test_threads_keep_their_own_counts() -> None:
    """Sixteen calls at once over one client, each failing as often as it was told to."""
    threads = 16
    left = {f"doc{number}": number % 4 for number in range(threads)}

    def script(call: Call) -> Reply:
        name = call.body["messages"][0]["content"]
        left[name] -= 1
        return OK if left[name] < 0 else api_error(503)

    server = Server(script)
    waits: list[float] = []
    policy = RetryPolicy(clock=Clock(sleep=waits.append))
    start = Barrier(threads)
    with ChatModel(MODEL, Endpoint(server.url, KEY), policy=policy) as model:

        def ask(number: int) -> tuple[str, ...]:
            start.wait()
            said = make_request(messages=(Message("user", f"doc{number}"),))
            return outcomes(model.ask(said).attempts)

        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(ask, range(threads)))
    server.close()
    assert found == [(*["http 503"] * (number % 4), "ok") for number in range(threads)]
    assert len(server.calls) == sum(map(len, found)) == 40
    assert len(waits) == 24


class Slow:
    """A clock that the test sets; no wait takes any time."""

    now = 1_000.0


def test_the_deadline_is_told_with_what_happened_last() -> None:
    def late(_: Call) -> Reply:
        Slow.now += 40
        return api_error(503)

    server = Server(late)
    policy = RetryPolicy(deadline=60, clock=Clock(lambda: Slow.now, lambda _: None))
    with ChatModel(MODEL, Endpoint(server.url, KEY), policy=policy) as model:
        error = failure_of(model)
    server.close()
    assert (type(error), error.reason) == (UnavailableError, "deadline")
    assert str(error) == (
        f"{server.host} fails on its side (503) (2 attempts in the 60 s that a call has); "
        "try again later."
    )
    assert len(server.calls) == 2


def test_an_attempt_has_no_more_time_than_its_call() -> None:
    """The endpoint would be waited for as good as for ever, but a call has a deadline."""
    server = Server(repeated((Raw(then="hold"),)))
    policy = RetryPolicy(deadline=0.2)
    with ChatModel(MODEL, Endpoint(server.url, KEY, timeout=1e6), policy=policy) as model:
        error = failure_of(model)
    server.close()
    assert (error.reason, outcomes(error.attempts)) == ("deadline", ("timeout",))
