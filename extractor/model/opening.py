"""From what the user chose to a model that can be asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from extractor.errors import InputError
from extractor.model.admission import RateCeilings
from extractor.model.capabilities import Capabilities
from extractor.model.cassettes import recorded_origin
from extractor.model.client import ChatModel, ModelHooks
from extractor.model.endpoint_store import recall, remember
from extractor.model.endpoints import Endpoint, loopback_endpoint, resolve_endpoint
from extractor.model.engine import LocalSettings
from extractor.model.fetching import FetchWatcher, ensure_weights
from extractor.model.local_server import open_local_model
from extractor.model.plugin_models import (
    PluginModel,
    open_plugin_model,
    plugin_for,
    refuse_plugin,
)
from extractor.model.prefix_store import prefix_folder
from extractor.model.rate_gate import shared_gate
from extractor.model.weights import QWEN

_NOWHERE = 9  # the discard port: in replay nothing is sent, and nothing listens there


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model by name at a base URL; no name at all means the embedded model."""

    name: str | None = None
    base_url: str | None = None

    @property
    def is_embedded(self) -> bool:
        """Whether the model runs in this process."""
        return self.base_url is None and self.name in (None, QWEN.name)


def open_model(
    choice: ModelChoice,
    *,
    watcher: FetchWatcher | None = None,
    settings: LocalSettings | None = None,
    ceilings: RateCeilings | None = None,
    able: Capabilities | None = None,
    environ: Mapping[str, str] | None = None,
) -> ChatModel:
    """The chosen model, ready to be asked; close it, or use it as a context manager.

    The embedded one is fetched first if it is not here yet, and loaded. `ceilings` bound how often
    any other is asked; `able` says how its endpoint is asked, in place of what is remembered of it.
    Raises ModelError when that fails or a key is missing, InputError when the choice makes no
    sense, or is a plugin's model (see `open_any_model`).
    """
    refuse_plugin(choice.name, choice.base_url)
    environ = os.environ if environ is None else environ
    if choice.is_embedded:
        settings = settings or LocalSettings.from_environment(environ)
        weights = ensure_weights(watcher=watcher, environ=environ)
        return open_local_model(weights, settings, prefixes=prefix_folder())
    if not choice.name:
        raise InputError("--base-url needs a model too: name one with --model.")
    endpoint = resolve_endpoint(choice.base_url, environ)
    return open_hosted(choice.name, endpoint, ceilings, able)


def open_any_model(
    choice: ModelChoice,
    *,
    watcher: FetchWatcher | None = None,
    ceilings: RateCeilings | None = None,
) -> ChatModel | PluginModel:
    """As `open_model`, also for a model that a plugin opens."""
    if choice.name is not None and plugin_for(choice.name, choice.base_url) is not None:
        return open_plugin_model(choice.name)
    return open_model(choice, watcher=watcher, ceilings=ceilings)


def open_hosted(
    name: str,
    endpoint: Endpoint,
    ceilings: RateCeilings | None = None,
    able: Capabilities | None = None,
) -> ChatModel:
    """A model behind an endpoint, asked as `able`, or as it was found able to when last used.

    All such models of a process share one rate gate for an endpoint, key and name.
    """
    known = recall(endpoint, name) if able is None else able
    return ChatModel(
        name,
        endpoint if known is None else replace(endpoint, capabilities=known),
        gate=shared_gate(endpoint.base_url, endpoint.key, name, ceilings or RateCeilings()),
        hooks=ModelHooks(on_learned=lambda able: remember(endpoint, name, able)),
    )


def open_for_replay(choice: ModelChoice, folder: Path) -> ChatModel:
    """A model that can only be asked inside `replaying`: no weights, no key, no network.

    Where no name is chosen, it has the name of the model that `folder` was recorded from; what
    that model's endpoint could do is taken from there in any case. Raises CassetteError when the
    first recording is unreadable.
    """
    origin = recorded_origin(folder)
    recorded = origin.model if origin else QWEN.name
    name = choice.name or recorded
    able = origin.capabilities if origin else Capabilities(narrows_schema=choice.is_embedded)
    return ChatModel(name, loopback_endpoint(_NOWHERE, able), origin=origin)
