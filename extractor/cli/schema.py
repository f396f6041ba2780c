"""`extractor schema`: a schema of your own as the gate and the model see it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extractor.cli.run_options import JsonOption

if TYPE_CHECKING:
    from extractor.claims.schema import ClaimSchema
    from extractor.claims.schema_field import SchemaField


def show_schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="MODULE:CLASS",
            help="A schema of your own: package.module:Class, FILE.py:Class or FILE.py.",
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Show how each field of a schema is checked, and with --json the function that is sent.

    A schema with a field that the gate could not check is refused, with the reason. An endpoint
    that holds answers to a grammar gets, for each number, only what the text leaves to say.

    Exit codes: 0 the schema can be used, 2 it cannot.
    """
    from rich.table import Table

    from extractor.claims.schema_source import load_schema
    from extractor.cli.console import cell, out

    schema = load_schema(name)
    if as_json:
        typer.echo(json.dumps(_sent(schema), ensure_ascii=False, indent=2))
        return
    console = out()
    console.print(cell(f"{schema.name}: {schema.description or 'it has no docstring'}"))
    beside = " beside the fields of every claim" if schema.extends else ""
    console.print(cell(f"its quote is {schema.quote!r}, its number {schema.number.name!r}{beside}"))
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("field", "checked as", "must be there", "what is asked"):
        table.add_column(heading, overflow="fold")
    for field in (schema.number, *schema.fields):
        table.add_row(*map(cell, _row(schema, field)))
    console.print(table)
    for rule in schema.rules:
        console.print(cell(f"rule {rule.code}: {rule.summary}"))


def _row(schema: ClaimSchema, field: SchemaField) -> tuple[str, str, str, str]:
    from extractor.extraction.own_answers import description

    kind = type(field.marker).__name__
    units = f", {' or '.join(field.units)}" if field.units else ""
    cues = getattr(field.marker, "cues", ())
    units += f", at {' or '.join(cues)}" if cues else ""
    within = getattr(field.marker, "within", "sentence")
    units += f", within the {within}" if within != "sentence" else ""
    asked = "it is given" if field.name == schema.number.name else description(field)
    return field.name, kind + units, "yes" if field.required else "no", asked


def _sent(schema: ClaimSchema) -> dict[str, Any]:
    from extractor.extraction.answers import TOOL_DESCRIPTION, TOOL_NAME
    from extractor.extraction.own_answers import answer_sheet

    return {
        "name": TOOL_NAME,
        "description": TOOL_DESCRIPTION,
        "parameters": answer_sheet(schema).model_json_schema(),
    }
