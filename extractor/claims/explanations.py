"""A verdict in words: for a person beside the text, and for a model that is asked again.

Candidates and documents are hostile text. What is shown of them is one line without control
characters, and never longer than a line that anybody reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, get_args

from extractor.claims.modality import Modality
from extractor.claims.records import plain

if TYPE_CHECKING:
    from extractor.claims.verdicts import Claim, Finding, Verdict
    from extractor.quantities.types import Quantity

_LONGEST_NUMBER = 80  # characters of a number's own text
_LONGEST_QUOTE = 120
_LONGEST_FIELD = 40
_LONGEST_FAULT = 240
_MOST_FAULTS = 12  # told to a model at once
_MISSHAPEN = "S001"
_SHAPES = {
    "candidate": "a claim wants a quote and a figure: value, or low and high for a range",
    "quote": "wanted is a passage copied verbatim from the text",
    "modality": f"wanted is one of {', '.join(get_args(Modality))}",
    "derived_from": "wanted are two figures, each copied verbatim from the text",
    "position": "wanted is a whole number",
    **dict.fromkeys(("value", "low", "high"), 'wanted is one figure as a string, like "12"'),
}
_CLOSING = "Correct it from the text, or leave it out if the text does not say it."
_ANY_SHAPE = "its form is not the one asked for"


def shown(text: object, longest: int) -> str:
    r"""`text` on one line without control characters; of a longer one, its beginning and its end.

    >>> shown("two\nlines\x1b[2J", 40), shown("abcdefghijklmnopqrstuvwxyz", 12)
    ('two lines [2J', 'abcdefg…wxyz')
    """
    whole = str(text)
    if len(whole) > longest:
        tail = longest // 3
        whole = f"{whole[: longest - tail - 1]}…{whole[len(whole) - tail :]}"
    return "".join(char if char.isprintable() else " " for char in whole)


class Reason(NamedTuple):
    """One sentence of a verdict: "accepted", "rejected" or "flagged", why, and the place.

    `excerpt` is the sentence of the document with `~~~^` under the place, two lines; empty where
    there is none or where the next reason shows the same.
    """

    outcome: str
    why: str
    excerpt: str = ""


def reasons(verdict: Verdict) -> list[Reason]:
    """What was found, if the candidate is accepted, then every finding."""
    told = [] if verdict.claim is None else [Reason("accepted", _found(verdict.claim))]
    for finding, following in zip_longest(verdict.findings, verdict.findings[1:]):
        outcome = "rejected" if finding.rejects else "flagged"
        why = f"{finding.code} {shown(finding.message, len(finding.message))}"
        again = following is not None and following.excerpt == finding.excerpt
        told.append(Reason(outcome, why, "" if again else finding.excerpt))
    return told or [Reason("rejected", "no rule tells why")]


def explanation(verdict: Verdict) -> str:
    """The reasons of a verdict, one sentence a line, each with its place in the text under it."""
    return "\n".join(
        f"{outcome}: {why}" + (f"\n{excerpt}" if excerpt else "")
        for outcome, why, excerpt in reasons(verdict)
    )


def request_for_another(verdict: Verdict) -> str:
    """What a model is told of its refused claim; empty for an accepted one.

    Each finding with its field and its reason, in words of this project alone: no codes, no
    offsets, nothing of a library's messages, so that the same claim is asked again in the same
    words for ever. What the text has is told as far as a finding tells it and no further.
    """
    if verdict.accepted:
        return ""
    faults = list(dict.fromkeys(_faults(verdict)))
    more = len(faults) - _MOST_FAULTS
    lines = [_opening(verdict), *faults[:_MOST_FAULTS]]
    lines += [f"- and {more} more"] if more > 0 else []
    return "\n".join([*lines, _CLOSING])


def _found(claim: Claim) -> str:
    """The number with its value, hedge and kind, of what it is worked out, and where it stands."""
    quantity = claim.quantity
    natures = dict.fromkeys((claim.qualifier.value, quantity.kind.value))
    nature = ", ".join(name.replace("_", " ") for name in natures)
    number = shown(quantity.text, _LONGEST_NUMBER)
    parts = " and ".join(f'"{shown(part, _LONGEST_NUMBER)}"' for part in claim.derived_from or ())
    nature += f", worked out of {parts}" if parts else ""
    others = [_figure(one) for one in quantity.readings if one != quantity.value]
    nature += f", though its form may also be read as {' or '.join(others)}" if others else ""
    return f'"{number}" is {_value(quantity)}, {nature}, at character {quantity.span.start}'


def _value(quantity: Quantity) -> str:
    if quantity.value is not None:
        figure = _figure(quantity.value)
    elif quantity.low is not None and quantity.high is not None:
        figure = f"{_figure(quantity.low)} to {_figure(quantity.high)}"
    elif quantity.low is not None:
        figure = f"{_figure(quantity.low)} or more"
    else:
        figure = f"{_figure(quantity.high)} or less"
    if quantity.unit is None:
        return figure
    return figure + ("%" if quantity.unit == "%" else f" {quantity.unit}")


def _figure(number: Decimal | None) -> str:
    return shown(plain(number), _LONGEST_NUMBER)


def _opening(verdict: Verdict) -> str:
    candidate = verdict.candidate
    quote: object = candidate.get("quote") if isinstance(candidate, Mapping) else candidate.quote
    if not isinstance(quote, str) or not quote.strip():
        return "A claim was refused:"
    return f'The claim with the quote "{shown(quote.strip(), _LONGEST_QUOTE)}" was refused:'


def _faults(verdict: Verdict) -> Iterator[str]:
    for finding in verdict.findings:
        if finding.rejects:
            field = shown(finding.field, _LONGEST_FIELD)
            yield f"- {field}: {_fault(finding, verdict)}"


def _own_shape(finding: Finding) -> str:
    """What a user's schema has against a field, where the words are ours and no library's."""
    for words in ("is one figure, and the text gives a range", "changes ", "wanted is "):
        if words in finding.message:
            return shown(finding.message, _LONGEST_FAULT)
    return _ANY_SHAPE


def _fault(finding: Finding, verdict: Verdict) -> str:
    if finding.code == _MISSHAPEN:  # its message is the schema library's
        candidate, name = verdict.candidate, finding.field.partition(".")[0]
        absent = isinstance(candidate, Mapping) and candidate.get(name) is None
        missing = "it is missing; " if absent and name != "candidate" else ""
        return missing + _SHAPES.get(name, _own_shape(finding))
    if finding.field == "position":  # its message is an offset
        return "it is not where the number of the quote stands"
    return shown(finding.message, _LONGEST_FAULT)
