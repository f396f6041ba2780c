"""The plugin for tests of other projects: recorded once over HTTP, replayed with nobody there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripted_server import Call, Scripted, Server, completion

pytest_plugins = ("pytester",)

TEST = """
    from extractor import Document

    TEXT = "Orle lost 40 boats."

    def test_boats(extractor_cassette):
        result = extractor_cassette.extract(Document(text=TEXT))
        assert [claim.counted for claim in result.accepted] == ["boats"]
"""


def _answer(_: Call) -> Scripted:
    answer = {"id": 1, "quote": "40 boats", "counted": "boats", "event": "lost"}
    return Scripted(completion(json.dumps({"answers": [answer]}), name="explain_numbers"))


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(_answer)
    yield server
    server.close()


@pytest.fixture
def project(
    pytester: pytest.Pytester, server: Server, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    monkeypatch.setenv("EXTRACTOR_MODEL", "scripted")
    monkeypatch.setenv("EXTRACTOR_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none-of-your-business")
    pytester.makepyfile(test_mine=TEST)
    return pytester


def _run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_subprocess("-p", "no:randomly", *arguments)


def test_recorded_once_and_replayed_with_nobody_there(
    project: pytest.Pytester, server: Server
) -> None:
    _run(project, "--extractor-record").assert_outcomes(passed=1)
    assert len(server.calls) == 1
    cassette = project.path / "cassettes" / "test_mine" / "test_boats.json"
    assert "sk-none-of-your-business" not in cassette.read_text("utf-8")
    server.close()
    _run(project).assert_outcomes(passed=1)
    # another text is another call, and what is recorded was not asked for
    test = project.path / "test_mine.py"
    test.write_text(test.read_text("utf-8").replace("40 boats", "41 boats"), "utf-8")
    done = _run(project)
    done.assert_outcomes(failed=1, errors=1)
    done.stdout.fnmatch_lines(["*NOT RECORDED*", "*pytest --extractor-record asks the model*"])
    done.stdout.fnmatch_lines(["*1 recorded calls were not asked for*"])


def test_what_was_not_recorded_is_told(project: pytest.Pytester, server: Server) -> None:
    done = _run(project)
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*test_boats.json: not recorded yet; pytest --extractor-record*"])
    assert server.calls == []


def test_a_text_that_leaves_nothing_to_ask_is_recorded_too(
    project: pytest.Pytester, server: Server
) -> None:
    project.makepyfile(test_mine=TEST.replace("Orle lost 40 boats.", "No number."))
    test = project.path / "test_mine.py"
    test.write_text(test.read_text("utf-8").replace('["boats"]', "[]"), "utf-8")
    _run(project, "--extractor-record").assert_outcomes(passed=1)
    _run(project).assert_outcomes(passed=1)
    assert server.calls == []


def test_a_test_s_parameters_are_in_the_file_s_name(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_mine="""
        import pytest
        from extractor import Document

        @pytest.mark.parametrize("town", ["Orle", "a/b: ü"])
        def test_boats(town, extractor_cassette):
            extractor_cassette.extract(Document(text=f"{town} lost 40 boats."))
        """
    )
    _run(project, "--extractor-record").assert_outcomes(passed=2)
    names = {path.name for path in Path(project.path, "cassettes", "test_mine").iterdir()}
    assert "test_boats_Orle.json" in names
    assert len(names) == 2
    _run(project).assert_outcomes(passed=2)
