"""The model room: the only one that knows openai, instructor, tenacity, vcr or an engine.

Importing this package loads none of them; each is imported where it is used, when it is used.
"""

from extractor.model.protocol import (
    Message,
    Model,
    ModelReply,
    ModelRequest,
    ToolSpec,
    UnusableAnswerError,
    Usage,
)
from extractor.model.scripted import ScriptedModel

__all__ = [
    "Message",
    "Model",
    "ModelReply",
    "ModelRequest",
    "ScriptedModel",
    "ToolSpec",
    "UnusableAnswerError",
    "Usage",
]
