"""Stored prefixes: whole or not at all, told apart by all that they depend on, a few of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from extractor.model.prefix_store import PrefixStore


def writer(store: PrefixStore, content: bytes) -> Callable[[str], bool]:
    def write(name: str) -> bool:
        (store.folder / name).write_bytes(content)
        return True

    return write


def reader(store: PrefixStore, taken: list[bytes]) -> Callable[[str], bool]:
    def read(name: str) -> bool:
        taken.append((store.folder / name).read_bytes())
        return True

    return read


@pytest.fixture
def store(tmp_path: Path) -> PrefixStore:
    made = PrefixStore(tmp_path / "prefixes", "weights, runtime, settings")
    assert made.is_usable()
    return made


def test_what_was_kept_is_restored_for_the_same_prefix_only(store: PrefixStore) -> None:
    store.keep("prefix", writer(store, b"state"))
    taken: list[bytes] = []
    assert store.restore("prefix", reader(store, taken))
    assert not store.restore("another", reader(store, taken))
    assert not PrefixStore(store.folder, "other weights").restore("prefix", reader(store, taken))
    assert taken == [b"state"]


@pytest.mark.parametrize("spoil", [b"", b"stat", b"statf", b"state and more"])
def test_a_file_that_was_cut_or_altered_is_not_read(store: PrefixStore, spoil: bytes) -> None:
    store.keep("prefix", writer(store, b"state"))
    (path,) = store.folder.iterdir()
    path.write_bytes(spoil)
    taken: list[bytes] = []
    assert not store.restore("prefix", reader(store, taken))
    assert taken == []
    assert list(store.folder.iterdir()) == []


def test_the_oldest_go_first_and_no_draft_is_left(store: PrefixStore) -> None:
    for number in range(6):
        store.keep(f"prefix {number}", writer(store, f"state {number}".encode()))
        for path in store.folder.iterdir():
            if path.read_bytes() == f"state {number}".encode():
                os.utime(path, (number, number))
    kept = sorted(path.read_bytes() for path in store.folder.iterdir())
    assert kept == [b"state 2", b"state 3", b"state 4", b"state 5"]


def test_a_draft_that_a_killed_process_left_goes_too(store: PrefixStore) -> None:
    old, fresh = store.folder / ".1.prefix", store.folder / ".2.prefix"
    for path in (old, fresh):
        path.write_bytes(b"half a st")
    os.utime(old, (0, 0))
    store.keep("prefix", writer(store, b"state"))
    assert not old.exists()
    assert fresh.exists()


def test_an_engine_that_does_not_write_leaves_nothing(store: PrefixStore) -> None:
    store.keep("prefix", lambda _: False)
    assert list(store.folder.iterdir()) == []
    assert not store.restore("prefix", lambda _: True)


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    barred = PrefixStore(tmp_path / "file" / "prefixes", "")
    assert not barred.is_usable()
    assert not barred.restore("prefix", lambda _: True)
    barred.keep("prefix", lambda _: True)
