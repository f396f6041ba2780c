"""Files that plugins read are documents like others; what a plugin breaks on is one that failed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from plugin_packages import Site

from extractor import Document
from extractor.batch.input_document import InputDocument
from extractor.batch.input_stream import count_documents, stream_documents
from extractor.errors import InputError

LOADERS = """
from extractor import Document
from extractor.errors import InputError

def text(raw, path):
    return raw.decode() + path.suffix

def document(raw, path):
    names = {"id": "other", "source": "elsewhere", "title": "A\\nB", "published": "2021"}
    return Document(text=raw.decode(), **names)

def many(raw, path):
    for line in raw.decode().splitlines():
        if line == "stop":
            raise ValueError(line)
        yield Document(text=line, title=line) if line else 7

def knows(raw, path):
    raise InputError("page 3 is torn.")

def breaks(raw, path):
    raise SystemExit(raw.decode())

def lazily(raw, path):
    yield from ()
    raise InputError("the index is torn")

class Reader:
    def __call__(self, raw, path):
        yield "one"
        yield "two"

reader = Reader()
nothing = lambda raw, path: None
empty = lambda raw, path: ""
nul = lambda raw, path: "a\\0b"
"""
NAMES = "text document many knows breaks lazily reader nothing empty nul".split()


@pytest.fixture
def folder(site: Site, tmp_path: Path) -> Path:
    entries = {name: f"loaders:{name}" for name in NAMES}
    entries |= {"absent": "loaders:absent", "txt": "loaders:text", "Big": "loaders:text"}
    site.install("acme", {"loaders": entries}, {"loaders.py": LOADERS})
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


def only(path: Path, content: str = "7 ships") -> InputDocument:
    path.write_text(content, "utf-8")
    (document,) = stream_documents([path])
    assert count_documents([path]) == 1
    return document


def test_a_text_becomes_a_document_under_the_files_name(folder: Path) -> None:
    path = folder / "a.text"
    read = only(path).read()
    assert read == Document(text="7 ships.text", id="a", source=str(path))


def test_a_packed_file_is_unpacked_first(folder: Path) -> None:
    path = folder / "a.text.gz"
    path.write_bytes(gzip.compress(b"7 ships"))
    (document,) = stream_documents([path])
    assert (document.id, document.read().text) == ("a", "7 ships.gz")


def test_a_document_keeps_its_title_and_date_and_gets_the_runs_names(folder: Path) -> None:
    read = only(folder / "a.document").read()
    assert (read.id, read.source) == ("a", str(folder / "a.document"))
    assert (read.title, read.published) == ("A\\nB", "2021")


def test_a_generator_gives_many_and_each_stands_for_itself(folder: Path) -> None:
    path = folder / "in.many"
    path.write_text("7 ships\n\n8 ships\nstop\n9 ships", "utf-8")
    first, bad, second, stopped = stream_documents([folder])
    assert [one.id for one in (first, bad, second, stopped)] == ["in:1", "in:2", "in:3", "in:4"]
    assert first.read().title == "7 ships"
    assert second.read().text == "8 ships"
    assert first.read() == first.read()
    with pytest.raises(InputError, match=r"in.many:2: its loader gives no text .* but int\."):
        bad.read()
    with pytest.raises(InputError, match=r"the plugin 'many' .* cannot read it \(ValueError in"):
        stopped.read()
    assert count_documents([folder]) == 4


def test_an_object_that_yields_gives_many(folder: Path) -> None:
    (folder / "a.reader").write_text("x", "utf-8")
    assert [one.read().text for one in stream_documents([folder])] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("knows", r"a\.knows: page 3 is torn\.$"),
        ("breaks", r"a\.breaks: the plugin 'breaks' .* cannot read it \(SystemExit in loaders\.py"),
        ("lazily", r"a\.lazily: the index is torn\.$"),
        ("nothing", r"gives no text and no Document, but NoneType\.$"),
        ("empty", r"there is no text in it\.$"),
        ("nul", "NUL"),
        ("many", "there is no document in this file"),
    ],
)
def test_what_cannot_be_read_is_a_document_that_says_why(folder: Path, name: str, why: str) -> None:
    document = only(folder / f"a.{name}", "" if name == "many" else "sk-secret")
    assert document.id == "a"
    with pytest.raises(InputError, match=why) as caught:
        document.read()
    assert "sk-secret" not in str(caught.value)


def test_a_broken_plugin_fails_the_files_that_are_come_upon(folder: Path) -> None:
    (folder / "a.absent").write_text("x", "utf-8")
    (folder / "b.text").write_text("7 ships", "utf-8")
    broken, good = stream_documents([folder])
    assert good.read().text == "7 ships.text"
    with pytest.raises(InputError, match=r"The plugin 'absent' .* has no attribute 'absent'\)\.$"):
        broken.read()
    assert count_documents([folder]) == 2
    with pytest.raises(InputError, match=r"a\.absent: The plugin 'absent'"):
        stream_documents([folder / "a.absent"])


def test_names_that_are_ours_or_no_suffixes_are_told_and_left_out(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert only(folder / "a.txt").read().text == "7 ships"
    (folder / "b.Big").write_text("x", "utf-8")
    with pytest.raises(InputError, match=r"documents are \.txt, .*\.absent, .* and \.text files"):
        stream_documents([folder / "b.Big"])
    assert (
        "'txt' (claim_extractor.loaders, of acme 1.0) is left out: its name is the" in caplog.text
    )
    assert "'Big' (claim_extractor.loaders, of acme 1.0) is left out: its name is no" in caplog.text


def test_without_plugins_other_files_are_no_documents(site: Site, tmp_path: Path) -> None:
    site.look_again()
    path = tmp_path / "a.text"
    path.write_text("7 ships", "utf-8")
    with pytest.raises(InputError, match="documents are"):
        stream_documents([path])
