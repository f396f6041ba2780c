"""Files in a storage, which here is the disk: listed, fetched, and refused in one sentence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from extractor.errors import InputError
from extractor.scale.ray_uris import fetched, refuse_secret_in, uri_files


@pytest.fixture
def bucket(tmp_path: Path) -> Path:
    folder = tmp_path / "a bucket"
    (folder / "2026" / "03").mkdir(parents=True)
    (folder / "2026" / "b.txt").write_text("Some 12 boats sank.", encoding="utf-8")
    (folder / "2026" / "03" / "a.txt.gz").write_bytes(gzip.compress(b"Some 13 boats sank."))
    (folder / "2026" / "notes.docx").write_bytes(b"no document")
    return folder


def _uri(path: Path) -> str:
    return path.as_uri()


def test_a_folder_gives_its_documents_in_order(bucket: Path) -> None:
    files = uri_files(_uri(bucket) + "/")
    assert [file.id for file in files] == ["2026/03/a", "2026/b"]
    assert files[1].uri == f"file://{bucket}/2026/b.txt"


def test_a_file_is_itself(bucket: Path) -> None:
    (file,) = uri_files(_uri(bucket / "2026" / "b.txt"))
    assert file.id == "b"
    (bucket / "2026" / "b.txt").write_text("Some 14 boats sank now.", encoding="utf-8")
    (later,) = uri_files(_uri(bucket / "2026" / "b.txt"))
    assert later.stamp != file.stamp


def test_it_is_on_the_disk_as_it_is_while_it_is_read(bucket: Path) -> None:
    packed, plain = uri_files(_uri(bucket))
    with fetched(plain) as found:
        assert found.path.read_text("utf-8") == "Some 12 boats sank."
        assert found.id == "2026/b"
    assert not found.path.exists()
    with fetched(packed) as found:
        assert gzip.decompress(found.path.read_bytes()) == b"Some 13 boats sank."


def test_what_is_gone_when_it_is_fetched_is_told(bucket: Path) -> None:
    (file,) = uri_files(_uri(bucket / "2026" / "b.txt"))
    (bucket / "2026" / "b.txt").unlink()
    with pytest.raises(InputError, match="cannot be fetched"), fetched(file):
        pass


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("none", "there is no such file or folder"),
        ("2026/notes.docx", "there is no document there"),
    ],
)
def test_where_there_is_no_document_it_says_so(bucket: Path, name: str, what: str) -> None:
    with pytest.raises(InputError, match=what):
        uri_files(_uri(bucket / name))


def test_what_is_no_storage_is_told() -> None:
    with pytest.raises(InputError, match="cannot be looked at"):
        uri_files("foo://bucket/x.parquet")


@pytest.mark.parametrize("uri", ["s3://me:key@bucket/x", "s3://bucket/x?secret_key=key"])
def test_a_key_is_refused(uri: str) -> None:
    with pytest.raises(InputError, match="A URI holds a key"):
        refuse_secret_in(uri)


@pytest.mark.parametrize("uri", ["abfs://container@account/x", "s3://bucket/x?region=eu-central-1"])
def test_what_is_no_key_is_not(uri: str) -> None:
    refuse_secret_in(uri)
