"""Models of plugins: by a prefix, asked like any other, and their faults are errors of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from plugin_packages import Site
from pydantic import BaseModel

from extractor import AskingPolicy, Document, Extractor, extract
from extractor.errors import CassetteError, InputError, ModelError
from extractor.model import (
    CallFailedError,
    Message,
    ModelChoice,
    ModelRequest,
    PluginModel,
    ToolSpec,
    UnavailableError,
    UnusableAnswerError,
    open_any_model,
    open_model,
    recording,
)
from extractor.model.plugin_models import plugin_for

MODELS = """
from extractor.claims import Attempt, Usage
from extractor.model import ModelReply, ScriptedModel, UnavailableError

opened = []

def scripted(rest):
    opened.append(rest)
    claims = [{"quote": "61 sailors died", "value": "61", "event": "died"}]
    return ScriptedModel([{"claims": claims}] * 9, name="inner", narrows_schema=False)

def answering(reply):
    class Odd(ScriptedModel):
        def ask(self, request):
            return reply(request)
    return lambda rest: Odd([])

def fails(request):
    raise ValueError("sk-secret")

def leaves(request):
    raise SystemExit(1)

def knows(request):
    raise UnavailableError("busy", reason="timeout")

def answered(**more):
    return lambda request: ModelReply(request.tool.response(event="died"), "{}", **more)

failing, leaving, busy = answering(fails), answering(leaves), answering(knows)
text = answering(lambda request: "died")
other = answering(lambda request: ModelReply(request, "{}"))
no_raw = answering(lambda request: ModelReply(request.tool.response(event="died"), None))
odd_seconds = answering(answered(seconds="1"))
odd_attempts = answering(answered(attempts=("ok",)))
plain = answering(answered())
metered = answering(answered(attempts=(Attempt("ok", 1.0, Usage(5, 2)),)))

def no_model(rest):
    return object()

def unopened(rest):
    raise KeyError("sk-secret")

def closing(rest):
    model = ScriptedModel([])
    model.close = lambda: 1 / 0
    return model
"""
NAMES = (
    "scripted failing leaving busy text other no_raw odd_seconds odd_attempts plain metered "
    "no_model unopened closing opened absent ft"
).split()


class Answer(BaseModel):
    event: str


REQUEST = ModelRequest(
    messages=(Message("user", "61 died"),),
    tool=ToolSpec("answer", "What happened.", Answer),
    document="d#0-7",
    max_tokens=9,
)
DOCUMENT = Document(text="Last night 61 sailors died.", id="d")
FREE = AskingPolicy("free", reasks=0)


@pytest.fixture
def models(site: Site) -> Callable[[str], PluginModel]:
    entries = {name.replace("_", "-"): f"models:{name}" for name in NAMES}
    site.install("acme", {"models": entries}, {"models.py": MODELS})

    def opened(name: str) -> PluginModel:
        model = open_any_model(ModelChoice(name))
        assert isinstance(model, PluginModel)
        return model

    return opened


Models = Callable[[str], PluginModel]


def test_a_prefix_opens_the_plugins_model_with_the_rest(models: Models) -> None:
    result = extract(DOCUMENT, "scripted:a:b", policy=FREE)
    assert [claim.quantity.text for claim in result.accepted] == ["61"]
    with Extractor("scripted:", policy=FREE) as extractor:
        assert extractor.extract(DOCUMENT).accepted == result.accepted
    import models as module  # type: ignore[import-not-found]

    assert module.opened == ["a:b", ""]
    model = models("scripted:x")
    assert (model.name, model.narrows_schema, model.gate) == ("scripted:x", False, None)
    assert model.origin.server == "the plugin 'scripted' (claim_extractor.models, of acme 1.0)"


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("name", "base_url"),
    [
        ("scripted:x", "http://127.0.0.1:9/v1"),
        ("scripted", None),
        ("llama3:8b", None),
        ("ft:gpt:org::1", None),
        (None, None),
    ],
)
def test_other_names_are_no_plugins(name: str | None, base_url: str | None) -> None:
    assert plugin_for(name, base_url) is None


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("failing:x", UnavailableError, r"'failing' .* broke in a call \(ValueError in models\.py"),
        ("leaving:x", UnavailableError, r"broke in a call \(SystemExit in models\.py"),
        ("busy:x", UnavailableError, "^busy$"),
        ("text:x", UnusableAnswerError, "no ModelReply but str"),
        ("other:x", UnusableAnswerError, "arguments that are no Answer"),
        ("no-raw:x", UnusableAnswerError, "no text of the arguments"),
        ("odd-seconds:x", UnusableAnswerError, "no number of seconds"),
        ("odd-attempts:x", UnusableAnswerError, "attempts that are none"),
    ],
)
def test_what_a_plugin_does_wrong_in_a_call_is_an_error_of_ours(
    models: Models, name: str, kind: type[Exception], why: str
) -> None:
    with models(name) as model, pytest.raises(kind, match=why) as caught:
        model.ask(REQUEST)
    assert "sk-secret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no-model:x", "cannot open the model no-model:x .it gives no model but object"),
        ("unopened:x", r"cannot open the model unopened:x \(KeyError in models\.py, line \d+\)"),
        ("opened:x", r"is left out: it gives no function that opens a model \(list\)\.$"),
        ("absent:x", r"is left out: it cannot be imported \(AttributeError"),
    ],
)
def test_a_plugin_that_does_not_open_ends_it_and_no_other_model_is_asked(
    models: Models, monkeypatch: pytest.MonkeyPatch, name: str, why: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing-is-sent-with-this")
    with pytest.raises(ModelError, match=why) as caught:
        models(name)
    assert "sk-secret" not in str(caught.value)


def test_each_call_has_an_attempt_so_that_it_is_kept(models: Models) -> None:
    (attempt,) = models("plain:x").ask(REQUEST).attempts
    assert (attempt.outcome, attempt.usage) == ("ok", None)
    assert models("metered:x").ask(REQUEST).usage.prompt_tokens == 5


def test_a_model_that_is_to_finish_begins_no_call(models: Models) -> None:
    model = models("plain:x")
    model.finish()
    with pytest.raises(CallFailedError, match="closed") as caught:
        model.ask(REQUEST)
    assert caught.value.reason == "closed"


def test_a_close_that_breaks_is_an_error_of_ours(models: Models) -> None:
    with pytest.raises(ModelError, match=r"broke as its model was closed \(ZeroDivisionError"):
        models("closing:x").close()


def test_calls_of_a_plugin_are_never_taken_for_recorded(models: Models, tmp_path: Any) -> None:
    model = models("plain:x")
    with (
        recording(tmp_path / "d.json", model.origin, "2021-03-01"),
        pytest.raises(CassetteError, match="neither recorded nor replayed"),
    ):
        model.ask(REQUEST)


@pytest.mark.usefixtures("models")
def test_where_an_endpoint_is_wanted_a_plugin_is_refused() -> None:
    with pytest.raises(InputError, match=r"plain:x is a model of the plugin 'plain'"):
        open_model(ModelChoice("plain:x"))
