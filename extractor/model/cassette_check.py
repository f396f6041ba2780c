"""What can be wrong with a cassette file by itself, seen without a model and without a call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from pathlib import Path
from typing import Any

from extractor.errors import CassetteError
from extractor.model.cassette_bodies import (
    body_bytes,
    canonical_answer,
    canonical_request,
    kept_headers,
)
from extractor.model.cassette_files import (
    Answer,
    CassetteFile,
    Interaction,
    parse_cassette,
    read_cassette,
)
from extractor.model.secret_scan import found_secret

MOST_INTERACTIONS = 200
"""Recordings that a file should hold at most: beyond, nobody reads a diff of it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a recording: its kind in a word, the file, and a sentence.

    The sentence names the file. A warning is advice, and no reason to fail.
    """

    kind: str
    path: Path
    message: str
    is_warning: bool = False

    def to_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return {
            "kind": self.kind,
            "path": str(self.path),
            "message": self.message,
            "is_warning": self.is_warning,
        }


def check_file(path: Path, keys: Collection[str]) -> list[Problem]:
    """The problems of the file at `path`; `keys` are API keys that must not stand in it.

    It must be readable, written as recording writes it, free of secrets, with bodies that can be
    sent and read, and without a recording that no replay can ever play.
    """
    try:
        text = read_cassette(path)
        content = None if text is None else parse_cassette(path, text)
    except CassetteError as error:
        return [Problem("unreadable", path, str(error))]
    if text is None or content is None:
        return [Problem("missing", path, f"NO CASSETTE {path}: there is no such file.")]
    return [*_secrets(path, text, keys), *_contents(path, text, content)]


def _secrets(path: Path, text: str, keys: Collection[str]) -> Iterator[Problem]:
    found = found_secret(text, keys)
    if found:
        message = f"SECRET {path}: it holds what looks like {found}; record it again without."
        yield Problem("secret", path, message)


def _contents(path: Path, text: str, content: CassetteFile) -> Iterator[Problem]:
    bodies = list(_bodies(path, content))
    yield from bodies
    if not bodies:
        yield from _form(path, text, content)
    yield from _doubles(path, content)
    count = len(content.interactions)
    if count > MOST_INTERACTIONS:
        message = (
            f"LONG CASSETTE {path}: {count} recordings, and more than {MOST_INTERACTIONS} are hard "
            "to review; record shorter documents."
        )
        yield Problem("long", path, message, is_warning=True)


def _bodies(path: Path, content: CassetteFile) -> Iterator[Problem]:
    for number, one in enumerate(content.interactions, 1):
        asked = one.request.body
        what = None
        if not isinstance(asked, dict) or not isinstance(asked.get("messages"), list):
            what = "the request is no chat completion's"
        try:
            body_bytes(one.response.body)
        except ValueError as error:
            what = str(error)
        if what:
            message = f"UNREADABLE BODY {path}: recording {number}: {what}; record it again."
            yield Problem("body", path, message)


def _form(path: Path, text: str, content: CassetteFile) -> Iterator[Problem]:
    written = content.model_copy(
        update={"interactions": [_as_recorded(one) for one in content.interactions]}
    ).to_text()
    if written == text:
        return
    pairs = enumerate(zip_longest(text.split("\n"), written.split("\n")), 1)
    line = next(number for number, (ours, theirs) in pairs if ours != theirs)
    message = f"NOT CANONICAL {path}: line {line} is not as recording writes it; record it again."
    yield Problem("not canonical", path, message)


def _as_recorded(one: Interaction) -> Interaction:
    """The interaction as it would be kept if its bodies came over the wire once more."""
    request, response = one.request, one.response
    body = canonical_request(body_bytes(request.body))
    return Interaction(
        request=request.model_copy(update={"body": body}),
        response=Answer(
            status=response.status,
            headers=kept_headers(response.headers),
            body=canonical_answer(body_bytes(response.body)),
        ),
    )


def _doubles(path: Path, content: CassetteFile) -> Iterator[Problem]:
    """A call is made again only after a failure: what follows a proper answer is never played."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(content.interactions, 1):
        numbers[one.request.fingerprint].append(number)
    for same in numbers.values():
        for number, following in pairwise(same):
            answer = content.interactions[number - 1].response
            if _is_completion(answer.status, answer.body):
                message = (
                    f"DUPLICATE {path}: recording {following} is of the same call as recording "
                    f"{number}, which answers it; record it again."
                )
                yield Problem("duplicate", path, message)


def _is_completion(status: int, body: Any) -> bool:  # noqa: ANN401 - any JSON
    return status == 200 and isinstance(body, dict) and bool(body.get("choices"))
