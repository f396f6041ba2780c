"""Whose words, and whose name: where a text field, a name or a place stands for a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractor.claims.markers import InText, NameInText, PlaceInText, Reach
from extractor.claims.schema_field import SchemaField
from extractor.quantities.types import Quantity
from extractor.text import Span
from extractor.validator.fields.belonging import is_in_reach, neighbourhood
from extractor.validator.fields.cues import verbatim_places
from extractor.validator.fields.persons import is_body, is_governed, is_origin, is_person, is_source
from extractor.validator.fields.proper_names import ProperName, names_in
from extractor.validator.fields.standing import (
    SHOWN,
    Sought,
    Standing,
    said_of_another,
    search,
    touches,
    trailing,
)
from extractor.validator.lexicons import (
    function_stems,
    measured_nouns,
    person_stems,
    reporting_stems,
)
from extractor.validator.noun_phrases import event_stems
from extractor.validator.source import Source

_LOOKED_AT = 8  # places of one name


def standing_words(source: Source, quantity: Quantity, field: SchemaField, said: str) -> Standing:
    """Whether words of the document are the number's own; of a name, whether they are one."""
    assert isinstance(field.marker, InText | NameInText | PlaceInText)  # noqa: S101 - by the rule
    return _Words(source, quantity, field, field.marker).standing(said)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is looked at for one field and one number."""

    source: Source
    quantity: Quantity
    field: SchemaField
    marker: InText | NameInText | PlaceInText

    @property
    def text(self) -> str:
        return self.source.document.text

    @property
    def window(self) -> Span:
        return neighbourhood(self.source, self.quantity).window

    def standing(self, said: str) -> Standing:
        places = self._places(said)
        if not places:
            return Standing(None, self._no_name(said), self.quantity.span)
        looked_at = [place for place in places if self.window.contains(place)] or places
        names = [name for place in looked_at[:_LOOKED_AT] for name in self._named_at(place)]
        sorts = {self._sort(name) for name in names}

        def rivals(stretch: Span) -> Sequence[Span]:
            return self._rivals(stretch, places, sorts)

        sought = Sought(self.source, self.quantity, said, places, rivals)
        if isinstance(self.marker, PlaceInText) and "where" not in sorts:
            placed = self._placed(places)
            if placed:  # "the Red Cross reported 40 cases in Goma"
                return said_of_another(sought, placed, places[0])
        if isinstance(self.marker, PlaceInText):
            place = trailing(sought)
            if place is not None:
                return Standing(place)
        # whom a sentence names besides is not what the next one speaks of
        reach: Reach = "sentence" if sorts == {"person"} else self.marker.within
        return search(sought, reach, is_name=bool(sorts))

    def _places(self, said: str) -> Sequence[Span]:
        """Where these words stand, of a name where they are one and of the sort that is wanted."""
        places = verbatim_places(self.source, said)
        if isinstance(self.marker, InText):
            return places
        if _is_shared_part(self.source, said):
            return ()
        key = ("places", said, type(self.marker), self.field.common)
        return self.source.remembered(key, lambda: [p for p in places if self._is_name(p)])

    def _is_name(self, place: Span) -> bool:
        if is_source(self.text, place) or self._is_governed(place):
            return False
        names = self._named_at(place)
        return any(_holds(self.text, n.span, place) and self._is_wanted(n) for n in names)

    def _is_wanted(self, name: ProperName) -> bool:
        """Whether a name is of the sort that a field wants: "in Orle" is a place."""
        if not isinstance(self.marker, PlaceInText):
            return not name.is_where
        return not is_body(self.text, name.span) and not is_origin(self.text, name.span)

    def _rivals(self, stretch: Span, mine: Sequence[Span], sorts: set[str]) -> list[Span]:
        others = [
            name
            for name in self._named(stretch)
            if not touches(name.span, mine)
            and not is_source(self.text, name.span)
            and not self._is_governed(name.span)
        ]
        if isinstance(self.marker, PlaceInText):  # "according to the Institute of …" says no place
            return [name.span for name in others if self._is_wanted(name)]
        return [name.span for name in others if self._sort(name) in sorts]

    def _is_governed(self, place: Span) -> bool:
        """Whether a name stands behind another, as what that acts on: "took it from Labour"."""
        if isinstance(self.marker, PlaceInText) or not is_governed(self.text, place):
            return False
        others = self._named(self.source.sentence_of(place))
        return any(
            name.span.end <= place.start
            and not name.is_where
            and not is_governed(self.text, name.span)
            for name in others
        )

    def _placed(self, mine: Sequence[Span]) -> list[Span]:
        """The names of the sentence that say where, and may be the number's."""
        return [
            name.span
            for name in self._named(self.window)
            if name.is_where
            and not touches(name.span, mine)
            and is_in_reach(self.source, self.quantity, name.span)
        ]

    def _named(self, stretch: Span) -> Sequence[ProperName]:
        common = _common_words() | self.field.common
        return [name for name in names_in(self.source, stretch) if not name.is_common(common)]

    def _named_at(self, place: Span) -> list[ProperName]:
        names = self._named(self.source.sentence_of(place))
        return [name for name in names if name.span.overlaps(place)]

    def _sort(self, name: ProperName) -> str:
        if name.is_where:
            return "where"
        return "person" if is_person(self.text, name.span) else "other"

    def _no_name(self, said: str) -> str:
        if not verbatim_places(self.source, said):
            return f"{said[:SHOWN]!r} is not in the document"
        wanted = "of a place" if isinstance(self.marker, PlaceInText) else "that a number may be of"
        return f"{said[:SHOWN]!r} is not the whole of a name {wanted}"


def _holds(text: str, name: Span, place: Span) -> bool:
    """Whether a place is a name, or the end of one ("Ruiz" of "Ana Ruiz"), its article apart."""
    start = place.start
    if text[start : name.start].strip().lower() in ("the", "a", "an", "its"):
        start = name.start
    return start >= name.start and place.end == name.end


def _is_shared_part(source: Source, said: str) -> bool:
    """Whether words end several names of the document, and are none by themselves: "Front"."""
    text, wanted = source.document.text, " ".join(said.split()).lower()

    def found() -> dict[str, set[str]]:
        ends: dict[str, set[str]] = {}
        for sentence in source.document.sentences:
            for name in names_in(source, sentence):
                parts = name.span.of(text).lower().split()
                for at in range(len(parts)):
                    ends.setdefault(" ".join(parts[at:]), set()).add(" ".join(parts))
        return ends

    wholes = source.remembered("ends of names", found).get(wanted, set())
    return len(wholes) > 1 and wanted not in wholes


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    """The stems of words that are known to be none of a name, where they open a sentence."""
    nouns = frozenset(measured_nouns()) | person_stems()
    return nouns | event_stems() | reporting_stems() | function_stems()
