"""Models that other packages bring along (entry points of the group `claim_extractor.models`).

`--model NAME:REST` goes to the plugin NAME, which is given REST; with a base URL it never does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from time import monotonic
from typing import Final

from extractor.claims import Attempt
from extractor.closing import Closing
from extractor.errors import CassetteError, ExtractorError, InputError, ModelError
from extractor.model import cassettes
from extractor.model.capabilities import Capabilities
from extractor.model.protocol import (
    CallFailedError,
    Model,
    ModelReply,
    ModelRequest,
    Response,
    UnavailableError,
    UnusableAnswerError,
)
from extractor.plugins import Plugin, PluginGroup, UnfitError, told

_MARK: Final = ":"
_OWN: Final = frozenset({"ft"})  # how the names of fine-tuned models begin at OpenAI


@dataclass(frozen=True, slots=True)
class Opener:
    """What a plugin opens its models with."""

    plugin: Plugin
    open: Callable[[str], object]


def _name_fault(name: str) -> str | None:
    if name in _OWN:
        return "its name is how the names of models begin elsewhere"
    if not name or _MARK in name or not name.isprintable():
        return "its name is no prefix: letters without a colon are wanted"
    return None


def _fitted(plugin: Plugin, given: object, _: Sequence[Opener]) -> Opener:
    if not callable(given):
        raise UnfitError(f"it gives no function that opens a model ({type(given).__name__})")
    return Opener(plugin, given)


MODEL_PLUGINS: Final[PluginGroup[Opener]] = PluginGroup(
    "claim_extractor.models", _fitted, _name_fault
)


def plugin_for(name: str | None, base_url: str | None = None) -> Plugin | None:
    """The plugin that opens the model of this name; None where none does. Nothing is imported."""
    if base_url is not None or name is None or _MARK not in name:
        return None
    return MODEL_PLUGINS.plugin(name.partition(_MARK)[0])


def refuse_plugin(name: str | None, base_url: str | None) -> None:
    """Raise InputError where the model is a plugin's, and an endpoint is wanted."""
    plugin = plugin_for(name, base_url)
    if plugin is not None:
        raise InputError(
            f"{name} is a model of the plugin {plugin}, which is not asked over HTTP; this works "
            "with endpoints and the embedded model only."
        )


class PluginModel(Closing):
    """A plugin's model, whose faults are this package's errors; it may be asked from threads.

    `name` is that under which it was opened. What the plugin raises that is no ExtractorError ends
    the document as an endpoint that does not answer does.
    """

    gate = None

    def __init__(self, name: str, plugin: Plugin, model: Model) -> None:
        self.name = name
        self.plugin = plugin
        self.narrows_schema = bool(model.narrows_schema)
        self._model = model
        self._finishing = Event()

    @property
    def origin(self) -> cassettes.Origin:
        """What answers, for the records of a run."""
        able = Capabilities(narrows_schema=self.narrows_schema)
        return cassettes.Origin(self.name, f"the plugin {self.plugin}", capabilities=able)

    def ask(self, request: ModelRequest[Response]) -> ModelReply[Response]:
        """One call; raises as `Model.ask` says, and CassetteError where it were to be recorded."""
        if cassettes.current() is not None:
            raise CassetteError(
                f"{self.name}: the calls of a plugin are neither recorded nor replayed."
            )
        if self._finishing.is_set():
            raise CallFailedError("The model was closed during the call.", reason="closed")
        started = monotonic()
        try:
            reply = self._model.ask(request)
            fault = _fault(reply, request)
        except (ExtractorError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever happens in another's model
            attempt = Attempt("plugin", monotonic() - started)
            # not `from error`: what it says may quote a key
            raise UnavailableError(
                f"The plugin {self.plugin} broke in a call ({told(error)}).",
                reason="plugin",
                attempts=(attempt,),
            ) from None
        if fault is not None:
            attempt = Attempt("wrong_shape", monotonic() - started)
            raise UnusableAnswerError(
                f"The plugin {self.plugin} gives no answer that can be used: {fault}.",
                reason="wrong_shape",
                attempts=(attempt,),
            )
        if reply.attempts:
            return reply
        # a call that took no attempt would be in no ledger
        seconds = reply.seconds or monotonic() - started
        return replace(reply, seconds=seconds, attempts=(Attempt("ok", seconds),))

    def finish(self) -> None:
        """Begin no other call."""
        self._finishing.set()

    def close(self) -> None:
        """Close the plugin's model. Raises ModelError when that breaks."""
        self.finish()
        try:
            self._model.close()
        except (ExtractorError, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever happens in another's model
            raise ModelError(
                f"The plugin {self.plugin} broke as its model was closed ({told(error)})."
            ) from None


def open_plugin_model(name: str) -> PluginModel:
    """The model of a plugin, by "PREFIX:REST".

    Raises ModelError, naming the plugin, when it is broken or does not open: another model is
    never asked in its place, since it would be sent texts that were not meant for it.
    """
    prefix, _, rest = name.partition(_MARK)
    outcome = MODEL_PLUGINS.find(prefix)
    if outcome is None:
        raise ModelError(f"There is no plugin of models {prefix!r}; see `extractor plugins list`.")
    if outcome.thing is None:
        raise ModelError(outcome.sentence)
    try:
        model = outcome.thing.open(rest)
        if isinstance(model, Model):
            return PluginModel(name, outcome.plugin, model)
        why = f"it gives no model but {type(model).__name__}"
    except (ExtractorError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - whatever happens in another's function
        why = told(error)
    raise ModelError(f"The plugin {outcome.plugin} cannot open the model {name} ({why}).")


def _fault(reply: object, request: ModelRequest[Response]) -> str | None:
    if not isinstance(reply, ModelReply):
        return f"no ModelReply but {type(reply).__name__}"
    if not isinstance(reply.arguments, request.tool.response):
        return f"arguments that are no {request.tool.response.__name__}"
    if not isinstance(reply.raw, str):
        return "no text of the arguments"
    if not isinstance(reply.seconds, int | float):
        return "no number of seconds"
    if not all(isinstance(attempt, Attempt) for attempt in reply.attempts):
        return "attempts that are none"
    return None
