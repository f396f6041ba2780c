"""Groups of three articles, written by hand; the texts are our own, after facts of real ones."""

from __future__ import annotations

from collections.abc import Callable

from extractor.reconcile import FigureGroup
from extractor.text import Document

from .conftest import lines_of

Groups = Callable[..., dict[str, FigureGroup]]

TRAM = Document(
    "Seven killed as tram overturns\n\n"
    "At least seven people were killed when a tram left the rails on Wednesday morning, and more "
    "than 50 passengers were injured.\n\n"
    "Seven people were killed, the transport police said later. Dozens were injured.\n",
    id="100",
    published="2016-11-09",
)
TRAM_CLAIMS = [
    {"quote": "Seven killed", "value": "7", "event": "killed", "counted": "people"},
    {"quote": "At least seven people were killed", "value": "7", "event": "killed",
     "counted": "people"},
    {"quote": "more than 50 passengers were injured", "value": "50", "event": "injured",
     "counted": "passengers"},
    {"quote": "Seven people were killed, the transport police said", "value": "7",
     "event": "killed", "counted": "people", "claimant": "the transport police"},
]  # fmt: skip

LOSSES = Document(
    "UK officials said nearly 1,000 Russian troops were killed each day in the first weeks.\n"
    "In February 824 Russian troops died each day, UK officials said.\n"
    "Around the town of Orle 5,000 Russian troops were killed, injured or captured.\n",
    id="200",
    published="2023-02-12",
)
LOSSES_CLAIMS = [
    {"quote": "nearly 1,000 Russian troops were killed each day", "value": "1000",
     "counted": "Russian troops", "event": "killed", "claimant": "UK officials"},
    {"quote": "824 Russian troops died each day", "value": "824", "counted": "Russian troops",
     "event": "died", "claimant": "UK officials"},
    {"quote": "5,000 Russian troops were killed, injured or captured", "value": "5000",
     "counted": "Russian troops", "event": "killed, injured or captured"},
]  # fmt: skip

CRASH = Document(
    "Plane crash kills 10 U.S. citizens\n\n"
    "Ten U.S. citizens and two local crew members died when a small plane came down on Sunday.\n\n"
    "Investigators said that 10 U.S. citizens were killed. Two crew members were killed too, "
    "they said.\n",
    id="300",
    published="2018-01-01",
)
CRASH_CLAIMS = [
    {"quote": "10 U.S. citizens", "value": "10", "counted": "U.S. citizens", "event": "kills"},
    {"quote": "Ten U.S. citizens", "value": "10", "counted": "U.S. citizens", "event": "died"},
    {"quote": "two local crew members died", "value": "2", "counted": "local crew members",
     "event": "died"},
    {"quote": "10 U.S. citizens were killed", "value": "10", "counted": "U.S. citizens",
     "event": "killed", "claimant": "Investigators"},
]  # fmt: skip


def test_one_accident_in_one_article(groups_of: Groups) -> None:
    found = groups_of((TRAM, TRAM_CLAIMS))
    assert {title: lines_of(group) for title, group in found.items()} == {
        "people killed": {
            "- | exact 7 | 100",
            "- | at_least 7 | 100",
            "transport police | exact 7 | 100",
        },
        "passengers wounded": {"- | more_than 50 | 100"},
    }


def test_a_rate_is_no_total(groups_of: Groups) -> None:
    found = groups_of((LOSSES, LOSSES_CLAIMS))
    assert {title: lines_of(group) for title, group in found.items()} == {
        "Russian soldiers killed (each day)": {
            "UK officials | almost 1000 | 200",
            "UK officials | exact 824 | 200",
        },
        "Russian soldiers captured, killed or wounded near Orle": {"- | exact 5000 | 200"},
    }


def test_citizens_and_crew(groups_of: Groups) -> None:
    found = groups_of((CRASH, CRASH_CLAIMS))
    assert {title: lines_of(group) for title, group in found.items()} == {
        "American citizens killed (crash)": {
            "- | exact 10 | 300",
            "Investigators | exact 10 | 300",
        },
        "local crew members killed": {"- | exact 2 | 300"},
    }


def test_what_three_articles_tell_stays_apart(groups_of: Groups) -> None:
    together = groups_of((TRAM, TRAM_CLAIMS), (LOSSES, LOSSES_CLAIMS), (CRASH, CRASH_CLAIMS))
    alone = (
        groups_of((TRAM, TRAM_CLAIMS))
        | groups_of((LOSSES, LOSSES_CLAIMS))
        | groups_of((CRASH, CRASH_CLAIMS))
    )
    assert {title: lines_of(group) for title, group in together.items()} == {
        title: lines_of(group) for title, group in alone.items()
    }
