"""From a source phrase to the fullest name that the document has for it, and its other names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from extractor.validator.attribution.lexicon import Lexicon
from extractor.validator.attribution.openers import Opener, Openers
from extractor.validator.attribution.types import Mention

_RUN = re.compile(
    r"[^\W\d_a-z](?:[\w\u2019'\-]{0,3}\.|[\w\u2019'\-]*)"  # "Gen.", "J.", or a word
    r"(?:[ \u00a0](?:(?:of|for|the|de|van|bin|al)[ \u00a0])*[^\W\d_a-z][\w\u2019'\-]*){1,7}"
)
_DETERMINED = frozenset("the a an this that his her its their our".split())
_WORD = re.compile(r"[^\W_][\w\-]*")
_MOST_NAMES = 8
_NEAR = 3  # sources or subjects back that a pronoun may reach
_REACH = 600  # characters back that a pronoun may reach


@dataclass(slots=True)
class Entity:
    """One source of the document with the phrases that name it, in text order."""

    full: str
    person: bool
    plural: bool
    surely_person: bool = False  # by an office, a title, or a "he" that means it
    forms: list[str] = field(default_factory=list)

    def add(self, *forms: str) -> None:
        """Note further surface forms."""
        for form in forms:
            if form and form not in self.forms and len(self.forms) < _MOST_NAMES:
                self.forms.append(form)


class Names:
    """The sources met so far in a document, asked mention by mention in text order."""

    def __init__(self, text: str, words: Lexicon, openers: Openers) -> None:
        self.text = text
        self._words = words
        self._recent: list[Entity] = []
        self._last_person: tuple[int, Entity] | None = None
        self._last_body: tuple[int, Entity] | None = None
        self._by_key: dict[str, Entity] = {}
        self._by_head: dict[str, Entity] = {}
        self._runs, self._initials = _runs(text, words)
        self._openers = openers

    def resolve(self, mention: Mention) -> Entity | None:
        """The source that the mention names; None for a pronoun that names none for certain."""
        if mention.kind == "pronoun":
            return self._antecedent(mention)
        core = mention.core.of(self.text)
        entity = self._known(core, mention) or self._firm(mention) or self._new(core, mention)
        entity.add(core, mention.whole.of(self.text), *(e.of(self.text) for e in mention.extra))
        self._note(entity, mention)
        for key in _keys(core, *(e.of(self.text) for e in mention.extra)):
            self._by_key[key] = entity
        for head in (mention.head, *mention.via):
            self._by_head[_noun(head)] = entity
        for extra in mention.extra:
            for word in _WORD.findall(extra.of(self.text))[:4]:
                if self._words.is_source_noun(word.lower()):
                    self._by_head[_noun(word.lower())] = entity
        return entity

    def _antecedent(self, mention: Mention) -> Entity | None:
        if mention.head in ("he", "she"):
            found = self._person(mention)
            if found is not None:
                found.surely_person = True
        elif mention.head == "they":
            found = next((e for e in reversed(self._recent) if e.plural), None)
            found = found or next((e for e in self._recent[-1:] if not e.person), None)
        else:
            found = self._body(mention)
        if found is not None:
            self._note(found, mention)
        return found

    def _note(self, entity: Entity, mention: Mention) -> None:
        self._recent = [*self._recent, entity][-_NEAR:]
        if entity.person and not entity.plural:
            self._last_person = (mention.whole.end, entity)
        elif not entity.person:
            self._last_body = (mention.whole.end, entity)

    def _person(self, mention: Mention) -> Entity | None:
        """Who "he" or "she" is: the last source that is a person, or a person named since.

        Where two other people were the subject of a sentence since, nobody is given.
        """
        last, entity = self._last_person or (-1, None)
        since = [
            opener.mention
            for opener in self._openers.between(last, mention.whole.start)
            if self._is_person(opener)
            and not (entity and self._surname(opener.mention) in entity.full)
        ][:_NEAR]
        if not since:
            near = mention.whole.start - last <= _REACH
            return entity if entity and near else self._of_role(mention) or entity
        if len({self._surname(opener) for opener in since}) > 1:
            return None
        near = mention.whole.start - since[0].whole.start <= _REACH
        return self.resolve(since[0]) if near else None

    def _of_role(self, mention: Mention) -> Entity | None:
        """Whom "the coach" in the same sentence or the one before names, if it can be "he"."""
        other = self._words["female" if mention.head == "he" else "male"]
        for opener in self._openers.between(-1, mention.whole.start):
            if opener.kind == "role" and opener.mention.head not in other:
                return self.resolve(opener.mention)
        return None

    def _body(self, mention: Mention) -> Entity | None:
        """What "it" is: the last source that is no person, or a body that was a subject since."""
        last, entity = self._last_body or (-1, None)
        place = mention.whole.start
        for opener in self._openers.between(max(last, place - _REACH), place):
            if opener.kind != "role" and not self._is_person(opener):
                vague = self._is_generic(opener.mention) and not self._firm(opener.mention)
                return None if vague else self.resolve(opener.mention)
        near = entity is not None and place - last <= _REACH
        return entity if near else self._name_alone(place)

    def _name_alone(self, place: int) -> Entity | None:
        """What "it" is where the text has no sure body: a name that may be a firm's."""
        last, entity = self._last_person or (-1, None)
        for opener in self._openers.between(max(last, place - _REACH), place):
            return self.resolve(opener.mention) if opener.kind == "name" else None
        near = entity is not None and not entity.surely_person and place - last <= _REACH
        return entity if near else None

    def _surname(self, mention: Mention) -> str:
        return mention.core.of(self.text).split()[-1]

    def _is_person(self, opener: Opener) -> bool:
        """A single word is a person's name only where the document has the full name somewhere."""
        if opener.kind != "name":
            return opener.kind == "person"
        name = opener.mention.core.of(self.text)
        return " " in name or name.lower() in self._runs

    def _known(self, core: str, mention: Mention) -> Entity | None:
        for key in _keys(core):
            if key in self._by_key:
                return self._by_key[key]
        words = core.split()
        short = words[0].lower() in _DETERMINED and len(words) <= 2
        if short and words[0].lower() not in ("a", "an"):
            return self._by_head.get(_noun(mention.head))
        if len(words) == 1:
            return self._by_key.get(core.lower())
        return None

    def _is_generic(self, mention: Mention) -> bool:
        """Whether it is "the company" and the like, which is the name of nobody."""
        words = mention.core.of(self.text).lower().split()
        return len(words) == 2 and words[0] == "the" and words[1] in self._words["generic"]

    def _firm(self, mention: Mention) -> Entity | None:
        """The firm that "the company" means: the last source or subject with a name of its own."""
        if not self._is_generic(mention):
            return None
        place = mention.whole.start
        for opener in self._openers.between(place - _REACH, place):
            name = opener.mention.core.of(self.text)
            if opener.kind in ("body", "name") and self._may_be_firm(name):
                return self._known(name, opener.mention) or self._new(name, opener.mention)
        firms = (e for e in reversed(self._recent) if not e.surely_person)
        return next((entity for entity in firms if self._may_be_firm(entity.full)), None)

    def _may_be_firm(self, name: str) -> bool:
        """Whether it is surely a firm's name: one word or two may as well be a person's."""
        words = name.split()
        return "&" in words or (len(words) > 1 and words[-1].lower() in self._words["firm"])

    def _new(self, core: str, mention: Mention) -> Entity:
        full = self._fullest(core)
        words = full.split()
        head = mention.head
        role = self._words.is_in(head, "person")
        named = mention.kind == "name" and not self._words.is_source_noun(head)
        titled = any(w.lower().strip(".") in self._words["title"] for w in words[:-1])
        place = words[-1].lower() in self._words["place"]
        person = (
            (role or (named and (titled or len(words) >= 2))) and not place and not full.isupper()
        )
        plural = self._words.is_plural(head) and mention.kind == "noun"
        entity = Entity(full, person, plural, surely_person=person and (role or titled))
        entity.add(full)
        for key in _keys(full):
            self._by_key[key] = entity
        if person and named:
            self._by_key.setdefault(words[-1].lower(), entity)
        acronym = re.search(r"\(([A-Z][A-Za-z]{1,9})\)", full)
        if acronym:
            entity.add(acronym.group(1))
            self._by_key[acronym.group(1).lower()] = entity
        initials = _initials(full)
        if len(initials) > 1 and initials.lower() not in self._by_key:
            self._by_key[initials.lower()] = entity
        return entity

    def _fullest(self, core: str) -> str:
        """The fullest name in the document that ends with `core`, or that it abbreviates."""
        words = core.split()
        last = words[-1]
        if core.isupper() and core.isalpha() and len(core) <= 8:
            return self._initials.get(core, core)
        if not last[:1].isupper() or last.lower() in self._words["place"]:
            return core
        if self._words.is_source_noun(last.lower()) or words[0].lower() in _DETERMINED:
            return core
        best = core
        for run in self._runs.get(last.lower(), ()):
            longer = len(run.split()) > len(best.split())
            if longer and run.split()[-len(_bare(words)) :] == _bare(words):
                best = run
                break
        return best


def _bare(words: list[str]) -> list[str]:
    """A name without a form of address, which the full name need not have."""
    return (
        words[1:]
        if len(words) > 1 and words[0].strip(".") in ("Mr", "Mrs", "Ms", "Miss")
        else words
    )


def _keys(*forms: str) -> Iterable[str]:
    for form in forms:
        words = form.lower().replace("\u2019", "'").split()
        while words and words[0] in _DETERMINED:
            words = words[1:]
        if words:
            yield " ".join(words)


def _noun(word: str) -> str:
    """One key for a noun and its common variants."""
    return (
        word.replace("adviser", "advisor").replace("centre", "center").replace("organis", "organiz")
    )


def _initials(name: str) -> str:
    return "".join(w[0] for w in re.split(r"[\s\-]+", name) if w[:1].isupper())


def _runs(text: str, words: Lexicon) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Runs of capitalised words by their last word, and by their initials; each in text order."""
    by_last: dict[str, list[str]] = {}
    by_initials: dict[str, str] = {}
    for match in _RUN.finditer(text):
        run = re.sub(r"['\u2019]s\b.*$", "", match.group().rstrip("'\u2019."))
        pieces = run.split()
        while pieces and (pieces[0].lower() in _DETERMINED or _is_opener(pieces[0].lower(), words)):
            pieces = pieces[1:]
        if len(pieces) < 2 or len(pieces) > 6:
            continue
        start = run.index(pieces[0])
        run = run[start:]
        bucket = by_last.setdefault(pieces[-1].lower(), [])
        if len(bucket) < 20:
            bucket.append(run)
        if not run.isupper():
            by_initials.setdefault(_initials(run), run)
    return by_last, by_initials


def _is_opener(word: str, words: Lexicon) -> bool:
    return any(
        word in words[name] for name in ("break", "preposition", "adverb", "time", "pronoun")
    )
