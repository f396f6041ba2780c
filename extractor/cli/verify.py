"""`extractor verify`: judge claims that any other tool made, against their documents."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from extractor.cli.asking_options import SchemaOption
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.batch.claim_groups import JudgedClaim

_SHAPE = {"S001": "The candidate must have the shape of a claim."}


def verify_claims(
    claims: Annotated[
        Path,
        typer.Argument(
            help="A .jsonl file, one claim a line, a JSON list, or a run folder; - is stdin."
        ),
    ],
    source: Annotated[
        Path | None, typer.Option("--source", help="The document, or the folder of the documents.")
    ] = None,
    rules: Annotated[
        str | None, typer.Option("--rules", help="Beside quote and number, only these: E502,H.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="What would only be flagged is rejected.")
    ] = False,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OURS=THEIRS,…",
            help="Fields under other names: quote=evidence,value=figures.dead.",
        ),
    ] = None,
    schema: SchemaOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a verdict.")] = False,
    fail_on_rejected: Annotated[
        bool, typer.Option("--fail-on-rejected", help="Exit with 1 when a claim is rejected.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Of a run folder: write it anew, with the verdicts of today."),
    ] = None,
) -> None:
    """Judge claims made elsewhere; no model is asked.

    Each line holds a claim's fields ("quote" and "value" at least, or those of your --schema) and,
    where --source is a folder, "document": the document's name below it. LangExtract's JSONL is
    read as it is, each extraction as a claim; without --source its documents are the texts that it
    holds. Of a run folder the stored candidates are judged again, and those whose verdict flipped
    are shown.

    Exit codes: 0 all claims are judged, 1 some are rejected (with --fail-on-rejected), 2 an
    argument, the file, or a line of it cannot be used (the other lines are judged all the same).
    """
    from extractor.batch.claim_file import ClaimFile
    from extractor.batch.claim_groups import Demands, gather, judge_groups
    from extractor.batch.field_names import FieldNames
    from extractor.batch.ledger_schema import LEDGER
    from extractor.cli.claim_notes import field_notes, unreadable_notes
    from extractor.cli.console import err
    from extractor.cli.console import out as stdout
    from extractor.cli.rejudge import rejudge_run
    from extractor.cli.schemas import named_schema
    from extractor.cli.verdict_page import Tally, VerdictPage
    from extractor.text import Document
    from extractor.validator import all_rules, verify

    codes = None if rules is None else [c.strip().upper() for c in rules.split(",") if c.strip()]
    verify(Document(text=""), (), rules=codes)  # an unknown rule is told before anything is read
    if (claims / LEDGER).is_file():
        if source is not None or names:
            raise InputError("A run folder holds its own texts: --source and --map have no use.")
        if schema is not None:
            raise InputError("A run folder names its own schema: --schema has no use.")
        rejected = rejudge_run(claims, codes, out, strict=strict, as_json=as_json)
        _end(rejected, fails=fail_on_rejected)
        return
    if out is not None:
        raise InputError("--out is for run folders; a file of claims is judged on the screen.")
    own = named_schema(schema)
    fields = FieldNames.parse(names or (), own)
    tally = Tally()
    console = stdout()
    with ClaimFile(claims) as file:
        gathered = gather(file, source, fields)
        page = VerdictPage(console, file.counts, own)
        for judged in judge_groups(gathered, Demands(codes, own, strict)):
            tally.add(judged)
            if as_json:
                _write_json(judged, console.file)
            else:
                page.show(judged)
    unreadable = {line for lines in gathered.unreadable.values() for line in lines}
    notes = unreadable_notes(file.name, file.counts, gathered.unreadable, judged=tally.judged)
    for note in (*field_notes(fields), *notes):
        typer.echo(note, err=True)
    demands = {rule.code: rule.summary for rule in all_rules()} | _SHAPE
    demands |= {rule.code: rule.summary for rule in (own.rules if own is not None else ())}
    VerdictPage(err() if as_json else console, file.counts).close(
        tally.lines(len(unreadable), demands)
    )
    if unreadable:
        raise typer.Exit(InputError.exit_code)
    _end(tally.rejected, fails=fail_on_rejected)


def _end(rejected: int, *, fails: bool) -> None:
    if rejected and fails:
        raise typer.Exit(1)


def _write_json(judged: JudgedClaim, file: IO[str]) -> None:
    from extractor.batch.json_lines import json_line

    stated = judged.stated
    place = {"line": stated.line}
    if stated.extraction is not None:
        place["extraction"] = stated.extraction
    record = {**place, "document": judged.document, **judged.verdict.to_json()}
    file.write(json_line(record) + "\n")
