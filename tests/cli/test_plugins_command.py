"""The package of docs/plugins.md, and broken ones, as a user meets them on the command line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from plugin_packages import PAGE, install, install_example

ANSWERS = """
import json, sys
asked = json.load(sys.stdin)
assert "claims" in asked["schema"]["properties"], asked["schema"]
said = {"quote": "61 sailors were killed", "value": "61", "event": "killed"}
print(json.dumps({"claims": [said, {**said, "quote": "12 boats sank", "value": "12"} | {
    "event": "sank", "counted": "boats"}]}))
"""
TRAP = "import sys\nsys.stderr.write(f'imported {__name__}\\n')\nraise SystemExit('trap')"
GROUPS = ("models", "loaders", "rules", "exporters")


def extractor(
    site: Path, *arguments: object, cwd: Path | None = None, **environ: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "extractor.cli.app", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(site)} | environ,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    return folder


@pytest.fixture
def work(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    (work / "docs").mkdir(parents=True)
    (work / "docs" / "a.txt").write_text("61 sailors were killed. On Monday 12 boats sank.")
    mail = "Subject: Losses\nDate: Mon, 1 Mar 2021 10:00:00 +0000\n\n"
    (work / "docs" / "b.eml").write_text(mail + "61 sailors were killed. Then 12 boats sank.\n")
    program = work / "ask.py"
    program.write_text(f"#!{sys.executable}\n{ANSWERS}")
    program.chmod(0o755)
    return work


def trapped(site: Path) -> None:
    """A package whose modules tell on stderr that they are imported, and end the process."""
    entries = {group: {"trap": f"trap_{group}:x"} for group in GROUPS}
    install(site, "trap", entries, {f"trap_{group}.py": TRAP for group in GROUPS})


def test_the_pages_package_works_in_all_groups(site: Path, work: Path) -> None:
    install_example(site)
    told = extractor(site, "plugins", "list", "--json")
    records = map(json.loads, told.stdout.splitlines())
    assert [(one["group"], one["name"], one["works"]) for one in records] == [
        ("claim_extractor.models", "program", True),
        ("claim_extractor.loaders", "eml", True),
        ("claim_extractor.rules", "acme", True),
        ("claim_extractor.exporters", "markdown", True),
    ]  # fmt: skip
    ways = ("--model", "program:./ask.py", "--ask", "free", "--reasks", "0", "--out", "r")
    done = extractor(site, "run", "docs", *ways, cwd=work)
    assert (done.returncode, done.stderr.count("plugin")) == (0, 0), done.stderr
    (claim, mailed) = extractor(site, "export", "r", cwd=work).stdout.splitlines()
    assert (json.loads(claim)["number"], json.loads(claim)["published"]) == ("12", None)
    assert (json.loads(mailed)["title"], json.loads(mailed)["published"]) == (
        "Losses",
        "2021-03-01",
    )
    refused = extractor(site, "export", "r", "--where", "rejected", cwd=work).stdout.splitlines()
    assert [json.loads(one)["codes"] for one in refused] == [["X101"], ["X101"]]
    table = extractor(site, "export", "r", "--format", "markdown", cwd=work)
    assert table.stdout.splitlines()[2:] == [
        "| a | 12 | boats | sank |  |",
        "| b | 12 | boats | sank |  |",
    ]
    made = json.loads((work / "r" / "run.json").read_text("utf-8"))
    assert made["plugins"] == ["acme-claims 1.0: X101", "acme-claims 1.0: model"]


def test_the_pages_test_of_a_rule_passes(site: Path) -> None:
    install_example(site)
    test = PAGE.read_text("utf-8").split("A test of a rule is its own docstring:\n\n```python\n")[1]
    command = [sys.executable, "-c", test.split("```")[0]]
    environ = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_rule_of_a_plugin_is_listed_and_shown(site: Path) -> None:
    install_example(site)
    listed = extractor(site, "rules", "list").stdout.splitlines()
    assert listed[-2].split() == ["X", "plugin", "acme-claims", "1.0"]
    assert listed[-1].split(maxsplit=2)[:2] == ["X101", "rejects"]
    record = json.loads(extractor(site, "rules", "list", "--json").stdout.splitlines()[-1])
    assert record["plugin"] == "acme-claims 1.0"
    shown = extractor(site, "rules", "show", "x101").stdout
    assert "from the plugin acme-claims 1.0\n" in shown
    assert "rejected: X101 a toll is told, and nobody is named as its source" in shown


def test_a_run_goes_on_only_with_the_plugins_that_judged_it(site: Path, work: Path) -> None:
    install_example(site)
    ways = ("--model", "program:./ask.py", "--ask", "free", "--reasks", "0", "--out", "r")
    assert extractor(site, "run", "docs", *ways, cwd=work).returncode == 0
    key = {"OPENAI_API_KEY": "sk-nothing-is-sent-with-this"}
    gone = extractor(work, "resume", "r", cwd=work, **key)
    assert gone.returncode == 2
    assert "program:./ask.py is a model of the plugin acme-claims 1.0, which is not" in gone.stderr
    metadata = site / "acme_claims-1.0.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("Version: 1.0", "Version: 1.1"))
    other = extractor(site, "resume", "r", cwd=work)
    assert other.returncode == 2
    assert other.stderr == (
        "extractor: This run cannot go on: the plugins that judge or answer were acme-claims 1.0: "
        "X101, acme-claims 1.0: model, and are acme-claims 1.1: X101, acme-claims 1.1: model. "
        "Restore that, or begin a new run.\n"
    )
    metadata.write_text(metadata.read_text().replace("Version: 1.1", "Version: 1.0"))
    assert extractor(site, "resume", "r", cwd=work).returncode == 0


def test_broken_plugins_are_named_and_nothing_else_changes(site: Path, work: Path) -> None:
    claims = work / "c.jsonl"
    claims.write_text('{"quote": "12 boats sank", "value": "12"}\n')
    source = ("verify", claims, "--source", work / "docs" / "a.txt", "--json")
    before = extractor(site, *source)
    trapped(site)
    after = extractor(site, *source)
    assert (after.returncode, after.stdout) == (0, before.stdout)
    assert before.stderr != after.stderr
    assert after.stderr.removesuffix(before.stderr) == (
        "imported trap_rules\nThe plugin 'trap' (claim_extractor.rules, of trap 1.0) is left out: "
        "it cannot be imported (SystemExit in trap_rules.py, line 3).\n"
    )


def test_the_list_says_what_is_wrong_and_ends_well(site: Path) -> None:
    trapped(site)
    done = extractor(site, "plugins", "list")
    assert done.returncode == 0
    rows = done.stdout.splitlines()[1:]
    wanted = [[group, "trap", "trap", "1.0"] for group in GROUPS]
    assert [row.split()[:4] for row in rows] == wanted
    assert all("no: it cannot be imported (SystemExit in trap_" in row for row in rows)
    assert "left out" not in done.stderr
    assert extractor(site.parent, "plugins", "list").stderr == "No plugins are installed.\n"


@pytest.mark.parametrize(
    ("arguments", "imported"),
    [
        (("--help",), ""),
        (("run", "--help"), ""),
        (("plugins", "--help"), ""),
        (("numbers", "docs/a.txt"), ""),
        (("run", "docs/a.txt", "--dry-run"), "rules"),
        (("rules", "list"), "rules"),
        (("run", "docs/a.txt", "--model", "trap:x", "--out", "r"), "models"),
        (("run", "docs/c.trap", "--out", "r"), "loaders"),
        (("export", "r", "--format", "trap"), "exporters"),
    ],
)
def test_no_plugin_is_imported_before_it_is_wanted(
    site: Path, work: Path, arguments: tuple[str, ...], imported: str
) -> None:
    trapped(site)
    (work / "docs" / "c.trap").write_text("7 ships")
    done = extractor(site, *arguments, cwd=work)
    told = [line for line in done.stderr.splitlines() if line.startswith("imported")]
    assert told == ([f"imported trap_{imported}"] if imported else [])
    assert "Traceback" not in done.stderr
    assert not (work / "r").exists()
    if imported and imported != "rules":
        assert done.returncode == (3 if imported == "models" else 2)
        assert "The plugin 'trap' (claim_extractor." in done.stderr


def test_calls_of_a_plugin_cannot_be_recorded(site: Path, work: Path) -> None:
    install_example(site)
    ways = ("--model", "program:./ask.py", "--record", "c", "--out", "r")
    done = extractor(site, "run", "docs", *ways, cwd=work)
    assert done.returncode == 2
    assert "is a model of the plugin 'program'" in done.stderr
    assert not (work / "r").exists()


EXPORTS = """
def given(rows):
    yield "a\\x1b[2J"
    yield b"\\xff"

def breaks(rows):
    yield "half"
    raise ValueError("sk-secret")

def odd(rows):
    return [7]

def surrogate(rows):
    return ["\\udcff"]
"""


def test_bytes_are_not_written_to_a_terminal_and_text_cannot_steer_it(
    site: Path, work: Path
) -> None:
    install_example(site)
    entries = {"exporters": {"given": "exports:given"}}
    install(site, "formats", entries, {"exports.py": EXPORTS})
    ways = ("--model", "program:./ask.py", "--ask", "free", "--reasks", "0", "--out", "r")
    extractor(site, "run", "docs/a.txt", *ways, cwd=work)
    command = [sys.executable, "-m", "extractor.cli.app", "export", "r", "--format", "given"]
    environ = os.environ | {"PYTHONPATH": str(site)}
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            command, cwd=work, env=environ, stdout=theirs, stderr=subprocess.PIPE, check=False
        )
        written = os.read(ours, 99)
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.returncode == 2
    assert b"--format given writes bytes, not text: name a file with --out." in done.stderr
    assert written == b"a [2J"


def test_an_export_is_written_whole_or_not_at_all(site: Path, work: Path) -> None:
    install_example(site)
    names = ("given", "breaks", "odd", "surrogate")
    entries = {"exporters": {name: f"exports:{name}" for name in names} | {"csv": "exports:odd"}}
    install(site, "formats", entries, {"exports.py": EXPORTS})
    ways = ("--model", "program:./ask.py", "--ask", "free", "--reasks", "0", "--out", "r")
    extractor(site, "run", "docs/a.txt", *ways, cwd=work)
    out = work / "out"

    def export(name: str) -> subprocess.CompletedProcess[str]:
        out.unlink(missing_ok=True)
        return extractor(site, "export", "r", "--format", name, "--out", out, cwd=work)

    assert export("given").returncode == 0
    assert out.read_bytes() == b"a\x1b[2J\xff"
    assert export("surrogate").returncode == 0
    assert out.read_bytes() == b"\\udcff"
    for name, why in (
        ("breaks", "broke (ValueError in exports.py, line 8)."),
        ("odd", "broke: int is neither text nor bytes."),
    ):
        done = export(name)
        assert (done.returncode, out.exists()) == (1, False)
        assert (
            f"extractor: The plugin '{name}' (claim_extractor.exporters, of formats 1.0) {why}"
            in done.stderr
        )
        assert "sk-secret" not in done.stderr
    done = export("nope")
    assert done.returncode == 2
    assert (
        "there are jsonl, csv, parquet, sqlite, breaks, given, markdown, odd, surrogate."
        in done.stderr
    )
    assert export("csv").returncode == 0
    assert out.read_text().startswith("document,")
    assert list(work.glob(".out*")) == []
