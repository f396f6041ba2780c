"""`extractor verify` as a user types it: claims of other tools, their field names, bad input."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "extractor.cli.app", "verify"]
TEXT = "Sylvania said 61 of its sailors were killed and more than 340 wounded."
OTHER = "The navy of Aldor paid €3.5bn for 12 boats. Between 300 and 400 jobs will go."
RIGHT = {"document": "d", "quote": "61 of its sailors", "value": 61}
WRONG = {"document": "d", "quote": "61 of its sailors", "value": 16}
DROPPED = {"document": "d", "quote": "340 wounded", "value": 340, "event": "wounded"}
CLOSED_PIPE = 141


def verify(
    *arguments: str | Path, given: bytes = b"", cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    dropped = ("NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=given,
        capture_output=True,
        check=False,
        cwd=cwd,
        env=kept | {"COLUMNS": "100"} | variables,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The sentences about what cannot be used; each is one line and names what it is about."""
    lines = done.stderr.splitlines()
    return [line.removeprefix("extractor: ") for line in lines if line.startswith("extractor: ")]


def verdicts(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    (folder / "week").mkdir(parents=True)
    (folder / "d.txt").write_text(TEXT, "utf-8")
    (folder / "week" / "e.md").write_text(OTHER, "utf-8")
    (tmp_path / "secret.txt").write_text("7 keys", "utf-8")
    return folder


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    return written(tmp_path, RIGHT, WRONG, DROPPED, {"document": "d", "value": 61})


def written(tmp_path: Path, *records: object, name: str = "claims.jsonl") -> Path:
    path = tmp_path / name
    lines = (one if isinstance(one, str) else json.dumps(one) for one in records)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def test_accepted_and_rejected_are_shown_alike(claims: Path, source: Path) -> None:
    done = verify(claims, "--source", source)
    assert done.returncode == 0
    assert done.stdout.startswith(
        'line 1, d: "61 of its sailors", value 61\n'
        'accepted: "61" is 61, exact, count, at character 14\n'
        "\n"
        'line 2, d: "61 of its sailors", value 16\n'
        "rejected: N201 the value differs: 16 is claimed, and '61' is 61\n"
        f"  {TEXT}\n"
        "                ~^\n"
        "\n"
    )
    assert "line 4, d: no quote, value 61\nrejected: S001 " in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_the_summary_counts_by_outcome_and_by_rule(claims: Path, source: Path) -> None:
    summary = verify(claims, "--source", source).stdout.split("\n\n")[-1].splitlines()
    assert summary[0] == "2 accepted, 2 rejected, 1 flagged"
    counted = [line.split()[:3] for line in summary[1:]]
    assert counted == [
        ["N201", "1", "rejected"],
        ["A603", "1", "flagged"],
        ["S001", "1", "rejected"],
    ]
    assert summary[1].endswith("The value must be the figure that the text names.")


def test_a_flag_stands_under_the_acceptance_and_rejects_when_strict(
    tmp_path: Path, source: Path
) -> None:
    path = written(tmp_path, DROPPED)
    relaxed = verify(path, "--source", source, "--fail-on-rejected")
    assert relaxed.returncode == 0
    first, second, third = relaxed.stdout.splitlines()[:3]
    assert first == 'line 1, d: "340 wounded", value 340'
    assert second == 'accepted: "more than 340" is 340, more than, count, at character 48'
    assert third.startswith("flagged: A603 ")
    strict = verify(path, "--source", source, "--strict", "--fail-on-rejected")
    assert strict.returncode == 1
    assert "rejected: A603 " in strict.stdout
    assert "0 accepted, 1 rejected, 0 flagged" in strict.stdout


def test_json_is_the_verdict_with_its_place(claims: Path, source: Path) -> None:
    done = verify(claims, "--source", source, "--json")
    records = verdicts(done)
    assert [record["line"] for record in records] == [1, 2, 3, 4]
    keys = ["line", "document", "accepted", "candidate", "number_span", "findings", "claim"]
    assert all(list(record) == keys for record in records)
    assert [record["accepted"] for record in records] == [True, False, True, False]
    assert records[0]["claim"]["value"] == "61"
    assert records[1]["claim"] is None
    assert [one["code"] for one in records[1]["findings"]] == ["N201"]
    assert TEXT[slice(*records[0]["number_span"])] == "61"
    assert "2 accepted, 2 rejected, 1 flagged" in done.stderr


def test_the_exit_code_tells_of_rejections_on_request(tmp_path: Path, source: Path) -> None:
    right, wrong = written(tmp_path, RIGHT), written(tmp_path, WRONG, name="wrong.jsonl")
    for path, options, code in (
        (right, ["--fail-on-rejected"], 0),
        (wrong, [], 0),
        (wrong, ["--fail-on-rejected"], 1),
        (wrong, ["--fail-on-rejected", "--json"], 1),
    ):
        assert verify(path, "--source", source, *options).returncode == code
    shown = " ".join(verify("--help").stdout.split())
    assert "0 all claims are judged, 1 some are rejected" in shown
    assert "2 an argument, the file, or a line of it cannot be used" in shown


def test_some_rules_only(tmp_path: Path, source: Path) -> None:
    path = written(tmp_path, RIGHT | {"event": "sang"})
    assert "1 rejected" in verify(path, "--source", source).stdout
    assert "1 accepted, 0 rejected" in verify(path, "--source", source, "--rules", "q, n201").stdout
    for rules in ("Z9", "N,Z9", "", ","):
        done = verify(path, "--source", source, "--rules", rules)
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(told(done)) == 1
        assert "no rule" in told(done)[0]
    assert verify("-", "--source", source, "--rules", "Z9").returncode == 2


def test_claims_are_judged_by_document_in_order_of_appearance(tmp_path: Path, source: Path) -> None:
    boats = {"document": "week/e", "quote": "12 boats", "value": 12}
    path = written(tmp_path, boats, RIGHT, boats | {"document": "week/e.md"}, boats, WRONG)
    records = verdicts(verify(path, "--source", source, "--json"))
    assert [(record["line"], record["document"]) for record in records] == [
        *((1, "week/e"), (3, "week/e"), (4, "week/e"), (2, "d"), (5, "d"))
    ]


def test_two_documents_of_one_name_are_told_apart_by_their_suffix(
    tmp_path: Path, source: Path
) -> None:
    (source / "d.md").write_text("Aldor said 7 boats sank.", "utf-8")
    path = written(tmp_path, RIGHT, {"document": "d.md", "quote": "7 boats", "value": 7})
    assert verify(path, "--source", source).stdout.count("accepted: ") == 2


def test_a_single_document_is_that_of_claims_that_name_no_other(
    tmp_path: Path, source: Path
) -> None:
    unnamed = {name: given for name, given in RIGHT.items() if name != "document"}
    article = unnamed | {"document": "the article"}
    one = verify(written(tmp_path, unnamed, article), "--source", source / "d.txt")
    assert one.returncode == 0
    assert "2 accepted" in one.stdout
    several = written(tmp_path, RIGHT, unnamed | {"doc": "d.txt"}, article, unnamed)
    done = verify(several, "--source", source / "d.txt")
    assert done.returncode == 2
    assert "3 accepted, 0 rejected, 2 flagged, 1 unreadable" in done.stdout
    (sentence,) = told(done)
    assert sentence.startswith(f"{several}, line 3: it is a claim of another document")
    strange = written(tmp_path, article, unnamed | {"document": "another"})
    (sentence,) = told(verify(strange, "--source", source / "d.txt"))
    assert sentence.startswith(f"{strange}, lines 1-2: it is a claim of another document")


def test_standard_input_is_read_like_a_file(claims: Path, source: Path) -> None:
    piped = verify("-", "--source", source, given=claims.read_bytes())
    assert piped.stdout == verify(claims, "--source", source).stdout
    assert verify("-", "--source", source).stdout == "0 accepted, 0 rejected, 0 flagged\n"


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="no name for a pipe at hand")
def test_a_pipe_may_be_named_as_a_file() -> None:
    line = json.dumps(annotated("d", TEXT, extraction("61 of its sailors", 14)))
    done = verify("/dev/stdin", given=line.encode())
    assert done.returncode == 0
    assert "1 accepted" in done.stdout


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_list_is_taken_too(tmp_path: Path, source: Path, indent: int | None) -> None:
    path = tmp_path / "claims.json"
    path.write_text("\ufeff" + json.dumps([RIGHT, 5, WRONG], indent=indent), "utf-8")
    done = verify(path, "--source", source)
    assert done.returncode == 2
    assert 'item 3, d: "61 of its sailors", value 16\nrejected' in done.stdout
    assert told(done) == [f"{path}, item 2: a claim is a JSON object."]
    path.write_text('[{"quote": 1},\n{"quote" 2}]', "utf-8")
    broken = verify(path, "--source", source)
    assert broken.returncode == 2
    assert "not JSON (Expecting ':' delimiter, line 2, column 10)" in told(broken)[0]


def test_a_bad_line_costs_no_other(tmp_path: Path, source: Path) -> None:
    path = written(
        tmp_path, "{", RIGHT, "[1, 2]", "", '"x"', {"document": "f"}, WRONG, {"document": "f"}, {}
    )
    done = verify(path, "--source", source, "--fail-on-rejected")
    assert done.returncode == 2
    assert "1 accepted, 1 rejected, 0 flagged, 6 unreadable" in done.stdout
    assert told(done) == [
        f"{path}, line 1: not JSON (Expecting property name enclosed in double quotes, column 2).",
        f"{path}, lines 3, 5: a claim is a JSON object.",
        f"{path}, lines 6, 8: {source} has no document 'f'.",
        f"{path}, line 9: which document? --source is a folder, so name it in 'document'.",
    ]


HOSTILE = {
    "nested": b"[" * 100_000 + b"]" * 100_000,
    "nested in a field": b'{"document": "d", "quote": ' + b"[" * 900 + b"]" * 900 + b"}",
    "NUL": b'{"document": "d", "quote": "61 \x00"}',
    "NUL name": b'{"document": "d\\u0000", "quote": "61", "value": 61}',
    "surrogate": b'{"document": "d", "quote": "\\ud800 61", "value": 61}',
    "surrogate name": b'{"document": "\\ud800", "quote": "61", "value": 61}',
    "Latin-1": '{"document": "d", "quote": "Zürich 61"}'.encode("latin-1"),
    "long name": b'{"document": "' + b"d" * 10_000 + b'", "quote": "61"}',
    "long quote": b'{"document": "d", "quote": "' + b"61 " * 3_500_000 + b'", "value": 61}',
    "long figure": b'{"document": "d", "quote": "61 of", "value": ' + b"6" * 10_000 + b"}",
    "huge figure": b'{"document": "d", "quote": "61 of", "value": 6e999999999999999999}',
    "NaN": b'{"document": "d", "quote": "61 of", "value": NaN, "position": Infinity}',
    "terminal": b'{"document": "d", "quote": "\\u001b[2J\\u202e61", "value": "\\u001b[31m"}',
    "outside": b'{"document": "../secret", "quote": "7 keys", "value": 7}',
    "root": b'{"document": "/etc/passwd", "quote": "root", "value": 0}',
    "shapes": b'{"document": "d", "quote": 61, "value": [], "low": {}, "event": 5, "unit": true}',
    "annotated": b'{"document_id": "d", "extractions": [1, {}, {"extraction_text": 5,'
    b' "attributes": [], "char_interval": {"start_pos": "a"}}]}',
    "extractions": b'{"document_id": "d", "extractions": {"a": 1}}',
}


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lines_are_told_or_judged(
    tmp_path: Path, source: Path, name: str, options: list[str]
) -> None:
    path = tmp_path / "claims.jsonl"
    good = json.dumps(RIGHT).encode()
    path.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n" + HOSTILE[name] + b"\n" + good)
    done = verify(path, "--source", source, *options)
    assert done.returncode in {0, 2}
    assert all(char.isprintable() or char == "\n" for char in done.stdout + done.stderr)
    assert all(re.match(rf"{re.escape(str(path))}, line 2: .+\.$", one) for one in told(done))
    assert (done.returncode == 2) == bool(told(done))
    assert all(len(line) < 500 for line in done.stderr.splitlines())
    if options:
        assert [record["line"] for record in verdicts(done) if record["accepted"]] == [1, 3]
        assert all(record["line"] != 2 or not record["accepted"] for record in verdicts(done))
    else:
        assert "\n2 accepted, " in done.stdout
        assert all(len(line) < 500 for line in done.stdout.splitlines())


def test_a_file_of_which_nothing_can_be_read_is_told_in_one_sentence(
    tmp_path: Path, source: Path
) -> None:
    binary = tmp_path / "claims.bin"
    binary.write_bytes(bytes(range(256)) * 40)
    table = tmp_path / "claims.csv"
    table.write_text("quote,value\n61 of its,61\n,\n", "utf-8")
    for path in (binary, table):
        done = verify(path, "--source", source)
        assert done.returncode == 2
        (sentence,) = told(done)
        assert re.fullmatch(
            rf"{re.escape(str(path))}: none of its \d+ lines can be judged; line \d+: .+\.",
            sentence,
        )
    sourceless = written(tmp_path, "{", RIGHT, WRONG, "[]")
    assert told(verify(sourceless)) == [
        f"{sourceless}: none of its 4 lines can be judged; line 2: which text? name the document "
        "or its folder with --source."
    ]


def test_many_reasons_do_not_flood_the_screen(tmp_path: Path, source: Path) -> None:
    bad = [" " * column + "x" for column in range(60)]
    path = written(tmp_path, RIGHT, *bad)
    sentences = told(verify(path, "--source", source))
    assert len(sentences) == 21
    assert sentences[-1] == f"{path}, lines 22-61: not read either, for other reasons."


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_what_cannot_be_opened_is_told(tmp_path: Path, source: Path, claims: Path) -> None:
    for path, folder in (
        (tmp_path, source),
        (tmp_path / "none.jsonl", source),
        (tmp_path / ("n" * 300), source),
        (claims, tmp_path / "nowhere"),
    ):
        done = verify(path, "--source", folder)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(told(done)) == 1
    (source / "f.txt").write_bytes(b"\xff\xfe")
    named = written(tmp_path, RIGHT, {"document": "f"}, name="named.jsonl")
    unread = verify(named, "--source", source)
    assert unread.returncode == 2
    assert "1 accepted" in unread.stdout
    assert "not UTF-8" in told(unread)[0]
    unsaid = verify(claims)
    assert unsaid.returncode == 2
    assert told(unsaid) == [
        f"{claims}, lines 1-4: which text? name the document or its folder with --source."
    ]


def test_misspelled_fields_are_noted_once(tmp_path: Path, source: Path) -> None:
    strange = {"claimaint": "Nobody", "qualifer": "exact", "id": 7, "source_url": "x"}
    path = written(tmp_path, RIGHT | strange, RIGHT | strange, RIGHT | {"quotes": []})
    done = verify(path, "--source", source)
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "note: unknown field 'claimaint' ignored; did you mean 'claimant'?",
        "note: unknown field 'qualifer' ignored; did you mean 'qualifier'?",
    ]


def test_fields_are_mapped(tmp_path: Path, source: Path) -> None:
    record = {
        "article": {"id": "d"},
        "evidence": "61 of its sailors",
        "figures": [{"dead": 61}],
        "speaker": "Sylvania",
        "value": 16,
    }
    path = written(tmp_path, record)
    mapped = ["--map", "quote=evidence, value=figures.0.dead", "--map", "claimant=speaker"]
    done = verify(path, "--source", source, *mapped, "--map", "document=article.id", "--json")
    (verdict,) = verdicts(done)
    assert verdict["accepted"]
    assert verdict["candidate"] == {
        "quote": "61 of its sailors",
        "value": "61",
        "claimant": "Sylvania",
    }
    assert "note" not in done.stderr


@pytest.mark.parametrize(
    ("mapped", "part"),
    [
        ("speaker=claimant", "a claim has no field 'speaker', but quote value"),
        ("quote=", "the path to 'quote' is empty"),
        ("quote=a..b", "the path to 'quote' is empty or has a gap"),
        ("quote", "wanted is ours=theirs"),
        ("", "wanted is ours=theirs"),
        ("quote=a,quote=b", "'quote' is mapped twice"),
    ],
)
def test_a_mapping_that_means_nothing_is_told(
    claims: Path, source: Path, mapped: str, part: str
) -> None:
    done = verify(claims, "--source", source, "--map", mapped)
    assert (done.returncode, done.stdout) == (2, "")
    assert part in told(done)[0]


def test_a_mapped_field_that_no_claim_has_is_noted(claims: Path, source: Path) -> None:
    done = verify(claims, "--source", source, "--map", "event=happening")
    assert done.stderr == "note: no claim holds 'happening', which is mapped to 'event'\n"


def annotated(name: str, text: str, *extractions: dict[str, Any]) -> dict[str, Any]:
    """A line as LangExtract's `save_annotated_documents` writes it."""
    return {"extractions": list(extractions), "text": text, "document_id": name}


def extraction(
    text: str, start: int | None = None, length: int | None = None, **attributes: Any
) -> dict[str, Any]:
    interval = None
    if start is not None:
        interval = {"start_pos": start, "end_pos": start + (length or len(text))}
    return {
        "extraction_class": "loss",
        "extraction_text": text,
        "char_interval": interval,
        "alignment_status": interval and "match_exact",
        "extraction_index": 1,
        "group_index": 0,
        "description": None,
        "attributes": attributes or None,
    }


def test_annotated_documents_bring_their_own_text(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        annotated(
            "aldor",
            OTHER,
            extraction("12 boats", 34),
            extraction("paid €3.5bn", 18, value="3.4bn", unit="EUR"),
            extraction("300 and 400 jobs", 52, low="300", high=["400"]),
        ),
        annotated("d", TEXT, extraction("61 of its sailors", number="61", event="killed")),
        annotated("empty", OTHER) | {"extractions": None},
    )
    done = verify(path, "--rules", "Q,N,U,E", "--json")
    records = verdicts(done)
    assert done.returncode == 0
    assert [(one["line"], one["extraction"], one["document"]) for one in records] == [
        *((1, 1, "aldor"), (1, 2, "aldor"), (1, 3, "aldor"), (2, 1, "d"))
    ]
    assert [one["accepted"] for one in records] == [True, False, True, True]
    assert records[0]["candidate"] == {"quote": "12 boats", "value": "12", "position": 34}
    assert records[1]["candidate"]["value"] == "3.4bn"
    assert (records[2]["claim"]["low"], records[2]["claim"]["high"]) == ("300", "400")
    assert records[3]["candidate"]["event"] == "killed"
    assert 'line 1, extraction 2, aldor: "paid €3.5bn", value 3.4bn\n' in verify(path).stdout


def test_one_name_with_two_texts_is_two_documents(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        annotated("d", TEXT, extraction("61 of its sailors", 14)),
        annotated("d", OTHER, extraction("12 boats", 34)),
        annotated("d", TEXT, extraction("340 wounded", 58)),
    )
    records = verdicts(verify(path, "--json"))
    assert [(one["line"], one["accepted"]) for one in records] == [(1, True), (3, True), (2, True)]


def test_a_document_without_extractions_names_no_other(tmp_path: Path, source: Path) -> None:
    path = written(
        tmp_path,
        annotated("d4e5", TEXT, extraction("61 of its sailors", 14)),
        annotated("f6a7", OTHER) | {"extractions": []},
    )
    done = verify(path, "--source", source / "d.txt")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 accepted" in done.stdout


def test_what_the_model_said_is_judged_not_what_an_alignment_made_of_it(tmp_path: Path) -> None:
    fuzzy = extraction("16 of its sailors", 14) | {"alignment_status": "match_fuzzy"}
    path = written(tmp_path, annotated("d", TEXT, fuzzy))
    (record,) = verdicts(verify(path, "--json"))
    assert not record["accepted"]
    assert [one["code"] for one in record["findings"]] == ["Q101"]
    assert "position" not in record["candidate"]


def test_the_interval_says_which_place_is_meant(tmp_path: Path) -> None:
    text = "Ames lost 5 boats. In May 5 boats were painted."
    first, second = text.index("5 boats"), text.rindex("5 boats")
    path = written(
        tmp_path,
        annotated(
            "a",
            text,
            extraction("5 boats", first, event="painted"),
            extraction("5 boats", second, event="painted"),
            extraction("5 boats", event="painted"),
        ),
    )
    records = verdicts(verify(path, "--rules", "E", "--json"))
    assert [one["accepted"] for one in records] == [False, True, True]
    assert [one["candidate"].get("position") for one in records] == [first, second, None]


def test_annotated_documents_against_a_source(tmp_path: Path, source: Path) -> None:
    changed = TEXT.replace("61", "62")
    path = written(
        tmp_path,
        annotated("d", changed, extraction("62 of its sailors", 14)),
        annotated("f", changed, extraction("62 of its sailors", 14)),
    )
    done = verify(path, "--source", source)
    assert done.returncode == 2
    assert "rejected: Q101" in done.stdout
    assert told(done) == [f"{path}, line 2: {source} has no document 'f'."]
    textless = written(tmp_path, annotated("d", TEXT) | {"text": None})
    assert "which text?" in told(verify(textless))[0]


def test_attributes_are_mapped(tmp_path: Path) -> None:
    made = extraction("61 of its sailors", 14, toll={"dead": "61"}, who="Sylvania", value="16")
    made["attributes"] |= {"at": 15, "modalty": "denied"}
    path = written(tmp_path, annotated("d", TEXT, made | {"extraction_class": "killed"}))
    mapped = "value=attributes.toll.dead,claimant=who,event=extraction_class,position=at"
    done = verify(path, "--map", mapped, "--json")
    (record,) = verdicts(done)
    assert record["accepted"]
    assert record["claim"]["claimant"] == "Sylvania"
    assert record["claim"]["event"] == "killed"
    assert record["candidate"]["position"] == 15
    assert "note: unknown field 'modalty' ignored; did you mean 'modality'?" in done.stderr


def test_colour_and_folding_are_for_a_terminal(claims: Path, source: Path) -> None:
    done = verify(claims, "--source", source, FORCE_COLOR="1", TERM="xterm", COLUMNS="40")
    assert "\x1b[1;31mrejected" in done.stdout
    plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout).splitlines()
    where = plain.index("rejected: N201 the value differs: 16 is claimed, and '61' is 61")
    sentence, mark = plain[where + 1 : where + 3]
    assert len(sentence) <= 40
    assert sentence[mark.index("~") : mark.index("^") + 1] == "61"
    colourless = verify(claims, "--source", source, FORCE_COLOR="1", TERM="xterm", NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", colourless.stdout)


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_pipe_that_closes_ends_it_quietly(
    tmp_path: Path, source: Path, options: list[str]
) -> None:
    path = written(tmp_path, *[RIGHT, WRONG] * 2_000)
    with subprocess.Popen(
        [*COMMAND, str(path), "--source", str(source), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == CLOSED_PIPE
