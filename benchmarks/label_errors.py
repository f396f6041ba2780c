"""Rows of the labelled pairs whose label errs, each with its reason.

The file maps a row, its line in the pairs' file from 0, to the pair's `value`, so that a shifted
file is noticed, and a `reason`. `judge: validator` marks a row that the number reader alone judges
as labelled: the label overlooks something that it does not look at, such as a quote cut inside a
number or half a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import yaml


@dataclass(frozen=True, slots=True)
class LabelError:
    """Why a label errs; `judge` says whose disagreement it explains, the reader's or its own."""

    value: Decimal
    reason: str
    judge: Literal["reader", "validator"] = "reader"


def read_label_errors(path: Path) -> dict[int, LabelError]:
    """The declared rows.

    Raises:
        ValueError: a declaration has no reason, or an unknown judge.
    """
    declared = {}
    for row, entry in yaml.safe_load(path.read_text("utf-8")).items():
        reason, judge = str(entry.get("reason") or "").strip(), entry.get("judge", "reader")
        if not reason:
            message = f"{path.name}: row {row} gives no reason"
            raise ValueError(message)
        if judge not in ("reader", "validator"):
            message = f"{path.name}: row {row} has the judge {judge!r}"
            raise ValueError(message)
        declared[int(row)] = LabelError(Decimal(str(entry["value"])), reason, judge)
    return declared
