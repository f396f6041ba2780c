"""The request body: one tool call, forced in the form that the endpoint takes.

instructor turns the response class into the function (or the response format) once for each class
and form; each call then copies that and fills in what is its own. Going through instructor's
`create` for every call costs more CPU than the SDK itself, and it reads the answer with less care
than `completions` does (decision 11).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel

from extractor.model.capabilities import Capabilities, Form
from extractor.model.protocol import ModelRequest

TEMPERATURE = 0
SEED = 0


def request_body(request: ModelRequest[Any], model: str, able: Capabilities) -> dict[str, Any]:
    """The JSON body of one chat completion. Messages go in as they are, never as templates."""
    messages = (*request.messages, *request.turns)
    return {
        "model": model,
        "messages": [{"role": one.role, "content": one.content} for one in messages],
        **request_params(request, able),
        **_forced(request, able),
    }


def request_params(request: ModelRequest[Any], able: Capabilities) -> dict[str, Any]:
    """Token limit, seed and temperature, as far as the endpoint takes them."""
    return able.params(request.max_tokens, temperature=TEMPERATURE, seed=SEED)


def _forced(request: ModelRequest[Any], able: Capabilities) -> dict[str, Any]:
    tool = request.tool
    narrowed = tool.narrowed if able.narrows_schema else None
    made = _made(cast("type[BaseModel]", tool.response), able.form)
    if able.form == "json_schema":
        schema: dict[str, Any] = {"name": tool.name, "description": tool.description}
        schema["schema"] = narrowed or made["response_format"]["json_schema"]["schema"]
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    function: dict[str, Any] = {**made["tools"][0]["function"]}
    function |= {"name": tool.name, "description": tool.description}
    if narrowed is not None:
        function["parameters"] = dict(narrowed)
    choice: Any = "required"
    if able.form == "named":
        choice = {"type": "function", "function": {"name": tool.name}}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": choice}


@lru_cache(maxsize=64)
def _made(response: type[BaseModel], form: Form) -> Mapping[str, Any]:
    """What instructor makes of a response class: 3 ms and 20 KB each time, so only once."""
    import instructor
    from instructor.processing.response import handle_response_model

    mode = instructor.Mode.JSON_SCHEMA if form == "json_schema" else instructor.Mode.TOOLS
    schema = instructor.openai_schema(response)
    _, made = handle_response_model(schema, mode, messages=[])
    return dict(made)
