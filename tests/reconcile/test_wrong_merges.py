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
    "a part of it in a capital": (
        "In Minsk 120 Russian soldiers were killed.",
        {"value": "120", "counted": "Russian soldiers"},
    ),
    "more of them": (
        "Another 200 Russian soldiers were killed.",
        {"value": "200", "counted": "Russian soldiers"},
    ),
    "those who are compared": (
        "Compared with 15,000 Russian soldiers killed there, few have died.",
        {"value": "15000", "counted": "Russian soldiers"},
    ),
    "those of one month": (
        "Ukraine said 900 Russian soldiers were killed in March.",
        {"value": "900", "counted": "Russian soldiers", "claimant": "Ukraine"},
    ),
    "those at one place": (
        "At the airfield 310 Russian soldiers were killed.",
        {"value": "310", "counted": "Russian soldiers"},
    ),
    "those of a headline": (
        "Blast Near Orle Market Kills 89 Russian Soldiers As Rescue Continues.",
        {"value": "89", "counted": "Russian Soldiers", "event": "Kills"},
    ),
    "those on their side": (
        "Ukraine said 90 pro-Russian fighters were killed.",
        {"value": "90", "counted": "pro-Russian fighters", "claimant": "Ukraine"},
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


def test_two_theatres_of_war_are_two_things() -> None:
    """What names no country may be of either, so it joins none of them."""
    claim = {"counted": "Russian soldiers"}
    here = article("100", "In Syria 212 Russian soldiers were killed.", claim | {"value": "212"})
    there = article("200", "In Mali 315 Russian soldiers were killed.", claim | {"value": "315"})
    somewhere = article("300", "9,000 Russian soldiers were killed.", claim | {"value": "9000"})
    assert len(_together(here, there)) == 2
    assert len(_together(here, somewhere)) == 1
    assert len(_together(here, there, somewhere)) == 3


def test_the_wars_of_two_decades_are_two_things() -> None:
    claim = {"counted": "Russian soldiers", "value": "2000"}
    text = "2,000 Russian soldiers were killed."
    then = article("100", text, claim, "2008-08-20")
    now = article("200", text, claim, "2022-03-10")
    later = article("300", text, claim, "2022-11-10")
    assert len(_together(then, now)) == 2
    assert [len(group.figures) for group in _together(now, later)] == [2]


def test_the_news_of_another_day_has_its_own_24_hours() -> None:
    text = "In the past 24 hours 710 Russian soldiers were killed."
    claim = {"value": "710", "counted": "Russian soldiers"}
    march = article("100", text, claim, "2022-03-10")
    april = article("200", text, claim, "2022-04-10")
    same = article("300", text.replace("past", "last"), claim, "2022-03-10")
    assert len(_together(march, april)) == 2
    assert len(_together(march, same)) == 1


def test_two_disasters_of_one_town_are_two_things() -> None:
    claim = {"counted": "people", "value": "120"}
    quake = article("100", "In Orle 120 people were killed in the earthquake.", claim, "2022-03-02")
    fire = article("200", "In Orle 120 people were killed in a fire.", claim, "2022-03-03")
    again = article("300", "In Orle 120 people were killed by the quake.", claim, "2022-03-03")
    assert len(_together(quake, fire)) == 2
    assert [group.title for group in _together(quake, again)] == [
        "people killed in Orle (earthquake)"
    ]


def test_a_round_figure_of_two_tellers_is_two_things() -> None:
    text = "Norland said 500 people were killed.\nAldor said 500 Russian soldiers were killed.\n"
    first, second = text.splitlines()
    claims = [
        {"quote": first[:-1], "value": "500", "counted": "people", "event": "killed",
         "claimant": "Norland"},
        {"quote": second[:-1], "value": "500", "counted": "Russian soldiers", "event": "killed",
         "claimant": "Aldor"},
    ]  # fmt: skip
    assert len(grouped(statements_of(Document(text, id="100"), claims))) == 2


def test_refugees_who_went_elsewhere_are_others() -> None:
    claim = {"counted": "Ukrainians", "event": "fled"}
    texts = ("2,500,000 Ukrainians fled.", "1,400,000 Ukrainians fled to Poland.")
    articles = [
        article(f"{at}00", text, claim | {"value": text.split()[0].replace(",", "")})
        for at, text in enumerate(texts, 1)
    ]
    assert {group.title for group in _together(*articles)} == {
        "Ukrainian people displaced",
        "Ukrainian people displaced to Poland",
    }


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
    """The same documents under other names: each claimant who is named still counts once.

    From 100 on, since below it a claimant may tell the same figure of two things; and not of "the
    past 24 hours", which are others on another day.
    """
    named = [one for one in MANY if one.teller is not None and one in statements]
    named = [one for one in named if (one.named or 0) >= 100 and not one.scope.is_relative]
    copies = [
        replace(one, place=replace(one.place, document=f"{one.place.document}-{copy}"))
        for one, copy in itertools.product(named, range(times))
    ]
    assert sum(len(g.figures) for g in grouped(copies)) == sum(
        len(g.figures) for g in grouped(named)
    )


NARROWER = (
    "in a single day", "every 24 hours", "north of Minsk", "20 km from Minsk", "in the south",
    "along the border", "on the southern front", "on Monday alone", "since Wednesday",
)  # fmt: skip


@pytest.mark.parametrize("words", NARROWER)
def test_a_word_of_a_smaller_scope_parts(words: str) -> None:
    text = f"Ukraine said 150 Russian soldiers were killed {words}."
    claim = {"value": "150", "counted": "Russian soldiers", "claimant": "Ukraine"}
    assert len(_together(TOTAL, article("200", text, claim))) == 2


def test_keys_of_groups_are_not_shared() -> None:
    claim = {"value": "120", "counted": "people"}
    articles = [
        article(f"{at}00", f"In {town} 120 people were killed.", claim, "2022-03-02")
        for at, town in enumerate(("Ürle", "Őrle", "Ärle"), 1)
    ]
    keys = [group.key for group in _together(*articles)]
    assert len(set(keys)) == len(keys) == 3
