"""The cassette file: canonical JSON that a person can read and a diff can show.

A file holds the calls of one document: what answered (`cassette`), then each request and response
with its body as parsed JSON. Everything that changes from run to run or belongs to an account is
left out, so that recording the same answers again gives the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import CassetteError
from extractor.files import write_whole
from extractor.model.capabilities import Capabilities

FORMAT = 2
NOTE = (
    "The arguments of each tool call are the model's own. Where the server is the loopback front "
    "of the embedded model, the tool call around them is the front's."
)
_RESPONSE_HEADERS = ("content-type", "retry-after", "retry-after-ms", "x-should-retry")
_ACCOUNT_FIELDS = frozenset(
    {"user", "safety_identifier", "prompt_cache_key", "metadata", "store", "service_tier"}
)
_VOLATILE_FIELDS = frozenset({"system_fingerprint", "service_tier", "timings"})
_SECRETS = {
    "an API key": re.compile(r"\b(?:sk|pk|rk|gsk|xai|hf)[-_][A-Za-z0-9_\-]{16,}"),
    "a bearer token": re.compile(r"\bBearer\s+[A-Za-z0-9._~+/\-]{12,}"),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{20,}"),
    "an AWS key": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "a Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a Google key": re.compile(r"\bAIza[A-Za-z0-9_\-]{30,}"),
    "a signed token": re.compile(r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\."),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
}


@dataclass(frozen=True, slots=True)
class Origin:
    """What answered: enough to know how a recording came about, and to replay it alike."""

    model: str
    server: str
    weights_sha256: str | None = None
    capabilities: Capabilities = field(default_factory=Capabilities)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Heading(_File):
    """The `cassette` block: what answered, and when it was recorded (a date)."""

    format: int
    model: str
    server: str
    weights_sha256: str | None
    capabilities: Capabilities
    recorded: str
    note: str

    @property
    def origin(self) -> Origin:
        """The part that says what answered."""
        return Origin(self.model, self.server, self.weights_sha256, self.capabilities)


class Request(_File):
    """A request: its fingerprint's header, its path, its body."""

    fingerprint: str
    method: str
    path: str
    body: Any


class Answer(_File):
    """A response; the body is text where it is not JSON."""

    status: int
    headers: dict[str, str]
    body: Any


class Interaction(_File):
    """One HTTP call."""

    request: Request
    response: Answer


class CassetteFile(_File):
    """A whole file."""

    cassette: Heading
    interactions: list[Interaction]


def heading(origin: Origin, recorded: str) -> Heading:
    """The block for a file recorded from `origin` on the date `recorded`."""
    return Heading(format=FORMAT, note=NOTE, recorded=recorded, **asdict(origin))


def load_cassette(path: Path) -> CassetteFile | None:
    """The file at `path`; None when there is none. Raises CassetteError when it is unreadable."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CassetteError(f"UNREADABLE CASSETTE {path}: {error}.") from error
    try:
        return CassetteFile.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise CassetteError(
            f"UNREADABLE CASSETTE {path}: {place}: {first['msg']}; record it again."
        ) from error


def save_cassette(path: Path, content: CassetteFile, secrets: frozenset[str]) -> None:
    """Write `content` atomically; a file that says the same but for its date stays as it is.

    Raises CassetteError when the text holds one of `secrets`, or anything that looks like one;
    then nothing is written.
    """
    old = _or_none(path)
    if old is not None:
        dated = old.cassette.model_copy(update={"recorded": content.cassette.recorded})
        if old.model_copy(update={"cassette": dated}) == content:
            content = old
    text = json.dumps(content.model_dump(), ensure_ascii=False, indent=1) + "\n"
    _refuse_secrets(path, text, secrets)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise CassetteError(f"{path}: cannot be written ({error.strerror or error}).") from error


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


def body_bytes(body: object) -> bytes:
    """A stored body as it goes over the wire."""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    return json.dumps(body).encode()


def _or_none(path: Path) -> CassetteFile | None:
    try:
        return load_cassette(path)
    except CassetteError:
        return None  # about to be replaced


def _json_or_text(body: bytes) -> object:
    text = body.decode("utf-8", "replace")
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    # a JSON document that is one string must not be mistaken for text when it is played
    return text if isinstance(parsed, str) else parsed


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
    for choice in body.get("choices") or []:
        message = choice.get("message") if isinstance(choice, dict) else None
        for call in (message.get("tool_calls") if isinstance(message, dict) else None) or []:
            if isinstance(call, dict) and "id" in call:
                count += 1
                call["id"] = f"call_{count}"


def _refuse_secrets(path: Path, text: str, secrets: frozenset[str]) -> None:
    found = next((what for what, form in _SECRETS.items() if form.search(text)), None)
    if found is None and any(secret in text for secret in secrets):
        found = "the API key"
    if found:
        raise CassetteError(
            f"{path}: not saved, since a body holds what looks like {found}; "
            "take it out of the document or the prompt."
        )
