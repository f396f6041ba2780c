"""The public names: they exist, they are typed, and they do what the README says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import extractor
from extractor.model import ScriptedModel

ANSWER = {"answers": [{"quote": "61 sailors died", "counted": "sailors", "event": "died"}]}
DOCUMENT = extractor.Document(text="Last night 61 sailors died.", id="d")


@pytest.mark.parametrize("name", extractor.__all__)
def test_every_exported_name_is_there(name: str) -> None:
    assert getattr(extractor, name) is not None
    assert name in dir(extractor)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_here"):
        _ = extractor.nothing_here


def test_extract_takes_an_open_model() -> None:
    result = extractor.extract(DOCUMENT, ScriptedModel([ANSWER]))
    assert [claim.quantity.text for claim in result.accepted] == ["61"]


def test_aextract_gives_the_same_without_blocking() -> None:
    async def both() -> list[extractor.ExtractionResult]:
        calls = (extractor.aextract(DOCUMENT, ScriptedModel([ANSWER])) for _ in range(2))
        return list(await asyncio.gather(*calls))

    first, second = asyncio.run(both())
    assert first == second == extractor.extract(DOCUMENT, ScriptedModel([ANSWER]))


def test_document_from_path_keeps_every_character(tmp_path: Path) -> None:
    path = tmp_path / "d.txt"
    path.write_bytes("one\r\ntwo\u00a0\u202f3".encode())
    document = extractor.Document.from_path(path)
    assert document.text == "one\r\ntwo\u00a0\u202f3"
    assert (document.id, document.source) == ("d", str(path))


@pytest.mark.parametrize(
    ("content", "reason"), [(b"a\x00b", "not a text file"), (b"\xff\xfe", "not UTF-8")]
)
def test_what_is_no_text_is_an_input_error(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "d.txt"
    path.write_bytes(content)
    with pytest.raises(extractor.ExtractorError, match=reason):
        extractor.Document.from_path(path)
    with pytest.raises(extractor.ExtractorError, match="cannot be read"):
        extractor.Document.from_path(tmp_path / "none.txt")
