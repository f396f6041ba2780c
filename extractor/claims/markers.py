"""What a field of a user's schema must keep to: written into its annotation, checked by the gate.

```python
class Result(BaseModel):
    evidence: Annotated[str, Evidence()]
    seats: Annotated[int, NumberInQuote(), UnitOf("seats")]
    share: Annotated[Decimal | None, NumberInQuote(), UnitOf("%")] = None
    party: Annotated[str, NameInText()]
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Reach = Literal["sentence", "paragraph", "document"]
"""How far from its number a value may stand. What stands nearer and could be meant goes before."""

Wordings = tuple[tuple[str, tuple[str, ...]], ...]
"""Each value with the words by which a text says it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passage, copied verbatim, that holds the numbers: the `quote` of a class of its own."""


@dataclass(frozen=True, slots=True)
class InText:
    """Words of the document, verbatim, that belong to the claim's numbers.

    They stand in the number's sentence, or `within` its paragraph or the document; no name stands
    nearer to the number where the words are a name. Of common words nobody can tell which others
    could be meant: take NameInText or OneOf where either fits.
    """

    within: Reach = "sentence"


@dataclass(frozen=True, slots=True)
class NameInText:
    """A proper name of the document that belongs to the claim's numbers: a party, a company.

    As InText, for what is written with a capital; no common word passes for one, and no name that
    says where ("in Orle").
    """

    within: Reach = "sentence"


@dataclass(frozen=True, slots=True)
class PlaceInText:
    """The proper name of a place that belongs to the claim's numbers: "40 in Orle"."""

    within: Reach = "sentence"


@dataclass(frozen=True, slots=True)
class DateInText:
    """A date of the document that belongs to the claim's numbers.

    As the text writes it ("3 March"), or as ISO 8601 where the text names its year.
    """

    within: Reach = "sentence"


@dataclass(frozen=True, init=False, slots=True)
class NumberInQuote:
    """A number of the quote, held against the text as every number is: value, scale, hedge, unit.

    Of several number fields each needs its UnitOf or its `cues`: words of which one stands at the
    number ("from", "compared with"), so that no two of them can be exchanged.
    """

    cues: tuple[str, ...]

    def __init__(self, cues: Sequence[str] = ()) -> None:
        object.__setattr__(self, "cues", _words(cues))


@dataclass(frozen=True, init=False, slots=True)
class UnitOf:
    """The unit must be one of these: "%", "USD", "kilometre", or what is counted ("seats").

    Beside NumberInQuote it is that number's unit. On a text field, the field says the unit of the
    claim's number.
    """

    units: tuple[str, ...]

    def __init__(self, *units: str) -> None:
        object.__setattr__(self, "units", _words(units))


@dataclass(frozen=True, init=False, slots=True)
class OneOf:
    """One of a closed list of values, which the text says at the number.

    `OneOf("cholera", "measles")`, or with other words that say a value:
    `OneOf({"Labour": ["Labour Party"], "Greens": []})`. Where the text says another value nearer to
    the number, that one is meant.
    """

    wordings: Wordings
    within: Reach

    def __init__(
        self, *values: str | Mapping[str, Sequence[str]], within: Reach = "sentence"
    ) -> None:
        wordings: list[tuple[str, tuple[str, ...]]] = []
        for value in values:
            if isinstance(value, Mapping):
                wordings += [(name, (name, *_words(more))) for name, more in value.items()]
            else:
                wordings.append((value, (value,)))
        object.__setattr__(self, "wordings", tuple(wordings))
        object.__setattr__(self, "within", within)


@dataclass(frozen=True, init=False, slots=True)
class EventOf:
    """What happened, by a label of which one cue stands at the number, in whatever inflection.

    `EventOf({"revenue": ["revenue", "sales"], "profit": ["profit", "earn"]})`. The cue of another
    label that stands nearer to the number goes before, and a negated cue is none.
    """

    wordings: Wordings

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        wordings = tuple((label, _words(words)) for label, words in cues.items())
        object.__setattr__(self, "wordings", wordings)


Marker = InText | NameInText | PlaceInText | DateInText | NumberInQuote | UnitOf | OneOf | EventOf


def _words(given: Sequence[str]) -> tuple[str, ...]:
    # a string is a sequence of its letters, and nobody means those
    return (given,) if isinstance(given, str) else tuple(given)
