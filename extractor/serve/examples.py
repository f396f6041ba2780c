"""What the service's OpenAPI document shows of each request."""

from __future__ import annotations

from typing import Any

TEXT = "Russia said 498 of its troops have been killed and 1,597 wounded."
DOCUMENT = {"id": "briefing", "text": TEXT}

VERIFY: dict[str, Any] = {
    "document": DOCUMENT,
    "candidates": [
        {"quote": "498 of its troops", "value": "498", "event": "killed", "claimant": "Russia"},
        {"quote": "498 of its troops", "value": "489"},
    ],
}
NUMBERS: dict[str, Any] = {"document": DOCUMENT, "explain": False}
EXTRACT: dict[str, Any] = {"document": DOCUMENT, "ask": "anchored"}
JOB: dict[str, Any] = {
    "documents": [DOCUMENT, {"id": "harbour", "text": "About 90 sailors had died."}],
    "budget": "200000 tokens",
}
REVIEW: dict[str, Any] = {
    "document": "briefing",
    "claim": 1,
    "decision": "reject",
    "reason": "The figure is of another month.",
}
