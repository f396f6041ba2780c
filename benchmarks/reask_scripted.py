"""What asking again adds to answers that are damaged at random, without a model.

    python benchmarks/reask_scripted.py --gold GOLD.json --docs DIR [--damaged 0.3] [--seed 1]

The gold claims are the answers of a scripted model that names every field itself. A share of them
(`--damaged`) has one thing wrong: the event, the claimant or the counted thing of another claim, a
quote that does not stand there, an answer left out. When such an answer goes back the model
corrects it (half of the time), leaves out what was objected to (a quarter), or says the same again.
These shares are assumptions: what is measured is what the rules make of each kind of second answer.
The same seed damages the same answers, with a second turn and without.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from extractor import Document
from extractor.batch.gold_scoring import Record, belongs, score
from extractor.claims import ExtractionResult
from extractor.claims.records import claim_record, plain
from extractor.extraction import AskingPolicy, extract_with
from extractor.extraction.passages import Passage, passages
from extractor.model import ModelRequest, ScriptedModel
from extractor.quantities.types import Quantity
from extractor.validator import Source

_SWAPPED = ("event", "claimant", "counted")
_KINDS = (*_SWAPPED, "quote", "left out")
_SECOND = ("corrects", "corrects", "leaves out", "repeats")
_ASKED = re.compile(r"(?:only: |; )(\d+)\) ")


class Damaged:
    """Answers about one document: right ones, of which some are damaged."""

    def __init__(self, document: Document, gold: list[Record], share: float, seed: int) -> None:
        self.damages: dict[int, str] = {}
        self._gold = [claim for claim in gold if claim["doc"] == document.id]
        self._share = share
        self._seed = seed
        self._document = document
        source = Source(document)
        self._planned: Iterator[Passage] = passages(source, "paragraph")
        self._passage: Passage | None = None

    def __call__(self, request: ModelRequest[Any]) -> Mapping[str, Any]:
        """The answers of one turn."""
        if not request.turns:
            place = request.document.rpartition(":")[2]
            self._passage = next(
                one for one in self._planned if f"{one.span.start}-{one.span.end}" == place
            )
            asked = list(range(1, len(self._at.quantities) + 1))
        else:
            closing = request.turns[-1].content.splitlines()[-1]
            asked = [int(number) for number in _ASKED.findall(closing)]
        answers = (self._answer(place, again=bool(request.turns)) for place in asked)
        return {"answers": [answer for answer in answers if answer is not None]}

    @property
    def _at(self) -> Passage:
        if self._passage is None:
            raise ValueError("a re-ask came before any question")
        return self._passage

    def _answer(self, place: int, *, again: bool) -> dict[str, Any] | None:
        quantity = self._at.quantities[place - 1]
        right = self._right(quantity)
        if right is None:
            return {"id": place, "dismissed": "no claim"}
        dice = random.Random(f"{self._seed} {self._document.id} {quantity.span}")  # noqa: S311
        damage = dice.choice(_KINDS) if dice.random() < self._share else "none"
        wrong = self._wrong(damage, right, dice)
        second = dice.choice(_SECOND) if again else "repeats"
        self.damages[quantity.span.start] = damage
        if damage == "none" or second == "corrects":
            return {"id": place, **right}
        if damage == "left out":
            return None
        if second == "leaves out":
            return {"id": place, **{name: v for name, v in right.items() if name != damage}}
        return {"id": place, **right, damage: wrong}

    def _right(self, quantity: Quantity) -> dict[str, Any] | None:
        figure = {"value": plain(quantity.value), "low": plain(quantity.low)}
        record = figure | {
            "high": plain(quantity.high),
            "document": self._document.id,
            "number_span": [quantity.span.start, quantity.span.end],
        }
        claim = next((one for one in self._gold if belongs(record, one)), None)
        if claim is None:
            return None
        names = ("quote", "counted", "event", "claimant", "modality")
        return {name: claim[name] for name in names if claim[name] is not None}

    def _wrong(self, damage: str, right: Mapping[str, Any], dice: random.Random) -> str:
        if damage not in _SWAPPED:
            return str(right["quote"])[::-1]
        said: set[str] = {one[damage] for one in self._gold if one[damage]}
        return dice.choice(sorted(said - {right.get(damage)}) or ["nobody"])


def extracted(document: Document, answers: Damaged, reasks: int) -> ExtractionResult:
    """What comes of a document with these answers."""
    model = ScriptedModel(answers, narrows_schema=False)
    policy = AskingPolicy(reasks=reasks, passage="paragraph")
    return extract_with(model, document, policy=policy)


def main() -> None:
    """Extract from every document of the gold without and with a second turn; print both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--docs", type=Path, required=True)
    parser.add_argument("--damaged", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    gold = json.loads(options.gold.read_text("utf-8"))["claims"]
    names = sorted({claim["doc"] for claim in gold})
    documents = [Document.from_path(options.docs / f"{name}.txt") for name in names]
    for reasks in (0, 1):
        results: list[ExtractionResult] = []
        damages: Counter[str] = Counter()
        for document in documents:
            answers = Damaged(document, gold, options.damaged, options.seed)
            results.append(extracted(document, answers, reasks))
            damages.update(answers.damages.values())
        print(
            f"== reasks {reasks}: damaged "
            + ", ".join(f"{n} {k}" for k, n in sorted(damages.items()))
        )
        accepted = [claim_record(claim) for result in results for claim in result.accepted]
        print("\n".join(score(gold, accepted).lines()))
        told = Counter(again.outcome for result in results for again in result.reasks)
        print(
            f"accepted {len(accepted)}, rejected {sum(len(r.rejected) for r in results)}, "
            f"unclaimed {sum(len(r.unclaimed) for r in results)}, "
            f"calls {sum(r.calls for r in results)}; second answers: "
            + (", ".join(f"{n} {what}" for what, n in told.most_common()) or "none")
        )


if __name__ == "__main__":
    main()
