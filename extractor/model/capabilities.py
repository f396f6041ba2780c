"""What an OpenAI-compatible endpoint can do, and in which words it wants to be asked.

Servers that speak the same API differ in what they take: some force a named tool, some only "a
tool", some only an answer by JSON schema; some refuse a seed or a temperature, or call the token
limit by another name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

Form = Literal["named", "required", "json_schema"]
"""How the answer's shape is forced: a named tool, the one tool there is, or a response format."""

Limit = Literal["max_tokens", "max_completion_tokens"]
"""The name under which the endpoint takes the bound of the answer."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What is sent to an endpoint, and in which form.

    `narrows_schema`: generation is held to the schema that is sent, so that one made for a single
    call pays off. `limit` is None where no bound is taken at all.
    """

    form: Form = "named"
    narrows_schema: bool = False
    limit: Limit | None = "max_tokens"
    takes_temperature: bool = True
    takes_seed: bool = True

    def params(self, max_tokens: int, *, temperature: float, seed: int) -> dict[str, Any]:
        """The parameters of a request beside its messages and its tool."""
        wanted: dict[str, Any] = {}
        if self.limit is not None:
            wanted[self.limit] = max_tokens
        if self.takes_seed:
            wanted["seed"] = seed
        if self.takes_temperature:
            wanted["temperature"] = temperature
        return wanted

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, for the store and for recordings."""
        return asdict(self)


def read_capabilities(record: Mapping[str, Any]) -> Capabilities | None:
    """The inverse of `Capabilities.to_json`; None where the record is of another kind."""
    try:
        return TypeAdapter(Capabilities).validate_python(dict(record))
    except ValidationError:
        return None
