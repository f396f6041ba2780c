"""`extractor verify`: judge claims that any other tool made, against their documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.claims import Verdict
    from extractor.text import Document
    from extractor.validator import Rule

_DOCUMENT_FIELDS = ("document", "document_id", "doc")


def verify_claims(
    claims: Annotated[Path, typer.Argument(help="A .jsonl file, one claim a line.")],
    source: Annotated[
        Path, typer.Option("--source", help="The document, or the folder of the documents.")
    ],
    rules: Annotated[
        str | None, typer.Option("--rules", help="Beside quote and number, only these: E502,H.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a verdict.")] = False,
    fail_on_rejected: Annotated[
        bool, typer.Option("--fail-on-rejected", help="Exit with 1 when a claim is rejected.")
    ] = False,
) -> None:
    """Judge claims made elsewhere; no model is asked.

    Each line holds a claim's fields ("quote" and "value" at least) and, where --source is a
    folder, "document": the document's name below it without its suffix.
    """
    from extractor.batch.run_folder import json_line
    from extractor.claims.records import verdict_record
    from extractor.validator import select_rules

    codes = None if rules is None else {code.strip().upper() for code in rules.split(",")}
    chosen = select_rules(codes)
    rejected = total = 0
    for number, name, verdict in _verdicts(claims, source, chosen):
        total += 1
        rejected += not verdict.accepted
        if as_json:
            record = verdict_record(verdict, name)
            typer.echo(json_line({"line": number} | record))
        elif verdict.findings or not verdict.accepted:
            typer.echo(f"line {number}, {name}: {_quoted(verdict)}\n{verdict.explain()}\n")
    typer.echo(f"{total - rejected} accepted, {rejected} rejected", err=as_json)
    if rejected and fail_on_rejected:
        raise typer.Exit(1)


def _verdicts(
    claims: Path, source: Path, chosen: Sequence[Rule]
) -> Iterator[tuple[int, str, Verdict]]:
    """Line number, document id and verdict of each claim; a document is read once in a row."""
    from extractor.validator import Source, judge

    known: dict[str, Source] = {}
    for number, record in _records(claims):
        name = next((str(record[f]) for f in _DOCUMENT_FIELDS if record.get(f)), "")
        if name not in known:
            known = {name: Source(_document(source, name, f"{claims}, line {number}"))}
        yield number, known[name].document.id, judge(known[name], record, chosen)


def _records(claims: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with claims.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError) as error:
                    raise InputError(f"{claims}, line {number}: not JSON ({error}).") from error
                if not isinstance(record, dict):
                    raise InputError(f"{claims}, line {number}: a claim is a JSON object.")
                yield number, record
    except OSError as error:
        raise InputError(f"{claims}: cannot be read ({error.strerror or error}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{claims}: not UTF-8 ({error.reason}).") from error


def _document(source: Path, name: str, where: str) -> Document:
    from extractor.batch.inputs import DocumentPath, read_document
    from extractor.text.documents import SUFFIXES

    if not source.is_dir():
        return read_document(DocumentPath(source, source.stem))
    if not name:
        raise InputError(
            f"{where}: which document? --source is a folder, so name it in 'document'."
        )
    for suffix in SUFFIXES:
        path = source / f"{name}{suffix}"
        # the name comes from a file of claims: it must not lead out of the folder
        if path.is_file() and path.resolve().is_relative_to(source.resolve()):
            return read_document(DocumentPath(path, name))
    raise InputError(f"{where}: {source} has no document {name!r}.")


def _quoted(verdict: Verdict) -> str:
    from extractor.claims import CandidateClaim
    from extractor.cli.console import printable

    candidate = verdict.candidate
    quote = candidate.quote if isinstance(candidate, CandidateClaim) else candidate.get("quote", "")
    return repr(printable(quote)[:100])
