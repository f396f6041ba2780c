"""Files of claims: what is read, what is told, and how little of it is kept in memory."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.batch.claim_file import ClaimFile, Line, Unreadable
from extractor.batch.claim_groups import Demands, gather, judge_groups
from extractor.batch.field_names import FieldNames
from extractor.batch.json_lines import json_line
from extractor.batch.langextract import candidate_of, position_of
from extractor.errors import InputError


def read(tmp_path: Path, content: bytes, longest: int = 1_000) -> list[Line | Unreadable]:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(content)
    with ClaimFile(path, longest) as file:
        return list(file)


def test_figures_stay_as_they_are_written(tmp_path: Path) -> None:
    (line,) = read(tmp_path, b'{"value": 7000.10, "low": 1e2, "high": 12, "position": 3.0}')
    assert isinstance(line, Line)
    candidate = FieldNames().candidate(line.record)
    assert candidate == {"value": "7000.10", "low": "1e2", "high": 12, "position": 3.0}


def test_a_figure_of_any_length_is_read(tmp_path: Path) -> None:
    (line,) = read(tmp_path, b'{"value": ' + b"6" * 5_000 + b"}", longest=10_000)
    assert isinstance(line, Line)
    assert FieldNames().candidate(line.record) == {"value": "6" * 5_000}


def test_a_missing_value_as_pandas_writes_it_is_absent(tmp_path: Path) -> None:
    (line,) = read(tmp_path, b'{"claimant": NaN, "value": NaN, "document": NaN}')
    assert isinstance(line, Line)
    assert [*FieldNames().candidate(line.record)] == ["value"]
    assert FieldNames().document(line.record) == ""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", {"b": [1, {"c": 2}]}),
        ("a.b.0", 1),
        ("a.b.1.c", 2),
        ("a.d", 3),
        ("a.b.2", None),
        ("a.b.x", None),
        ("a.b.0.c", None),
        ("b", None),
    ],
)
def test_a_path_leads_through_objects_and_lists(path: str, found: object) -> None:
    record = {"a": {"b": [1, {"c": 2}]}, "a.d": 3}
    names = FieldNames.parse([f"event={path}"])
    assert names.stated("event", record) == found
    assert names.missing == (set() if found is not None else {"event"})


@pytest.mark.parametrize(
    ("mapping", "record", "strange"),
    [
        ([], {"claimaint": 1, "Quote": 2}, {"claimaint": "claimant", "Quote": "quote"}),
        ([], {"claimaint": 1, "claimant": "A"}, {}),
        ([], {"number": 1, "id": 2, "claimant" * 20: 3}, {}),
        (["quote=values.0"], {"values": ["a"]}, {}),
        (["value=n"], {"n": 1, "values": []}, {}),
    ],
)
def test_only_likely_misspellings_are_noted(
    mapping: list[str], record: dict[str, Any], strange: dict[str, str]
) -> None:
    names = FieldNames.parse(mapping)
    names.note_strange(record)
    assert names.strange == strange


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    found = read(tmp_path, b'\xef\xbb\xbf\r\n{"a": "\xe2\x80\xa8"}\r\n\n  \n{"b": 1}')
    assert [(line.number, line.record) for line in found if isinstance(line, Line)] == [
        (2, {"a": "\u2028"}),
        (5, {"b": 1}),
    ]
    assert len(found) == 2


@pytest.mark.parametrize("length", [28, 29, 30, 31, 57, 58, 59, 200])
def test_a_line_that_is_too_long_costs_no_other(tmp_path: Path, length: int) -> None:
    long = b'{"a": "' + b"x" * (length - 9) + b'"}'
    assert len(long) == length
    found = read(tmp_path, b'{"n": 1}\n' + long + b'\n{"n": 3}\n', longest=30)
    readable = [(line.number, line.record.get("n")) for line in found if isinstance(line, Line)]
    assert readable == ([(1, 1), (2, None), (3, 3)] if length < 30 else [(1, 1), (3, 3)])
    told = [one for one in found if isinstance(one, Unreadable)]
    assert told == ([] if length < 30 else [Unreadable((2,), "longer than 30 bytes")])


def test_an_offset_leads_back_to_its_line(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes('\ufeff{"n": "é"}\r\n\n'.encode() + b"x" * 80 + b'\n{"n": 4}\n{"n": 5}')
    with ClaimFile(path, 60) as file:
        lines = [line for line in file if isinstance(line, Line)]
        assert [line.record for line in lines] == [{"n": "é"}, {"n": 4}, {"n": 5}]
        for line in reversed(lines):
            assert line.offset is not None
            assert file.at(line.offset) == line.record
    for content in (b"x" * 200, b"[]", b""):
        path.write_bytes(content)
        with (
            ClaimFile(path, 60) as file,
            pytest.raises(InputError, match="it changed while it was read"),
        ):
            file.at(0)


def test_a_long_list_is_refused_and_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="write a claim a line"):
        read(tmp_path, b"[\n" + b'{"n": 1},\n' * 200 + b"{}]")


def test_documents_are_not_kept_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "annotated.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(40):
            text = f"Ames lost {number + 2} boats. " + "Nobody said more. " * 10_000
            extraction = {"extraction_text": f"{number + 2} boats"}
            record = {"document_id": str(number), "text": text, "extractions": [extraction]}
            file.write(json.dumps(record) + "\n")
    with ClaimFile(path) as claims:
        gather(claims, None, FieldNames())  # what is built at first use is built before
        tracemalloc.start()
        gathered = gather(claims, None, FieldNames())
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert path.stat().st_size > 7_000_000
        assert kept < 300_000
        gathered.groups = gathered.groups[-2:]
        judged = list(judge_groups(gathered, Demands()))
    assert [(one.document, one.verdict.accepted) for one in judged] == [("38", True), ("39", True)]


@pytest.mark.parametrize(
    ("extraction", "candidate"),
    [
        ({"extraction_text": "5 boats"}, {"quote": "5 boats", "value": "5"}),
        ({"extraction_text": "boats"}, {"quote": "boats"}),
        ({"extraction_text": "5 of 7 boats"}, {"quote": "5 of 7 boats"}),
        (
            {"extraction_text": "between 5 and 7 boats"},
            {"quote": "between 5 and 7 boats", "low": "5", "high": "7"},
        ),
        ({"extraction_text": "dozens died"}, {"quote": "dozens died", "low": "24"}),
        (
            {"extraction_text": "5 boats", "attributes": {"count": "6", "position": "mayor"}},
            {"quote": "5 boats", "value": "6"},
        ),
        (
            {"extraction_text": "5 boats", "attributes": {"value": " ", "low": "6", "count": "7"}},
            {"quote": "5 boats", "value": " ", "low": "6"},
        ),
        (
            {"extraction_text": "5 boats", "attributes": {"claimant": ["A"], "event": ["a", "b"]}},
            {"quote": "5 boats", "value": "5", "claimant": "A", "event": ["a", "b"]},
        ),
        (
            {"extraction_text": "5 boats", "attributes": {"derived_from": ["5"]}},
            {"quote": "5 boats", "value": "5", "derived_from": ["5"]},
        ),
        ({"extraction_text": None, "attributes": "x"}, {}),
    ],
)
def test_an_extraction_is_a_candidate(
    extraction: dict[str, Any], candidate: dict[str, Any]
) -> None:
    assert candidate_of(extraction, FieldNames()) == candidate


def test_where_the_value_is_mapped_no_other_attribute_gives_it() -> None:
    made = {"extraction_text": "5 boats", "attributes": {"count": "6"}}
    mapped = FieldNames.parse(["value=toll"])
    assert candidate_of(made, mapped) == {"quote": "5 boats", "value": "5"}


TEXT = "A storm took 5 boats, and more than 12,870 of 30,000 homes lost power. 5 boats came back."


@pytest.mark.parametrize(
    ("quote", "start", "end", "value", "position"),
    [
        ("5 boats", 13, 20, None, "5 boats,"),
        ("5  BOATS", 13, 20, "6", "5 boats,"),
        ("5 boats", 71, 78, None, "5 boats came"),
        ("12,870 of 30,000 homes", 36, 58, "12870", "12,870"),
        ("12,870 of 30,000 homes", 36, 58, "30,000", "30,000"),
        ("12,870 of 30,000 homes", 36, 58, "7", None),
        ("12,870 of 30,000 homes", 36, 58, "sNaN", None),
        ("12,870 of 30,000 homes", 36, 58, None, None),
        ("6 boats", 13, 20, None, None),
        ("storm took", 2, 12, None, None),
        ("5 boats", 13, 2000, None, None),
        ("5 boats", -5, 20, None, None),
        ("5 boats", 20, 13, None, None),
        ("5 boats", None, 20, None, None),
    ],
)
def test_a_position_is_told_where_the_interval_settles_it(
    quote: str, start: int | None, end: int, value: str | None, position: str | None
) -> None:
    candidate = {"quote": quote, "value": value}
    found = position_of(candidate, {"start_pos": start, "end_pos": end}, TEXT)
    assert found == (None if position is None else TEXT.index(position))


def test_without_an_interval_there_is_no_position() -> None:
    assert position_of({"quote": "5 boats"}, None, TEXT) is None
    assert position_of({}, {"start_pos": 13, "end_pos": 20}, TEXT) is None


_odd = st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"]) | st.characters()
)


def _character_by_character(record: object) -> str:
    text = json.dumps(record, ensure_ascii=False)
    plain = (char == " " or char.isprintable() for char in text)
    return "".join(
        char if kept else json.dumps(char)[1:-1] for char, kept in zip(text, plain, strict=True)
    )


@given(st.dictionaries(_odd, _odd | st.integers() | st.none()))
def test_a_json_line_escapes_what_is_not_printed_and_nothing_else(record: dict[str, Any]) -> None:
    line = json_line(record)
    assert line == _character_by_character(record)
    assert len(line.splitlines()) == 1
    line.encode("utf-8")


def test_a_json_line_with_many_odd_characters_is_escaped_alike() -> None:
    odd = {"text": "".join(map(chr, range(0x7F, 0x300))) * 2, "tail": "\ud800\u200b\U000e0001"}
    assert json_line(odd) == _character_by_character(odd)
