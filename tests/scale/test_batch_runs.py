"""Runs by batch files over real HTTP: what is sent, what is taken in, what faults come to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from batch_runs import AT_ONCE, FILES, BatchRun, plain_lines
from batch_server import BatchServer, Err, Fault, Plan, explained
from scripted_server import completion

from extractor.cli.batch_running import WAITING, BatchOptions
from extractor.scale.batch_store import MOST_TRIES

Serve = Callable[..., BatchServer]
Begun = Callable[..., BatchRun]


def equals_a_plain_run(run: BatchRun) -> bool:
    """Whether the run came to what a live one comes to, line for line."""
    plain = plain_lines(run.folder.with_name("plain"), run.documents, run.server.url, **run.changes)
    assert plain["accepted.jsonl"]
    return all(run.lines(name) == plain[name] for name in FILES)


def most_paid(server: BatchServer) -> int:
    """How often the request that was asked of the model most often was asked of it."""
    return max(server.paid.values())


def test_a_run_comes_to_what_a_live_one_comes_to(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    assert run.submit() == 0
    assert run.collect() == WAITING, "refused answers went back"
    assert run.until_done() == 0
    assert len(server.batches) == 2
    assert most_paid(server) == 1
    assert run.states == {"answered": len(server.paid)}
    assert run.summary["complete"]
    assert equals_a_plain_run(run)


def test_a_file_holds_the_requests_that_a_live_run_sends(serve: Serve, begun: Begun) -> None:
    bodies: list[Any] = []

    def noted(body: dict[str, Any]) -> Any:
        bodies.append(body)
        return explained(body)

    server = serve(noted)
    run = begun(server)
    run.submit()
    assert server.live == 2, "what the endpoint takes is asked once, and nothing else"
    lines = server.requests_of("batch_0")
    run.until_done()
    by_batch = [json.dumps(one, sort_keys=True) for one in bodies]
    bodies.clear()
    plain_lines(run.folder.with_name("plain"), run.documents, server.url)
    live = [json.dumps(one, sort_keys=True) for one in bodies]
    assert sorted(live) == sorted(by_batch)
    assert all((line["method"], line["url"]) == ("POST", "/v1/chat/completions") for line in lines)
    assert len({line["custom_id"] for line in lines}) == len(lines)
    assert lines[0]["body"]["tool_choice"]["function"]["name"] == "explain_numbers"


def listed(body: dict[str, Any]) -> Any:
    """The claims of a passage, for the free way of asking; the first answer has a wrong figure."""
    asked = [one["content"] for one in body["messages"] if one["role"] == "user"]
    passages = [text for text in asked if text.startswith("Passage: ")]
    text = passages[-1].removeprefix("Passage: ")
    is_again = asked[-1] != passages[-1]
    claims = [
        {"quote": text.strip(), "value": number.replace(",", "") if is_again else "7"}
        for number in re.findall(r"\d[\d,]*", text)
    ]
    return completion(json.dumps({"claims": claims}), name="report_claims")


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"ask": "all"}, explained),
        ({"ask": "free"}, listed),
        ({"reasks": 3}, explained),
        ({"passage": "document"}, explained),
    ],
    ids=["all", "free", "reasks", "document"],
)
def test_so_it_does_in_every_way_of_asking(
    serve: Serve, begun: Begun, changes: dict[str, Any], answer: Any
) -> None:
    server = serve(answer)
    run = begun(server, **changes)
    run.submit()
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def test_files_are_split_where_they_are_full(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    run.options = BatchOptions(lines=2, retries=AT_ONCE)
    run.submit()
    assert [len(server.requests_of(name)) for name in server.batches] == [2, 2, 1]
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def test_answers_that_have_not_come_are_waited_for(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans.append(Plan(looks=2))
    run = begun(server)
    run.submit()
    assert [run.collect(), run.collect()] == [WAITING, WAITING]
    assert len(server.batches) == 1
    assert run.summary["batch"] == {
        "open_batches": 1,
        "answered": 0,
        "pending": 5,
        "to_submit": 0,
        "failed": 0,
    }
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_waiting_looks_again_until_all_is_done(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans += [Plan(looks=3), Plan(looks=2)]
    run = begun(server)
    run.submit()
    run.options = BatchOptions(wait=0.01, retries=AT_ONCE)
    server.faults.append(Fault("GET", r"/batches/batch_\d+", headers={"x-should-retry": "false"}))
    assert run.collect() == 3, "the first look must succeed"
    assert run.collect() == 0
    assert equals_a_plain_run(run)


def test_an_outage_while_it_waits_is_outlasted(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans.append(Plan(looks=4))
    run = begun(server)
    run.submit()
    run.options = BatchOptions(wait=0.01, retries=AT_ONCE)
    looks = 0

    def look(method: str, path: str) -> bool:
        nonlocal looks
        looks += (method, path) == ("GET", "/batches/batch_0")
        return looks == 2

    fault = Fault("GET", "/batches/batch_0", headers={"x-should-retry": "false"})
    fault.is_for = look  # type: ignore[method-assign]
    server.faults.append(fault)
    assert run.collect() == 0
    assert not server.faults
    assert equals_a_plain_run(run)


# what comes back


def foreign_line(name: str) -> bytes:
    response = {"status_code": 200, "request_id": "r", "body": {"choices": []}}
    return json.dumps({"custom_id": name, "response": response, "error": None}).encode()


GARBAGE = [
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"custom_id": 4}',
    b'{"custom_id": "x", "response": {"status_code": "200"}}',
    b"[" * 100_000,
    foreign_line("nobody's"),
    b"x" * 9_000_000,
    b"",
]


@pytest.mark.parametrize("twice", [False, True])
def test_lines_that_are_none_or_come_twice_change_nothing(
    serve: Serve, begun: Begun, twice: bool
) -> None:
    server = serve()
    server.plans.append(Plan(lines=GARBAGE, twice=twice))
    run = begun(server)
    run.submit()
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def test_the_first_of_two_answers_stands(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server, reasks=0)
    run.submit()
    name = server.requests_of("batch_0")[0]["custom_id"]
    # they stand behind the first line of the file, and an answer to it may be before them
    server.batches["batch_0"].plan.lines = [foreign_line(name)]
    run.until_done()
    assert run.states == {"answered": 5}


def test_what_has_no_line_is_put_again_and_nothing_else(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    run.submit()
    lost = sorted(one["custom_id"] for one in server.requests_of("batch_0"))[:2]
    server.batches["batch_0"].plan.keeps = lambda name: name not in lost
    assert run.collect() == WAITING
    again = {one["custom_id"] for one in server.requests_of("batch_1")}
    assert set(lost) <= again
    assert run.until_done() == 0
    assert {name for name, count in server.paid.items() if count > 1} == set(lost)
    assert equals_a_plain_run(run)


def test_a_request_that_never_has_a_line_fails_its_document_alone(
    serve: Serve, begun: Begun
) -> None:
    server = serve()
    run = begun(server)
    run.submit()
    lost = server.requests_of("batch_0")[0]["custom_id"]
    server.batches["batch_0"].plan.keeps = lambda name: name != lost
    server.plans += [Plan(keeps=lambda name: name != lost) for _ in range(MOST_TRIES)]
    assert run.until_done() == 1
    assert server.paid[lost] == MOST_TRIES
    assert list(run.failed()) == ["a"]
    assert "gave no answer" in run.failed()["a"]
    server.plans.clear()
    assert run.collect(retry_failed=True) == WAITING
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


@pytest.mark.parametrize("status", ["expired", "cancelled"])
@pytest.mark.parametrize("tells_rest", [False, True])
def test_a_batch_that_ended_early_keeps_what_it_finished(
    serve: Serve, begun: Begun, status: str, tells_rest: bool
) -> None:
    server = serve()
    server.plans.append(Plan(status=status, finished=2, tells_rest=tells_rest))
    run = begun(server)
    run.submit()
    first = run.collect()
    if status == "cancelled":
        assert first == 3
        assert "was cancelled" in run.said
        assert len(server.batches) == 1, "somebody wanted it to end"
        assert run.states == {"answered": 2, "wanted": 3 + refused_once(run)}
    else:
        assert first == WAITING
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def refused_once(run: BatchRun) -> int:
    """Questions that the round has put besides the five first ones."""
    return sum(run.states.values()) - 5


def test_expiring_never_fails_a_document(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans += [Plan(status="expired", finished=0) for _ in range(MOST_TRIES + 2)]
    run = begun(server)
    run.submit()
    assert run.until_done(20) == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def test_a_batch_that_is_refused_as_a_whole_is_told_and_put_again_later(
    serve: Serve, begun: Begun
) -> None:
    server = serve()
    why = {"code": "token_limit_exceeded", "message": "Enqueued token limit\nreached", "line": None}
    server.plans.append(Plan(status="failed", errors=[why]))
    run = begun(server)
    run.submit()
    assert run.collect() == 3
    assert "token_limit_exceeded Enqueued token limit reached" in run.said
    assert len(server.batches) == 1
    assert run.states == {"wanted": 5}
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_files_that_are_gone_from_the_server_are_told(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    run.submit()
    server.faults.append(Fault("GET", r"/files/.*/content", status=404))
    assert run.collect() == 3
    assert "gone from the server" in run.said
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def sometimes(error: Err, times: int, word: str = "students") -> Callable[[Any], Any]:
    """The usual answers, but an error so many times for the passage with this word."""
    left = times

    def answer(body: dict[str, Any]) -> Any:
        nonlocal left
        if word in body["messages"][-1]["content"] and left:
            left -= 1
            return error
        return explained(body)

    return answer


@pytest.mark.parametrize(
    "error",
    [Err(429), Err(500), Err(503, "overloaded"), Err(0, "request_timeout"), Err(0, "odd")],
    ids=str,
)
def test_an_error_that_may_pass_is_put_again(serve: Serve, begun: Begun, error: Err) -> None:
    server = serve(sometimes(error, MOST_TRIES - 1))
    run = begun(server)
    run.submit()
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Err(400, None, "Unsupported parameter"), "refuses the request (400): Unsupported par"),
        (Err(429, "insufficient_quota"), "quota"),
        (Err(404, "model_not_found"), "has no model"),
        (Err(503), "fails on its side (503)"),
        (Err(0, "request_timeout"), "request_timeout"),
    ],
    ids=str,
)
def test_an_error_that_stays_fails_its_document_alone_and_is_put_again_on_demand(
    serve: Serve, begun: Begun, error: Err, said: str
) -> None:
    times = MOST_TRIES if error.status in (0, 503) else 1
    server = serve(sometimes(error, times))
    run = begun(server)
    run.submit()
    assert run.until_done() == 1
    assert list(run.failed()) == ["b"]
    assert said in run.failed()["b"]
    assert run.collect() == 1, "it is not asked again by itself"
    assert run.collect(retry_failed=True) == WAITING
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


@pytest.mark.parametrize("code", ["context_length_exceeded", "content_filter"])
def test_a_prompt_that_is_refused_leaves_its_numbers_unclaimed(
    serve: Serve, begun: Begun, code: str
) -> None:
    server = serve(sometimes(Err(400, code), 99))
    run = begun(server)
    run.submit()
    assert run.until_done() == 0
    assert equals_a_plain_run(run)
    assert run.summary["unclaimed"] == 1


def test_many_documents_without_an_answer_do_not_end_a_round(serve: Serve, begun: Begun) -> None:
    server = serve(lambda _: Err(400))
    run = begun(server)
    run.submit()
    assert run.until_done() == 1
    assert sorted(run.failed()) == ["a", "b", "c"]


# faults of the endpoints


def refused(method: str, path: str, statuses: Iterable[int]) -> list[Fault]:
    return [Fault(method, path, status=status) for status in statuses]


ENDPOINTS = [
    ("POST", "/files"),
    ("POST", "/batches"),
    ("GET", r"/batches/batch_\d+"),
    ("GET", r"/files/.*/content"),
]


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_429_and_5xx_are_outlasted_at_every_endpoint(
    serve: Serve, begun: Begun, method: str, path: str
) -> None:
    server = serve()
    server.faults += refused(method, path, (429, 500, 503))
    run = begun(server)
    assert run.submit() == 0
    assert run.until_done() == 0
    assert not server.faults
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
@pytest.mark.parametrize("status", [401, 403, 429, 500, 302])
def test_an_endpoint_that_does_not_recover_ends_the_command_and_nothing_is_lost(
    serve: Serve, begun: Begun, method: str, path: str, status: int
) -> None:
    server = serve()
    server.faults += refused(method, path, [status] * 4)
    run = begun(server)
    codes = [run.submit(), run.collect(), run.collect()]
    assert 3 in codes
    assert "sk-test" not in run.said
    server.faults.clear()
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


@pytest.mark.parametrize("kind", ["lose", "cut"])
@pytest.mark.parametrize(("method", "path"), [*ENDPOINTS, ("GET", "/batches")])
def test_a_connection_that_is_lost_costs_nothing_twice(
    serve: Serve, begun: Begun, method: str, path: str, kind: str
) -> None:
    server = serve(page=2)
    server.add_foreign(7)
    server.faults.append(Fault(method, path, kind))
    if path == "/batches":  # it is listed where the answer of a creation was lost
        server.faults.append(Fault("POST", "/batches", "lose"))
    run = begun(server)
    codes = {run.submit(), run.until_done()}
    assert codes <= {0, 3}
    assert run.until_done() == 0
    assert not server.faults
    assert most_paid(server) == 1
    ours = [one for one in server.batches.values() if one.file in server.files]
    assert len(ours) == 2
    assert equals_a_plain_run(run)


@pytest.mark.parametrize(
    "body", [b"<html>", {"id": ""}, {"object": "batch"}, [], b"", {"id": "b", "status": 4}], ids=str
)
def test_an_answer_that_is_no_batch_ends_the_command_and_the_batch_is_found_again(
    serve: Serve, begun: Begun, body: Any
) -> None:
    server = serve(page=3)
    server.add_foreign(9)
    server.faults.append(Fault("POST", "/batches", "say", 200, body))
    run = begun(server)
    assert run.submit() == 3
    assert "not a batch" in run.said
    assert run.batches[0].id is None
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert sum(one.file in server.files for one in server.batches.values()) == 2
    assert equals_a_plain_run(run)


def test_a_batch_that_was_never_created_is_created_once(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.faults += refused("POST", "/batches", [500] * 4)
    run = begun(server)
    assert run.submit() == 3
    assert len(server.batches) == 0
    assert run.batches[0].sent is not None
    assert run.collect() == WAITING
    assert len(server.files) == 1, "the uploaded file is used"
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_an_upload_that_the_server_has_forgotten_is_made_again(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.faults += refused("POST", "/batches", [500] * 4)
    run = begun(server)
    run.submit()
    server.files.clear()
    assert run.collect() == WAITING
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_a_file_that_the_server_finds_too_large_is_made_smaller(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.faults.append(Fault("POST", "/files", status=413))
    run = begun(server)
    assert run.submit() == 3
    assert "--lines" in run.said
    assert run.states == {"wanted": 5}
    run.options = replace(run.options, lines=2)
    assert run.collect() == WAITING
    assert len(server.batches) == 3
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_of_two_batches_with_one_key_the_second_is_cancelled(serve: Serve, begun: Begun) -> None:
    """A list that lags behind may hide a batch until it was created again."""
    server = serve()
    server.faults += [Fault("POST", "/batches", "say", 200, b"<html>")]
    run = begun(server)
    run.submit()
    first = server.batches["batch_0"]
    server._created(
        {
            "input_file_id": first.file,
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "metadata": first.metadata,
        }
    )
    server.batches["batch_1"].created += 5
    server.batches["batch_1"].plan.finished = 0
    assert run.until_done() == 0
    assert server.batches["batch_1"].is_cancelled
    assert run.batches[0].id == "batch_0"
    assert most_paid(server) == 1


def test_a_file_that_was_deleted_before_its_upload_is_written_again(
    serve: Serve, begun: Begun
) -> None:
    server = serve()
    server.faults += refused("POST", "/files", [500] * 4)
    run = begun(server)
    assert run.submit() == 3
    for path in (run.folder / "batches").iterdir():
        path.unlink()
    assert run.collect() == WAITING
    assert run.states == {"wanted": 5}
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


# going on


def test_what_another_run_learns_of_the_endpoint_changes_no_request(
    serve: Serve, begun: Begun, tmp_path: Path
) -> None:
    server = serve()
    run = begun(server)
    run.submit()
    (store,) = (tmp_path / "cache").rglob("endpoints.json")
    (known,) = json.loads(store.read_text("utf-8")).items()
    other = {known[0]: known[1] | {"form": "required", "takes_seed": False}}
    store.write_text(json.dumps(other), "utf-8")
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert len(server.batches) == 2


def test_nothing_is_submitted_where_that_is_not_wanted(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    run.submit()
    run.options = replace(run.options, submits=False)
    assert run.collect() == WAITING
    assert len(server.batches) == 1
    assert run.summary["batch"]["to_submit"] > 0
    run.options = replace(run.options, submits=True)
    assert run.until_done() == 0
    assert equals_a_plain_run(run)


def test_a_document_that_is_gone_is_waited_for_no_more(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans.append(Plan("expired", finished=0))
    run = begun(server)
    run.submit()
    (run.documents / "c.txt").unlink()
    assert run.collect() == WAITING
    assert len(server.requests_of("batch_1")) == 3
    assert run.until_done() == 0
    assert run.summary["documents"] == 3
    assert run.summary["batch"]["to_submit"] == 0


def test_what_was_taken_in_before_an_outage_is_not_forgotten(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans += [Plan("cancelled", finished=1), Plan(looks=1)]
    run = begun(server)
    run.options = BatchOptions(lines=3, retries=AT_ONCE)
    run.submit()
    run.options = BatchOptions(wait=0.01, retries=AT_ONCE)
    fault = Fault("GET", "/batches/batch_1", headers={"x-should-retry": "false"})
    # the first look at both must succeed
    server.batches["batch_0"].plan.looks = 1
    looks = 0

    def second(method: str, path: str) -> bool:
        nonlocal looks
        looks += (method, path) == ("GET", "/batches/batch_1")
        return looks == 2

    fault.is_for = second  # type: ignore[method-assign]
    server.faults.append(fault)
    assert run.collect() == 3
    assert not server.faults
    assert "batch_0 was cancelled" in run.said
    assert len(server.batches) == 2, "nothing was submitted"
    run.options = BatchOptions(retries=AT_ONCE)
    assert run.until_done() == 0
    assert most_paid(server) == 1
    assert equals_a_plain_run(run)


def test_too_many_failures_end_the_command_as_such(serve: Serve, begun: Begun) -> None:
    server = serve(sometimes(Err(400), 1))
    server.plans.append(Plan())
    run = begun(server)
    run.submit()
    assert run.collect(most_failures=0) == 1
    assert "--max-failures" in run.said
    assert run.summary["exit_code"] == 1


def test_a_run_that_asks_nothing_is_done_at_once(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    for name in "abc":
        (run.documents / f"{name}.txt").unlink()
    assert run.submit() == 0
    assert run.summary["complete"]
    assert server.batches == {}


def test_a_text_that_cannot_be_sent_is_told_as_in_a_live_run(serve: Serve, begun: Begun) -> None:
    server = serve()
    run = begun(server)
    row = json.dumps({"text": "Last \ud800 night 61 sailors died."})
    (run.documents / "rows.jsonl").write_text(row, "utf-8")
    run.submit()
    assert run.until_done() == 0
    assert run.summary["unclaimed"] == 1


# money


def priced(tmp_path: Path) -> Path:
    path = tmp_path / "prices.yaml"
    path.write_text("as_of: 2026-11-01\nmodels:\n  m: {input: 2, output: 10}\n", "utf-8")
    return path


def test_requests_cost_half(
    serve: Serve, begun: Begun, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server = serve()
    run = begun(server, prices=str(priced(tmp_path)))
    run.submit()
    assert run.until_done() == 0
    usage = run.summary["usage"]
    assert usage["price"]["input"] == "1"
    assert usage["price"]["halved"] == "batch files"
    paid = len(server.paid)
    assert float(usage["cost"]) * 1_000_000 == pytest.approx(paid * (11 * 1 + 7 * 5))
    assert "half of it for batch files" in " ".join(capsys.readouterr().err.split())


def test_a_budget_holds_requests_back_and_more_of_it_lets_them_go(
    serve: Serve, begun: Begun
) -> None:
    server = serve()
    run = begun(server, reasks=0)
    assert run.submit(budget="9k tokens") == 4
    assert "budget" in run.said
    held = run.summary["batch"]["to_submit"]
    assert 0 < held < 5
    assert run.summary["batch"]["pending"] == 5 - held
    assert "--budget MORE" in run.summary["next"]
    assert run.collect(budget="100k tokens") == WAITING
    assert run.until_done() == 0
    assert most_paid(server) == 1


def test_what_open_batches_may_cost_counts_against_a_budget(serve: Serve, begun: Begun) -> None:
    server = serve()
    server.plans.append(Plan(looks=1))
    run = begun(server, reasks=0)
    run.submit(budget="9k tokens")
    sent = len(server.requests_of("batch_0"))
    assert run.collect(budget="9k tokens") == 4
    assert len(server.batches) == 1
    # what was asked took less than was set aside for it
    assert run.collect(budget="9k tokens") in (4, WAITING)
    assert len(server.requests_of("batch_1")) >= sent
