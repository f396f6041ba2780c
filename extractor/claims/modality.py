"""How a claim is told."""

from __future__ import annotations

from typing import Literal

Modality = Literal["asserted", "projected", "denied", "hypothetical"]
