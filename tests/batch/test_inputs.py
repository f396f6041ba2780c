"""Which documents a run is over, and the folder that it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.batch.inputs import find_documents
from extractor.batch.run_folder import new_run_folder, write_record
from extractor.errors import InputError


def test_a_folder_gives_its_text_files_sorted_with_ids_below_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden/d.txt", "e.pdf"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    assert [document.id for document in find_documents([tmp_path])] == ["a", "b", "sub/c"]


def test_a_file_named_twice_is_one_document(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x", "utf-8")
    assert len(find_documents([path, tmp_path])) == 1


def test_two_documents_with_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md"):
        (tmp_path / name).write_text("x", "utf-8")
    with pytest.raises(InputError, match="both be called 'a'"):
        find_documents([tmp_path])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "f"
    target.mkdir()  # a folder in its place: the rename must fail
    with pytest.raises(InputError, match="cannot be written"):
        write_record(target, {"new": 1})
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_run_folder_must_be_empty(tmp_path: Path) -> None:
    assert new_run_folder(tmp_path / "runs" / "one").is_dir()
    (tmp_path / "runs" / "one" / "x").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="not empty"):
        new_run_folder(tmp_path / "runs" / "one")
