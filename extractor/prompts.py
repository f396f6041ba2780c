"""Prompt templates: found, read, checked, rendered. A document is data here, never a template.

A template file has YAML front matter (name, version, schema, why_changed, examples) and two parts,
`=== system` and `=== user`, in Jinja2's sandbox with StrictUndefined.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import yaml
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from extractor.errors import InputError

DEFAULT_PROMPT = "claims.v2"
FREE_PROMPT = "free.v1"
OWN_PROMPT = "own.v1"
_PARTS = ("=== system\n", "=== user\n")
_VARIABLES = frozenset({"passage", "numbers", "sources"})
"""What the user part may ask for."""

_OF_A_SCHEMA = frozenset({"name", "purpose", "fields"})
"""What the system part of a prompt for a user's schema may ask for; of others there is nothing in
it, since it never changes."""


class Example(BaseModel):
    """A few-shot example: a passage of our own writing, its sources, an answer a number.

    In a free prompt each answer is a claim.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    passage: str
    sources: list[str] = []
    answers: list[dict[str, str | None]] = Field(min_length=1)

    @field_validator("answers", mode="before")
    @classmethod
    def _numbers_as_text(cls, given: Any) -> Any:  # noqa: ANN401 - whatever the YAML holds
        """A figure that is written without quotes, as it prints."""
        if not isinstance(given, list):
            return given
        return [
            {name: _as_text(said) for name, said in answer.items()}
            if isinstance(answer, dict)
            else answer
            for answer in given
        ]


def _as_text(said: object) -> object:
    is_number = isinstance(said, (int, float)) and not isinstance(said, bool)
    return str(said) if is_number or isinstance(said, date) else said


class FrontMatter(BaseModel):
    """What a template file says of itself.

    `schema` is what it asks for: "claims", "free", the name of a user's class, or "own" for any.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: int
    answer_schema: str = Field(alias="schema", min_length=1)
    why_changed: str
    examples: list[Example]

    @model_validator(mode="after")
    def _answers_name_what_they_answer(self) -> Self:
        wanted = "quote" if self.answer_schema == "free" else "number"
        if any(not answer.get(wanted) for one in self.examples for answer in one.answers):
            raise ValueError(f"each answer of an example names its {wanted}")
        return self


@dataclass(frozen=True)
class PromptTemplate:
    """One version of a prompt; `sha256` is of the file's bytes, so any change is a new prompt."""

    front: FrontMatter
    system: str
    user: str
    sha256: str

    @property
    def label(self) -> str:
        """Name and version, as in the file's name: "claims.v2"."""
        return f"{self.front.name}.v{self.front.version}"

    @property
    def examples(self) -> list[Example]:
        """The few-shot examples, in order."""
        return self.front.examples

    def render_user(self, passage: str, numbers: Sequence[str], sources: Sequence[str]) -> str:
        """The user part for one passage; the three are inserted as they are.

        Raises InputError when the template asks for a variable that is not there.
        """
        return self._render(self.user, passage=passage, numbers=numbers, sources=sources)

    def render_system(self, **schema: object) -> str:
        """The system part, which never changes from passage to passage.

        `schema` tells a user's own: its name, its purpose, its fields.
        """
        return self._render(self.system, **schema)

    def _render(self, part: str, **data: object) -> str:
        try:
            return _compiled(part).render(**data).strip()
        except Exception as error:  # a template may do arithmetic, and fail at it in any way
            raise InputError(f"prompt {self.label}: {error}.") from error


@lru_cache(maxsize=64)
def _compiled(part: str) -> Template:
    return _environment().from_string(part)


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    # autoescape is for HTML; this is plain text for a model, and evidence must not be altered
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def prompt_folder() -> Path:
    """Where the shipped templates are: inside an installed wheel, or at the top of a checkout."""
    package = Path(__file__).parent
    shipped = package / "prompt_files"
    return shipped if shipped.is_dir() else package.parent / "prompts"


def load_prompt(name_or_path: str = DEFAULT_PROMPT) -> PromptTemplate:
    """Read a shipped template by name ("claims.v2") or any template file by its path.

    Raises InputError when it is not there or not a template.
    """
    path = Path(name_or_path)
    if not path.suffix or not path.is_file():
        path = prompt_folder() / f"{name_or_path}.md"
    try:
        raw = path.read_bytes()
    except OSError as error:
        known = ", ".join(sorted(file.stem for file in prompt_folder().glob("*.md")))
        raise InputError(f"prompt {name_or_path}: no such template (known: {known}).") from error
    return _parsed(raw, str(path))


def changed_since_published(prompt: PromptTemplate) -> bool:
    """Whether a template is called as a published version is, and is another one."""
    published: dict[str, str] = yaml.safe_load(
        (prompt_folder() / "published.yaml").read_text("utf-8")
    )
    return published.get(prompt.label, prompt.sha256) != prompt.sha256


def renamed(shipped: str, name: str) -> str:
    """The file of a shipped template as the first version of another one, called `name`."""
    text = (prompt_folder() / f"{shipped}.md").read_text("utf-8")
    text = re.sub(r"^name: .*$", f"name: {name}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^version: .*$", "version: 1", text, count=1, flags=re.MULTILINE)
    why = f"why_changed: Made of {shipped}; say here what is different, and why."
    return re.sub(r"^why_changed:.*\n(?:  .*\n)*", f"{why}\n", text, count=1, flags=re.MULTILINE)


def written_out(name: str, schema: str, told: Mapping[str, object]) -> str:
    """The file of the first version of a prompt for one schema, its fields written out.

    `told` is what the shipped prompt for any schema may say of it.
    """
    own = load_prompt(OWN_PROMPT)
    system = _escaped(own.render_system(**told))
    return (
        f"---\nname: {name}\nversion: 1\nschema: {schema}\n"
        f"why_changed: Made of {own.label}; say here what is different, and why.\n"
        "# An example shows a passage of your own and what is right to say of each number in it:\n"
        "# - passage: ...\n"
        "#   answers:\n"
        '#     - {number: "...", quote: ..., a_field: ...}\n'
        "examples: []\n"
        f"---\n{_PARTS[0]}{system}\n{_PARTS[1]}{own.user.strip()}\n"
    )


def _escaped(text: str) -> str:
    """A text that says the same when it is rendered: braces of its own are none of Jinja's."""
    return re.sub(r"\{[{%#]", lambda found: "{{ '" + found[0] + "' }}", text)


@lru_cache(maxsize=16)  # a library's user may name one anew for each document
def _parsed(raw: bytes, where: str) -> PromptTemplate:
    try:
        text = raw.decode("utf-8").replace("\r\n", "\n")
        _, front, body = text.split("---\n", 2)
        given = yaml.safe_load(front)
        _, rest = body.split(_PARTS[0], 1)
        system, user = rest.split(_PARTS[1], 1)
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(
            f"prompt {where}: wanted are front matter between two '---' lines, then "
            f"'=== system' and '=== user'."
        ) from error
    try:
        checked = FrontMatter.model_validate(given)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"])) or "it"
        raise InputError(f"prompt {where}: front matter: {place}: {problem['msg']}.") from error
    template = PromptTemplate(checked, system, user, hashlib.sha256(raw).hexdigest())
    known = frozenset[str]() if checked.answer_schema in ("claims", "free") else _OF_A_SCHEMA
    _check_variables(system, known, f"{template.label}: the system part")
    _check_variables(user, _VARIABLES, f"{template.label}: the user part")
    return template


def _check_variables(part: str, known: frozenset[str], where: str) -> None:
    """Fail before the first document, and not at each one."""
    try:
        asked = meta.find_undeclared_variables(_environment().parse(part))
    except TemplateSyntaxError as error:
        raise InputError(f"prompt {where}, line {error.lineno}: {error.message}.") from error
    unknown = sorted(asked - known)
    if unknown:
        there = ", ".join(sorted(known)) or "none"
        raise InputError(
            f"prompt {where} asks for the variable {unknown[0]!r}, which is not there "
            f"(known: {there})."
        )
