"""The engine of the embedded model: llama.cpp in this process, asked for one forced tool call.

A forced tool does not work on the bare engine (its grammar lets free text come before the call,
and a small model then never opens it). So the call becomes a completion that the tool's schema
constrains, and the JSON that the model wrote becomes the tool's arguments: every argument is the
model's own, the wrapper is ours.

What the grammar holds a narrowed schema to, measured with the version that is pinned:
`const` and `enum` of strings with quotes, line breaks, no-break spaces and any Unicode; enums
with null among their strings; `prefixItems` (with `minItems` and `maxItems` for a fixed length);
`anyOf` of object shapes; `maxLength`, `pattern`, `$ref` into `$defs`; `additionalProperties:
false`. Properties are written in the order in which the schema lists them. JSON comes without
white space, which saves a third of the tokens, unless a string of the schema needs escapes (see
`Engine._grammar_for`). Keywords that the grammar does not know are left out of it, so whoever
needs them checks the answer.

The same request gets the same answer, whatever was asked before it (see `Engine._pin`), and
whether the prefix was computed or its state read from disk (see `prefix_store`).
"""

from __future__ import annotations

import hashlib
import http.client
import json
import math
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Self
from urllib.parse import urlsplit

from extractor.errors import InputError, ModelError
from extractor.model.prefix_store import PrefixStore

THREADS_VARIABLE = "EXTRACTOR_LOCAL_THREADS"
CONTEXT_VARIABLE = "EXTRACTOR_LOCAL_CONTEXT"
_CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")
_SLOT_TIMEOUT = 60.0  # seconds; some 20 MB are written or read
_MOST_THREADS = 8  # beyond that memory, not the cores, sets the pace
_GRAMMAR_OPTIONS = {"whitespace_flexible": False, "lenient": True}


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Threads, and the context in tokens (prompt and answer together).

    On a machine with other work to do one thread is faster than many: they wait for each other.
    """

    threads: int
    context_tokens: int = 8192

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """The defaults of this machine, or what the environment says instead.

        Raises InputError when a variable is not a number in its range.
        """
        environ = os.environ if environ is None else environ
        return cls(
            threads=_whole(environ, THREADS_VARIABLE, available_cores(), 1, 512),
            context_tokens=_whole(environ, CONTEXT_VARIABLE, 8192, 512, 131_072),
        )


def available_cores() -> int:
    """The cores that this process may use, at most eight: affinity and container quota counted."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        quota, period = _CGROUP_QUOTA.read_text().split()
        allowed = math.ceil(int(quota) / int(period))
    except (OSError, ValueError):  # no cgroup, or "max"
        allowed = _MOST_THREADS
    return max(1, min(cores or 1, allowed, _MOST_THREADS))


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise InputError(f"{name}={text!r}: give a whole number from {low} to {high}.")
    return int(text)


class Engine:
    """The weights in memory, answering one call at a time.

    `prefixes` is a folder for the computed state of prompt prefixes, and `weights_sha256` what
    those states are told apart by; without a folder none is kept.
    Raises ModelError when the runtime is not installed or cannot load the weights.
    """

    def __init__(
        self,
        weights: Path,
        name: str,
        settings: LocalSettings,
        prefixes: Path | None = None,
        weights_sha256: str = "",
    ) -> None:
        try:
            import xllamacpp
        except ImportError as error:
            raise ModelError(
                "The embedded model needs its runtime: pip install 'claim-extractor[local]', "
                "or name another model with --model and --base-url."
            ) from error
        self.name = name
        self.server = f"xllamacpp {xllamacpp.__version__}, loopback front 1"
        self._grammar_of = xllamacpp.json_schema_to_grammar
        self._lock = Lock()
        self._closing = False
        self._pinned: list[dict[str, Any]] | None = None
        machine = (self.server, weights_sha256, settings, platform.platform(), platform.node())
        store = PrefixStore(prefixes, repr(machine)) if prefixes is not None else None
        self._prefixes = store if store is not None and store.is_usable() else None
        params = _engine_params(xllamacpp, weights, settings)
        if self._prefixes is not None:
            params.slot_save_path = f"{self._prefixes.folder}{os.sep}"
        try:
            self._llama: Any = xllamacpp.Server(params)
        except Exception as error:  # the runtime raises whatever C++ threw
            raise ModelError(
                f"The weights at {weights} cannot be loaded ({error}); free some memory, "
                f"or lower {CONTEXT_VARIABLE}."
            ) from error

    def close(self) -> None:
        """Break off the call that is running, stop the engine and free the weights."""
        self._closing = True
        with self._lock:
            self._llama = None

    def complete(self, body: Mapping[str, Any], prefix: int = 0) -> tuple[int, dict[str, Any]]:
        """Answer a chat-completion request: the HTTP status and the response body.

        The first `prefix` messages are the same from call to call; they are computed once.
        """
        function = forced_function(body)
        if function is None:
            return 400, _error("This server answers forced tool calls only.", "tool_required")
        try:
            request = self._constrained(body, function)
        except (ValueError, TypeError, KeyError) as error:
            return 400, _error(f"The request cannot be used: {error}", "invalid_request_error")
        written = _Written()

        def take(chunk: dict[str, Any]) -> bool:
            written.take(chunk)
            return self._closing  # true breaks the generation off

        with self._lock:
            if self._closing:
                return 503, _error("The engine is closed.", "closed")
            try:
                self._pin(request["messages"][:prefix])
                self._llama.handle_chat_completions(request, take)
            except ValueError as error:
                return 400, _error(str(error), "invalid_request_error")
        if written.error is not None:
            return _refused(written.error)
        return self._wrapped(body, written, function)

    def _constrained(self, body: Mapping[str, Any], function: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messages": list(_with_description(body["messages"], function)),
            **self._grammar_for(function.get("parameters", {})),
            "temperature": body.get("temperature", 0),
            "seed": body.get("seed", 0),
            "max_tokens": body.get("max_tokens", -1),
            "cache_prompt": True,
            # in pieces, since only between two pieces can a generation be broken off
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    def _grammar_for(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """What holds the answer to the schema.

        The compact grammar breaks strings off that need escapes in JSON (a quotation mark inside
        an enum's string ends it too early), so a schema with such a string takes the engine's own
        grammar, which is right and merely writes white space.
        """
        if _has_escapes(schema):
            named = {"name": "answer", "schema": dict(schema), "strict": True}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        compact = {**schema, "x-guidance": _GRAMMAR_OPTIONS}
        return {"grammar": self._grammar_of(json.dumps(compact))}

    def _pin(self, messages: list[dict[str, Any]]) -> None:
        """Bring the prompt cache to just these messages, whatever was asked before.

        Without it the engine reuses as much as two prompts happen to share, and the rest is
        computed in other batches, whose sums differ in the last digits: the same question then
        gets another answer after another question. Asking with an empty message reads no more
        than a few tokens, and leaves nothing behind it to be reused but the prefix.
        """
        if not messages:
            return
        prefix, store = json.dumps(messages), self._prefixes
        computed = messages == self._pinned or (
            store is not None and store.restore(prefix, lambda name: self._slot("restore", name))
        )
        probe = {
            "messages": [*messages, {"role": "user", "content": ""}],
            "max_tokens": 0,
            "cache_prompt": computed,
        }
        self._pinned = None  # should the probe fail, the next one starts from nothing
        self._llama.handle_chat_completions(probe)
        self._pinned = messages
        if store is not None and not computed:
            store.keep(prefix, lambda name: self._slot("save", name))

    def _slot(self, action: str, name: str) -> bool:
        """Save the prompt cache to a file of the store, or restore it; whether that worked."""
        address = urlsplit(self._llama.listening_address)
        connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=_SLOT_TIMEOUT
        )
        try:
            headers = {"content-type": "application/json"}
            body = json.dumps({"filename": name})
            connection.request("POST", f"/slots/0?action={action}", body, headers)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _wrapped(
        self, body: Mapping[str, Any], written: _Written, function: Mapping[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        text, finish = "".join(written.pieces), written.finish
        if finish is None:
            return 503, _error("The engine was closed during the answer.", "closed")
        if finish == "stop" and not _is_json(text):
            # the engine drops a grammar that it cannot compile without a word
            return 400, _error("The engine did not hold to the schema.", "schema_not_held")
        digest = hashlib.sha256(json.dumps([body, text]).encode()).hexdigest()
        call = {
            "id": f"call_{digest[:12]}",
            "type": "function",
            "function": {"name": function["name"], "arguments": text},
        }
        return 200, {
            "id": f"chatcmpl-{digest[:24]}",
            "object": "chat.completion",
            "created": 0,
            "model": self.name,
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "tool_calls" if finish == "stop" else finish,
                    "message": {"role": "assistant", "content": None, "tool_calls": [call]},
                }
            ],
            "usage": written.usage,
        }


class _Written:
    """An answer as it comes, piece by piece."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.finish: str | None = None
        self.usage: dict[str, Any] = {}
        self.error: dict[str, Any] | None = None

    def take(self, chunk: dict[str, Any]) -> None:
        self.error = chunk.get("error") or self.error
        self.usage = chunk.get("usage") or self.usage
        for choice in chunk.get("choices") or []:
            self.pieces.append(choice["delta"].get("content") or "")
            self.finish = choice.get("finish_reason") or self.finish


def forced_function(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The function that the request forces, by name or as the only one; None if it forces none."""
    tools = [tool.get("function", {}) for tool in body.get("tools") or []]
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        wanted = choice.get("function", {}).get("name")
        return next((tool for tool in tools if tool.get("name") == wanted), None)
    return tools[0] if choice == "required" and len(tools) == 1 else None


def _engine_params(xllamacpp: Any, weights: Path, settings: LocalSettings) -> Any:  # noqa: ANN401
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.n_ctx = settings.context_tokens
    params.n_parallel = 1
    params.cpuparams.n_threads = settings.threads
    params.cpuparams_batch.n_threads = settings.threads
    params.cache_ram_mib = 0  # the prefix stays in the one slot; copies of old prompts are no use
    params.use_jinja = True
    params.warmup = False
    params.fit_params = False  # the context is ours to choose; fitting it loads the model twice
    params.ui = False
    params.verbosity = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    return params


def _with_description(
    messages: list[dict[str, Any]], function: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What the tool is for, told at the end of the system message: the part that never changes."""
    if not function.get("description"):
        return messages
    note = f"Answer by filling the function {function['name']}: {function['description']}"
    if messages and messages[0]["role"] == "system":
        first = {**messages[0], "content": f"{messages[0]['content']}\n{note}"}
        return [first, *messages[1:]]
    return [{"role": "system", "content": note}, *messages]


def _refused(error: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    if error.get("type") == "exceed_context_size_error":
        return 400, _error(str(error.get("message", "")), "context_length_exceeded")
    status = error.get("code", 500)
    return (
        status if isinstance(status, int) and 400 <= status < 600 else 500,
        _error(str(error.get("message", "")), str(error.get("type", "server_error"))),
    )


def _error(message: str, code: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": code}}


def _has_escapes(value: object) -> bool:
    """Whether any string in a JSON value is written with a backslash."""
    return "\\" in json.dumps(value, ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
