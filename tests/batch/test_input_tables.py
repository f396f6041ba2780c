"""Rows of JSON Lines, CSV and Parquet as documents; a bad one costs no other."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_stream import count_documents, stream_documents
from extractor.errors import InputError

COLUMNS = InputOptions(text_column="body", id_column="key", date_column="day")


def stream(path: Path, options: InputOptions | None = None) -> list[InputDocument]:
    documents = list(stream_documents([path], options))
    assert count_documents([path], options) == len(documents)
    return documents


def told(document: InputDocument) -> str:
    """The text of a document, or why there is none."""
    try:
        return document.read().text
    except InputError as error:
        message = str(error)
        assert message.isprintable()
        assert message.endswith(".")
        assert message.startswith(f"{document.source}: ")
        return "! " + message.removeprefix(f"{document.source}: ")


def json_file(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_a_json_line_is_a_document(tmp_path: Path) -> None:
    path = json_file(tmp_path / "articles.jsonl", {"text": "Ten."}, {"text": "Two\nlines.", "n": 1})
    documents = stream(path)
    assert [(one.id, one.source, one.path) for one in documents] == [
        ("articles:1", f"{path}:1", path),
        ("articles:2", f"{path}:2", path),
    ]
    read = documents[1].read()
    assert (read.text, read.id, read.source) == ("Two\nlines.", "articles:2", f"{path}:2")
    assert (read.published, read.encoding) == (None, "utf-8")


def test_columns_have_the_names_that_they_are_given(tmp_path: Path) -> None:
    rows = [
        {"body": "Ten.", "key": "a/1", "day": "5 May 2021", "text": "no"},
        {"body": "Eleven.", "key": 12, "day": None},
        {"body": "Twelve.", "key": 1.50, "day": 2021},
    ]
    path = json_file(tmp_path / "a.jsonl", *rows)
    path.write_text(path.read_text().replace("1.5,", "1.50,"))
    read = [document.read() for document in stream(path, COLUMNS)]
    assert [(one.text, one.id, one.published) for one in read] == [
        ("Ten.", "a/1", "5 May 2021"),
        ("Eleven.", "12", None),
        ("Twelve.", "1.50", "2021"),
    ]


def test_a_bad_json_line_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        b'\xef\xbb\xbf{"text": "Ten."}',
        b'{"text": "Ten',
        b"",
        b"[1, 2]",
        b'{"body": "x", "two\\nlines": 1}',
        b'{"text": null}',
        b'{"text": 10}',
        b'{"text": ["x"]}',
        b'{"text": "a\\u0000b"}',
        b'{"text": "\x00"}',
        b"[" * 200_000,
        b'{"text": "x", "n": ' + b"9" * 5000 + b"}",
        b'{"text": "lone \\ud800"}',
        b'{"text": "Twelve."}',
    ]
    path.write_bytes(b"\n".join(lines))
    documents = stream(path)
    assert [document.id for document in documents] == [
        f"a:{line}" for line in range(1, 15) if line != 3
    ]
    assert [told(document) for document in documents] == [
        "Ten.",
        "! not JSON (Unterminated string starting at, column 10).",
        "! a row is a JSON object.",
        "! there is no column 'text' in this row, only 'body', 'two\\\\nlines'.",
        "! column 'text' is empty.",
        "! column 'text' holds a number and no text.",
        "! column 'text' holds a list and no text.",
        "! this is not text (it holds NUL bytes).",
        "! this is not text (it holds NUL bytes).",
        "! not JSON that can be read (nested too deeply).",
        "x",
        "lone \ud800",
        "Twelve.",
    ]


def test_ids_and_dates_that_cannot_be_are_told(tmp_path: Path) -> None:
    rows = [
        {"body": "x"},
        {"body": "x", "key": " "},
        {"body": "x", "key": {"a": 1}},
        {"body": "x", "key": "k" * 513},
        {"body": "x", "key": "k", "day": [2021]},
        {"body": "ok", "key": "two\nlines\ud800", "day": "5\nMay"},
    ]
    *bad, good = stream(json_file(tmp_path / "a.jsonl", *rows), COLUMNS)
    assert [document.id for document in bad] == ["a:1", "a:2", "a:3", "a:4", "a:5"]
    assert [told(document) for document in bad] == [
        "! there is no id in column 'key'.",
        "! there is no id in column 'key'.",
        "! column 'key' holds an object and no id.",
        "! the id in column 'key' is longer than 512 characters.",
        "! column 'day' holds a list and no date.",
    ]
    assert (good.id, good.read().published) == ("two\\nlines\\ud800", "5\\nMay")


def test_csv_rows_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = '\ufeffkey,body,day\r\n1,"Ten, or ""so"".\nNext",2021-05-05\r\n\r\n2,Eleven,\r\n'
    path.write_bytes(text.encode())
    documents = stream(path, COLUMNS)
    assert [document.source for document in documents] == [f"{path}:2", f"{path}:5"]
    read = [document.read() for document in documents]
    assert [(one.text, one.id, one.published) for one in read] == [
        ('Ten, or "so".\nNext', "1", "2021-05-05"),
        ("Eleven", "2", None),
    ]
    assert [one.id for one in stream(path, InputOptions(text_column="body"))] == ["a:1", "a:2"]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_the_delimiter_is_what_makes_the_text_column_appear(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.csv").write_text(f"n{delimiter}text\n1{delimiter}Ten, or so\n")
    assert [told(document) for document in stream(tmp_path / "a.csv")] == ["Ten, or so"]


def test_a_bad_csv_row_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [
        b"n,text",
        b"1,Ten",
        b'2,"he said "no" loudly"',
        b'3,bare "quotes" inside',
        b'4,"never closed',
        b"5,Eleven",
        b"6,a\x00b",
        b"7",
        b"8,a,b",
        b"9,",
        b'10,"Twelve"',
    ]
    path.write_bytes(b"\n".join(rows))
    documents = stream(path)
    assert [document.source for document in documents] == [f"{path}:{n}" for n in range(2, 12)]
    assert [told(document) for document in documents] == [
        "Ten",
        "! not CSV (',' expected after '\"').",
        'bare "quotes" inside',
        "! a quoted cell is not closed up to line 7: this is not text (it holds NUL bytes).",
        "Eleven",
        "! this is not text (it holds NUL bytes).",
        "! there is no column 'text' in this row, only 'n'.",
        "! 3 cells for 2 columns.",
        "! column 'text' is empty.",
        "Twelve",
    ]


def test_a_quote_that_is_never_closed_does_not_take_the_rest(tmp_path: Path) -> None:
    rows = ["text", '"open', *(f"row {n}" for n in range(120_000))]
    (tmp_path / "a.csv").write_text("\n".join(rows))
    documents = stream(tmp_path / "a.csv")
    assert len(documents) == 120_001
    assert "not closed up to line 100002" in told(documents[0])
    assert [told(documents[n]) for n in (1, 120_000)] == ["row 0", "row 119999"]


def test_a_table_that_is_not_utf_8_is_decoded_by_one_encoding(tmp_path: Path) -> None:
    rows = ["n;text", "1;Ten", "2;café 5", "3;Der Müller zählt 7 größere Schiffe", "4;œuvre 8"]
    rows += [f"{n};Twenty" for n in range(20_000)]
    (tmp_path / "a.csv").write_bytes("\n".join(rows).encode("cp1252") + b"\n5;\x81\n6;caf\xc3\xa9")
    documents = stream(tmp_path / "a.csv")
    documents = [*documents[:4], *documents[-2:]]
    assert [told(document) for document in documents] == [
        "Ten",
        "café 5",
        "Der Müller zählt 7 größere Schiffe",
        "œuvre 8",
        "! neither UTF-8 nor cp1252, which other lines are in (byte 2).",
        "café",
    ]
    read = [document.read().encoding for document in (*documents[:2], documents[5])]
    assert read == ["utf-8", "cp1252", "utf-8"]


def test_parquet_rows_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    moment = datetime(2021, 5, 5, 10, 0, 0, tzinfo=UTC)
    table = pa.table(
        {
            "body": ["Ten.", "Eleven.", None, "Twelve."],
            "key": pa.array([1, 2, 3, 4], pa.int64()),
            "day": pa.array([moment, moment, moment, None], pa.timestamp("ns", "UTC")),
            "other": [b"x" * 1000] * 4,
        }
    )
    parquet.write_table(table, path, row_group_size=3)
    (tmp_path / "b.parquet.gz").write_bytes(gzip.compress(path.read_bytes()))
    for name in ("a.parquet", "b.parquet.gz"):
        documents = stream(tmp_path / name, COLUMNS)
        assert [told(one) for one in documents] == [
            *("Ten.", "Eleven.", "! column 'body' is empty.", "Twelve.")
        ]
        assert [one.id for one in documents] == ["1", "2", f"{name[0]}:3", "4"]
        assert documents[0].source == f"{tmp_path / name}:1"
        day = documents[0].read().published
        assert day is not None
        assert day.startswith("2021-05-05T10:00:00")
        assert documents[3].read().published is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2021, 5, 5), "2021-05-05"),
        (datetime(2021, 5, 5, 10, 30), "2021-05-05T10:30:00.000000"),  # noqa: DTZ001
        ("May 2021", "May 2021"),
        (Decimal("1.50"), "1.50"),
        (None, None),
    ],
)
def test_dates_of_parquet_are_text(tmp_path: Path, value: object, expected: str | None) -> None:
    parquet.write_table(pa.table({"text": ["x"], "d": [value]}), tmp_path / "a.parquet")
    (document,) = stream(tmp_path / "a.parquet", InputOptions(date_column="d"))
    assert document.read().published == expected


def test_parquet_text_may_be_bytes_and_other_types_are_refused(tmp_path: Path) -> None:
    for name, cells in {"a": ["é".encode()], "b": [5], "c": [["x"]], "d": [{"x": 1}]}.items():
        parquet.write_table(pa.table({"text": cells}), tmp_path / f"{name}.parquet")
    assert [told(document) for document in stream(tmp_path)] == [
        "é",
        "! column 'text' holds a number and no text.",
        "! column 'text' holds a list and no text.",
        "! column 'text' holds an object and no text.",
    ]


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_a_missing_column_is_told_at_once_for_a_table_named_itself(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    if name.endswith("l"):
        json_file(path, {"body": "x", "key": "k"})
    elif name.endswith("csv"):
        path.write_text("body,key\nx,k\n")
    else:
        parquet.write_table(pa.table({"body": ["x"], "key": ["k"]}), path)
    message = rf"{name}: there is no column 'text', only 'body', 'key'; .* --text-column"
    for call in (stream_documents, count_documents):
        with pytest.raises(InputError, match=message):
            call([path])
    with pytest.raises(InputError, match=r"there is no column 'day', only .* --date-column"):
        stream_documents([path], COLUMNS)
    # come upon in a folder it is told, and stops nothing
    (tmp_path / "z.txt").write_text("Ten")
    *bad, good = stream(tmp_path)
    assert (good.id, len(bad)) == ("z", 1)
    assert told(bad[0]).startswith("! there is no column 'text'")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
@pytest.mark.parametrize("raw", [b"", b"\x00\xff" * 100])
def test_a_table_that_is_none_is_accounted_for(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    (document,) = stream(tmp_path)
    assert told(document).startswith("!")


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".csv.gz"])
def test_a_table_that_breaks_off_gives_the_rows_before(tmp_path: Path, suffix: str) -> None:
    row = json.dumps({"text": "Ten."}) + "\n" if suffix == ".jsonl.gz" else "Ten.\n"
    head = "" if suffix == ".jsonl.gz" else "text\n"
    packed = gzip.compress((head + row * 100_000).encode())
    (tmp_path / f"a{suffix}").write_bytes(packed[: len(packed) // 2])
    *good, last = stream(tmp_path / f"a{suffix}")
    assert len(good) > 1000
    assert {told(document) for document in good} == {"Ten."}
    assert (last.id, told(last)) == (
        f"a:{len(good) + 1}",
        "! not a whole gzip file; pack it again.",
    )


def test_rows_below_a_folder_bear_the_path_of_their_table(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    json_file(tmp_path / "sub" / "news.jsonl", {"text": "Ten."})
    assert [document.id for document in stream(tmp_path)] == ["sub/news:1"]


def test_rows_are_read_as_they_are_wanted(tmp_path: Path) -> None:
    path = json_file(tmp_path / "a.jsonl", *({"text": str(n) * 1000} for n in range(1000)))
    documents = stream_documents([path])
    assert next(documents).read().text.startswith("0")
    with path.open("a") as file:
        file.write('{"text": "added"}\n')
    *_, last = documents
    assert last.read().text == "added"
