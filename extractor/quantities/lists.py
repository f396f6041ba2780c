"""Units that several figures share: "21 and 22 per cent", "1,870, 1,875 and 1,880 dollars".

A unit behind the last figure of an enumeration holds for those before it. The last two must be
joined by "and" or "or": after a bare comma a new statement may begin ("killed 5, 10 km away").
"""

from __future__ import annotations

from dataclasses import replace

from extractor.quantities.types import Kind, Quantity

_LONGEST = 12  # figures of one enumeration
_SHARED = frozenset({Kind.PERCENT, Kind.CURRENCY, Kind.PERCENTAGE_POINT})


def share_unit(quantities: list[Quantity], text: str) -> None:
    """Give the unit of the last of `quantities` to those before it in the same enumeration."""
    last = quantities[-1]
    if last.kind not in _SHARED or last.number.start != last.span.start or last.parts:
        return
    if any(c.isalpha() for c in text[last.number.start : last.number.end]):
        return  # "3 and 5 million": whether the scale is shared too, nobody can say
    following = last
    for k in range(len(quantities) - 2, max(-1, len(quantities) - 2 - _LONGEST), -1):
        before = quantities[k]
        between = " ".join(text[before.span.end : following.span.start][:12].split())
        joins = {"and", "or"} if following is last else {",", "and", "or"}
        bare = before.kind is Kind.COUNT and before.unit is None and not before.readings
        if between not in joins or not bare or before.number.end != before.span.end:
            return
        quantities[k] = following = replace(before, kind=last.kind, unit=last.unit)
