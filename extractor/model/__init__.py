"""The model room: the only one that knows openai, instructor, tenacity, vcr or an engine.

Importing this package loads none of them; each is imported where it is used, when it is used.
"""

from extractor.model.admission import RateCeilings
from extractor.model.capabilities import Capabilities
from extractor.model.cassettes import (
    Deck,
    Origin,
    Tape,
    recording,
    recording_deck,
    replaying,
    replaying_deck,
)
from extractor.model.client import ChatModel, ModelHooks
from extractor.model.endpoints import Endpoint
from extractor.model.engine import LocalSettings
from extractor.model.fetching import FetchWatcher, ensure_weights
from extractor.model.local_server import open_local_model
from extractor.model.opening import ModelChoice, open_any_model, open_for_replay, open_model
from extractor.model.plugin_models import PluginModel
from extractor.model.protocol import (
    CallFailedError,
    Message,
    Model,
    ModelReply,
    ModelRequest,
    ToolSpec,
    UnavailableError,
    UnusableAnswerError,
)
from extractor.model.rate_gate import RateGate
from extractor.model.retries import RetryPolicy
from extractor.model.scripted import ScriptedModel
from extractor.model.weights import QWEN, WeightsInfo, find_weights

__all__ = [
    "QWEN",
    "CallFailedError",
    "Capabilities",
    "ChatModel",
    "Deck",
    "Endpoint",
    "FetchWatcher",
    "LocalSettings",
    "Message",
    "Model",
    "ModelChoice",
    "ModelHooks",
    "ModelReply",
    "ModelRequest",
    "Origin",
    "PluginModel",
    "RateCeilings",
    "RateGate",
    "RetryPolicy",
    "ScriptedModel",
    "Tape",
    "ToolSpec",
    "UnavailableError",
    "UnusableAnswerError",
    "WeightsInfo",
    "ensure_weights",
    "find_weights",
    "open_any_model",
    "open_for_replay",
    "open_local_model",
    "open_model",
    "recording",
    "recording_deck",
    "replaying",
    "replaying_deck",
]
