"""One field of a user's schema in an accepted claim."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from extractor.quantities.types import Quantity
from extractor.text import Span


@dataclass(frozen=True, slots=True)
class StatedField:
    """What a claim says in one field, and where the document says it.

    `text` is the value as it was stated. `span` is its place; of a further number, `quantity` is
    that number of the document, with its value, hedge and unit.
    """

    name: str
    text: str
    span: Span | None = None
    quantity: Quantity | None = None

    @property
    def value(self) -> Decimal | None:
        """The figure of a number; None for a range, a vague magnitude, or what is no number."""
        return None if self.quantity is None else self.quantity.value
