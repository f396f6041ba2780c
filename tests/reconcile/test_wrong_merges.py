"""Figures that look alike and are of two things stay apart; those of one thing meet."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.reconcile import FigureGroup
from extractor.reconcile.grouping import grouped
from extractor.text import Document

from .conftest import lines_of, statements_of

Groups = Callable[..., dict[str, FigureGroup]]
Article = tuple[Document, list[dict[str, str]]]


def article(name: str, text: str, claim: dict[str, str], day: str | None = None) -> Article:
    """A document of one claim, whose quote is the whole text."""
    quote = {"quote": text.split("\n", maxsplit=1)[0].rstrip("."), "counted": "Aldorian soldiers"}
    return Document(text, id=name, published=day), [quote | {"event": "killed"} | claim]


TOTAL = article(
    "100",
    "Ukraine said 4,300 Russian soldiers were killed.",
    {"value": "4300", "counted": "Russian soldiers", "claimant": "Ukraine"},
)

APART = {
    "a part of it in a town": (
        "In Orle 120 Russian soldiers were killed.",
        {"value": "120", "counted": "Russian soldiers"},
    ),
    "those of one attack": (
        "In a rocket attack 89 Russian soldiers were killed.",
        {"value": "89", "counted": "Russian soldiers"},
    ),
    "those of one day": (
        "In the past 24 hours 710 Russian soldiers were killed.",
        {"value": "710", "counted": "Russian soldiers"},
    ),
    "those of a weekday": (
        "On Monday 610 Russian soldiers were killed.",
        {"value": "610", "counted": "Russian soldiers"},
    ),
    "a handful": (
        "Three Russian soldiers were killed.",
        {"value": "3", "counted": "Russian soldiers"},
    ),
    "the other side's": (
        "Russia said 2,870 Ukrainian soldiers were killed.",
        {"value": "2870", "counted": "Ukrainian soldiers", "claimant": "Russia"},
    ),
    "the wounded": (
        "Ukraine said 1,597 Russian soldiers were wounded.",
        {"value": "1597", "counted": "Russian soldiers", "event": "wounded", "claimant": "Ukraine"},
    ),
    "civilians": (
        "Ukraine said 700 Russian civilians were killed.",
        {"value": "700", "counted": "Russian civilians", "claimant": "Ukraine"},
    ),
    "whoever they are": (
        "Ukraine said 2,000 people were killed.",
        {"value": "2000", "counted": "people", "claimant": "Ukraine"},
    ),
    "a rate": (
        "900 Russian soldiers were killed each day.",
        {"value": "900", "counted": "Russian soldiers"},
    ),
}


@pytest.mark.parametrize("case", APART)
def test_it_is_not_laid_beside_the_total(case: str, groups_of: Groups) -> None:
    text, claim = APART[case]
    found = groups_of(TOTAL, article("200", text, claim))
    assert lines_of(found["Russian soldiers killed"]) == {"Ukraine | exact 4300 | 100"}
    assert len(found) == 2


BESIDE = {
    "another word": ("Some 9,000 Russian troops were killed.", "9000", "Russian troops", "killed"),
    "another form": ("Russia lost 9,000 soldiers.", "9000", "Russian soldiers", "lost"),
    "dead": ("Aid workers counted 9,000 dead Russian servicemen.", "9000", "Russian servicemen",
             "dead"),
    "a weekday of telling": (
        "Officials said on Monday that 9,000 Russian soldiers were killed.", "9000",
        "Russian soldiers", "killed"),
    "the country of the war": ("In Ukraine 9,000 Russian soldiers were killed.", "9000",
                               "Russian soldiers", "killed"),
    "how long it took": ("In less than a month 9,000 Russian soldiers were killed.", "9000",
                         "Russian soldiers", "killed"),
}  # fmt: skip


@pytest.mark.parametrize("case", BESIDE)
def test_it_is_laid_beside_the_total(case: str, groups_of: Groups) -> None:
    text, value, counted, event = BESIDE[case]
    claim = {"value": value, "counted": counted, "event": event}
    if case == "a weekday of telling":
        claim["claimant"] = "Officials"
    found = groups_of(TOTAL, article("200", text, claim))
    assert list(found) == ["Russian soldiers killed"]


def test_one_town_on_two_days_is_two_things() -> None:
    first = "In Orle 120 people were killed."
    second = "In Orle 140 people were killed."
    claims = [{"value": value, "counted": "people"} for value in ("120", "140")]
    march = article("100", first, claims[0], "2022-03-02")
    april = article("200", second, claims[1], "2022-04-20")
    next_day = article("300", second, claims[1], "2022-03-03")
    undated = article("400", second, claims[1])
    assert len(_together(march, april)) == 2
    assert len(_together(march, undated)) == 2
    (group,) = _together(march, next_day)
    assert group.title == "people killed in Orle"
    assert [figure.named for figure in group.figures] == [120, 140]


def test_two_figures_of_one_town_in_one_document_are_two_things() -> None:
    text = "In Orle 120 people were killed.\nIn Orle 140 people were killed later.\n"
    quotes = text.split("\n")
    claims = [
        {"quote": quote[:31].rstrip("."), "value": value, "counted": "people", "event": "killed"}
        for quote, value in zip(quotes, ("120", "140"), strict=False)
    ]
    document = Document(text, id="100", published="2022-03-02")
    assert len(grouped(statements_of(document, claims))) == 2


def test_the_same_small_figure_of_one_claimant_is_not_a_copy() -> None:
    claim = {"value": "5", "counted": "people", "claimant": "Norland"}
    first = article("100", "Norland said 5 people were killed.", claim)
    second = article("200", "Norland said 5 people were killed there too.", claim)
    assert len(_together(first, second)) == 2


def test_a_spokesman_of_nobody_is_somebody_else_in_the_next_document() -> None:
    claim = {"value": "4300", "counted": "Russian soldiers", "claimant": "the spokesman"}
    text = "4,300 Russian soldiers were killed, the spokesman said."
    (group,) = _together(article("100", text, claim), article("200", text, claim))
    assert len(group.figures) == 2
    assert group.parties == 2


def test_a_day_of_the_claim_comes_before_that_of_the_document() -> None:
    text = "Ukraine said 4,300 Russian soldiers were killed as of March 2."
    claim = {"value": "4300", "counted": "Russian soldiers", "claimant": "Ukraine"}
    (group,) = _together(article("100", text, claim, "2022-03-22"))
    assert group.figures[0].as_of == dt.date(2022, 3, 2)
    assert group.figures[0].as_of_by == "claim"


def _together(*articles: Article) -> list[FigureGroup]:
    return grouped(one for document, claims in articles for one in statements_of(document, claims))


MANY = [
    one
    for place, (text, claim) in enumerate(APART.values())
    for one in statements_of(*article(f"{place:03}", text, claim))
]


@given(st.permutations(MANY))
def test_the_order_of_the_documents_changes_nothing(statements: list[object]) -> None:
    assert grouped(statements) == grouped(MANY)  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(MANY), min_size=1, max_size=6), st.integers(2, 4))
def test_copies_add_places_and_no_figures(statements: list[object], times: int) -> None:
    """The same documents under other names: each claimant who is named still counts once."""
    named = [one for one in MANY if one.teller is not None and one in statements]
    copies = [
        replace(one, place=replace(one.place, document=f"{one.place.document}-{copy}"))
        for one, copy in itertools.product(named, range(times))
    ]
    assert sum(len(g.figures) for g in grouped(copies)) == sum(
        len(g.figures) for g in grouped(named)
    )
