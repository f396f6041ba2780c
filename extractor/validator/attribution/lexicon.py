"""The words that the finder knows, from the `attribution_*.txt` lists."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from extractor.validator.lexicons import lines

_INDEFINITE_PLURALS = frozenset(
    "police media data people rebels militants families sources press spokespeople".split()
)


_SOURCES = frozenset(("person", "organisation", "document"))


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a verb form: `tense` is base, s, past, part or ing."""

    lemma: str
    kinds: frozenset[str]
    tense: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists by name, and verb forms with their readings.

    `verbs` are reporting verbs; `constructions` those that report in a construction of their own.
    """

    lists: dict[str, frozenset[str]]
    verbs: dict[str, tuple[Form, ...]]
    constructions: dict[str, tuple[Form, ...]]

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]

    def is_source_noun(self, word: str) -> bool:
        """Whether the lower-case `word` can name a source, in the singular or the plural."""
        return not _SOURCES.isdisjoint(nouns(word))

    def is_in(self, word: str, name: str) -> bool:
        """Whether `word` or its singular is in the list; a hyphenated word goes by its end."""
        return name in nouns(word)

    def is_plural(self, word: str) -> bool:
        """Whether the noun `word` is a plural by its form."""
        if word in _INDEFINITE_PLURALS or (word.endswith("men") and word != "specimen"):
            return True
        return word.endswith("s") and not word.endswith("ss")

    def is_adverb(self, word: str) -> bool:
        """Whether the lower-case `word` is an adverb by list or by its ending."""
        if word in self.lists["adverb"]:
            return True
        return len(word) > 4 and word.endswith("ly") and word not in self.lists["not_adverb"]


def singulars(word: str) -> tuple[str, ...]:
    """The word and what it may be the plural of.

    >>> singulars("authorities")
    ('authorities', 'authority', 'authoritie', 'authoriti')
    """
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("men"):
        forms.append(word[:-2] + "an")
    if word.endswith("s"):
        forms.append(word[:-1])
    if word.endswith("es"):
        forms.append(word[:-2])
    return tuple(forms)


@lru_cache(maxsize=16_384)
def nouns(word: str) -> frozenset[str]:
    """The names of the lists that hold the lower-case `word` or its singular.

    >>> sorted(nouns("sub-committees")), sorted(nouns("fires"))
    (['organisation'], ['event'])
    """
    forms = singulars(word.rpartition("-")[2] or word)
    lists = lexicon().lists
    return frozenset(name for name, held in lists.items() if any(form in held for form in forms))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """All lists, read once."""
    lists: dict[str, set[str]] = {}
    for name in ("attribution_sources.txt", "attribution_words.txt", "attribution_places.txt"):
        for section, line in _sectioned(name):
            lists.setdefault(section, set()).update(line.split())
    verbs = _readings("attribution_verbs.txt", lists)
    constructions = _readings("attribution_constructions.txt", lists)
    held = {name: frozenset(words) for name, words in lists.items()}
    return Lexicon(held, verbs, constructions)


def _readings(name: str, lists: dict[str, set[str]]) -> dict[str, tuple[Form, ...]]:
    """The forms of the verbs of a file with their readings; its plain lists go to `lists`."""
    verbs: dict[tuple[str, str], dict[str, set[str]]] = {}
    for section, line in _sectioned(name):
        if section in ("addressee", "noun_like", "needs_that"):
            lists.setdefault(section, set()).update(line.split())
            continue
        for form, tense in _forms(line.split()):
            by_lemma = verbs.setdefault((form, tense), {})
            by_lemma.setdefault(line.split()[0], set()).add(section)
    readings: dict[str, list[Form]] = {}
    for (form, tense), by_lemma in verbs.items():
        for lemma, kinds in by_lemma.items():
            readings.setdefault(form, []).append(Form(lemma, frozenset(kinds), tense))
    return {form: tuple(found) for form, found in readings.items()}


def _sectioned(name: str) -> list[tuple[str, str]]:
    """The lines of a list file, each with the `[section]` that it stands in."""
    found = []
    section = ""
    for line in lines(name):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            found.append((section, line))
    return found


def _forms(words: list[str]) -> list[tuple[str, str]]:
    tenses = ("base", "s", "past", "ing", "part")
    return list(zip(words, tenses, strict=False))
