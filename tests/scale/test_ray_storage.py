"""The Parquet files of a run in Ray: counted, read, and rid of failed documents in two phases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from extractor.errors import InputError
from extractor.scale.ray_storage import RayStorage, StorageError, storage_of


def _written(folder: Path, blocks: dict[str, dict[str, str]]) -> RayStorage:
    """Files as Ray writes them: by their names, the keys in them and what state those are in."""
    for name, states in blocks.items():
        keys = pa.table({"place": list(states)})
        rows = keys.append_column("state", pa.array(states.values(), pa.string()))
        for part, table, end in (("documents", rows, "-0"), ("checkpoint", keys, "")):
            (folder / part).mkdir(parents=True, exist_ok=True)
            parquet.write_table(table, folder / part / f"{name}{end}.parquet")
    return RayStorage(str(folder))


def _keys(folder: Path, part: str) -> list[str]:
    tables = map(parquet.read_table, sorted((folder / part).glob("*.parquet")))
    return sorted(key for table in tables for key in table["place"].to_pylist())


BLOCKS = {
    "x_000": {"a": "done", "b": "failed", "c": "done"},
    "x_001": {"d": "done"},
    "x_002": {"e": "failed"},
}


def test_failed_documents_are_forgotten_and_others_kept(tmp_path: Path) -> None:
    storage = _written(tmp_path, BLOCKS)
    assert storage.forget_failed() == 2
    for part in ("documents", "checkpoint"):
        assert _keys(tmp_path, part) == ["a", "c", "d"]
    assert storage.count({}) == 3
    assert storage.forget_failed() == 0


@pytest.mark.parametrize("steps", range(6))
def test_broken_off_it_loses_nothing_and_leaves_nothing_twice(
    tmp_path: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows whose keys are pending are deleted before a run goes on, and asked about again."""
    storage = _written(tmp_path, BLOCKS)
    _breaks_after(steps, monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        storage.forget_failed()
    monkeypatch.undo()
    storage.tidy()
    assert sorted(key for keys in storage.known() for key in keys) == _keys(tmp_path, "checkpoint")
    keys = _keys(tmp_path, "documents")
    assert keys == _keys(tmp_path, "checkpoint")
    assert len(keys) == len(set(keys))
    assert {"d"} <= set(keys) <= {"a", "b", "c", "d", "e"}


def _breaks_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writing, moving and deleting work so many times."""
    left = steps

    def counted(act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*given: Any, **more: Any) -> Any:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return act(*given, **more)

        return acted

    for name in ("_write", "_move", "_delete"):
        monkeypatch.setattr(RayStorage, name, counted(getattr(RayStorage, name)))


def test_rows_whose_keys_are_pending_do_not_count_as_failed(tmp_path: Path) -> None:
    storage = _written(tmp_path, {"x_000": {"a": "failed"}})
    keys = tmp_path / "checkpoint" / "x_000.parquet"
    keys.rename(keys.with_name("x_000.pending.parquet"))
    assert storage.forget_failed() == 0
    assert _keys(tmp_path, "documents") == ["a"]


def test_what_a_second_attempt_left_half_written_is_asked_again(tmp_path: Path) -> None:
    """The first was committed and its worker lost, the second has the same name."""
    storage = _written(tmp_path, BLOCKS)
    keys = tmp_path / "checkpoint" / "x_000.parquet"
    (tmp_path / "checkpoint" / "x_000.pending.parquet").write_bytes(keys.read_bytes())
    (tmp_path / "documents" / "x_000-0.parquet").write_bytes(b"PAR1")
    storage.tidy()
    for part in ("documents", "checkpoint"):
        assert _keys(tmp_path, part) == ["d", "e"]


def test_rows_without_keys_are_no_rows(tmp_path: Path) -> None:
    storage = _written(tmp_path, BLOCKS)
    (tmp_path / "documents" / "x_009-0.parquet").write_bytes(b"PAR1")  # by an orphan
    assert sorted(key for _, keys in storage.places() for key in keys) == list("abcde")
    storage.tidy()
    assert not (tmp_path / "documents" / "x_009-0.parquet").exists()


def test_a_place_has_one_run(tmp_path: Path) -> None:
    storage = RayStorage(str(tmp_path / "rows"))
    storage.claim("mine")
    storage.refuse_other("mine")
    RayStorage(str(tmp_path / "rows")).claim("another's")  # nothing was written yet
    with pytest.raises(InputError, match="not those of this run"):
        storage.refuse_other("mine")
    _written(tmp_path / "rows", BLOCKS)
    with pytest.raises(InputError, match="are there already"):
        storage.claim("a third")
    with pytest.raises(InputError, match="not those of this run"):
        RayStorage(str(tmp_path / "none")).refuse_other("mine")


@pytest.mark.parametrize("uri", ["s3://key:secret@b/x", "s3://b/x?secret_key=abc"])
def test_a_key_in_a_uri_is_refused(uri: str) -> None:
    with pytest.raises(InputError, match="holds a key") as raised:
        RayStorage(uri)
    assert "secret@" not in str(raised.value)
    assert "abc" not in str(raised.value)


def test_a_uri_and_its_path_are_one_place(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    _written(folder, BLOCKS)
    for uri in (str(folder), f"file://{tmp_path}/a%20b", f"file://{tmp_path}/a%20b/"):
        assert RayStorage(uri).count({}) == 5
        assert RayStorage(uri).documents == f"{folder}/documents"


def test_rows_are_not_deleted_where_somebody_has_deleted_all_keys(tmp_path: Path) -> None:
    storage = _written(tmp_path, BLOCKS)
    for keys in (tmp_path / "checkpoint").iterdir():
        keys.unlink()
    with pytest.raises(InputError, match="the keys of the rows are gone"):
        storage.tidy()
    assert _keys(tmp_path, "documents") == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("folder", ["documents", "checkpoint"])
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, folder: str) -> None:
    storage = _written(tmp_path, BLOCKS)
    for path in (tmp_path / folder).iterdir():
        path.write_bytes(b"no Parquet at all")
    with pytest.raises(StorageError, match="rows cannot be read or written there"):
        list(storage.known() if folder == "checkpoint" else storage.places())


def test_a_run_folder_with_a_colon_is_no_half_uri(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert storage_of(Path("march:2"), None).uri == f"{tmp_path}/march:2/ray"
    assert storage_of(Path("run"), "rows").uri == f"{tmp_path}/rows"


def test_there_is_nothing_before_anything_is_written(tmp_path: Path) -> None:
    storage = RayStorage(str(tmp_path / "none"))
    assert storage.count({}) == 0
    assert list(storage.places()) == []


def test_a_file_that_is_being_written_is_not_counted(tmp_path: Path) -> None:
    storage = _written(tmp_path, BLOCKS)
    (tmp_path / "documents" / "x_003-0.parquet").write_bytes(b"PAR1")
    assert storage.count({}) == 5


@pytest.mark.parametrize("uri", ["foo://x", "s3://", "file:///", "s3:/bucket/x", "gs:x"])
def test_a_place_that_cannot_be_is_refused_in_one_sentence(uri: str) -> None:
    with pytest.raises(InputError, match="results cannot be written there"):
        RayStorage(uri)
