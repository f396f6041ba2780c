"""What the built site has beyond its pages: the generated reference, and the navigation.

Commands, names in Python and rules are told by the program itself, as Markdown (MyST) made of what
is installed, so that they cannot fall behind. Each stands below a mark in its page, and nowhere
else. The navigation is made of the lists of links in the index pages, in their order and with their
headings, so that there is one list of pages, which a reader of the files has too.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator

MARK = "<!-- from here on made by the build -->"

_HEADING = re.compile(r"^## (.+)$")
_CLIMBING = re.compile(r"\]\(((?:\.\./)+[\w./-]+\.md)\)")
_SESSION_END = re.compile(r"^(```pycon\n(?:(?!^```).)*?)\n\n```$", re.MULTILINE | re.DOTALL)
"""The empty line that doctest wants at the end of a session, and a reader does not."""
_ENTRY = re.compile(r"^- \[(.+?)\]\(([\w/-]+)\.md\)")


def completed(page: str, source: str) -> str:
    """The source of a page with what the build adds to it; most pages stay as they are.

    Raises ValueError when a page of GENERATED has lost its mark.
    """
    source = _SESSION_END.sub("\\1\n```", source)
    if page.endswith("index"):
        return source + "\n".join(navigation(source)) + "\n"
    if page not in GENERATED:
        return _with_files(page, source)
    above, mark, _ = source.partition(MARK)
    if not mark:
        raise ValueError(f"docs/{page}.md has no line {MARK!r}.")
    return above + "\n".join(GENERATED[page]()) + "\n"


def navigation(index: str) -> Iterator[str]:
    """The tables of contents of an index page: for each heading the pages listed below it.

    >>> list(navigation(chr(10).join(["## How to", "", "- [Ask](own/asking.md): it."])))
    ['', '```{toctree}', ':hidden:', ':caption: How to', '', 'Ask <own/asking>', '```']
    """
    listed: dict[str, list[str]] = {}
    pages: list[str] = []
    for line in index.splitlines():
        if heading := _HEADING.match(line):
            pages = listed.setdefault(heading[1], [])
        elif entry := _ENTRY.match(line):
            pages.append(f"{entry[1]} <{entry[2]}>")
    for heading_text, below in listed.items():
        yield from ("", "```{toctree}", ":hidden:", f":caption: {heading_text}", "", *below, "```")


def commands() -> Iterator[str]:
    """The `--help` of every command and of the commands below it, as a user reads it."""
    from extractor.cli.command_group import COMMANDS

    for name, entry in COMMANDS.items():
        yield from (f"## extractor {name}", "", entry.summary, "", *_help(name))
        for below in _names_below(name):
            yield from (f"### extractor {name} {below}", "", *_help(name, below))


def python_names() -> Iterator[str]:
    """Every public name of `extractor` with its docstring, in the order of the alphabet."""
    import extractor

    for name in extractor.__all__:
        kind = "class" if inspect.isclass(getattr(extractor, name)) else "function"
        yield from (f"## {name}", "")
        yield from _fenced("{eval-rst}", [f".. auto{kind}:: extractor.{name}"])


def rules() -> Iterator[str]:
    """Every rule with the example of its docstring, and what it says of it."""
    from extractor.claims import Severity
    from extractor.text import Document
    from extractor.validator import all_rules, verify

    for rule in all_rules():
        does = "Rejects" if rule.severity is Severity.ERROR else "Flags"
        yield from (f"### {rule.code}", "", f"{does}. {rule.summary}", "")
        said = [
            verdict.explain()
            for verdict in verify(Document(text=rule.text), rule.rejected)
            if any(finding.code == rule.code for finding in verdict.findings)
        ]
        shown = [
            *_named("text", rule.text.splitlines()),
            *_named(does.lower(), map(_as_json, rule.rejected)),
            *_named("passes", map(_as_json, rule.accepted)),
            "",
            *said,
        ]
        yield from _fenced("text", shown)


GENERATED: dict[str, Callable[[], Iterable[str]]] = {
    "commands": commands,
    "python": python_names,
    "rules": rules,
}
"""What stands below the mark of a page."""


def _with_files(page: str, source: str) -> str:
    """With Markdown from outside of docs/ as files to take: they are no pages of the site.

    >>> _with_files("decisions/1", "[a](../a.md), [README](../../README.md)")
    '[a](../a.md), [README](path:../../README.md)'
    """

    def taken(link: re.Match[str]) -> str:
        is_outside = link[1].count("../") > page.count("/")
        return f"](path:{link[1]})" if is_outside else link[0]

    return _CLIMBING.sub(taken, source)


def _help(*words: str) -> Iterator[str]:
    from typer.testing import CliRunner

    from extractor.cli.app import app

    shown = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1"}).invoke(app, [*words, "--help"])
    if shown.exit_code != 0:
        raise ValueError(f"extractor {' '.join(words)} --help: exit code {shown.exit_code}.")
    yield from _fenced("text", shown.output.strip().splitlines())


def _names_below(name: str) -> list[str]:
    """The commands of a group; none of a command that stands alone."""
    from typer import Context
    from typer.main import get_command

    from extractor.cli.app import app

    whole = get_command(app)
    found = whole.get_command(Context(whole), name)  # type: ignore[attr-defined] # a group
    return list(getattr(found, "commands", ()))


def _named(name: str, lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield f"{name:<8} {line}".rstrip()
        name = ""


def _as_json(record: object) -> str:
    return json.dumps(record, ensure_ascii=False)


def _fenced(language: str, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"```{language}", *lines, "```", "")
