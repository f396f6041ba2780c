"""The store of batches: what becomes of requests, whatever the lines say and in whichever order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.batch.ledger_writer import LedgerError, save_plan
from extractor.claims import Usage
from extractor.model.batch_lines import ResultLine
from extractor.scale.batch_store import MOST_TRIES, BatchEnd, BatchStore, WantedRequest

WHOLE = BatchEnd("completed", "", is_whole=True)
EXPIRED = BatchEnd("expired", "", is_whole=False)
ANSWER = b'{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}'


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BatchStore]:
    save_plan(tmp_path, {})
    with BatchStore(tmp_path) as made:
        yield made


def put(store: BatchStore, key: str, *names: str) -> None:
    """A batch that the server has, with these requests."""
    store.want([WantedRequest(name, "doc", Usage(100, 50)) for name in names], key)
    store.intend(key, "0" * 64, 10)


def answer(name: str, body: bytes = ANSWER) -> ResultLine:
    return ResultLine(name, 200, body)


def state(store: BatchStore, name: str) -> str:
    place = store.look_up(name)
    if place is None:
        return "unknown"
    if place.result is None:
        return "open" if place.is_open else "wanted"
    return "answered" if place.result.is_answer else "failed"


def test_a_request_goes_from_wanted_to_open_to_answered(store: BatchStore) -> None:
    assert state(store, "a") == "unknown"
    store.want([WantedRequest("a", "doc", Usage(100, 50))], "k")
    assert state(store, "a") == "wanted"
    store.intend("k", "0" * 64, 10)
    assert state(store, "a") == "open"
    assert store.batches()[0].requests == 1
    store.ingest("k", [answer("a")], WHOLE)
    assert state(store, "a") == "answered"
    assert not store.batches()[0].is_open


def test_what_is_open_or_answered_is_not_put_into_another_batch(store: BatchStore) -> None:
    put(store, "k", "a")
    put(store, "other", "a", "b")
    assert [row.requests for row in store.batches()] == [1, 1]
    store.ingest("k", [answer("a")], WHOLE)
    put(store, "third", "a")
    assert state(store, "a") == "answered"
    assert store.batches()[-1].requests == 0


def test_an_answer_goes_before_an_error_about_the_same_request(store: BatchStore) -> None:
    put(store, "k", "a", "b")
    error = ResultLine("a", 400, b'{"error":{}}')
    came = store.ingest("k", [error, answer("a"), answer("b"), ResultLine("b", 400, b"{}")], WHOLE)
    assert (state(store, "a"), state(store, "b")) == ("answered", "answered")
    assert (came.answered, came.failed, came.doubled) == (2, 0, 1)


def test_the_first_answer_stands(store: BatchStore) -> None:
    put(store, "k", "a")
    came = store.ingest("k", [answer("a", b'{"n":1}'), answer("a", b'{"n":2}')], WHOLE)
    place = store.look_up("a")
    assert place is not None
    assert place.result is not None
    assert place.result.body == b'{"n":1}'
    assert came.doubled == 1


def test_an_error_of_a_request_in_another_batch_is_not_taken(store: BatchStore) -> None:
    put(store, "k", "a")
    put(store, "other", "b")
    came = store.ingest("k", [ResultLine("b", 400, b"{}"), answer("a")], WHOLE)
    assert state(store, "b") == "open"
    assert came.strange == 1


def test_a_request_that_batches_leave_out_fails_in_the_end(store: BatchStore) -> None:
    for number in range(MOST_TRIES):
        assert state(store, "a") in ("unknown", "wanted")
        put(store, f"k{number}", "a")
        store.ingest(f"k{number}", [], WHOLE)
    assert state(store, "a") == "failed"
    store.forget_failed()
    assert state(store, "a") == "wanted"


def test_batches_that_did_not_come_to_it_do_not_count(store: BatchStore) -> None:
    for number in range(2 * MOST_TRIES):
        put(store, f"k{number}", "a", "b")
        store.ingest(f"k{number}", [ResultLine("a", 0, b"{}", "batch_expired")], EXPIRED)
    assert (state(store, "a"), state(store, "b")) == ("wanted", "wanted")


def test_a_batch_that_never_came_about_leaves_its_requests(store: BatchStore) -> None:
    put(store, "k", "a")
    store.withdraw("k")
    assert state(store, "a") == "wanted"
    assert store.batches() == []


def test_tokens_are_those_told_and_the_most_of_what_is_open(store: BatchStore) -> None:
    put(store, "k", "a", "b", "c")
    assert store.committed() == Usage(300, 150)
    store.ingest("k", [answer("a"), answer("b", b'{"choices":[]}')], EXPIRED)
    assert store.committed() == Usage(111, 57), "b was answered, and nobody told its tokens"


def test_requests_of_documents_that_have_ended_are_not_to_be_submitted(store: BatchStore) -> None:
    store.want([WantedRequest("a", "doc", Usage()), WantedRequest("b", "other", Usage())], "")
    store._connection.execute(
        "INSERT INTO documents (number, id, source, state, ended) "
        "VALUES (1, 'doc', 'x', 'failed', 'now')"
    )
    assert store.counts().to_submit == 1


def test_what_a_round_does_not_ask_for_any_more_is_forgotten(store: BatchStore) -> None:
    put(store, "k", "a")
    for key, name in (("k", "b"), ("old", "c"), ("new", "d")):
        store.want([WantedRequest(name, "doc", Usage())], key)
    store.forget_others({"new"})
    assert [state(store, name) for name in "abcd"] == ["open", "unknown", "unknown", "wanted"]


def test_a_ledger_that_cannot_be_written_is_told(store: BatchStore, tmp_path: Path) -> None:
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(LedgerError, match="batch collect"):
        store.want([WantedRequest("a", "doc", Usage())], "")
    with pytest.raises(LedgerError, match="cannot be"):
        BatchStore(tmp_path / "nowhere")


NAMES = st.sampled_from("abcdx")
LINES = st.lists(
    st.one_of(
        st.none(),
        NAMES.map(answer),
        st.builds(
            ResultLine,
            NAMES,
            st.sampled_from([400, 429, 500]),
            st.just(b'{"error":{}}'),
        ),
        st.builds(ResultLine, NAMES, st.just(0), st.just(b"{}"), st.just("batch_expired")),
    )
)


@settings(max_examples=30)  # each makes a ledger
@given(lines=LINES, is_whole=st.booleans())
def test_after_any_lines_nothing_is_open_and_what_was_answered_stays(
    tmp_path_factory: pytest.TempPathFactory, lines: list[ResultLine | None], is_whole: bool
) -> None:
    folder = tmp_path_factory.mktemp("run")
    save_plan(folder, {})
    with BatchStore(folder) as store:
        put(store, "k", *"abcd")
        came = store.ingest("k", lines, BatchEnd("completed", "", is_whole))
        states = {name: state(store, name) for name in "abcd"}
        answered = {line.id for line in lines if line and line.is_answer} & set("abcd")
        assert {name for name, one in states.items() if one == "answered"} == answered
        assert "open" not in states.values()
        assert came.answered + came.again + came.failed == 4
        assert state(store, "x") == "unknown"
