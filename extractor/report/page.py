"""A run as one HTML page that needs nothing else: no network, no file beside it.

The page's own script and style are named by their hashes in its Content-Security-Policy, and
nothing else may run or load. What documents and models say is text on it and never markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from extractor.batch.ledger_reader import LedgerReader, open_ledger
from extractor.reconcile.groups import FigureGroup, Place
from extractor.report.figure_groups import GroupView, group_view, party_styles
from extractor.report.judged_documents import NumberPlaces, judged_documents
from extractor.report.outcome_bar import outcome_bar
from extractor.report.page_data import PageData
from extractor.report.run_overview import overview_of, rule_summaries
from extractor.report.safe_text import showable

_DEFLATED_FROM = 100_000  # bytes of the texts as the ledger keeps them, which is deflated too
_SCRIPTS = ("page_parts.js", "page_data.js", "page_claims.js", "page_document.js", "page.js")
_PIECE = 16  # pieces of the template that are written at once
_AT_ONCE = 20  # groups of figures that are on the page from the start


def html_report(run: Path, groups: Sequence[FigureGroup]) -> Iterator[str]:
    """The page of the run in the folder `run`, piece by piece; one document is held at a time.

    `groups` are the run's figures side by side. Raises InputError when `run` is no run folder or
    cannot be read.
    """
    with open_ledger(run) as ledger:
        ledger.connection.execute("BEGIN")  # one state of a run that may be under way
        yield from _page(run, ledger, groups)


def content_security_policy(script: str, style: str) -> str:
    """The policy of a page with this script and this style: they alone run, nothing is loaded."""
    return (
        f"default-src 'none'; script-src '{_hashed(script)}'; style-src '{_hashed(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _page(run: Path, ledger: LedgerReader, groups: Sequence[FigureGroup]) -> Iterator[str]:
    overview = overview_of(run, ledger)
    keys = _keys(ledger)
    places = NumberPlaces(ledger)
    styles = party_styles(groups)
    data = PageData(deflate=_is_large(ledger))
    searched: list[tuple[str, str]] = []
    script, style = _script(), _asset("page.css")

    def views() -> Iterator[GroupView]:
        for group in groups:
            view = group_view(group, styles, place_of)
            searched.append((view.searched, group.agreement))
            yield view

    def place_of(place: Place) -> int | None:
        return places.at(place.document, place.number_span)

    def link(document: str, number: int | None) -> str:
        key = keys.get(document) or showable(document)  # a group may be of other runs as well
        address = f"#documents?doc={quote(key, safe='')}"
        return address if number is None else f"{address}&n={number}"

    context: dict[str, Any] = {
        "name": showable(run.resolve().name),
        "overview": overview,
        "bar": outcome_bar(overview.counts),
        "groups": views(),
        "group_count": len(groups),
        "at_once": _AT_ONCE,
        "link": link,
        "quoted": lambda text: quote(text, safe=""),
        "packs": (Markup(pack) for pack in data.packs(judged_documents(ledger), keys)),  # noqa: S704 - escaped for a script
        "index": lambda: Markup(data.index(searched, rule_summaries())),  # noqa: S704 - likewise
        "policy": content_security_policy(script, style),
        "script": Markup(script),  # noqa: S704 - our own
        "style": Markup(style),  # noqa: S704 - our own
    }
    stream = _template().stream(context)
    stream.enable_buffering(_PIECE)
    yield from stream


def _keys(ledger: LedgerReader) -> dict[str, str]:
    """What each document is called on the page: its id as it can be shown, each another."""
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for number, name in ledger.connection.execute("SELECT number, id FROM documents"):
        key = showable(name)
        while key in taken:
            key = f"{key} ({number})"
        taken.add(key)
        keys[name] = key
    return keys


def _is_large(ledger: LedgerReader) -> bool:
    row = ledger.connection.execute("SELECT TOTAL(LENGTH(text)) FROM documents").fetchone()
    return bool(row[0] > _DEFLATED_FROM)


def _script() -> str:
    """The files of the script as one block whose names are its own."""
    files_text = "\n".join(_asset(name) for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{files_text}}})();\n'


def _asset(name: str) -> str:
    # a browser takes every line break as this one, and the hashes are of what it takes
    text = files("extractor.report").joinpath(name).read_text("utf-8")
    return text.replace("\r\n", "\n")


def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["showable"] = showable
    environment.filters["counted"] = lambda number: f"{number:,}"
    return environment.from_string(_asset("page.html.jinja"))


def _hashed(block: str) -> str:
    digest = hashlib.sha256(block.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
