"""The fields of a claim under the names that another tool gives them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from extractor.batch.claim_file import Written
from extractor.claims import CandidateClaim
from extractor.claims.schema import ClaimSchema
from extractor.errors import InputError

DOCUMENT = "document"
DOCUMENT_NAMES = (DOCUMENT, "document_id", "doc")
FIELDS = tuple(CandidateClaim.model_fields)
FIGURES = ("value", "low", "high")

_LONGEST_NAME = 40  # characters; a longer key is no misspelled field
_LONGEST_INDEX = 6  # digits of a list's index in a path
_MOST_STRANGE = 20  # keys worth a note
_LIKENESS = 0.8  # of a key to a field, from which it is taken for that field misspelled


@dataclass(slots=True)
class FieldNames:
    """Where each field of a claim stands in another tool's record.

    `paths` holds a path for each mapped field; the others stand under our own names. `missing` are
    the mapped fields that no record has held so far, `strange` the keys so far that look like a
    misspelled field, each with that field. `fields` are ours, `figures` those of them that are
    numbers, `quote` is the one that quotes.
    """

    paths: Mapping[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    strange: dict[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = FIELDS
    figures: tuple[str, ...] = FIGURES
    quote: str = "quote"

    @classmethod
    def parse(cls, given: Iterable[str], schema: ClaimSchema | None = None) -> FieldNames:
        """The mapping of "ours=theirs,…" options; theirs may be a dotted path ("attributes.count").

        With a `schema` of the user's own, its fields are ours.

        Raises InputError for a field that is not ours, one that is mapped twice, or an empty path.

        >>> FieldNames.parse(["quote=evidence,value=number", "claimant=speaker.name"]).paths
        {'quote': 'evidence', 'value': 'number', 'claimant': 'speaker.name'}
        """
        paths: dict[str, str] = {}
        fields, figures = (FIELDS, FIGURES) if schema is None else _fields_of(schema)
        for pair in (pair for option in given for pair in option.split(",")):
            ours, equals, theirs = (part.strip() for part in pair.partition("="))
            if not equals:
                raise InputError(f"--map {pair!r}: wanted is ours=theirs, as in quote=evidence.")
            if ours not in (*fields, DOCUMENT):
                known = " ".join((*fields, DOCUMENT))
                raise InputError(f"--map {pair!r}: a claim has no field {ours!r}, but {known}.")
            if not all(step.strip() for step in theirs.split(".")):
                raise InputError(f"--map {pair!r}: the path to {ours!r} is empty or has a gap.")
            if ours in paths:
                raise InputError(f"--map {pair!r}: {ours!r} is mapped twice.")
            paths[ours] = theirs
        quote = "quote" if schema is None else schema.quote
        return cls(paths, set(paths), fields=fields, figures=figures, quote=quote)

    def stated(self, ours: str, *records: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        """What the first of `records` that holds the field gives for it; None where none does."""
        path = self.paths.get(ours, ours)
        for record in records:
            found = _at(path, record)
            if found is not None:
                self.missing.discard(ours)
                return as_stated(ours, found, self.figures)
        return None

    def candidate(self, *records: Mapping[str, Any]) -> dict[str, Any]:
        """The candidate that the records state, under our names, without the absent fields.

        >>> names = FieldNames.parse(["value=figures.dead"])
        >>> names.candidate({"quote": "5 men", "figures": {"dead": 5}})
        {'quote': '5 men', 'value': 5}
        """
        stated = ((ours, self.stated(ours, *records)) for ours in self.fields)
        return {ours: given for ours, given in stated if given is not None}

    def document(self, record: Mapping[str, Any]) -> str:
        """The document that a record names; empty where it names none."""
        given = self.stated(DOCUMENT, record)
        if given is None and DOCUMENT not in self.paths:
            given = next((record[n] for n in DOCUMENT_NAMES if record.get(n) is not None), None)
        return str(given) if isinstance(given, (str, int)) else ""

    def notes(self) -> Iterator[str]:
        """What a user should know: keys that were ignored, mapped fields that no record holds."""
        for key, meant in self.strange.items():
            yield f"unknown field {key!r} ignored; did you mean {meant!r}?"
        for ours in sorted(self.missing):
            yield f"no claim holds {self.paths[ours]!r}, which is mapped to {ours!r}"

    def note_strange(self, record: Mapping[str, Any]) -> None:
        """Remember the keys of a record that look like a field which the record does not have."""
        for key in record if len(self.strange) < _MOST_STRANGE else ():
            if (
                key in (*self.fields, *DOCUMENT_NAMES)
                or key in self.strange
                or len(key) > _LONGEST_NAME
            ):
                continue
            meant = _likely_meant(key, self.fields)
            if meant is None or meant in self.paths or record.get(meant) is not None:
                continue
            if all(key != path.partition(".")[0] for path in self.paths.values()):
                self.strange[key] = meant


def as_stated(
    ours: str,
    given: Any,  # noqa: ANN401 - any JSON value
    figures: Collection[str] = FIGURES,
) -> Any:  # noqa: ANN401
    """A JSON value as the field `ours` takes it; `figures` are the fields of numbers.

    Figures stay as they are written, to the last digit. A NaN, as pandas writes what is missing, is
    absent from any other field.
    """
    if isinstance(given, Written):
        return str(given) if ours in (*figures, DOCUMENT) else float(given)
    if isinstance(given, float) and given != given and ours not in figures:  # noqa: PLR0124 - a NaN
        return None
    return given


def _fields_of(schema: ClaimSchema) -> tuple[tuple[str, ...], tuple[str, ...]]:
    own = tuple(field.name for field in schema.fields)
    numbers = tuple(field.name for field in schema.numbers)
    if schema.extends:
        return (*FIELDS, *own), (*FIGURES, *numbers)
    return (schema.quote, schema.number.name, *own, "position"), numbers


@lru_cache(maxsize=4096)
def _likely_meant(key: str, fields: tuple[str, ...]) -> str | None:
    names = (*fields, DOCUMENT)
    found = difflib.get_close_matches(key.lower(), names, n=1, cutoff=_LIKENESS)
    return found[0] if found else None


def _at(path: str, record: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at a dotted path, or under a key that has dots itself; None if nothing does."""
    if path in record:
        return record[path]
    place: Any = record
    for step in path.split("."):
        if isinstance(place, Mapping):
            place = place.get(step)
        elif isinstance(place, list) and step.isdecimal() and len(step) <= _LONGEST_INDEX:
            place = next(iter(place[int(step) :]), None)
        else:
            return None
    return place
