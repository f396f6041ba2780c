"""The bounds on one exchange, on their own."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable

import pytest
from scripted_server import Scripted, Server, completion

from extractor.model import ChatModel, Endpoint
from extractor.model.transport import _unpacked, timeout_of

from .conftest import KEY, make_request


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_what_is_packed_comes_out_in_pieces(pack: Callable[[bytes], bytes]) -> None:
    whole = b" " * 2**20
    packed = pack(whole)
    pieces = list(_unpacked([packed[:100], packed[100:]]))
    assert b"".join(pieces) == whole
    assert max(map(len, pieces)) <= 2**16


def test_a_connection_is_waited_for_less_long_than_an_answer() -> None:
    assert (timeout_of(120).connect, timeout_of(120).read) == (5, 120)
    assert timeout_of(0.2).connect == 0.2


def test_each_exchange_on_a_connection_has_its_own_time() -> None:
    """The second call comes when the time of the first is long over."""
    server = Server([Scripted(completion())] * 2)
    with ChatModel("scripted", Endpoint(server.url, KEY, timeout=1)) as model:
        model.ask(make_request())
        time.sleep(1.1)
        reply = model.ask(make_request())
    server.close()
    assert [attempt.outcome for attempt in reply.attempts] == ["ok"]
    assert server.connections == 1
