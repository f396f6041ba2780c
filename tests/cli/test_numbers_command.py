"""`extractor numbers` as a user types it: files, standard input, pipes that close, odd outputs."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.cli.numbers_source import read_in_blocks
from extractor.quantities import read

COMMAND = [sys.executable, "-m", "extractor.cli.app"]
TEXT = "On March 12 more than 340 of $5-6 million went.\r\n\r\nNearly 1.067 bases – no more.\n"
LONG = "Some 340 sailors and 12 more left on March 12.\n\n" * 4_000
CLOSED_PIPE = 141


def environment(**more: str) -> dict[str, str]:
    dropped = ("NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"COLUMNS": "100"} | more


def numbers(
    *arguments: str | Path, given: bytes = b"", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, "numbers", *map(str, arguments)],
        input=given,
        capture_output=True,
        check=False,
        env=environment(**variables),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "d.txt"
    file.write_bytes(TEXT.encode())
    return file


@pytest.fixture
def long(tmp_path: Path) -> Path:
    file = tmp_path / "long.txt"
    file.write_text(LONG, "utf-8")
    return file


def test_a_pipe_gets_the_marked_text_without_colour(path: Path) -> None:
    done = numbers(path, "--explain")
    shown = done.stdout.decode()
    assert done.returncode == 0
    assert "\x1b" not in shown
    assert "1 │ On ⟪March 12⟫ₓ₁ ⟦‹more than› 340⟧₁ of ⟦$5-6 million⟧₂ went." in shown
    assert re.search(
        r"^ *2 +\d+ +\$5-6 million +5,000,000 to 6,000,000 +range ", shown, re.MULTILINE
    )
    assert "340 or more: “more than” before “340”." in shown
    assert re.search(r"^x1 +3 +March 12 +date +It is part of a date", shown, re.MULTILINE)
    assert done.stderr == b"3 numbers, 1 set aside\n"


def test_the_table_says_where_each_number_stands(path: Path) -> None:
    rows = re.findall(r"^ *\d+ +(\d+)  (.*?)  ", numbers(path).stdout.decode(), re.MULTILINE)
    assert len(rows) == 3
    for offset, text in rows:
        assert TEXT[int(offset) :].startswith(text)


def test_json_says_all_that_was_read(path: Path) -> None:
    done = numbers(path, "--json", "--explain")
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [record["text"] for record in records] == [
        *("March 12", "more than 340", "$5-6 million", "Nearly 1.067")
    ]
    for record in records:
        assert TEXT[slice(*record["span"])] == record["text"]
    date, more, money, bases = records
    assert (date["masked"], date["why"]) == ("date", "It is part of a date.")
    assert (more["value"], more["low"], more["high"]) == ("340", "340", None)
    assert TEXT[slice(*more["hedge_span"])] == more["hedge"] == "more than"
    assert [(part["text"], part["value"]) for part in money["parts"]] == [
        *(("5", "5000000"), ("6 million", "6000000"))
    ]
    assert all(TEXT[slice(*part["span"])] == part["text"] for part in money["parts"])
    assert sorted(bases["readings"]) == ["1.067", "1067"]
    assert done.stderr == b""


def test_json_of_a_text_of_two_blocks_is_that_of_the_reader() -> None:
    text = LONG * 2
    assert len(list(read_in_blocks(text))) == 2
    done = numbers("-", "--json", given=text.encode())
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["span"] for record in records] == [
        [quantity.span.start, quantity.span.end] for quantity in read(text).quantities
    ]


def test_standard_input_is_read_like_a_file(path: Path) -> None:
    for options in ((), ("--json",), ("--explain",)):
        assert numbers("-", *options, given=TEXT.encode()).stdout == numbers(path, *options).stdout


BAD_INPUTS = {
    "binary": (b"5 \x00 men", "not text (it holds NUL bytes)"),
    "latin": ("Zürich: 40".encode("latin-1"), "not UTF-8 (byte 1 is 0xfc)"),
}


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_standard_input_that_is_no_text_is_told(name: str) -> None:
    given, reason = BAD_INPUTS[name]
    done = numbers("-", given=given)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("extractor: standard input: ")
    assert reason in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    for file in (tmp_path, tmp_path / "none.txt", tmp_path / ("n" * 300)):
        done = numbers(file)
        assert done.returncode == 2
        assert done.stderr.startswith(b"extractor: ")
        assert done.stderr.count(b"\n") == 1


def test_an_empty_text_and_one_without_numbers() -> None:
    empty = numbers("-")
    assert (empty.returncode, empty.stdout) == (0, b"")
    assert empty.stderr == b"0 numbers, 0 set aside\n"
    none = numbers("-", "--explain", given=b"Nothing counts.\nNothing at all.\n")
    assert none.returncode == 0
    assert none.stdout.decode() == "1 │ Nothing counts.\n2 │ Nothing at all.\n\n"
    assert numbers("-", "--json", given=b"Nothing counts.").stdout == b""


def test_a_hostile_text_is_shown_and_not_obeyed() -> None:
    text = "\x1b[2J\x1b]0;owned\x07 [bold red]61[/] \u202e340\u202c men\b\b\x9b31m\x7f :smile:"
    done = numbers("-", "--explain", given=text.encode(), FORCE_COLOR="1", TERM="xterm")
    shown = done.stdout.decode()
    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert all(char.isprintable() or char == "\n" for char in plain)
    assert r"\x1b[" in plain
    assert "[bold red]⟦61⟧" in plain
    assert r"\u202e⟦340⟧" in plain
    assert ":smile:" in plain


def test_colour_is_left_out_where_it_is_not_wanted(path: Path) -> None:
    coloured = numbers(path, FORCE_COLOR="1", TERM="xterm").stdout.decode()
    assert "\x1b[1;36m" in coloured
    plain = numbers(path, FORCE_COLOR="1", TERM="xterm", NO_COLOR="1").stdout.decode()
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", plain)
    assert "⟦" in plain


def test_an_output_without_our_signs_gets_plain_ones(path: Path) -> None:
    shown = numbers(path, PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert "[<more than> 340]#1 of [$5-6 million]#2 went." in shown
    assert r"bases \u2013 no more." in shown
    lines = numbers("-", "--json", given="±5 – “7é”".encode(), PYTHONIOENCODING="ascii").stdout
    assert [json.loads(line)["value"] for line in lines.decode("ascii").splitlines()]


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("options", [[], ["--json"], ["--explain"]])
@pytest.mark.parametrize("colour", ["", "1"])
def test_a_pipe_that_closes_ends_it_quietly(long: Path, options: list[str], colour: str) -> None:
    with subprocess.Popen(
        [*COMMAND, "numbers", str(long), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(FORCE_COLOR=colour, TERM="xterm"),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == CLOSED_PIPE


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
@pytest.mark.parametrize("command", [["numbers", "-", "--json"], ["rules", "list"], ["--help"]])
def test_a_pipe_that_nobody_reads(command: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, *command],
        input=b"61 sailors",
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        env=environment(),
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk at hand")
def test_a_full_disk_is_told(path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "numbers", str(path), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            env=environment(),
        )
    assert done.returncode == 2
    assert re.fullmatch(rb"extractor: [^\n]+\.\n", done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_ends_it_quietly(long: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "numbers", str(long)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()  # it is at work, and soon waits for us to read on
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130
    assert told == b""
