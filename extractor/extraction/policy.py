"""How a document is asked about: in pieces of which size, in which way, and how often again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

from extractor.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.schema import ClaimSchema

PassageSize = Literal["sentence", "paragraph", "document"]
Asking = Literal["anchored", "all", "free"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large one passage may become, in characters, and how many numbers it may ask about."""

    characters: int
    numbers: int


LIMITS: dict[PassageSize, Limits] = {
    "sentence": Limits(1_200, 8),
    "paragraph": Limits(3_000, 16),
    "document": Limits(12_000, 40),
}
"""A small model loses its way in more; a large one's answer still stays a few thousand tokens."""


@dataclass(frozen=True, slots=True)
class AskingPolicy:
    """The choices of one extraction.

    `ask`: *anchored* names the numbers and asks what each one says, as far as the text leaves that
    open; *all* asks about each number even where only its quote is left to choose; *free* lets the
    model find the claims. `passage` is the size of a piece; None takes a sentence where the
    endpoint holds answers to a schema made for one call (small models do best with that), a
    paragraph elsewhere. `reasks` bounds how often refused answers of one passage go back: at most
    1 + `reasks` calls a passage. `concurrency` is how many documents `Extractor.aextract` has under
    way at once; the others wait their turn. `schema` is a class of the user's own (or what
    `load_schema` gives for one), None for the claims of every text.

    Raises InputError for what is none of these, SchemaError for a class that cannot be checked.
    """

    ask: Asking = "anchored"
    passage: PassageSize | None = None
    reasks: int = 1
    concurrency: int = 64
    schema: ClaimSchema | type[BaseModel] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.schema, type):
            from extractor.claims.schema import schema_of

            object.__setattr__(self, "schema", schema_of(self.schema))
        if self.ask not in get_args(Asking):
            raise InputError(
                f"ask is {self.ask!r}; wanted is one of {', '.join(get_args(Asking))}."
            )
        if self.passage not in (None, *get_args(PassageSize)):
            sizes = ", ".join(get_args(PassageSize))
            raise InputError(f"passage is {self.passage!r}; wanted is one of {sizes}, or None.")
        for name, least in (("reasks", 0), ("concurrency", 1)):
            if getattr(self, name) < least:
                raise InputError(f"{name} is {getattr(self, name)}; wanted is {least} or more.")

    @property
    def own_schema(self) -> ClaimSchema | None:
        """The user's schema, taken apart."""
        return cast("ClaimSchema | None", self.schema)

    def size(self, *, narrows: bool) -> PassageSize:
        """The size of a passage for an endpoint that narrows schemas, or does not."""
        if self.passage is not None:
            return self.passage
        return "sentence" if narrows and self.ask != "free" else "paragraph"
