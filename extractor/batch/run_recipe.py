"""How a run is made, as its ledger keeps it: enough to go on, and to refuse what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from extractor.errors import InputError


@dataclass(frozen=True, slots=True)
class RunRecipe:
    """What decides the outcome of a run, together with the documents.

    `inputs` are as they were named, relative to the folder `cwd`. `prompt` is a template's name or
    path, `schema` names a user's own (see `load_schema`). `sample` is the share of the documents
    that is taken, `limit` how many at most. Paths are text, None where there is none.
    """

    cwd: str
    inputs: tuple[str, ...]
    text_column: str
    id_column: str | None
    date_column: str | None
    ignore: tuple[str, ...]
    limit: int | None
    sample: float | None
    model: str | None
    base_url: str | None
    prompt: str | None
    ask: str
    passage: str | None
    reasks: int
    record: str | None
    replay: str | None
    prices: str | None
    schema: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`. Raises InputError when it is of another shape."""
        names = {field.name for field in fields(cls)}
        record = {"schema": None, **record}  # a run from before there were schemas
        if set(record) != names:
            odd = ", ".join(sorted(names.symmetric_difference(record)))
            raise InputError(
                f"This run was made by another version of claim-extractor (it differs in {odd}); "
                "go on with that one, or begin a new run."
            )
        lists = {name: tuple(record[name]) for name in ("inputs", "ignore")}
        return cls(**{**record, **lists})


@dataclass(frozen=True, slots=True)
class Identity:
    """What must be the same when a run goes on: all that answers depend on.

    `host` is the endpoint's, None where the port of a server of this process means nothing.
    `plugins` are those that judge and answer, each with its version.
    """

    prompt: str
    prompt_sha256: str
    schema_sha256: str
    model: str
    host: str | None
    weights_sha256: str | None
    version: str
    plugins: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self) | {"plugins": list(self.plugins)}

    def refuse_if_changed(self, before: Mapping[str, Any]) -> None:
        """Raise InputError, naming what differs, where the run was made with something else."""
        changed = list(self._changes(before))
        if changed:
            raise InputError(
                f"This run cannot go on: {'; '.join(changed)}. Restore that, or begin a new run."
            )

    def _changes(self, before: Mapping[str, Any]) -> Iterator[str]:
        now = self.to_json()
        if now["prompt_sha256"] != before["prompt_sha256"]:
            yield f"the prompt {self.prompt} has changed since it began"
        for name, word in (
            ("schema_sha256", "the schema of the answers"),
            ("weights_sha256", "the file of the model"),
        ):
            if now[name] != before[name]:
                yield f"{word} has changed since it began"
        for name, word in (
            ("model", "model"),
            ("host", "endpoint"),
            ("version", "version of claim-extractor"),
        ):
            if now[name] != before[name]:
                yield f"the {word} was {before[name]}, and is {now[name]}"
        plugins = before.get("plugins", [])  # a run of before there were any has none
        if now["plugins"] != plugins:
            had, has = (", ".join(names) or "none" for names in (plugins, now["plugins"]))
            yield f"the plugins that judge or answer were {had}, and are {has}"
