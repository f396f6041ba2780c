"""Laws of the gate for any text and any candidate: total, verbatim, local, steady, monotone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import UserDict
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.claims import CandidateClaim, Claim, Verdict
from extractor.claims.records import plain
from extractor.quantities import Quantity, read
from extractor.quantities.types import Kind
from extractor.text import Document, Span, fold
from extractor.validator import Source, all_rules, judge, verify

CODES = [rule.code for rule in all_rules()]
FAMILIES = sorted({code[0] for code in CODES})

# News-like texts: what a source says of so many things, in one sentence or across several.
SOURCES = (
    "",
    "",
    "The ministry said ",
    "Norvia’s army said that ",
    "According to Tessel police, ",
    "He denied that ",
    "Norvia fears ",
    "“We know that ",
    "Norvia: ",
)
NUMBERS = (
    "498|497|61|1,597|2,870|more than 7,000|almost 10,000|at least 40|300 to 400|between 5 and 6|"
    "dozens of|12%|4 percentage points|$4.2m|€3.5bn|a third of Aldor’s 6 million|half of the 90|"
    "1.067|two|three dozen|15-year-old|22nd|March 12|COVID-19|17|17|-5|up to 20 km|5.30pm|0|a"
).split("|")
NOUNS = (
    "soldiers|of its troops|Norvian trucks|people|boats|homes|sailors of Aldor|crew|of them|"
    "other Norvian soldiers|| per day|years old"
).split("|")
VERBS = (
    "were killed|died|were not hurt|could be wounded|wounded|left|rose|fell|were lost off Ames|"
    "have been killed|is expected to rise|had drowned|were killed on Friday||are missing"
).split("|")
ENDS = (
    ". ,and ,and ;while , .. \n\n ,police_said. ”_she_said._ .\n\nRelated_articles\n\n (_)_ . _and_"
).split(" ")
SENTENCES = st.tuples(
    *map(st.sampled_from, (SOURCES, NUMBERS, NOUNS, VERBS)), st.sampled_from(ENDS)
).map(lambda five: f"{five[0]}{five[1]} {five[2]} {five[3]}{five[4].replace('_', ' ')} ")
NEWS = st.lists(SENTENCES, min_size=1, max_size=4).map("".join)
ODD = (
    "“ ” ’ ' \" ( ) [ – … $ % \u00a0 \u200b \u00ad \u202e \x1b[2J \ud800 \u0301 İ Σ 10^999999 "
    "1e99999 ٤٣ ½ not no said denied by to of the that killed\n\nThe \t"
).split(" ")
PIECES = st.sampled_from([*SOURCES, *NUMBERS, *NOUNS, *VERBS, *ENDS, *ODD])
SOUP = st.lists(PIECES, max_size=20).map(" ".join)
TEXTS = st.one_of(NEWS, SOUP, st.text(st.characters(), max_size=80))

# What candidates say beside quote and figure: mostly what the grammar above can support.
SAID: dict[str, Sequence[str]] = {
    "qualifier": ("exact", "more_than", "almost", "about", "range", "vague", "oddly"),
    "unit": ("people", "%", "USD", "euros", "km", "fraction", "boats per day"),
    "counted": ("soldiers", "its troops", "Norvian soldiers", "crew", "Aldorian boats", "goats"),
    "event": ("killed", "died", "wounded", "rose", "fell", "lost", "not killed", "sang"),
    "claimant": ("The ministry", "Norvia’s army", "Tessel police", "Aldor", "he", "Zembla"),
    "place": ("Ames", "Tessel", "Orle"),
    "when": ("on Friday", "March 12", "in May"),
    "modality": ("asserted", "denied", "projected", "hypothetical"),
}
FIGURES = st.sampled_from(
    "1 61 498 16 7000 1e999999999 -1E-999999999 NaN -Infinity sNaN 0 -0 1_000 12% $4.2m dozens "
    "300-400 '' \ud800 ½ ٤٣ 9e9999".split(" ")
) | st.decimals().map(str)

_huge = st.just("7" * 5000) | st.just(5000).map(lambda digits: 10**digits)
_plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
_strange = st.recursive(
    _plain | st.binary() | st.decimals() | _huge | st.just({1, 2}),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
_fields = st.sampled_from([*CandidateClaim.model_fields, "other", "", "\ud800"])
_typed = st.fixed_dictionaries(
    {"quote": SOUP | st.just("1 " * 3000), "value": FIGURES | st.integers() | st.floats()},
    optional={
        **{name: st.sampled_from(words) | st.text(max_size=9) for name, words in SAID.items()},
        "low": FIGURES,
        "high": FIGURES,
        "counted": st.sampled_from([*SAID["counted"], "of 7 boats", "men " * 900, "7" * 300]),
        "derived_from": st.lists(st.sampled_from(NUMBERS) | st.text(max_size=5), max_size=3),
        "position": st.integers(-1, 10**13),
    },
)
ANY_CANDIDATE: st.SearchStrategy[Mapping[Any, Any]] = st.one_of(
    _typed,
    st.dictionaries(_fields | st.integers(), _strange, max_size=5),
    st.tuples(_typed, _fields, _strange).map(lambda t: {**t[0], t[1]: t[2]}),
    _typed.map(MappingProxyType),
    _typed.map(UserDict),
)
SELECTIONS = st.none() | st.lists(st.sampled_from([*CODES, *FAMILIES]), min_size=1, max_size=9)


@st.composite
def likely(draw: st.DrawFn, text: str) -> dict[str, Any]:
    """A candidate about a number of the text: as a careful reader states it, or nearly so."""
    found = read(text).quantities
    if not found:
        return draw(_typed)
    quantity = draw(st.sampled_from(found))
    start, end = quantity.number.start, quantity.number.end
    back, on = draw(st.integers(0, 4)), draw(st.integers(0, 5))
    for _ in range(back):
        start = max(text.rfind(" ", 0, max(0, start - 1)) + 1, 0)
    for _ in range(on):
        space = text.find(" ", end + 1)
        end = space if space >= 0 else len(text)
    candidate: dict[str, Any] = {"quote": text[start:end]}
    if quantity.value is not None:
        candidate["value"] = plain(draw(st.sampled_from([quantity.value, *quantity.readings])))
    else:
        candidate |= {"low": plain(quantity.low), "high": plain(quantity.high)}
    if draw(st.integers(0, 7)) == 0:
        candidate["value"] = draw(FIGURES | st.just(quantity.text))
    shares = [(a, b) for a, b in pairwise(found) if a.kind in (Kind.FRACTION, Kind.PERCENT)]
    derives = draw(st.booleans())
    if shares and derives:
        candidate = _derived(text, *draw(st.sampled_from(shares)))
    for name in draw(st.lists(st.sampled_from([*SAID]), max_size=3)):
        fitting = [said for said in SAID[name] if said.split()[-1][:4].lower() in text.lower()]
        fitting += [str(own) for own in (getattr(quantity, name, None),) if own]
        strange = not fitting or draw(st.integers(0, 4)) == 0
        candidate[name] = draw(st.sampled_from(SAID[name] if strange else fitting))
    return candidate


def _derived(text: str, share: Quantity, whole: Quantity) -> dict[str, Any]:
    value = (share.value or Decimal(1)) * (whole.value or Decimal(1))
    value = value / 100 if share.kind is Kind.PERCENT else value
    quote = text[share.span.start : whole.span.end]
    parts = [share.text, whole.text]
    return {"quote": quote, "value": str(round(value, 12)), "derived_from": parts}


@st.composite
def documents(
    draw: st.DrawFn, texts: st.SearchStrategy[str] = TEXTS, most: int = 3
) -> tuple[str, list[dict[str, Any]]]:
    """A text with candidates about it."""
    text = draw(texts)
    return text, draw(st.lists(likely(text), min_size=1, max_size=most))


@st.composite
def tolls(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """Several figures for one thing, each in its own sentence."""
    figures = draw(st.lists(st.integers(11, 14), min_size=2, max_size=4))
    text = "\n\n".join(f"In all {figure} crew had drowned." for figure in figures)
    said = {"counted": "crew", "event": "drowned"}
    quotes = ("In all {} crew", "{} crew had drowned")
    return text, [
        {"quote": draw(st.sampled_from(quotes)).format(figure), "value": str(figure), **said}
        for figure in figures
    ]


def _bytes(verdicts: Sequence[Verdict]) -> list[str]:
    return [json.dumps(verdict.to_json(), allow_nan=False) for verdict in verdicts]


@given(TEXTS, st.lists(ANY_CANDIDATE, max_size=3), SELECTIONS, st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_text_and_any_candidates_get_their_verdicts(
    text: str, candidates: list[Mapping[Any, Any]], rules: list[str] | None, strict: bool
) -> None:
    verdicts = verify(Document(text=text), candidates, rules=rules, strict=strict)
    assert len(verdicts) == len(candidates)
    for verdict in verdicts:
        _holds_together(verdict)


@given(documents(), SELECTIONS, st.booleans())
@settings(max_examples=120, deadline=None)
def test_likely_candidates_get_their_verdicts(
    told: tuple[str, list[dict[str, Any]]], rules: list[str] | None, strict: bool
) -> None:
    text, candidates = told
    for verdict in verify(Document(text=text), candidates, rules=rules, strict=strict):
        _holds_together(verdict)
        for finding in verdict.findings:
            assert finding.span is None or 0 <= finding.span.start < finding.span.end <= len(text)


def _holds_together(verdict: Verdict) -> None:
    """What a verdict says is there, can be printed anywhere, and is the same each time."""
    assert verdict.accepted is not any(finding.rejects for finding in verdict.findings)
    assert verdict.explain() == verdict.explain() != ""
    assert (verdict.reask() == "") is verdict.accepted
    for told in (verdict.explain(), verdict.reask()):
        assert all(line.isprintable() for line in told.split("\n"))
    record = verdict.to_json()
    assert json.loads(json.dumps(record, allow_nan=False)) == record


@given(documents(most=2))
@settings(max_examples=200, deadline=None)
def test_what_is_accepted_stands_in_the_text(told: tuple[str, list[dict[str, Any]]]) -> None:
    text, candidates = told
    for verdict in verify(Document(text=text), candidates):
        if verdict.claim is not None:
            assert isinstance(verdict.candidate, CandidateClaim)
            _stands(text, verdict.candidate, verdict.claim)


def _stands(text: str, candidate: CandidateClaim, claim: Claim) -> None:
    assert claim.quote_span.of(text) == claim.quote
    assert fold(claim.quote).text == fold(candidate.quote).text.strip(" \n")
    assert claim.quote_span.contains(claim.quantity.number)
    inside = [q for q in read(text).quantities if claim.quote_span.contains(q.number)]
    if candidate.derived_from is not None:
        share, whole = (q for q in inside if claim.quantity.number.contains(q.number))
        assert share.value is not None
        assert whole.value is not None
        hundredth = Decimal("0.01") if share.kind is Kind.PERCENT else Decimal(1)
        assert claim.value == Context(prec=20).multiply(share.value, whole.value) * hundredth
    else:
        # of a form that may be read in two ways ("1.000") the claim has the reading it was made in
        assert any(
            claim.quantity == one
            or (claim.quantity.span == one.span and claim.value in one.readings)
            for one in inside
        )
    assert _is_said(candidate, claim.quantity)


def _is_said(candidate: CandidateClaim, quantity: Quantity) -> bool:
    """Whether the candidate's figures are those of a number, read in the plainest way."""
    values = {quantity.value, *quantity.readings}
    if candidate.value is not None:
        try:
            return Decimal(candidate.value.strip()) in values
        except InvalidOperation:
            (stated,) = read(candidate.value).quantities
        ends = (stated.low, stated.high) == (quantity.low, quantity.high)
        return candidate.value.strip() in quantity.text or ends or stated.value in values - {None}
    low, high = (None if end is None else Decimal(end) for end in (candidate.low, candidate.high))
    if quantity.parts or quantity.value is not None:
        return (low, high) == (quantity.low, quantity.high)
    return low == quantity.low  # "dozens" may be given a customary upper end


# Neither figures nor names, nor any word that candidates use.
PADDING = st.sampled_from(
    (
        "Grey clouds drift across the quiet valley every morning.",
        "A lane of poplars leads down to the water.\n\nIt is muddy in winter!",
        "“Nothing ever happens in our street, and nobody minds.”",
        "Whoever comes late should bring (warm) bread; it might not suffice.",
        "Gardens thrive.",
    )
)


@given(documents(NEWS), PADDING, PADDING)
@settings(max_examples=120, deadline=None)
def test_text_around_changes_no_verdict_and_shifts_its_spans(
    told: tuple[str, list[dict[str, Any]]], before: str, after: str
) -> None:
    text, candidates = told
    plain_verdicts = verify(Document(text=text, id="d"), candidates)
    around = f"{before}\n\n{text}\n\n{after}"
    for one, other in zip(
        plain_verdicts, verify(Document(text=around, id="d"), candidates), strict=True
    ):
        assert _shifted(one.to_json(), len(before) + 2) == other.to_json()


def _shifted(record: Any, by: int) -> Any:
    """A record with every span in it moved."""
    if isinstance(record, dict):
        return {
            name: [end + by for end in value]
            if name.endswith("span") and value is not None
            else _shifted(value, by)
            for name, value in record.items()
        }
    return [_shifted(item, by) for item in record] if isinstance(record, list) else record


def _unordered(verdicts: Sequence[Verdict]) -> list[str]:
    """The verdicts as JSON, whatever their order."""
    return sorted(json.dumps(verdict.to_json()) for verdict in verdicts)


@given(documents(most=4) | tolls(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_neither_repetition_nor_any_order_changes_a_verdict(
    told: tuple[str, list[dict[str, Any]]], random: Any
) -> None:
    text, candidates = told
    verdicts = verify(Document(text=text), candidates)
    told_bytes = _bytes(verdicts)
    assert told_bytes == _bytes(verify(Document(text=text), candidates))
    mixed = verify(Document(text=text), random.sample(candidates, len(candidates)))
    # of candidates that are the same, any one may be the one that is flagged as said before
    assert _unordered(mixed) == _unordered(verdicts)
    codes = random.sample(CODES, len(CODES))
    assert told_bytes == _bytes(verify(Document(text=text), candidates, rules=codes))
    for candidate in candidates:
        one, other = (
            judge(Source(Document(text=text)), candidate, rules)
            for rules in (all_rules(), random.sample(all_rules(), len(CODES)))
        )
        assert _bytes([one]) == _bytes([other])


@given(documents())
@settings(max_examples=100, deadline=None)
def test_strict_accepts_exactly_what_nothing_is_said_against(
    told: tuple[str, list[dict[str, Any]]],
) -> None:
    """Said against it alone, that is: what strict refuses is compared with no other claim."""
    text, candidates = told
    document = Document(text=text)
    lenient, strict = verify(document, candidates), verify(document, candidates, strict=True)
    for one, other in zip(lenient, strict, strict=True):
        before, after = _said(one), _said(other)
        assert set(after) <= set(before)
        assert _alone(after) == _alone(before)
        assert other.accepted is (not after)


def _said(verdict: Verdict) -> list[tuple[str, Span | None, str]]:
    return [(finding.code, finding.span, finding.message) for finding in verdict.findings]


def _alone(said: list[tuple[str, Span | None, str]]) -> list[tuple[str, Span | None, str]]:
    """Without what only shows beside other claims."""
    return [one for one in said if one[0] not in {"D801", "D802"}]


@given(documents(), SELECTIONS)
@settings(max_examples=120, deadline=None)
def test_fewer_rules_never_accept_less(
    told: tuple[str, list[dict[str, Any]]], rules: list[str] | None
) -> None:
    text, candidates = told
    everything = verify(Document(text=text), candidates)
    some = verify(Document(text=text), candidates, rules=rules)
    for one, other in zip(everything, some, strict=True):
        assert other.accepted or not one.accepted


_JUDGE_ALL_CASES = """
import json, pathlib, sys, yaml
from extractor.text import Document
from extractor.validator import verify
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for case in yaml.safe_load(path.read_text("utf-8")):
        candidates = [*case.get("beside", ()), case["candidate"]]
        for verdict in verify(Document(text=case["text"]), candidates):
            print(json.dumps(verdict.to_json()), verdict.explain(), verdict.reask())
"""


def test_another_process_gives_the_same_bytes() -> None:
    # sets of strings have another order in each process, unless it is told which
    cases = str(Path(__file__).parent.parent / "cases")
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", _JUDGE_ALL_CASES, cases],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    one, other = (run.communicate()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    assert one == other
    assert len(one) > 10_000
