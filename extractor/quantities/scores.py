"""Scores, votes and ratios: "3-1", "52-48", "a 5-4 ruling", "3:1".

A pair that falls is a score, since a range rises; a rising pair is one only beside a word of games
or votes, and when no unit or counted noun makes it a range.
"""

from __future__ import annotations

from extractor.quantities.digits import in_chain
from extractor.quantities.expressions import Mask
from extractor.quantities.figures import read_figure, slashed
from extractor.quantities.scales import Figure
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.units import read_unit
from extractor.quantities.words import FUNCTION_WORDS

_CUES = frozenset(
    "won win wins winning lost lose loses losing beat beats beaten defeat defeated defeats draw "
    "drew drawn victory score scored scoreline game match set sets lead led leads leading ruling "
    "ruled vote voted votes record trailed trail trails series tie tied advantage triumph thrash "
    "thrashed downed final aggregate half-time halftime ahead passed margin majority odds".split()
)
_OPENING = frozenset("([\u201c\"'\u2018")
_RESULTS = frozenset("odds majority margin ratio vote win victory lead defeat".split())
_APART = DASHES | {"to"}
_NEARBY = 4  # words on either side


def mask_slash(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "24/7", "50/50", "120/80": two figures that are no fraction of one."""
    j = i + 1
    slash = t.words[j] == "/" and t.digits(j + 1)
    pair = slash and t.glued(j) and t.glued(j + 1)
    if slash and not pair and _page(t, i):
        return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "section")
    if not pair or slashed(t, i) is not None or t.digits(i - 1):
        return None
    if len(t.words[i]) > 4 or len(t.words[j + 1]) > 4 or in_chain(t, i):
        return None
    if t.digits(j + 3) and in_chain(t, j + 3):
        return None
    return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "score")


def _page(t: Tokens, i: int) -> bool:
    """As in "Photo 1 / 18": the place in a run of pictures or pages."""
    spaced = not t.glued(i + 1) and not t.glued(i + 2) and t.near(i + 1) and t.near(i + 2)
    small = len(t.words[i]) < 4 and len(t.words[i + 2]) < 4
    return spaced and small and not (t.near(i + 3) and t.lower(i + 3))


def mask_score(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A score that begins with the digits at token `i`."""
    j = i + 1
    if t.words[j] in _APART and not t.glued(j):
        return _spaced(t, i)
    return _tight(t, i, j)


def _tight(t: Tokens, i: int, j: int) -> Mask | None:
    """As in "3-1", "3:1", "1:10,000"."""
    ratio = t.words[j] == ":"
    if not (ratio or t.words[j] in DASHES) or not (t.glued(j) and t.glued(j + 1)):
        return None
    if ratio and t.words[i] == "1" and (scale := read_figure(t, j + 1)) is not None:
        last = scale.last  # "1:10,000"
        return Mask(i, last, t.starts[i], t.ends[last - 1], "score")
    short = t.digits(j + 1) and len(t.words[i]) < 4 and len(t.words[j + 1]) < 4
    if not short or (t.glued(i) and t.words[i - 1] not in _OPENING):
        return None
    left, right = read_figure(t, i), read_figure(t, j + 1)
    if left is None or right is None or not left.plain or not right.plain:
        return None
    if slashed(t, j + 1) is not None or (not ratio and not _is_score(t, i, left, right)):
        return None
    last = j + 2
    while t.words[last] in DASHES and t.glued(last) and t.digits(last + 1) and last < j + 8:
        last += 2
    return Mask(i, last, t.starts[i], t.ends[last - 1], "score")


def _spaced(t: Tokens, i: int) -> Mask | None:
    """As in "won 3 - 0", "passed by 52 to 48": behind a word of games or votes, and of no noun."""
    j = i + 1
    if t.glued(i) or t.glued(j + 1) or not (t.near(j) and t.near(j + 1) and t.digits(j + 1)):
        return None
    left, right = read_figure(t, i), read_figure(t, j + 1)
    if left is None or right is None or not (left.plain and right.plain):
        return None
    small = left.value < 1000 and right.value < 1000
    noun = t.near(right.last) and t.lower(right.last) and t.words[right.last] not in FUNCTION_WORDS
    named = t.near(right.last) and t.words[right.last] in _RESULTS  # "3 to 1 odds"
    if not small or ((noun or read_unit(t, right) is not None) and not named):
        return None
    if t.words[j] == "to" and left.value < right.value and not named:
        return None  # "lost 400 to 600"
    cued = named or any(t.words[k] in _CUES for k in range(max(0, i - 3), i))
    return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "score") if cued else None


def _is_score(t: Tokens, i: int, left: Figure, right: Figure) -> bool:
    if read_unit(t, right) is not None:
        return False
    if left.value >= right.value:
        return True
    window = range(max(0, i - _NEARBY), min(t.size, right.last + _NEARBY))
    return any(t.words[k] in _CUES for k in window)
