"""Prices: what the shipped table holds, a user's own before it, and what is not known."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.claims import Usage
from extractor.errors import InputError
from extractor.model.prices import Price, PriceTable, cost_of, load_prices

OPENAI = "api.openai.com"
OWN = """
as_of: 2026-11-02
source: our contract
currency: EUR
models:
  gpt-4o-mini: {input: 0.12, output: 0.5}
  house-model: {input: "1", cached_input: 0.1, output: 2.25, aliases: [house, house-azure]}
"""


@pytest.fixture(scope="module")
def shipped() -> PriceTable:
    return load_prices()


def own(folder: Path, text: str) -> Path:
    path = folder / "prices.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_table_says_of_when_and_from_where(shipped: PriceTable) -> None:
    for price in shipped.listed.prices.values():
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", price.as_of or "")
        assert "OpenAI" in (price.source or "")
        assert price.currency == "USD"
        assert 0 < price.cached_input <= price.input < price.output


def test_a_dated_snapshot_has_the_price_of_its_model(shipped: PriceTable) -> None:
    named = shipped.price_of("gpt-4o-mini", host=OPENAI, is_local=False)
    assert named == shipped.price_of("gpt-4o-mini-2024-07-18", host=OPENAI, is_local=False)
    assert named is not None
    assert (named.input, named.cached_input, named.output) == (
        Decimal("0.15"),
        Decimal("0.075"),
        Decimal("0.60"),
    )


def test_a_snapshot_with_a_row_of_its_own_has_its_own_price(shipped: PriceTable) -> None:
    dear = shipped.price_of("gpt-4o-2024-05-13", host=OPENAI, is_local=False)
    assert dear is not None
    assert dear.input == dear.cached_input == 5


@pytest.mark.parametrize(
    ("model", "host"),
    [
        ("gpt-9", OPENAI),
        ("gpt-4o-mini-audio-preview", OPENAI),
        ("ft:gpt-4o-mini-2024-07-18:me::x", OPENAI),
        ("gpt-4o-minimal", OPENAI),
        ("gpt-4o-mini", "gateway.example.com"),
        ("gpt-4o-mini", "mine.openai.azure.com"),
        ("", OPENAI),
    ],
)
def test_what_is_not_listed_there_is_unknown(shipped: PriceTable, model: str, host: str) -> None:
    price = shipped.price_of(model, host=host, is_local=False)
    assert price is None
    assert cost_of(Usage(1000, 1000), price) is None


def test_a_server_on_this_machine_costs_nothing_per_token(shipped: PriceTable) -> None:
    price = shipped.price_of("gpt-4o-mini", host="127.0.0.1:8000", is_local=True)
    assert price is not None
    assert price.is_nothing
    assert cost_of(Usage(10**9, 10**9, 10**6), price) == 0


def test_an_own_table_goes_before_the_shipped_one_at_every_host(tmp_path: Path) -> None:
    table = load_prices(own(tmp_path, OWN))
    for host, is_local in ((OPENAI, False), ("gateway.example.com", False), ("[::1]:1", True)):
        price = table.price_of("gpt-4o-mini-2024-07-18", host=host, is_local=is_local)
        assert price == Price(
            Decimal("0.12"), Decimal("0.12"), Decimal("0.5"), "EUR", "2026-11-02", "our contract"
        )
    for name in ("house-model", "house", "house-azure"):
        price = table.price_of(name, host="anywhere", is_local=False)
        assert price is not None
        assert (price.cached_input, price.output) == (Decimal("0.1"), Decimal("2.25"))
    assert table.price_of("gpt-4o", host=OPENAI, is_local=False) is not None


def test_an_own_table_can_be_for_one_host(tmp_path: Path) -> None:
    text = "host: API.example.com\nmodels: {m: {input: 1, output: 2}}"
    table = load_prices(own(tmp_path, text))
    assert table.price_of("m", host="api.example.com", is_local=False) is not None
    assert table.price_of("m", host="other.example.com", is_local=False) is None


BAD = {
    "models:\n  m: {input: cheap, output: 1}": "`input` in the row of 'm' is not a price",
    "models:\n  m: {input: -1, output: 1}": "`input` in the row of 'm' is not a price",
    "models:\n  m: {input: .nan, output: 1}": "`input` in the row of 'm' is not a price",
    "models:\n  m: {input: 1e-9, output: 1}": "`input` in the row of 'm' is not a price",
    "models:\n  m: {input: 1}": "`output` in the row of 'm' is not a price",
    "models:\n  m: {input: 1, output: 1, cached_input: }": "`cached_input` in the row of 'm'",
    "models:\n  m: {input: 1, output: 1, outptu: 2}": "the row of 'm' has the key 'outptu'",
    "models:\n  m: 5": "the row of 'm' does not give",
    "models:\n  m: {input: 1, output: 1, aliases: x}": "`aliases` in the row of 'm'",
    "models:\n  m: {input: 1, output: 1}\n  m: {input: 2, output: 1}": "'m' stands twice",
    "models:\n  a: {input: 1, output: 1, aliases: [b]}\n  b: {input: 2, output: 1}": "model 'b'",
    "modells: {}": "has its rows under `models`",
    "models: {}\ncurency: EUR": "the table has the key 'curency'",
    "models: {}\ncurrency: [EUR]": "`currency` is one line of text",
    "- a": "has its rows under `models`",
    "": "has its rows under `models`",
    "models: [": "this is no table of prices",
}


@pytest.mark.parametrize("text", BAD)
def test_a_bad_table_is_told_by_its_row(tmp_path: Path, text: str) -> None:
    path = own(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_prices(path)
    assert BAD[text] in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_prices(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"# \xff\nmodels: {}")
    with pytest.raises(InputError, match="this is no table of prices"):
        load_prices(tmp_path / "latin.yaml")


def test_cached_tokens_are_part_of_the_prompt_and_have_their_own_price() -> None:
    price = Price(Decimal(2), Decimal("0.5"), Decimal(8))
    assert cost_of(Usage(1_000_000, 0, 0), price) == 2
    assert cost_of(Usage(1_000_000, 0, 1_000_000), price) == Decimal("0.5")
    assert cost_of(Usage(1_000_000, 1_000_000, 400_000), price) == Decimal("9.4")
    # an endpoint that tells of more cached tokens than there were
    assert cost_of(Usage(1_000_000, 0, 9_000_000), price) == Decimal("0.5")


_tokens = st.integers(0, 10**7)
_usages = st.builds(Usage, _tokens, _tokens, st.just(0))


@given(_usages, _usages)
def test_the_cost_of_a_sum_is_the_sum_of_the_costs(one: Usage, other: Usage) -> None:
    price = Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60"))
    costs = [cost_of(usage, price) for usage in (one, other, one + other)]
    first, second, both = (cost for cost in costs if cost is not None)
    assert first + second == both
