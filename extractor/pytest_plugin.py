"""For tests of other projects: model calls are recorded once, and replayed offline from then on.

    def test_my_article(extractor_cassette):
        result = extractor_cassette.extract(Document(text="…"))
        assert [claim.quantity.text for claim in result.accepted] == ["498"]

`pytest --extractor-record` asks the model (EXTRACTOR_MODEL and EXTRACTOR_BASE_URL, default: the
embedded one) and writes `cassettes/MODULE/TEST.json` beside the test. Without it nothing is asked:
what was not recorded fails the test, and so does a recording that was not asked for.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from extractor.claims import ExtractionResult
    from extractor.extraction import AskingPolicy
    from extractor.model import ChatModel, Tape
    from extractor.text import Document

_RECORD = "--extractor-record"
_NO_FILE = re.compile(r"[^\w.-]+")
_LONGEST = 120  # characters of a file's name


@dataclass(frozen=True)
class ExtractorCassette:
    """A model whose calls are recorded or replayed, for the length of one test.

    `path` is the cassette's file. `model` may be handed to `extract_with` or to an `Extractor`.
    """

    path: Path
    model: ChatModel
    tape: Tape = field(repr=False)

    def extract(
        self,
        document: Document,
        *,
        prompt: str | None = None,
        policy: AskingPolicy | None = None,
    ) -> ExtractionResult:
        """The checked claims of a document, as `extractor.extract` gives them.

        Raises CassetteError, in replay, when a call was not recorded.
        """
        from extractor.errors import CassetteError
        from extractor.extraction import Extractor

        try:
            with Extractor(self.model, prompt=prompt, policy=policy) as extractor:
                return extractor.extract(document)
        except CassetteError as error:
            error.add_note(f"In a test: pytest {_RECORD} asks the model, and records it.")
            raise


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that records."""
    parser.getgroup("extractor").addoption(
        _RECORD,
        action="store_true",
        help="ask the model, and record its answers, in tests that use extractor_cassette",
    )


@pytest.fixture
def extractor_cassette(request: pytest.FixtureRequest) -> Iterator[ExtractorCassette]:
    """A model that is recorded with --extractor-record, and replayed without it."""
    path = _path_of(request.node)
    with ExitStack() as stack:
        if request.config.getoption(_RECORD):
            yield _recorded(path, stack)
            return
        cassette = _replayed(path, stack)
        yield cassette
        if cassette.tape.unplayed:
            pytest.fail(
                f"{path}: {cassette.tape.unplayed} recorded calls were not asked for; record again "
                f"with pytest {_RECORD}."
            )


def _recorded(path: Path, stack: ExitStack) -> ExtractorCassette:
    from extractor.model import ModelChoice, open_model, recording

    name, url = os.environ.get("EXTRACTOR_MODEL"), os.environ.get("EXTRACTOR_BASE_URL")
    model = stack.enter_context(open_model(ModelChoice(name, url)))
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return ExtractorCassette(path, model, stack.enter_context(recording(path, model.origin, today)))


def _replayed(path: Path, stack: ExitStack) -> ExtractorCassette:
    from extractor.model import ModelChoice, open_for_replay, replaying

    if not path.is_file():
        pytest.fail(f"{path}: not recorded yet; pytest {_RECORD} asks the model, and records it.")
    model = stack.enter_context(open_for_replay(ModelChoice(None, None), path))
    return ExtractorCassette(path, model, stack.enter_context(replaying(path)))


def _path_of(test: pytest.Item) -> Path:
    """`cassettes/MODULE/TEST.json` beside the test's file; parameters are in the name."""
    name = _NO_FILE.sub("_", test.name).strip("_")[:_LONGEST]
    return test.path.parent / "cassettes" / test.path.stem / f"{name}.json"
