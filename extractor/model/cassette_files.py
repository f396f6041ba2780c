"""The cassette file: canonical JSON that a person can read and a diff can show.

A file holds the calls of one document: what answered (`cassette`), then each request and response
with its body as parsed JSON. Everything that changes from run to run or belongs to an account is
left out, so that recording the same answers again gives the same bytes.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from extractor.errors import CassetteError
from extractor.files import write_whole
from extractor.model.capabilities import Capabilities
from extractor.model.cassette_bodies import json_text
from extractor.model.fingerprint import Fingerprint
from extractor.model.secret_scan import found_secret

FORMAT = 2
NOTE = (
    "The arguments of each tool call are the model's own. Where the server is the loopback front "
    "of the embedded model, the tool call around them is the front's."
)
_MERGE_MARKS = re.compile(r"^(?:<{7}|>{7}|\|{7}|={7})(?= |$)", re.MULTILINE)


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

    @field_validator("fingerprint")
    @classmethod
    def _is_one(cls, header: str) -> str:
        Fingerprint.parse(header)
        return header


class Answer(_File):
    """A response; the body is text where it is not JSON, and base64 where it is no text."""

    status: int = Field(ge=100, le=999)
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

    def to_text(self) -> str:
        """The one way in which this content is written."""
        return json_text(self.model_dump()) + "\n"


def heading(origin: Origin, recorded: str) -> Heading:
    """The block for a file recorded from `origin` on the date `recorded`."""
    return Heading(format=FORMAT, note=NOTE, recorded=recorded, **asdict(origin))


def load_cassette(path: Path) -> CassetteFile | None:
    """The file at `path`; None when there is none. Raises CassetteError when it is unreadable."""
    text = read_cassette(path)
    return None if text is None else parse_cassette(path, text)


def load_or_none(path: Path) -> CassetteFile | None:
    """The file at `path` where it can be read: it is about to be replaced."""
    try:
        return load_cassette(path)
    except CassetteError:
        return None


def read_cassette(path: Path) -> str | None:
    """The text of the file at `path`; None when there is none. Raises as `load_cassette`."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except IsADirectoryError:
        raise _unreadable(path, "a folder stands in the place of the file", "move it") from None
    except PermissionError:
        raise _unreadable(path, "there is no permission to read it", "allow it") from None
    except OSError as error:
        raise _unreadable(path, error.strerror or str(error), "see to it") from None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(path, f"line {line}: not UTF-8") from None


def parse_cassette(path: Path, text: str) -> CassetteFile:
    """The content that `text`, read from `path`, says. Raises CassetteError when it says none."""
    parsed = _json(path, text)
    if not isinstance(parsed, dict):
        raise _unreadable(path, "the file holds no JSON object")
    headed = parsed.get("cassette")
    found = headed.get("format") if isinstance(headed, dict) else None
    if found is not None and found != FORMAT:
        line = text.count("\n", 0, text.find('"format"')) + 1
        what = f"line {line}: its format is {found!r}, and this version reads {FORMAT}"
        raise _unreadable(path, what)
    try:
        return CassetteFile.model_validate(parsed)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise _unreadable(path, f"{place}: {first['msg']}") from error


def save_cassette(path: Path, content: CassetteFile, secrets: frozenset[str]) -> None:
    """Write `content` atomically; a file that says the same but for its date stays as it is.

    Raises CassetteError when the text holds one of `secrets`, or anything that looks like one;
    then nothing is written.
    """
    old = load_or_none(path)
    if old is not None:
        dated = old.cassette.model_copy(update={"recorded": content.cassette.recorded})
        if old.model_copy(update={"cassette": dated}) == content:
            content = old
    text = content.to_text()
    found = found_secret(text, secrets)
    if found:
        raise CassetteError(
            f"{path}: not saved, since a body holds what looks like {found}; "
            "take it out of the document or the prompt."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        raise CassetteError(f"{path}: cannot be written ({error.strerror or error}).") from error


def _json(path: Path, text: str) -> Any:  # noqa: ANN401 - whatever stands there
    if not text.strip():
        raise _unreadable(path, "line 1: the file is empty")
    try:
        return json.loads(text)
    except RecursionError:
        raise _unreadable(path, "nested more deeply than any recording is") from None
    except json.JSONDecodeError as error:
        marks = _MERGE_MARKS.search(text)
        if marks:
            line = text.count("\n", 0, marks.start()) + 1
            what = f"line {line}: merge marks ({marks[0]}); a merge was left unfinished"
            raise _unreadable(path, what, "finish it, or record it again") from None
        written = text.rstrip()
        if error.pos >= len(written) or error.msg.startswith("Unterminated"):
            line = written.count("\n") + 1
            what = f"line {line}: the file breaks off here"
        else:
            what = f"line {error.lineno}: not JSON ({error.msg})"
        raise _unreadable(path, what) from None
    except ValueError as error:  # an integer of more digits than Python reads
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, what: str, remedy: str = "record it again") -> CassetteError:
    return CassetteError(f"UNREADABLE CASSETTE {path}: {what}; {remedy}.")
