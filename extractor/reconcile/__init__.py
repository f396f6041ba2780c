"""Competing figures side by side: accepted claims of the same thing, and who tells them.

Nothing is averaged, and nothing is called true.
"""

from extractor.reconcile.aliases import Aliases
from extractor.reconcile.groups import (
    Disagreement,
    Figure,
    FigureGroup,
    Place,
    figure_record,
    group_record,
)
from extractor.reconcile.reading import reconcile_runs

__all__ = [
    "Aliases",
    "Disagreement",
    "Figure",
    "FigureGroup",
    "Place",
    "figure_record",
    "group_record",
    "reconcile_runs",
]
