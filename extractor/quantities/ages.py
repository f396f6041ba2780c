"""Ages of persons: "aged 46", "she was 19 when", "Martin Bamford, 30,", "6 weeks of age"."""

from __future__ import annotations

from extractor.quantities.scales import Figure
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.words import DAYS, FUNCTION_WORDS, MONTHS, PERSONS, plural

_BEFORE_AGES = frozenset("about just only around at least up to nearly almost some over".split())
_TURNING = frozenset({"turned", "turning", "turns"})
_ENDS_AGE = frozenset("last this in on and when as years".split())


def after_old(t: Tokens, j: int) -> int | None:
    """The token after "old", in "15-year-old(s)", "3½ years old" and "6 weeks of age"."""
    k = j + 1 if t.words[j] in DASHES and t.glued(j) else j
    if t.matches(k, ("of", "age")) and t.near(k):
        return k + 2
    return k + 1 if t.words[k] in {"old", "olds"} and t.near(k) else None


def aged(t: Tokens, first: int, figure: Figure) -> bool:
    """As in "aged 46", "the age of 60", "Pat Rooke, 72,": a person's age without a unit."""
    if figure.scale != 1 or not 0 < figure.value <= 120 or figure.readings:
        return False
    before = t.words[first - 1] if t.near(first) else ""
    k = first - 1
    while k > first - 4 and t.words[k] in _BEFORE_AGES and t.near(k + 1):
        k -= 1
    if (
        t.words[k] == "aged"
        or before == "age"
        or (before == "of" and t.words[first - 2] in {"age", "ages"})
    ):
        return True
    if before in {"was", "is", "at"} and _said_of_one(t, first, figure.last):
        return True
    if before in _TURNING:
        return not t.alpha(figure.last) or t.words[figure.last] in _ENDS_AGE
    return figure.plain and before == "," and _apposition(t, first, figure.last)


def _said_of_one(t: Tokens, first: int, last: int) -> bool:
    """As in "she was 19 when", "who is 40.", "At 82, he is"."""
    if t.words[first - 1] == "at":
        opens = first == 1 or t.words[first - 2] == "." or t.line_start(first - 1)
        return opens and t.words[last] == "," and t.words[last + 1] in {"he", "she"}
    ends = not t.alpha(last) or t.words[last] in _ENDS_AGE
    return t.words[first - 2] in {"he", "she", "who"} and ends and not t.digits(last + 1)


def _apposition(t: Tokens, first: int, last: int) -> bool:
    """As in "Martin Bamford, 30, from Croydon", "a girl, 7, and": after a person, closed again."""
    closed = t.words[last] in {",", ".", ")", ";"} and t.glued(last) and not t.digits(last + 1)
    if not closed or not t.alpha(first - 2) or _tabled(t, first, last):
        return False
    if t.words[first - 2] in PERSONS:
        return True
    before = t.words[first - 3] if t.near(first - 2) else ""
    noun = t.words[first - 2]
    many = plural(noun) and not (before and t.capital(first - 3))  # "Danes", but "Lars Danes"
    name = before not in FUNCTION_WORDS and noun not in MONTHS | DAYS and not many
    return t.capital(first - 2) and name and (bool(before) or not t.raw(first - 2).isupper())


def _tabled(t: Tokens, first: int, last: int) -> bool:
    """As in "Mali, 3, Niger, 4.": names and figures in a row are a table, and no ages."""
    k = last + 1 + (t.words[last + 1] == "and")
    following = t.capital(k) and t.words[k + 1] == "," and t.digits(k + 2)
    return following or (t.digits(first - 4) and t.words[first - 3] in {",", "and"})
