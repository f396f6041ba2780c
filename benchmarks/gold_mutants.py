"""Wrong claims made from right ones: each gold claim with one thing changed.

A mutant is the candidate of a gold claim with every field as annotated but one: the value, the
hedge, the unit, the side of the counted thing, the counted thing, the event, the claimant, the
modality; or the number of a neighbour with this claim's counted thing and event ("498 killed, 1,597
wounded" told as 1,597 killed). A mutant that is true after all is left out: what another gold claim
says, or what the guide scores as the same ("up to" and "at most", "died" and "killed", people in
general where the gold names soldiers). The same gold gives the same mutants.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from extractor.batch.gold_scoring import right_fields
from extractor.claims.records import plain
from extractor.validator.events import classes_of

Record = dict[str, Any]

FIELDS: Final = (
    "qualifier",
    "unit",
    "counted",
    "event",
    "claimant",
    "place",
    "when",
    "modality",
)
"""The fields of a candidate beside the quote and its figure."""

_EACH = 2  # mutants of one way for one claim, where a document offers more
_HEDGES = ("exact", "about", "almost", "more_than", "at_least", "up_to", "less_than")
_MODALITIES = {"asserted": ("projected", "denied")}
_NO_UNIT = frozenset({"count", "people"})
_OTHER_UNITS = {
    "%": ("percentage points", "USD"),
    "USD": ("EUR", "%"),
    "km": ("miles", "%"),
    "inches": ("cm", "%"),
    "feet": ("metres", "%"),
    "mph": ("km/h", "%"),
    "knots": ("mph", "%"),
    "tonnes": ("kg", "USD"),
}
_UNITS_FOR_COUNTS = ("%", "USD")
_OF_FIGURES = frozenset("rose fell grew reached measured reported population".split())
_OPPOSITES = {"killed": "wounded", "wounded": "killed", "captured": "killed", "destroyed": "sold"}
# a country, the adjective of its people and things, its people
_SIDES = (
    ("Russia", "Russian", "Russians"),
    ("Ukraine", "Ukrainian", "Ukrainians"),
    ("Germany", "German", "Germans"),
    ("Israel", "Israeli", "Israelis"),
    ("Palestine", "Palestinian", "Palestinians"),
    ("Sudan", "Sudanese", "Sudanese"),
    ("China", "Chinese", "Chinese"),
    ("India", "Indian", "Indians"),
    ("Bolivia", "Bolivian", "Bolivians"),
    ("Costa Rica", "Costa Rican", "Costa Ricans"),
    ("America", "American", "Americans"),
    ("US", "U.S.", "Americans"),
)
# who is meant by these words is said by what happened: true of people wherever that did
_GENERAL = {
    "people": None,
    "person": None,
    "persons": None,
    "others": None,
    "victims": None,
    "civilians": (),
    "dead": ("killed",),
    "fatalities": ("killed",),
    "injured": ("wounded",),
    "displaced": ("displaced", "evacuated"),
    "refugees": ("displaced",),
}
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+(?: (?:of )?[A-Z]\w+)+")
_NO_NAMES = frozenset("A An And He His In It Its She Their They The This We".split())
_CAPITALISED = re.compile(r"\b[A-Z][\w.'’]*")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong claim.

    `claim` is the gold claim whose number it speaks of, `candidate` what is offered to the
    validator, `change` what was changed, in a few words ("about -> exact").
    """

    kind: str
    claim: Record
    candidate: Record
    change: str


def candidate_of(claim: Mapping[str, Any], fields: Sequence[str] = FIELDS) -> Record:
    """The candidate that a gold claim is as annotated, with these of the optional fields.

    What the gold leaves open is not given; a count of things or people has no unit.

    >>> gold = {"quote": "9 sailors", "value": 9, "low": None, "high": None, "unit": "people"}
    >>> candidate_of(gold, ["unit"])
    {'quote': '9 sailors', 'value': '9'}
    """
    given: Record = {"quote": claim["quote"]}
    given |= {name: _figure(claim[name]) for name in ("value", "low", "high")}
    given |= {name: claim[name] for name in fields}
    if given.get("unit") in _NO_UNIT:
        given["unit"] = None
    return {name: value for name, value in given.items() if value is not None}


def mutants_of(text: str, claims: Sequence[Record]) -> list[Mutant]:
    """The mutants of the core claims of one document, kind by kind.

    `text` is the document, `claims` are all its gold claims: those that are not core tell what is
    true as well.
    """
    golds = [_Gold(text, claim, _nearest_first(claim, claims)) for claim in claims if claim["core"]]
    found = [mutant for maker in _MAKERS for gold in golds for mutant in maker(gold)]
    wrong = (mutant for mutant in found if not _is_said(mutant, claims))
    # a caption that the document repeats makes the same mutants again
    return list({(m.kind, *sorted(m.candidate.items())): m for m in wrong}.values())


@dataclass(frozen=True, slots=True)
class _Gold:
    """A claim in its document, and the document's other claims, the nearest first."""

    text: str
    claim: Record
    others: Sequence[Record]

    @property
    def core(self) -> list[Record]:
        """The others that any careful reader would list."""
        return [other for other in self.others if other["core"]]

    def changed(self, kind: str, change: str, **fields: str | None) -> Mutant:
        """The claim as annotated, but for these fields; None takes a field away."""
        given = candidate_of(self.claim) | fields
        given = {name: value for name, value in given.items() if value is not None}
        return Mutant(kind, self.claim, given, change)

    def right(self, field: str, value: str | None) -> bool:
        """Whether the guide scores `value` as right in this field of the claim."""
        return field in right_fields(_prediction(self.claim) | {field: value}, self.claim)


def _nearest_first(claim: Record, claims: Sequence[Record]) -> list[Record]:
    others = [other for other in claims if other is not claim]
    return sorted(others, key=lambda other: abs(other["start"] - claim["start"]))


def _prediction(fields: Mapping[str, Any]) -> Record:
    """The fields of a claim or a candidate as the records that gold is scored against."""
    names = ("qualifier", "event", "claimant", "counted", "modality")
    return {name: fields.get(name) for name in names}


def _figure(number: float | str | None) -> str | None:
    return None if number is None else plain(Decimal(str(number)))


def _is_said(mutant: Mutant, claims: Sequence[Record]) -> bool:
    """Whether a gold claim of the document says what the mutant says.

    Whose words the value and the hedge are is another matter: they must be those of the quote.
    """
    if mutant.kind == "unit":
        return False
    given, home = mutant.candidate, mutant.claim
    of_the_quote = mutant.kind in ("value", "hedge")
    figure = {name: given.get(name) for name in ("value", "low", "high")}
    prediction = _prediction(given)
    return any(
        figure == {name: _figure(claim[name]) for name in figure}
        and len(right_fields(prediction, claim)) == len(prediction)
        and (not of_the_quote or (claim["start"] < home["end"] and home["start"] < claim["end"]))
        for claim in claims
    )


def _values(gold: _Gold) -> Iterator[Mutant]:
    """A digit changed, ten times as much, two other numbers of the document."""
    claim = gold.claim
    if claim["value"] is None:
        low, high = str(_figure(claim["low"])), str(_figure(claim["high"]))
        yield gold.changed("value", "range -> low end", value=low, low=None, high=None)
        yield gold.changed("value", "low end, a digit", low=_digit_changed(low))
        yield gold.changed("value", "high end, a digit", high=_digit_changed(high))
        return
    own = str(_figure(claim["value"]))
    values = [_digit_changed(own), str(plain(Decimal(own) * 10))]
    elsewhere = dict.fromkeys(_figure(other["value"]) for other in gold.others)
    values += islice((value for value in elsewhere if value and value not in (own, *values)), _EACH)
    for value in values:
        yield gold.changed("value", f"{own} -> {value}", value=value)


def _digit_changed(figure: str) -> str:
    """The figure with its last digit that is no zero made another.

    >>> _digit_changed("7000"), _digit_changed("0.59")
    ('8000', '0.51')
    """
    place = max((i for i, char in enumerate(figure) if char in "123456789"), default=0)
    return f"{figure[:place]}{int(figure[place]) % 9 + 1}{figure[place + 1 :]}"


def _hedges(gold: _Gold) -> Iterator[Mutant]:
    """Every other hedge: one is changed, dropped or invented."""
    for hedge in _HEDGES:
        if not gold.right("qualifier", hedge):
            yield gold.changed("hedge", f"{gold.claim['qualifier']} -> {hedge}", qualifier=hedge)


def _units(gold: _Gold) -> Iterator[Mutant]:
    """Another unit or currency; one invented where the gold counts things."""
    unit = gold.claim["unit"]
    for other in _UNITS_FOR_COUNTS if unit in _NO_UNIT else _OTHER_UNITS.get(unit, ()):
        yield gold.changed("unit", f"{unit} -> {other}", unit=other)


def _sides(gold: _Gold) -> Iterator[Mutant]:
    """The counted thing's side made another side that the document names."""
    counted = gold.claim["counted"]
    own = next(((side, form) for side in _SIDES for form in side if _has(counted, form)), None)
    if own is None:
        return
    side, form = own
    others = [
        other for other in _SIDES if other[1] != side[1] and any(_has(gold.text, f) for f in other)
    ]
    for other in others[:_EACH]:
        new = _word(form).sub(other[side.index(form)], counted)
        yield gold.changed("side", f"{counted} -> {new}", counted=new)


def _has(text: str, form: str) -> bool:
    return _word(form).search(text) is not None


def _word(form: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.]){re.escape(form)}(?!\w)")


def _counted(gold: _Gold) -> Iterator[Mutant]:
    """What another core claim of the document counts, the nearest first."""
    things = dict.fromkeys(other["counted"] for other in gold.core)
    wrong = (thing for thing in things if not _covers(gold, thing))
    for thing in islice(wrong, _EACH):
        yield gold.changed("counted", f"{gold.claim['counted']} -> {thing}", counted=thing)


def _covers(gold: _Gold, thing: str) -> bool:
    """Whether `thing` may be said of what the claim counts, its side left aside.

    People may be called persons, the wounded injured, and those who fled refugees.
    """
    claim = gold.claim
    without_side = {**claim, "counted": _CAPITALISED.sub("", claim["counted"]).strip()}
    if without_side["counted"] and "counted" in right_fields(
        _prediction({**claim, "counted": _CAPITALISED.sub("", thing)}), without_side
    ):
        return True
    if gold.right("counted", thing) or _begins_alike(claim["counted"], thing):
        return True
    if claim["unit"] not in ("people", "fraction", "%"):
        return False
    if claim["counted"] in _GENERAL and any(thing == people for _, _, people in _SIDES):
        return True  # who they are, the text may well leave to be understood
    events = [_GENERAL[word] for word in thing.lower().split() if word in _GENERAL]
    return any(named is None or claim["event"] in named for named in events)


def _begins_alike(one: str, other: str) -> bool:
    """Whether a single word begins with another: "rain" and "rainfall"."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return " " not in long and long.startswith(short)


def _events(gold: _Gold) -> Iterator[Mutant]:
    """What happened in another core claim of the document, the nearest first; the opposite."""
    own = gold.claim["event"]
    events = dict.fromkeys(other["event"] for other in gold.core)
    wrong = [event for event in events if not _befits(gold, event)][:_EACH]
    opposite = _OPPOSITES.get(own, "killed")
    if opposite not in wrong and not _befits(gold, opposite):
        wrong.append(opposite)
    for event in wrong:
        yield gold.changed("event", f"{own} -> {event}", event=event)


def _befits(gold: _Gold, event: str) -> bool:
    """Whether an event may be said of the claim.

    It is scored so, or the counted thing says it, or it tells how the figure came about: the number
    of the displaced "rose" to so many.
    """
    in_thing = classes_of(event) & classes_of(str(gold.claim["counted"]))
    return gold.right("event", event) or bool(in_thing) or event in _OF_FIGURES


def _claimants(gold: _Gold) -> Iterator[Mutant]:
    """Somebody else's claimant, and names of the document that claim nothing."""
    own = gold.claim["claimant"]
    sources = dict.fromkeys(other["claimant"] for other in gold.others if other["claimant"])
    wrong = list(islice((name for name in sources if not gold.right("claimant", name)), _EACH))
    wrong += islice(_bystanders(gold), _EACH)
    for name in wrong:
        yield gold.changed("claimant", f"{own} -> {name}", claimant=name)


def _bystanders(gold: _Gold) -> Iterator[str]:
    """Names that share no capitalised word with any claimant of the document, the nearest first."""
    sources = {
        word
        for claim in (gold.claim, *gold.others)
        for name in (claim["claimant"], *claim["claimant_any"])
        for word in _CAPITALISED.findall(name or "")
    }
    found = sorted(
        _NAME.finditer(gold.text), key=lambda name: abs(name.start() - gold.claim["start"])
    )
    for name in dict.fromkeys(match.group() for match in found):
        if (sources | _NO_NAMES).isdisjoint(_CAPITALISED.findall(name)):
            yield name


def _modalities(gold: _Gold) -> Iterator[Mutant]:
    """A fact told as a forecast or as denied, and the reverse."""
    own = gold.claim["modality"]
    for modality in _MODALITIES.get(own, ("asserted", "denied")):
        if modality != own and not gold.right("modality", modality):
            yield gold.changed("modality", f"{own} -> {modality}", modality=modality)


def _neighbours(gold: _Gold) -> Iterator[Mutant]:
    """The number with the counted thing and the event of the claim before it, and of the next."""
    before = [other for other in gold.core if other["start"] < gold.claim["start"]][:1]
    after = [other for other in gold.core if other["start"] > gold.claim["start"]][:1]
    for other in (*before, *after):
        if not (_covers(gold, other["counted"]) and _befits(gold, other["event"])):
            change = f"told of {other['counted']}, {other['event']}"
            fields = {name: other[name] for name in ("counted", "event")}
            yield gold.changed("neighbour", change, **fields)


_MAKERS = (
    _values,
    _hedges,
    _units,
    _sides,
    _counted,
    _events,
    _claimants,
    _modalities,
    _neighbours,
)
