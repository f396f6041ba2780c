"""Score a run against gold claims.

    python benchmarks/extraction.py --gold GOLD.json --run runs/NAME [--misses]

GOLD.json is an object whose "claims" are gold claims; the run's documents must bear the gold's
document names. Prints precision, recall and F1 of `number` and `full`, accuracy by field, seconds a
document and generated tokens a claim.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from gold_scoring import score


def main() -> None:
    """Read the two files, score, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--misses", action="store_true", help="list what is wrong, one a line")
    options = parser.parse_args()

    gold = json.loads(options.gold.read_text("utf-8"))["claims"]
    lines = (options.run / "accepted.jsonl").read_text("utf-8").splitlines()
    predictions = [json.loads(line) for line in lines]
    run = json.loads((options.run / "run.json").read_text("utf-8"))
    documents = {*run["document_sha256"], *(failed["document"] for failed in run["failed"])}
    left_out = {claim["doc"] for claim in gold} - documents
    if left_out:
        print(f"not in this run, so not scored: {', '.join(sorted(left_out))}")
    gold = [claim for claim in gold if claim["doc"] not in left_out]
    result = score(gold, predictions)
    print(result.table())
    count = max(1, run["documents"])
    claims = max(1, run["accepted"] + run["rejected"])
    print(
        f"seconds a document {run['model_seconds'] / count:.1f}, "
        f"generated tokens a claim {run['completion_tokens'] / claims:.1f}, "
        f"calls {run['calls']}, rejected {run['rejected']}, dismissed {run['dismissed']}, "
        f"unclaimed {run['unclaimed']}"
    )
    if options.misses:
        print("\n".join(result.misses))


if __name__ == "__main__":
    main()
