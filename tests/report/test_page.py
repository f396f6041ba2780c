"""The page without a browser: what its markup is, and that no text of a document gets into it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_runs import (
    HOSTILE,
    HOSTILE_ID,
    group_of,
    multiplied,
    replayed_seeds,
    sailors_groups,
    seeds_groups,
    ugly_run,
)

from extractor.batch.ledger_reader import deflated
from extractor.errors import InputError
from extractor.report import html_report
from extractor.report.safe_text import ScriptOffsets, json_for_script, showable
from extractor.text import Span


class Markup(HTMLParser):
    """The elements of a page with their attributes, and what script and style blocks hold."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self._within: tuple[str, dict[str, str | None]] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._within = (tag, dict(attrs)) if tag in ("script", "style") else None

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._within = None

    def handle_data(self, data: str) -> None:
        if self._within:
            self.blocks.append((*self._within, data))


@pytest.fixture(scope="module")
def ugly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ugly_run(tmp_path_factory.mktemp("ugly"))


@pytest.fixture(scope="module")
def seeds_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return replayed_seeds(tmp_path_factory.mktemp("seeds"))


@pytest.fixture(scope="module")
def text(ugly: Path) -> str:
    return "".join(html_report(ugly, sailors_groups()))


@pytest.fixture(scope="module")
def markup(text: str) -> Markup:
    return Markup(text)


def data(markup: Markup) -> dict[str, Any]:
    """The JSON blocks by their ids."""
    found: dict[str, Any] = {}
    for _, attributes, block in markup.blocks:
        if attributes.get("type") == "application/json":
            value = json.loads(block)
            if isinstance(value, str):
                value = json.loads(zlib.decompress(base64.b64decode(value)))
            found[str(attributes["id"])] = value
    return found


def test_the_policy_names_the_blocks_of_the_page(markup: Markup) -> None:
    policy = next(
        str(attributes["content"])
        for tag, attributes in markup.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    ours = [(tag, block) for tag, attributes, block in markup.blocks if "type" not in attributes]
    assert [tag for tag, _ in ours] == ["style", "script"]
    for (_, block), name in zip(ours, ("style-src", "script-src"), strict=True):
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert parts[name] == f"'sha256-{digest}'"
    assert {parts[name] for name in ("default-src", "base-uri", "form-action")} == {"'none'"}


def test_the_page_refers_to_nothing_outside_it(markup: Markup) -> None:
    for tag, attributes in markup.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "audio", "video")
        assert not {"src", "action", "srcset", "style", "background"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        if "href" in attributes:
            assert str(attributes["href"]).startswith("#")


def test_nothing_of_a_document_is_markup(text: str, markup: Markup) -> None:
    assert "window.ran" in text  # it is there
    assert "<script>window.ran" not in text
    assert "<svg onload" not in text
    assert "<h1 onclick" not in text
    assert [tag for tag, _ in markup.elements].count("script") == 3  # a pack, the index, our own
    for odd in "\x00\x07\x1b\u202e\ud800":
        assert odd not in text
    text.encode()


def test_the_data_hold_what_the_run_holds(markup: Markup) -> None:
    held = data(markup)
    documents = held["index"]["documents"]
    assert [row[0] for row in documents] == [
        "sailors",
        showable(HOSTILE_ID),
        "unanswered",
        "sailors-again",
        "quiet",
    ]
    assert [row[2] for row in documents] == [0, 0, 1, 2, 0]
    assert documents[0][3] == [1, 2, 3, 1]
    assert documents[2][3] == "the host <refuses> the request (400)."
    assert documents[3][3] == "the same text as sailors"
    hostile = held["pack-0"][1]
    assert hostile["text"] == showable(HOSTILE)


def test_offsets_are_those_of_a_browser(markup: Markup) -> None:
    hostile = data(markup)["pack-0"][1]
    wide = hostile["text"].encode("utf-16-le")
    shown = [wide[2 * start : 2 * end].decode("utf-16-le") for start, end, *_ in hostile["numbers"]]
    assert "17" in shown
    assert "345" in shown
    claim = next(claim for claim in hostile["claims"] if claim["accepted"])
    start, end = claim["quote"]
    assert wide[2 * start : 2 * end].decode("utf-16-le") == "17 boats were saved"


def test_a_rejected_claim_keeps_its_stated_fields_and_its_reasons(markup: Markup) -> None:
    plain = data(markup)["pack-0"][0]
    claim = next(one for one in plain["claims"] if one["fields"].get("value") == "341")
    assert not claim["accepted"]
    assert claim["fields"]["quote"] == "more than 340 wounded"
    assert [finding[0] for finding in claim["findings"]] == ["N201"]
    start, end = claim["quote"]
    assert plain["text"][start:end] == "more than 340 wounded"


def test_the_overview_tells_counts_rules_and_the_making(seeds_run: Path) -> None:
    page = "".join(html_report(seeds_run, []))
    words = " ".join(
        re.sub(r"<[^>]+>", " ", page.partition('<section id="view-figures"')[0]).split()
    )
    assert "4 documents, 57 numbers" in words
    assert "tokens read 1,668" in words
    assert "cost 0 USD" in words
    assert "prompt claims.v2" in words
    assert "38c81f67f7d83ab0b13f0d22580bc9b8b0a2ea9225af21fa78a084b3be985a9e" in words
    assert "The run has not ended" not in words
    assert "D803" in words
    assert "No figures of this run could be laid side by side." in page


def test_the_figures_of_the_seeds(seeds_run: Path) -> None:
    page = "".join(html_report(seeds_run, seeds_groups(seeds_run)))
    start = page.index("killed Russian troops")
    article = page[start : page.index("</article>", start)]
    assert article.count('<path class="mark"') == 5
    assert article.count('class="arrow"') == 1  # more than 7,000
    assert article.count('class="bar"') == 1  # almost 500: a tenth of it
    assert "#documents?doc=000_fffeef1d6210826a&amp;n=1" in article
    assert "5 independent parties" in article


def test_a_figure_of_a_document_that_is_not_here_harms_nothing(ugly: Path) -> None:
    figure = sailors_groups()[0].figures[0]
    place = replace(figure.places[0], document="\ud800<b>", sentence_span=Span(90, 99))
    group = group_of("killed sailors", [replace(figure, places=(place,)), figure])
    page = "".join(html_report(ugly, [group]))
    assert "#documents?doc=%EF%BF%BD%3Cb%3E" in page
    assert "<bdi>�&lt;b&gt;</bdi>" in page


def test_two_ids_that_look_alike_are_two_documents(ugly: Path, tmp_path: Path) -> None:
    run = multiplied(ugly, tmp_path / "run", 5)
    connection = sqlite3.connect(run / "ledger.sqlite")
    for n, name in enumerate(("a\x07", "a\u2407", "a\u2407 (9002)")):
        text = deflated(f"No. {n}")
        connection.execute(
            "INSERT INTO documents (number, id, source, state, text, ended) "
            "VALUES (?, ?, 's', 'done', ?, '')",
            (9000 + n, name, text),
        )
    connection.commit()
    connection.close()
    rows = data(Markup("".join(html_report(run, []))))["index"]["documents"]
    keys = [row[0] for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_run_of_a_hundred_documents_is_small(seeds_run: Path, tmp_path: Path) -> None:
    run = multiplied(seeds_run, tmp_path / "run", 100)
    page = "".join(html_report(run, seeds_groups(seeds_run))).encode()
    assert len(page) <= 2_000_000
    held = data(Markup(page.decode()))
    assert len(held["index"]["documents"]) == 100
    row = held["index"]["documents"][99]
    assert row[0] in held[f"pack-{row[4]}"][row[5]]["text"]


def test_a_large_run_is_not_held(seeds_run: Path, tmp_path: Path) -> None:
    run = multiplied(seeds_run, tmp_path / "run", 400)
    longest = max(map(len, html_report(run, [])))
    assert longest < 400_000  # characters


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE documents SET text = x'00'", "'sailors' is not as a run leaves it"),
        ("UPDATE numbers SET row = '{}'", "is not as a run leaves it"),
        ("UPDATE numbers SET row = 'no JSON'", "is not as a run leaves it"),
        ("UPDATE verdicts SET claim = '[', accepted = 1", "is not as a run leaves it"),
        ("UPDATE verdicts SET claim = '[]', accepted = 1", "a claim is no object"),
        ("UPDATE numbers SET outcome = 'lost'", "a number is 'lost'"),
        ("UPDATE numbers SET row = json_set(row, '$.low', 'x')", "is not as a run leaves it"),
        ("UPDATE numbers SET row = json_set(row, '$.span', json('[5, 2]'))", "not a span"),
        ("UPDATE run SET plan = '{'", "its plan is not as a run leaves it"),
        ("UPDATE calls SET attempts = '{'", "cannot be read"),
        ("DELETE FROM run", "never begun"),
        ("DROP TABLE findings", "cannot be read"),
    ],
)
def test_a_ledger_that_was_tampered_with_is_told(
    ugly: Path, tmp_path: Path, statement: str, why: str
) -> None:
    copy = tmp_path / "run"
    copy.mkdir()
    (copy / "ledger.sqlite").write_bytes((ugly / "ledger.sqlite").read_bytes())
    connection = sqlite3.connect(copy / "ledger.sqlite")
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match=why):
        "".join(html_report(copy, []))


@given(
    st.text(alphabet=st.characters()) | st.text(alphabet="<>&/!-script\u2028\u2029\ud800\x00'\"")
)
def test_any_text_is_shown_and_ends_no_script(text: str) -> None:
    shown = showable(text)
    assert len(shown) == len(text)
    shown.encode()
    written = json_for_script([shown])
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == [shown]


@given(st.text())
def test_offsets_count_as_utf_16_does(text: str) -> None:
    offsets = ScriptOffsets(text)
    for place in range(len(text) + 1):
        assert offsets.of(place) == len(text[:place].encode("utf-16-le", "surrogatepass")) // 2


def test_the_wheel_carries_the_files_of_the_page(tmp_path: Path) -> None:
    repository = Path(__file__).parents[2]
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=repository, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(built).namelist())
    wanted = {path.name for path in (repository / "extractor" / "report").glob("page*.*")}
    assert {"page.css", "page.html.jinja", "page.js"} <= wanted
    assert {f"extractor/report/{name}" for name in wanted} <= names
