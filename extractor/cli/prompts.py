"""`extractor prompts`: the templates that models are asked with."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli.asking_options import SchemaOption
from extractor.cli.schemas import named_schema
from extractor.errors import InputError

if TYPE_CHECKING:
    from extractor.prompts import PromptTemplate

app = typer.Typer(
    help="The templates that models are asked with.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)

_CHARACTERS_A_TOKEN = 4
_NO_SCHEMA: dict[str, object] = {"name": "", "purpose": "", "fields": ()}


@app.command("list")
def list_prompts() -> None:
    """The templates that come along: what each is for, and how long what never changes is."""
    from rich.table import Table

    from extractor.cli.console import cell, out
    from extractor.prompts import load_prompt, prompt_folder

    table = Table()
    for name in ("prompt", "schema", "examples", "tokens, about", "SHA-256", "why it changed"):
        table.add_column(name, overflow="fold")
    for path in sorted(prompt_folder().glob("*.md")):
        prompt = load_prompt(path.stem)
        fixed = sum(len(text) for _, text in _fixed(prompt)) // _CHARACTERS_A_TOKEN
        table.add_row(
            cell(prompt.label),
            cell(prompt.front.answer_schema),
            cell(len(prompt.examples)),
            cell(f"{fixed:,}"),
            cell(prompt.sha256[:12]),
            cell(prompt.front.why_changed),
        )
    out().print(table)


@app.command("check")
def check(
    prompts: Annotated[
        list[str] | None, typer.Argument(help="Names or files (default: all that come along).")
    ] = None,
    schema: SchemaOption = None,
) -> None:
    """Say what is wrong with templates: their parts, and examples that the gate would refuse.

    With --schema they are templates for it. Exit codes: 0 nothing, 1 an example would be refused, 2
    a template cannot be read.
    """
    from extractor.cli.console import printable
    from extractor.extraction.prompt_lint import lint_prompt
    from extractor.prompts import load_prompt, prompt_folder

    own = named_schema(schema)
    names = prompts or sorted(path.stem for path in prompt_folder().glob("*.md"))
    faults = 0
    for name in names:
        prompt = load_prompt(name)
        for fault in lint_prompt(prompt, own):
            faults += 1
            typer.echo(printable(f"{prompt.label}: {fault}"))
    typer.echo(f"{len(names)} templates, {faults} faults")
    if faults:
        raise typer.Exit(1)


@app.command("render")
def render(
    document: Annotated[Path, typer.Argument(help="A text file (.txt, .md).")],
    prompt: Annotated[
        str | None, typer.Option("--prompt", help="A name or file (default: the usual one).")
    ] = None,
    ask: Annotated[
        Literal["anchored", "free"], typer.Option("--ask", help="How the model would be asked.")
    ] = "anchored",
    schema: SchemaOption = None,
) -> None:
    """Show what a model without a grammar would be sent about a document; nobody is asked."""
    from extractor.cli.console import printable
    from extractor.extraction import AskingPolicy, extract_with, prompt_for
    from extractor.model import ScriptedModel
    from extractor.text import Document

    policy = AskingPolicy(ask=ask, reasks=0, schema=named_schema(schema))
    template = prompt_for(policy, prompt)
    nothing: dict[str, list[object]] = {"claims": []} if ask == "free" else {"answers": []}
    model = ScriptedModel(lambda _: nothing, narrows_schema=False)
    extract_with(model, Document.from_path(document), prompt=template, policy=policy)
    for place, request in enumerate(model.requests, 1):
        size = sum(len(message.content) for message in request.messages)
        about = f"about {size // _CHARACTERS_A_TOKEN:,} tokens, answers of {request.max_tokens:,}"
        typer.echo(f"===== call {place} of {len(model.requests)}: {about} at most")
        for message in request.messages:
            typer.echo(f"--- {message.role}")
            for line in message.content.splitlines():
                typer.echo(printable(line))


@app.command("diff")
def diff(
    one: Annotated[str, typer.Argument(metavar="A", help="A template, by name or file.")],
    other: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
) -> None:
    """What template B says otherwise than A: its parts and examples, line by line.

    Exit codes: 0 they say the same, 1 they do not, 2 one of them cannot be read.
    """
    from extractor.cli.console import printable
    from extractor.prompts import load_prompt

    left, right = load_prompt(one), load_prompt(other)
    lines = list(
        difflib.unified_diff(
            list(_lines(left)), list(_lines(right)), left.label, right.label, lineterm=""
        )
    )
    for line in lines:
        typer.echo(printable(line))
    if lines:
        raise typer.Exit(1)


@app.command("new")
def new(
    name: Annotated[str, typer.Argument(help="A name; the file is NAME.v1.md.")],
    schema: Annotated[
        str,
        typer.Option(
            "--schema",
            metavar="claims|free|MODULE:CLASS",
            help="What it asks for: claims, free (the model finds them), or a schema of your own.",
        ),
    ] = "claims",
    folder: Annotated[Path, typer.Option("--out", help="The folder.")] = Path(),
) -> None:
    """Write a template of your own that works, to be changed.

    It is the usual one under another name, or for a schema of your own one that tells its fields.
    """
    from extractor.claims.schema_source import load_schema
    from extractor.extraction.document import told_of
    from extractor.files import writing_whole
    from extractor.prompts import DEFAULT_PROMPT, FREE_PROMPT, renamed, written_out

    if not name.replace("-", "").replace("_", "").isalnum():
        raise InputError(f"{name}: a name is made of letters, digits, - and _.")
    path = folder / f"{name}.v1.md"
    if path.exists():
        raise InputError(f"{path}: this is there already; choose another name.")
    if schema in ("claims", "free"):
        text = renamed(FREE_PROMPT if schema == "free" else DEFAULT_PROMPT, name)
    else:
        own = load_schema(schema)
        text = written_out(name, own.name, told_of(own))
    try:
        with writing_whole(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror or error}).") from error
    also = "" if schema in ("claims", "free") else f" --schema {schema}"
    typer.echo(f"written to {path}; use it with --prompt {path}{also}", err=True)


def _fixed(prompt: PromptTemplate) -> Iterator[tuple[str, str]]:
    """What is sent with every call, by who says it."""
    # of a prompt for any schema the fields are still to come
    blank = {} if prompt.front.answer_schema in ("claims", "free") else _NO_SCHEMA
    yield "system", prompt.render_system(**blank)
    for example in prompt.examples:
        numbers = [str(answer.get("number") or "") for answer in example.answers]
        yield "user", prompt.render_user(example.passage, numbers, example.sources)
        yield "assistant", "\n".join(str(answer) for answer in example.answers)


def _lines(prompt: PromptTemplate) -> Iterator[str]:
    yield f"schema: {prompt.front.answer_schema}"
    for head, part in (("=== system", prompt.system), ("=== user", prompt.user)):
        yield head
        yield from part.splitlines()
    for place, example in enumerate(prompt.examples, 1):
        yield f"=== example {place}"
        yield example.passage
        yield from (f"source: {source}" for source in example.sources)
        yield from (f"answer: {answer}" for answer in example.answers)
