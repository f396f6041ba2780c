"""Which documents a run comes upon: files, folders, patterns, lists, standard input."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.batch import input_bytes
from extractor.batch.input_document import InputOptions
from extractor.batch.input_stream import count_documents, stamp_of, stream_documents
from extractor.errors import InputError


def write(folder: Path, *names: str, text: str = "Ten ships.") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def ids(*named: str | Path, options: InputOptions | None = None) -> list[str]:
    found = [document.id for document in stream_documents(named, options)]
    assert count_documents(named, options) == len(found)
    return found


def test_a_folder_gives_its_documents_sorted_with_ids_below_it(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a.md", "sub/deep/c.txt", ".hidden/d.txt", ".e.txt", "f.pdf", "sub.md")
    assert ids(tmp_path) == ["a", "b", "sub/deep/c", "sub"]


def test_documents_are_read_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Ten ships.\r\nEleven\tboats.\r")
    (document,) = stream_documents([tmp_path / "a.txt"])
    read = document.read()
    assert (read.text, read.id, read.encoding) == ("Ten ships.\r\nEleven\tboats.\r", "a", "utf-8")
    assert read.source == document.source == str(tmp_path / "a.txt")
    assert document.path == tmp_path / "a.txt"
    assert document.read() == read


def test_names_are_taken_in_the_order_in_which_they_are_given(tmp_path: Path) -> None:
    write(tmp_path, "z/one.txt", "a/two.txt", "m.md")
    assert ids(tmp_path / "z", str(tmp_path / "m.md"), tmp_path / "a") == ["one", "m", "two"]


def test_a_gzip_file_is_the_document_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.TXT.gz").write_bytes(gzip.compress(b"Ten ships."))
    (document,) = stream_documents([tmp_path])
    assert (document.id, document.read().text) == ("a", "Ten ships.")


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("docs/**/*.txt", ["a", "b/c", "b/d/e"]),
        ("docs/*.txt", ["a"]),
        ("docs/*/*", ["b/c"]),
        ("do[bc]s/b/?.txt", ["docs/b/c"]),
        ("**/e.*", ["docs/b/d/e"]),
    ],
)
def test_a_pattern_gives_what_it_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, expected: list[str]
) -> None:
    write(tmp_path, "docs/a.txt", "docs/f.md", "docs/b/c.txt", "docs/b/d/e.txt", "docs/.g/h.txt")
    monkeypatch.chdir(tmp_path)
    assert ids(pattern) == expected


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    write(tmp_path, "a[1].txt", "a1.txt")
    assert ids(tmp_path / "a[1].txt") == ["a[1]"]


@pytest.mark.parametrize(
    ("ignore", "expected"),
    [
        ("*.md", ["a", "drafts/c", "old/drafts/d"]),
        ("drafts", ["a", "b"]),
        ("drafts/", ["a", "b"]),
        ("a.txt/", ["a", "b", "drafts/c", "old/drafts/d"]),
        ("/drafts/*", ["a", "b", "old/drafts/d"]),
        ("**/drafts/*.txt", ["a", "b"]),
        ("old/*", ["a", "b", "drafts/c"]),
        ("/", ["a", "b", "drafts/c", "old/drafts/d"]),
    ],
)
def test_what_is_ignored_is_left_out(tmp_path: Path, ignore: str, expected: list[str]) -> None:
    write(tmp_path, "a.txt", "b.md", "drafts/c.txt", "old/drafts/d.txt")
    assert ids(tmp_path, options=InputOptions(ignore=(ignore,))) == expected


def test_what_is_named_itself_is_not_ignored(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    assert ids(tmp_path / "a.txt", options=InputOptions(ignore=("*.txt",))) == ["a"]


def test_a_list_names_files_and_folders_and_nothing_in_it_stops_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "x/a.txt", "y/a.txt", "z/b.md", "skipped/c.txt", "photo.png")
    (tmp_path / "empty").mkdir()
    names = "./x/a.txt\n\ny/a.txt\r\ngone.txt\nphoto.png\nempty\nskipped/c.txt\nz\nnul\x00.txt"
    (tmp_path / "files.list").write_text(names, "utf-8")
    monkeypatch.chdir(tmp_path)
    options = InputOptions(ignore=("skipped",))
    assert ids("@files.list", options=options) == [
        *("x/a", "y/a", "gone", "photo.png", "empty", "z/b", "nul\\u0000")
    ]
    reasons = []
    for document in stream_documents(["@files.list"], options):
        try:
            document.read()
        except InputError as error:
            reasons.append(str(error))
    assert [reason.partition(": ")[0] for reason in reasons] == [
        *("gone.txt", "photo.png", "empty", "nul\\u0000.txt")
    ]
    assert "No such file" in reasons[0]


def test_standard_input_is_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbfTen ships.")))
    assert count_documents(["-"]) == 1
    (document,) = stream_documents(["-"])
    assert (document.id, document.path) == ("stdin", None)
    assert document.read() == document.read()
    assert document.read().text == "Ten ships."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "there is no such file or folder"),
        ("gone/*.txt", "there is no document that this pattern fits"),
        ("nothing", "there is no document in this folder; documents are .txt, .md"),
        ("photo.png", "documents are .txt, .md, .html, .htm, .jsonl, .csv and .parquet files"),
        ("two\nlines.txt", r"two\\nlines.txt: there is no such file"),
        ("@gone.list", "gone.list: cannot be read"),
        ("@empty.list", "no file is named in this list"),
    ],
)
def test_a_name_that_gives_nothing_is_told_before_the_first_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    write(tmp_path, "a.txt", "nothing/.hidden.txt", "nothing/x.png", "photo.png", "empty.list")
    (tmp_path / "empty.list").write_text("\n\n")
    monkeypatch.chdir(tmp_path)
    for call in (stream_documents, count_documents):
        with pytest.raises(InputError, match=message):
            call(["a.txt", name])


def test_links_to_folders_are_not_followed_and_links_to_files_are(tmp_path: Path) -> None:
    write(tmp_path, "a/x.txt")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "y.txt").symlink_to("x.txt")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert ids(tmp_path) == ["a/x", "a/y", "loop"]
    assert ids(tmp_path / "a" / "up") == ["a/x", "a/y", "loop"]
    *_, loop = stream_documents([tmp_path])
    with pytest.raises(InputError, match=r"loop\.txt: cannot be read"):
        loop.read()


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (document,) = stream_documents([tmp_path])
    with pytest.raises(InputError, match="no regular file"):
        document.read()


@pytest.fixture
def deep_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder nested deeper than calls can be, and than one path can say."""
    depth, before = 2100, Path.cwd()
    os.chdir(tmp_path)
    for _ in range(depth):
        os.mkdir("d")  # noqa: PTH102 - step by step: the whole path would be too long
        os.chdir("d")
    yield tmp_path
    for _ in range(depth):  # pytest cannot remove it
        os.chdir("..")
        os.rmdir("d")  # noqa: PTH106
    os.chdir(before)


def test_folders_deeper_than_calls_and_paths_can_be(deep_folder: Path) -> None:
    write(deep_folder, "z.txt")
    bottom, last = stream_documents([deep_folder])
    assert last.id == "z"
    with pytest.raises(InputError, match=r"cannot be listed \(File name too long\)"):
        bottom.read()


def test_a_document_above_the_bound_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.seek(input_bytes.LARGEST)
        file.write(b"x")
    with gzip.open(tmp_path / "b.txt.gz", "wb", compresslevel=1) as packed:
        for _ in range(65):
            packed.write(b" " * 2**20)
    for document in stream_documents([tmp_path]):
        with pytest.raises(InputError, match="larger than 64 MiB"):
            document.read()
    monkeypatch.setattr(sys, "stdin", (tmp_path / "a.txt").open())
    (document,) = stream_documents(["-"])
    with pytest.raises(InputError, match="standard input: larger than 64 MiB"):
        document.read()
    sys.stdin.close()


def test_names_that_are_no_text_are_told_safely(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path)
    for name in (b"\xff.txt", b"a\nb.txt", b"c\x1b[2J.txt", "\u202etxt.md".encode()):
        Path(os.fsdecode(raw + b"/" + name)).write_text("Ten ships.")
    documents = list(stream_documents([tmp_path]))
    expected = ["\\u202etxt", "a\\nb", "c\\u001b[2J", "\\udcff"]
    assert sorted(document.id for document in documents) == sorted(expected)
    for document in documents:
        assert document.source.isprintable()
        assert document.read().text == "Ten ships."


def test_the_stamp_of_a_file_changes_with_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Ten")
    first = stamp_of(path)
    assert first == stamp_of(str(path)) == f"3:{path.stat().st_mtime_ns}"
    path.write_text("Eleven")
    assert stamp_of(path) != first
    for gone in ("gone", "nul\x00"):
        with pytest.raises(InputError):
            stamp_of(tmp_path / gone)


def test_nothing_is_listed_before_it_is_wanted(tmp_path: Path) -> None:
    write(tmp_path, "a/1.txt", "b/2.txt")
    documents = stream_documents([tmp_path])
    assert next(documents).id == "a/1"
    write(tmp_path, "b/3.txt")
    assert [document.id for document in documents] == ["b/2", "b/3"]


def test_importing_the_stream_loads_none_of_its_readers() -> None:
    heavy = ("pyarrow", "trafilatura", "lxml", "charset_normalizer", "pydantic", "rich")
    code = f"""
import sys
import extractor.batch.input_stream
print(*[name for name in {heavy!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == []


def test_an_empty_name_is_no_folder() -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        stream_documents([""])
