"""One bar of a run's numbers, cut by where they ended; the parts are classes of the style sheet."""

from __future__ import annotations

from markupsafe import Markup

from extractor.batch.ledger_reader import RunCounts

_GAP = 0.3  # per cent between two parts


def outcome_bar(counts: RunCounts) -> Markup:
    """The bar as inline SVG, empty where the run has no number; its figures stand beside it."""
    shares = [
        ("accepted", counts.accepted),
        ("rejected", counts.rejected),
        ("dismissed", counts.dismissed),
        ("unclaimed", counts.unclaimed),
    ]
    total = sum(count for _, count in shares)
    parts, at = [], 0.0
    for name, count in shares:
        if count:
            width = 100 * count / total
            parts.append(
                Markup('<rect class="{}" x="{:.3f}%" width="{:.3f}%" height="12"/>').format(
                    name, at, max(width - _GAP, 0.1)
                )
            )
            at += width
    return Markup(
        '<svg class="outcomes" width="100%" height="12" aria-hidden="true">{}</svg>'
    ).format(Markup("").join(parts))
