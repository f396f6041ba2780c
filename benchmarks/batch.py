"""A run over many documents, on a scripted server or none: rate, memory, and the ledger's share.

    python benchmarks/batch.py flat --documents 20000
    python benchmarks/batch.py latency --documents 1500 --concurrency 64

Documents are rows of a JSONL table, of one number each. `flat` asks a model that answers at once,
in this process. It prints documents a second, the resident memory, and the part of the CPU that
the ledger's thread took, every tenth of the way. `latency` asks a server on loopback, in another
process, that takes 200 ms an answer, and prints the calls a second as a part of the ideal
(concurrency / 0.2 s), after the first tenth of the documents.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing as mp
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from extractor.batch.budget import Budget
from extractor.batch.input_document import InputDocument, InputOptions
from extractor.batch.input_stream import stream_documents
from extractor.batch.ledger_writer import LedgerWriter, save_plan
from extractor.batch.run_memory import RunMemory
from extractor.batch.runner import RunParts, RunPlan, Watcher, run_documents
from extractor.batch.stopping import Stopping
from extractor.claims import Usage
from extractor.extraction import AskingPolicy, prompt_for
from extractor.model import ChatModel, Model, ModelRequest, RateCeilings, RateGate, ScriptedModel
from extractor.model.endpoints import Endpoint

_LATENCY = 0.2  # seconds
_PAGE = 4096  # bytes


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("what", choices=("flat", "latency"))
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--concurrency", type=int, default=8)
    options = parser.parse_args()
    measure = _flat if options.what == "flat" else _latency
    measure(options.documents, options.concurrency)


def _flat(documents: int, concurrency: int) -> None:
    model = ScriptedModel(_answer, narrows_schema=False)
    model.requests = _Forgetful()
    began, cpu = time.monotonic(), time.process_time()
    done, last = 0, (began, 0)
    with tempfile.TemporaryDirectory() as name, LedgerWriter(_new(Path(name))) as ledger:

        def ended(_: object) -> None:
            nonlocal done, last
            done += 1
            if done % max(1, documents // 10) == 0:
                now = time.monotonic()
                rate = (done - last[1]) / (now - last[0])
                share = ledger.seconds / (time.process_time() - cpu)
                print(
                    f"{done:>8} documents  {rate:7.1f}/s  {_resident() / 2**20:7.1f} MB  "
                    f"ledger {share:.1%} of the CPU",
                    flush=True,
                )
                last = now, done

        _run(
            Path(name),
            ledger,
            model,
            _documents(Path(name), documents),
            concurrency,
            Watcher(ends=ended),
        )


def _latency(documents: int, concurrency: int) -> None:
    ours, theirs = mp.Pipe()
    server = mp.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    url: str = ours.recv()
    gate = RateGate(RateCeilings(concurrency))
    begins = documents // 10  # packages are imported and connections opened before
    done, began, cpu = 0, 0.0, 0.0

    def ended(_: object) -> None:
        nonlocal done, began, cpu
        done += 1
        if done == begins:
            began, cpu = time.monotonic(), time.process_time()

    with (
        tempfile.TemporaryDirectory() as name,
        ChatModel("scripted", Endpoint(url, "sk-none"), gate=gate) as model,
        LedgerWriter(_new(Path(name))) as ledger,
    ):
        _run(
            Path(name),
            ledger,
            model,
            _documents(Path(name), documents),
            concurrency,
            Watcher(ends=ended),
        )
        seconds = time.monotonic() - began
        rate = (documents - begins) / seconds
        print(
            f"{rate:.1f} calls/s, {rate * _LATENCY / concurrency:.3f} of the ideal rate; "
            f"{(time.process_time() - cpu) / seconds:.2f} of a core, "
            f"{(time.process_time() - cpu) / (documents - begins) * 1000:.2f} ms CPU a call"
        )
    ours.send(None)
    server.join()


def _run(
    folder: Path,
    ledger: LedgerWriter,
    model: Model,
    documents: Iterator[InputDocument],
    concurrency: int,
    watcher: Watcher,
) -> None:
    with RunMemory(folder) as memory:
        from contextlib import nullcontext

        budget = Budget(None, None, Usage())
        parts = RunParts(model, lambda _: nullcontext(), ledger, memory, budget, Stopping())
        policy = AskingPolicy(reasks=0)
        plan = RunPlan(prompt_for(policy), policy, concurrency)
        run_documents(documents, parts, plan, watcher)


def _new(folder: Path) -> Path:
    save_plan(folder, {})
    return folder


def _documents(folder: Path, count: int) -> Iterator[InputDocument]:
    """So many texts of one number each, as rows of a table that is read as a run reads it."""
    table = folder / "documents.jsonl"
    with table.open("w", encoding="ascii") as file:
        for number in range(count):
            text = f"Last night {number + 60} sailors died."
            file.write(json.dumps({"id": f"{number:07}", "text": text}) + "\n")
    return stream_documents([table], InputOptions(id_column="id"))


def _answer(request: ModelRequest[Any]) -> dict[str, Any]:
    number = request.messages[-1].content.split("Numbers: 1) ")[1].split()[0]
    return {"answers": [{"quote": number, "counted": "sailors", "event": "died"}]}


class _Forgetful(list[Any]):
    """The requests of a model that is asked so often that nobody wants them kept."""

    def append(self, _: object) -> None:
        """Nothing."""


def _resident() -> int:
    """Bytes of memory that this process has now, or on systems without /proc its most."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _serve(pipe: Any) -> None:  # noqa: ANN401 - a connection
    from scripted_server import Call, Scripted, Server, Wire, completion

    class Late:
        def __init__(self, reply: Scripted) -> None:
            self.reply = reply

        def play(self, wire: Wire) -> bool:
            time.sleep(_LATENCY)
            return self.reply.play(wire)

    def script(call: Call) -> Late:
        number = call.body["messages"][-1]["content"].split("Numbers: 1) ")[1].split()[0]
        one = {"id": 1, "quote": number, "counted": "sailors", "event": "died"}
        answers = json.dumps({"answers": [one]})
        return Late(Scripted(completion(answers, name="explain_numbers")))

    server = Server(script)
    pipe.send(server.url)
    pipe.recv()
    server.close()


if __name__ == "__main__":
    main()
