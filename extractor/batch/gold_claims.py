"""A file of gold claims: what is wrong with it is told by the claim and the field."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from extractor.errors import InputError

Gold = dict[str, Any]

_TEXTS = ("doc", "quote", "qualifier", "counted", "event", "modality")
_FIGURES = ("value", "low", "high")


def read_gold(path: Path) -> list[Gold]:
    """The claims of a file: a JSON list of them, or an object with them under "claims".

    Raises InputError when it cannot be read, or a claim lacks what it is scored by.
    """
    claims, _ = read_gold_file(path)
    return claims


def read_gold_file(path: Path) -> tuple[list[Gold], list[Any]]:
    """The claims of a file, and the numbers that it passes over on purpose, under "skipped".

    Raises InputError as `read_gold`.
    """
    read = _read(path)
    claims = read.get("claims") if isinstance(read, dict) else read
    if not isinstance(claims, list) or not claims:
        raise InputError(f'{path}: wanted is a list of gold claims, or an object with "claims".')
    skipped = read.get("skipped") if isinstance(read, dict) else None
    return (
        [_claim(path, place, claim) for place, claim in enumerate(claims)],
        skipped if isinstance(skipped, list) else [],
    )


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        told = (error.strerror if isinstance(error, OSError) else None) or error
        raise InputError(f"{path}: cannot be read as JSON ({told}).") from error


def _claim(path: Path, place: int, claim: object) -> Gold:
    if not isinstance(claim, dict):
        raise InputError(f"{path}: claim {place} is no JSON object.")
    given = {**_ABSENT, **claim}
    if claim.get("fields") is not None:  # of a user's schema, which need not have these
        given = {**given, **{name: claim.get(name) or "" for name in ("counted", "event")}}
    for name, (wanted, is_right) in _FIELDS.items():
        if not is_right(given[name]):
            raise InputError(f"{path}: claim {place}, field {name!r}: wanted is {wanted}.")
    if given["value"] is None and (given["low"] is None or given["high"] is None):
        raise InputError(f"{path}: claim {place} has neither a value nor both low and high.")
    if given["start"] >= given["end"]:
        raise InputError(f"{path}: claim {place} ends before it starts.")
    return given


def _is_text(given: object) -> bool:
    if not isinstance(given, str):
        return False
    try:
        given.encode()
    except UnicodeEncodeError:  # a lone surrogate names no document
        return False
    return True


def _is_figure(given: object) -> bool:
    if given is None:
        return True
    try:
        return not isinstance(given, bool) and Decimal(str(given)).is_finite()
    except InvalidOperation:
        return False


def _is_offset(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and given >= 0


def _are_texts(given: object) -> bool:
    return isinstance(given, list) and all(_is_text(one) for one in given)


def _are_named(given: object) -> bool:
    return isinstance(given, dict) and all(
        one is None or _is_text(one) or _is_figure(one) for one in given.values()
    )


_ANY = ("claimant_any", "qualifier_any", "modality_any")
_ABSENT: Gold = {
    **dict.fromkeys((*_TEXTS, "start", "end", *_FIGURES, "claimant")),
    **{name: [] for name in _ANY},
    "core": True,
    "fields": None,
}
_FIELDS: dict[str, tuple[str, Callable[[object], bool]]] = {
    **dict.fromkeys(_TEXTS, ("a text", _is_text)),
    **dict.fromkeys(("start", "end"), ("an offset (characters)", _is_offset)),
    **dict.fromkeys(_FIGURES, ("a number or null", _is_figure)),
    **dict.fromkeys(_ANY, ("a list of texts", _are_texts)),
    "claimant": ("a text or null", lambda given: given is None or _is_text(given)),
    "core": ("true or false", lambda given: isinstance(given, bool)),
    "fields": ("an object of texts, or null", lambda given: given is None or _are_named(given)),
}
