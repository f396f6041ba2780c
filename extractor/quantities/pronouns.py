"""As in "one" where it counts nothing: "one of the", "no one", "the one", "one another", "one day".

It counts where it stands before a noun ("one person was killed"), before "more" ("one more
soldier"), after a hedge ("at least one"), or before a verb of harm ("one killed, two wounded").
"""

from __future__ import annotations

from decimal import Decimal

from extractor.quantities.denominators import read_denominator, read_part
from extractor.quantities.expressions import Mask
from extractor.quantities.hedges import left_hedge
from extractor.quantities.scales import Figure
from extractor.quantities.spelled import read_spelled
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.types import Kind
from extractor.quantities.units import read_unit
from extractor.quantities.words import FUNCTION_WORDS, PERSON_WORDS

# "no one", "the one", "each one": the words before that make it a pronoun.
_BEFORE = frozenset(
    "no the this that these those which any each every another some such big good new only "
    "right wrong loved first last next previous other same a an very whatever".split()
)
# Nouns that make an idiom with it: "one day", "one side", "one way or another".
_IDIOMS = frozenset(
    "another day side sort kind way hand thing point time moment reason form type day's stage "
    "direction end example word step place level extreme sense view voice case area".split()
)
_COUNTED_PARTICIPLES = frozenset(
    "more person killed dead injured wounded missing captured arrested hurt detained shot "
    "hospitalised hospitalized died".split()
)
_HARMED = frozenset(
    "killed injured wounded hurt arrested captured detained shot dead missing "
    "hospitalised hospitalized died critical".split()
)
_PERSONS = PERSON_WORDS | _HARMED
_HARMING = frozenset(
    "killed killing kills injured injuring wounded wounding hurt hurting arrested arresting "
    "captured capturing left leaving".split()
)
_COMPOUNDS = frozenset("off time sided way stop size party liner to on by one up man".split())
_ROUND = frozenset("hundred thousand million".split())
_ANNIVERSARIES = frozenset({"mark", "anniversary", "milestone"})
_RARELY_NOUNS = frozenset(
    "said says told see sees need needs want wants knows know thinks might "
    "way even really simply hopes expects".split()
)


def mask_one(t: Tokens, i: int, floor: int) -> Mask | None:
    """The mask over "one" at token `i` where it is a pronoun or part of an idiom."""
    if t.words[i] != "one" or _counts(t, i, floor):
        return None
    first = i - 1 if t.words[i - 1] == "no" and i - 1 >= floor and t.near(i) else i
    return Mask(first, i + 1, t.starts[first], t.ends[i], "pronoun")


def _counts(t: Tokens, i: int, floor: int) -> bool:
    following = t.words[i + 1] if t.near(i + 1) else ""
    numeral = read_spelled(t, i)
    part = read_part(t, i + 2) if following == "and" else None
    if part is not None or (numeral is not None and numeral.last > i + 1):
        return True  # "one hundred", "one million", "one and a half"
    if read_denominator(t, i + 1) is not None:  # "one fourth", "one-third"
        return True
    if following in DASHES and t.glued(i + 1):
        return _compound_counts(t, i)
    before = t.words[i - 1] if t.near(i) else ""
    if t.lower(i - 1) and t.capital(i) and t.capital(i + 1) and not t.raw(i).isupper():
        return following in _PERSONS  # a name: "our One Nation programme"
    # "at least one of them was hurt" counts, and so does "more than one"
    if before != "some" and left_hedge(t, i, floor) is not None:
        return True
    return _counts_after(t, i, before, following)


def _counts_after(t: Tokens, i: int, before: str, following: str) -> bool:
    if t.glued(i) and before in DASHES:
        return False
    if before in _HARMING and not t.alpha(i + 1):  # "killing one, wounding two"
        return True
    if before in _BEFORE and not (before == "only" and following not in FUNCTION_WORDS):
        return before == "another" and following in _COUNTED_PARTICIPLES
    return _noun_follows(t, i, following)


def _noun_follows(t: Tokens, i: int, following: str) -> bool:
    if following in _COUNTED_PARTICIPLES:
        return True
    if following in {"was", "is", "has", "were"}:
        # "one was killed", "one is missing", "one has died": one of those just counted
        return any(t.words[k] in _HARMED for k in range(i + 2, i + 5))
    if following in {"in", "to", "out", "or"}:
        return _pairs(t, i, following)
    unit = read_unit(t, Figure(i, i + 1, Decimal(1), digits=False))
    if unit is not None and unit.kind is not Kind.MEASURE:  # "one per cent"
        return True
    if not (t.alpha(i + 1) and following):
        return False
    # "One US soldier": an abbreviation in capitals is no pronoun
    short = t.raw(i + 1).isupper() and len(following) > 1 and not t.raw(i).isupper()
    return short or not (
        following in FUNCTION_WORDS or following in _IDIOMS or following in _RARELY_NOUNS
    )


def _pairs(t: Tokens, i: int, following: str) -> bool:
    """As in "one in five", "one to two", "one out of ten", "one or two"."""
    if following == "or":
        return t.words[i + 2] in {"two", "more"}
    if following == "out":
        return t.words[i + 2] == "of" and _number_after(t, i + 3)
    return _number_after(t, i + 2)


def _number_after(t: Tokens, j: int) -> bool:
    """As in "one in five", "one in every 1,000"."""
    j += t.words[j] in {"every", "each"}
    return t.digits(j) or t.words[j] in _ROUND or read_spelled(t, j) is not None


def _compound_counts(t: Tokens, i: int) -> bool:
    """As in "a one-bedroom flat" counts; "one-sided", "one-on-one" do not."""
    # "the one-year mark" is the first anniversary
    return t.words[i + 2] not in _COMPOUNDS and t.words[i + 3] not in _ANNIVERSARIES
