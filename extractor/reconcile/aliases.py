"""Names that mean the same: the small table that comes along, and what a user adds to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from extractor.errors import InputError
from extractor.validator.sides import sides

_SHIPPED = Path(__file__).with_name("aliases.yaml")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\xa0": " "})


# what may stand before a name that is listed: nobody's first name, and no club's
_TITLE = re.compile(
    r"(?:mr|mrs|ms|dr|sir|president|prime|vice|minister|premier|chancellor|foreign|defence|interior|"
    r"health|general|lieutenant|major|colonel|captain|admiral|brigadier|commander|secretary|leader|"
    r"ambassador|adviser|presidential|chief|senator|governor|king|queen|gen|maj|lt|col|sen|gov)\.?",
    re.IGNORECASE,
)


_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Tables(BaseModel):
    model_config = ConfigDict(extra="forbid")

    spellings: dict[_Name, list[_Name]] = {}
    speaks_for: dict[_Name, _Name] = {}
    counted: dict[_Name, list[_Name]] = {}


@dataclass(frozen=True)
class Aliases:
    """Spellings of names, who speaks for whom, and words for the same counted thing."""

    spellings: Mapping[str, str]
    speaks_for: Mapping[str, str]
    counted: Mapping[str, str]

    @classmethod
    def load(cls, further: Path | None = None) -> Self:
        """The shipped table, and the one in the file `further`, whose entries win.

        Raises InputError when the file cannot be read or is no such table.
        """
        spellings: dict[str, str] = {}
        speaks_for: dict[str, str] = {}
        counted: dict[str, str] = {}
        for path in (_SHIPPED, *([] if further is None else [further])):
            tables = _read(path)
            for name, others in tables.spellings.items():  # "US" is a name, and "us" is none
                spellings |= {other if other.isupper() else other.lower(): name for other in others}
            speaks_for |= {
                _plain(name).removeprefix("the "): whom for name, whom in tables.speaks_for.items()
            }
            counted |= _turned(tables.counted)
        # names are looked up as they are folded, so the tables are read the same way
        folding = cls(spellings, {}, {})
        return cls(
            spellings,
            {folding.spelled(name).lower(): whom for name, whom in speaks_for.items()},
            {folding.spelled(name).lower(): thing for name, thing in counted.items()},
        )

    def spelled(self, name: str) -> str:
        """A name with each word in the spelling that the table prefers, and plain quotes.

        >>> Aliases.load().spelled("Kiev\u2019s advisor")
        "Kyiv's adviser"
        """
        return self._pattern.sub(self._preferred, typed(name))

    def whom(self, name: str) -> str | None:
        """For whom somebody speaks, where the table has the name, which titles may stand before.

        "Major General Konashenkov", but neither "mayor of Kyiv" nor "pro-Putin".
        """
        lower = name.lower()
        for key, whom in self._speakers:
            if lower == key or lower.endswith(f" {key}"):
                before = name[: len(name) - len(key)].split()
                titles = [word for word in before if word not in sides().values()]
                return whom if all(map(_TITLE.fullmatch, titles)) else None
        return None

    def thing(self, counted: str) -> str:
        """A counted thing by the word that the table prefers."""
        return self.counted.get(_plain(counted), counted)

    def _preferred(self, match: re.Match[str]) -> str:
        # without case a pattern takes a dotless i for an i, which the table does not
        return self.spellings.get(match[0]) or self.spellings.get(match[0].lower(), match[0])

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.spellings, key=len, reverse=True)
        listed = (re.escape(n) if n.isupper() else f"(?i:{re.escape(n)})" for n in longest_first)
        return re.compile(rf"(?<![\w.-])(?:{'|'.join(listed)})(?![\w-])")

    @cached_property
    def _speakers(self) -> list[tuple[str, str]]:
        """Longest names first: "Volodymyr Zelensky" before "Zelensky"."""
        return sorted(self.speaks_for.items(), key=lambda one: (-len(one[0]), one))


def _read(path: Path) -> _Tables:
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
        return _Tables.model_validate({} if given is None else given)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}).") from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        place = ".".join(map(str, problem["loc"])) or "it"
        raise InputError(
            f"{path}: wanted are tables 'spellings', 'speaks_for' and 'counted'; {place}: "
            f"{problem['msg']}."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise InputError(f"{path}{line}: this is no YAML in UTF-8.") from error


def _turned(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {_plain(other): name for name, others in table.items() for other in (name, *others)}


def typed(name: str) -> str:
    """A name on one line, with plain quotes."""
    return " ".join(name.translate(_QUOTES).split())


def _plain(name: str) -> str:
    return typed(name).lower()
