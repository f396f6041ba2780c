"""What is counted, as a key: whose it is (a side), and what.

Different words make different things, but for those that the alias table brings together: a missed
match costs a line, a wrong one makes a figure that nobody told.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.reconcile.aliases import Aliases
from extractor.reconcile.claimants import country_of, sides_of
from extractor.text import Span
from extractor.text.words import stem, words
from extractor.validator.lexicons import function_stems, person_stems
from extractor.validator.sides import sides

NATIONALS = "people of the country"
"""What "Russians" are, and "Ukraine's people": of a side, and of what kind is not said."""

PEOPLE = "people"
"""Anybody: what a figure counts that says no more than that they are people."""

_CAPTIVES = "captives"

_ANYBODY = frozenset(
    map(
        stem,
        "people person individual human life victim other casualty dead death wounded injured "
        "missing killed fatality injury body one national".split(),
    )
)
_HELD = frozenset(map(stem, "prisoner hostage captive pow detainee war".split()))
_SMALL = frozenset("of the a an and or & other more further another its their some".split())


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose, and what: `things` are the kinds that are counted together, mostly one."""

    side: str | None
    things: frozenset[str]

    @property
    def is_anybody(self) -> bool:
        """Whether no more is said than that they are people."""
        return self.things <= {PEOPLE, NATIONALS}

    def as_captured(self) -> Counted:
        """Of those who are captured "prisoners" says no more than that they are people."""
        if self.things != {_CAPTIVES}:
            return self
        return Counted(self.side, frozenset({PEOPLE if self.side is None else NATIONALS}))


def counted_as(counted: str | None, aliases: Aliases) -> Counted:
    """What a claim counts.

    >>> known = Aliases.load()
    >>> counted_as("Russian troops", known)
    Counted(side='Russia', things=frozenset({'soldiers'}))
    >>> counted_as("Ukraine's people", known) == counted_as("Ukrainians", known)
    True
    >>> sorted(counted_as("soldiers and \u201cnationalists\u201d", known).things)
    ['nationalists', 'soldiers']
    """
    if counted is None:
        return Counted(None, frozenset({PEOPLE}))
    said = aliases.spelled(counted).replace('"', "")
    found = sides_of(said)
    side = None
    if len(found) == 1:
        country = country_of(found[0])
        side = found[0] if country is None else aliases.spelled(country)
    elif found:
        side = " and ".join(sorted(found))
    parts = said.replace(",", " and ").split(" and ")
    things = {thing for part in parts if (thing := _thing(part, found, aliases))}
    if things <= {PEOPLE}:
        things = {NATIONALS if side is not None else PEOPLE}
    return Counted(side, frozenset(things))


def _thing(part: str, found: tuple[str, ...], aliases: Aliases) -> str:
    """One kind by its words, without those that name a side; nothing where none is left."""
    names = {form.lower() for adjective in found for form in _forms(adjective)}
    left = [
        word.span.of(part).lower().removesuffix("'s")
        for word in words(part, Span(0, len(part)))
        if word.lower.removesuffix("'s") not in names and word.lower not in _SMALL
    ]
    if not left:
        return PEOPLE if len(found) == 1 else ""
    if all(stem(word) in _ANYBODY or stem(word) in function_stems() for word in left):
        return PEOPLE
    if all(stem(word) in _HELD for word in left):
        return _CAPTIVES
    return aliases.thing(_plural(" ".join(left)))


def _forms(adjective: str) -> set[str]:
    names = {name for name, known in sides().items() if known == adjective} | {adjective}
    every = {part for name in names for part in (name, *name.split())}
    return every | {f"{name}s" for name in every}


def _plural(phrase: str) -> str:
    """The phrase as it is counted: "soldier" is "soldiers"; irregular ones stay as they are."""
    last = phrase.rpartition(" ")[2]
    is_singular = stem(last) in person_stems() and not last.endswith(("s", "n", "e"))
    return f"{phrase}s" if is_singular else phrase
