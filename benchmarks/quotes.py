"""How the gate judges quotes of four documents, by kind of quote.

    python benchmarks/quotes.py INPUTS.json

INPUTS.json is a list of {"text", "quotes", "kinds", "should_accept"}. Each quote is offered with
its own number as the value; a quote without a number is held against the quote rules alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from extractor.claims.records import plain
from extractor.quantities import read
from extractor.text import Document
from extractor.validator import verify

_QUOTE_RULES = ("Q101", "Q102")


def main() -> None:
    """Judge every quote; print accepted of all by kind, and each disagreement."""
    accepted: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for entry in json.loads(Path(sys.argv[1]).read_text("utf-8")):
        document = Document(text=entry["text"])
        rows = zip(entry["quotes"], entry["kinds"], entry["should_accept"], strict=True)
        for quote, kind, wanted in rows:
            passed = _passes(document, quote)
            total[kind] += 1
            accepted[kind] += passed
            if passed != wanted:
                print(f"{kind}: {quote!r} is {'accepted' if passed else 'refused'}")
    for kind, count in total.items():
        print(f"{kind:14} accepted {accepted[kind]} of {count}")


def _passes(document: Document, quote: str) -> bool:
    numbers = read(quote).quantities
    if not numbers:
        (verdict,) = verify(document, [{"quote": quote, "value": "0"}], rules=_QUOTE_RULES)
        return not {finding.code for finding in verdict.findings} & set(_QUOTE_RULES)
    candidate: dict[str, Any] = {"quote": quote}
    if numbers[0].value is not None:
        candidate["value"] = plain(numbers[0].value)
    else:
        candidate |= {"low": plain(numbers[0].low), "high": plain(numbers[0].high)}
    return verify(document, [candidate])[0].accepted


if __name__ == "__main__":
    main()
