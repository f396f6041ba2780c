"""How accepted claims are scored against hand-made gold claims.

A predicted claim belongs to a gold claim when its number overlaps the gold quote and its figure is
the gold figure. Only core gold claims count; a prediction that belongs to a non-core claim counts
neither way; every other prediction is spurious. `full` means that qualifier, event, claimant,
counted thing and modality are right as well; of a claim of a user's schema, qualifier, modality and
the fields that its gold claim has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from extractor.claims.records import own_values
from extractor.text.words import stem
from extractor.validator.events import classes_of

FIELDS = ("qualifier", "event", "claimant", "counted", "modality")
_OF_ANY_SCHEMA = ("qualifier", "modality")
Record = dict[str, Any]

# one class each, as the gold guide groups them
_COMMON = {
    "killed": "killed",
    "wounded": "wounded",
    "captured": "captured",
    "displaced": "displaced",
    "evacuated": "displaced",
    "missing": "missing",
    "arrested": "arrested",
    "destroyed": "destroyed",
    "damaged": "destroyed",
    "cost": "cost",
}
_SYNONYMS = (
    "soldier troop serviceman personnel force fighter military army men",
    "people person resident individual inhabitant human other victim",
    "child minor kid",
    "house home household dwelling",
    "refugee displaced",
    "death fatality dead",
    "building structure",
    "base facility",
)
_CANONICAL = {stem(word): group.split()[0] for group in _SYNONYMS for word in group.split()}
_GENERIC = frozenset(
    "the a an of and for in on at to s 's official officials ministry minister spokesman "
    "spokeswoman spokesperson president government agency service department defence defense "
    "police report newspaper company office state national general major".split()
)
_SIDE_LETTERS = 5  # "Russi(a|an)", "Ukrai(ne|nian)": enough to tell two sides apart


@dataclass(frozen=True)
class Miss:
    """Something that is wrong: a gold claim not found, a field of one found, a spurious claim.

    `field` is None unless a field is what is wrong; `gold` is None for a spurious claim.
    """

    gold: Record | None
    predicted: Record | None
    field: str | None = None

    def told(self) -> str:
        """The miss on one line."""
        if self.gold is None:
            assert self.predicted is not None  # noqa: S101 - one of the two is there
            return f"spurious  {self.predicted['document']} {self.predicted['quote']!r}"
        place = f"{self.gold['doc']} {self.gold['quote'][:60]!r}"
        if self.field is None or self.predicted is None:
            return f"not found {place}"
        got, wanted = _value(self.predicted, self.field), _gold_value(self.gold, self.field)
        return f"{self.field:9} {place}: {got!r}, gold {wanted!r}"

    def to_json(self) -> Record:
        """The miss as plain JSON values."""
        claim = self.gold or self.predicted or {}
        got = wanted = None
        if self.field is not None and self.predicted is not None and self.gold is not None:
            got, wanted = _value(self.predicted, self.field), _gold_value(self.gold, self.field)
        return {
            "document": claim.get("doc") or claim.get("document"),
            "quote": claim.get("quote"),
            "miss": "spurious" if self.gold is None else self.field or "not found",
            "got": got,
            "wanted": wanted,
        }


@dataclass
class Score:
    """Counts over any number of documents."""

    core: int = 0
    found: int = 0
    full: int = 0
    spurious: int = 0
    predicted: int = 0
    right: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    misses: list[Miss] = field(default_factory=list)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields by which the found claims are scored, in the order in which they are told."""
        return tuple(self.asked) or FIELDS

    @property
    def number_f1(self) -> float:
        """The F1 of numbers."""
        return self._rates(self.found)[2]

    @property
    def full_f1(self) -> float:
        """The F1 of full claims."""
        return self._rates(self.full)[2]

    def lines(self) -> Iterator[str]:
        """Precision, recall and F1 of number and full, accuracy by field."""
        yield f"core claims {self.core}, predictions that count {self.predicted}"
        for name, hits in (("number", self.found), ("full", self.full)):
            precision, recall, f1 = self._rates(hits)
            yield f"{name:8} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"
        for name in self.fields:
            of = self.asked[name]
            yield f"{name:10} {self._share(name):.3f} of the {of} found"
        yield f"spurious {self.spurious}"

    def to_json(self) -> Record:
        """The same as plain JSON values."""
        record: Record = {"core": self.core, "predicted": self.predicted}
        for name, hits in (("number", self.found), ("full", self.full)):
            rates = zip(("precision", "recall", "f1"), self._rates(hits), strict=True)
            record[name] = {which: round(rate, 4) for which, rate in rates}
        record["fields"] = {name: round(self._share(name), 4) for name in self.fields}
        return record | {"spurious": self.spurious}

    def _share(self, name: str) -> float:
        return self.right[name] / self.asked[name] if self.asked[name] else 0.0

    def _rates(self, hits: int) -> tuple[float, float, float]:
        precision = hits / self.predicted if self.predicted else 0.0
        recall = hits / self.core if self.core else 0.0
        both = precision + recall
        return precision, recall, 2 * precision * recall / both if both else 0.0


def score(gold: Sequence[Record], predictions: Sequence[Record]) -> Score:
    """Score predictions (records of accepted.jsonl) against gold claims of the same documents."""
    result = Score(core=sum(claim["core"] for claim in gold))
    taken: set[int] = set()
    matched: list[tuple[Record, Record]] = []
    for predicted in predictions:
        homes = [i for i, claim in enumerate(gold) if belongs(predicted, claim)]
        free = [i for i in homes if i not in taken]
        if free:
            best = max(free, key=lambda i: len(right_fields(predicted, gold[i])))
            taken.add(best)
            if gold[best]["core"]:
                matched.append((predicted, gold[best]))
        elif not homes:
            result.spurious += 1
            result.misses.append(Miss(None, predicted))
    for predicted, claim in matched:
        right = right_fields(predicted, claim)
        result.right.update(right)
        asked = scored_fields(claim)
        result.asked.update(asked)
        result.full += len(right) == len(asked)
        result.misses += [Miss(claim, predicted, name) for name in asked if name not in right]
    result.misses += [
        Miss(claim, None) for i, claim in enumerate(gold) if claim["core"] and i not in taken
    ]
    result.found = len(matched)
    result.predicted = len(matched) + result.spurious
    return result


def belongs(predicted: Record, claim: Record) -> bool:
    """Whether a prediction speaks of this gold claim's number, with the same figure."""
    start, end = predicted["number_span"]
    if predicted["document"] != claim["doc"] or end <= claim["start"] or start >= claim["end"]:
        return False
    if claim["value"] is not None:
        return predicted["value"] is not None and _same(predicted["value"], claim["value"])
    low = predicted["low"] is not None and _same(predicted["low"], claim["low"])
    # an open upper side is how the reader says a vague magnitude
    return low and (predicted["high"] is None or _same(predicted["high"], claim["high"]))


def right_fields(predicted: Record, claim: Record) -> set[str]:
    """The fields of a matched prediction that agree with gold."""
    own = claim.get("fields")
    if own is not None:
        return _own_fields(predicted, claim, own)
    checks = {
        "qualifier": _qualifier(predicted["qualifier"])
        in {_qualifier(name) for name in (claim["qualifier"], *claim.get("qualifier_any", ()))},
        "event": _event(predicted.get("event"), claim["event"]),
        "claimant": _claimant(predicted.get("claimant"), claim),
        "counted": _counted(predicted.get("counted"), claim["counted"]),
        "modality": predicted["modality"] in (claim["modality"], *claim.get("modality_any", ())),
    }
    return {name for name, right in checks.items() if right}


def scored_fields(claim: Record) -> tuple[str, ...]:
    """The fields by which a prediction of a gold claim is scored."""
    own = claim.get("fields")
    return FIELDS if own is None else (*_OF_ANY_SCHEMA, *own)


def _own_fields(predicted: Record, claim: Record, own: Record) -> set[str]:
    """The fields of a user's schema that agree with gold, by their words or as figures."""
    right = {name for name, wanted in own.items() if _agree(_value(predicted, name), wanted)}
    hedges = (claim["qualifier"], *claim.get("qualifier_any", ()))
    if _qualifier(predicted["qualifier"]) in {_qualifier(name) for name in hedges}:
        right.add("qualifier")
    if predicted["modality"] in (claim["modality"], *claim.get("modality_any", ())):
        right.add("modality")
    return right


def _agree(predicted: object, wanted: object) -> bool:
    if predicted is None or wanted is None:
        return predicted is wanted
    one, other = (" ".join(str(value).casefold().split()) for value in (predicted, wanted))
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def _value(predicted: Record, name: str) -> object:
    return own_values(predicted).get(name, predicted.get(name))


def _gold_value(claim: Record, name: str) -> object:
    return (claim.get("fields") or {}).get(name, claim.get(name))


def _same(text: str, number: float | str) -> bool:
    return Decimal(str(text)) == Decimal(str(number))


def _qualifier(name: str) -> str:
    return "up_to" if name == "at_most" else name


def _common(event: str | None) -> set[str]:
    return {_COMMON[name] for name in classes_of(event or "") if name in _COMMON}


def _event(predicted: str | None, gold: str) -> bool:
    wanted, named = _common(gold), _common(predicted)
    if wanted:
        return bool(wanted & named)
    return not named or (predicted is not None and stem(predicted.lower()) == stem(gold.lower()))


def _claimant(predicted: str | None, claim: Record) -> bool:
    if predicted is None:
        return claim["claimant"] is None or bool(claim.get("claimant_null_ok"))
    names = [claim["claimant"], *claim["claimant_any"]]
    return any(name is not None and _same_name(predicted, name) for name in names)


def _same_name(one: str, other: str) -> bool:
    first, second = _name_words(one), _name_words(other)
    if first == second:
        return True
    distinguishing = (first & second) - _GENERIC
    return bool(distinguishing) and (first <= second or second <= first)


def _name_words(name: str) -> set[str]:
    plain = name.lower().replace("\u2019", "'")
    words = {word.removesuffix("'s") for word in re.findall(r"[\w'-]+", plain)}
    return words - {"the", "a", "an", "s", ""}


def _counted(predicted: str | None, gold: str) -> bool:
    if not predicted:
        return False
    if _sides(gold) - _sides(predicted):
        return False
    return bool(_nouns(predicted) & _nouns(gold))


def _sides(phrase: str) -> set[str]:
    return {word[:_SIDE_LETTERS].lower() for word in re.findall(r"\b[A-Z]\w{3,}", phrase)}


def _nouns(phrase: str) -> set[str]:
    words = [word for word in re.findall(r"[a-z][a-z-]+", phrase.lower()) if word not in _GENERIC]
    return {_CANONICAL.get(stem(word), stem(word)) for word in words if word[:1]}
