"""What the rules know of English, as data: one file a list, each with its comment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from extractor.text.words import stem

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueClass:
    """A class (of events, a modality) and the phrases, as stems, that show it."""

    name: str
    strong: frozenset[Phrase]
    weak: frozenset[Phrase]


def lines(name: str) -> Iterator[str]:
    """The lines of a lexicon file without comments and blanks."""
    text = resources.files(__name__).joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


@lru_cache(maxsize=1)
def event_classes() -> dict[str, CueClass]:
    """The classes of events.txt by name."""
    return _classes("events.txt")


@lru_cache(maxsize=1)
def event_names() -> dict[str, frozenset[Phrase]]:
    """The plain names of event classes, as stems, by the class."""
    entries = (line.partition(":") for line in lines("event_names.txt"))
    return {name: _phrases(names) for name, _, names in entries}


@lru_cache(maxsize=1)
def negators() -> frozenset[str]:
    """The words of negators.txt."""
    return frozenset(word for line in lines("negators.txt") for word in line.split())


@lru_cache(maxsize=1)
def negations() -> frozenset[Phrase]:
    """The phrases of negations.txt, as stems."""
    return frozenset(phrase for line in lines("negations.txt") for phrase in _phrases(line))


@lru_cache(maxsize=8)
def clause_words(label: str) -> frozenset[str]:
    """The words of one list of clause_words.txt, by its name."""
    rows = (line.partition(":") for line in lines("clause_words.txt"))
    return frozenset(word for row, _, rest in rows if row == label for word in rest.split())


@lru_cache(maxsize=1)
def state_stems() -> frozenset[str]:
    """The words of states.txt, as stems."""
    return frozenset(stem(word) for line in lines("states.txt") for word in line.split())


@lru_cache(maxsize=1)
def harmful_events() -> frozenset[str]:
    """The event classes of harmful_events.txt."""
    return frozenset(name for line in lines("harmful_events.txt") for name in line.split())


@lru_cache(maxsize=1)
def counted_out() -> frozenset[Phrase]:
    """The phrases of counted_out.txt, as stems."""
    return frozenset(phrase for line in lines("counted_out.txt") for phrase in _phrases(line))


@lru_cache(maxsize=1)
def denying_stems() -> frozenset[str]:
    """The verbs of denials.txt, as stems."""
    return _labelled("denials.txt", "verbs")


@lru_cache(maxsize=1)
def told_stems() -> frozenset[str]:
    """The nouns of denials.txt for what may be denied, as stems."""
    return _labelled("denials.txt", "nouns")


def _labelled(name: str, label: str) -> frozenset[str]:
    rows = (line.partition(":") for line in lines(name))
    return frozenset(stem(word) for row, _, rest in rows if row == label for word in rest.split())


@lru_cache(maxsize=1)
def function_stems() -> frozenset[str]:
    """The words of function_words.txt, as stems."""
    return frozenset(stem(word) for line in lines("function_words.txt") for word in line.split())


@lru_cache(maxsize=1)
def general_stems() -> frozenset[str]:
    """The nouns that a text may leave unsaid: people, and what measured_nouns.txt lists."""
    return frozenset(measured_nouns()) | {stem("people")}


@lru_cache(maxsize=1)
def measured_nouns() -> dict[str, frozenset[str]]:
    """The nouns of measured_nouns.txt, as stems, each with the words of the units that fit it."""
    table: dict[str, frozenset[str]] = {}
    for line in lines("measured_nouns.txt"):
        nouns, _, units = line.partition(":")
        for noun in map(stem, nouns.replace(",", " ").split()):
            table[noun] = table.get(noun, frozenset()) | frozenset(units.split())
    return table


@lru_cache(maxsize=1)
def sided_stems() -> frozenset[str]:
    """Stems of what belongs to a side in a conflict."""
    return frozenset(stem(word) for line in lines("sided_nouns.txt") for word in line.split())


@lru_cache(maxsize=1)
def person_stems() -> frozenset[str]:
    """The words of person_nouns.txt, as stems."""
    return frozenset(stem(word) for line in lines("person_nouns.txt") for word in line.split())


@lru_cache(maxsize=1)
def reporting_stems() -> frozenset[str]:
    """The stems of all reporting verbs."""
    rows = (line for line in lines("attribution_verbs.txt") if not line.startswith("["))
    return frozenset(stem(row.split()[0]) for row in rows if row.split())


@lru_cache(maxsize=1)
def speech_stems() -> frozenset[str]:
    """The words of speech_verbs.txt, as stems."""
    return frozenset(stem(word) for line in lines("speech_verbs.txt") for word in line.split())


@lru_cache(maxsize=1)
def modality_cues() -> dict[str, CueClass]:
    """The phrases of modality.txt by the modality that they open; the strong ones decide it."""
    return _classes("modality.txt")


def _classes(name: str) -> dict[str, CueClass]:
    classes = {}
    for line in lines(name):
        label, _, cues = line.partition(":")
        strong, _, weak = cues.partition("|")
        classes[label] = CueClass(label, _phrases(strong), _phrases(weak))
    return classes


def _phrases(cues: str) -> frozenset[Phrase]:
    return frozenset(
        tuple(stem(word) for word in cue.split()) for cue in cues.split(",") if cue.strip()
    )
