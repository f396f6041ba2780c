"""Claims of another tool, gathered by document and judged document by document.

What is held in memory is the claims, never more than one document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from extractor.batch import langextract
from extractor.batch.claim_documents import find_named
from extractor.batch.claim_file import ClaimFile, Line, Unreadable
from extractor.batch.field_names import FieldNames
from extractor.batch.inputs import read_document
from extractor.claims import Verdict
from extractor.claims.schema import ClaimSchema
from extractor.errors import InputError
from extractor.text import Document
from extractor.validator import verify


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """A candidate with where it was stated: its line, and which extraction of the line, from 1.

    `interval` is where its tool says that the quote stands, as the tool wrote it.
    """

    line: int
    candidate: Mapping[str, Any]
    extraction: int | None = None
    interval: object = None

    def in_text(self, text: str) -> Mapping[str, Any]:
        """The candidate, with the position of its number in the document if that can be told."""
        if "position" in self.candidate:
            return self.candidate
        position = langextract.position_of(self.candidate, self.interval, text)
        return self.candidate if position is None else {**self.candidate, "position": position}


@dataclass(slots=True)
class ClaimGroup:
    """The claims of one document in line order; `open` reads the document."""

    open: Callable[[], Document]
    claims: list[StatedClaim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A verdict with the claim it is on and the id of the document that it was held against."""

    stated: StatedClaim
    document: str
    verdict: Verdict


@dataclass(slots=True)
class Gathered:
    """All claims of a file by document, in the order in which each is first spoken of.

    `unreadable` holds the lines of each reason for which some cannot be judged.
    """

    groups: list[ClaimGroup] = field(default_factory=list)
    unreadable: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, why: str, lines: Iterable[int]) -> None:
        """Set lines aside, each once for a reason."""
        kept = self.unreadable.setdefault(why, [])
        for line in lines:
            if line not in kept[-1:]:
                kept.append(line)


def gather(file: ClaimFile, source: Path | None, names: FieldNames) -> Gathered:
    """Read all claims of a file and group them by document.

    Without a source each line must be an annotated document that holds its own text. Raises
    InputError when the file or the source cannot be used at all.
    """
    gathered = Gathered()
    by_text: dict[tuple[str, str], ClaimGroup] = {}
    by_name: dict[str, list[StatedClaim]] = {}
    for line in file:
        if isinstance(line, Unreadable):
            gathered.refuse(line.why, line.lines)
            continue
        name = names.document(line.record)
        claims = _claims(line, names, gathered)
        if source is not None:
            if claims:
                by_name.setdefault(name, []).extend(claims)
        elif not langextract.is_annotated(line.record) or not _own_text(line.record):
            why = "which text? name the document or its folder with --source"
            gathered.refuse(why, [line.number])
        else:
            group = by_text.setdefault(_key(name, line), ClaimGroup(_own(file, name, line)))
            group.claims += claims
    gathered.groups += by_text.values()
    if source is not None:
        _place(by_name, source, gathered)
    gathered.groups = [group for group in gathered.groups if group.claims]
    return gathered


@dataclass(frozen=True, slots=True)
class Demands:
    """What claims are held to: rules (None is all), a user's schema, and whether flags reject."""

    rules: Collection[str] | None = None
    schema: ClaimSchema | None = None
    strict: bool = False


def judge_groups(gathered: Gathered, demands: Demands) -> Iterator[JudgedClaim]:
    """The verdicts on all claims, document by document, in line order within each.

    The claims of a document that cannot be read go to the unreadable lines.
    """
    for group in gathered.groups:
        try:
            document = group.open()
        except InputError as error:
            lines = [claim.line for claim in group.claims]
            gathered.refuse(str(error).removesuffix("."), lines)
            continue
        candidates = [claim.in_text(document.text) for claim in group.claims]
        schema = None if demands.schema is None else demands.schema.model
        verdicts = verify(
            document, candidates, rules=demands.rules, strict=demands.strict, schema=schema
        )
        for claim, verdict in zip(group.claims, verdicts, strict=True):
            yield JudgedClaim(claim, document.id, verdict)


def _claims(line: Line, names: FieldNames, gathered: Gathered) -> list[StatedClaim]:
    """The claims of a line: itself, or the extractions of an annotated document."""
    if not langextract.is_annotated(line.record):
        names.note_strange(line.record)
        return [StatedClaim(line.number, names.candidate(line.record))]
    claims = []
    try:
        for index, extraction in enumerate(langextract.extractions(line.record), 1):
            if not isinstance(extraction, dict):
                gathered.refuse(f"its extraction {index} is no JSON object", [line.number])
                continue
            if isinstance(extraction.get("attributes"), dict):
                names.note_strange(extraction["attributes"])
            candidate = langextract.candidate_of(extraction, names)
            interval = extraction.get(langextract.INTERVAL)
            claims.append(StatedClaim(line.number, candidate, index, interval))
    except ValueError as error:
        gathered.refuse(str(error), [line.number])
    return claims


def _place(by_name: Mapping[str, list[StatedClaim]], source: Path, gathered: Gathered) -> None:
    """Group the claims by the documents that their names mean."""
    groups: dict[Path, ClaimGroup] = {}
    for name, found in find_named(source, by_name).items():
        if isinstance(found, str):
            gathered.refuse(found, (claim.line for claim in by_name[name]))
            continue
        key = found.path.resolve()
        group = groups.setdefault(key, ClaimGroup(partial(read_document, found)))
        group.claims += by_name[name]
    for group in groups.values():  # two names may mean one document
        group.claims.sort(key=lambda claim: (claim.line, claim.extraction or 0))
    gathered.groups += groups.values()


def _own_text(record: Mapping[str, Any]) -> str:
    text = record.get(langextract.TEXT)
    return text if isinstance(text, str) else ""


def _key(name: str, line: Line) -> tuple[str, str]:
    """Two texts of one name are two documents."""
    text = _own_text(line.record).encode("utf-8", "surrogatepass")
    return name, hashlib.sha256(text).hexdigest()


def _own(file: ClaimFile, name: str, line: Line) -> Callable[[], Document]:
    """Reads the line's own text once more, so that it need not be kept."""
    offset, record = line.offset, line.record
    if offset is None:
        return lambda: Document(text=_own_text(record), id=name)
    return lambda: Document(text=_own_text(file.at(offset)), id=name)
