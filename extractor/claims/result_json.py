"""Results as plain JSON values, and back: nothing is lost, and what comes back is equal.

What is written is read off the dataclasses themselves, so that a new field needs no code here.
Figures are strings; a candidate says whether it was `parsed` or is kept `raw`.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from extractor.claims.records import json_value

_PARSED, _RAW = "parsed", "raw"
_SCALARS: dict[object, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    bool: (bool,),
    float: (float, int),
    types.NoneType: (types.NoneType,),
}


class MisfitError(ValueError):
    """A JSON value that is not of the kind wanted; the message says where and why."""


def encoded(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """A dataclass, or anything that is a field of one, as plain JSON values.

    A mapping (a candidate whose shape could not be parsed) is kept as `json_value` tells it.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    if hasattr(value, "model_dump"):  # the one wire type; pydantic is not loaded to ask
        return {_PARSED: value.model_dump(mode="json", exclude_unset=True)}
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return value


_WRITTEN: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (Mapping, lambda raw: {_RAW: json_value(raw)}),
    (Enum, lambda member: member.value),
    (Decimal, str),
    (frozenset, lambda names: sorted(map(encoded, names))),
    (tuple, lambda items: [encoded(item) for item in items]),
)


def decoded(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401 - of the kind
    """The inverse of `encoded`: an instance of `kind`, a dataclass or the type of a field.

    `where` names the place for messages. Raises MisfitError when `given` is of another shape.
    """
    return _reader(kind)(kind, given, where)


def _reader(kind: Any) -> Callable[[Any, object, str], Any]:  # noqa: ANN401
    origin = get_origin(kind)
    if origin is not None:
        return _BY_ORIGIN[origin]
    if kind in _SCALARS:
        return _scalar
    if is_dataclass(kind):
        return _record
    return _candidate if hasattr(kind, "model_validate") else _from_text


def _one_of(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401
    kinds = get_args(kind)
    if types.NoneType in kinds:
        if given is None:
            return None
        kinds = tuple(other for other in kinds if other is not types.NoneType)
    for likely in kinds[:-1]:
        try:
            return decoded(likely, given, where)
        except MisfitError:
            continue
    return decoded(kinds[-1], given, where)


def _scalar(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401
    # a bool is an int to Python, and to nobody else
    if not isinstance(given, _SCALARS[kind]) or (isinstance(given, bool) and kind is not bool):
        wanted = "null" if kind is types.NoneType else kind.__name__
        raise MisfitError(f"{where} is not of the type {wanted}")
    return float(given) if kind is float and isinstance(given, (int, float)) else given


def _chosen(kind: Any, given: object, where: str) -> object:  # noqa: ANN401
    choices = get_args(kind)
    if given not in choices or isinstance(given, (bool, float)):
        raise MisfitError(f"{where} is none of {', '.join(map(str, choices))}")
    return given


def _several(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401
    if not isinstance(given, list):
        raise MisfitError(f"{where} is no list")
    item = get_args(kind)[0]
    found = (decoded(item, one, f"{where}[{place}]") for place, one in enumerate(given))
    return tuple(found) if get_origin(kind) is tuple else frozenset(found)


def _record(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401
    if not isinstance(given, Mapping):
        raise MisfitError(f"{where} is no object")
    hints = _hints(kind)
    named = {field.name: field for field in fields(kind)}
    unknown = sorted(str(name) for name in given if name not in named)
    if unknown:
        raise MisfitError(f"{where} has a field of another name: {unknown[0]}")
    values = {}
    for name, field in named.items():
        if name in given:
            values[name] = decoded(hints[name], given[name], f"{where}.{name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise MisfitError(f"{where}.{name} is missing")
    return _made(kind, lambda found: kind(**found), values, where)


def _candidate(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401
    return _made(kind, kind.model_validate, _tagged(_PARSED, given, where), where)


def _raw(_: Any, given: object, where: str) -> dict[str, Any]:  # noqa: ANN401
    return _tagged(_RAW, given, where)


def _tagged(tag: str, given: object, where: str) -> dict[str, Any]:
    if not isinstance(given, Mapping) or list(given) != [tag] or not isinstance(given[tag], dict):
        raise MisfitError(f"{where} is neither {_PARSED} nor {_RAW}")
    found: dict[str, Any] = given[tag]
    return found


def _from_text(kind: Any, given: object, where: str) -> Any:  # noqa: ANN401 - a figure, an enum
    if not isinstance(given, str):
        raise MisfitError(f"{where} is no string")
    return _made(kind, kind, given, where)


def _made(kind: Any, make: Callable[[Any], Any], given: object, where: str) -> Any:  # noqa: ANN401
    try:
        made = make(given)
    except (ValueError, InvalidOperation):
        raise MisfitError(f"{where} is no {kind.__name__}") from None
    if isinstance(made, Decimal) and not made.is_finite():
        raise MisfitError(f"{where} is no finite figure")
    return made


_BY_ORIGIN: dict[object, Callable[[Any, object, str], Any]] = {
    Union: _one_of,
    types.UnionType: _one_of,
    Literal: _chosen,
    tuple: _several,
    frozenset: _several,
    Mapping: _raw,
}


@cache
def _hints(kind: type) -> dict[str, Any]:
    from extractor.claims.wire import CandidateClaim  # it brings pydantic, so not before it must

    return get_type_hints(kind, localns={"CandidateClaim": CandidateClaim})
