"""What a server says of a batch is read whatever it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.model.batch_states import KEY, BatchState, WireBatch, read_state

SECRET = "sk-test-0123456789abcdef0123"
WHOLE = {
    "id": "batch_1",
    "status": "completed",
    "output_file_id": "file-1",
    "error_file_id": None,
    "created_at": 17,
    "request_counts": {"total": 3, "completed": 2, "failed": 1},
    "errors": None,
    "metadata": {KEY: "k", "job": "x"},
    "usage": {"input_tokens": 4},
}


def read(**changes: Any) -> BatchState:
    return read_state(WireBatch.model_validate(WHOLE | changes), SECRET)


def test_a_batch_is_read() -> None:
    assert read() == BatchState("batch_1", "completed", "k", "file-1", "", 3, 2, 1, 17)


@pytest.mark.parametrize(
    ("errors", "why"),
    [
        ({"data": [{"code": "a", "message": "b\nc", "line": 1}]}, "a b c"),
        ({"data": [{"code": "a"}, None, {"message": f"key {SECRET} is"}]}, "a; key [key] is"),
        ({"data": "text"}, ""),
        ("text", ""),
        ({"data": [{"message": "x" * 9_999}]}, "x" * 300),
    ],
)
def test_reasons_are_one_line_that_holds_no_key(errors: Any, why: str) -> None:
    assert read(errors=errors).why == why


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
PARTS = sorted(set(WHOLE) - {"id", "status"})


@given(st.dictionaries(st.sampled_from(PARTS), JSON))
def test_no_odd_part_costs_the_batch(changes: dict[str, Any]) -> None:
    state = read(**changes)
    assert (state.id, state.status) == ("batch_1", "completed")
    assert state.has_ended
    assert min(state.total, state.completed, state.failed, state.created) >= 0


def test_of_two_batches_the_one_that_may_have_answers_has_more_promise() -> None:
    order = ["completed", "in_progress", "expired", "cancelled", "failed"]
    promises = [read(status=status).promise for status in order]
    assert promises == sorted(promises)
