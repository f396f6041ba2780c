"""One field of a user's schema, as its annotation has it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from extractor.claims.markers import Evidence, Marker
from extractor.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo


class SchemaError(InputError):
    """A class that is no schema, or holds a field that the gate cannot check."""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """One field: how it is checked, the units that its number may have, and whether it must be.

    `of_type` is what the class has for an accepted value: str, int, Decimal or date. `common` are
    the stems of words that no name begins with: those by which the schema's own values are said.
    """

    name: str
    marker: Marker
    units: tuple[str, ...] = ()
    required: bool = True
    description: str = ""
    of_type: type = str
    common: frozenset[str] = frozenset()


def refused(model: type[BaseModel], name: str, why: str) -> SchemaError:
    """The error that says why a field of a class cannot be checked."""
    return SchemaError(f"{model.__name__}.{name} cannot be checked: {why}.")


def is_evidence(info: FieldInfo) -> bool:
    """Whether a field is the quote of a class of its own."""
    return any(isinstance(one, Evidence) for one in metadata_of(info))


def markers_of(info: FieldInfo) -> list[Marker]:
    """The markers of a field."""
    return [one for one in metadata_of(info) if isinstance(one, Marker)]


def metadata_of(info: FieldInfo) -> Iterator[object]:
    """What a field is annotated with, also within `Annotated[…] | None`."""
    yield from info.metadata
    for part in get_args(info.annotation):
        if get_origin(part) is Annotated:
            yield from part.__metadata__


def kinds_of(annotation: Any) -> tuple[list[Any], bool]:  # noqa: ANN401 - any annotation
    """The types of a field without None, and whether None is among them."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) not in (Union, types.UnionType):
        return [annotation], False
    inner = [kinds_of(part)[0][0] for part in get_args(annotation)]
    kinds = [kind for kind in inner if kind is not types.NoneType]
    return kinds, len(kinds) < len(inner)
