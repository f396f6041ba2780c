"""Scores, votes and ratios: "3-1", "52-48", "a 5-4 ruling", "3:1".

A pair that falls is a score, since a range rises; a rising pair is one only beside a word of games
or votes, and when no unit or counted noun makes it a range.
"""

from __future__ import annotations

from extractor.quantities.digits import in_chain
from extractor.quantities.expressions import Mask
from extractor.quantities.figures import Figure, read_figure, slashed
from extractor.quantities.tokens import DASHES, Tokens
from extractor.quantities.units import read_unit

_CUES = frozenset(
    "won win wins winning lost lose loses losing beat beats beaten defeat defeated defeats draw "
    "drew drawn victory score scored scoreline game match set sets lead led leads leading ruling "
    "ruled vote voted votes record trailed trail trails series tie tied advantage triumph thrash "
    "thrashed downed final aggregate half-time halftime ahead".split()
)
_NEARBY = 4  # words on either side


def mask_slash(t: Tokens, i: int, _floor: int) -> Mask | None:
    """As in "24/7", "50/50", "120/80": two figures that are no fraction of one."""
    j = i + 1
    pair = t.word(j) == "/" and t.glued(j) and t.glued(j + 1) and t.digits(j + 1)
    if not pair or slashed(t, i) is not None or t.digits(i - 1):
        return None
    if len(t.word(i)) > 4 or len(t.word(j + 1)) > 4 or in_chain(t, i) or in_chain(t, j + 3):
        return None
    return Mask(i, j + 2, t.starts[i], t.ends[j + 1], "score")


def mask_score(t: Tokens, i: int, _floor: int) -> Mask | None:
    """A score that begins with the digits at token `i`."""
    j = i + 1
    ratio = t.word(j) == ":"
    if not (ratio or t.word(j) in DASHES) or not (t.glued(j) and t.glued(j + 1)):
        return None
    if not t.digits(j + 1) or len(t.word(i)) > 3 or len(t.word(j + 1)) > 3:
        return None
    if t.glued(i) and t.word(i - 1) not in {"(", "[", "\u201c", '"', "'", "\u2018"}:
        return None
    left, right = read_figure(t, i), read_figure(t, j + 1)
    if left is None or right is None or not left.plain or not right.plain:
        return None
    if not ratio and not _is_score(t, i, left, right):
        return None
    last = j + 2
    while t.word(last) in DASHES and t.glued(last) and t.digits(last + 1) and last < j + 8:
        last += 2
    return Mask(i, last, t.starts[i], t.ends[last - 1], "score")


def _is_score(t: Tokens, i: int, left: Figure, right: Figure) -> bool:
    if read_unit(t, right) is not None:
        return False
    if left.value >= right.value:
        return True
    window = range(max(0, i - _NEARBY), min(t.size, right.last + _NEARBY))
    return any(t.word(k) in _CUES for k in window)
