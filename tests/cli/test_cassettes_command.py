"""`extractor cassettes`: what is wrong with recordings is told, and only that is recorded again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from scripted_server import Scripted, Server, completion

from extractor.cli.app import main
from extractor.model import Capabilities
from extractor.model.cassette_check import MOST_INTERACTIONS
from extractor.model.endpoint_store import remember
from extractor.model.endpoints import resolve_endpoint

REPOSITORY = Path(__file__).parents[2]
KEY = "a-key-of-our-own-0123456789"
TEXTS = {
    "a": "Sylvania said 61 of its sailors were killed.\n\nAldor said 22 sailors were wounded.",
    "b": "Freedonia said 40 of its soldiers were killed.",
    "sub/c": "Osterlich said 12 of its pilots were captured.",
}


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]
Change = Callable[[dict[str, Any]], Any]


def reply() -> Scripted:
    answers = {"answers": [{"id": 1, "dismissed": "no claim"}]}
    return Scripted(completion(json.dumps(answers), name="explain_numbers"))


def by_schema() -> Scripted:
    """The same from an endpoint that takes a response format, and no tool."""
    body = completion(finish="stop")
    content = json.dumps({"answers": [{"id": 1, "dismissed": "no claim"}]})
    body["choices"][0]["message"] = {"role": "assistant", "content": content}
    return Scripted(body)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*script: Scripted) -> Server:
        servers.append(Server(script))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, in this process: what is tested is what it does, not how it starts."""
    for name in [name for name in os.environ if name.startswith(("OPENAI", "EXTRACTOR"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)

    def start(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["extractor", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        said = capsys.readouterr()
        return Done(int(stop.value.code or 0), said.out, said.err)

    return start


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `docs`, and `cassettes/docs` recorded from them: four calls in three files."""
    folder = tmp_path_factory.mktemp("recorded")
    for name, text in TEXTS.items():
        path = folder / "docs" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    server = Server([reply()] * 4)
    command = [sys.executable, "-m", "extractor.cli.app", "run", "docs", "--model", "m"]
    to = ["--base-url", server.url, "--record", "cassettes/docs", "--out", "out"]
    subprocess.run([*command, *to], check=True, capture_output=True, cwd=folder)
    assert len(server.calls) == 4
    server.close()
    return folder


@pytest.fixture
def tapes(recorded: Path, tmp_path: Path) -> Path:
    """The folder `cassettes/docs` of a copy of it all."""
    shutil.copytree(recorded, tmp_path, dirs_exist_ok=True)
    return tmp_path / "cassettes" / "docs"


def problems(done: Done) -> list[tuple[str, str]]:
    """Kind and file of each, as `--json` tells them."""
    assert "Traceback" not in done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    return [(record["kind"], Path(record["path"]).name) for record in records]


def changed(path: Path, change: Change) -> None:
    content = json.loads(path.read_text("utf-8"))
    change(content)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def test_what_this_project_has_recorded_is_in_order() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "extractor.cli.app", "cassettes", "check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "0 problems" in done.stderr


def test_a_fresh_recording_is_in_order(tapes: Path, run: Run) -> None:
    done = run("cassettes", "check")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert done.stderr.strip() == "3 files checked, 3 documents replayed, 0 problems"
    assert run("cassettes", "check", tapes, "--against", "docs").returncode == 0


def _answer(content: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = content["interactions"][0]["response"]
    return answer


def _double(content: dict[str, Any]) -> None:
    content["interactions"].append(content["interactions"][0])


def _say(content: dict[str, Any], text: str) -> None:
    _answer(content)["body"]["choices"][0]["message"]["content"] = text


FAULTS: dict[str, tuple[Change, list[str]]] = {
    "an account's field": (
        lambda content: content["interactions"][0]["request"]["body"].update(user="me"),
        ["not canonical"],
    ),
    "an id": (lambda content: _answer(content)["body"].update(id="chat-1"), ["not canonical"]),
    "another header": (
        lambda content: _answer(content)["headers"].update({"x-account": "me"}),
        ["not canonical"],
    ),
    "a token": (lambda content: _say(content, "Bearer abcdefghijklmnop.qrs"), ["secret"]),
    "the key of the environment": (lambda content: _say(content, f"see {KEY}."), ["secret"]),
    "a fingerprint": (
        lambda content: content["interactions"][0]["request"].update(fingerprint="mine"),
        ["unreadable"],
    ),
    "base64": (lambda content: _answer(content).update(body={"base64": "a"}), ["body"]),
    "a request of another kind": (
        lambda content: content["interactions"][0]["request"].update(body="hello"),
        ["body"],
    ),
    "the same call answered twice": (_double, ["duplicate", "unplayed"]),
    "no call any more": (lambda content: content["interactions"].pop(), ["not recorded"]),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(
    tapes: Path, run: Run, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, kinds = FAULTS[fault]
    changed(tapes / "a.json", change)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    done = run("cassettes", "check", "--json")
    assert done.returncode == 5
    found = [kind for kind, name in problems(done) if name == "a.json"]
    assert [kind for kind in found if kind != "not recorded" or kind in kinds] == kinds
    assert {name for _, name in problems(done)} == {"a.json"}
    assert KEY not in done.stdout + done.stderr


def test_a_line_names_kind_file_and_place(tapes: Path, run: Run) -> None:
    path = tapes / "a.json"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:4], "=======", *lines[4:]]), "utf-8")
    done = run("cassettes", "check")
    assert done.returncode == 5
    (line,) = done.stdout.splitlines()
    assert line == (
        "UNREADABLE CASSETTE cassettes/docs/a.json: line 5: merge marks (=======); "
        "a merge was left unfinished; finish it, or record it again."
    )


def test_many_documents_at_once_write_the_same_files(tmp_path: Path, run: Run) -> None:
    (tmp_path / "docs").mkdir()
    for number in range(24):
        text = f"Sylvania said {number + 20} of its sailors were killed. Aldor said 22 were lost."
        (tmp_path / "docs" / f"{number}.txt").write_text(text, "utf-8")
    server = Server(lambda _: reply())
    where = ("--model", "m", "--base-url", server.url)
    written = []
    for width in (1, 16):
        folder = tmp_path / f"tapes{width}"
        to = ("--record", folder, "--out", f"out{width}", "--concurrency", str(width))
        assert run("run", "docs", *where, *to).returncode == 0
        written.append({path.name: path.read_bytes() for path in folder.iterdir()})
    server.close()
    assert written[0] == written[1]
    assert len(written[0]) == 24

    calls = len(server.calls)
    again = ("--replay", "tapes16", "--out", "again", "--concurrency", "16")
    assert run("run", "docs", *again).returncode == 0
    assert len(server.calls) == calls
    # a run writes its documents in the order in which they end; the ledger knows the other one
    assert run("export", "again", "--rebuild").returncode == 0
    first, second = (tmp_path / name / "numbers.jsonl" for name in ("out1", "again"))
    assert first.read_bytes() == second.read_bytes() != b""


def test_a_run_on_a_file_with_merge_marks_ends_before_it_begins(tapes: Path, run: Run) -> None:
    path = tapes / "b.json"
    path.write_text("<<<<<<< HEAD\n" + path.read_text("utf-8"), "utf-8")
    done = run("run", "docs/b.txt", "--replay", "cassettes/docs", "--out", "again")
    assert done.returncode == 5
    assert "b.json: line 1: merge marks (<<<<<<<)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_long_file_is_advice(tapes: Path, run: Run) -> None:
    def lengthen(content: dict[str, Any]) -> None:
        first = content["interactions"][0]
        failure = first | {"response": {"status": 500, "headers": {}, "body": ""}}
        content["interactions"][:0] = [failure] * MOST_INTERACTIONS

    changed(tapes / "a.json", lengthen)
    done = run("cassettes", "check", tapes / "sub" / "..", "--json")
    assert ("long", "a.json") in problems(done)
    (long,) = [json.loads(one) for one in done.stdout.splitlines() if '"long"' in one]
    assert long["is_warning"]
    assert "1 warnings" in done.stderr

    # without documents there is nothing else to be wrong
    alone = tapes.parent.parent / "alone"
    alone.mkdir()
    (tapes / "a.json").rename(alone / "a.json")
    done = run("cassettes", "check", alone)
    assert done.returncode == 0
    assert "LONG CASSETTE" in done.stdout


def test_documents_and_files_that_do_not_belong_together(tapes: Path, run: Run) -> None:
    docs = tapes.parents[1] / "docs"
    (docs / "a.txt").rename(docs / "d.txt")
    (docs / "b.txt").write_text(TEXTS["b"].replace("said", "told us that"), "utf-8")
    done = run("cassettes", "check", "--json")
    assert done.returncode == 5
    assert problems(done) == [
        ("not recorded", "b.json"),
        ("missing", "d.json"),
        ("orphan", "a.json"),
    ]


def test_a_changed_prompt_is_stale_everywhere(tapes: Path, run: Run) -> None:
    prompt = (REPOSITORY / "prompts" / "claims.v2.md").read_text("utf-8")
    mine = tapes.parents[1] / "mine.md"
    mine.write_text(prompt.replace("Passage:", "Text:"), "utf-8")
    done = run("cassettes", "check", "--prompt", mine)
    assert done.returncode == 5
    assert done.stdout.count("STALE CASSETTE") == 3
    assert "the prompt changed" in done.stdout


def test_a_document_that_cannot_be_read_is_told(tapes: Path, run: Run) -> None:
    (tapes.parents[1] / "docs" / "b.txt").write_bytes(b"\xff\xfe")
    done = run("cassettes", "check", "--json")
    assert problems(done) == [("document", "b.json")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "no such folder"),
        (["docs"], "no cassette in this folder"),
        (["cassettes/docs", "cassettes", "--against", "docs"], "one folder of cassettes"),
        (["cassettes/docs", "--against", "none"], "no such file or folder"),
    ],
)
def test_folders_that_make_no_sense(tapes: Path, run: Run, arguments: list[str], told: str) -> None:
    done = run("cassettes", "check", *arguments)
    assert done.returncode == 2, done.stdout
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert tapes.exists()


class TestUpdate:
    @pytest.fixture
    def update(self, run: Run) -> Run:
        return lambda *arguments: run("cassettes", "update", *arguments)

    def test_what_replays_is_left_and_costs_no_call(self, tapes: Path, update: Run) -> None:
        def states() -> dict[Path, tuple[int, int]]:
            found = {path: path.stat() for path in tapes.rglob("*.json")}
            return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in found.items()}

        before = states()
        done = update(tapes)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert "3 files as they were, 0 recorded again (0 calls)" in done.stderr
        assert states() == before

    def test_only_what_changed_is_asked(
        self, tapes: Path, update: Run, run: Run, serve: Callable[..., Server]
    ) -> None:
        docs = tapes.parents[1] / "docs"
        before = {path.name: path.read_bytes() for path in tapes.rglob("*.json")}
        changed(tapes / "a.json", lambda content: content["interactions"].pop())
        (docs / "d.txt").write_text("Umbria said 7 pilots were killed.", "utf-8")
        (docs / "sub" / "c.txt").unlink()
        server = serve(reply(), reply())
        where = ("--base-url", server.url)

        planned = update(tapes, *where, "--dry-run")
        assert planned.returncode == 0
        words = [line.split()[:2] for line in planned.stdout.splitlines()]
        assert words == [["record", "NOT"], ["record", "NO"], ["leave", "ORPHAN"]]
        assert server.calls == []

        done = update(tapes, *where)
        assert done.returncode == 0, done.stderr
        assert "1 calls sent, 1 recordings kept" in done.stderr
        assert "1 files as they were, 2 recorded again (2 calls)" in done.stderr
        assert [call.body["model"] for call in server.calls] == ["m", "m"]
        assert (tapes / "a.json").read_bytes() == before["a.json"]
        assert (tapes / "b.json").read_bytes() == before["b.json"]
        assert (tapes / "sub" / "c.json").exists()

        pruned = update(tapes, "--prune")
        assert pruned.returncode == 0, pruned.stderr
        assert not (tapes / "sub" / "c.json").exists()
        checked = run("cassettes", "check")
        assert (checked.returncode, checked.stdout) == (0, "")
        assert len(server.calls) == 2

    def test_what_is_not_asked_any_more_is_left_out_without_a_call(
        self, tapes: Path, update: Run
    ) -> None:
        before = (tapes / "a.json").read_bytes()
        changed(tapes / "a.json", _double)
        done = update(tapes)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("trim   UNPLAYED")
        assert (tapes / "a.json").read_bytes() == before

    def test_a_file_with_merge_marks_is_recorded_again(
        self, tapes: Path, update: Run, serve: Callable[..., Server]
    ) -> None:
        before = (tapes / "b.json").read_bytes()
        (tapes / "b.json").write_text("<<<<<<< HEAD\n", "utf-8")
        server = serve(reply())
        done = update(tapes, "--base-url", server.url)
        assert done.returncode == 0, done.stderr
        assert len(server.calls) == 1
        assert (
            json.loads((tapes / "b.json").read_text())["interactions"]
            == (json.loads(before)["interactions"])
        )

    def test_another_model_records_everything(
        self, tapes: Path, update: Run, serve: Callable[..., Server]
    ) -> None:
        server = serve(*[reply()] * 4)
        done = update(tapes, "--model", "other", "--base-url", server.url)
        assert done.returncode == 0, done.stderr
        assert len(server.calls) == 4
        for path in tapes.rglob("*.json"):
            assert json.loads(path.read_text())["cassette"]["model"] == "other"

    def test_a_model_that_fails_leaves_the_old_file(
        self, tapes: Path, update: Run, serve: Callable[..., Server]
    ) -> None:
        changed(tapes / "a.json", lambda content: content["interactions"].pop())
        before = (tapes / "a.json").read_bytes()
        server = serve(Scripted({"error": {"message": "no"}}, 401))
        done = update(tapes, "--base-url", server.url)
        assert done.returncode == 3
        assert "Traceback" not in done.stderr
        assert (tapes / "a.json").read_bytes() == before

    def test_an_endpoint_is_asked_as_the_recording_says(
        self,
        tapes: Path,
        update: Run,
        run: Run,
        serve: Callable[..., Server],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Another machine knows nothing of what the endpoint takes; the recording does."""
        shutil.rmtree(tapes)
        server = serve(*[by_schema()] * 5)
        able = Capabilities(form="json_schema", limit="max_completion_tokens", takes_seed=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tapes.parents[1] / "one"))
        remember(resolve_endpoint(server.url, {}), "m", able)
        where = ("--base-url", server.url)
        done = run("run", "docs", "--model", "m", *where, "--record", tapes, "--out", "again")
        assert done.returncode == 0, done.stderr

        monkeypatch.setenv("XDG_CACHE_HOME", str(tapes.parents[1] / "two"))
        before = (tapes / "a.json").read_bytes()
        changed(tapes / "a.json", lambda content: content["interactions"].pop())
        done = update(tapes, *where)
        assert done.returncode == 0, done.stderr
        assert len(server.calls) == 5
        assert server.calls[-1].body.keys() == server.calls[0].body.keys()
        assert (tapes / "a.json").read_bytes() == before
        assert run("cassettes", "check").returncode == 0

    def test_it_must_know_the_documents(self, tapes: Path, update: Run) -> None:
        elsewhere = tapes.rename(tapes.parents[1] / "elsewhere")
        done = update(elsewhere)
        assert done.returncode == 2
        assert "--against" in done.stderr
