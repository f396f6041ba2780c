"""Web pages: main text, title and date kept apart."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.batch.input_html import LARGEST_PAGE
from extractor.batch.input_stream import stream_documents
from extractor.errors import InputError

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}">
<title>Ships &amp; sails | News</title>
<meta property="article:published_time" content="2021-03-04T10:00:00Z"></head>
<body><nav><a href="/">Home 1</a> <a href="/about">About 2</a></nav>
<article><h1>Ships &amp; sails</h1>
<p>Ten ships sailed on Tuesday from Zürich, and 5,000 people watched them leave the harbour.</p>
<script>var n = 99;</script><p>Two came back after &lt;b&gt; 3 weeks.</p></article>
<footer>Copyright 2020, all 7 rights reserved</footer></body></html>"""


def test_a_page_is_its_main_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE.format(charset="utf-8"), "utf-8")
    (tmp_path / "b.htm").write_bytes(PAGE.format(charset="iso-8859-15").encode("iso-8859-15"))
    (tmp_path / "c.html.gz").write_bytes(gzip.compress(PAGE.format(charset="utf-8").encode()))
    documents = [document.read() for document in stream_documents([tmp_path])]
    assert [document.id for document in documents] == ["a", "b", "c"]
    for document in documents:
        assert (document.title, document.published) == ("Ships & sails", "2021-03-04")
        assert "Ten ships sailed on Tuesday from Zürich, and 5,000 people" in document.text
        assert "Two came back after <b> 3 weeks." in document.text
        for furniture in ("Home", "99", "Copyright", "<p>"):
            assert furniture not in document.text
    assert documents[1].encoding in {"iso8859_15", "cp1252"}


def test_no_date_is_guessed_from_the_text(tmp_path: Path) -> None:
    page = "<p>On 5 May 2019 ten ships sailed, and 5,000 people watched them leave.</p>" * 5
    (tmp_path / "a.html").write_text(f"<html><body><article>{page}</article></body></html>")
    (document,) = stream_documents([tmp_path])
    assert document.read().published is None


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        (b"", "no main text"),
        (b"<html><body></body></html>", "no main text"),
        (b"<html>\x00", "NUL bytes"),
        (b"<div>" * 50_000 + b"Ten ships", "no main text"),
        (b" " * (LARGEST_PAGE + 1), "larger than 4 MiB"),
    ],
)
def test_a_page_that_gives_nothing_is_told(tmp_path: Path, markup: bytes, message: str) -> None:
    (tmp_path / "a.html").write_bytes(markup)
    (document,) = stream_documents([tmp_path])
    with pytest.raises(InputError, match=message):
        document.read()


def test_the_reader_of_pages_says_nothing_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("")
    code = CODE.replace('sys.modules["trafilatura"] = ', "")
    done = subprocess.run(
        [sys.executable, "-c", code, "a.html"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == (
        "a.html: there is no main text to be found in this page.\n",
        "",
    )


CODE = """
import sys
sys.modules["trafilatura"] = sys.modules["pyarrow"] = None  # as if they were not installed
from extractor.batch.input_stream import stream_documents
from extractor.errors import InputError
for name in sys.argv[1:]:
    try:
        print([document.read().text for document in stream_documents([name])])
    except InputError as error:
        print(error)
"""


def test_what_is_not_installed_is_told(tmp_path: Path) -> None:
    for name in ("a.html", "b.parquet", "docs/c.htm"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Ten")
    done = subprocess.run(
        [sys.executable, "-c", CODE, "a.html", "b.parquet", "docs"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path(__file__).parent.parent.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    page, table, folder = done.stdout.splitlines()
    assert page.startswith("a.html: web pages are read by trafilatura, which is not installed; pip")
    assert table.startswith("b.parquet: Parquet files are read by pyarrow")
    assert folder.startswith("docs/c.htm: web pages are read by trafilatura")
