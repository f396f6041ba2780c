"""What tokens cost: a dated table of list prices, a user's own before it, and what is unknown.

A price that is not known is None, never 0. Amounts are exact decimals.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from extractor.claims import Usage
from extractor.errors import InputError

_SHIPPED = Path(__file__).with_name("prices.yaml")
_MILLION = 6  # decimal places from a price to that of one token
_TABLE_KEYS = frozenset({"as_of", "source", "host", "currency", "models"})
_ROW_KEYS = frozenset({"input", "cached_input", "output", "aliases"})
_FIGURE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost: prompt tokens, those of them that were cached, written ones.

    `as_of` is the date of the table and `source` where it has the price from; None where a
    user's table does not say. `is_halved` says that it is half of what the table says.
    """

    input: Decimal
    cached_input: Decimal
    output: Decimal
    currency: str = "USD"
    as_of: str | None = None
    source: str | None = None
    is_halved: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether tokens are for nothing at this price, however many."""
        return not (self.input or self.cached_input or self.output)


def unpaid(source: str) -> Price:
    """Tokens that nobody charges for; `source` says why.

    >>> cost_of(Usage(2_000_000, 500), unpaid("a server on this machine"))
    Decimal('0')
    """
    nothing = Decimal(0)
    return Price(nothing, nothing, nothing, source=source)


def in_a_batch(price: Price) -> Price:
    """The price of a batch file's requests: half of what calls cost.

    Whether cached tokens are cheaper still in a batch is not known, so they are taken to cost as
    much as others: a cost may come out too high, and not too low.

    >>> in_a_batch(Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"))).cached_input
    Decimal('0.075')
    """
    if price.is_nothing:
        return price
    read = price.input / 2
    return replace(price, input=read, cached_input=read, output=price.output / 2, is_halved=True)


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices by model name, for one host, or for every host where `host` is None."""

    prices: Mapping[str, Price]
    host: str | None = None

    def price_of(self, model: str, host: str) -> Price | None:
        """The model's price, or that of the model of which it is a dated snapshot."""
        if self.host not in (None, host.lower()):
            return None
        return self.prices.get(model) or self.prices.get(_SNAPSHOT.sub("", model))


@dataclass(frozen=True, slots=True)
class PriceTable:
    """The prices that come with the package, behind a user's `own`, if there are any."""

    listed: PriceList
    own: PriceList | None = None

    def price_of(self, model: str, *, host: str, is_local: bool) -> Price | None:
        """The price of `model` at `host`; None where it is not known.

        What the user's own list does not name costs nothing per token on a server on this
        machine. A listed price holds only at the host that it is the price of: the same name at
        a gateway or at Azure may cost something else.
        """
        own = self.own.price_of(model, host) if self.own else None
        if own is not None:
            return own
        if is_local:
            return unpaid("a server on this machine: nothing is paid per token")
        return self.listed.price_of(model, host)


def cost_of(usage: Usage, price: Price | None) -> Decimal | None:
    """What `usage` costs, in the price's currency, unrounded; None where there is no price.

    Cached tokens are part of the prompt's, and have a price of their own.

    >>> price = Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"))
    >>> cost_of(Usage(prompt_tokens=1_000, completion_tokens=100, cached_tokens=400), price)
    Decimal('0.00018')
    >>> cost_of(Usage(1_000, 100), None) is None
    True
    """
    if price is None:
        return None
    cached = min(usage.cached_tokens, usage.prompt_tokens)
    fresh = usage.prompt_tokens - cached
    millions = (
        fresh * price.input + cached * price.cached_input + usage.completion_tokens * price.output
    )
    return millions.scaleb(-_MILLION).normalize()


def load_prices(own: Path | None = None) -> PriceTable:
    """The table that comes with the package, behind a user's own where one is named.

    Raises InputError, naming the row, when the user's table cannot be used.
    """
    return PriceTable(_read(_SHIPPED), None if own is None else _read(own))


class _StringLoader(yaml.BaseLoader):
    """Figures stay strings, so that no float rounds them; a row that stands twice is an error."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - the parent's
        names = [str(key.value) for key, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise yaml.YAMLError(f"{name!r} stands twice")
        return super().construct_mapping(node, deep)


def _read(path: Path) -> PriceList:
    """The rows of a table, by name and by alias."""
    try:
        table = yaml.load(path.read_text("utf-8"), _StringLoader)  # noqa: S506 - it knows strings only
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        why = " ".join(str(error).split())
        raise InputError(f"{path}: this is no table of prices: {why}.") from error
    if not isinstance(table, dict) or not isinstance(table.get("models"), dict):
        raise InputError(f"{path}: a table of prices has its rows under `models`, by model name.")
    _only(path, table, _TABLE_KEYS, "the table")
    said = _said(path, table)
    rows: dict[str, Price] = {}
    for name, row in table["models"].items():
        price = _price(path, said, name, row)
        for called in (name, *_aliases(path, name, row)):
            if rows.setdefault(called, price) is not price:
                raise InputError(f"{path}: two rows are for the model {called!r}.")
    return PriceList(rows, said["host"].lower() if said["host"] else None)


def _said(path: Path, table: Mapping[str, object]) -> dict[str, str | None]:
    said: dict[str, str | None] = dict.fromkeys(_TABLE_KEYS - {"models"})
    for key in said:
        value = table.get(key)
        if value is not None and not (isinstance(value, str) and value.isprintable()):
            raise InputError(f"{path}: `{key}` is one line of text.")
        said[key] = value or None
    return said


def _price(path: Path, said: Mapping[str, str | None], name: str, row: object) -> Price:
    where = f"the row of {name!r}"
    if not isinstance(row, dict):
        raise InputError(f"{path}: {where} does not give `input` and `output`.")
    _only(path, row, _ROW_KEYS, where)
    # what is cached costs as much as what is not, where the row has no price of its own for it
    row = {"cached_input": row.get("input"), **row}
    figures = {}
    for key in ("input", "cached_input", "output"):
        given = row.get(key)
        if not isinstance(given, str) or not _FIGURE.fullmatch(given):
            raise InputError(
                f"{path}: `{key}` in {where} is not a price for a million tokens, like 0.15."
            )
        figures[key] = Decimal(given)
    return Price(
        input=figures["input"],
        cached_input=figures["cached_input"],
        output=figures["output"],
        currency=said["currency"] or "USD",
        as_of=said["as_of"],
        source=said["source"] or str(path),
    )


def _aliases(path: Path, name: str, row: Mapping[str, Any]) -> Iterator[str]:
    given = row.get("aliases", [])
    if not isinstance(given, list) or not all(isinstance(alias, str) for alias in given):
        raise InputError(f"{path}: `aliases` in the row of {name!r} is not a list of names.")
    yield from given


def _only(path: Path, given: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in given:
        if key not in known:
            raise InputError(
                f"{path}: {where} has the key {key!r}; known are {', '.join(sorted(known))}."
            )
