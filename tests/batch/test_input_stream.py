"""Documents out of files, folders, patterns, lists and tables, one after the other."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from extractor.batch.input_rows import Columns
from extractor.batch.input_stream import (
    InputDocument,
    InputOptions,
    count_documents,
    stream_documents,
)
from extractor.errors import InputError
from extractor.text import Document

PLAIN = InputOptions()
NAMED = InputOptions(Columns("body", "key", "day"))
PAGE = """<html><head><title>Ships lost</title>
<meta property="article:published_time" content="2026-03-04"></head><body>
<nav><a href="/">Home 404</a></nav><article><h1>Ships lost</h1>
<p>Orle said on Tuesday that 61 of its sailors were killed in the storm near the coast.</p>
<p>A second ship with 340 people on board reached the harbour of Ames in the evening.</p>
</article><footer>Call 555 1234</footer></body></html>"""


def stream(*named: str | Path, options: InputOptions = PLAIN) -> list[InputDocument]:
    return list(stream_documents([str(name) for name in named], options))


def texts(documents: list[InputDocument]) -> dict[str, str]:
    return {document.id: document.read().text for document in documents}


def why_not(document: InputDocument) -> str:
    with pytest.raises(InputError) as told:
        document.read()
    return str(told.value)


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_folder_gives_its_files_in_order_with_ids_below_it(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/deep/d.txt.gz", ".git/x.txt", "e.pdf"):
        write(tmp_path / name, gzip.compress(b"packed") if name.endswith("gz") else name)
    assert [document.id for document in stream(tmp_path)] == ["a", "b", "sub/c", "sub/deep/d"]
    assert texts(stream(tmp_path))["sub/deep/d"] == "packed"
    assert count_documents([str(tmp_path)], PLAIN) == 4


def test_patterns_lists_and_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("docs/a.txt", "docs/drafts/b.txt", "docs/c.md", "more/d.txt"):
        write(tmp_path / name, name)
    assert [one.id for one in stream("docs/**/*.txt")] == ["docs/a", "docs/drafts/b"]
    kept = stream("docs", options=InputOptions(ignore=("drafts/*", "*.md")))
    assert [one.id for one in kept] == ["a"]
    write(tmp_path / "list.txt", "docs/a.txt\n\nmore\n")
    assert [one.source for one in stream("@list.txt")] == ["docs/a.txt", "more/d.txt"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.txt", "no such file"),
        ("empty", "there is no document"),
        ("a.pdf", "this is none of .txt"),
        ("*.nothing", "no document is of this pattern"),
    ],
)
def test_what_cannot_be_an_input_is_told(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "a.pdf", "x")
    with pytest.raises(InputError, match=said):
        stream(tmp_path / name)


def test_rows_of_jsonl(tmp_path: Path) -> None:
    rows = [
        json.dumps({"body": "one 1", "key": "first", "day": "2026-01-02"}),
        "",
        "{broken",
        json.dumps(["no object"]),
        json.dumps({"body": 5, "key": "third"}),
        json.dumps({"body": "no key"}),
        '{"body": "caf\\u00e9 \\ud800", "key": "odd"}',
    ]
    path = write(tmp_path / "news.jsonl", "\n".join(rows))
    documents = stream(path, options=NAMED)
    assert documents[0].read() == Document("one 1", "first", f"{path}:1", "2026-01-02")
    assert [one.id for one in documents][1:3] == ["news:2", "news:3"]
    assert "no JSON" in why_not(documents[1])
    assert "no JSON object" in why_not(documents[2])
    assert "holds no text" in why_not(documents[3])
    assert "it has no 'key'" in why_not(documents[4])
    assert documents[5].read().text == "café \ud800"
    assert count_documents([str(path)], NAMED) == 6


def test_rows_of_csv(tmp_path: Path) -> None:
    path = write(
        tmp_path / "n.csv.gz", gzip.compress(b'key,body\na,"two\nlines, 2"\nb,"bare "q"\n')
    )
    first, broken = stream(path, options=InputOptions(Columns("body", "key")))
    assert first.read().text == "two\nlines, 2"
    assert "the rest of it cannot be read" in why_not(broken)
    with pytest.raises(
        InputError, match=r"no column 'text' \(it has 'key', 'body'\).*--text-column"
    ):
        stream(path)


def test_rows_of_parquet(tmp_path: Path) -> None:
    table = pa.table({"body": [f"text {n}" for n in range(120)], "key": list(range(120))})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=30)
    options = InputOptions(Columns("body", "key"))
    documents = stream(tmp_path / "t.parquet", options=options)
    assert texts(documents) == {str(n): f"text {n}" for n in range(120)}
    assert count_documents([str(tmp_path)], options) == 120
    write(tmp_path / "broken.parquet", b"PAR1 nothing PAR1")
    (broken,) = stream(tmp_path / "broken.parquet", options=options)
    assert "cannot be read" in why_not(broken)


def test_a_page_gives_its_main_text_with_title_and_date_apart(tmp_path: Path) -> None:
    (document,) = stream(write(tmp_path / "p.html", PAGE))
    read = document.read()
    assert "61 of its sailors" in read.text
    assert "555" not in read.text
    assert (read.title, read.published) == ("Ships lost", "2026-03-04")
    (empty,) = stream(write(tmp_path / "e.html", "<html></html>"))
    assert "no main text" in why_not(empty)


def test_encodings_are_detected_and_said(tmp_path: Path) -> None:
    german = "In der Stadt fehlten 61 Häuser; über 340 Männer und Frauen müssen fliehen. " * 4
    for name, encoding in (("a", "utf-8"), ("b", "utf-8-sig"), ("c", "utf-16"), ("d", "cp1252")):
        write(tmp_path / f"{name}.txt", german.encode(encoding))
    read = [document.read() for document in stream(tmp_path)]
    assert [document.text for document in read] == [german] * 4
    assert [document.encoding for document in read][:3] == ["utf-8", "utf-8", "utf-16"]
    assert read[3].encoding not in (None, "utf-8")


def hostile(folder: Path) -> Iterator[str]:
    """A thousand inputs that nobody would send in good faith; the ids under which they come."""
    broken = gzip.compress(b"text " * 500)[:-9]
    makers: list[tuple[str, bytes]] = [
        ("nul{}.txt", b"61 \x00 died"),
        ("empty{}.txt", b""),
        ("marks{}.txt", "\u202e61\u200f died\u2066".encode()),
        ("controls{}.md", b"\x1b[2J61 died\x07"),
        ("gzip{}.txt.gz", broken),
        ("nogzip{}.txt.gz", b"plain"),
        ("page{}.html", b"<html><body>" + b"<div>" * 400),
        ("rows{}.jsonl", b'{"text": "\\ud800 61"}\n{"text": \n'),
        ("bare{}.csv", b'text\n"a" b"\n'),
        ("table{}.parquet", b"PAR1" + b"\xff" * 40),
        ("bytes{}.txt", bytes(range(1, 256))),
        ("new\nline{}.txt", b"61 died"),
    ]
    for number in range(83):
        for name, data in makers:
            path = folder / name.format(number)
            path.write_bytes(data)
            stem = path.name.split(".", maxsplit=1)[0]
            if ".jsonl" in name:
                yield from (f"{stem}:{row}" for row in (1, 2))
            elif ".csv" in name or ".parquet" in name:
                yield f"{stem}:1"
            else:
                yield stem
    (folder / "line.txt").write_bytes(b"61 died " * (10 * 2**20 // 8))
    yield "line"
    (folder / "loop").symlink_to(folder)
    (folder / "dangling.txt").symlink_to(folder / "nowhere")
    yield "dangling"
    os.mkfifo(folder / "pipe.txt")
    yield "pipe"


def test_a_thousand_hostile_inputs_are_each_accounted_for(tmp_path: Path) -> None:
    wanted = sorted(hostile(tmp_path))
    assert len(wanted) > 1000
    found = []
    for document in stream(tmp_path):
        found.append(document.id)
        try:
            document.read()
        except InputError:  # anything else fails the test
            continue
    assert sorted(found) == wanted
