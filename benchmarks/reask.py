"""What asking again adds: two runs over the same documents, without and with it.

    extractor run DOCS --reasks 0 --out runs/once
    extractor run DOCS --reasks 1 --out runs/again
    python benchmarks/reask.py --gold GOLD.json --once runs/once --again runs/again

Prints both scores, what the second answers came to, and what they cost in calls and tokens.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from extractor.batch.gold_scoring import score


def lines(path: Path) -> list[dict[str, Any]]:
    """A JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def main() -> None:
    """Score the two runs and print them side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--once", type=Path, required=True)
    parser.add_argument("--again", type=Path, required=True)
    options = parser.parse_args()
    gold = json.loads(options.gold.read_text("utf-8"))["claims"]
    for name, folder in (("once", options.once), ("again", options.again)):
        run = json.loads((folder / "run.json").read_text("utf-8"))
        print(f"== {name}: reasks {run['reasks']}")
        print("\n".join(score(gold, lines(folder / "accepted.jsonl")).lines()))
        print(
            f"rejected {run['rejected']}, unclaimed {run['unclaimed']}, calls {run['calls']}, "
            f"tokens in {run['prompt_tokens']}, out {run['completion_tokens']}"
        )
    told = Counter(one["outcome"] for one in lines(options.again / "reasks.jsonl"))
    print("second answers:", ", ".join(f"{n} {what}" for what, n in told.most_common()) or "none")


if __name__ == "__main__":
    main()
