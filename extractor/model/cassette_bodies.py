"""What is kept of a request and of a response, and how it goes over the wire again.

A body that is JSON is kept as JSON, its keys in one order; any other text as a string; bytes that
are no UTF-8 as `{"base64": …}`. Nothing that the client would read in another way is changed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any

_RESPONSE_HEADERS = (
    "content-type",
    "content-encoding",  # left only where the body is not in that encoding: a fault to be replayed
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
)
_ACCOUNT_FIELDS = frozenset(
    {"user", "safety_identifier", "prompt_cache_key", "metadata", "store", "service_tier"}
)
_VOLATILE_FIELDS = frozenset({"system_fingerprint", "service_tier", "timings"})
_DEEPEST = 100  # levels of a body that is kept as JSON; an answer has about ten
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical_request(body: bytes) -> object:
    """A request body without what belongs to an account, its keys in one order."""
    parsed = _json_or_text(body)
    if not isinstance(parsed, dict):
        return parsed
    return _sorted({k: v for k, v in parsed.items() if k not in _ACCOUNT_FIELDS})


def canonical_answer(body: bytes) -> object:
    """A response body without ids, times and cache counts, its keys in one order."""
    parsed = _json_or_text(body)
    if not isinstance(parsed, dict):
        return parsed
    kept: dict[str, Any] = {k: v for k, v in parsed.items() if k not in _VOLATILE_FIELDS}
    kept |= {k: v for k, v in {"id": "recorded", "created": 0}.items() if k in kept}
    if isinstance(kept.get("usage"), dict):
        # how much of a prompt was still cached depends on what was asked before
        kept["usage"] = {k: v for k, v in kept["usage"].items() if not k.endswith("_details")}
    _number_calls(kept)
    return _sorted(kept)


def kept_headers(headers: Mapping[str, Any]) -> dict[str, str]:
    """The response headers that replay needs, in one order."""
    lower = {k.lower(): v[0] if isinstance(v, list) else v for k, v in headers.items()}
    return {name: lower[name] for name in _RESPONSE_HEADERS if name in lower}


def body_bytes(body: Any) -> bytes:  # noqa: ANN401 - any JSON
    """A stored body as it goes over the wire. Raises ValueError when it cannot be read."""
    if isinstance(body, str):
        return body.encode()
    if _is_base64(body):
        try:
            return base64.b64decode(body["base64"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise ValueError(f"the base64 of the body cannot be read ({error})") from None
    return json.dumps(body).encode()


def json_text(value: object) -> str:
    """`value` as it stands in a file: readable, and valid UTF-8 whatever a string holds."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _json_or_text(body: bytes) -> object:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _as_base64(body)
    try:
        parsed = json.loads(text, object_pairs_hook=_distinct)
        json.dumps(parsed, allow_nan=False)  # NaN, Infinity and 1e999 would be played otherwise
    except (ValueError, RecursionError):
        return text
    if not _is_within(parsed, _DEEPEST):
        return text
    if _is_base64(parsed):
        return _as_base64(body)
    # a JSON document that is one string must not be mistaken for text when it is played
    return text if isinstance(parsed, str) else parsed


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as a dict; one with a key twice is not what a dict can say."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _is_within(value: object, levels: int) -> bool:
    """Whether lists and objects are nested no deeper than so many levels."""
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_within(one, levels - 1) for one in inner)


def _as_base64(body: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(body).decode()}


def _is_base64(body: Any) -> bool:  # noqa: ANN401 - any JSON
    return isinstance(body, dict) and body.keys() == {"base64"}


def _sorted(value: object) -> object:
    """Keys in order at every depth, but in a tool's schema, whose order is that of generation."""
    if isinstance(value, dict):
        return {k: value[k] if k == "parameters" else _sorted(value[k]) for k in sorted(value)}
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return value


def _number_calls(body: dict[str, Any]) -> None:
    """Tool calls get counted ids; the endpoints' own are random."""
    count = 0
    for choice in _listed(body.get("choices")):
        message = choice.get("message") if isinstance(choice, dict) else None
        for call in _listed(message.get("tool_calls") if isinstance(message, dict) else None):
            if isinstance(call, dict) and "id" in call:
                count += 1
                call["id"] = f"call_{count}"


def _listed(value: object) -> list[Any]:
    """A list, or nothing: a server that is broken may send anything."""
    return value if isinstance(value, list) else []
