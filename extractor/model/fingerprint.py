"""What a call was made of, in six short hashes: the key by which its recording is found again.

The parts are taken from the very things that go into the request body, so nothing that reaches
the model can change without one of them changing. They are kept apart so that a recording that no
longer fits can say which part moved.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from typing import Any, Self, cast

from pydantic import BaseModel

from extractor.model.capabilities import Capabilities
from extractor.model.protocol import Message, ModelRequest

HEADER = "x-extractor-fingerprint"
_DIGITS = 12  # hex digits a part: 48 bits, far more than the few hundred calls of one file need

WORDS = {
    "model": "model",
    "prompt": "prompt",
    "schema": "schema",
    "params": "parameters",
    "turns": "turns",
}
"""The parts that can go stale, in the order in which they are looked at, as messages name them."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Short hashes of the parts of one call.

    `prompt` is the rendered opening, `turns` what a re-ask adds, `document` the place in the text
    that the call is about, `params` temperature, seed and token limit.
    """

    model: str
    prompt: str
    schema: str
    document: str
    turns: str
    params: str

    @property
    def header(self) -> str:
        """The header's value: `model=…;prompt=…;…`."""
        names = (part.name for part in fields(self))
        return ";".join(f"{n}={v}" for n, v in zip(names, astuple(self), strict=True))

    @classmethod
    def parse(cls, header: str) -> Self:
        """The inverse of `header`. Raises ValueError when it is none."""
        try:
            return cls(**dict(part.split("=", 1) for part in header.split(";")))
        except (TypeError, ValueError) as error:
            raise ValueError(f"not a fingerprint: {header!r}") from error

    def first_difference(self, other: Self) -> str | None:
        """The word for the first part, the document aside, in which the two differ."""
        for part, word in WORDS.items():
            if getattr(self, part) != getattr(other, part):
                return word
        return None

    def likeness(self, other: Self) -> int:
        """How many parts the two share."""
        return sum(a == b for a, b in zip(astuple(self), astuple(other), strict=True))


def fingerprint_of(
    request: ModelRequest[Any], *, model: str, capabilities: Capabilities, params: Mapping[str, Any]
) -> Fingerprint:
    """The fingerprint of `request` as it goes to `model`."""
    tool = request.tool
    narrowed = tool.narrowed if capabilities.narrows_schema else None
    # the order of properties is kept in the hash: it is the order of generation
    schema = _schema_of(cast("type[BaseModel]", tool.response)) if narrowed is None else narrowed
    return Fingerprint(
        model=_short(model),
        prompt=_short(_plain(request.messages)),
        schema=_short([tool.name, tool.description, schema]),
        document=_short(request.document),
        turns=_short(_plain(request.turns)),
        params=_short([capabilities.form, sorted(params.items())]),
    )


@lru_cache(maxsize=64)
def _schema_of(response: type[BaseModel]) -> dict[str, Any]:
    """Made once a class: it takes as long as all the rest of a replayed call."""
    return response.model_json_schema()


def _plain(messages: Iterable[Message]) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in messages]


def _short(value: object) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:_DIGITS]
