"""A user's class as a schema: what the gate can check, and what it refuses with a reason."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, cast

import pytest
from own_schemas import Crowd, Price, Seats
from pydantic import BaseModel, Field, create_model

from extractor import (
    CandidateClaim,
    DateInText,
    EventOf,
    Evidence,
    InText,
    NameInText,
    NumberInQuote,
    OneOf,
    SchemaError,
    UnitOf,
    own_rule,
)
from extractor.claims.own_rules import rules_for
from extractor.claims.schema import schema_of
from extractor.claims.schema_source import load_schema
from extractor.errors import InputError

EVIDENCE = (Annotated[str, Evidence()], ...)
SEATS = (Annotated[int, NumberInQuote(), UnitOf("seats")], ...)


def _class(base: type[BaseModel] = BaseModel, **fields: Any) -> type[BaseModel]:
    made: type[BaseModel] = create_model("Mine", __base__=base, **fields)
    return made


def test_a_class_of_its_own_is_taken_apart() -> None:
    schema = schema_of(Seats)
    assert (schema.name, schema.description) == ("Seats", "Seats of a party.")
    assert (schema.quote, schema.number.name, schema.extends) == ("evidence", "seats", False)
    assert [(one.name, one.required, one.units) for one in schema.fields] == [
        ("share", False, ("%",)),
        ("party", True, ()),
    ]
    assert [rule.code for rule in schema.rules] == ["SE101"]
    assert schema_of(Price).number.of_type is Decimal


def test_what_extends_a_claim_has_its_quote_and_value() -> None:
    schema = schema_of(Crowd)
    assert (schema.quote, schema.number.name, schema.extends) == ("quote", "value", True)
    assert [one.name for one in schema.fields] == ["venue"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"n": (int, ...)}, "Mine.n cannot be checked: it is a number that nothing checks"),
        ({"n": (Decimal | None, None)}, "Mine.n cannot be checked: it is a number that"),
        ({"n": (float, ...)}, "Mine.n cannot be checked: it is a number that nothing checks"),
        ({"n": (Annotated[float, NumberInQuote()], ...)}, "a float rounds what the text says"),
        ({"n": (Annotated[bool, NumberInQuote()], ...)}, "a number is a Decimal, an int, or a str"),
        ({"note": (str, ...)}, "Mine.note cannot be checked: nothing checks it"),
        ({"x": (Annotated[str, InText()], "Red")}, "a default would be said of every text"),
        ({"x": (Annotated[str, InText()], Field(alias="y"))}, "by its own name, without an alias"),
        (
            {"x": (Annotated[str, InText(cast("Any", "page"))], ...)},
            "within is one of sentence, paragraph",
        ),
        ({"x": (Annotated[int, NumberInQuote([""])], ...)}, "a cue is a text with a word in it"),
        ({"x": (Annotated[str, EventOf({"w": ["win"], "l": ["won"]})], ...)}, "alike"),
        (
            {"x": (Annotated[int, NumberInQuote(), UnitOf("seat")], ...)},
            "nothing in a text tells it from seats",
        ),
        ({"inner": (Seats, ...)}, "Mine.inner cannot be checked: nothing checks it"),
        ({"names": (Annotated[list[str], InText()], ...)}, "what InText checks is a str"),
        ({"day": (Annotated[int, DateInText()], ...)}, "a date is a str, or a datetime.date"),
        ({"x": (Annotated[str, InText(), OneOf("a")], ...)}, "two checks exclude each other"),
        ({"x": (Annotated[str, OneOf()], ...)}, "OneOf lists no values"),
        ({"x": (Annotated[str, EventOf({"won": []})], ...)}, "'won' has no words by which"),
        ({"x": (Annotated[str, OneOf({"a": ["x"], "b": ["X"]})], ...)}, "says 'a' and 'b' alike"),
        ({"x": (Annotated[str, UnitOf()], ...)}, "UnitOf() names no unit"),
        ({"x": (Annotated[str, InText(), UnitOf("%")], ...)}, "a unit belongs to a number"),
        ({"x": (Annotated[int, NumberInQuote(), UnitOf("count")], ...)}, "tells it from seats"),
        ({"quote": (Annotated[str, InText()], ...)}, "this name has a meaning of its own"),
        ({"position": (Annotated[str, InText()], ...)}, "this name has a meaning of its own"),
        ({"id": (Annotated[str, InText()], ...)}, "this name has a meaning of its own"),
        (
            {"more": (Annotated[int, NumberInQuote()], ...)},
            "Mine.more cannot be checked: nothing in a text tells it from seats",
        ),
        (
            {"more": (Annotated[int, NumberInQuote(), UnitOf("seats", "votes")], ...)},
            "nothing in a text tells it from seats",
        ),
    ],
)
def test_what_the_gate_cannot_check_is_refused_with_the_reason(
    fields: dict[str, Any], told: str
) -> None:
    with pytest.raises(SchemaError) as caught:
        schema_of(_class(evidence=EVIDENCE, seats=SEATS, **fields))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"seats": SEATS}, "it extends CandidateClaim, or has one field that is Annotated"),
        ({"a": EVIDENCE, "b": EVIDENCE, "seats": SEATS}, "or has one field that is Annotated"),
        ({"a": EVIDENCE}, "Mine has no number that every claim has"),
        (
            {"a": EVIDENCE, "n": (Annotated[int | None, NumberInQuote()], None)},
            "Mine has no number that every claim has",
        ),
    ],
)
def test_what_is_no_schema_at_all_is_told(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(SchemaError) as caught:
        schema_of(_class(**fields))
    assert told in str(caught.value)


def test_the_fields_of_every_claim_are_checked_by_the_projects_rules_alone() -> None:
    with pytest.raises(SchemaError, match="counted cannot be checked: every claim has it"):
        schema_of(_class(CandidateClaim, counted=(Annotated[str, InText()], ...)))
    with pytest.raises(SchemaError, match="quote cannot be checked"):
        schema_of(_class(CandidateClaim, quote=(str, "x")))
    with pytest.raises(SchemaError, match="is no schema"):
        schema_of(int)  # type: ignore[arg-type]


def test_a_cue_inside_another_tells_nothing_apart() -> None:
    one = (Annotated[int | None, NumberInQuote(cues=["from"])], None)
    other = (Annotated[int | None, NumberInQuote(cues=["up from"])], None)
    with pytest.raises(SchemaError, match=r"Mine\.b cannot be checked: nothing in a text"):
        schema_of(_class(evidence=EVIDENCE, seats=SEATS, a=one, b=other))


def test_a_default_for_a_field_of_every_claim_is_refused() -> None:
    with pytest.raises(SchemaError, match="claimant cannot be checked: a default would be said"):
        schema_of(_class(CandidateClaim, claimant=(str | None, "Reuters")))


def test_the_hash_is_of_the_classes_own_code_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(SOURCE, "utf-8")
    (tmp_path / "b.py").write_text(SOURCE + "    # another limit\n", "utf-8")
    assert load_schema("a.py", tmp_path).sha256 != load_schema("b.py", tmp_path).sha256


def test_numbers_that_cues_or_units_tell_apart_are_taken() -> None:
    before = Annotated[int | None, NumberInQuote(cues=["from"]), UnitOf("seats")]
    schema = schema_of(_class(evidence=EVIDENCE, seats=SEATS, before=(before, None)))
    assert [one.name for one in schema.numbers] == ["seats", "before"]


def test_the_hash_is_of_all_that_decides_a_verdict() -> None:
    def hashed(marker: object) -> str:
        field = (Annotated[str, marker], ...)
        return schema_of(_class(evidence=EVIDENCE, seats=SEATS, party=field)).sha256

    assert hashed(NameInText()) == hashed(NameInText())
    others = [hashed(one) for one in (InText(), NameInText("document"), OneOf("A"), OneOf("B"))]
    assert len({hashed(NameInText()), *others}) == 5


def test_a_rule_of_ones_own_needs_a_code_of_its_own() -> None:
    for code in ("X1", "x101", "Q101", "F901", "TOOLONG101", ""):
        with pytest.raises(InputError, match="is no code for a rule of your own"):
            own_rule(Seats, code)
    with pytest.raises(InputError, match="has a rule SE101 already"):
        own_rule(Seats, "SE101")(lambda *_: ())

    class Fewer(Seats):
        """What extends a schema has its rules."""

    assert [rule.code for rule in rules_for(Fewer)] == ["SE101"]


SOURCE = """
from typing import Annotated
from pydantic import BaseModel
from extractor import Evidence, NumberInQuote, UnitOf

class Helper(BaseModel):
    x: int = 0

class Mine(BaseModel):
    evidence: Annotated[str, Evidence()]
    seats: Annotated[int, NumberInQuote(), UnitOf("seats")]
"""


def test_a_schema_is_loaded_by_its_file_or_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine_of_test.py").write_text(SOURCE, "utf-8")
    monkeypatch.chdir(tmp_path)
    by_file = load_schema("mine_of_test.py")
    assert by_file.name == "Mine"
    assert load_schema("mine_of_test.py:Mine").model is by_file.model
    assert load_schema("mine_of_test:Mine").name == "Mine"
    assert load_schema("mine_of_test.py", tmp_path).model is by_file.model


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("none.py", None, "schema none.py: cannot be read"),
        ("no_such_module_here:Mine", None, "schema no_such_module_here: it cannot be imported"),
        ("a.py:Other", SOURCE, "there is no class Other in a.py"),
        ("a.py:Helper", SOURCE, "Helper is no schema"),
        (
            "a.py",
            SOURCE + SOURCE.replace("Mine", "Yours"),
            "in it are Mine, Yours; name it as a.py",
        ),
        ("a.py", "x = 1", "one class is wanted, and in it are none"),
        ("a.py", "x = (", "schema a.py, line 1: it cannot be imported (SyntaxError"),
        ("a.py", "\n\n1 / 0", "schema a.py, line 3: it cannot be imported (ZeroDivisionError"),
        ("a.py", "raise SystemExit(3)", "it cannot be imported (SystemExit: 3)"),
        ("a.py", SOURCE + "    n: int", "Mine.n cannot be checked"),
    ],
)
def test_what_cannot_be_loaded_is_told_with_its_place(
    name: str, source: str | None, told: str, tmp_path: Path
) -> None:
    if source is not None:
        (tmp_path / name.partition(":")[0]).write_text(source, "utf-8")
    with pytest.raises(InputError) as caught:
        load_schema(name, tmp_path)
    assert told in str(caught.value)
