"""`extractor reconcile` as it is typed: four forms, aliases of a user, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli.app import app, main
from extractor.reconcile.tables import COLUMNS


def reconcile(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["reconcile", *map(str, arguments)], env={"COLUMNS": "240"})


def test_the_table(seeds_run: Path) -> None:
    told = reconcile(seeds_run).output
    assert "From 497 to almost 10,000, told by 4 independent parties; they differ." in told
    assert "update: Russia went from 498" in told
    assert "9 groups; 11 that stand alone are left out (--all shows them)" in told
    assert "radar systems" not in told
    assert "count as soldiers" not in told


def test_all_of_it_and_why(seeds_run: Path) -> None:
    told = reconcile(seeds_run, "--all", "--explain").output
    assert "radar systems" in told
    assert "“Russian troops” count as soldiers of Russia" in " ".join(told.split())


def test_json_has_every_group_and_where_each_figure_stands(seeds_run: Path) -> None:
    lines = reconcile(seeds_run, "--format", "json").output.splitlines()
    groups = [json.loads(line) for line in lines]
    assert len(groups) == 20
    dead = next(group for group in groups if group["key"] == "russian-soldiers-killed")
    (place, *_) = dead["figures"][0]["places"]
    text = (Path("seeds") / f"{place['document']}.txt").read_text("utf-8")
    start, end = place["number_span"]
    assert text[start:end] == place["number"] == "498"
    start, end = place["sentence_span"]
    assert text[start:end] == place["sentence"]


def test_csv_has_a_row_a_figure(seeds_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    assert reconcile(seeds_run, "--format", "csv", "--out", out).exit_code == 0
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 39
    assert {row["bound"] for row in rows} == {"", "lowest", "highest"}


def test_markdown(seeds_run: Path) -> None:
    told = reconcile(seeds_run, "--format", "md").output
    assert "| 498 | Russia's ministry of defence | 2022-03-02 |" in told
    assert "- Russia is given both 498" in told


def test_a_user_s_own_names(seeds_run: Path, tmp_path: Path) -> None:
    """The newspaper's and the ministry official's figure are the user's to bring together."""
    aliases = tmp_path / "aliases.yaml"
    aliases.write_text("counted:\n  soldiers: [civilians]\n", "utf-8")
    lines = reconcile(seeds_run, "--format", "json", "--aliases", aliases).output.splitlines()
    assert not any(json.loads(line)["title"] == "civilians killed" for line in lines)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("counted: [soldiers]", "counted: Input should be a valid dictionary"),
        ("names: {}", "names: Extra inputs are not permitted"),
        ("a: [b", "line 1: this is no YAML"),
        ("\udcff", "this is no YAML in UTF-8"),
    ],
)
def test_a_table_of_names_that_is_none(
    content: str, told: str, seeds_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    path = tmp_path / "aliases.yaml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    arguments = ["extractor", "reconcile", str(seeds_run), "--aliases", str(path)]
    monkeypatch.setattr("sys.argv", arguments)
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert told in error
    assert str(path) in error


def test_what_it_refuses(seeds_run: Path, tmp_path: Path) -> None:
    for arguments, told in (
        ((tmp_path,), "holds no ledger.sqlite"),
        ((seeds_run, "--out", tmp_path / "x"), "--out needs --format"),
        ((seeds_run, "--format", "csv", "--out", tmp_path / "no" / "x"), "cannot be written"),
    ):
        done = reconcile(*arguments)
        assert done.exit_code != 0
        assert told in str(done.exception)


def test_the_groups_of_the_seeds_as_they_are_shown(seeds_run: Path) -> None:
    """Made with `--format md --all --explain`: look at what changes before it is made again."""
    told = reconcile(seeds_run, "--format", "md", "--all", "--explain").output
    assert told == Path("tests/data/reconcile/seeds.md").read_text("utf-8")
