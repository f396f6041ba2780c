"""Many documents at once under one patch: threads, event loops, streams, the order of a file."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from threading import Barrier, Event
from types import FrameType
from typing import Any

import httpx2
import openai
import pytest
from scripted_server import Call, Scripted, Server, completion

from extractor.errors import CassetteError
from extractor.model import (
    ChatModel,
    Endpoint,
    Message,
    ModelRequest,
    Origin,
    recording,
    recording_deck,
    replaying,
    replaying_deck,
)
from extractor.model.cassettes import current, updating_deck
from extractor.model.fingerprint import HEADER
from extractor.spares import Spares

from .conftest import KEY, Answer, Open, make_request

ORIGIN = Origin("some-model", "a scripted server")
DATE = "2026-11-22"
THREADS = 16
CALLS = 5  # a document
NOWHERE = "http://127.0.0.1:9/v1"


def said_last(call: Call) -> Scripted:
    """An answer that says the last message of the call."""
    said = {"event": call.body["messages"][-1]["content"]}
    return Scripted(completion(json.dumps(said)))


@pytest.fixture
def echo() -> Iterator[Server]:
    server = Server(said_last)
    yield server
    server.close()


def about(document: str, place: int) -> ModelRequest[Answer]:
    return make_request(
        messages=(Message("user", f"{document} at {place}"),), document=f"{document}:{place}-9"
    )


def ask_all(model: ChatModel, document: str) -> list[str]:
    return [model.ask(about(document, place)).arguments.event for place in range(CALLS)]


def in_threads(work: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """`work` on as many documents as there are threads, all of which begin at once."""
    together = Barrier(THREADS)

    def begin(document: str) -> list[str]:
        together.wait(timeout=30)
        return work(document)

    documents = [f"doc{number}" for number in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(documents, pool.map(begin, documents), strict=True))


EXPECTED = {
    f"doc{number}": [f"doc{number} at {place}" for place in range(CALLS)]
    for number in range(THREADS)
}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_sixteen_threads_record_and_replay_each_its_own_document(
    echo: Server, open_chat: Open, tmp_path: Path
) -> None:
    model = open_chat(echo.url)

    def work(document: str) -> list[str]:
        with deck.tape(document):
            return ask_all(model, document)

    recorded = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        with recording_deck(folder, ORIGIN, DATE) as deck:
            assert in_threads(work) == EXPECTED
        recorded.append(files(folder))
    assert len(echo.calls) == 2 * THREADS * CALLS
    assert recorded[0] == recorded[1]
    assert len(recorded[0]) == THREADS

    model = open_chat(NOWHERE)
    with replaying_deck(tmp_path / "one") as deck:
        assert in_threads(work) == EXPECTED
    assert len(echo.calls) == 2 * THREADS * CALLS


def test_the_order_of_a_file_is_that_of_the_places_whoever_comes_first(
    echo: Server, open_chat: Open, tmp_path: Path
) -> None:
    model = open_chat(echo.url)
    again = (Message("user", "again"),)

    def asked(deck_folder: Path, places: list[int]) -> bytes:
        path = deck_folder / "d.json"
        with recording(path, ORIGIN, DATE), ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda place: model.ask(about("d", place)), places))
            model.ask(make_request(document="d:7-9", turns=again))
        return path.read_bytes()

    first = asked(tmp_path / "one", list(range(12)))
    assert asked(tmp_path / "two", list(reversed(range(12)))) == first
    bodies = [one["request"]["body"] for one in json.loads(first)["interactions"]]
    said = [body["messages"][-1]["content"] for body in bodies]
    assert said == [*(f"d at {n}" for n in range(8)), "again", *(f"d at {n}" for n in range(8, 12))]


def test_equal_calls_in_many_threads_play_each_recording_once(
    echo: Server, open_chat: Open, tmp_path: Path
) -> None:
    path = tmp_path / "d.json"
    model = open_chat(echo.url)
    with recording(path, ORIGIN, DATE):
        for _ in range(THREADS - 1):
            model.ask(about("d", 0))
    content = json.loads(path.read_text())
    for number, one in enumerate(content["interactions"]):
        function = one["response"]["body"]["choices"][0]["message"]["tool_calls"][0]["function"]
        function["arguments"] = json.dumps({"event": str(number)})
    path.write_text(json.dumps(content))

    model = open_chat(NOWHERE)

    def work(_: str) -> list[str]:
        try:
            return [model.ask(about("d", 0)).arguments.event]
        except CassetteError as error:
            return [str(error).split()[0]]

    with replaying(path) as tape:
        events = Counter(event for (event,) in in_threads(work).values())
    assert events == Counter([*map(str, range(THREADS - 1)), "EXHAUSTED"])
    assert tape.unplayed == 0


def test_two_event_loops_share_a_deck(echo: Server, open_chat: Open, tmp_path: Path) -> None:
    model = open_chat(echo.url)

    async def one(document: str) -> list[str]:
        with deck.tape(document):
            # the context, and the tape in it, goes along into the thread
            return await asyncio.to_thread(ask_all, model, document)

    async def half(numbers: range) -> list[list[str]]:
        return await asyncio.gather(*(one(f"doc{number}") for number in numbers))

    def both() -> list[list[str]]:
        halves = (range(THREADS // 2), range(THREADS // 2, THREADS))
        with ThreadPoolExecutor(2) as pool:
            loops = pool.map(lambda numbers: asyncio.run(half(numbers)), halves)
            return [events for loop in loops for events in loop]

    with recording_deck(tmp_path, ORIGIN, DATE) as deck:
        assert both() == list(EXPECTED.values())
    model = open_chat(NOWHERE)
    with replaying_deck(tmp_path) as deck:
        assert both() == list(EXPECTED.values())
    assert len(echo.calls) == THREADS * CALLS


STREAMED = {"messages": [{"role": "user", "content": "streamed “é”"}], "stream": True}


class TestStreams:
    """Whoever streams an answer gets it whole; neither half of it is lost."""

    fingerprint = ";".join(
        f"{part}=0" for part in ("model", "prompt", "schema", "document", "turns", "params")
    )

    def read(self, url: str) -> bytes:
        with (
            httpx2.Client(trust_env=False) as client,
            client.stream(
                "POST",
                f"{url}/chat/completions",
                json=STREAMED,
                headers={HEADER: self.fingerprint},
            ) as response,
        ):
            return b"".join(response.iter_bytes(7))

    async def aread(self, url: str) -> bytes:
        async with (
            httpx2.AsyncClient(trust_env=False) as client,
            client.stream(
                "POST",
                f"{url}/chat/completions",
                json=STREAMED,
                headers={HEADER: self.fingerprint},
            ) as response,
        ):
            return b"".join([part async for part in response.aiter_bytes(7)])

    def test_a_stream_is_recorded_and_replayed_whole(self, echo: Server, tmp_path: Path) -> None:
        path = tmp_path / "d.json"
        with recording(path, ORIGIN, DATE):
            live = self.read(echo.url)
        with replaying(path) as tape:
            played = self.read(NOWHERE)
            assert tape.unplayed == 0
        event = json.loads(live)["choices"][0]["message"]["tool_calls"][0]["function"]["arguments"]
        assert json.loads(event) == {"event": "streamed “é”"}
        assert (
            json.loads(played)["choices"][0]["message"]["tool_calls"][0]["function"]
            == (json.loads(live)["choices"][0]["message"]["tool_calls"][0]["function"])
        )

    def test_in_an_event_loop_too(self, echo: Server, tmp_path: Path) -> None:
        path = tmp_path / "d.json"
        with recording(path, ORIGIN, DATE):
            asyncio.run(self.aread(echo.url))
        with replaying(path):
            played = [asyncio.run(self.aread(NOWHERE))]
            with pytest.raises(CassetteError, match="EXHAUSTED"):
                asyncio.run(self.aread(NOWHERE))
        assert b"streamed" in played[0]
        assert len(echo.calls) == 1


class TestOutsideOfATape:
    """Where a deck is in use, a call that belongs to no document neither goes out nor is lost."""

    def test_in_replay(self, echo: Server, open_chat: Open, tmp_path: Path) -> None:
        model = open_chat(echo.url)
        with replaying_deck(tmp_path), pytest.raises(CassetteError, match="outside of any"):
            model.ask(make_request())
        assert echo.calls == []

    def test_while_recording(self, echo: Server, open_chat: Open, tmp_path: Path) -> None:
        model = open_chat(echo.url)
        with recording_deck(tmp_path, ORIGIN, DATE) as deck, deck.tape("d"):  # noqa: SIM117
            # a pool of threads does not carry the context, and so not the tape
            with ThreadPoolExecutor(1) as pool:
                call = pool.submit(model.ask, make_request())
                with pytest.raises(CassetteError, match="outside of any document's cassette"):
                    call.result(timeout=30)
        assert echo.calls == []

    def test_a_call_of_another_client_in_replay(self, echo: Server, tmp_path: Path) -> None:
        with (
            replaying(tmp_path / "d.json"),
            httpx2.Client(trust_env=False) as client,
            pytest.raises(CassetteError, match=r"A call to 127\.0\.0\.1 was stopped"),
        ):
            client.post(echo.url, json={"messages": [{"content": "x"}]})
        assert echo.calls == []

    def test_a_call_of_another_client_while_recording_is_left_alone(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        path = tmp_path / "d.json"
        with recording(path, ORIGIN, DATE), httpx2.Client(trust_env=False) as client:
            open_chat(echo.url).ask(make_request())
            client.post(echo.url, json={"messages": [{"content": "x"}]})
        assert len(echo.calls) == 2
        assert len(json.loads(path.read_text())["interactions"]) == 1

    def test_after_its_tape_was_closed(self, echo: Server, open_chat: Open, tmp_path: Path) -> None:
        model = open_chat(echo.url)

        async def late(is_open: asyncio.Event) -> None:
            await is_open.wait()
            model.ask(make_request())

        async def outlived(*, deck_too: bool) -> None:
            done = asyncio.Event()
            with replaying_deck(tmp_path) as deck:
                with deck.tape("d"):
                    task = asyncio.create_task(late(done))
                    await asyncio.sleep(0)
                if not deck_too:
                    done.set()
                    await task
            done.set()
            await task

        for deck_too in (False, True):
            with pytest.raises(CassetteError, match="a call came after"):
                asyncio.run(outlived(deck_too=deck_too))
        assert echo.calls == []


class TestWorkersThatOutliveTheirDeck:
    """Ctrl-C closes the deck while other documents are under way."""

    def test_in_replay_nothing_goes_out(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        with recording_deck(tmp_path, ORIGIN, DATE) as deck, deck.tape("d"):
            ask_all(open_chat(echo.url), "d")
        begun, closed = Event(), Event()
        model = open_chat(echo.url)

        def work() -> None:
            with deck.tape("d") as tape:
                # expected before the deck is closed, and sent after it
                tape.expect(model.fingerprint(about("d", 0), model.capabilities))
                begun.set()
                closed.wait(timeout=30)
                headers = {HEADER: model.fingerprint(about("d", 0), model.capabilities).header}
                with httpx2.Client(trust_env=False) as client:
                    played.append(client.post(echo.url, json={}, headers=headers).status_code)
                model.ask(about("d", 1))

        played: list[int] = []
        with ThreadPoolExecutor(1) as pool:
            with replaying_deck(tmp_path) as deck:
                worker = pool.submit(work)
                assert begun.wait(timeout=30)
            with (
                pytest.raises(CassetteError, match="cannot be opened while"),
                replaying_deck(tmp_path),
            ):
                pass
            assert current() is None  # whoever has nothing to do with it is free again
            closed.set()
            with pytest.raises(CassetteError, match="a call came after"):
                worker.result(timeout=30)
        assert played == [200]
        assert len(echo.calls) == CALLS
        with pytest.raises(CassetteError, match="its deck is closed"), deck.tape("e"):
            pass

    def test_a_call_whose_document_was_given_up_does_not_go_out(
        self, echo: Server, tmp_path: Path
    ) -> None:
        """A cancelled task closes its tape while the thread that asks for it goes on."""
        begun, closed = Event(), Event()

        class Slow(ChatModel):
            def sdks(self) -> Spares[openai.OpenAI]:  # between what is expected and what is sent
                begun.set()
                closed.wait(timeout=30)
                return super().sdks()

        endpoint = Endpoint(echo.url, KEY, timeout=10)
        with (
            ChatModel("some-model", endpoint) as model,
            recording_deck(tmp_path, ORIGIN, DATE) as d,
            d.tape("d"),
        ):
            ask_all(model, "d")
        with Slow("some-model", endpoint) as model, ThreadPoolExecutor(1) as pool:
            with replaying_deck(tmp_path) as deck, deck.tape("d") as tape:
                worker = pool.submit(copy_context().run, model.ask, about("d", 0))
                assert begun.wait(timeout=30)
            closed.set()
            assert worker.result(timeout=30).arguments.event == "d at 0"
        assert len(echo.calls) == CALLS
        assert httpx2.HTTPTransport.handle_request.__qualname__.startswith("HTTPTransport")
        # whatever comes of the old deck after its end is nothing to the next one
        with replaying_deck(tmp_path) as deck, deck.tape("d") as another:
            with tape.under_way():
                pass
            assert current() is another

    def test_what_is_half_recorded_is_not_written(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        model = open_chat(echo.url)
        begun, closed = Event(), Event()

        def work() -> None:
            with deck.tape("d"):
                model.ask(about("d", 0))
                begun.set()
                closed.wait(timeout=30)

        with ThreadPoolExecutor(1) as pool:
            with recording_deck(tmp_path, ORIGIN, DATE) as deck:
                worker = pool.submit(work)
                assert begun.wait(timeout=30)
            closed.set()
            with pytest.raises(CassetteError, match="closed before its document was done"):
                worker.result(timeout=30)
        assert list(tmp_path.iterdir()) == []
        assert httpx2.HTTPTransport.handle_request.__qualname__.startswith("HTTPTransport")


def test_a_second_deck_is_refused(tmp_path: Path) -> None:
    with (
        replaying_deck(tmp_path / "one"),
        pytest.raises(CassetteError, match=r"two: cannot be opened while .*one is in use"),
        recording_deck(tmp_path / "two", ORIGIN, DATE),
    ):
        pass
    assert current() is None


def test_a_document_is_open_once(tmp_path: Path) -> None:
    with (
        replaying_deck(tmp_path) as deck,
        deck.tape("d"),
        deck.tape("e"),
        pytest.raises(CassetteError, match=r"d\.json: is in use already"),
        deck.tape("d"),
    ):
        pass


@pytest.mark.parametrize("document", ["../d", "/d", "a/../../d"])
def test_a_name_that_leads_out_of_the_folder(tmp_path: Path, document: str) -> None:
    with (
        recording_deck(tmp_path, ORIGIN, DATE) as deck,
        pytest.raises(CassetteError, match="names no cassette below"),
        deck.tape(document),
    ):
        pass


def test_one_document_that_fails_leaves_the_files_of_the_others(
    echo: Server, open_chat: Open, tmp_path: Path
) -> None:
    model = open_chat(echo.url)
    with recording_deck(tmp_path, ORIGIN, DATE) as deck:
        with deck.tape("a"):
            model.ask(about("a", 0))
        with suppress(KeyboardInterrupt), deck.tape("b"):
            model.ask(about("b", 0))
            raise KeyboardInterrupt
    assert set(files(tmp_path)) == {"a.json"}


class TestUpdating:
    def test_what_is_recorded_is_played_and_what_is_not_goes_out(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        model = open_chat(echo.url)
        with recording_deck(tmp_path, ORIGIN, DATE) as deck, deck.tape("d"):
            for place in (0, 2, 4):
                model.ask(about("d", place))
        before = json.loads((tmp_path / "d.json").read_text())
        with updating_deck(tmp_path, ORIGIN, "2031-01-01") as deck, deck.tape("d") as tape:
            for place in (3, 2, 0):
                model.ask(about("d", place))
            assert (tape.sent, tape.unplayed, tape.unplayed_numbers) == (1, 1, [3])
        assert len(echo.calls) == 4
        after = json.loads((tmp_path / "d.json").read_text())
        assert after["interactions"][:2] == before["interactions"][:2]
        said = [o["request"]["body"]["messages"][-1]["content"] for o in after["interactions"]]
        assert said == ["d at 0", "d at 2", "d at 3"]
        assert after["cassette"]["recorded"] == "2031-01-01"

    def test_without_a_call_it_keeps_its_date(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        model = open_chat(echo.url)
        with recording_deck(tmp_path, ORIGIN, DATE) as deck, deck.tape("d"):
            ask_all(model, "d")
        with updating_deck(tmp_path, ORIGIN, "2031-01-01") as deck, deck.tape("d"):
            model.ask(about("d", 1))
        after = json.loads((tmp_path / "d.json").read_text())
        assert (len(echo.calls), len(after["interactions"])) == (CALLS, 1)
        assert after["cassette"]["recorded"] == DATE

    def test_what_another_server_said_is_not_mixed_in(
        self, echo: Server, open_chat: Open, tmp_path: Path
    ) -> None:
        model = open_chat(echo.url)
        with recording_deck(tmp_path, ORIGIN, DATE) as deck, deck.tape("d"):
            ask_all(model, "d")
        other = Origin("some-model", "another server")
        with updating_deck(tmp_path, other, DATE) as deck, deck.tape("d"):
            ask_all(model, "d")
        assert len(echo.calls) == 2 * CALLS


def test_a_call_is_found_in_a_step_however_many_there_are(
    echo: Server, open_chat: Open, tmp_path: Path
) -> None:
    """Twice the recordings, twice the instructions carried out in this project and in vcrpy."""
    model = open_chat(echo.url)
    with recording_deck(tmp_path, ORIGIN, DATE) as deck:
        for count in (40, 80):
            with deck.tape(str(count)):
                for place in range(count):
                    model.ask(about("d", place))

    def instructions(count: int) -> int:
        requests = [about("d", place) for place in range(count)]
        replayed = open_chat(NOWHERE)
        carried_out = 0

        def step(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal carried_out
            frame.f_trace_opcodes = True
            carried_out += event == "opcode"
            return step

        def calls(frame: FrameType, _event: str, _arg: Any) -> Any:
            name = frame.f_code.co_filename
            if "/vcr/" in name or "extractor/model/" in name:
                frame.f_trace_opcodes = True
                return step
            return None

        with replaying_deck(tmp_path) as deck, deck.tape(str(count)) as tape:
            before = sys.gettrace()
            sys.settrace(calls)
            try:
                for request in reversed(requests):
                    replayed.ask(request)
            finally:
                sys.settrace(before)
            assert tape.unplayed == 0
        return carried_out

    first, second = instructions(40), instructions(80)
    assert second < 2.05 * first
