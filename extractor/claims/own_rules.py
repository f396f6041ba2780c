"""Rules of a user's schema: functions with a code, run on a claim that has passed all others.

```python
@own_rule(Result, "R101")
def a_share_is_no_more_than_all(claim: Claim, document: Document) -> Iterator[tuple[str, str]]:
    share = claim.field("share")
    if share is not None and share.value > 100:
        yield "share", "a share of the votes is 100 per cent at most"
```
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractor.claims.verdicts import FAMILIES
from extractor.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from extractor.claims.verdicts import Claim
    from extractor.text import Document

OwnCheck = Callable[["Claim", "Document"], Iterable[tuple[str, str]]]
"""Looks at one claim and its document; yields a field and what is wrong with it, one sentence."""

_CODE = re.compile(r"[A-Z]{1,4}\d{3}\Z")


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A registered rule. `summary` is the first line of its docstring."""

    code: str
    summary: str
    check: OwnCheck


_RULES: dict[type[BaseModel], dict[str, OwnRule]] = {}


def own_rule(schema: type[BaseModel], code: str) -> Callable[[OwnCheck], OwnCheck]:
    """Register a function as a rule of a schema and of what extends it.

    `code` is one to four capitals and three digits ("R101"), and no letter with which the project's
    codes begin stands alone in it. A rule that raises refuses the claim that it was looking at.

    Raises InputError when the code is of another form, or taken.
    """
    if (
        not isinstance(code, str)
        or not _CODE.match(code)
        or (code[0] in FAMILIES and code[1].isdigit())
    ):
        letters = ", ".join(sorted(FAMILIES))
        raise InputError(
            f"{code!r} is no code for a rule of your own: wanted are capitals and three digits, "
            f'like "R101", and not {letters} alone, which are the project\'s.'
        )

    def register(check: OwnCheck) -> OwnCheck:
        of_schema = _RULES.setdefault(schema, {})
        if code in of_schema:
            raise InputError(f"{schema.__name__} has a rule {code} already; choose another code.")
        lines = (check.__doc__ or check.__name__.replace("_", " ")).strip().splitlines()
        of_schema[code] = OwnRule(code, lines[0], check)
        return check

    return register


def rules_for(schema: type[BaseModel]) -> tuple[OwnRule, ...]:
    """The rules of a class and of those that it extends, by code."""
    found: dict[str, OwnRule] = {}
    for one in reversed(schema.__mro__):
        found |= _RULES.get(one, {})
    return tuple(found[code] for code in sorted(found))
