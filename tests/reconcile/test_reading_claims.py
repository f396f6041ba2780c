"""How single claims are read: who tells them, of which day, where, and what may come from afar."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.quantities.types import Kind
from extractor.reconcile import Aliases, group_record
from extractor.reconcile.claimants import teller
from extractor.reconcile.dates import day_in, document_date
from extractor.reconcile.grouping import grouped
from extractor.reconcile.scope import scope_of
from extractor.reconcile.site import Hints, Site
from extractor.reconcile.statements import Reading
from extractor.reconcile.tables import csv_table, markdown_table
from extractor.text import Document, Span

KNOWN = Aliases.load()


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("Russia’s ministry of defence", "Russia"),
        ("the Russian Defense Ministry", "Russia"),
        ("a spokesman for the Israeli military", "Israel"),
        ("Ukrainian President Volodymyr Zelenskyy", "Ukraine"),
        ("President Zelensky", "Ukraine"),
        ("the Kremlin", "Russia"),
        ("UN", "United Nations"),
        ("US President Joe Biden", "United States"),
        ("Gaza's health ministry", "Gaza"),
    ],
)
def test_who_speaks_for_a_state(name: str, party: str) -> None:
    assert teller(name, KNOWN).party == party


@pytest.mark.parametrize(
    "name",
    [
        "Lyudmila Putin", "Denzel Washington", "Dynamo Kyiv", "Critics against Putin",
        "former Russian police officer", "Syrian Free Army", "Russian state university",
        "Syrian opposition's cabinet", "US Army War College", "Bank of America", "USA Today",
        "pro-Russian authorities", "British military historian", "Latin American police force",
        "the pro-Putin tabloid Komsomolskaya Pravda", "Putin and Zelensky",
        "Military analysts in Russia", "Russian officials", "Syrian Democratic Forces",
        "the Indian Ocean command", "Russia's Wagner service", "London ambulance service",
    ],
)  # fmt: skip
def test_who_speaks_for_none(name: str) -> None:
    assert teller(name, KNOWN).party not in ("Russia", "Ukraine", "Syria", "United States")
    assert teller(name, KNOWN).party not in ("United Kingdom", "Britain")


@pytest.mark.parametrize("name", ["Police", "the Defence Ministry", "officials", "a witness"])
def test_who_is_somebody_else_in_the_next_document(name: str) -> None:
    assert not teller(name, KNOWN).is_named


def test_a_name_in_letters_that_only_look_like_the_table_s_is_another() -> None:
    assert KNOWN.spelled("In K\u0131ev, adv\u0131sor") == "In K\u0131ev, adv\u0131sor"


def test_a_user_s_entry_may_be_in_any_spelling(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "speaks_for: {Igor Zelenskyy: Orle}\ncounted: {bases: [defense posts]}", "utf-8"
    )
    mine = Aliases.load(path)
    assert teller("Igor Zelenskyy", mine).party == "Orle"
    assert mine.thing("defence posts") == "bases"


DOCUMENT = dt.date(2022, 3, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("498 were killed on March 2.", dt.date(2022, 3, 2)),
        ("498 were killed as of 2 March.", dt.date(2022, 3, 2)),
        ("As of March 2, Ukraine said, 498 were killed.", dt.date(2022, 3, 2)),
        ("498 were killed by December 28.", dt.date(2021, 12, 28)),
        ("498 were killed since March 2.", None),
        ("498 were killed, more than in the March 2 attack.", None),
        ("498 were killed ahead of the April 10 election.", None),
        ("498 were killed on May 9, 2023.", None),
        ("498 were killed on February 30.", None),
    ],
)
def test_the_day_of_a_figure(text: str, day: dt.date | None) -> None:
    sentence, number = Span(0, len(text)), Span(text.index("498"), text.index("498") + 3)
    clause = Site.of(text, sentence, number).clause
    assert day_in(text, clause, sentence, DOCUMENT) == day


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Dead and hurt\n20220322\nText", dt.date(2022, 3, 22)),
        ("Updated: Wed, 2 March 2022 10:15 GMT\nText", dt.date(2022, 3, 2)),
        ("2022-03-02T10:00:00Z\nText", dt.date(2022, 3, 2)),
        ("Born 25 January 1978\nText", None),
        ("20220322 soldiers were paid\nText", None),
        ("Text without a day", None),
    ],
)
def test_the_day_of_a_document(head: str, day: dt.date | None) -> None:
    assert document_date(None, head) == day


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("12 people were killed in Orle.", "Orle"),
        ("In Orle 12 people were killed.", "Orle"),
        ("12 people were killed near Orle.", "near Orle"),
        ("12 people were killed in the Orle region.", "Orle region"),
        ("12 people were killed in Kyiv.", "Kyiv"),
        ("12 people were killed in Ukraine.", None),
        ("12 people were killed in March.", None),
        ("12 people were killed during Ramadan, in President Orle's words.", None),
        ("12 people were killed, while Orle was quiet.", None),
    ],
)
def test_where_it_happened(text: str, town: str | None) -> None:
    number = Span(text.index("12"), text.index("12") + 2)
    found = scope_of(Site.of(text, Span(0, len(text)), number), Hints(), KNOWN)
    assert found.location.town == town


def test_the_place_of_who_tells_it_is_not_where_it_happened() -> None:
    text = "12 people were killed, police in Orle said."
    claimant = Span(text.index("police"), text.index(" said"))
    found = scope_of(Site.of(text, Span(0, len(text)), Span(0, 2)), Hints(claimant=claimant), KNOWN)
    assert found.location.town is None


def _claim(**fields: Any) -> dict[str, Any]:
    plain = dict.fromkeys(
        ("value", "low", "high", "unit", "counted", "event", "claimant", "place", "when")
    )
    return {
        **plain, "number_span": [0, 2], "quote": "12 died", "number": "12", "qualifier": "exact",
        "modality": "asserted", "warnings": [],
    } | fields  # fmt: skip


@pytest.mark.parametrize("figure", ["NaN", "sNaN", "Infinity", "1e999999", "", "abc", "9" * 5000])
def test_a_figure_that_is_none_ends_nothing(figure: str) -> None:
    claims = [_claim(value=figure, low=figure, high=figure, event="died", counted="Russian troops")]
    document = Document("12 died of it.", id="100")
    (group,) = grouped(Reading(KNOWN).statements(0, document, claims, {}))
    assert group.figures[0].value is None
    assert group_record(group)["figures"][0]["value"] is None


texts = st.text(max_size=30) | st.sampled_from(["Russian troops", "in Orle", "\ud800", "(", "UN"])


@given(
    text=st.text(max_size=120),
    fields=st.fixed_dictionaries(
        {name: st.none() | texts for name in ("counted", "event", "claimant", "place", "when")}
    ),
    span=st.tuples(st.integers(-5, 150), st.integers(-5, 150)),
    figure=st.none() | st.integers(-(10**9), 10**9).map(str),
)
def test_no_claim_of_any_kind_raises(
    text: str, fields: dict[str, str | None], span: tuple[int, int], figure: str | None
) -> None:
    claim = _claim(**fields, number_span=list(span), value=figure, low=figure, high=figure)
    document = Document(text, id="100")
    statements = list(Reading(KNOWN).statements(0, document, [claim, claim], {}))
    groups = grouped(statements)
    assert sum(len(figure.places) for group in groups for figure in group.figures) == 2
    assert "".join(csv_table(groups))
    assert "".join(markdown_table(groups, explained=True))


def test_a_long_sentence_of_many_figures_takes_no_longer_a_figure() -> None:
    """What is looked at around a number has a bound, however many stand in one sentence."""
    pieces = [f"{number} soldiers were killed in Orle, " for number in range(1000, 1600)]
    text = "".join(pieces)
    claims, start = [], 0
    for piece in pieces:
        claims.append(
            _claim(number_span=[start, start + 4], value=piece[:4], counted="soldiers",
                   event="killed")
        )  # fmt: skip
        start += len(piece)
    document = Document(text, id="100")
    statements = list(Reading(KNOWN).statements(0, document, claims, {}))
    assert {one.named for one in statements} == set(map(Decimal, range(1000, 1600)))
    assert {one.kind for one in statements} == {Kind.COUNT}
