"""An Extractor in a user's hands: many documents, threads, event loops; closed without a trace."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from scripted_server import Scripted, Server, completion

import extractor
from extractor import AskingPolicy, Document, ExtractionResult, Extractor, ScriptedModel
from extractor.errors import ExtractorError, InputError
from extractor.model import ModelRequest

OPEN = "The mayor said 61 sailors were hurt or died."


def first_option(request: ModelRequest[Any]) -> dict[str, Any]:
    assert request.tool.narrowed is not None
    items = request.tool.narrowed["properties"]["answers"]["prefixItems"]
    return {
        "answers": [
            {name: one["enum"][0] for name, one in item["properties"].items()} for item in items
        ]
    }


def documents(count: int) -> list[Document]:
    return [Document(text=OPEN.replace("61", str(61 + place))) for place in range(count)]


def numbers(results: list[ExtractionResult]) -> list[str]:
    return [claim.quantity.text for result in results for claim in result.accepted]


def test_one_model_serves_many_documents_in_two_event_loops() -> None:
    model = ScriptedModel(first_option)

    async def two(maker: Extractor, docs: list[Document]) -> list[ExtractionResult]:
        return await asyncio.gather(*(maker.aextract(doc) for doc in docs))

    with Extractor(model) as maker:
        first = asyncio.run(two(maker, documents(3)))
        second = asyncio.run(two(maker, documents(3)))
        third = maker.extract(documents(1)[0])
    assert numbers(first) == numbers(second) == ["61", "62", "63"]
    assert numbers([third]) == ["61"]
    assert len(model.requests) == 7


def test_more_documents_than_the_loop_has_threads_are_under_way_at_once() -> None:
    """A loop's own executor has six threads on two cores; here twenty calls wait at once."""
    barrier = threading.Barrier(20)

    def wait_for_all(request: ModelRequest[Any]) -> dict[str, Any]:
        barrier.wait(timeout=30)
        return first_option(request)

    async def all_of_them() -> list[ExtractionResult]:
        async with Extractor(ScriptedModel(wait_for_all)) as maker:
            return await asyncio.gather(*(maker.aextract(doc) for doc in documents(20)))

    assert len(numbers(asyncio.run(all_of_them()))) == 20


def test_it_works_inside_a_running_loop() -> None:
    """As in a notebook, where `extract` is called while a loop runs in the same thread."""

    async def cell() -> ExtractionResult:
        return extractor.extract(documents(1)[0], ScriptedModel(first_option))

    assert numbers([asyncio.run(cell())]) == ["61"]


def test_threads_share_it() -> None:
    with Extractor(ScriptedModel(first_option)) as maker, ThreadPoolExecutor(16) as pool:
        results = list(pool.map(maker.extract, documents(16)))
    assert numbers(results) == [str(61 + place) for place in range(16)]


def test_a_cancelled_document_makes_no_further_calls() -> None:
    text = "\n".join(OPEN.replace("61", str(61 + place)) for place in range(20))
    called, go_on = threading.Event(), threading.Event()

    def slow(request: ModelRequest[Any]) -> dict[str, Any]:
        called.set()
        go_on.wait(timeout=30)
        return first_option(request)

    model = ScriptedModel(slow)

    async def cancelled() -> None:
        async with Extractor(model) as maker:
            task = asyncio.create_task(maker.aextract(Document(text=text)))
            await asyncio.to_thread(called.wait, 30)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            go_on.set()

    asyncio.run(cancelled())
    assert len(model.requests) == 1


def test_closing_leaves_no_thread_and_a_closed_one_says_so() -> None:
    async def once(maker: Extractor) -> None:
        await maker.aextract(documents(1)[0])

    before = set(threading.enumerate())
    maker = Extractor(ScriptedModel(first_option))
    asyncio.run(once(maker))
    maker.close()
    maker.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ExtractorError, match="is closed"):
        maker.extract(documents(1)[0])
    with pytest.raises(ExtractorError, match="is closed"):
        asyncio.run(once(maker))


def test_a_model_that_was_handed_in_is_left_open() -> None:
    class Watched(ScriptedModel):
        closed = 0

        def close(self) -> None:
            self.closed += 1

    model = Watched(first_option)
    with Extractor(model) as maker:
        maker.extract(documents(1)[0])
    assert model.closed == 0


def test_a_result_pickles_and_goes_through_json_with_its_reasks() -> None:
    answers = [
        {"answers": [{"id": 1, "quote": "61 sailors", "event": "fled"}]},
        {"answers": [{"id": 1, "quote": "61 sailors", "event": "killed"}]},
    ]
    model = ScriptedModel(answers, narrows_schema=False)
    result = extractor.extract(Document(text="The storm killed 61 sailors."), model)
    assert len(result.reasks) == 1
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301
    assert ExtractionResult.from_json(result.to_json()) == result


def test_what_cannot_be_used_is_told_at_once() -> None:
    with pytest.raises(InputError, match="no such template"):
        Extractor(ScriptedModel([]), prompt="no-such-prompt")
    assert AskingPolicy().size(narrows=True) == "sentence"
    assert AskingPolicy().size(narrows=False) == "paragraph"
    assert AskingPolicy(ask="free").size(narrows=True) == "paragraph"
    assert AskingPolicy(passage="document").size(narrows=True) == "document"


def test_the_prompt_must_belong_to_the_way_of_asking() -> None:
    with pytest.raises(InputError, match="which wants 'free'"):
        Extractor(ScriptedModel([]), prompt="claims.v2", policy=AskingPolicy(ask="free"))


def test_the_loop_does_not_wait_while_another_thread_opens_the_model() -> None:
    maker = Extractor(ScriptedModel(first_option))

    async def while_it_opens() -> list[ExtractionResult]:
        with maker._opening:  # as a thread does that loads weights
            tasks = [asyncio.create_task(maker.aextract(doc)) for doc in documents(3)]
            done, _ = await asyncio.wait(tasks, timeout=0.05)
            assert not done
        return await asyncio.gather(*tasks)

    assert numbers(asyncio.run(while_it_opens())) == ["61", "62", "63"]
    maker.close()


def test_the_policy_says_how_many_documents_are_under_way() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def counted(request: ModelRequest[Any]) -> dict[str, Any]:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        threading.Event().wait(0.01)
        with lock:
            now -= 1
        return first_option(request)

    async def all_of_them() -> list[ExtractionResult]:
        async with Extractor(ScriptedModel(counted), policy=AskingPolicy(concurrency=2)) as maker:
            return await asyncio.gather(*(maker.aextract(doc) for doc in documents(12)))

    assert len(numbers(asyncio.run(all_of_them()))) == 12
    assert most <= 2


def test_a_cancelled_document_is_not_asked_about_again() -> None:
    """Refused answers would go back five times; nobody waits for that."""
    called, go_on = threading.Event(), threading.Event()

    def wrong(_: ModelRequest[Any]) -> dict[str, Any]:
        called.set()
        go_on.wait(timeout=30)
        return {"answers": [{"id": 1, "quote": "nothing of the kind"}]}

    model = ScriptedModel(wrong, narrows_schema=False)

    async def cancelled() -> None:
        async with Extractor(model, policy=AskingPolicy(reasks=5)) as maker:
            task = asyncio.create_task(maker.aextract(documents(1)[0]))
            await asyncio.to_thread(called.wait, 30)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            go_on.set()

    asyncio.run(cancelled())
    assert len(model.requests) == 1


def test_closing_waits_for_the_documents_of_other_threads() -> None:
    called, go_on, ended = threading.Event(), threading.Event(), []

    def slow(request: ModelRequest[Any]) -> dict[str, Any]:
        called.set()
        go_on.wait(timeout=30)
        return first_option(request)

    maker = Extractor(ScriptedModel(slow))

    def extract() -> None:
        maker.extract(documents(1)[0])
        ended.append("document")

    def close() -> None:
        maker.close()
        ended.append("closed")

    document = threading.Thread(target=extract)
    document.start()
    called.wait(30)
    closing = threading.Thread(target=close)
    closing.start()
    closing.join(0.05)
    assert closing.is_alive()
    go_on.set()
    document.join(30)
    closing.join(30)
    assert sorted(ended) == ["closed", "document"]


def test_closing_in_a_loop_leaves_no_thread_while_the_loop_runs() -> None:
    async def cell() -> None:
        before = set(threading.enumerate())
        async with Extractor(ScriptedModel(first_option)) as maker:
            await maker.aextract(documents(1)[0])
        left = set(threading.enumerate()) - before
        for thread in left:
            thread.join(5)
        assert not any(thread.is_alive() for thread in left)

    asyncio.run(cell())


def test_the_callers_context_goes_along() -> None:
    tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant")
    seen: list[str] = []

    def noting(request: ModelRequest[Any]) -> dict[str, Any]:
        seen.append(tenant.get())
        return first_option(request)

    async def of(maker: Extractor, name: str) -> None:
        tenant.set(name)
        await maker.aextract(documents(1)[0])

    async def both() -> None:
        async with Extractor(ScriptedModel(noting)) as maker:
            await asyncio.gather(of(maker, "a"), of(maker, "b"))

    asyncio.run(both())
    assert sorted(seen) == ["a", "b"]


def test_a_model_by_name_is_opened_once_used_in_two_loops_and_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over real HTTP; a connection that is left open would be a ResourceWarning, an error here."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789abcdef0123")
    said = {"answers": [{"id": 1, "quote": "61 sailors were hurt or died", "event": "died"}]}
    answer = Scripted(completion(json.dumps(said), name="explain_numbers"))
    server = Server([answer] * 8)

    async def two(maker: Extractor) -> list[ExtractionResult]:
        return await asyncio.gather(*(maker.aextract(documents(1)[0]) for _ in range(2)))

    try:
        with Extractor("m", base_url=server.url, policy=AskingPolicy(reasks=0)) as maker:
            assert numbers(asyncio.run(two(maker))) == ["61", "61"]
            assert numbers(asyncio.run(two(maker))) == ["61", "61"]
        del maker
        gc.collect()
    finally:
        server.close()
