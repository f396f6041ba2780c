"""What no proper server does, byte by byte: replies for `scripted_server.Server`."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Literal

from scripted_server import Wire


@dataclass
class Raw:
    """Exactly these bytes, and then the connection is closed, reset or held without a word."""

    data: bytes = b""
    then: Literal["close", "reset", "hold"] = "close"

    def play(self, wire: Wire) -> bool:
        wire.send(self.data)
        if self.then == "reset":
            wire.reset()
        elif self.then == "hold":
            wire.wait_until_left()
        return False


@dataclass
class Drip:
    """`data` at once, and then one byte of `drops` after the other, over and over, without end."""

    data: bytes
    drops: bytes
    every: float = 0.02  # seconds

    def play(self, wire: Wire) -> bool:
        wire.send(self.data)
        for drop in cycle(self.drops):
            if wire.closing.wait(self.every):
                break
            wire.send(bytes([drop]))
        return False


def chunked(body: bytes, *, size: int = 7, ends: bool = True) -> bytes:
    """A JSON response in chunks of `size` bytes; without its last chunk where it does not end."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    return head + b"".join(chunks) + (b"0\r\n\r\n" if ends else b"")


@contextmanager
def refusing() -> Iterator[str]:
    """The host of a port at which nothing listens."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def deaf() -> Iterator[str]:
    """The host of a port at which knocking is not answered: its queue is full, and stays so."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listening:
        address = listening.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(address)
        yield f"127.0.0.1:{address[1]}"
        for one in waiting:
            one.close()
