"""What an endpoint can do: found out once, by asking, over real HTTP; then gone by, and kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from extractor.cli import models
from extractor.errors import ModelError
from extractor.model import CallFailedError, Capabilities, ChatModel, ToolSpec, UnusableAnswerError
from extractor.model.endpoint_store import default_store, recall, remember
from extractor.model.endpoints import Endpoint, resolve_endpoint
from extractor.model.opening import ModelChoice, open_model

from .conftest import NARROWED, Answer, make_request
from .particular_server import Particular, ParticularServer

ServeRules = Callable[[Particular], str]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def serve_rules() -> Iterator[ServeRules]:
    servers: list[ParticularServer] = []

    def start(rules: Particular) -> str:
        servers.append(ParticularServer(rules))
        return servers[-1].url

    yield start
    for server in servers:
        server.close()


def opened(url: str) -> ChatModel:
    return open_model(ModelChoice("some-model", url), environ={})


SERVERS: dict[str, tuple[Particular, Capabilities, int]] = {
    "all of it": (Particular(), Capabilities(), 2),
    "no named tool": (
        Particular(forms=frozenset({"required"})),
        Capabilities(form="required"),
        4,  # named in full and bare, required, the schema
    ),
    "JSON schema only": (
        Particular(forms=frozenset({"json_schema"})),
        Capabilities(form="json_schema"),
        6,
    ),
    "tools that are ignored": (
        Particular(forms=frozenset({"json_schema"}), silent=True),
        Capabilities(form="json_schema"),
        6,
    ),
    "tools that are ignored at length": (
        Particular(forms=frozenset({"required"}), silent=True, verbose=True),
        Capabilities(form="required"),
        4,
    ),
    "another name for the limit": (
        Particular(params=frozenset({"max_completion_tokens", "seed"})),
        Capabilities(limit="max_completion_tokens", takes_temperature=False),
        7,
    ),
    "nothing but the question": (
        Particular(params=frozenset()),
        Capabilities(limit=None, takes_seed=False, takes_temperature=False),
        7,
    ),
    "a grammar": (Particular(grammar=True), Capabilities(narrows_schema=True), 2),
}


def fresh(case: str) -> tuple[Particular, Capabilities, int]:
    rules, expected, calls = SERVERS[case]
    return replace(rules, calls=[]), expected, calls


@pytest.mark.parametrize("case", SERVERS)
def test_what_is_found_out_and_what_it_costs(serve_rules: ServeRules, case: str) -> None:
    rules, expected, calls = fresh(case)
    with opened(serve_rules(rules)) as model:
        found = model.learn()
        assert found.capabilities == model.capabilities == expected
        assert found.holds_schema is rules.grammar
        assert found.tells_usage
        assert len(found.attempts) == len(rules.calls) == calls


@pytest.mark.parametrize("case", SERVERS)
def test_a_request_that_is_refused_is_put_as_the_server_takes_it(
    serve_rules: ServeRules, case: str
) -> None:
    rules, expected, _ = fresh(case)
    with opened(serve_rules(rules)) as model:
        first = model.ask(make_request())
        assert first.arguments.event == "9"
        assert len(first.attempts) == len(rules.calls)  # the detour is accounted for
        before = len(rules.calls)
        model.ask(make_request())
        assert len(rules.calls) == before + 1
        if case != "a grammar":  # which shows only to who asks for it
            assert model.capabilities == expected


def test_what_was_found_out_is_kept_for_the_next_run(serve_rules: ServeRules) -> None:
    rules = Particular(forms=frozenset({"json_schema"}))
    url = serve_rules(rules)
    with opened(url) as model:
        model.ask(make_request())
    before = len(rules.calls)
    with opened(url) as model:
        assert model.capabilities.form == "json_schema"
        model.ask(make_request())
    assert len(rules.calls) == before + 1


def test_what_is_remembered_wrongly_is_found_out_anew(serve_rules: ServeRules) -> None:
    rules = Particular(forms=frozenset({"required"}))
    url = serve_rules(rules)
    endpoint = resolve_endpoint(url, {})
    remember(endpoint, "some-model", Capabilities(form="json_schema"))
    with opened(url) as model:
        assert model.ask(make_request()).arguments.event == "9"
    assert recall(endpoint, "some-model") == Capabilities(form="required")


def test_a_refusal_for_another_reason_stays_one(serve_rules: ServeRules) -> None:
    """A schema that is too much for the server: the tiny question fares well, this one does not."""
    rules = Particular(largest_schema=300, grammar=True)
    tool = ToolSpec("answer", "x" * 10, Answer, NARROWED | {"title": "y" * 400})
    with opened(serve_rules(rules)) as model:
        model.capabilities = Capabilities(narrows_schema=True)
        with pytest.raises(CallFailedError, match=r"refuses the request \(400\)") as caught:
            model.ask(make_request(tool=tool))
        assert caught.value.reason == "refused"
        assert len(caught.value.attempts) == len(rules.calls)
        before = len(rules.calls)
        with pytest.raises(CallFailedError):
            model.ask(make_request(tool=tool))
        assert len(rules.calls) == before + 1  # it is found out once


def test_a_server_that_takes_no_form_at_all(serve_rules: ServeRules) -> None:
    with (
        opened(serve_rules(Particular(forms=frozenset()))) as model,
        pytest.raises(CallFailedError, match="named, required, json_schema") as caught,
    ):
        model.learn()
    assert caught.value.reason == "no_form"


def test_many_threads_find_out_once(serve_rules: ServeRules) -> None:
    rules = Particular(forms=frozenset({"json_schema"}))
    with opened(serve_rules(rules)) as model, ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda _: model.ask(make_request()), range(16)))
    assert {reply.arguments.event for reply in replies} == {"9"}
    probes = [call for call in rules.calls if "boats" in json.dumps(call["messages"])]
    assert len(probes) == 6


def test_a_model_that_answers_in_prose_later_is_not_asked_again(serve_rules: ServeRules) -> None:
    """Once an endpoint has answered, a missing tool call is the model's, not the endpoint's."""
    rules = Particular()
    with opened(serve_rules(rules)) as model:
        model.ask(make_request())
        rules.forms, rules.silent = frozenset(), True
        with pytest.raises(UnusableAnswerError):
            model.ask(make_request())
    assert len(rules.calls) == 2


def test_the_store_holds_no_password_and_no_key(tmp_path: Path) -> None:
    endpoint = Endpoint("https://me:hunter2@one.example/v1", "sk-secret-0123456789abcdef")
    remember(endpoint, "m", Capabilities(form="required"))
    text = default_store().read_text()
    assert "hunter2" not in text
    assert "secret" not in text
    assert tmp_path in default_store().parents


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"one.example m 0": 3}'])
def test_a_store_that_is_damaged_is_no_obstacle(text: str) -> None:
    endpoint = Endpoint("https://one.example/v1", "k")
    default_store().parent.mkdir(parents=True)
    default_store().write_text(text)
    assert recall(endpoint, "m") is None
    remember(endpoint, "m", Capabilities(form="required"))
    assert recall(endpoint, "m") == Capabilities(form="required")


class TestCommand:
    def run(self, url: str, *options: str) -> Any:
        return CliRunner().invoke(
            models.app, ["check", "--model", "some-model", "--base-url", url, *options]
        )

    def test_as_json(self, serve_rules: ServeRules) -> None:
        done = self.run(serve_rules(Particular(tells_usage=False)), "--json")
        record = json.loads(done.stdout)
        assert done.exit_code == 0
        assert record["form"] == "named"
        assert record["tells_usage"] is False
        assert record["calls"] == 2

    def test_as_a_table(self, serve_rules: ServeRules) -> None:
        rules = Particular(
            forms=frozenset({"json_schema"}), params=frozenset({"max_completion_tokens"})
        )
        done = self.run(serve_rules(rules))
        for text in ("not taken; answers by JSON schema", "max_completion_tokens", "counted"):
            assert text in done.stdout

    def test_a_server_that_is_not_there(self) -> None:
        done = self.run("http://127.0.0.1:9/v1")
        assert isinstance(done.exception, ModelError)
        assert "cannot be reached" in str(done.exception)


class TestAzure:
    ENVIRON = {  # noqa: RUF012
        "AZURE_OPENAI_ENDPOINT": "https://mine.openai.azure.com/",
        "AZURE_OPENAI_API_KEY": "0123456789abcdef0123",
        "OPENAI_API_KEY": "sk-of-somebody-else-0123456",
    }

    def test_the_undated_api(self) -> None:
        endpoint = resolve_endpoint(None, self.ENVIRON)
        assert endpoint.base_url == "https://mine.openai.azure.com/openai/v1"
        assert endpoint.key == self.ENVIRON["AZURE_OPENAI_API_KEY"]
        assert endpoint.api_version is None

    def test_the_dated_api(self) -> None:
        environ = self.ENVIRON | {"OPENAI_API_VERSION": "2024-10-21"}
        endpoint = resolve_endpoint(None, environ)
        assert endpoint.base_url == "https://mine.openai.azure.com/openai"
        assert endpoint.api_version == "2024-10-21"

    def test_an_option_that_names_another_server_gets_the_other_key(self) -> None:
        endpoint = resolve_endpoint("https://api.example.com/v1", self.ENVIRON)
        assert endpoint.key == self.ENVIRON["OPENAI_API_KEY"]

    def test_a_missing_key_names_its_variable(self) -> None:
        with pytest.raises(ModelError, match="set AZURE_OPENAI_API_KEY"):
            resolve_endpoint("https://mine.openai.azure.com", {"OPENAI_API_KEY": "k"})

    def test_the_dated_api_names_the_deployment_in_the_path(self, serve: Any) -> None:
        from scripted_server import completion

        server = serve(completion())
        base = server.url.removesuffix("/v1") + "/openai"
        endpoint = Endpoint(base, "0123456789abcdef", api_version="2024-10-21", timeout=10)
        with ChatModel("my-deployment", endpoint) as model:
            model.ask(make_request())
        (call,) = server.calls
        assert call.path == (
            "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"
        )
        assert call.headers["api-key"] == "0123456789abcdef"
        assert "authorization" not in call.headers
