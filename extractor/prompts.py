"""Prompt templates: found, read, checked, rendered. A document is data here, never a template.

A template file has YAML front matter (name, version, schema, why_changed, examples) and two parts,
`=== system` and `=== user`, in Jinja2's sandbox with StrictUndefined.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from extractor.errors import InputError

DEFAULT_PROMPT = "claims.v1"
_REQUIRED = ("name", "version", "schema", "why_changed", "examples")
_PARTS = ("=== system\n", "=== user\n")


@dataclass(frozen=True)
class PromptTemplate:
    """One version of a prompt; `sha256` is of the file's bytes, so any change is a new prompt."""

    name: str
    version: int
    schema: str
    why_changed: str
    examples: tuple[Mapping[str, Any], ...]
    system: str
    user: str
    sha256: str

    @property
    def label(self) -> str:
        """Name and version, as in the file's name: "claims.v1"."""
        return f"{self.name}.v{self.version}"

    def render_user(self, passage: str, numbers: Sequence[str], sources: Sequence[str]) -> str:
        """The user part for one passage; the three are inserted as they are.

        Raises InputError when the template asks for a variable that is not there.
        """
        return self._render(self.user, passage=passage, numbers=numbers, sources=sources)

    def render_system(self) -> str:
        """The system part, which never changes from passage to passage."""
        return self._render(self.system)

    def _render(self, part: str, **data: object) -> str:
        try:
            return _environment().from_string(part).render(**data).strip()
        except TemplateError as error:
            raise InputError(f"prompt {self.label}: {error.message}.") from error


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
    """Read a shipped template by name ("claims.v1") or any template file by its path.

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


def _parsed(raw: bytes, where: str) -> PromptTemplate:
    try:
        _, front, body = raw.decode("utf-8").split("---\n", 2)
        meta = yaml.safe_load(front)
        lead, rest = body.split(_PARTS[0], 1)
        system, user = rest.split(_PARTS[1], 1)
    except (ValueError, yaml.YAMLError) as error:
        raise InputError(
            f"prompt {where}: wanted are front matter between two '---' lines, then "
            f"'=== system' and '=== user'."
        ) from error
    missing = [key for key in _REQUIRED if not isinstance(meta, dict) or key not in meta]
    if missing or lead.strip():
        raise InputError(f"prompt {where}: the front matter lacks {', '.join(missing) or 'order'}.")
    return PromptTemplate(
        name=str(meta["name"]),
        version=int(meta["version"]),
        schema=str(meta["schema"]),
        why_changed=str(meta["why_changed"]),
        examples=tuple(meta["examples"]),
        system=system,
        user=user,
        sha256=hashlib.sha256(raw).hexdigest(),
    )
