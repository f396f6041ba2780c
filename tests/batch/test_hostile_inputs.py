"""A thousand files that mean no good: each is accounted for once, by a text or by one sentence."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import tracemalloc
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from runs_in_process import run_over

from extractor.batch.export_files import csv_export, json_export
from extractor.batch.exports import export_rows
from extractor.batch.input_document import InputOptions
from extractor.batch.input_stream import stream_documents
from extractor.batch.ledger_reader import open_ledger
from extractor.batch.runner import RunPlan
from extractor.errors import InputError
from extractor.extraction import AskingPolicy
from extractor.model import ScriptedModel
from extractor.text import Document

FILES = 1000
SEED = 6
MARKS = "\u202e\u200f\u2066\u2028\u0085\ufeff\x1b[2J\x07\r\v\f\u00a0\U000e0041é水🚢"

_whole = pa.BufferOutputStream()
parquet.write_table(pa.table({"text": [f"Ten ships {n}." for n in range(200)]}), _whole)
PARQUET = _whole.getvalue().to_pybytes()


def words(chance: random.Random) -> str:
    letters = [*MARKS, *"abc 123,;\"'<>&\n\\{}[]"]
    return "".join(chance.choices(letters, k=chance.randrange(1, 200)))


def noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(1, 2000))


def nul(chance: random.Random) -> bytes:
    return words(chance).encode() + b"\x00" + noise(chance)


def empty(_: random.Random) -> bytes:
    return b""


def marked(chance: random.Random) -> bytes:
    return words(chance).encode(chance.choice(["utf-8", "utf-16", "utf-32", "utf-8-sig"]))


def odd_encoding(chance: random.Random) -> bytes:
    return ("Zürich zählt größere Schiffe, où à " * 3).encode(
        chance.choice(["latin-1", "cp1252", "cp850", "utf-7", "utf-16-le"])
    ) + bytes([chance.randrange(256)])


def surrogates(chance: random.Random) -> bytes:
    escape = "\\u" + chance.choice(["d800", "DFFF", "dbff", "0000", "202e"])
    return f'{{"text": "a {escape} b", "id": "{escape}"}}\n'.encode() * chance.randrange(1, 4)


def bad_json(chance: random.Random) -> bytes:
    lines = [
        *(b'{"text": "x', b"[" * 100_000, b"null", b"NaN", b'{"text": 1e999}', b'{"text": {}}'),
        *(b'{"text":"ok"}', b"", b"\xff\xfe", b'{"text": "x", "text": null}', b"9" * 9999),
    ]
    return b"\n".join(chance.choices(lines, k=5))


def bad_csv(chance: random.Random) -> bytes:
    rows = [b'1,"a "b" c"', b'2,"open', b'"', b'""""', b"3,ok", b"\x00", b",,,,", b"\r", b'4,a"b"']
    return b"id,text\n" + b"\n".join(chance.choices(rows, k=chance.randrange(12)))


def bad_html(chance: random.Random) -> bytes:
    parts = [
        *("<div>" * 300, "<p>Ten ships</p>", "<!--", "<script>", "]]>", "&#0;&#xD800;", "<?xml"),
        *("<table><tr>", "<![CDATA[", '<meta charset="utf-16">', words(chance), "<svg>", "</"),
    ]
    return "".join(chance.choices(parts, k=10)).encode()


def bad_parquet(chance: random.Random) -> bytes:
    raw = bytearray(PARQUET)
    for _ in range(chance.randrange(1, 20)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw[: chance.choice([len(raw), len(raw) // 2, 5])])


TEXTS, TABLES, PAGES = (".txt", ".md"), (".jsonl", ".csv", ".parquet"), (".html", ".htm")
SUFFIXES = (*TEXTS, *TABLES, *PAGES)
# what is in a file, and the kinds that it is most likely to do harm to
CONTENTS: list[tuple[Callable[[random.Random], bytes], tuple[str, ...]]] = [
    *((noise, TEXTS), (nul, TEXTS), (empty, TABLES), (marked, TEXTS), (odd_encoding, TEXTS)),
    *((surrogates, (".jsonl",)), (bad_json, (".jsonl",)), (bad_csv, (".csv",))),
    *((bad_html, PAGES), (bad_parquet, (".parquet",))),
]


def packed(raw: bytes, chance: random.Random) -> bytes:
    whole = bytearray(gzip.compress(raw, 1))
    match chance.randrange(5):
        case 0:
            return bytes(whole[: len(whole) // 2])
        case 1:
            whole[chance.randrange(len(whole))] ^= 0xFF
        case 2:
            whole += b"trailing"
        case 3:
            return raw
    return bytes(whole)


def name(number: int, suffix: str, chance: random.Random) -> bytes:
    odd = [
        b"",
        b"two\nlines",
        b"\xff\xfe",
        "\u202e".encode(),
        b"'\"$(x)`",
        b"[*]?",
        b"-",
        b"a" * 200,
    ]
    suffix = chance.choice([suffix, suffix, suffix.upper()])
    return chance.choice(odd) + str(number).encode() + suffix.encode()


def make(folder: Path, number: int, chance: random.Random) -> Path:
    """One hostile file, or link, or pipe; its path."""
    sub = folder / f"{number % 7}"
    sub.mkdir(exist_ok=True)
    zipped = chance.random() < 0.25
    content, kinds = chance.choice(CONTENTS)
    suffix = chance.choice(kinds if chance.random() < 0.7 else SUFFIXES)
    path = sub / os.fsdecode(name(number, suffix, chance) + (b".gz" if zipped else b""))
    what = chance.random()
    if what < 0.03:
        path.symlink_to(chance.choice([path.name, "..", "gone.txt", "/dev/zero"]))
    elif what < 0.05:
        os.mkfifo(path)
    else:
        raw = content(chance)
        path.write_bytes(packed(raw, chance) if zipped else raw)
        if what < 0.08:
            path.chmod(0)
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[Path]]:
    folder = tmp_path_factory.mktemp("hostile")
    chance = random.Random(SEED)  # noqa: S311 - no secret
    made = {make(folder, number, chance) for number in range(FILES)}
    assert len(made) == FILES
    for number in range(7):  # loops of folders
        (folder / str(number) / "up").symlink_to(folder)
        (folder / str(number) / "self").symlink_to("self")
    return folder, made


def outcome(read: Callable[[], Document]) -> str:
    """What became of a document; any exception but InputError is a failure of the test."""
    try:
        document = read()
    except InputError as error:
        message = str(error)
        assert message.isprintable()
        assert message.endswith(".")
        assert "Traceback" not in message
        return "refused"
    assert "\x00" not in document.text
    return "read"


def test_a_thousand_hostile_files_are_each_accounted_for(
    hostile: tuple[Path, set[Path]],
) -> None:
    folder, made = hostile
    outcomes: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    come_upon: set[Path] = set()
    for document in stream_documents([folder]):
        assert document.id.isprintable()
        assert document.source.isprintable()
        document.id.encode()
        sources[document.source] += 1
        assert document.path is not None
        come_upon.add(document.path)
        first, again = outcome(document.read), outcome(document.read)
        assert first == again
        outcomes[first] += 1
    assert come_upon == made
    assert [source for source, times in sources.items() if times > 1] == []
    assert outcomes["read"] > 200
    assert outcomes["refused"] > 400


def test_a_run_accounts_for_each_of_the_thousand(
    hostile: tuple[Path, set[Path]], tmp_path: Path
) -> None:
    """The whole way to the ledger, its files and an export, with a model that dismisses all."""
    folder, _ = hostile
    model = ScriptedModel(lambda _: {"answers": []}, narrows_schema=False)
    plan = RunPlan(policy=AskingPolicy(reasks=0), concurrency=4)
    run = tmp_path / "run"
    outcome = run_over(run, folder, model, plan)
    assert outcome.stopped_by is None
    come_upon = [document.source for document in stream_documents([folder])]
    assert [row.source for row in outcome.documents] == come_upon
    assert outcome.counts.failed == len(outcome.errors) > 400
    assert all(error.isprintable() and error.endswith(".") for error in outcome.errors)
    with open_ledger(run) as ledger:
        for line in json_export(export_rows(ledger)):
            json.loads(line)
        assert sum(1 for _ in csv.reader(csv_export(export_rows(ledger)))) > 0


def test_the_thousand_are_the_same_each_time_they_are_streamed(
    hostile: tuple[Path, set[Path]],
) -> None:
    folder, _ = hostile
    options = InputOptions(id_column="id")
    first = [(one.id, one.source) for one in stream_documents([folder], options)]
    assert first == [(one.id, one.source) for one in stream_documents([folder], options)]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ten")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").mkdir(mode=0)
    for document in stream_documents([tmp_path]):
        with pytest.raises(InputError, match="Permission denied"):
            document.read()


def test_long_lines_are_read_and_longer_ones_refused_in_bounded_memory(tmp_path: Path) -> None:
    ten = 10 * 2**20
    (tmp_path / "a.txt").write_bytes(b"7 " * (ten // 2))
    (tmp_path / "b.jsonl").write_bytes(b'{"text": "' + b"x" * ten + b'"}\n{"text": "ok"}\n')
    (tmp_path / "c.csv").write_bytes(b"text\n" + b"x" * ten + b"\nok\n")
    with gzip.open(tmp_path / "d.jsonl.gz", "wb", compresslevel=1) as file:
        file.write(b'{"text": "')
        for _ in range(200):  # a line of 200 MiB
            file.write(bytes(2**20))
        file.write(b'"}\n{"text": "ok"}\n')
    with gzip.open(tmp_path / "e.txt.gz", "wb", compresslevel=1) as file:
        for _ in range(200):
            file.write(bytes(2**20))
    tracemalloc.start()
    try:
        outcomes = [
            (document.source.rpartition("/")[2], outcome(document.read))
            for document in stream_documents([tmp_path])
        ]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcomes == [
        ("a.txt", "read"),
        *(("b.jsonl:1", "read"), ("b.jsonl:2", "read")),
        *(("c.csv:2", "read"), ("c.csv:3", "read")),
        *(("d.jsonl.gz:1", "refused"), ("d.jsonl.gz:2", "read")),
        ("e.txt.gz", "refused"),
    ]
    assert peak < 4 * 64 * 2**20


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    row = json.dumps({"text": "Ten ships sailed. " * 50}) + "\n"
    cells = pa.array(["Ten ships sailed. " * 50] * 20_000)
    (tmp_path / "a.jsonl").write_text(row * 20_000)
    (tmp_path / "b.csv").write_text("text\n" + ("Ten ships sailed. " * 50 + "\n") * 20_000)
    parquet.write_table(pa.table({"text": cells}), tmp_path / "c.parquet", use_dictionary=False)
    tracemalloc.start()
    held = pa.total_allocated_bytes()
    most = 0
    try:
        for number, document in enumerate(stream_documents([tmp_path])):
            if number % 5000 == 0:
                document.read()
                most = max(most, pa.total_allocated_bytes() - held)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert number == 59_999
    assert peak < 4 * 2**20
    assert most < 2**24


def test_a_table_read_from_memory_is_whole() -> None:
    """The Parquet file that is broken above is none that was broken before."""
    assert parquet.read_table(io.BytesIO(PARQUET)).num_rows == 200
