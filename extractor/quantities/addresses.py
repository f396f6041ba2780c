"""Numbers in web and e-mail addresses, account names, telephone numbers; and list enumerators."""

from __future__ import annotations

import re

from extractor.quantities.expressions import Mask
from extractor.quantities.name_data import STREETS, WAYS_TO_CALL
from extractor.quantities.tokens import Tokens
from extractor.quantities.words import FUNCTION_WORDS, plural

_ADDRESS = re.compile(
    r"(?:https?://|ftp://|www\.)|[\w.+-]{1,64}@[\w-]{1,64}\.|[@#][\w]|(?:[\w-]{1,63}\.){1,4}"
    r"(?:com|org|net|gov|edu|co|io|uk|ru|ua|info|de|eu|int)(?:/|\b)"
)
_LONGEST_LOOK = 400  # characters of a stretch without spaces that are searched for an address
_PHONES = (
    re.compile(r"\+[0-9]{1,3}(?:[\s.-]?\(?[0-9]{1,5}\)?){2,6}(?![\w])"),
    re.compile(r"\(?[0-9]{3}\)?[-.\s][0-9]{3}[-.][0-9]{4}(?![\w-])"),
    re.compile(r"[0-9]{3}-[0-9]{4}(?![\w-])"),
    re.compile(r"1?-?(?:800|888|877|866|900)-[0-9]{3}-[0-9]{4}(?![\w-])"),
    re.compile(r"0[0-9]{2,4}[\s-][0-9]{3,4}(?:[\s-][0-9]{3,6})?(?![\w-])"),
)
_IN_PHONES = frozenset("-.()")
BESIDE_PHONES = _IN_PHONES | WAYS_TO_CALL | {"+"}
_LIST_ITEM = re.compile(r"[0-9]{1,3}[.)](?=[ \t\u00a0])")


def mask_address(t: Tokens, i: int, floor: int) -> Mask | None:
    """A web address, an e-mail address, an account name or a hashtag around token `i`."""
    if not (t.glued(i) or t.glued(i + 1)):
        return None  # it stands free
    start, end = t.chunk(i)
    if start not in t.addresses:  # one search for a stretch, however many digits stand in it
        t.addresses[start] = _ADDRESS.search(t.low, start, min(end, start + _LONGEST_LOOK))
    match: re.Match[str] | None = t.addresses[start]
    if match is None or match.start() > t.starts[i]:
        return None
    first = t.at(match.start())
    if first < floor or (match.group()[0] == "#" and t.starts[i] == match.start() + 1):
        return None  # "#1" is a rank, see mask_glued
    stop = end
    while stop > t.ends[i] and t.text[stop - 1] in ".,;:!?)]}'\"\u2019\u201d":
        stop -= 1
    return Mask(first, t.at(stop), t.starts[first], stop, "url")


def mask_phone(t: Tokens, i: int, floor: int) -> Mask | None:
    """A telephone number at token `i`, by its form or by "call", "dial", "tel." before it."""
    called = t.words[i - 1] in WAYS_TO_CALL and t.near(i)
    if not (called or t.words[i + 1] in _IN_PHONES or t.digits(i + 1)):
        return None
    first = i
    while first > floor and t.words[first - 1] in {"+", "("} and t.glued(first):
        first -= 1
    if first > floor and t.glued(first) and t.words[first - 1] not in {"[", ":", "/"}:
        return None
    for pattern in _PHONES:
        match = pattern.match(t.low, t.starts[first])
        if (
            match is not None
            and match.end() >= t.ends[i]
            and (not _counted(t, match.end()) or t.words[i - 1] in WAYS_TO_CALL)
        ):
            return Mask(first, t.at(match.end()), t.starts[first], match.end(), "phone")
    if called and 3 <= len(t.words[i]) <= 6 and not t.lower(i + 1) and t.words[i + 1] != "%":
        return Mask(i, i + 1, t.starts[i], t.ends[i], "phone")
    return None


def _counted(t: Tokens, end: int) -> bool:
    """Whether a noun or a unit follows: "200-1000 people", "500-1000 per cent" are ranges."""
    j = t.at(end)
    if t.words[j] in {"%", "per"}:
        return True
    return t.lower(j) and t.near(j) and t.words[j] not in FUNCTION_WORDS


def mask_street(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "11 West 42nd Street": the number of a house, before a street in capitals."""
    if len(t.words[i]) > 5 or t.glued(i) or t.glued(i + 1):
        return None
    j = i + 1
    while j < i + 6 and t.near(j) and (t.capital(j) or t.digits(j) or t.glued(j)):
        if t.words[j] in STREETS and t.raw(j)[1:].islower() and j > i + 1:
            # "5 Wall Street banks" are banks
            noun = t.lower(j + 1) and t.near(j + 1) and plural(t.words[j + 1])
            return None if noun else _mask(t, i, j + 1)
        j += 1
    return None


def _mask(t: Tokens, first: int, last: int) -> Mask:
    return Mask(first, last, t.starts[first], t.ends[last - 1], "identifier")


def mask_list_item(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "1. " or "2) " at the start of a line."""
    if t.words[i + 1] not in {".", ")"} or not t.line_start(i):
        return None
    match = _LIST_ITEM.match(t.low, t.starts[i])
    if match is None or not t.near(i + 2) or "\n" in t.text[t.ends[i + 1] : t.starts[i + 2]]:
        return None
    return Mask(i, i + 2, t.starts[i], match.end(), "list")
